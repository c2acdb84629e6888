"""A linear look at markup before any parser sees it.

HTML parsers are quadratic in the attributes of one tag and in nesting depth (measured with lexbor: 120,000
attributes 26 s, 100,000 nested divs 15 s), and a parse cannot be interrupted, so such pages are refused.
"""

from __future__ import annotations

import re

MAX_PAGE_BYTES = 16 * 1024 * 1024
MAX_ATTRIBUTES = 4_000  # one tag; costs a parser about 30 ms
MAX_DEPTH = 3_000  # open elements; costs a parser about 15 ms
LONG_TAG = 16_384
SAMPLE_STEP = 32_768  # a bulge of nesting between two samples is at most some 5,000 deep

RAW_TEXT = re.compile(r"<!--|<(script|style|textarea|title)\b", re.I)
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# Void elements, and those whose end tag may be left out and which do not nest in themselves.
UNNESTED = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "thead",
        "tbody",
        "tfoot",
        "option",
        "optgroup",
        "colgroup",
        "html",
        "head",
        "body",
    ]
)


def markup_refusal(markup: str) -> str | None:
    """Why this page must not be parsed: too-many-attributes, too-deep; None where it may be."""
    if has_long_tag(markup) and has_long_tag(without_raw_text(markup)):
        return "too-many-attributes"
    if apparent_depth(markup) > MAX_DEPTH and depth(without_raw_text(markup)) > MAX_DEPTH:
        return "too-deep"
    return None


def has_long_tag(markup: str) -> bool:
    for piece in markup.split(">"):
        if len(piece) > LONG_TAG:
            tag = TAG.search(piece)
            if tag and len(piece[tag.start() :].split(None, MAX_ATTRIBUTES + 1)) > MAX_ATTRIBUTES:
                return True
    return False


def apparent_depth(markup: str) -> int:
    """Upper estimate of the nesting depth: opening less closing tags, void ones included, at sample points."""
    deepest = level = 0
    for at in range(0, len(markup), SAMPLE_STEP):
        chunk = markup[at : at + SAMPLE_STEP]
        level += chunk.count("<") - 2 * chunk.count("</")
        deepest = max(deepest, level)
    return deepest


def depth(markup: str) -> int:
    """The greatest number of open elements that can nest."""
    deepest = level = 0
    for closing, name in TAG.findall(markup):
        if name.lower() not in UNNESTED:
            level += -1 if closing else 1
            deepest = max(deepest, level)
    return deepest


def without_raw_text(markup: str) -> str:
    """The markup without comments and the insides of script, style, textarea and title."""
    kept, at = [], 0
    lower = markup.lower()
    for opening in RAW_TEXT.finditer(markup):
        if opening.start() < at:
            continue
        kept.append(markup[at : opening.start()])
        name = opening.group(1)
        end = lower.find(f"</{name.lower()}" if name else "-->", opening.end())
        at = end if end >= 0 else len(markup)
        if name is not None:  # keep the opening tag itself: its attributes count
            kept.append(markup[opening.start() : min(at, opening.start() + 8 * LONG_TAG)].split(">", 1)[0] + ">")
    kept.append(markup[at:])
    return "".join(kept)
