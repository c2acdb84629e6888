"""Whether a body can be a page and whether its markup may be given to a parser, in linear time.

HTML parsers are quadratic in the attributes of one tag and in nesting depth (measured with lexbor: 120,000
attributes 26 s, 100,000 nested divs 15 s), and a parse cannot be interrupted, so such pages are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

HTML_TYPES = frozenset(("text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain", ""))
BINARY_SIGNS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"\x7fELF")
UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")  # how a page in it begins, with a mark or without
MAX_PAGE_BYTES = 16 * 1024 * 1024
MAX_ATTRIBUTES = 4_000  # one tag; costs a parser about 30 ms
MAX_DEPTH = 3_000  # open elements; costs a parser about 15 ms
FEW_TAGS = 3 * MAX_DEPTH  # a page of no more cannot nest so deep that a parse takes 0.2 s
WINDOW = 4_096  # a tag of too many attributes spans at least two of these
SMALL_PAGE = 65_536  # characters hold too few attributes to matter, however they are hidden
MAX_DECOYS = 8  # quoted values that hold a `<` or `>`: fewer cannot hide a tag that matters
SAMPLE_STEP = 32_768  # a bulge of nesting between two samples is at most some 5,000 deep
LONG_NOSCRIPT = 2_000  # characters: a page that scripts fill may hold its whole story in one

# Over bytes of UTF-8, which are searched faster than text. Spelled out, as ignoring case takes a third longer.
HIDDEN = re.compile(
    rb"<(?:!--|([sS](?:[cC][rR][iI][pP][tT]|[tT][yY][lL][eE]|[vV][gG])|[nN][oO][sS][cC][rR][iI][pP][tT])(?=[\s/>]))"
)
# One attribute as HTML tokenizes it. Possessive, so that no input makes it go back.
ATTRIBUTE = re.compile(rb"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+""")
WHOLE_TAG = re.compile(rb"<[a-zA-Z][^\s/>]*+(?:%b)*+" % ATTRIBUTE.pattern)
NAME = re.compile(rb"[^\s/>]*+")
TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
DECOY = re.compile(rb"""="[^"<>]*+[<>]|='[^'<>]*+[<>]""")
NO_SIGNS = bytes(set(range(256)) - set(b"<>\"'="))
# Void elements, and those whose end tag may be left out and which do not nest in themselves.
UNNESTED = frozenset(
    b"area base br col embed hr img input link meta param source track wbr p li dt dd tr td th thead tbody tfoot "
    b"option optgroup colgroup html head body".split()
)


def is_html(body: bytes, content_type: str | None) -> bool:
    """Whether a body can be a page: by its declared type, and no PDF, picture or archive by its first bytes."""
    declared = (content_type or "text/html").split(";", 1)[0].strip().lower()
    if declared not in HTML_TYPES:
        return False
    head = body[:1024]
    return not head.startswith(BINARY_SIGNS) and (b"\0" not in head or head.lstrip().startswith(UTF_16))


def markup_refusal(markup: str | bytes) -> str | None:
    """Why a page must not be parsed: `too-many-attributes` or `too-deep`. None where it may be.

    Most pages pass after two quick counts. The others are counted again without their scripts and comments.
    """
    html = markup.encode("utf-8", "surrogatepass") if isinstance(markup, str) else markup
    has_many = _may_have_many_attributes(html)
    has_many_tags = html.count(b"<") > FEW_TAGS
    if not has_many and not has_many_tags:
        return None
    shown = _without_hidden(html)
    if has_many and _has_many_attributes(shown):
        return "too-many-attributes"
    if has_many_tags and apparent_depth(shown) > MAX_DEPTH and depth(shown) > MAX_DEPTH:
        return "too-deep"
    return None


def _may_have_many_attributes(html: bytes) -> bool:
    """Whether the count has to be made without scripts, whose strings often hold brackets in quotes."""
    return has_decoys(html) or any(count_attributes(html, start) > MAX_ATTRIBUTES for start in long_tags(html))


def _has_many_attributes(html: bytes) -> bool:
    return any(count_attributes(html, start) > MAX_ATTRIBUTES for start in long_tags(html))


def _without_hidden(markup: bytes) -> bytes:
    """The markup without scripts, styles, drawings and comments. One that is never closed ends with the page."""
    kept: list[bytes] = []
    at = behind = 0  # what is kept starts at `at`, the next search starts at `behind`
    kept_to = 0  # where the last long noscript ends
    never_closed: set[bytes] = set()
    ends = Ends(markup)
    while opening := HIDDEN.search(markup, behind):
        start, behind = opening.span()
        name = (opening[1] or b"").lower()
        if name in never_closed or (name == b"noscript" and behind < kept_to):
            continue
        if name == b"svg" and (own_end := self_closed(markup, behind)):
            end = closed = own_end
        else:
            end, closed = ends.of_element(behind, name) if name else ends.of_comment(behind - 2)  # `<!-->` is a comment
        if end < 0 and name in (b"svg", b"noscript"):
            never_closed.add(name)
            continue
        if name == b"noscript" and end - behind > LONG_NOSCRIPT:
            kept_to = end
            continue
        kept.append(markup[at:start])
        at = behind = closed if closed >= 0 else len(markup)
    kept.append(markup[at:])
    return b"".join(kept)


