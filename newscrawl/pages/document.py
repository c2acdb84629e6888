"""A page, parsed once: what it states, what its blocks are, which of them are the story."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser

from newscrawl.catalog.site import Layout
from newscrawl.guards.markup import Lean
from newscrawl.items import BodyBlock
from newscrawl.pages.blocks import HEADINGS, Blocks, walk_page
from newscrawl.pages.class_names import Mark
from newscrawl.pages.main_text import MainText, body_type, choose_blocks
from newscrawl.pages.site_rules import SiteValues, read_site_rules
from newscrawl.pages.stated import stated_by
from newscrawl.pages.structured_data import MAX_LINE_CHARS, StructuredData, name_of, read_structured_data
from newscrawl.text.boilerplate import ends_sentence
from newscrawl.text.whitespace import fold

ABOVE_HEADLINE = 4  # blocks of the byline region above the headline
INTO_TEXT = 5  # a standfirst or two may stand above the byline
BELOW_HEADLINE = 14  # and below it, up to the first paragraph
TAIL_BLOCKS = 8  # blocks behind the text that may still hold its credit
DATE_WORDS = 20
MAX_DATES = 5
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
SOURCE_PREFIX = re.compile(r"(?:quellen?|sources?|fuentes?|fontes?|fonti?|bron|kilder?|källa)\s?:", re.I)
CELLS, ROWS = frozenset(("td", "th")), frozenset(("tr",))
CELL_SEPARATOR = " | "
LINE_WORDS = 25  # longer blocks are no credit lines


@dataclass(slots=True)
class CreditLines:
    """Short lines around the story in which its credit may stand."""

    bylines: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)
    copyrights: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Document:
    """All readings of one page."""

    data: StructuredData = field(default_factory=StructuredData)
    rules: SiteValues = field(default_factory=SiteValues)
    page: Blocks = field(default_factory=Blocks)
    main: MainText = field(default_factory=MainText)
    h1: str | None = None
    lines: CreditLines = field(default_factory=CreditLines)
    read_body: list[BodyBlock] | None = None

    def texts(self) -> list[str]:
        """The story's blocks as texts."""
        return [block.text for block in self.body()]

    def body(self) -> list[BodyBlock]:
        """The story's blocks with what each is; the cells of a table's row are one."""
        if self.read_body is None:
            self.read_body = body_of(self.page, self.main.chosen)
        return self.read_body

    def said(self) -> str:
        """The headline, description and text of the story in all the readings, a line each."""
        data = self.data
        authors = [name for node in data.nodes("author") if (name := name_of(node))]
        stated = [self.h1, data.title, data.text("headline"), data.text("description"), *authors]
        metas = [data.first_meta(name) for name in ("og:title", "og:description", "author")]
        return "\n".join(filter(None, [*stated, *metas, *self.texts()]))


def read_document(page_markup: Lean, url: str, layout: Layout | None) -> Document:
    """Parse and walk a page; its markup must have passed `guards.markup`."""
    tree = LexborHTMLParser(page_markup.markup)
    if tree.root is None:
        return Document()
    data = read_structured_data(tree, page_markup.data, url)
    rules = read_site_rules(tree, layout)
    dates = stated_dates(tree)
    page = walk_page(tree, rules.has_marks)
    h1 = main_heading(page, data)
    main = choose_blocks(page, stated_by(data, rules.texts.get("headline") or h1))
    document = Document(data, rules, page, main, h1)
    document.lines = CreditLines(*byline_region(document), *tail_region(document), dates + printed_dates(document))
    return document


def body_of(page: Blocks, chosen: list[int]) -> list[BodyBlock]:
    """The chosen blocks; cells that stand in one row of a table become `Calder | nine metres | 2027`.

    A cell with several blocks, or with a sentence alone in its row, is no table's but a layout's.
    """
    kinds = [body_type(page, page.blocks[n]) for n in chosen]
    if "table-row" not in kinds:
        return [BodyBlock(type=kind, text=page.blocks[n].text) for n, kind in zip(chosen, kinds, strict=True)]
    cells = [element_around(page, page.blocks[n].parent, CELLS) for n in chosen]
    blocks_of = Counter(cells)
    body: list[BodyBlock] = []
    last_row = -1
    for n, kind, cell in zip(chosen, kinds, cells, strict=True):
        text, row = page.blocks[n].text, -1
        if kind == "table-row" and blocks_of[cell] > 1:
            kind = "paragraph"
        elif kind == "table-row":
            row = element_around(page, cell, ROWS)
        if row >= 0 and row == last_row:
            body[-1].text += CELL_SEPARATOR + text
        else:
            body.append(BodyBlock(type=kind, text=text))
        last_row = row
    for block in body:
        if block.type == "table-row" and CELL_SEPARATOR not in block.text and ends_sentence(block.text):
            block.type = "paragraph"
    return body


