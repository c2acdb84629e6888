"""The walk over a parsed page: its text as blocks in document order, and what the page states of itself.

A block is a run of inline text that a block element or a double `<br>` ends. A single `<br>` stays inside as a line
break, unless it separates whole paragraphs. Scripts, form controls, navigation and hidden elements are skipped.
Captions are kept, marked, for `media`. The row of a table of short cells is one block.
"""

from __future__ import annotations

import re
from itertools import pairwise

from selectolax.lexbor import LexborNode

from newscrawl.extraction.blocks import HEADINGS, Attributes, Block, Blocks, Elements, count_words, spread_marks
from newscrawl.extraction.class_names import HAS_NAME, NO_MARKS, ClassMark, both_say, names_say
from newscrawl.extraction.parse import ParsedPage
from newscrawl.extraction.visibility import is_hidden
from newscrawl.text.boilerplate import ends_sentence, is_copyright, may_be_copyright
from newscrawl.text.whitespace import fold

(
    TEXT,
    INLINE_TEXT,
    LINK,
    BLOCK,
    BREAK,
    RULER,
    SKIP,
    SKIP_AS_BLANK,
    SKIP_AS_BREAK,
    TITLE,
    STATED,
    TIME,
    NOSCRIPT,
    HEAD,
    FOOTER,
) = range(15)
# fmt: off
INLINE = frozenset((
    "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "label", "mark", "nobr", "q", "rb", "ruby", "s", "samp", "slot", "small", "span", "strike", "strong", "sub", "sup",
    "time", "tt", "u", "var", "wbr",
))
BLOCKS = (
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dir", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "form", *HEADINGS, "header", "hgroup", "legend", "li", "listing", "main",
    "marquee", "menu", "ol", "p", "picture", "pre", "search", "section", "summary", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "ul",
)
# fmt: on
KINDS = {
    "-text": TEXT,
    "a": LINK,
    "br": BREAK,
    **dict.fromkeys(BLOCKS, BLOCK),
    **dict.fromkeys(INLINE, INLINE_TEXT),
    **dict.fromkeys(("basefont", "bgsound", "frame", "hr", "keygen"), RULER),
    **dict.fromkeys(("-comment", "!doctype", "img", "source", "track", "area", "base", "col", "embed", "param"), SKIP),
    **dict.fromkeys(("script", "style", "svg", "math", "template", "rt", "rp", "xmp", "noembed", "noframes"), SKIP),
    **dict.fromkeys(("plaintext", "input", "canvas"), SKIP),
    **dict.fromkeys(("button", "select", "textarea", "iframe", "video", "audio", "object"), SKIP_AS_BLANK),
    **dict.fromkeys(("option", "optgroup"), SKIP_AS_BLANK),
    **dict.fromkeys(("nav", "dialog"), SKIP_AS_BREAK),
    "title": TITLE,
    **dict.fromkeys(("meta", "link"), STATED),
    "time": TIME,
    "noscript": NOSCRIPT,
    "head": HEAD,
    "footer": FOOTER,
}
OF_A_STORY = frozenset(("article", "main", "footer"))  # a footer inside of these is not the page's
RULE = "data-newscrawl-rule"  # set on the nodes that a site's rules select
TAG_MARKS = {
    "figure": ClassMark.CAPTION,
    "figcaption": ClassMark.CAPTION,
    "picture": ClassMark.CAPTION,
    "footer": ClassMark.FOOTER,
    "aside": ClassMark.ASIDE,
}
PARAGRAPH_WORDS = 8
RUNNING_WORDS = 10
CHARS_OF_WORD = 5
MAX_ROW_ELEMENTS = 300  # of a row whose cells may be joined
CELL_WORDS = 25  # a longer cell belongs to a layout, not to a table of data
MENU_WORDS = 3  # of a menu item, at most
CELL_SEPARATOR = " | "
LONG_NOSCRIPT = 2_000  # characters of markup: a page that scripts fill may hold its whole story in one
MAX_INNER = 60  # nodes of an unknown element that are searched for a block
MAX_AROUND = 64
MAX_FOOTERS = 20
MAX_BLOCKS = 20_000
MAX_TITLE_CHARS = 5_000
CAPTION_CLASS = re.compile(r"caption|(?:photo|image)[-_]credit")
MAX_CAPTION_CHARS = 400  # of one within a paragraph
MAX_STATED = 500  # elements of each kind that are kept
LINE_BREAK = "\x0b"  # in gathered text: distinguished from the source's own line ends, which are blanks
# What tag, class and id of an element say, and a key of tag and class. The pages of a site share them.
HEADS: dict[tuple[str, str, str], tuple[int, int]] = {}
MAX_REMEMBERED = 16_384  # emptied when it is full
MAX_REMEMBERED_CHARS = 400


