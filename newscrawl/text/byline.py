"""Bylines split into the names they hold: `By Lee Ji-dong and Kim Min`, `Von Anna Muster, dpa`."""

from __future__ import annotations

import re

from newscrawl.text.whitespace import fold

PREFIX = re.compile(
    r"^(?:(?:written |story |report |text )?by|von|par|por|di|door|av|af|autor(?:en|es)?|author|authors|"
    r"text|texte|reported by|posted by|redaktion)(?=[\s:])\s*:?\s*",
    re.I,
)
# `[email protected]` is what a well-known proxy makes of an address.
EMAIL = re.compile(r"\[email\sprotected\]|[(<]?\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}[)>]?")
SEPARATOR = re.compile(r"\s*(?:[,;|•·&/]|\s[-–—]\s|\s(?:and|und|et|y|e|og|och|en|i|mit|with|avec|con)\s)\s*", re.I)
# A name: two to five words, each beginning with a letter that is no lower case (or a particle).
NAME = re.compile(r"^(?:[^\W\d_][\w.'’\u2010-]*|\")(?:\s+(?:[^\W\d_][\w.'’\u2010-]*|\"[\w ]+\")){0,5}$")
PARTICLE = frozenset(
    [
        "de",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "van",
        "von",
        "der",
        "den",
        "ten",
        "ter",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "und",
        "y",
        "e",
        "du",
        "st",
    ]
)
ROLE = re.compile(
    r"\b(?:staff|writers?|reporters?|correspondents?|editors?|journalists?|desk|newsroom|contributors?|columnists?|"
    r"redaktion|redakteure?|redaktor|redazione|redacción|rédaction|agency|agencies|news|press|service|team|online|"
    r"media|authors?|admin|contributing|special|bureau|chief|specialist|photographer|producer|analyst|associate|professor)\b",
    re.I,
)
KOREAN_REPORTER = re.compile(r"^([가-힣]{2,4})\s*(?:선임)?(?:기자|특파원|통신원)$")


def strip_prefix(byline: str) -> str:
    """`By Lee Ji-dong` -> `Lee Ji-dong`; e-mail addresses go too."""
    return PREFIX.sub("", EMAIL.sub("", fold(byline))).strip(" ,;|-–—()")


def split_names(byline: str) -> list[str]:
    """The pieces of a byline: people, agencies, roles, cities, in order."""
    return [
        piece.strip(" .") if len(piece) > 4 else piece
        for piece in SEPARATOR.split(strip_prefix(byline))
        if piece.strip()
    ]


def is_person(name: str) -> bool:
    """Whether a piece can be a person's name: two to six words without digits or a role in them."""
    korean = KOREAN_REPORTER.match(name)
    if korean:
        return True
    if not name or len(name) > 60 or not NAME.match(name) or ROLE.search(name):
        return False
    if not name.isascii() and not re.search(r"[A-Za-z]", name):
        return 2 <= len(name.replace(" ", "")) <= 30 and "社" not in name
    words = name.split()
    return len(words) >= 2 and all(not word[0].islower() or word.lower() in PARTICLE for word in words)


def person_name(piece: str) -> str:
    """The name as printed, without a Korean reporter's title."""
    korean = KOREAN_REPORTER.match(piece)
    return korean.group(1) if korean else piece
