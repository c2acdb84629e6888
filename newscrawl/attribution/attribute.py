"""Signals with evidence, then a decision.

Every place on the page where a credit may be is read by one function each; what they find are signals. Most name
who wrote the text; a copyright holder, a publisher or the site itself only says whose page it is, and counts where
nobody else is named. docs/attribution.md tells the rules in order. Captions, teasers, comments and mentions in the
text give no signal.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from newscrawl.attribution.agencies import (
    UNSPECIFIED,
    agencies,
    agency_named,
    agency_of_site,
    agency_of_slug,
    may_name_agency,
)
from newscrawl.attribution.closing import (
    ClosingCredits,
    closing_of_line,
    closing_of_paragraph,
    contribution,
    dated_line,
    ends_of,
)
from newscrawl.attribution.credit_line import Credit, is_picture_credit, read_copyright, read_credit
from newscrawl.items import Attribution, Evidence, Role, Where
from newscrawl.text.byline import PREFIX
from newscrawl.text.dateline import Opening, read_asian
from newscrawl.text.whitespace import fold

END_CHARS = 200
NAMELESS = ("@", "diting by", " feed", "The Conversation")  # ends that credit an agency without its name
ANCHORED_PARAGRAPHS, ANCHORED_CHARS = 40, 300
ANCHORS = ("Mit Informationen ", "Mit Material ", "Mit Inhalten ", "Some information ", "Some of the information ")
TEXT_SIZE = frozenset(("AA", "Aa", "A A"))  # a control beside the byline, not Anadolu
# How much a signal counts by the rule that read it; a second rule for the same agency adds to it.
CONFIDENCE = {
    "dateline": 0.99,
    "closing-credit": 0.97,
    "byline": 0.95,
    "source-line": 0.95,
    "json-ld": 0.93,
    "contribution": 0.92,
    "meta": 0.9,
    "author-url": 0.9,
    "lone-line": 0.9,
    "reporter-address": 0.88,
    "site": 0.97,
    "copyright": 0.92,
    "holder": 0.9,
    "notice": 0.9,
    "sign-off": 0.8,
    "url": 0.8,
    "feed": 0.7,
}
# They say whose page it is, not who wrote the text: a distributor's notice under another agency's story adds nothing.
OF_THE_PAGE = frozenset(("site", "copyright", "holder", "notice", "sign-off", "url"))
# They may name the feed that a story came through: its dateline knows better.
OF_THE_FEED = frozenset(("source-line", "lone-line"))
# What a reader sees tells roles; structured data often names the agency alone.
UNSEEN = frozenset(("json-ld", "meta", "author-url", "feed", *OF_THE_PAGE))
# The folders of a URL under which wires stand, and the agency in the next one: /s/ap/, /news-services/reuters/
WIRE_FOLDERS = frozenset(
    ("s", "wire", "wires", "newswire", "news-services", "agencies", "agency", "agenturen", "agences", "agencias")
)
AUTHOR_FOLDERS = frozenset(
    (
        "auteur",
        "auteurs",
        "author",
        "authors",
        "autor",
        "autoren",
        "autores",
        "autore",
        "autori",
        "by",
        "byline",
        "reporter",
        "profile",
        "people",
    )
)


STATED_SOURCE = re.compile(
    r"(?:来源|來源|稿源|出处|출처|\bsource|\bquelle|\bfuente|\bfonte)\s?[:：]\s*(?P<who>[^\n]{1,40})", re.I
)
PIECE_END = re.compile(r"(?:(?<!\s)\s+)?[;,/|\n]\s*")  # a run of blanks is tried once


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
    """A property of the page's structured data, or of the item of a feed that announced it, that names somebody."""

    name: str
    value: str
    where: Where
    is_author: bool


@dataclass(frozen=True, slots=True)
class LoneLine:
    """A line without a telling class where a byline is: it counts only for what it says and what is beside it."""

    text: str
    is_placed: bool  # beside the headline, a date, a byline or the first paragraph, and beside no picture
    follows_name: bool = False  # the line above is somebody's byline
    is_inside: bool = False  # among the first paragraphs


