"""The walk over a page: its text as blocks in document order.

A block is a run of inline text that a non-inline element or a double `<br>` ends; a single `<br>` stays inside
as a line break, unless it stands between whole paragraphs. Scripts, form controls and navigation are skipped; captions are kept, marked, for `media`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from newscrawl.text.boilerplate import ends_sentence
from newscrawl.text.whitespace import fold

INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "nobr",
    ]
)
SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "svg",
        "template",
        "iframe",
        "button",
        "input",
        "select",
        "textarea",
        "canvas",
        "object",
        "embed",
        "video",
        "audio",
        "map",
        "math",
        "head",
        "title",
        "nav",
        "dialog",
    ]
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


class Mark:
    """What the elements around a block say about it: bits (an IntFlag costs a page several milliseconds)."""

    CAPTION = 1
    RELATED = 2
    BYLINE = 4
    SOURCE = 8
    FOOTER = 16
    COMMENT = 32
    ASIDE = 64
    HEADER = 128


TAG_MARKS = {
    "figure": Mark.CAPTION,
    "figcaption": Mark.CAPTION,
    "picture": Mark.CAPTION,
    "footer": Mark.FOOTER,
    "aside": Mark.ASIDE,
    "header": Mark.HEADER,
}
# Words of class and id. Each word is judged once and remembered: the words of the web's classes are few.
NAME_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
WORD_MARKS = re.compile(
    r"(?P<source>^(?:sources?|agency)$)|"
    r"(?P<caption>caption|gallery|slideshow)|"
    r"(?P<comment>^comments?$|commentlist|disqus)|"
    r"(?P<byline>byline|author|^writer|reporter|^autor|redakteur)|"
    r"(?P<related>related|recommend|teaser|promo|^most$|popular|ranking|newsletter|subscri|share|sharing|social|sidebar|"
    r"breadcrumb|^tags?$|taglist|cookie|consent|advert|^ads?$|banner|sponsor|outbrain|taboola|trending|readmore|login|"
    r"pagination|toolbar|skiplink|menu|navbar|topnav)|"
    r"(?P<footer>^footer$|sitefooter|copyright)"
)
GROUP_MARKS = {
    "source": Mark.SOURCE,
    "caption": Mark.CAPTION,
    "comment": Mark.COMMENT,
    "byline": Mark.BYLINE,
    "related": Mark.RELATED,
    "footer": Mark.FOOTER,
}
RELATED_PAIRS = frozenset(("read more", "more news", "more stories", "more on", "also read", "tag list", "skip link"))
PICTURES = frozenset(("image", "photo", "foto", "img", "pic", "picture", "media"))
CREDITS = frozenset(("credit", "credits", "author", "source", "copyright", "desc", "description", "info", "legend"))
# What the block model counts on the way to the root.
POSITIVE = re.compile(r"article|content|story|^body|entry|^post$|text|detail|^main|newsview|read")
NEGATIVE = re.compile(
    r"^bio|meta|date|time|tool|promo|embed|tweet|instagram|^list|widget|modal|popup|subscribe|signup|caption|credit|info|"
    r"disclaimer|^note|correction|summary|^lead|standfirst|intro|kicker|subtitle|abstract|teaser|quote|^pull|fact|^box|^key|"
    r"highlights|^faq|^toc|video|player|sponsor|^ads?$|button|btn"
)
PARAGRAPH_WORDS = 8
MAX_ANCESTORS = 12
NO_MARKS = 0
HAN_KANA_THAI = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


def count_words(text: str) -> int:
    """Words; where a script has no spaces two characters count as one."""
    words = text.count(" ") + text.count("\n") + 1 if text else 0
    return words if text.isascii() else max(words, len(HAN_KANA_THAI.findall(text)) // 2)


@dataclass(slots=True)
class Element:
    """An open or closed element that can hold blocks; `end` is the number of the first block after it."""

    number: int
    tag: str
    parent: int
    mark: int
    start: int
    depth: int
    path: int  # equal for elements whose tags and classes are alike up to the root
    is_positive: bool = False  # its class says text, story, content ...
    is_negative: bool = False  # its class says teaser, caption, tool ...
    is_marked: bool = False  # it has a class or an id at all
    end: int = 0
    in_body: bool = False


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
    elements: list[Element] = field(default_factory=list)

    def ancestors(self, number: int) -> Iterator[Element]:
        """The element with this number and those around it, innermost first, as far as they tell anything."""
        for _ in range(MAX_ANCESTORS):
            if number < 0:
                return
            element = self.elements[number]
            yield element
            number = element.parent


class Walk:
    """One pass over a tree; `body_ids` and `drop_ids` are the nodes that a site's rules select."""

    def __init__(self, body_ids: Set[int], drop_ids: Set[int]) -> None:
        self.body_ids, self.drop_ids = body_ids, drop_ids
        self.found = Blocks()
        self.pieces: list[str] = []
        self.link_chars = 0
        self.links_before_break: list[int] = []
        self.breaks = 0
        self.open_links = 0
        self.open_elements: list[int] = [-1]

    def run(self, root: LexborNode) -> Blocks:
        # An explicit stack: pages nest deeper than Python may recurse.
        stack: list[LexborNode] = []
        node: LexborNode | None = root
        while node is not None:
            if self.enter(node):
                child = node.first_child
                if child is not None:
                    stack.append(node)
                    node = child
                    continue
                self.leave(node)
            following = node.next if stack else None
            while following is None and stack:
                parent = stack.pop()
                self.leave(parent)
                following = parent.next if stack else None
            node = following
        self.flush()
        return self.found

    def enter(self, node: LexborNode) -> bool:
        """Take in a node; whether its children are to be walked."""
        tag = node.tag or ""
        if tag == "-text":
            text = node.text_content or ""
            if not text.isspace():
                self.breaks = 0
                if self.open_links:
                    self.link_chars += len(text.strip())
            self.pieces.append(text if "\x0b" not in text else text.replace("\x0b", " "))
            return False
        if tag in SKIPPED or (self.drop_ids and node.mem_id in self.drop_ids):
            if tag not in ("script", "style", "noscript", "template"):
                self.flush()
            return False
        if tag == "a":
            self.open_links += 1
            return True
        if tag == "br":
            self.line_break()
            return False
        if tag in INLINE:
            if self.body_ids and node.mem_id in self.body_ids:
                self.open_element(node, tag)
            return True
        if tag == "img":
            return False
        if node.is_element_node or tag == "-document":
            self.open_element(node, tag)
            return True
        return False

    def leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == "a":
            self.open_links -= 1
        elif tag not in INLINE or (self.body_ids and node.mem_id in self.body_ids):
            self.flush()
            self.found.elements[self.open_elements.pop()].end = len(self.found.blocks)

    def open_element(self, node: LexborNode, tag: str) -> None:
        self.flush()
        parent = self.open_elements[-1]
        elements = self.found.elements
        in_body = parent >= 0 and elements[parent].in_body
        if self.body_ids and not in_body:
            in_body = node.mem_id in self.body_ids
        attributes = node.attributes
        classes = (attributes.get("class") or "") if attributes else ""
        names = names_say(classes, (attributes.get("id") or "") if attributes else "")
        depth, path = (elements[parent].depth + 1, elements[parent].path) if parent >= 0 else (0, 0)
        self.open_elements.append(len(elements))
        elements.append(
            Element(
                len(elements),
                tag,
                parent,
                TAG_MARKS.get(tag, NO_MARKS) | names.mark,
                len(self.found.blocks),
                depth,
                hash((path, tag, classes)),
                names.is_positive,
                names.is_negative,
                names is not SILENT,
                in_body=in_body,
            )
        )

    def line_break(self) -> None:
        self.breaks += 1
        if self.breaks > 1:
            self.flush()
        else:
            self.links_before_break.append(self.link_chars)
            self.pieces.append("\x0b")  # told apart from the source's own line ends, which are blanks

    def flush(self) -> None:
        """End the block that is being gathered."""
        self.breaks = 0
        if not self.pieces:
            return
        raw = "".join(self.pieces)
        self.pieces.clear()
        link_chars, self.link_chars = self.link_chars, 0
        links_before_break, self.links_before_break = self.links_before_break, []
        if raw.isspace():
            return
        if "\x0b" not in raw:
            self.add_block(fold(raw), link_chars)
            return
        lines = [fold(line) for line in raw.split("\x0b")]
        if len(lines) > 1 and sum(map(is_paragraph, lines)) > 1:
            links = [after - before for before, after in pairwise([0, *links_before_break, link_chars])]
            for line, line_links in zip(lines, links, strict=True):
                self.add_block(line, line_links)
        else:
            self.add_block("\n".join(filter(None, lines)), link_chars)

    def add_block(self, text: str, link_chars: int) -> None:
        if text:
            parent = self.open_elements[-1]
            element = self.found.elements[parent]
            self.found.blocks.append(Block(text, element.tag, parent, link_chars, element.in_body, count_words(text)))


