"""The walk over a page: its text as blocks in document order.

A block is a run of inline text that a non-inline element or a double `<br>` ends; a single `<br>` stays inside
as a line break, unless it is between whole paragraphs. Scripts, form controls and navigation are skipped; captions
are kept, marked, for `media`; the row of a table of short cells is one block.

No tree is built. The tags are gone through once with a stack of the open elements, and the end tags that HTML lets
an author leave out are put in as browsers do, as far as a news page needs it. That takes a third of the time of a parse
and a walk over its tree.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, count, islice, pairwise

from newscrawl.extraction.class_names import ALL_MARKS, HAS_NAME, NO_MARKS, ClassMark, both_say, names_say
from newscrawl.extraction.tags import attributes, is_cut, split_again, split_tags, value_of
from newscrawl.text.boilerplate import ends_sentence, is_copyright, may_be_copyright
from newscrawl.text.whitespace import fold, unescape

# fmt: off
INLINE = frozenset((
    "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "label", "mark", "q", "rb", "ruby", "s", "samp", "slot", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "nobr",
))
IGNORED = frozenset((
    "img", "input", "source", "track", "area", "base", "col", "embed", "param", "map", "canvas", "option", "optgroup",
    "svg", "path", "g", "use",  # of a drawing that never ends: guards.markup takes out the others
))
SKIPPED = frozenset((
    "head", "nav", "button", "select", "textarea", "iframe", "video", "audio", "object", "dialog", "template", "math", "title", "rt", "rp",
    # guards.markup takes these out, but for a few that are malformed or inside of others
    "script", "style", "xmp", "noembed", "noframes", "plaintext",
))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
IN_HEAD = frozenset(("head", "title", "noscript", "script", "style", "template"))
CELLS = frozenset(("td", "th"))
# What an opening tag closes if it is the innermost open element.
NOT_OF_HEAD = frozenset(("head",))
P = NOT_OF_HEAD | {"p"}
CLOSES = {
    **dict.fromkeys((
        "address", "article", "aside", "blockquote", "center", "details", "dialog", "dir", "div", "dl", "fieldset", "figcaption",
        "figure", "footer", "form", "header", "hgroup", "main", "menu", "nav", "ol", "p", "pre", "search", "section", "summary",
        "table", "ul",
    ), P),
    **dict.fromkeys(HEADINGS, P | HEADINGS),
    "li": P | {"li"}, "dt": P | {"dt", "dd"}, "dd": P | {"dt", "dd"},
    "td": P | CELLS, "th": P | CELLS, "tr": P | CELLS | {"tr"},
    **dict.fromkeys(("tbody", "thead", "tfoot"), P | CELLS | {"tr", "tbody", "thead", "tfoot", "caption"}),
}
LAST_CLOSED = frozenset(("li", "dt", "dd"))  # one of these closes, and the one around it stays open
IN_TABLE = frozenset(("td", "th", "tr", "tbody", "thead", "tfoot", "caption", "table"))
# What no misplaced end tag reaches through.
TABLES = frozenset(("table",))
CELLS_AND_TABLES = TABLES | CELLS | {"caption"}
OF_A_STORY = frozenset(("article", "main", "footer"))  # a footer inside of these is not the page's
# fmt: on
RULE = "data-newscrawl-rule"  # set on the nodes that a site's rules select
TAG_MARKS = {
    "figure": ClassMark.CAPTION,
    "figcaption": ClassMark.CAPTION,
    "picture": ClassMark.CAPTION,
    "footer": ClassMark.FOOTER,
    "aside": ClassMark.ASIDE,
}
PARAGRAPH_WORDS = 8
MIN_TEXT_WORDS = 40  # running, of a story beside comments
MAX_ROW_ELEMENTS = 300  # of a row that is looked at
CELL_WORDS = 25  # a longer cell is not a data but part of a layout
MENU_WORDS = 3  # of a menu's item, at the most
CELL_SEPARATOR = " | "
MAX_ANCESTORS = 12
MAX_MISNESTED = 64  # levels up to the element that a misplaced end tag closes
MAX_FOOTERS = 20
MAX_BLOCKS = 20_000
MAX_JUMPS, MAX_JUMP = 100, 5_000  # over skipped elements, and how many tags of one
MAX_TITLE_CHARS = 5_000
CAPTION_CLASS = re.compile(r'class="[^"]{0,100}(?:caption|(?:photo|image)[-_]credit)')
MAX_CAPTION_CHARS = 400  # of one within a paragraph
MAX_STATED = 500  # tags of a page's head that are kept
HAN_KANA_THAI = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


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
    """The tags by which a page describes itself, as they are in it."""

    title: str | None = None
    language: str | None = None
    metas: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)


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


# What a tag asks of the walk.
OPEN, CLOSE, LINK, LINK_END, SPAN, META, NOTHING, BREAK, END_BLOCK, STATED = range(10)
KINDS = {
    "a": LINK,
    "br": BREAK,
    **dict.fromkeys(("basefont", "bgsound", "frame", "hr", "keygen"), END_BLOCK),
    "meta": META,
    **dict.fromkeys(("html", "body", "link"), STATED),
    **dict.fromkeys("!?", NOTHING),  # a doctype, an instruction
}


# What the walk does with a tag, by its name: (kind, name, the innermost elements that it closes, whether the element asks
# for more than a place on the stack, whether it is skipped and the text goes on behind it). A plain tuple is taken apart
# four times as fast as a named one.
Step = tuple[int, str, frozenset[str], bool, bool]
NONE: frozenset[str] = frozenset()
STEPS: dict[str, Step] = {}  # by name, `/` before that of an end tag
# By name and attributes, for a site's pages share them: what they say, and a key of name and class. Plain tuples of
# numbers and texts, which the collector soon leaves alone.
HEADS: dict[tuple[str, str], tuple[int, int]] = {}
MAX_REMEMBERED = 16_384  # each is emptied when it is full
MAX_REMEMBERED_CHARS = 400


class TooManyBlocks(Exception):
    """A page of more than MAX_BLOCKS is not a story, and would cost seconds and gigabytes."""


class BlockParser:
    """One pass over the tags and texts of a page."""

    def __init__(self, is_ruled: bool) -> None:
        self.is_ruled = is_ruled
        self.found = Blocks()
        self.gathered: list[str] = []
        self.link_chars = 0
        self.links_before_break: list[int] = []
        self.breaks = 0
        self.has_headline = False
        self.names, self.tags = ["body"], [""]  # of the open elements; what is in a tag behind its name
        self.skips: list[int] = []  # levels of those that are skipped
        self.bodies: list[int] = []  # levels of those that are the story's by the site's rules
        self.aside: list[str] | None = None  # the texts of the title or the page's footer that is open
        self.footers = self.jumps = 0
        self.rows: list[
            tuple[str, int, int, int, int, int]
        ] = []  # of the elements, in the order of the lists of Elements
        self.ends: dict[int, int] = {}
        self.open_numbers: list[int] = []  # of those open elements that hold a block already: the outer ones
        self.path_numbers: dict[int, int] = {}

    def run(self, markup: str) -> Blocks:
        """The page's blocks; none of a page that has too many."""
        parts = split_tags(markup.replace("\x0b", " "))
        if not parts[0].isspace():
            self.gathered.append(unescape(parts[0]))
        try:
            cut = self.take(parts[1:], is_split=True)
            if cut >= 0:
                self.take(split_again(parts[1 + 3 * cut :]), is_split=False)
            if self.gathered:
                self.flush()
        except TooManyBlocks:
            return Blocks(stated=self.found.stated, is_full=True)
        while self.names:
            self.close_element()
        self.found.elements = self.elements()
        del self.found.stated.metas[MAX_STATED:]
        return self.found

    def take(self, parts: list[str], is_split: bool) -> int:
        """Take in tags; the number of the first that was cut inside of a quoted value, -1 where none was."""
        # A page has a thousand of them, and four in five have no text behind them: nothing is called that need not be.
        gathered, names, tags, skips, steps = self.gathered, self.names, self.tags, self.skips, STEPS
        numbers, metas, is_ruled, in_link = self.open_numbers, self.found.stated.metas, self.is_ruled, False
        tag_names, texts = parts[0::3], parts[2::3]
        left = zip(count(), tag_names, parts[1::3], texts, strict=False)
        for number, name, tag, text in left:
            if tag and is_split and (tag.count('"') & 1 or "'" in tag) and is_cut(tag):
                return number
            kind, name, closes, is_special, is_inside = steps.get(name) or read_step(name)
            if kind == OPEN:
                if gathered and not skips and not is_inside:
                    self.flush()
                if names[-1] in closes:
                    self.close_implied(closes)
                names.append(name)
                tags.append(tag)
                if in_link and name in CELLS:  # a link that is never closed ends with its cell
                    in_link = False
                if is_special or (is_ruled and RULE in tag):
                    self.open_special(name, tag)
                    if len(skips) == 1 and self.jump(left, tag_names, texts, number):
                        continue
            elif kind == CLOSE:
                if gathered and not skips:
                    self.flush()
                if names[-1] != name:
                    self.close_misnested(name)
                elif is_ruled or skips:
                    self.close_element()
                else:
                    del names[-1], tags[-1]
                    if len(numbers) > len(names):
                        self.end_element(numbers.pop(), name)
            elif LINK <= kind <= LINK_END:
                in_link = kind == LINK and ("href" in tag or "HREF" in tag)
            elif kind == META:
                metas.append(tag)
            elif kind == SPAN and ("caption" in tag or "credit" in tag):
                if is_glued_caption(tag, number, tag_names, texts, names[-1]):
                    continue
            elif kind > NOTHING:
                self.take_other(kind, name, tag)
            if not text:
                continue
            if skips:
                if self.aside is not None:
                    self.aside.append(text)
            elif not text.isspace():
                if "&" in text:
                    text = unescape(text)
                if in_link:
                    self.link_chars += len(text.strip())
                self.breaks = 0
                gathered.append(text)
            elif gathered:
                gathered.append(" ")
        return -1

    def close_element(self) -> None:
        """Take the innermost element from the stack."""
        names, numbers = self.names, self.open_numbers
        name, level = names.pop(), len(names)
        self.tags.pop()
        if len(numbers) > level:
            self.end_element(numbers.pop(), name)
        if self.skips and self.skips[-1] == level:
            self.end_skip(name)
        elif self.bodies and self.bodies[-1] == level:
            self.bodies.pop()

    def end_element(self, number: int, name: str) -> None:
        """End an element that holds blocks."""
        self.ends[number] = len(self.found.blocks)
        if name == "tr":
            self.join_cells(number)

    def close_implied(self, closes: frozenset[str]) -> None:
        """Close what an opening tag closes without an end tag of its own: the `p` before a `div`."""
        names = self.names
        while len(names) > 1 and names[-1] in closes:
            is_last = names[-1] in LAST_CLOSED
            self.close_element()
            if is_last:
                return

    def close_misnested(self, name: str) -> None:
        """Close up to the element that an end tag names, if it is near and no table is between."""
        names = self.names
        barrier = TABLES if name in IN_TABLE else CELLS_AND_TABLES
        for level in range(1, min(len(names), MAX_MISNESTED)):
            found = names[-level]
            if found == name or (name in HEADINGS and found in HEADINGS):
                for _ in range(level):
                    if self.gathered and not self.skips:
                        self.flush()
                    self.close_element()
                return
            if found in barrier:
                return

    def open_special(self, name: str, tag: str) -> None:
        """Begin to skip, to keep a title's or footer's text aside, or the body of a site's rules."""
        rule = attributes(tag).get(RULE) if self.is_ruled and RULE in tag else None
        level = len(self.names) - 1
        if rule == "body":
            self.bodies.append(level)
        elif name in SKIPPED or rule == "drop" or (name == "footer" and self.is_outer_footer()):
            if (name == "footer" and not rule) or (name == "title" and self.found.stated.title is None):
                self.aside = [] if self.aside is None else self.aside
            self.skips.append(level)

    def jump(self, left: Iterator[object], names: list[str], texts: list[str], number: int) -> bool:
        """Go on at the end tag of the skipped element that was opened with a tag of this number, where it is plain."""
        name = self.names[-1]
        self.jumps += 1
        if self.is_ruled or name in IN_HEAD or self.jumps > MAX_JUMPS:
            return False
        try:
            end = names.index(f"/{name}", number, number + MAX_JUMP)
        except ValueError:
            return False
        if name in names[number + 1 : end]:
            return False
        if self.aside is not None:
            self.aside += texts[number:end]
        deque(islice(left, end - number - 1), maxlen=0)
        return True

    def is_outer_footer(self) -> bool:
        """Whether the innermost element is a footer of the page, not of its story: these never hold any of it."""
        if self.skips or self.footers >= MAX_FOOTERS or not OF_A_STORY.isdisjoint(self.names[-MAX_MISNESTED:-1]):
            return False
        self.footers += 1
        return True

    def end_skip(self, name: str) -> None:
        """Behind an element that was skipped; what was kept of it goes to its place."""
        self.skips.pop()
        if self.aside is None or (name == "footer" and self.skips) or name not in ("title", "footer"):
            return
        text, self.aside = "\n".join(self.aside), None
        if name == "title":
            self.found.stated.title = fold(unescape(text[:MAX_TITLE_CHARS]))
        elif "©" in text or "copy;" in text or "opyright" in text or "rights reserved" in text:
            lines = [line for line in text.split("\n") if "&" in line or may_be_copyright(line.lstrip())]
            self.found.notices += [line for line in (fold(unescape(line)) for line in lines) if is_copyright(line)]

    def take_other(self, kind: int, name: str, tag: str) -> None:
        """Take in a rare tag."""
        if kind == BREAK:
            self.line_break()
        elif kind == STATED:
            self.note_stated(name, tag)
        elif self.gathered:
            self.flush()

    def note_stated(self, name: str, tag: str) -> None:
        """Keep a tag by which the page describes itself."""
        stated = self.found.stated
        if name == "html":
            stated.language = stated.language or attributes(tag).get("lang")
        elif name == "body":
            if self.names[-1] == "head":
                self.close_element()
            if not self.rows:
                self.tags[0] = tag
        elif name != "time" or "datetime" in tag:
            kept = stated.links if name == "link" else stated.times
            if len(kept) < MAX_STATED:
                kept.append(tag)

    def innermost_element(self) -> int:
        """The number of the element that a block is in; elements are numbered when they get their first block."""
        numbers, rows, start, path_numbers = self.open_numbers, self.rows, len(self.found.blocks), self.path_numbers
        parent, path = (numbers[-1], rows[numbers[-1]][5]) if numbers else (-1, -1)
        for level in range(len(numbers), len(self.names)):
            name, tag = self.names[level], self.tags[level]
            says, key = HEADS.get((name, tag)) or read_head(name, tag)
            path = path_numbers.setdefault(hash((path, key)), len(path_numbers))
            parent, row = len(rows), (name, says, parent, start, level, path)
            rows.append(row)
            numbers.append(parent)
        return parent

    def join_cells(self, row: int) -> None:
        """Make one block of a table's row, if each of its cells is one short block; else it is part of a layout."""
        blocks, start = self.found.blocks, self.rows[row][3]
        if len(self.rows) - row > MAX_ROW_ELEMENTS or len(blocks) - start > MAX_ROW_ELEMENTS:
            return  # a layout, or tables within tables: looking at all of it each time would be quadratic
        cells = blocks[start:]
        inside = self.rows[row + 1 :]
        if not 1 < len(cells) == sum(element[2] == row for element in inside):
            return
        if any(cell.words >= CELL_WORDS or cell.tag in HEADINGS for cell in cells):
            return
        text = CELL_SEPARATOR.join(cell.text.replace("\n", " ") for cell in cells)
        links, words = sum(cell.link_chars for cell in cells), sum(cell.words for cell in cells)
        blocks[start:] = [Block(text, "tr", row, links, cells[0].in_body, words)]
        del self.rows[row + 1 :]
        self.ends[row] = start + 1

    def elements(self) -> Elements:
        """The elements that were numbered, a list a property; all are closed."""
        if not self.rows:
            return Elements()
        tags, names, parents, starts, depths, paths = map(list, zip(*self.rows, strict=True))
        ends = list(map(self.ends.__getitem__, range(len(tags))))
        return Elements(tags, names, parents, starts, ends, depths, paths)

    def line_break(self) -> None:
        if self.skips:
            return
        self.breaks += 1
        if self.breaks > 1:
            if self.gathered:
                self.flush()
        else:
            self.links_before_break.append(self.link_chars)
            self.gathered.append("\x0b")  # distinguished from the source's own line ends, which are blanks

    def flush(self) -> None:
        """End the block that is being gathered."""
        gathered = self.gathered
        raw = gathered[0] if len(gathered) == 1 else "".join(gathered)
        gathered.clear()
        self.breaks = 0
        link_chars, self.link_chars = self.link_chars, 0
        if "\x0b" in raw:
            self.flush_lines(raw, link_chars)
            return
        text = fold(raw)
        if text and not (link_chars >= len(text) and self.names[-1] == "li" and self.is_menu_item(text)):
            self.add_block(text, link_chars)

    def is_menu_item(self, text: str) -> bool:
        """Whether a list item that is one link is in a menu: above the headline, where half of them do."""
        return not self.has_headline and text.count(" ") < MENU_WORDS

    def flush_lines(self, raw: str, link_chars: int) -> None:
        """End a block with line breaks: one block, or one a line where the lines are paragraphs."""
        links_before_break, self.links_before_break = self.links_before_break, []
        lines = [fold(line) for line in raw.split("\x0b")]
        if len(lines) > 1 and sum(map(is_paragraph, lines)) > 1:
            links = [after - before for before, after in pairwise([0, *links_before_break, link_chars])]
            for line, line_links in zip(lines, links, strict=True):
                if line:
                    self.add_block(line, line_links)
        elif text := "\n".join(filter(None, lines)):
            self.add_block(text, link_chars)

    def add_block(self, text: str, link_chars: int) -> None:
        names, numbers = self.names, self.open_numbers
        parent = numbers[-1] if len(numbers) == len(names) else self.innermost_element()
        if names[-1] == "h1":
            self.has_headline = True
        self.found.blocks.append(Block(text, names[-1], parent, link_chars, bool(self.bodies), count_words(text)))
        if len(self.found.blocks) > MAX_BLOCKS:
            raise TooManyBlocks