class _TooManyBlocks(Exception):
    """A page of more than MAX_BLOCKS is not a story, and would cost seconds and gigabytes."""


class _Walk:
    """One pass over the nodes of a page."""

    def __init__(self, *, is_ruled: bool, keep_hidden: bool) -> None:
        self.is_ruled, self.keep_hidden = is_ruled, keep_hidden
        self.found = Blocks()
        self.gathered: list[str] = []
        self.link_chars = 0
        self.links_before_break: list[int] = []
        self.breaks = self.links = self.footers = self.bodies = self.hidden_chars = 0
        self.has_headline = False
        self.names: list[str] = []  # of the open block elements
        self.heads: list[Attributes] = []  # their attributes
        self.rows: list[tuple[str, int, int, int, int, int]] = []  # elements, in the order of the lists of Elements
        self.ends: dict[int, int] = {}
        self.open_numbers: list[int] = []  # of those open elements that hold a block already: the outer ones
        self.path_numbers: dict[int, int] = {}

    def run(self, root: LexborNode) -> Blocks:
        """The blocks of a page's body. None where there are too many."""
        try:
            for node in root.iter():
                if node.tag == "body":
                    self._descend(node)
                else:
                    self._read_stated(node, node.tag or "")
        except _TooManyBlocks:
            return Blocks(stated=self.found.stated, is_full=True)
        self.found.elements = self._elements()
        return self.found

    def _descend(self, body: LexborNode) -> None:
        """Visit the nodes in document order, without recursion: pages nest thousands of elements."""
        stack: list[tuple[LexborNode, int]] = []  # the open elements, each with what ends with it
        gathered = self.gathered
        node: LexborNode | None = body
        while node is not None:
            name = node.tag or ""
            kind = KINDS.get(name, -1)
            if kind == TEXT:
                text = node.text_content or ""
                if not text.isspace():
                    self.breaks = 0
                    if self.links:
                        self.link_chars += len(text.strip())
                    gathered.append(text.replace(LINE_BREAK, " ") if LINE_BREAK in text else text)
                elif gathered:
                    gathered.append(" ")
            elif kind == BREAK:
                self._line_break()
            elif kind != SKIP:
                child = node.first_child
                entered = self._enter(node, name, kind, child is not None)
                if entered >= 0 and child is not None:
                    stack.append((node, entered))
                    node = child
                    continue
            after = node.next if stack else None
            while after is None and stack:
                node, entered = stack.pop()
                if entered:
                    self._leave(entered)
                after = node.next if stack else None
            node = after

    def _enter(self, node: LexborNode, name: str, kind: int, has_child: bool) -> int:
        """What ends with this element (bits of ENDS_...), -1 where it is not entered."""
        if kind >= RULER:
            if self.is_ruled and node.attributes.get(RULE) == "body" and kind not in RARE:
                return self._enter(node, name, BLOCK, has_child)  # a script takes the story from a form field
            if kind in RARE:
                return self._enter_rare(node, name, kind)
            self._pass_over(kind)
            return -1
        if not has_child:
            if kind == BLOCK and self.gathered:
                self._end_run()
            return -1
        attributes = node.attributes
        rule = attributes.get(RULE) if self.is_ruled else None
        if attributes and not rule and not self.keep_hidden and is_hidden(attributes) and self._may_hide(node, name):
            rule = "drop"
        if kind < 0:
            kind = BLOCK if holds_block(node) else INLINE_TEXT
        if (kind == BLOCK or rule == "body") and self.gathered:
            self._end_run()
        if rule == "drop":
            return -1
        ends = 0
        if kind == BLOCK or rule:
            self.names.append(name)
            self.heads.append(attributes)
            ends = ENDS_BLOCK
        elif name == "span" and attributes and self._is_glued_caption(node, attributes):
            return -1
        if kind == LINK and "href" in attributes:
            self.links += 1
            ends |= ENDS_LINK
        if rule == "body":
            self.bodies += 1
            ends |= ENDS_BODY
        return ends

    def _enter_rare(self, node: LexborNode, name: str, kind: int) -> int:
        """As `_enter`, for elements that a page has few of."""
        if kind == NOSCRIPT:
            return 0 if len(node.html or "") > LONG_NOSCRIPT else -1
        if kind == TIME:
            if node.attributes.get("datetime"):
                self._keep("times", node.attributes)
            return self._enter(node, name, INLINE_TEXT, node.first_child is not None)
        if kind == FOOTER:
            if (self.is_ruled and node.attributes.get(RULE)) or not self._is_outer_footer():
                return self._enter(node, name, BLOCK, node.first_child is not None)
            self._end_run()
            self._read_notices(node)
            return -1
        self._read_stated(node, name)
        return -1

    def _read_stated(self, node: LexborNode, name: str) -> None:
        """Keep what an element of the head says, wherever it is."""
        if name == "head":
            for child in node.iter():
                self._read_stated(child, child.tag or "")
        elif name in ("meta", "link"):
            self._keep(f"{name}s", node.attributes)
        elif name == "title" and self.found.stated.title is None:
            self.found.stated.title = fold(node.text()[:MAX_TITLE_CHARS])

    def _keep(self, kind: str, attributes: Attributes) -> None:
        kept = getattr(self.found.stated, kind)
        if len(kept) < MAX_STATED:
            kept.append(attributes)

    def _pass_over(self, kind: int) -> None:
        """Go past an element without its text."""
        if kind == SKIP_AS_BLANK:
            if self.gathered:
                self.gathered.append(" ")
        else:
            self._end_run()

    def _leave(self, ends: int) -> None:
        """End an element with what it began."""
        if ends & ENDS_BLOCK:
            if self.gathered:
                self._end_run()
            name = self.names.pop()
            self.heads.pop()
            if len(self.open_numbers) > len(self.names):
                number = self.open_numbers.pop()
                self.ends[number] = len(self.found.blocks)
                if name == "tr":
                    self._join_cells(number)
        if ends & ENDS_LINK:
            self.links -= 1
        if ends & ENDS_BODY:
            self.bodies -= 1

    def _may_hide(self, node: LexborNode, name: str) -> bool:
        """Note how much text a hidden element holds. The body hides nothing."""
        if name == "body":
            return False
        self.hidden_chars += len(node.text())
        return True

    def _is_outer_footer(self) -> bool:
        """Whether the next footer is the page's, not its story's: the page's never holds any of the story."""
        if self.footers >= MAX_FOOTERS or not OF_A_STORY.isdisjoint(self.names[-MAX_AROUND:]):
            return False
        self.footers += 1
        return True

    def _read_notices(self, footer: LexborNode) -> None:
        """Keep the copyright lines of the page's footer."""
        text = footer.text(separator="\n")
        if "©" not in text and "opyright" not in text and "rights reserved" not in text:
            return
        lines = (fold(line) for line in text.split("\n") if may_be_copyright(line.lstrip()))
        self.found.notices += [line for line in lines if is_copyright(line)]

    def _is_glued_caption(self, node: LexborNode, attributes: Attributes) -> bool:
        """Whether a span is a caption that some sites put beside the text of a paragraph. It is not part of the text."""
        names = attributes.get("class")
        if not names or not CAPTION_CLASS.search(names) or not self.names or self.names[-1] != "p":
            return False
        inside, before, after = node.first_child, node.prev, node.next
        if inside is None or inside.tag != "-text" or inside.next is not None:
            return False
        is_beside_text = (before is not None and before.tag == "-text") or (after is not None and after.tag == "-text")
        return is_beside_text and len(inside.text_content or "") <= MAX_CAPTION_CHARS

    def _innermost_element(self) -> int:
        """The number of the element that a block is in. Elements are numbered when they get their first block."""
        numbers, rows, start, path_numbers = self.open_numbers, self.rows, len(self.found.blocks), self.path_numbers
        parent, path = (numbers[-1], rows[numbers[-1]][5]) if numbers else (-1, -1)
        for level in range(len(numbers), len(self.names)):
            name, attributes = self.names[level], self.heads[level]
            says, key = _read_head(name, attributes.get("class") or "", attributes.get("id") or "")
            path = path_numbers.setdefault(hash((path, key)), len(path_numbers))
            parent, row = len(rows), (name, says, parent, start, level, path)
            rows.append(row)
            numbers.append(parent)
        return parent

    def _join_cells(self, row: int) -> None:
        """Make one block of a table's row, if each of its cells is one short block. Others belong to a layout."""
        blocks, start = self.found.blocks, self.rows[row][3]
        if len(self.rows) - row > MAX_ROW_ELEMENTS or len(blocks) - start > MAX_ROW_ELEMENTS:
            return  # a layout, or tables within tables: going through all of it each time would be quadratic
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

    def _elements(self) -> Elements:
        """The elements that were numbered, a list a property. All are closed."""
        if not self.rows:
            return Elements()
        tags, names, parents, starts, depths, paths = map(list, zip(*self.rows, strict=True))
        ends = list(map(self.ends.__getitem__, range(len(tags))))
        return Elements(tags, names, parents, starts, ends, depths, paths)

    def _line_break(self) -> None:
        self.breaks += 1
        if self.breaks > 1:
            self._end_run()
        else:
            self.links_before_break.append(self.link_chars)
            self.gathered.append(LINE_BREAK)

    def _end_run(self) -> None:
        """End the block that is being gathered."""
        gathered = self.gathered
        if not gathered:
            return
        raw = gathered[0] if len(gathered) == 1 else "".join(gathered)
        gathered.clear()
        self.breaks = 0
        link_chars, self.link_chars = self.link_chars, 0
        if LINE_BREAK in raw:
            self._end_lines(raw, link_chars)
            return
        text = fold(raw)
        if text and not (link_chars >= len(text) and self.names[-1] == "li" and self._is_menu_item(text)):
            self._add_block(text, link_chars)

    def _is_menu_item(self, text: str) -> bool:
        """Whether a list item that is one link is in a menu: above the headline, where half of them are."""
        return not self.has_headline and text.count(" ") < MENU_WORDS

    def _end_lines(self, raw: str, link_chars: int) -> None:
        """End a block with line breaks: one block, or one a line where the lines are paragraphs."""
        links_before_break, self.links_before_break = self.links_before_break, []
        lines = [fold(line) for line in raw.split(LINE_BREAK)]
        if len(lines) > 1 and sum(map(is_paragraph, lines)) > 1:
            links = [after - before for before, after in pairwise([0, *links_before_break, link_chars])]
            for line, line_links in zip(lines, links, strict=True):
                if line:
                    self._add_block(line, line_links)
        elif text := "\n".join(filter(None, lines)):
            self._add_block(text, link_chars)

    def _add_block(self, text: str, link_chars: int) -> None:
        names, numbers = self.names, self.open_numbers
        parent = numbers[-1] if len(numbers) == len(names) else self._innermost_element()
        if names[-1] == "h1":
            self.has_headline = True
        self.found.blocks.append(Block(text, names[-1], parent, link_chars, self.bodies > 0, count_words(text)))
        if len(self.found.blocks) > MAX_BLOCKS:
            raise _TooManyBlocks