def self_closed(markup: bytes, at: int) -> int:
    """Where a tag ends that closes itself; 0 for one that does not."""
    end = markup.find(b">", at, at + WINDOW)
    return end + 1 if end > 0 and markup[end - 1 : end] == b"/" else 0


class Ends:
    """Where elements end. What was found, or not, is remembered: it is asked for from left to right."""

    def __init__(self, markup: bytes) -> None:
        self.markup = markup
        self.found: dict[bytes, int] = {}
        self.looked_to: dict[bytes, int] = {}  # up to where a sign is known not to stand

    def find(self, sign: bytes, at: int) -> int:
        """The first place of a sign from `at` on; -1 where there is none."""
        known = self.found.get(sign, 0)
        if known >= at or known < 0:
            return known
        self.found[sign] = self.markup.find(sign, at)
        return self.found[sign]

    def find_before(self, sign: bytes, at: int, end: int) -> int:
        """The first place of a sign from `at` up to `end`; `end` where it is not there."""
        known = self.found.get(sign, -1)
        if known < at:
            known = self.markup.find(sign, max(at, self.looked_to.get(sign, 0)), end)
            self.looked_to[sign] = end if known < 0 else known
            self.found[sign] = known
        return known if at <= known < end else end

    def of_comment(self, at: int) -> tuple[int, int]:
        """Where the end of a comment starts and where it ends; -1 where it never ends."""
        end = self.find(b"-->", at)
        last = end if end >= 0 else len(self.markup)
        odd = self.find_before(b"--!>", at, last)
        if odd < last:
            return odd, odd + 4
        return end, end + 3 if end >= 0 else -1

    def of_element(self, at: int, name: bytes) -> tuple[int, int]:
        """Where the end tag of an element starts and where it ends; -1 for what is not there."""
        start = self.find(b"</" + name, at)
        last = start if start >= 0 else len(self.markup)
        if self.find_before(b"</" + name[:1].upper(), at, last) < last:
            for spelled in (name.upper(), name.capitalize()):
                last = self.find_before(b"</" + spelled, at, last)
        if last == len(self.markup):
            return -1, -1
        return last, self.markup.find(b">", last) + 1 or -1


def long_tags(markup: bytes) -> Iterator[int]:
    """Where the tags begin that may have too many attributes."""
    seen = 0
    for at in range(0, len(markup), WINDOW):
        if markup.find(b"<", at, at + WINDOW) < 0 and markup.find(b">", at, at + WINDOW) < 0:
            start = markup.rfind(b"<", seen, at)
            seen = at
            if start >= 0 and markup[start + 1 : start + 2].isalpha():
                yield start
    if has_decoys(markup):
        for tag in WHOLE_TAG.finditer(markup):
            if tag.end() - tag.start() > 2 * MAX_ATTRIBUTES:
                yield tag.start()


def has_decoys(markup: bytes) -> bool:
    """Whether quoted values may hold brackets that hide where a tag ends: brackets, quotes and = alone show it."""
    if len(markup) < SMALL_PAGE:
        return False
    signs = markup.translate(None, NO_SIGNS)
    return sum(1 for _ in islice(DECOY.finditer(signs), MAX_DECOYS + 1)) > MAX_DECOYS


def count_attributes(markup: bytes, start: int) -> int:
    """How many attributes the tag has whose `<` is at `start`; counting stops beyond the bound."""
    at = NAME.match(markup, start + 1).end()  # type: ignore[union-attr]
    for count in range(MAX_ATTRIBUTES + 2):
        found = ATTRIBUTE.match(markup, at)
        if found is None or found.end() == at:
            return count
        at = found.end()
    return count


def apparent_depth(markup: bytes) -> int:
    """Upper estimate of the nesting depth: opening less closing tags, void ones included, at sample points."""
    deepest = level = 0
    for at in range(0, len(markup), SAMPLE_STEP):
        chunk = markup[at : at + SAMPLE_STEP]
        level += chunk.count(b"<") - 2 * chunk.count(b"</")
        deepest = max(deepest, level)
    return deepest


def depth(markup: bytes) -> int:
    """The greatest number of open elements that can nest."""
    deepest = level = 0
    for closing, name in TAG.findall(markup):
        if name.lower() not in UNNESTED:
            level += -1 if closing else 1
            deepest = max(deepest, level)
    return deepest
