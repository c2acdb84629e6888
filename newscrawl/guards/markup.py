"""A linear look at markup before any parser sees it.

HTML parsers are quadratic in the attributes of one tag and in nesting depth (measured with lexbor: 120,000
attributes 26 s, 100,000 nested divs 15 s), and a parse cannot be interrupted, so such pages are refused.
"""

from __future__ import annotations

import re

HTML_TYPES = frozenset(("text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain", ""))
BINARY_SIGNS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"\x7fELF")
MAX_PAGE_BYTES = 16 * 1024 * 1024
MAX_ATTRIBUTES = 4_000  # one tag; costs a parser about 30 ms
MAX_DEPTH = 3_000  # open elements; costs a parser about 15 ms
LONG_TAG = 16_384
SAMPLE_STEP = 32_768  # a bulge of nesting between two samples is at most some 5,000 deep

RAW_TEXT = re.compile(r"<!--(?P<empty>-?>)?|<(?P<name>script|style|textarea|title)\b", re.I)
COMMENT_END = re.compile(r"--!?>")
FOREIGN = re.compile(r"<(?:svg|math)\b", re.I)  # inside these a title or style is markup like any other
# One attribute as HTML tokenizes it; possessive, so that no input makes it go back.
ATTRIBUTE = re.compile(r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+""")
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


def is_html(body: bytes, content_type: str | None) -> bool:
    """Whether a body can be a page: by its declared type, and no PDF, picture or archive by its first bytes."""
    declared = (content_type or "text/html").split(";", 1)[0].strip().lower()
    if declared not in HTML_TYPES:
        return False
    head = body[:1024]
    return not head.startswith(BINARY_SIGNS) and (b"\0" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff")))


def markup_refusal(markup: str) -> str | None:
    """Why this page must not be parsed: too-many-attributes, too-deep; None where it may be."""
    if has_long_tag(markup) and has_long_tag(without_raw_text(markup)):
        return "too-many-attributes"
    if apparent_depth(markup) > MAX_DEPTH and depth(without_raw_text(markup)) > MAX_DEPTH:
        return "too-deep"
    return None


def has_long_tag(markup: str) -> bool:
    pieces = markup.split("<")
    if max(map(len, pieces)) <= LONG_TAG:
        return False
    for piece in pieces:
        if len(piece) > LONG_TAG and piece[0].isalpha() and count_attributes(piece) > MAX_ATTRIBUTES:
            return True
    return False


def count_attributes(tag: str) -> int:
    """How many attributes a tag has, given as its text behind the `<`; counting stops beyond the bound."""
    at = len(re.match(r"[^\s/>]*+", tag)[0])  # type: ignore[index]
    for count in range(MAX_ATTRIBUTES + 2):
        found = ATTRIBUTE.match(tag, at)
        if found is None or found.end() == at:
            return count
        at = found.end()
    return count


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
    """The markup without comments and the insides of script, style, textarea and title.

    In a page with svg or math only comments are taken out: whether the others are raw text there depends on the
    tree, and a page must not pass because this look is simpler than a parser.
    """
    kept, at = [], 0
    lower = markup.lower()
    only_comments = bool(FOREIGN.search(markup))
    for opening in RAW_TEXT.finditer(markup):
        name = opening["name"]
        if opening.start() < at or (name and only_comments):
            continue
        kept.append(markup[at : opening.start()])
        if name is None:
            end = COMMENT_END.search(markup, opening.end()) if not opening["empty"] else opening
            at = end.end() if end else len(markup)
        else:  # the opening tag itself stays: its attributes count
            kept.append("<" + markup[opening.start() + 1 : opening.start() + 8 * LONG_TAG].split(">", 1)[0] + ">")
            end_tag = lower.find(f"</{name.lower()}", opening.end())
            at = end_tag if end_tag >= 0 else len(markup)
    kept.append(markup[at:])
    return "".join(kept)