@dataclass(slots=True)
class CreditPlaces:
    """The parts of a page where a credit may be; the page reader fills it, blocks in document order."""

    url: str
    paragraphs: Sequence[str] = ()
    opening: Opening | None = None
    byline_lines: Sequence[str] = ()
    source_lines: Sequence[str] = ()
    lone_lines: Sequence[LoneLine] = ()
    tail_lines: Sequence[str] = ()
    copyright_lines: Sequence[str] = ()
    structured: Sequence[Structured] = ()
    site_agency: str | None = None
    has_authors: bool = False
    has_printed_authors: bool = False  # a reader sees them: structured data may call an outlet a person
    outlets: Collection[str] = field(default_factory=frozenset)


def attribute(places: CreditPlaces) -> list[Attribution]:
    """Who wrote the story, originators first, each with its evidence, strongest first."""
    by_agency: dict[str, list[Signal]] = {}
    for signal in resolve_signals(list(dict.fromkeys(signals(places)))):
        by_agency.setdefault(signal.agency, []).append(signal)
    found = [decide(agency, group) for agency, group in by_agency.items()]
    return sorted(found, key=lambda a: (a.role != "originator", -a.confidence))


def signals(places: CreditPlaces) -> Iterator[Signal]:
    """Every credit of the page, place by place."""
    yield from dateline_signals(places)
    yield from closing_signals(places)
    yield from anchored_signals(places)
    yield from line_signals(places.byline_lines, "byline", "byline", places.outlets)
    yield from source_signals(places)
    yield from lone_signals(places)
    yield from tail_signals(places)
    yield from structured_signals(places)
    yield from site_signals(places)


def resolve_signals(found: Sequence[Signal]) -> list[Signal]:
    """The signals that count: those of the page only where no other agency wrote the text; a nameless credit where none is named."""
    writers = {s.agency for s in found if s.kind not in {*OF_THE_PAGE, "feed"} and s.role == "originator"}
    in_dateline = {s.agency for s in found if s.kind == "dateline"}
    distrusted = OF_THE_PAGE | OF_THE_FEED if in_dateline else OF_THE_PAGE
    writers = in_dateline or writers
    kept = [s for s in found if not writers or s.agency in writers or s.kind not in distrusted]
    of_page = {s.agency for s in kept if s.where != "feed"}
    kept = [s for s in kept if not of_page or s.agency in of_page]  # a feed's word only backs the page's
    named = [s for s in kept if s.agency != UNSPECIFIED]
    return named or kept


