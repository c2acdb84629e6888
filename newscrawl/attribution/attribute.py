"""Signals with evidence, then a decision.

Every place on the page where a credit may stand is read by one function each; what they find are signals. The
decision is the union of the agencies signalled: the gates are strict enough that no vote is needed. Captions,
teasers, comments and mentions in the text give no signal.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from newscrawl.attribution.agencies import agencies, agency_named, agency_of_site
from newscrawl.attribution.credit_line import Credit, read_copyright, read_credit
from newscrawl.items import Attribution, Evidence, Role, Where
from newscrawl.text.byline import PREFIX
from newscrawl.text.dateline import Opening
from newscrawl.text.whitespace import fold

CLOSING = re.compile(r"[.!?。…\"”'’)»\]]\s*(?P<bracket>[(（\[](?P<credit>[^()（）\[\]\n]{2,60})[)）\]])\s*\.?\s*$")
# `... to the US. PTI`: behind the last full stop of the story
BARE_CLOSING = re.compile(r"[.!?][\"”’]?\s+(?P<credit>[A-Z][A-Za-z/-]{1,15}(?: [A-Z][a-z]{1,15})?)$")
LONE_LINE = re.compile(r"^[(（\[—–-]?\s*(?P<credit>[^\n]{2,80}?)\s*[)）\]]?$")
CONTRIBUTED = re.compile(r"^(?P<who>[^.\n]{2,120}?) contributed to this (?:report|story|article)\.?$", re.I)
KOREAN_END = re.compile(r"[(（][^()（）=\n]{1,20}=(?P<credit>[^()（）\n]{2,12})[)）][^\n]{0,60}$")
TEXT_SIZE = frozenset(("AA", "Aa", "A A"))  # a control beside the byline, not Anadolu
TAIL_PARAGRAPHS = 3
# How much a signal counts by where it was read; a second kind of signal for the same agency adds to it.
CONFIDENCE = {
    "dateline": 0.99,
    "closing-credit": 0.97,
    "site": 0.97,
    "byline": 0.95,
    "source-line": 0.95,
    "json-ld": 0.93,
    "copyright": 0.92,
    "contribution": 0.92,
    "meta": 0.9,
}


@dataclass(frozen=True, slots=True)
class Signal:
    """One credit read at one place."""

    agency: str
    kind: str
    where: Where
    text: str
    role: Role
    start: int | None = None

    def evidence(self) -> Evidence:
        end = None if self.start is None else self.start + len(self.text)
        return Evidence(where=self.where, kind=self.kind, text=self.text, start=self.start, end=end)


@dataclass(frozen=True, slots=True)
class Structured:
    """A property of the page's structured data that names somebody."""

    name: str
    value: str
    where: Where
    is_author: bool


@dataclass(slots=True)
class CreditPlaces:
    """The parts of a page where a credit may stand; the page reader fills it, blocks in document order."""

    url: str
    paragraphs: Sequence[str] = ()
    opening: Opening | None = None
    byline_lines: Sequence[str] = ()
    source_lines: Sequence[str] = ()
    tail_lines: Sequence[str] = ()
    copyright_lines: Sequence[str] = ()
    structured: Sequence[Structured] = ()
    site_agency: str | None = None
    outlets: Collection[str] = field(default_factory=frozenset)


def attribute(places: CreditPlaces) -> list[Attribution]:
    """Who wrote the story, originators first, each with its evidence, strongest first."""
    by_agency: dict[str, list[Signal]] = {}
    for signal in signals(places):
        by_agency.setdefault(signal.agency, []).append(signal)
    found = [decide(agency, group) for agency, group in by_agency.items()]
    return sorted(found, key=lambda a: (a.role != "originator", -a.confidence))


def signals(places: CreditPlaces) -> Iterator[Signal]:
    """Every credit of the page, place by place."""
    yield from dateline_signals(places)
    yield from closing_signals(places)
    yield from line_signals(places.byline_lines, "byline", "byline", places.outlets)
    yield from line_signals(places.source_lines, "source-line", "source-line", places.outlets)
    yield from tail_signals(places)
    yield from structured_signals(places)
    yield from site_signals(places)


def decide(agency: str, group: Sequence[Signal]) -> Attribution:
    """One agency's attribution: originator if any of its signals says so."""
    strongest = sorted(group, key=lambda signal: -CONFIDENCE[signal.kind])
    missing = 1.0
    for kind in dict.fromkeys(signal.kind for signal in strongest):
        missing *= 1 - CONFIDENCE[kind]
    role: Role = "originator" if any(signal.role == "originator" for signal in group) else "contributor"
    return Attribution(
        id=agency,
        name=agencies()[agency].name,
        role=role,
        confidence=round(min(0.99, 1 - missing), 2),
        evidence=[signal.evidence() for signal in dict.fromkeys(strongest)],
    )


