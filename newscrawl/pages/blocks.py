"""The walk over a page: its text as blocks in document order.

A block is a run of inline text that a non-inline element or a double `<br>` ends; a single `<br>` stays inside
as a line break, unless it stands between whole paragraphs. Scripts, form controls and navigation are skipped; captions are kept, marked, for `media`.

The parsed tree is not walked node by node: it is pruned and written out by the parser, in C, and the tags of that
markup, which is well-formed, are gone through once. That takes two thirds of the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from newscrawl.pages.class_names import ALL_MARKS, NEGATIVE_NAME, NO_MARKS, POSITIVE_NAME, Mark, names_say
from newscrawl.pages.pruning import prune, write_out
from newscrawl.text.boilerplate import ends_sentence
from newscrawl.text.whitespace import fold

# fmt: off
INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "nobr",
))
IGNORED = frozenset(("img", "input", "source", "track", "link", "meta", "area", "base", "col", "embed", "param", "map", "canvas"))
VOID = frozenset(("basefont", "bgsound", "br", "frame", "hr", "keygen"))
# fmt: on
INLINE_ENDS = frozenset("/" + name for name in INLINE | IGNORED)
NOT_OPENING = INLINE | IGNORED | VOID
RULE = "data-newscrawl-rule"  # set on the nodes that a site's rules select
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


TAG_MARKS = {
    "figure": Mark.CAPTION,
    "figcaption": Mark.CAPTION,
    "picture": Mark.CAPTION,
    "footer": Mark.FOOTER,
    "aside": Mark.ASIDE,
}
PARAGRAPH_WORDS = 8
MAX_ANCESTORS = 12
HAN_KANA_THAI = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


def count_words(text: str) -> int:
    """Words; where a script has no spaces two characters count as one."""
    words = text.count(" ") + text.count("\n") + 1 if text else 0
    return words if text.isascii() else max(words, len(HAN_KANA_THAI.findall(text)) // 2)


class Head(NamedTuple):
    """What the tag says that opens an element."""

    tag: str  # "" for the tag of an inline or a void element
    mark: int
    is_positive: bool  # its class says text, story, content ...
    is_negative: bool  # its class says teaser, caption, tool ...
    is_marked: bool  # it has a class or an id at all
    key: int  # equal for equal names and classes


@dataclass(slots=True)
class Elements:
    """The elements that hold blocks, in document order, a list a property."""

    heads: list[Head] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)  # -1 above the first
    starts: list[int] = field(default_factory=list)  # number of the first block inside
    ends: list[int] = field(default_factory=list)  # and of the first one behind
    depths: list[int] = field(default_factory=list)
    paths: list[int] = field(default_factory=list)  # equal for elements whose tags and classes are alike up to the root

    def __len__(self) -> int:
        return len(self.heads)


@dataclass(slots=True)
class Block:
    """One run of text. `parent` numbers the element it stands in; `link_chars` of its characters are links."""

    text: str
    tag: str
    parent: int
    link_chars: int
    in_body: bool
    words: int
    marks: int = NO_MARKS

    @property
    def link_rate(self) -> float:
        return self.link_chars / len(self.text) if self.text else 0.0


@dataclass(slots=True)
class Blocks:
    """A walked page: blocks in document order, and the elements around them."""

    blocks: list[Block] = field(default_factory=list)
    elements: Elements = field(default_factory=Elements)
    notices: list[str] = field(default_factory=list)  # copyright lines of the page's footer, which is not walked

    def tags_around(self, number: int) -> Iterator[str]:
        """The tag of the element with this number and of those around it, innermost first, as far as they tell anything."""
        for _ in range(MAX_ANCESTORS):
            if number < 0:
                return
            yield self.elements.heads[number].tag
            number = self.elements.parents[number]


class Walk:
    """One pass over the tags and texts of a tree that was written out."""

    def __init__(self) -> None:
        self.found = Blocks()
        self.pieces: list[str] = []
        self.link_chars = 0
        self.links_before_break: list[int] = []
        self.breaks = 0
        self.open_links = 0
        self.open_heads: list[Head] = []
        self.rows: list[tuple[Head, int, int, int, int]] = []  # of the elements: head, parent, start, depth, path
        self.ends: dict[int, int] = {}
        self.open_numbers: list[int] = []  # of those open elements that hold a block already: the outer ones
        self.path_numbers: dict[tuple[int, int], int] = {}
        self.in_body = False

    def run(self, tokens: Iterable[str]) -> Blocks:
        """`tokens` are what stands behind each `<` up to the next: a tag, its `>`, and the text that follows.

        A page has a thousand of them and four in five hold no text, so nothing here is called that need not be.
        """
        pieces, heads = self.pieces, self.open_heads
        for token in tokens:
            tag, _, text = token.partition(">")
            if tag[0] == "/":
                if tag == "/a":
                    self.open_links -= 1
                elif tag not in INLINE_ENDS:
                    if pieces:
                        self.flush()
                    self.close_element()
            elif tag[:2] == "a ":
                self.open_links += 1
            else:
                head = HEADS.get(tag) or read_head(tag)
                if head.tag:
                    if pieces:
                        self.flush()
                    heads.append(head)
                elif head is not INLINE_HEAD:
                    self.take_void(tag)
            if text:
                if not text.isspace():
                    if "&" in text:
                        text = unescaped(text)
                    if self.open_links > 0:
                        self.link_chars += len(text.strip())
                    self.breaks = 0
                    pieces.append(text)
                elif pieces:
                    pieces.append(" ")
        self.flush()
        while heads:
            self.close_element()
        self.found.elements = self.elements()
        return self.found

    def take_void(self, tag: str) -> None:
        name = tag.partition(" ")[0]
        if name == "br":
            self.line_break()
        elif name == "a":
            self.open_links += 1
        else:
            self.flush()

    def close_element(self) -> None:
        if self.open_heads:
            self.open_heads.pop()
            if len(self.open_numbers) > len(self.open_heads):
                self.ends[self.open_numbers.pop()] = len(self.found.blocks)

    def innermost_element(self) -> int:
        """The number of the element that a block stands in; elements are numbered when they get their first block."""
        numbers, rows, start = self.open_numbers, self.rows, len(self.found.blocks)
        parent, path = (numbers[-1], rows[numbers[-1]][4]) if numbers else (-1, -1)
        for head in self.open_heads[len(numbers) :]:
            path = self.path_numbers.setdefault((path, head.key), len(self.path_numbers))
            rows.append((head, parent, start, len(numbers), path))
            parent = len(rows) - 1
            numbers.append(parent)
        return parent

    def elements(self) -> Elements:
        """The elements that were numbered, a list a property; all are closed."""
        if not self.rows:
            return Elements()
        heads, parents, starts, depths, paths = map(list, zip(*self.rows, strict=True))
        ends = [self.ends[number] for number in range(len(heads))]
        return Elements(heads, parents, starts, ends, depths, paths)

    def line_break(self) -> None:
        self.breaks += 1
        if self.breaks > 1:
            self.flush()
        else:
            self.links_before_break.append(self.link_chars)
            self.pieces.append("\x0b")  # told apart from the source's own line ends, which are blanks

    def flush(self) -> None:
        """End the block that is being gathered."""
        pieces = self.pieces
        raw = pieces[0] if len(pieces) == 1 else "".join(pieces)
        pieces.clear()
        self.breaks = 0
        link_chars, self.link_chars = self.link_chars, 0
        if "\x0b" in raw:
            self.flush_lines(raw, link_chars)
            return
        self.add_block(fold(raw), link_chars)

    def flush_lines(self, raw: str, link_chars: int) -> None:
        """End a block with line breaks: one block, or one a line where the lines are paragraphs."""
        links_before_break, self.links_before_break = self.links_before_break, []
        lines = [fold(line) for line in raw.split("\x0b")]
        if len(lines) > 1 and sum(map(is_paragraph, lines)) > 1:
            links = [after - before for before, after in pairwise([0, *links_before_break, link_chars])]
            for line, line_links in zip(lines, links, strict=True):
                self.add_block(line, line_links)
        else:
            self.add_block("\n".join(filter(None, lines)), link_chars)

    def add_block(self, text: str, link_chars: int) -> None:
        heads, numbers = self.open_heads, self.open_numbers
        if text and heads:
            parent = numbers[-1] if len(numbers) == len(heads) else self.innermost_element()
            self.found.blocks.append(Block(text, heads[-1].tag, parent, link_chars, self.in_body, count_words(text)))

    def by_rules(self, tokens: Iterable[str]) -> Iterator[str]:
        """The tokens outside of the nodes that a site's rules drop, noting which are in those of the body."""
        body, dropped = Opened(), Opened()
        for token in tokens:
            tag, _, text = token.partition(">")
            name = tag.removeprefix("/").partition(" ")[0]
            step = 0 if name in VOID or name in IGNORED else -1 if tag[0] == "/" else 1
            if dropped.depth:
                dropped.go(name, step)
                if not dropped.depth:
                    yield f"/b>{text}"  # the text behind it stays
                continue
            rule = tag.partition(f' {RULE}="')[2].partition('"')[0] if RULE in tag else ""
            if rule == "drop":
                self.flush()
                dropped = Opened(name, step)
                continue
            if body.depth:
                body.go(name, step)
            elif rule == "body":
                body = Opened(name, step)
            if self.in_body != bool(body.depth):
                self.flush()
                self.in_body = bool(body.depth)
            yield token