def element_around(page: Blocks, number: int, tags: frozenset[str]) -> int:
    """The number of the innermost element of these tags at or around an element; -1 where there is none."""
    elements = page.elements
    while number >= 0 and elements.heads[number].tag not in tags:
        number = elements.parents[number]
    return number


def main_heading(page: Blocks, data: StructuredData) -> str | None:
    """The h1 that the page's own title repeats, else the h1 with the most words."""
    stated = {fold_title(text) for text in (data.first_meta("og:title"), data.text("headline"), data.title) if text}
    headings = [
        fold(block.text[:MAX_LINE_CHARS])
        for block in page.blocks
        if block.tag == "h1" and not block.marks & Mark.RELATED
    ]
    for heading in headings:
        if any(fold_title(heading) in title for title in stated if len(heading) > 8):
            return heading
    return max(headings, key=len, default=None)


def fold_title(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def headline_region(document: Document) -> tuple[int, int]:
    """(first, end) of the blocks around the headline, up to the first paragraphs."""
    page, main = document.page, document.main
    first = main.chosen[0] if main.chosen else len(page.blocks)
    heading = next((n for n, b in enumerate(page.blocks) if b.tag == "h1" and fold(b.text) == document.h1), None)
    start = max(0, (heading if heading is not None else first - BELOW_HEADLINE) - ABOVE_HEADLINE)
    stop = min(first + INTO_TEXT, len(page.blocks))
    if heading is not None and first - heading > 60:
        stop = heading + BELOW_HEADLINE
    return start, stop


def byline_region(document: Document) -> tuple[list[str], list[str]]:
    """(byline lines, source lines): short lines around the headline in byline or source classes."""
    page = document.page
    start, stop = headline_region(document)
    bylines, sources = [], []
    for n in range(start, stop):
        block = page.blocks[n]
        if (
            block.words > LINE_WORDS
            or block.marks & (Mark.CAPTION | Mark.RELATED | Mark.COMMENT)
            or block.tag in HEADINGS
        ):
            continue
        if block.marks & Mark.SOURCE:
            sources.append(block.text)
        elif block.marks & Mark.BYLINE or has_byline_prefix(block.text):
            bylines.append(block.text)
    return bylines, sources


def stated_dates(tree: LexborHTMLParser) -> list[str]:
    """What the time elements of a page say."""
    stated = (node.attributes.get("datetime") for node in tree.css("time[datetime]")[:MAX_DATES])
    return [text for text in stated if text]


def printed_dates(document: Document) -> list[str]:
    """Dated lines at the headline: they may state the day of publication where no structured data does."""
    start, stop = headline_region(document)
    return [
        block.text
        for block in document.page.blocks[start:stop]
        if block.words <= DATE_WORDS and YEAR.search(block.text)
    ][:MAX_DATES]


def has_byline_prefix(text: str) -> bool:
    lowered = text[:8].lower()
    return lowered.startswith(("by ", "von ", "par ", "por ", "di ", "by: ")) and len(text) < 120


def tail_region(document: Document) -> tuple[list[str], list[str]]:
    """(lines just behind the text, copyright lines among them), up to the first heading or related block."""
    page, main = document.page, document.main
    if not main.chosen:
        return [], []
    lines, copyrights = [], []
    last = main.chosen[-1]
    is_open = True
    for block in page.blocks[last + 1 : last + 1 + TAIL_BLOCKS]:
        if block.marks & (Mark.CAPTION | Mark.COMMENT | Mark.RELATED) or block.words > LINE_WORDS:
            continue
        if block.tag in HEADINGS or block.marks & Mark.FOOTER:
            is_open = False
        is_marked = bool(block.marks & (Mark.BYLINE | Mark.SOURCE)) or bool(SOURCE_PREFIX.match(block.text))
        if block.text[:1] in "©ⓒ" or block.text[:9].lower() == "copyright":
            copyrights.append(block.text)
        elif (is_open or is_marked) and block.link_rate < 0.9:
            lines.append(block.text)
    return lines, copyrights
