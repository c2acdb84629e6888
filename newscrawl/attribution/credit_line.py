"""One grammar for every short credit line: brackets, bylines, source lines, copyright lines.

A line is a credit only if every piece of it is an agency, a person, the outlet, initials or a role. One unknown
piece or one word of photography rejects the line: a wrong credit is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from newscrawl.attribution.agencies import UNSPECIFIED, agency_named, fold_name
from newscrawl.text.byline import EMAIL, ROLE, is_person
from newscrawl.text.whitespace import fold

MAX_LENGTH = 160
WITH = (
    r"with files from|with reporting (?:from|by)|additional reporting (?:from|by)|with (?:material|information) from|with|"
    r"mit material (?:von|der)|mit informationen von|mit|avec|con información de|con informacion de|com informações de|com|"
    r"met|med|weitere quellen?|in collaboration with"
)
FROM = (
    r"written by|story by|reported by|posted by|reporting by|by|von|par|por|di|door|av|af|from|source|sources|quelle|quellen|"
    r"fuente|fuentes|fonte|fonti|bron|kilde|källa|lähde|zdroj|źródło|kaynak|sumber|credit|text|agentur|agenturen|autor|author|"
    r"来源|來源|出处|稿源|출처|자료|redaktion"
)
WITH_PREFIX = re.compile(rf"^(?:{WITH})\s*[:•]?\s+", re.I)
FROM_PREFIX = re.compile(rf"^(?:{FROM})\s*(?:[:：•]\s*|\s+(?=\S))", re.I)
COPYRIGHT_PREFIX = re.compile(
    r"^(?:copyright|©|\(c\)|ⓒ)\s*(?:©|\(c\))?\s*(?:by\s+)?(?:\d{4}(?:\s*[-–]\s*\d{4})?,?)?\s*(?:by\s+|of\s+)?", re.I
)
COPYRIGHT_TAIL = re.compile(
    r"[.,;]?\s*(?:\d{4})?[.,;]?\s*(?:all rights reserved|alle rechte vorbehalten|tous droits réservés|this material may not).*$",
    re.I,
)
PHOTO = re.compile(
    r"\b(?:photos?|photograph\w*|fotos?|bild(?:er)?|images?|picture[s ]|getty|pool|handout|file|archiv\w*|illustration|video|"
    r"shutterstock|istock|scanpix|epa|zuma|imago|caption|graphic|grafik|screenshot|via|courtesy)\b|사진|写真|图片|圖片|摄|攝",
    re.I,
)
SAID = re.compile(r"\b(?:said|told|says|reported|according|zufolge|laut|sagte|selon|según|secondo)\b", re.I)
DATES = re.compile(
    r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}[./-]\d{1,2}[./-]\d{1,2}\b|\b\d{1,2}[:.]\d{2}\s*(?:h|Uhr|[ap]\.?m\.?|GMT|UTC|EST|EDT|ET)?\b|"
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b,?|"
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?\s+\d{1,2}(?:,?\s+\d{4})?\b|"
    r"\b\d{1,2}\.?\s+(?:jan|feb|mar|mär|apr|ma[iy]|jun|jul|aug|sep|okt|oct|nov|de[cz])[a-zé]*\.?(?:\s+\d{4})?\b",
    re.I,
)
SEPARATOR = re.compile(
    r"\s*(?:[/,|·•;&+]|\s[-–—]+(?=\s)|(?<=\s)(?:and|und|et|y|e|og|och|mit|avec|con|with|for|für|via)(?=\s))\s*", re.I
)
INITIALS = re.compile(r"^(?:[a-zäöüß]{1,4}|[A-ZÄÖÜ]{1,3}|[a-z]{1,3}\.)$")
BRACKETS = '()[]（）［］【】<>«»"“” '


@dataclass(frozen=True, slots=True)
class Credit:
    """The agencies of a line, in its order, and whether somebody else shares the credit."""

    agencies: tuple[str, ...]
    shared: bool


def read_credit(line: str, outlets: Collection[str] = ()) -> Credit | None:
    """Who a short line credits; None where it is no credit line. `outlets` are the folded names of the site."""
    line = fold(line)
    if not 2 <= len(line) <= MAX_LENGTH or PHOTO.search(line) or SAID.search(line):
        return None
    line = EMAIL.sub("", line).strip(BRACKETS)
    shared = False
    for _ in range(3):
        if found := WITH_PREFIX.match(line):
            shared, line = True, line[found.end() :]
        elif (found := FROM_PREFIX.match(line)) and agency_named(line.rstrip(" .")) is None:
            line = line[found.end() :]
    line, dates = DATES.subn(" ", line)
    line = line.strip(BRACKETS + ".,:-–—•|")
    whole = agency_named(line)
    if whole:
        return Credit((whole,), shared)
    return read_pieces([piece.strip(BRACKETS + ".") for piece in SEPARATOR.split(line)], outlets, shared, bool(dates))


def read_pieces(pieces: list[str], outlets: Collection[str], shared: bool, dated: bool) -> Credit | None:
    found: list[str] = []
    for piece in filter(None, pieces):
        agency = agency_named(piece)
        if agency:
            found.append(agency)
        elif fold_name(piece) in outlets or INITIALS.match(piece):
            shared = True
        elif not (
            ends_in_agency(piece, found) or is_person(piece) or is_role(piece) or (found and is_city(piece, dated))
        ):
            return None
    named = list(dict.fromkeys(found))
    if len(named) > 1 and UNSPECIFIED in named:
        named.remove(UNSPECIFIED)
    return Credit(tuple(named), shared) if named else None


def ends_in_agency(piece: str, found: list[str]) -> bool:
    """`Tom Davies Associated Press`, `AP Auto Writer`: a name and an agency in one piece; the agency is added."""
    words = piece.split()
    for cut in range(1, len(words)):
        head, tail = " ".join(words[:cut]), " ".join(words[cut:])
        for agency, rest in ((agency_named(tail), head), (agency_named(head), tail)):
            if agency and (is_person(rest) or ROLE.search(rest) or is_place(rest)):
                found.append(agency)
                return True
    return False


def is_role(piece: str) -> bool:
    return len(piece) < 40 and bool(ROLE.search(piece))


def is_city(piece: str, dated: bool) -> bool:
    """A city behind the agency: `AFP, MANILA`; in ordinary letters only beside a date, `PTI, Washington, Nov 20`."""
    return bool(
        re.match(r"^[A-Z][A-Z '-]{3,30}$" if not dated else r"^[A-Z][\w'-]{2,20}(?: [A-Z][\w'-]{2,20})?$", piece)
    )


def is_place(words: str) -> bool:
    """`in Valencia`: what may stand behind an agency's name in a byline."""
    return bool(re.match(r"^(?:in|à|en|aus|from) [A-ZÀ-Ý]\w+(?: [A-ZÀ-Ý]\w+)?$", words))


def read_copyright(line: str, outlets: Collection[str] = ()) -> Credit | None:
    """Who a copyright line names; None where it has no sign of copyright or names no agency."""
    line = fold(line)
    found = COPYRIGHT_PREFIX.match(line)
    if found is None or not found.group() or not re.match(r"copyright|©|\(c\)|ⓒ", line, re.I):
        return None
    holder = COPYRIGHT_TAIL.sub("", line[found.end() :]).strip(" .,")
    holder = re.sub(r",\s*dpa:\S+$|[\s,]+\d{4}$", "", holder)
    return read_credit(holder, outlets)