def unescaped(text: str) -> str:
    """Text as it was before the parser wrote it out."""
    return text.replace("&nbsp;", "\xa0").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@dataclass(slots=True)
class Opened:
    """A node that is open: its name, and how deep that name is nested in it."""

    name: str = ""
    depth: int = 0

    def go(self, name: str, step: int) -> None:
        """Take in one more tag; the depth is 0 once the node is closed."""
        if name == self.name:
            self.depth += step


INLINE_HEAD, VOID_HEAD = (Head("", NO_MARKS, False, False, False, key) for key in range(2))
HEADS: dict[str, Head] = {}  # a site's pages share their tags; emptied when it is full
MAX_HEADS = 16_384
MAX_HEAD_CHARS = 400


def read_head(tag: str) -> Head:
    """What an opening tag says, as it stands between `<` and `>`; remembered."""
    name = tag.partition(" ")[0]
    if name in NOT_OPENING:
        head = INLINE_HEAD if name not in VOID and name != "a" else VOID_HEAD
        if name == tag:
            HEADS[tag] = head
        return head
    classes = element_id = ""
    if name != tag:  # the parser escapes quotes in values, so this is the attribute
        classes = tag.partition(' class="')[2].partition('"')[0]
        element_id = tag.partition(' id="')[2].partition('"')[0]
    said = names_say(classes, element_id)
    is_marked = bool(classes or element_id)
    mark = TAG_MARKS.get(name, NO_MARKS) | said & ALL_MARKS
    head = Head(name, mark, bool(said & POSITIVE_NAME), bool(said & NEGATIVE_NAME), is_marked, hash((name, classes)))
    if len(HEADS) >= MAX_HEADS:
        HEADS.clear()
    if len(tag) <= MAX_HEAD_CHARS:
        HEADS[tag] = head
    return head


