"""What the block model sees of a page: a column of numbers a block, a row a feature.

Most of what tells a story's paragraph from the rest is where its words stand: which share of the page's running
text has the same path of tags and classes, the same parent, the same grandparent, and how far from the element that
holds most of it the block is. The order of the rows is that of the model file, which holds their names.

Everything is computed for all blocks of a page at once: a page has some 150 of them, and a call of numpy costs as much
as a few steps of Python.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from newscrawl.extraction.blocks import HEADINGS, Blocks
from newscrawl.extraction.class_names import NEGATIVE_NAME, POSITIVE_NAME, ClassMark
from newscrawl.extraction.stated import Stated
from newscrawl.text.boilerplate import ends_sentence

Array = npt.NDArray[Any]
Rows = dict[str, Array]

# fmt: off
TAGS = {
    tag: number
    for number, tag in enumerate((
        "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "tr", "blockquote", "section", "article", "span",
        "dd", "dt", "figcaption", "main", "body", "aside", "header", "footer", "pre", "center", "form", "table",
    ), start=1)
}
TAGS_AND_OTHERS = ("", *TAGS)
IS_HEADING = np.array([tag in HEADINGS for tag in TAGS_AND_OTHERS])
IS_ITEM = np.array([tag in ("p", "li", "h2", "h3", "h4", "blockquote", "dd") for tag in TAGS_AND_OTHERS])
# What the elements around a block add to its counts.
AROUND = {
    "li": "in-list", "ul": "in-list", "ol": "in-list", "article": "in-article", "main": "in-main",
    "table": "in-table",
}
COUNTED = ("positive", "negative", "related", "in-list", "in-article", "in-main", "in-table")
# fmt: on
BITS = 8  # of a number that holds all these counts
UNIT = {name: 1 << (BITS * n) for n, name in enumerate(COUNTED)}
ELEMENTS = {
    **TAGS,
    **{tag: number for number, tag in enumerate(sorted(AROUND.keys() - TAGS.keys()), start=len(TAGS) + 1)},
}
TAG_OF_ELEMENT = np.array([TAGS.get(tag, 0) for tag in ("", *ELEMENTS)])
UNIT_OF_ELEMENT = np.array([UNIT[AROUND[tag]] if tag in AROUND else 0 for tag in ("", *ELEMENTS)])
OVERFLOW = sum(0x80 << (BITS * n) for n in range(len(COUNTED)))
LINK_RATE, LINK_WORDS = 0.9, 4  # shorter blocks that are links alone are not story
TEASER_LINKS, TEASER_WORDS = 0.6, 8  # nor are, where a class says teasers or menus, links and shorter blocks
NEVER_STORY = ClassMark.COMMENT | ClassMark.FOOTER
COMPARED_WORDS = 60  # longer blocks are not compared with title and description, nor teasers
FAR = -50, 200  # bounds of the distance to the headline, in blocks
COMPARED_CHARS = 40  # of a block's head and tail, with the text that the page states


@dataclass(frozen=True, slots=True)
class Features:
    """A row a feature and a column a judged block; `blocks` are the numbers of these."""

    names: list[str]
    rows: npt.NDArray[np.float32]
    blocks: Array


class Shape:
    """The page's blocks and elements as arrays; `own` names come from the element a block is in directly."""

    def __init__(self, page: Blocks) -> None:
        blocks, elements = page.blocks, page.elements
        self.blocks, self.elements = blocks, elements
        self.texts = [block.text for block in blocks]
        self.tags = [block.tag for block in blocks]
        self.count = len(blocks)
        self.parents = [block.parent for block in blocks]
        self.parent = np.array(self.parents)
        self.element_parent = np.array(elements.parents)
        self.element_tag = np.array([ELEMENTS.get(tag, 0) for tag in elements.tags])
        self.start, self.end = np.array(elements.starts), np.array(elements.ends)
        self.words = np.array([block.words for block in blocks], float)
        self.chars = np.array([len(text) for text in self.texts], float)
        self.link_chars = np.array([block.link_chars for block in blocks], float)
        self.link_rate = np.minimum(1.0, self.link_chars / self.chars)
        self.plain_words = self.words * (1.0 - self.link_rate)
        self.marks = np.array([block.marks for block in blocks])
        self.judged = self.is_judged().nonzero()[0]
        self.judged_blocks = [blocks[n] for n in self.judged]
        self.ends = np.zeros(self.count, bool)
        self.ends[self.judged] = [ends_sentence(block.text) for block in self.judged_blocks]
        self.tag = np.array([TAGS.get(tag, 0) for tag in self.tags])
        self.heading = IS_HEADING[self.tag]
        is_long = (self.words >= 25) | ((self.words >= 8) & self.ends)
        self.running = (self.link_rate < 0.5) & is_long & ~self.heading
        self.running_words = self.plain_words * self.running
        self.total = max(1.0, float(self.running_words.sum()))
        self.before = running_sum(self.running_words)
        self.subtree = self.before[self.end] - self.before[self.start]
        self.second = np.maximum(self.element_parent[self.parent], 0)  # two levels up; the root's if there are none
        self.third = np.maximum(self.element_parent[self.second], 0)
        self.fourth = np.maximum(self.element_parent[self.third], 0)
        # the element each block is an item of: above a paragraph, the block's own element else
        self.container = np.where(IS_ITEM[self.tag], self.second, self.parent)
        self.in_container = np.bincount(self.container, weights=self.running_words, minlength=len(elements))

    def is_judged(self) -> Array:
        """Which blocks the model is asked about: of the others, half of all, hardly one in a hundred is a story's."""
        is_menu = (self.link_rate > LINK_RATE) & (self.words < LINK_WORDS)
        is_beside = (self.marks & NEVER_STORY) > 0
        is_teaser = ((self.marks & ClassMark.RELATED) > 0) & (
            (self.link_rate > TEASER_LINKS) | (self.words < TEASER_WORDS)
        )
        found: Array = ~(is_menu | is_beside | is_teaser)
        return found

    def link_shares(self) -> Array:
        """Share of link characters below each element."""
        links, chars = running_sum(self.link_chars), running_sum(self.chars)
        below: Array = links[self.end] - links[self.start]
        below /= np.maximum(1.0, chars[self.end] - chars[self.start])
        return below


