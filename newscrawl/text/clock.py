"""Lines that are nothing but a time: those over the updates of a live blog. They are no story text."""

from __future__ import annotations

import re

MAX_CLOCK_CHARS = 40
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
    return (
        len(line) <= MAX_CLOCK_CHARS
        and any(map(str.isdigit, line))
        and CLOCK_LINE.fullmatch(line.strip(" ·•|-–")) is not None
    )