def read_step(name: str) -> Step:
    """What to do with a tag of that name, which begins with `/` for an end tag; remembered."""
    lowered = name.lower()
    step = step_of_end(lowered[1:]) if name[0] == "/" else step_of(lowered)
    if len(STEPS) >= MAX_REMEMBERED:
        STEPS.clear()
    if len(name) <= MAX_REMEMBERED_CHARS:
        STEPS[name] = step
    return step


def step_of_end(name: str) -> Step:
    if name in ("a", "br"):  # browsers take </br> for a break
        return LINK_END if name == "a" else BREAK, name, NONE, False, False
    is_nothing = name in INLINE or name in IGNORED or ":" in name or name in ("body", "html", "meta", "link")
    return NOTHING if is_nothing else CLOSE, name, NONE, False, False


def step_of(name: str) -> Step:
    if name in INLINE or name in IGNORED or ":" in name:  # a word processor's <o:p>
        return STATED if name == "time" else SPAN if name == "span" else NOTHING, name, NONE, False, False
    kind = KINDS.get(name, OPEN)
    if kind != OPEN:
        return kind, name, NONE, False, False
    is_special = name in SKIPPED or name == "footer"
    closes = CLOSES.get(name, NONE if name in IN_HEAD else NOT_OF_HEAD)
    return OPEN, name, closes, is_special, name in SKIPPED and name not in CLOSES