def running_sum(values: Array) -> Array:
    found = np.empty(len(values) + 1)
    found[0] = 0.0
    np.cumsum(values, out=found[1:])
    return found


def shifted(values: Array, by: int) -> Array:
    """The values of the blocks `by` places before (or behind, if negative); 0 beyond the ends."""
    found = np.zeros(len(values))
    if by > 0:
        found[by:] = values[:-by]
    else:
        found[:by] = values[-by:]
    return found


def inherited(shape: Shape, headline_at: int) -> Rows:
    """What the elements around each block say: marks, counts of telling classes and tags.

    A class that speaks of teasers or menus says nothing around the headline.
    """
    elements = shape.elements
    if headline_at >= 0:
        is_around = (shape.start <= headline_at) & (headline_at < shape.end)
    else:
        is_around = shape.subtree > 0.5 * shape.total
    is_wide = shape.subtree > 0.5 * shape.total  # around most of the text a class says nothing against it
    says = np.array(elements.names)
    own = (
        np.where(says & POSITIVE_NAME, UNIT["positive"], 0)
        + np.where((says & ClassMark.RELATED > 0) & ~is_around, UNIT["related"], 0)
        + np.where((says & NEGATIVE_NAME > 0) & ~is_wide, UNIT["negative"], 0)
        + UNIT_OF_ELEMENT[shape.element_tag]
    )
    counts: list[int] = []
    for parent, count in zip(elements.parents, own.tolist(), strict=True):
        if parent < 0:
            counts.append(count)
        else:
            counts.append(counted(counts[parent], count) if count else counts[parent])
    packed = np.array(counts, np.int64)[shape.parent]
    return {
        "caption": (shape.marks & ClassMark.CAPTION) > 0,
        **{name: (packed >> (BITS * n)) & 0x7F for n, name in enumerate(COUNTED)},
    }