def is_paragraph(line: str) -> bool:
    """Whether a line between two `<br>` is a paragraph of its own, and no line of a poem or an address."""
    return count_words(line) >= PARAGRAPH_WORDS and ends_sentence(line)


class NamesSay(NamedTuple):
    """What the class and id of an element say."""

    mark: int
    is_positive: bool
    is_negative: bool


SILENT = NamesSay(NO_MARKS, False, False)


@lru_cache(maxsize=8192)  # a site's pages share their classes
def names_say(classes: str, element_id: str) -> NamesSay:
    if not classes and not element_id:
        return SILENT
    words = [word.lower() for word in NAME_WORD.findall(f"{classes} {element_id}")]
    said = [word_says(word) for word in words]
    mark = next((one.mark for one in said if one.mark), NO_MARKS)
    if not PICTURES.isdisjoint(words) and not CREDITS.isdisjoint(words):
        mark = Mark.CAPTION  # image-source, photo_credit: who made the picture
    elif not mark and not RELATED_PAIRS.isdisjoint(map(" ".join, pairwise(words))):
        mark = Mark.RELATED
    return NamesSay(mark, any(one.is_positive for one in said), any(one.is_negative for one in said))


@lru_cache(maxsize=16384)
def word_says(word: str) -> NamesSay:
    found = WORD_MARKS.search(word)
    mark = GROUP_MARKS[found.lastgroup] if found and found.lastgroup else NO_MARKS
    return NamesSay(mark, bool(POSITIVE.search(word)), bool(NEGATIVE.search(word)))


def walk_page(root: LexborNode, body_ids: Set[int] = frozenset(), drop_ids: Set[int] = frozenset()) -> Blocks:
    """The blocks of a page, each with the marks of the elements around it.

    A mark on an element that holds most of the page's running text says nothing about that text
    (`class="article withSidebar"`), so it is left out.
    """
    found = Walk(body_ids, drop_ids).run(root)
    words_before = [0]
    for block in found.blocks:
        running = block.words if block.words > 9 and block.link_rate < 0.3 else 0
        words_before.append(words_before[-1] + running)
    most = 0.5 * words_before[-1]
    marks: list[int] = []
    for element in found.elements:
        inherited = marks[element.parent] if element.parent >= 0 else NO_MARKS
        own = element.mark
        if own and words_before[element.end] - words_before[element.start] > most:
            own = NO_MARKS
        marks.append(inherited | own)
    for block in found.blocks:
        block.marks = marks[block.parent]
    return found
