"""A page, parsed once: what it states, what its blocks are, which of them are the story."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from newscrawl.extraction.blocks import HEADINGS, Block, Blocks
from newscrawl.extraction.class_names import ClassMark
from newscrawl.extraction.main_text import LINKS_ONLY, MainText, body_type, choose_blocks
from newscrawl.extraction.parse import ParsedPage, parse
from newscrawl.extraction.script_text import text_in_scripts
from newscrawl.extraction.site_rules import SiteValues, apply_rules
from newscrawl.extraction.stated import stated_by
from newscrawl.extraction.structured_data import MAX_LINE_CHARS, StructuredData, name_of, read_structured_data
from newscrawl.extraction.walk import walk_page
from newscrawl.items import BodyBlock
from newscrawl.sites.model import Layout
from newscrawl.text.boilerplate import ends_sentence
from newscrawl.text.whitespace import fold

SENTENCE_OF_WORDS, COMPARED_CHARS = 8, 40
MIN_WORDS = 40  # outside of links; a page of fewer may be one that scripts fill
ABOVE_HEADLINE = 4  # blocks of the byline region above the headline
INTO_TEXT = 5  # a standfirst or two may be above the byline
BELOW_HEADLINE = 14  # and below it, up to the first paragraph
TAIL_BLOCKS = 8  # blocks behind the text that may still hold its credit
DATE_WORDS = 20
MAX_DATES = 5
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
SOURCE_PREFIX = re.compile(
    r"(?:(?:weitere |verwendete )?quellen?|(?:additional |autres )?sources?|(?:otras )?fuentes?|(?:outras )?fontes?|fonti?|bron|kilder?|källa|"
    r"lähde|zdroj|źródło|forrás|sursa|kaynak|sumber|nguồn|источник|来源|來源|出处|稿源|출처|出典|المصدر|mit agenturmaterial)\s?[:：•.]",
    re.I,
)
FAR_TAIL_BLOCKS = 20
# Lines that are no other story's even farther behind: their agencies have no name, or they say that there are more.
FAR_SOURCE = re.compile(
    r"\(?(?:agenturen\b|mit agenturmaterial|weitere quellen|verwendete quellen|additional sources)", re.I
)
LINE_WORDS = 25  # longer blocks are not credit lines
SENTENCE_WORDS = 60  # nor, behind the text, sentences that say who contributed
LONE_WORDS = 16
BESIDE_PICTURE = re.compile(r"\b(?:enlarge|zoom|close|photo|foto|image)\b|^\d+ ?/ ?\d+$", re.I)
NAME_LINE_WORDS = 14
CAPTION_WORDS = 4
DATED_AUTHOR = re.compile(
    r"(?:posted |written |published )?by (?=[^\n]{3,60}\d)", re.I
)  # a whole byline: what follows is not part of it
DIGIT = re.compile(r"\d")


@dataclass(slots=True)
class CreditLines:
    """Short lines around the story in which its credit may be."""

    bylines: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    lone: list[int] = field(default_factory=list)  # numbers of blocks: what is beside them says what they are
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

    def link_rate(self) -> float:
        """The share of the story's characters that are links."""
        chosen = [self.page.blocks[n] for n in self.main.chosen]
        chars = sum(len(block.text) for block in chosen)
        return sum(min(block.link_chars, len(block.text)) for block in chosen) / chars if chars else 0.0

    def said(self) -> str:
        """The headline, description and text of the story in all the readings, a line each."""
        data = self.data
        authors = [name for node in data.nodes("author") if (name := name_of(node))]
        stated = [self.h1, data.title, data.text("headline"), data.text("description"), *authors]
        metas = [data.first_meta(name) for name in ("og:title", "og:description", "author")]
        return "\n".join(filter(None, [*stated, *metas, *self.texts()]))


def read_document(parsed: ParsedPage, url: str, layout: Layout | None) -> Document:
    """All readings of a page."""
    page, rules = read_blocks(parsed, layout)
    data = read_structured_data(page.stated, url)
    h1 = main_heading(page, data)
    main = choose_blocks(page, stated_by(data, rules.texts.get("headline") or h1))
    document = Document(data, rules, page, main, h1)
    dates = stated_dates(page) + printed_dates(document)
    bylines, sources = byline_region(document)
    document.lines = CreditLines(bylines, sources, lone_lines(document), *tail_region(document), dates)
    return document


def read_blocks(parsed: ParsedPage, layout: Layout | None = None) -> tuple[Blocks, SiteValues]:
    """(the page's blocks, what a site's rules found)."""
    rules = apply_rules(parsed, layout)
    page = walk_page(parsed, is_ruled=rules.are_marked)
    if sum(block.words for block in page.blocks if block.link_rate < LINKS_ONLY) < MIN_WORDS:
        page = filled_by_scripts(page, parsed.markup())
    return page, rules


def filled_by_scripts(page: Blocks, markup: str) -> Blocks:
    """A page without any text, with the story in its place that one of its scripts would put there.

    A page that shows a sentence is a short story, unless that sentence is in the script's as well.
    """
    story = text_in_scripts(markup)
    if story is None:
        return page
    if "<" not in story:
        story = "<p>" + story.replace("\n", "<p>")
    filled = walk_page(parse(f"<article>{story}</article>"))
    whole = " ".join(block.text for block in filled.blocks)
    shown = [block.text for block in page.blocks if block.words >= SENTENCE_OF_WORDS and ends_sentence(block.text)]
    if shown and not any(text[:COMPARED_CHARS] in whole for text in shown):
        return page
    filled.stated, filled.notices = page.stated, page.notices
    return filled


