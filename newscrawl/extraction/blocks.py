"""The blocks of a page and the elements around them, as `walk` reads them from the parsed page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from newscrawl.extraction.class_names import ALL_MARKS, NO_MARKS, ClassMark

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
MIN_TEXT_WORDS = 40  # running, of a story beside comments
MAX_ANCESTORS = 12
HAN_KANA_THAI = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
Attributes = dict[str, str | None]  # None: an attribute without a value


def count_words(text: str) -> int:
    """Words; where a script has no spaces two characters count as one."""
    words = text.count(" ") + text.count("\n") + 1 if text else 0
    return words if text.isascii() else max(words, len(HAN_KANA_THAI.findall(text)) // 2)


@dataclass(slots=True)
class Elements:
    """The elements that hold blocks, in document order, a list a property."""

    tags: list[str] = field(default_factory=list)
    names: list[int] = field(default_factory=list)  # what tag, class and id say: bits of class_names
    parents: list[int] = field(default_factory=list)  # -1 above the first
    starts: list[int] = field(default_factory=list)  # number of the first block inside
    ends: list[int] = field(default_factory=list)  # and of the first one behind
    depths: list[int] = field(default_factory=list)
    paths: list[int] = field(default_factory=list)  # equal for elements whose tags and classes are alike up to the root

    def __len__(self) -> int:
        return len(self.tags)


@dataclass(slots=True)
class Block:
    """One run of text. `parent` numbers the element it is in; `link_chars` of its characters are links."""

    text: str
    tag: str
    parent: int
    link_chars: int
    in_body: bool
    words: int
    marks: int = NO_MARKS

    @property
    def link_rate(self) -> float:
        return min(1.0, self.link_chars / len(self.text)) if self.text else 0.0


@dataclass(slots=True)
class StatedTags:
    """The elements by which a page describes itself, each as its attributes. `data` are the texts of its JSON-LD scripts."""

    title: str | None = None
    language: str | None = None
    metas: list[Attributes] = field(default_factory=list)
    links: list[Attributes] = field(default_factory=list)
    times: list[Attributes] = field(default_factory=list)
    data: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Blocks:
    """A walked page: blocks in document order, and the elements around them."""

    blocks: list[Block] = field(default_factory=list)
    elements: Elements = field(default_factory=Elements)
    stated: StatedTags = field(default_factory=StatedTags)
    notices: list[str] = field(default_factory=list)  # copyright lines of the page's footer, which is not walked
    is_full: bool = False  # the page has more blocks than any story's, so none are kept

    def tags_around(self, number: int) -> Iterator[str]:
        """The tag of the element with this number and of those around it, innermost first, as far as they tell anything."""
        for _ in range(MAX_ANCESTORS):
            if number < 0:
                return
            yield self.elements.tags[number]
            number = self.elements.parents[number]


def spread_marks(page: Blocks) -> list[int]:
    """For each element its marks and those of the elements around it.

    A mark on an element that holds most of the page's running text says nothing about that text
    (`class="article withSidebar"`), so it is left out. Comments may well be most of a page: theirs is left out only
    around the headline, and where there is no text without them (a live ticker's are its text).
    """
    blocks, elements = page.blocks, page.elements
    running = [b.words if b.words > 9 and b.link_chars < 0.3 * len(b.text) else 0 for b in blocks]
    before = list(accumulate(running, initial=0))
    headlines = list(accumulate((b.tag == "h1" for b in blocks), initial=0))
    most = 0.5 * before[-1]
    marks: list[int] = []
    has_comments = False
    for says, parent, start, end in zip(elements.names, elements.parents, elements.starts, elements.ends, strict=True):
        own = says & ALL_MARKS
        if own:
            if before[end] - before[start] > most:
                own = own & ClassMark.COMMENT if headlines[-1] and headlines[end] == headlines[start] else NO_MARKS
            has_comments = has_comments or own & ClassMark.COMMENT > 0
        marks.append(own | marks[parent] if parent >= 0 else own)
    if has_comments:
        beside = sum(words for words, b in zip(running, blocks, strict=True) if not marks[b.parent] & ClassMark.COMMENT)
        if beside < MIN_TEXT_WORDS:
            return [mark & ~ClassMark.COMMENT for mark in marks]
    return marks