def from_credit(
    credit: Credit | None, kind: str, where: Where, text: str, start: int | None = None
) -> Iterator[Signal]:
    if credit is not None:
        role: Role = "contributor" if credit.shared else "originator"
        for agency in credit.agencies:
            yield Signal(agency, kind, where, text, role, start)


def dateline_signals(places: CreditPlaces) -> Iterator[Signal]:
    opening = places.opening
    if opening is None or opening.credit is None:
        return
    credit = read_credit(opening.credit, places.outlets) or read_glued(opening.credit)
    yield from from_credit(credit, "dateline", "text", opening.text, opening.start)


def read_glued(credit: str) -> Credit | None:
    """`ソウル聯合ニュース`: city and agency without a blank between them."""
    if credit.isascii():
        return None
    for at in range(1, min(len(credit), 12)):
        agency = agency_named(credit[at:])
        if agency:
            return Credit((agency,), False)
    return None


def closing_signals(places: CreditPlaces) -> Iterator[Signal]:
    """Credits in brackets or alone at the end of the text, with their offsets in it."""
    offsets, at = [], 0
    for paragraph in places.paragraphs:
        offsets.append(at)
        at += len(paragraph) + 2
    for paragraph, offset in list(zip(places.paragraphs, offsets, strict=True))[-TAIL_PARAGRAPHS:]:
        if found := CLOSING.search(paragraph):
            if not is_gloss(paragraph[: found.start("bracket")], found["credit"]):
                credit = read_credit(found["credit"], places.outlets)
                yield from from_credit(
                    credit, "closing-credit", "text", found["bracket"], offset + found.start("bracket")
                )
        elif found := KOREAN_END.search(paragraph):
            credit = read_credit(found["credit"], places.outlets)
            yield from from_credit(credit, "closing-credit", "text", found.group(), offset + found.start())
        elif (
            offset == offsets[-1]
            and (found := BARE_CLOSING.search(paragraph))
            and (agency := agency_named(found["credit"]))
        ):
            start = offset + found.start("credit")
            yield Signal(agency, "closing-credit", "text", found["credit"], "originator", start)
        elif len(places.paragraphs) > 1 and len(paragraph) <= 120:
            yield from closing_line(paragraph, places.outlets, offset)


def closing_line(line: str, outlets: Collection[str], offset: int | None) -> Iterator[Signal]:
    """A line of its own at the end: `(Yonhap)`, `Source: Xinhua`, `The Associated Press contributed to this report.`"""
    where: Where = "text" if offset is not None else "source-line"
    if found := CONTRIBUTED.match(line):
        credit = read_credit(found["who"].removeprefix("The "), outlets)
        if credit:
            yield from from_credit(Credit(credit.agencies, True), "contribution", where, line, offset)
    elif (found := LONE_LINE.match(line)) and not line.endswith((".", "!", "?")):
        yield from from_credit(read_credit(found["credit"], outlets), "closing-credit", where, line, offset)
    elif copyrighted := read_copyright(line, outlets):
        yield from from_credit(copyrighted, "copyright", where, line, offset)


def is_gloss(before: str, credit: str) -> bool:
    """Whether a bracket only spells out the words before it: `Agence France-Presse (AFP)`."""
    agency = agency_named(credit)
    if agency is None or before.rstrip()[-1:] in ".!?。…":
        return False
    return any(agency_named(" ".join(before.split()[-count:])) == agency for count in (1, 2, 3, 4))


def line_signals(lines: Iterable[str], kind: str, where: Where, outlets: Collection[str]) -> Iterator[Signal]:
    for line in lines:
        if fold(line) not in TEXT_SIZE:
            yield from from_credit(read_credit(line, outlets), kind, where, fold(line))


def tail_signals(places: CreditPlaces) -> Iterator[Signal]:
    """Lines just behind the text."""
    for line in places.tail_lines:
        yield from closing_line(fold(line), places.outlets, None)
    for line in places.copyright_lines:
        yield from from_credit(read_copyright(line, places.outlets), "copyright", "copyright", fold(line))


def structured_signals(places: CreditPlaces) -> Iterator[Signal]:
    """Authors by the whole grammar; publisher, holder and provider only where the value is an agency's name."""
    for entry in places.structured:
        kind = "json-ld" if entry.where == "json-ld" else "meta"
        value = fold(entry.value)
        if entry.is_author:
            yield from from_credit(read_credit(PREFIX.sub("", value), places.outlets), kind, entry.where, value)
        elif agency := agency_named(value):
            yield Signal(agency, kind, entry.where, value, "originator")


def site_signals(places: CreditPlaces) -> Iterator[Signal]:
    """The wire's own site."""
    agency = places.site_agency or agency_of_site(places.url)
    if agency is not None and agencies()[agency].wire:
        yield Signal(agency, "site", "site", places.url, "originator")