def read_head(name: str, tag: str) -> tuple[int, int]:
    """What the tag says that opens an element, and a key of its name and class; remembered."""
    classes, element_id = (value_of(tag, "class"), value_of(tag, "id")) if tag else ("", "")
    says = names_say(classes) if classes else NO_MARKS
    if element_id:
        says = both_say(says, names_say(element_id))
    says |= TAG_MARKS.get(name, NO_MARKS) | (HAS_NAME if classes or element_id else 0)
    head = says, hash((name, classes))
    if len(HEADS) >= MAX_REMEMBERED:
        HEADS.clear()
    if len(tag) <= MAX_REMEMBERED_CHARS:
        HEADS[name, tag] = head
    return head


def is_glued_caption(tag: str, number: int, names: list[str], texts: list[str], open_name: str) -> bool:
    """Whether a span is a caption that is beside the text of a paragraph, as some sites put it; its text is none of it."""
    if open_name != "p" or not CAPTION_CLASS.search(tag) or names[number + 1 : number + 2] != ["/span"]:
        return False
    is_beside_text = bool((number and texts[number - 1]) or texts[number + 1])
    return is_beside_text and 0 < len(texts[number]) <= MAX_CAPTION_CHARS


def is_paragraph(line: str) -> bool:
    """Whether a line between two `<br>` is a paragraph of its own, and no line of a poem or an address."""
    return count_words(line) >= PARAGRAPH_WORDS and ends_sentence(line)


def walk_page(markup: str, is_ruled: bool = False) -> Blocks:
    """The blocks of a page, each with the marks of the elements around it; `is_ruled`: a site's rules marked some."""
    found = BlockParser(is_ruled).run(markup)
    marks = spread_marks(found)
    for block in found.blocks:
        block.marks = marks[block.parent]
    return found


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
