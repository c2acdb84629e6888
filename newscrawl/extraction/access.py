"""Whether the whole text was free to read: what the page states, else a line where the text was cut.

Class names say nothing here: half of the pages with `paywall` in one are free (a template, a loader, a comment box).
A wrong `paywalled` is worse than `unknown`, so statements that contradict each other are none.
"""

from __future__ import annotations

from newscrawl.extraction.blocks import Blocks
from newscrawl.extraction.class_names import ClassMark
from newscrawl.extraction.structured_data import Node, StructuredData, listed
from newscrawl.items import Access
from newscrawl.text.access_line import barrier_of, has_signs, is_meter

TIERS: dict[str, Access] = {"free": "free", "metered": "metered", "locked": "paywalled"}
TIER_META = ("article:content_tier", "og:article:content_tier", "content_tier")
LAST_BLOCKS = 3  # at the end of the text, and
BEHIND_TEXT = 6  # behind it, among which the line is that says it was cut
LINE_WORDS = 45
FALSE, TRUE = frozenset(("false", "no", "0")), frozenset(("true", "yes", "1"))


def access_of(data: StructuredData, page: Blocks, chosen: list[int]) -> Access:
    """The access of a story; `chosen` are the numbers of its blocks."""
    return stated_access(data) or barred_access(page, chosen) or "unknown"


def stated_access(data: StructuredData) -> Access | None:
    """What JSON-LD and meta say; None where they say nothing or contradict each other."""
    is_free = free_flag(data.article.get("isAccessibleForFree"))
    if is_free is None:
        is_free = free_flag(data.first_meta("isaccessibleforfree"))
    if is_free is None and any(free_flag(part) is False for part in parts_of(data.article)):
        is_free = False
    tier = TIERS.get((data.first_meta(*TIER_META) or "").strip().lower())
    if tier is None or tier == "metered":
        return tier or (None if is_free is None else "free" if is_free else "paywalled")
    if is_free is None or is_free == (tier == "free"):
        return tier
    return "unknown"


def free_flag(value: object) -> bool | None:
    """isAccessibleForFree as a boolean, `"False"`, `http://schema.org/True` ..."""
    if isinstance(value, list):
        value = value[0] if value else None
    said = str(value).strip().lower().rsplit("/", 1)[-1]
    return True if said in TRUE else False if said in FALSE else None


def parts_of(article: Node) -> list[object]:
    """What hasPart says of the parts that a CSS selector names."""
    parts = listed(article.get("hasPart"))[:50]
    return [part.get("isAccessibleForFree") for part in parts if isinstance(part, dict) and part.get("cssSelector")]


def barred_access(page: Blocks, chosen: list[int]) -> Access | None:
    """What a line at the end of the text says, or one of a page without text."""
    first = chosen[-LAST_BLOCKS:][0] if chosen else 0
    last = chosen[-1] + BEHIND_TEXT if chosen else len(page.blocks)
    kept = set(chosen[-LAST_BLOCKS:])  # such a line is never chosen
    lines = [
        block.text
        for n, block in enumerate(page.blocks[first : last + 1], first)
        if n not in kept and block.words <= LINE_WORDS and not block.marks & ClassMark.COMMENT
    ]
    if not has_signs("\n".join(lines)):
        return None
    barriers: list[Access | None] = [barrier_of(line) or ("metered" if is_meter(line) else None) for line in lines]
    return next(filter(None, barriers), None)