def decide(agency: str, group: Sequence[Signal]) -> Attribution:
    """One agency's attribution: originator if a signal that a reader sees says so, or an unseen one where none is seen."""
    strongest = sorted(group, key=lambda signal: -CONFIDENCE[signal.kind])
    missing = 1.0
    for kind in dict.fromkeys(signal.kind for signal in strongest):
        missing *= 1 - CONFIDENCE[kind]
    seen = [signal for signal in group if signal.kind not in UNSEEN] or group
    role: Role = "originator" if any(signal.role == "originator" for signal in seen) else "contributor"
    return Attribution(
        id=agency,
        name=agencies()[agency].name,
        role=role,
        confidence=round(min(0.99, 1 - missing), 2),
        evidence=[signal.evidence() for signal in strongest],
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
    if opening is not None and opening.credit is not None:
        yield from from_credit(
            opening_credit(opening.credit, places.outlets), "dateline", "text", opening.text, opening.start
        )


def opening_credit(credit: str, outlets: Collection[str] = ()) -> Credit | None:
    """Who the credit of a dateline names; also where the city is glued to it, `ソウル聯合ニュース`."""
    found = read_credit(credit, outlets) or read_glued(credit) or read_credit("/".join(credit.split()), outlets)
    return None if found is not None and is_picture_credit(credit) else found


def read_glued(credit: str) -> Credit | None:
    """`ソウル聯合ニュース`: city and agency without a blank between them."""
    if credit.isascii() or not may_name_agency(credit):
        return None
    for at in range(1, min(len(credit), 16)):
        agency = agency_named(credit[at:].strip(" 　=＝"))
        if agency:
            return Credit((agency,), False)
    return None


def closing_signals(places: CreditPlaces) -> Iterator[Signal]:
    """Credits in brackets or alone at the end of the text, with their offsets in it."""
    for paragraph, offset in ends_of(places.paragraphs):
        end = paragraph[-END_CHARS:]
        if not any(mark in end for mark in NAMELESS) and not may_name_agency(end):
            continue
        found = closing_of_paragraph(paragraph, places.outlets)
        if found is None and len(paragraph) <= 240 and len(places.paragraphs) > 1:
            found = closing_of_line(paragraph, places.outlets)
        if found is not None:
            yield from of_found(found, "text", offset)


def anchored_signals(places: CreditPlaces) -> Iterator[Signal]:
    """Sentences that begin as only a contribution does, wherever they stand: a live blog has its end at its head."""
    offset = 0
    for paragraph in places.paragraphs[:ANCHORED_PARAGRAPHS]:
        if len(paragraph) <= ANCHORED_CHARS and paragraph.startswith(ANCHORS) and may_name_agency(paragraph):
            found = contribution(paragraph)
            if found is not None:
                yield from of_found(found, "text", offset)
        offset += len(paragraph) + 2


def of_found(found: ClosingCredits, where: Where, offset: int | None) -> Iterator[Signal]:
    start = None if offset is None else offset + found.start
    yield from from_credit(found.credit, found.kind, where, found.text, start)


def line_signals(lines: Iterable[str], kind: str, where: Where, outlets: Collection[str]) -> Iterator[Signal]:
    for line in lines:
        if fold(line) in TEXT_SIZE or not may_name_agency(line):
            continue
        if dated := dated_line(line, outlets):
            yield from from_credit(dated.credit, "dateline", where, fold(line))
        elif (dateline := whole_dateline(line)) and dateline.credit is not None:
            yield from from_credit(opening_credit(dateline.credit, outlets), "dateline", where, fold(line))
        else:
            yield from from_credit(read_credit(line, outlets), kind, where, fold(line))


def whole_dateline(line: str) -> Opening | None:
    """`【路透社東京9日電】`: an Asian dateline that is printed where others print the byline."""
    found = read_asian(line.strip()) if not line.isascii() else None
    return found if found is not None and found.end == len(line.strip()) else None


def source_signals(places: CreditPlaces) -> Iterator[Signal]:
    """Lines of a source class; a whole name and a slash in them is a picture's credit."""
    lines = [line for line in places.source_lines if not is_picture_credit(line)]
    yield from line_signals(lines, "source-line", "source-line", places.outlets)


def lone_signals(places: CreditPlaces) -> Iterator[Signal]:
    """Lines without a class around the headline: what they say and what is beside them must both be a credit's."""
    for line in places.lone_lines:
        if fold(line.text) in TEXT_SIZE or not may_name_agency(line.text) or is_picture_credit(line.text):
            continue
        if line.is_placed and (dated := dated_line(line.text, places.outlets)):
            yield from from_credit(dated.credit, "dateline", "byline", fold(line.text))
            continue
        credit = read_credit(line.text, places.outlets)
        if (
            credit is not None
            and not (credit.has_unknown and not credit.is_prefixed)
            and is_byline(line, credit, places)
        ):
            yield from from_credit(credit, "lone-line", "byline", fold(line.text))


def is_byline(line: LoneLine, credit: Credit, places: CreditPlaces) -> bool:
    """Whether a lone credit is the story's byline and not a picture's credit."""
    if line.is_inside and places.has_authors:
        return False
    if credit.is_prefixed or credit.has_post:
        return True
    if not line.is_placed:
        return False
    if credit.agencies == (UNSPECIFIED,):
        return True  # pictures are not credited so
    if credit.has_people:  # `PAP; Ada Muster` and `Ada Muster, AP` are how pictures are credited, too
        return any(" " in piece.strip() and agency_named(piece) for piece in PIECE_END.split(line.text)[1:])
    if line.follows_name:  # the second line of a byline is a whole name; `AFP` alone is a picture's
        return " " in line.text.strip()
    return not (places.has_printed_authors if " " in line.text.strip() else places.has_authors)


def tail_signals(places: CreditPlaces) -> Iterator[Signal]:
    """Lines just behind the text."""
    for line in places.tail_lines:
        found = closing_of_line(line, places.outlets)
        if found is not None:
            where: Where = "copyright" if found.kind == "copyright" else "source-line"
            yield from of_found(replace(found, text=fold(line)), where, None)
    for line in places.copyright_lines:
        credit = read_copyright(line, places.outlets)
        if credit is not None and not (credit.shared and places.has_authors):
            yield from from_credit(credit, "copyright", "copyright", fold(line))
        elif found := contribution(line):
            yield from of_found(replace(found, text=fold(line)), "copyright", None)


def structured_signals(places: CreditPlaces) -> Iterator[Signal]:
    """Authors by the whole grammar; publisher, holder and provider only where the value is an agency's name."""
    for entry in places.structured:
        kind = entry.where if entry.where in ("json-ld", "feed") else "meta"
        value = fold(entry.value)
        if value.startswith(("http://", "https://")):
            if entry.is_author:
                yield from author_url_signals(value, entry.where)
        elif entry.is_author:
            yield from from_credit(read_credit(PREFIX.sub("", value), places.outlets), kind, entry.where, value)
        elif entry.name == "source":
            credit = read_credit(value)
            yield from from_credit(credit if credit and not credit.has_people else None, kind, entry.where, value)
        elif agency := agency_named(value):
            yield Signal(agency, "holder", entry.where, value, "originator")


def author_url_signals(url: str, where: Where) -> Iterator[Signal]:
    """`https://paper.example/auteur/2005-afp`: an author's page that is an agency's."""
    folders = url.rstrip("/").split("/")[3:]
    for folder, slug in pairwise(folders):
        if folder.lower() in AUTHOR_FOLDERS and (agency := agency_of_slug(slug)):
            yield Signal(agency, "author-url", where, url, "originator")


def site_signals(places: CreditPlaces) -> Iterator[Signal]:
    """The wire's own site, unless the page names another source; folders of a URL that only a wire's stories have."""
    agency = places.site_agency or agency_of_site(places.url)
    if agency is not None and agencies()[agency].wire and not names_another(places, agency):
        yield Signal(agency, "site", "site", places.url, "originator")
    folders = places.url.lower().split("/")[3:]
    for folder, slug in pairwise(folders):
        if folder in WIRE_FOLDERS and (named := agency_of_slug(slug)):
            yield Signal(named, "url", "url", places.url, "originator")


def names_another(places: CreditPlaces, agency: str) -> bool:
    """Whether a page of a wire's site says whose text it is, and it is not the wire's: a dateline, a source line."""
    if places.opening is not None and places.opening.credit is not None and places.opening.is_bracketed:
        credit = opening_credit(places.opening.credit)
        return credit is None or agency not in credit.agencies
    lines = [*places.source_lines, *places.byline_lines, *(line.text for line in places.lone_lines)]
    stated = [found["who"] for line in lines if (found := STATED_SOURCE.search(line))]
    return bool(stated) and not any(map(may_name_agency, stated))


def reads_as_credit(opening: Opening) -> bool:
    """Whether the bracket of an opening names an agency: what a weak opening must do to be one."""
    return opening.credit is not None and opening_credit(opening.credit) is not None