def counted(counts: int, more: int) -> int:
    """The sum of two packed counts; it stays where one of them would overflow."""
    total = counts + more
    return total if not total & OVERFLOW else counts


def groups(shape: Shape) -> Rows:
    """How much of the running text is in the same place as each block."""
    at, total = shape.parent, shape.total
    path = np.array(shape.elements.paths)[at]
    path_words = np.bincount(path, weights=shape.running_words)
    links = shape.link_shares()
    kind = nearest_groups(shape)[at] * len(TAGS_AND_OTHERS) + shape.tag
    return {
        "path-words": path_words[path], "path-share": path_words[path] / total, "path-blocks": np.bincount(path)[path],
        "container-share": shape.in_container[shape.container] / total,
        "main-share": np.full(shape.count, shape.in_container.max() / total),
        "container-blocks": (shape.end - shape.start)[shape.container],
        "group-tag-share": np.bincount(kind, weights=shape.running_words)[kind] / total, "tag": shape.tag,
        "second-subtree": shape.subtree[shape.second] / total, "fourth-subtree": shape.subtree[shape.fourth] / total,
        "parent-links": links[at], "third-links": links[shape.third],
        "second-tag": TAG_OF_ELEMENT[shape.element_tag[shape.second]],
    }  # fmt: skip


def nearest_groups(shape: Shape) -> Array:
    """For each element the number of the innermost one, itself or around it, that holds more than one block.

    A paragraph may be in any number of elements of its own; its siblings are in the group.
    """
    return nearest_above(shape, (shape.end - shape.start > 1) | (shape.element_parent < 0))


def nearest_above(shape: Shape, is_wanted: Array) -> Array:
    """For each element the number of the innermost wanted one, itself or around it; the first element must be wanted."""
    nearest = np.where(is_wanted, np.arange(len(is_wanted)), shape.element_parent)
    while True:  # each round doubles the levels that have been climbed
        farther = nearest[nearest]
        if np.array_equal(farther, nearest):
            return nearest
        nearest = farther


def distances(shape: Shape, headline_at: int) -> Rows:
    """How far each block is from the element with most of the running text, and from the headline."""
    main = int(shape.in_container.argmax())
    up, down = levels(shape, main)
    index = np.arange(shape.count)
    members = ((shape.container == main) & shape.running).nonzero()[0]
    last = int(members[-1]) if len(members) else shape.count - 1
    words = running_sum(shape.words)
    most = innermost(shape, 0.6)
    to_headline = index - headline_at if headline_at >= 0 else np.full(shape.count, FAR[0])
    return {
        "levels-up": up, "levels-down": down, "behind": np.maximum(0, index - last),
        "words-behind": np.maximum(0.0, words[:-1] - words[last]), "within-60": (index >= shape.start[most]) & (index < shape.end[most]),
        "to-headline": np.minimum(np.maximum(to_headline, FAR[0]), FAR[1]), "place": index / shape.count,
        "share-before": shape.before[:-1] / shape.total,
    }  # fmt: skip


def innermost(shape: Shape, share: float) -> int:
    """The number of the innermost element with that share of the running text."""
    return int((shape.subtree >= share * shape.total).nonzero()[0].max(initial=0))


def levels(shape: Shape, main: int) -> tuple[Array, Array]:
    """Levels from each block's container up to an ancestor of the main one, and from there down to the main one."""
    is_around = np.zeros(len(shape.elements), bool)
    number = main
    while number >= 0:
        is_around[number] = True
        number = shape.elements.parents[number]
    depth = np.array(shape.elements.depths)
    common = depth[nearest_above(shape, is_around)][shape.container]  # the first element is around all others
    return depth[shape.container] - common, depth[main] - common


