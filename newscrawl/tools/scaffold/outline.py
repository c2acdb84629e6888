"""A page's elements and where their letters lie: how a text that the reader chose is found in the tree that selectors see.

Texts are compared by their letters and digits alone, in lower case: blanks, marks and entities differ between the reader's
walk and the tree, letters do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newscrawl.extraction.parse import parse_page
from newscrawl.extraction.walk import INLINE
from newscrawl.security.markup import MAX_PAGE_BYTES

MAX_ELEMENTS = 40_000  # of a page; a story's has some 1,500
MAX_LETTERS = 2_000_000
LONG_KEY = 20  # letters; a shorter text may well be another place's
NEAR, FAR = (
    2_000,
    40_000,
)  # how many letters may lie between two blocks of the reader, if the later one is short or long
NOT_SHOWN = frozenset(("script", "style", "noscript", "template", "head", "title"))

Span = tuple[int, int]


def letters_of(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


@dataclass(slots=True)
class Element:
    """One element: its tag, the number of the one around it (-1 for the first), and where its letters begin and end."""

    node: LexborNode
    tag: str
    parent: int
    start: int
    end: int = 0

    @property
    def span(self) -> Span:
        return self.start, self.end


@dataclass(slots=True)
class Outline:
    """The elements of a page in document order, and all letters of it in one string."""

    tree: LexborHTMLParser
    elements: list[Element] = field(default_factory=list)
    letters: str = ""
    by_node: dict[int, int] = field(default_factory=dict)

    def around(self, number: int) -> Iterator[int]:
        """The number of an element and of those around it, innermost first."""
        while number >= 0:
            yield number
            number = self.elements[number].parent

    def selected(self, css: str) -> list[int]:
        """The numbers of the elements that a selector finds, in document order."""
        return [number for node in self.tree.css(css) if (number := self.by_node.get(node.mem_id)) is not None]

    def innermost(self, span: Span) -> int:
        """The element that a span of letters lies in: of several with the same letters the block around inline ones."""
        start, end = span
        found = -1
        for number, element in enumerate(self.elements):
            if element.start <= start and end <= element.end:
                found = number
            elif element.start > start:
                break
        while found > 0 and self.elements[found].tag in INLINE:
            found = self.elements[found].parent
        return found

    def exact(self, letters: str) -> list[int]:
        """The elements whose letters these are, in document order."""
        size = len(letters)
        return [
            number
            for number, element in enumerate(self.elements)
            if element.end - element.start == size and self.letters.startswith(letters, element.start)
        ]

    def places(self, texts: Iterable[str]) -> list[Span | None]:
        """Where texts are that follow each other on the page, as spans of letters; None for one that is not there."""
        found: list[Span | None] = []
        at = 0
        for text in texts:
            key = letters_of(text)
            start = self.letters.find(key, at, at + (FAR if len(key) >= LONG_KEY else NEAR) + len(key)) if key else -1
            if start < 0:
                found.append(None)
                continue
            at = start + len(key)
            found.append((start, at))
        return found


def outline(html: bytes, content_type: str | None, encoding: str | None = None) -> Outline | None:
    """The outline of a page as the rules of a site file would see it; None for one that must not be parsed."""
    if not html or len(html) > MAX_PAGE_BYTES:
        return None
    tree = parse_page(html, content_type, encoding)[0].tree
    if tree is None:
        return None
    found = Outline(tree)
    return found if fill(found) else None


def fill(found: Outline) -> bool:
    """Go through the tree once; False for a page with too many elements."""
    parts: list[str] = []
    at, parent = 0, -1
    node: LexborNode | None = found.tree.root
    while node is not None:
        child = None
        tag = node.tag or ""
        if tag == "-text":
            letters = letters_of(node.text_content or "")
            parts.append(letters)
            at += len(letters)
        elif not tag.startswith(("-", "!")) and tag not in NOT_SHOWN:
            found.by_node[node.mem_id] = len(found.elements)
            found.elements.append(Element(node, tag, parent, at))
            if len(found.elements) > MAX_ELEMENTS or at > MAX_LETTERS:
                return False
            child = node.child
            if child is not None:
                parent = len(found.elements) - 1
            else:
                found.elements[-1].end = at
        if child is not None:
            node = child
            continue
        while node is not None and node.next is None:
            if parent < 0:
                node = None
                break
            found.elements[parent].end = at
            node, parent = found.elements[parent].node, found.elements[parent].parent
        node = node.next if node is not None else None
    found.letters = "".join(parts)
    return True