ENDS_BLOCK, ENDS_LINK, ENDS_BODY = 1, 2, 4
RARE = frozenset((TITLE, STATED, TIME, NOSCRIPT, HEAD, FOOTER))


def holds_block(node: LexborNode) -> bool:
    """Whether an element that HTML does not know has a block inside, as far as its first nodes show."""
    for count, inner in enumerate(node.traverse()):
        if count and KINDS.get(inner.tag or "") == BLOCK:
            return True
        if count >= MAX_INNER:
            return False
    return False


def _read_head(name: str, classes: str, element_id: str) -> tuple[int, int]:
    """What tag, class and id of an element say, and a key of tag and class. Remembered."""
    head = HEADS.get((name, classes, element_id))
    if head is not None:
        return head
    says = names_say(classes) if classes else NO_MARKS
    if element_id:
        says = both_say(says, names_say(element_id))
    says |= TAG_MARKS.get(name, NO_MARKS) | (HAS_NAME if classes or element_id else 0)
    head = says, hash((name, classes))
    if len(HEADS) >= MAX_REMEMBERED:
        HEADS.clear()
    if len(classes) + len(element_id) <= MAX_REMEMBERED_CHARS:
        HEADS[name, classes, element_id] = head
    return head


def is_paragraph(line: str) -> bool:
    """Whether a line between two `<br>` is a paragraph of its own, and not the line of a poem or an address."""
    return count_words(line) >= PARAGRAPH_WORDS and ends_sentence(line)