def main_heading(page: Blocks, data: StructuredData) -> str | None:
    """The h1 that the page's own title repeats, else the h1 with the most words."""
    stated = {fold_title(text) for text in (data.first_meta("og:title"), data.text("headline"), data.title) if text}
    headings = [
        fold(block.text[:MAX_LINE_CHARS])
        for block in page.blocks
        if block.tag == "h1" and not block.marks & ClassMark.RELATED
    ]
    for heading in headings:
        if any(fold_title(heading) in title for title in stated if len(heading) > 8):
            return heading
    return max(headings, key=len, default=None)


def fold_title(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


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
            or block.marks & (ClassMark.CAPTION | ClassMark.RELATED | ClassMark.COMMENT)
            or (block.tag in HEADINGS and not block.marks & ClassMark.BYLINE)
        ):
            continue
        if block.marks & ClassMark.SOURCE:
            sources.append(block.text)
        elif block.marks & ClassMark.BYLINE or has_byline_prefix(block.text):
            bylines.append(block.text)
    return bylines, sources


def lone_lines(document: Document) -> list[int]:
    """The numbers of the short blocks around the headline whose class says nothing."""
    page, main = document.page, document.main
    start, stop = headline_region(document)
    found = []
    for n in range(start, min(stop, first_paragraph(document) + 2) if main.chosen else start):
        block = page.blocks[n]
        is_plain = not block.marks & (
            ClassMark.CAPTION | ClassMark.RELATED | ClassMark.COMMENT | ClassMark.BYLINE | ClassMark.SOURCE
        )
        if is_plain and block.words <= LONE_WORDS and fold(block.text) != document.h1:
            if has_byline_prefix(block.text) and block.tag not in HEADINGS:
                continue  # read as a byline already
            found.append(n)
    return found


def place_of(document: Document, n: int) -> tuple[bool, bool, bool]:
    """(is_placed, follows_name, is_inside) of a lone line: whether what is beside it is what is beside a byline,
    whether it is the second line of one, and whether it is among the first paragraphs."""
    first = first_paragraph(document)
    above = document.page.blocks[n - 1] if n else None
    return n <= first and is_placed(document, n, first), above is not None and is_name_line(above), n > first


def first_paragraph(document: Document) -> int:
    """The number of the first chosen block that is running text."""
    chosen = document.main.chosen
    blocks = document.page.blocks
    return next((n for n in chosen if blocks[n].words > LONE_WORDS), chosen[0] if chosen else len(blocks))


def is_name_line(block: Block) -> bool:
    """Whether a block is a byline of people alone: of a byline class or beginning as one, without a date."""
    says = bool(block.marks & ClassMark.BYLINE) or has_byline_prefix(block.text)
    return says and block.words <= NAME_LINE_WORDS and not DIGIT.search(block.text)


def is_placed(document: Document, n: int, first: int) -> bool:
    """Whether the blocks beside one are those that are beside a byline, and none is a picture's."""
    blocks = document.page.blocks
    block = blocks[n]
    above = blocks[n - 1] if n else None
    below = blocks[n + 1] if n + 1 < len(blocks) else None
    if above is not None and (is_of_picture(above) or DATED_AUTHOR.match(above.text)):
        return False
    if " " not in block.text and ((below and is_of_picture(below)) or (above and is_caption_like(document, above))):
        return False  # `AFP` beside a caption is the picture's; a whole name below the headline is not
    if above is not None and (is_heading(document, above) or is_name_line(above) or is_date_line(above)):
        return True
    return n + 1 == first or (below is not None and is_date_line(below)) or bool(YEAR.search(block.text))


def is_caption_like(document: Document, block: Block) -> bool:
    """Whether a block is a sentence that is neither the headline nor a date: what a caption looks like without its class."""
    is_sentence = block.words > CAPTION_WORDS and ends_sentence(block.text)
    return is_sentence and not (is_heading(document, block) or is_date_line(block))


def is_of_picture(block: Block) -> bool:
    return bool(block.marks & ClassMark.CAPTION or BESIDE_PICTURE.search(block.text[:80]))


def is_heading(document: Document, block: Block) -> bool:
    return block.tag in HEADINGS or (document.h1 is not None and fold(block.text) == document.h1)


def is_date_line(block: Block) -> bool:
    """Whether a short block holds a year."""
    return block.words <= DATE_WORDS and bool(YEAR.search(block.text))


def stated_dates(page: Blocks) -> list[str]:
    """What the time elements of a page say."""
    stated = (said.get("datetime") for said in page.stated.times[:MAX_DATES])
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
    for distance, block in enumerate(page.blocks[last + 1 : last + 1 + FAR_TAIL_BLOCKS]):
        if distance >= TAIL_BLOCKS and not FAR_SOURCE.match(block.text):
            continue
        if block.marks & (ClassMark.CAPTION | ClassMark.COMMENT) or block.words > SENTENCE_WORDS:
            continue
        is_notice = is_copyright_line(block.text)
        if block.marks & ClassMark.RELATED and not is_notice:
            continue
        is_marked = bool(
            block.marks & (ClassMark.BYLINE | ClassMark.SOURCE)
            or SOURCE_PREFIX.match(block.text)
            or FAR_SOURCE.match(block.text)
        )
        if is_notice:
            copyrights.append(block.text)
        elif (is_open or is_marked) and block.link_rate < 0.9:
            lines.append(block.text)
        if block.tag in HEADINGS or block.marks & ClassMark.FOOTER or block.words > LINE_WORDS:
            is_open = False
    return lines, copyrights


def is_copyright_line(text: str) -> bool:
    lowered = text[:20].lower().lstrip("<([（ ")
    return lowered.startswith(("©", "ⓒ", "copyright", "(c)", "c)", "저작권자"))
