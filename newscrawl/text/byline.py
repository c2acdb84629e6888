"""Bylines split into the names they hold: `By Lee Ji-dong and Kim Min`, `Von Anna Muster, dpa`."""

from __future__ import annotations

import re

from newscrawl.text.dates import NUMERIC, WORDS
from newscrawl.text.whitespace import fold

PREFIX = re.compile(
    r"^(?:(?:written |story |report |text )?by|von|par|por|di|door|av|af|autor(?:en|es)?|author|authors|"
    r"text|texte|reported by|posted by|an article by|ein artikel von|un article de|redaktion)(?=[\s:])\s*:?\s*",
    re.I,
)
# `[email protected]` is what a well-known proxy makes of an address.
EMAIL = re.compile(r"\[email\sprotected\]|[(<]?\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}[)>]?")
# A run of blanks is tried once, at its start: from each place in it the time would be quadratic.
SEPARATOR = re.compile(
    r"(?:(?<!\s)\s+)?(?:[,;|•·&/]|\s[-–—]\s|\s(?:and|und|et|y|e|og|och|en|i|mit|with|avec|con)\s)\s*", re.I
)
# A name: two to five words, each beginning with a letter that is not a lower case (or a particle).
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
    r"media|authors?|admin|contributing|special|bureau|chief|specialist|photographer|producer|analyst|associate|professor|"
    r"(?:view|read|no) comments?|kommentare?|in depth|quotes?)\b",
    re.I,
)
# What is behind the names: their initials in brackets, a date with what announces it, a reading time.
INITIALS = re.compile(r"(?:(?<!\s)\s+)?[(\[][^()\[\]]{1,20}[)\].]*$")
DATE_START = re.compile(
    rf"{WORDS.pattern.replace('?P<', '?P<w_')}|{NUMERIC.pattern.replace('?P<', '?P<n_')}|(?<!\d)\d{{1,2}}/\d{{1,2}}/\d{{4}}|"
    r"(?<!\d)\d{1,2}[:.h]\d{2}(?!\d)|(?<!\d)\d{1,2}\.\s?\d{1,2}\.\s?\d{2}(?!\d)|(?<!\d)\d{1,3}\s?(?:min\b|minute|comment|kommentar)"
)
DATE_LABEL = re.compile(
    r"(?:[\s|•·,;:/(–—-]|\b(?:published|posted|updated|last|modified|on|at|am|um|vom|den|le|el|il|publié|mis à jour|stand|"
    r"veröffentlicht|aktualisiert|erstellt|publicado|actualizado|mon|tue|wed|thu|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|güncelleme|giriş)\b\.?)++$",
    re.I,
)
MAX_BYLINE_CHARS = 400
MAX_NAMES_CHARS = 5_000  # of a byline that is split into names
DATED_PIECES = re.compile(r"(?:(?<!\s)\s+)?[|•·]\s*")
HANGUL = re.compile(r"[가-힣]+")
NO_KOREAN_PEOPLE = frozenset(
    [
        "기자",
        "뉴스",
        "연합",
        "신문",
        "편집",
        "취재",
        "경제",
        "사회",
        "정치",
        "국제",
        "문화",
        "온라인",
        "디지털",
        "편집국",
        "편집부",
        "취재팀",
    ]
)
NO_KOREAN_NAME = re.compile(r"(?:일보|신문|뉴스|방송|통신|기자|취재|미디어|닷컴|경제|편집|특파원|[팀부국실사])$")
KOREAN_REPORTER = re.compile(r"^([가-힣]{2,4})\s*(?:선임)?(?:기자|특파원|통신원)$")


def strip_prefix(byline: str) -> str:
    """`By Lee Ji-dong` -> `Lee Ji-dong`; e-mail addresses go too."""
    return PREFIX.sub("", EMAIL.sub("", fold(byline))).strip(" ,;|-–—()")


def date_in(line: str) -> re.Match[str] | None:
    """The first date, clock or reading time of a line."""
    return DATE_START.search(line) if any(map(str.isdigit, line)) else None


def without_date(byline: str) -> str:
    """`By Lee Ji-dong, Nov. 23, 2026 9:30 am` -> `By Lee Ji-dong`; a line that begins with its date stays."""
    found = date_in(byline[:MAX_BYLINE_CHARS])
    if found is None:
        return byline
    head = byline[: found.start()]
    label = DATE_LABEL.search(head)
    return (head[: label.start()] if label else head).strip() or byline


def person_beside_date(line: str) -> str | None:
    """The only person among the pieces of a line that also holds a date: `23. November 2026 • Anna Muster • 3 Minuten`."""
    pieces = DATED_PIECES.split(fold(line[:MAX_BYLINE_CHARS]))
    dated = [piece for piece in pieces if date_in(piece)] if len(pieces) > 1 else []
    people = [piece for piece in pieces if piece not in dated and all(map(is_person, split_names(piece)))]
    return people[0] if dated and len(people) == 1 and split_names(people[0]) else None


def split_names(byline: str) -> list[str]:
    """The pieces of a byline: people, agencies, roles, cities, in order."""
    return [
        piece.strip(" .") if len(piece) > 4 else piece
        for piece in SEPARATOR.split(strip_prefix(byline[:MAX_NAMES_CHARS]))
        if piece.strip()
    ]


def is_person(name: str) -> bool:
    """Whether a piece can be a person's name: two to six words without digits or a role in them."""
    korean = KOREAN_REPORTER.match(name)
    if korean:
        return True
    if not name or len(name) > 60 or not NAME.match(name) or ROLE.search(name):
        return False
    if HANGUL.fullmatch(name):
        return (
            2 <= len(name) <= 4 and not (len(name) > 3 and NO_KOREAN_NAME.search(name)) and name not in NO_KOREAN_PEOPLE
        )
    if not name.isascii() and not re.search(r"[A-Za-z]", name):
        return 2 <= len(name.replace(" ", "")) <= 30 and "社" not in name
    words = name.split()
    return len(words) >= 2 and all(not word[0].islower() or word.lower() in PARTICLE for word in words)


def person_name(piece: str) -> str:
    """The name as printed, without initials in brackets or a Korean reporter's title."""
    korean = KOREAN_REPORTER.match(piece)
    return korean.group(1) if korean else INITIALS.sub("", piece)