def is_paragraph(line: str) -> bool:
    """Whether a line between two `<br>` is a paragraph of its own, and no line of a poem or an address."""
    return count_words(line) >= PARAGRAPH_WORDS and ends_sentence(line)


def walk_page(tree: LexborHTMLParser, is_ruled: bool = False) -> Blocks:
    """The blocks of a page, each with the marks of the elements around it. The tree is pruned: read it before.

    A mark on an element that holds most of the page's running text says nothing about that text
    (`class="article withSidebar"`), so it is left out.
    """
    walk = Walk()
    notices = prune(tree)
    tokens = write_out(tree)
    found = walk.run(walk.by_rules(tokens) if is_ruled else tokens)
    found.notices = notices
    words_before = [0]
    for block in found.blocks:
        running = block.words if block.words > 9 and block.link_rate < 0.3 else 0
        words_before.append(words_before[-1] + running)
    most = 0.5 * words_before[-1]
    marks: list[int] = []
    elements = found.elements
    for head, parent, start, end in zip(elements.heads, elements.parents, elements.starts, elements.ends, strict=True):
        own = head.mark
        if own and words_before[end] - words_before[start] > most:
            own = NO_MARKS
        marks.append(own | marks[parent] if parent >= 0 else own)
    for block in found.blocks:
        block.marks = marks[block.parent]
    return found
