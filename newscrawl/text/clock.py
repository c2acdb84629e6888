"""Lines that are nothing but a time or a date: those over the updates of a live blog, date lines. They are not story text."""

from __future__ import annotations

import re

from newscrawl.text.dates import NUMERIC, WORDS

MAX_CLOCK_CHARS = 40
HAS_DIGIT = re.compile(r"\d").search
CLOCK_LINE = re.compile(
    r"(?:(?:posted|updated|published|stand|um|at|le|à|um)\s(?:at\s)?)?"
    r"(?:(?:today|heute|aujourd'hui|hoy|mon|tue|wed|thu|fri|sat|sun)\w*,?\s)?"
    r"(?:[0-2]?\d\s?[:.h]\s?[0-5]\d(?::[0-5]\d)?\s?(?:[ap]\.?m\.?)?|[01]?\d\s?[ap]\.?m\.?)"
    r"\s?(?:uhr|h|hrs|gmt|utc|bst|cest|cet|e[sd]?t|p[sd]?t|i?st|ist|kst|jst|sgt|hkt|msk)?\.?"
    r"|(?:\d{1,2}|an?|one)\s?(?:m|min|mins|minutes?|h|hrs?|hours?)\.?\sago|vor\s\d{1,2}\s(?:min\w*|std\.?|stunden?)|il y a\s\d{1,2}\s(?:min\w*|h\w*)",
    re.I,
)


def is_clock_line(line: str) -> bool:
    """`14:35`, `9.15am BST`, `Updated at 14:35 GMT`, `5 min ago`."""
    if len(line) > MAX_CLOCK_CHARS or not HAS_DIGIT(line):
        return False
    return CLOCK_LINE.fullmatch(line.strip(" ·•|-–")) is not None


MAX_DATE_LINE_CHARS = 100
DATE_LINE_WORDS = re.compile(
    r"\b(?:first|last|originally|published|posted|updated|modified|created|print|edition|date|on|at|and|am|um|vom|den|le|à|el|il|alle|ore|"
    r"publié|mis|jour|stand|uhr|veröffentlicht|aktualisiert|erstellt|publicado|actualizado|atualizado|pubblicato|aggiornato|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|mon|tue|wed|thu|fri|sat|sun|"
    r"[ap]\.?m|gmt|utc|bst|cest|cet|e[sd]?t|p[sd]?t|ist|kst|jst|입력|수정|등록|승인|기사입력|최종수정|公開|更新|配信|发布|发表|时间|來源)\b\.?|"
    r"(?<!\d)\d{1,2}\s?[:.h]\s?\d{2}(?::\d{2})?(?!\d)|[\W_]",
    re.I,
)


def is_date_line(line: str) -> bool:
    """Whether a line is a date and nothing else but its clock and what announces it: `Updated: November 23, 2026, 9:30 a.m.`"""
    if len(line) > MAX_DATE_LINE_CHARS or not HAS_DIGIT(line):
        return False
    rest = NUMERIC.sub(" ", line)
    rest = WORDS.sub(" ", rest)
    return rest != line and not DATE_LINE_WORDS.sub("", rest)
