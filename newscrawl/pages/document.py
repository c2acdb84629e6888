"""A page, parsed once: what it states, what its blocks are, which of them are the story."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from newscrawl.catalog.site import Layout
from newscrawl.guards.markup import Lean, lean
from newscrawl.items import BodyBlock
from newscrawl.pages.blocks import HEADINGS, Blocks, walk_page
from newscrawl.pages.class_names import Mark
from newscrawl.pages.main_text import LINKS_ONLY, MainText, body_type, choose_blocks
from newscrawl.pages.script_text import text_in_scripts
from newscrawl.pages.site_rules import SiteValues, apply_rules
from newscrawl.pages.stated import stated_by
from newscrawl.pages.structured_data import MAX_LINE_CHARS, StructuredData, name_of, read_structured_data
from newscrawl.pages.tags import attributes
from newscrawl.text.whitespace import fold

MIN_WORDS = 40  # outside of links; a page of fewer may be one that scripts fill
ABOVE_HEADLINE = 4  # blocks of the byline region above the headline
INTO_TEXT = 5  # a standfirst or two may stand above the byline
BELOW_HEADLINE = 14  # and below it, up to the first paragraph
TAIL_BLOCKS = 8  # blocks behind the text that may still hold its credit
DATE_WORDS = 20
MAX_DATES = 5
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
SOURCE_PREFIX = re.compile(r"(?:quellen?|sources?|fuentes?|fontes?|fonti?|bron|kilder?|källa)\s?:", re.I)
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

    def texts(self) -> list[str]:
        """The story's blocks as texts."""
        return [self.page.blocks[n].text for n in self.main.chosen]

    def body(self) -> list[BodyBlock]:
        """The story's blocks with what each is."""
        blocks = (self.page.blocks[n] for n in self.main.chosen)
        return [BodyBlock(type=body_type(self.page, block), text=block.text) for block in blocks]

    def said(self) -> str:
        """The headline, description and text of the story in all the readings, a line each."""
        data = self.data
        authors = [name for node in data.nodes("author") if (name := name_of(node))]
        stated = [self.h1, data.title, data.text("headline"), data.text("description"), *authors]
        metas = [data.first_meta(name) for name in ("og:title", "og:description", "author")]
        return "\n".join(filter(None, [*stated, *metas, *self.texts()]))


def read_document(page_markup: Lean, url: str, layout: Layout | None) -> Document:
    """All readings of a page. Its tree is built only where a site's rules select from it."""
    markup, rules = apply_rules(page_markup.markup, layout)
    page = walk_page(markup, is_ruled=rules.are_marked)
    if sum(block.words for block in page.blocks if block.link_rate < LINKS_ONLY) < MIN_WORDS:
        page = filled_by_scripts(page, page_markup.whole)
    data = read_structured_data(page.stated, page_markup.data, url)
    h1 = main_heading(page, data)
    main = choose_blocks(page, stated_by(data, rules.texts.get("headline") or h1))
    document = Document(data, rules, page, main, h1)
    dates = stated_dates(page) + printed_dates(document)
    document.lines = CreditLines(*byline_region(document), *tail_region(document), dates)
    return document


def filled_by_scripts(page: Blocks, markup: str) -> Blocks:
    """A page without any text, with the story in its place that one of its scripts would put there."""
    story = text_in_scripts(markup)
    if story is None:
        return page
    if "<" not in story:
        story = "<p>" + story.replace("\n", "<p>")
    filled = walk_page(lean(f"<article>{story}</article>").markup)
    filled.stated, filled.notices = page.stated, page.notices
    return filled


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


def stated_dates(page: Blocks) -> list[str]:
    """What the time elements of a page say."""
    stated = (attributes(tag).get("datetime") for tag in page.stated.times[:MAX_DATES])
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