def digits(shape: Shape) -> Array:
    """Share of digits among the characters of each block."""
    codes = np.frombuffer("".join(shape.texts).encode("ascii", "replace"), np.uint8)  # a byte a character
    at = np.flatnonzero((codes - np.uint8(ord("0"))) < 10)  # unsigned: lower codes wrap around
    found: Array = np.diff(np.searchsorted(at, running_sum(shape.chars))) / shape.chars
    return found


def plain(shape: Shape) -> Rows:
    """The sizes and tags of each block."""
    times = Counter(shape.texts)
    return {
        "words": shape.words, "plain-words": shape.plain_words, "link-rate": shape.link_rate, "ends-sentence": shape.ends,
        "running": shape.running,
        "depth": np.array(shape.elements.depths)[shape.parent], "digits": digits(shape),
        "times": np.array([times[text] for text in shape.texts]),
    }  # fmt: skip


def compared(shape: Shape, stated: Stated) -> Rows:
    """Of the judged blocks alone: how much of each the page states elsewhere."""
    title, description = word_set(stated.title), word_set(stated.description)
    shares = []
    for block in shape.judged_blocks:
        if block.words > COMPARED_WORDS or block.marks & ClassMark.RELATED or not (title or description):
            shares.append((0.0, 0.0))
        else:
            words = set(block.text.lower().split())
            shares.append((len(words & title) / len(words), len(words & description) / len(words)))
    in_title, in_description = np.array(shares).reshape(-1, 2).T
    return {
        "in-title": in_title,
        "in-description": in_description,
        "in-stated-body": in_stated_body(shape, stated.body),
    }


def in_stated_body(shape: Shape, body: str | None) -> Array:
    """Whether head and tail of each block are in the text that the page states: 2, 1, 0; -1 where it states none."""
    if not body:
        return np.full(len(shape.judged), -1)
    squeezed = "".join(body.split())
    found = []
    for text in (block.text for block in shape.judged_blocks):
        own = "".join(text[:200].split()), "".join(text[-200:].split())
        found.append((own[0][:COMPARED_CHARS] in squeezed) + (own[1][-COMPARED_CHARS:] in squeezed))
    return np.array(found)


def word_set(text: str | None) -> frozenset[str]:
    return frozenset(text.lower().split()) if text else frozenset()


def neighbours(shape: Shape) -> Rows:
    """The blocks beside each block."""
    near = running_sum(np.concatenate([[0, 0], shape.running_words, [0, 0]]))
    return {
        "plain-before": shifted(shape.plain_words, 1), "plain-behind": shifted(shape.plain_words, -1),
        "running-near": near[5:] - near[:-5] - shape.running_words,
        "total": np.full(shape.count, shape.total), "blocks": np.full(shape.count, shape.count),
    }  # fmt: skip


def headline_place(shape: Shape, headline: str | None) -> int:
    """Number of the block that is the headline; -1 where none is."""
    folded = (headline or "").casefold()
    headings = [n for n, tag in enumerate(shape.tags) if tag == "h1"]
    return next((n for n in headings if shape.texts[n].casefold() == folded), headings[0] if headings else -1)


def block_features(page: Blocks, stated: Stated) -> Features:
    """What the model is asked of a page, which must have a block."""
    shape = Shape(page)
    headline_at = headline_place(shape, stated.headline)
    of_all = {
        **plain(shape),
        **inherited(shape, headline_at),
        **groups(shape),
        **distances(shape, headline_at),
        **neighbours(shape),
    }
    of_judged = compared(shape, stated)
    found = np.empty((len(of_all) + len(of_judged), shape.count), np.float32)
    for n, row in enumerate(of_all.values()):
        found[n] = row
    found = found.take(shape.judged, axis=1)
    for n, row in enumerate(of_judged.values(), start=len(of_all)):
        found[n] = row
    return Features([*of_all, *of_judged], found, shape.judged)