def walk_page(page: ParsedPage, is_ruled: bool = False) -> Blocks:
    """The blocks of a page, each with the marks of the elements around it. `is_ruled`: a site's rules marked some."""
    if page.tree is None or page.tree.root is None:
        return Blocks()
    found = _visible_blocks(page.tree.root, is_ruled)
    stated = found.stated
    stated.language = page.tree.root.attributes.get("lang")
    stated.data = [node.text() for node in page.tree.css('script[type*="ld+json" i]')[:MAX_STATED]]
    marks = spread_marks(found)
    for block in found.blocks:
        block.marks = marks[block.parent]
    return found


def _visible_blocks(root: LexborNode, is_ruled: bool) -> Blocks:
    """The blocks that a browser shows. Where scripts show the story later, the hidden ones too."""
    walk = _Walk(is_ruled=is_ruled, keep_hidden=False)
    shown = walk.run(root)
    shown_words = running_words(shown)
    if shown.is_full or walk.hidden_chars <= CHARS_OF_WORD * shown_words:
        return shown
    whole = _Walk(is_ruled=is_ruled, keep_hidden=True).run(root)
    return whole if running_words(whole) > 2 * shown_words else shown


def running_words(page: Blocks) -> int:
    """The words of the sentences of a page that are not links."""
    return sum(
        block.words
        for block in page.blocks
        if block.words >= RUNNING_WORDS and block.link_chars < 0.3 * len(block.text) and ends_sentence(block.text)
    )
