"""What the block model sees of a page: one row of numbers a block.

Most of what tells a story's paragraph from the rest is where its words stand: which share of the page's running
text has the same path of tags and classes, the same parent, the same grandparent, and how far from the element that
holds most of it the block is. The order of the columns is that of `NAMES`; the model file holds the same names.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np
import numpy.typing as npt

from newscrawl.pages.blocks import HEADINGS, Block, Blocks
from newscrawl.text.boilerplate import ends_sentence, is_boilerplate, is_copyright, is_credit_line

Array = npt.NDArray[Any]

TAGS = {
    tag: number
    for number, tag in enumerate(
        [
            "p",
            "div",
            "li",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "td",
            "th",
            "tr",
            "blockquote",
            "section",
            "article",
            "span",
            "dd",
            "dt",
            "figcaption",
            "main",
            "body",
            "aside",
            "header",
            "footer",
            "pre",
            "center",
            "form",
            "table",
        ],
        start=1,
    )
}
STANDING_IN_A_LIST = frozenset(("p", "li", "h2", "h3", "h4", "blockquote", "span", "dd", "font"))
WORD = re.compile(r"\w+")
DIGIT = re.compile(r"\d")
COMMA = re.compile(r"[,;:，、；]")
CAPITAL = re.compile(r"[A-ZÀ-Ý]")
QUOTES = tuple("\"'“„«‘「")
COMPARED_WORDS = 60  # longer blocks are not compared with title and description
FAR = -50, 200  # bounds of the distance to the headline, in blocks


class Shape:
    """The page's blocks and elements as arrays; `own` names come from the element a block stands in directly."""

    def __init__(self, page: Blocks) -> None:
        blocks, elements = page.blocks, page.elements
        self.blocks, self.elements = blocks, elements
        self.count = len(blocks)
        self.parent = np.array([block.parent for block in blocks])
        self.element_parent = np.array([element.parent for element in elements])
        self.start = np.array([element.start for element in elements])
        self.end = np.array([element.end for element in elements])
        self.words = np.array([block.words for block in blocks], float)
        self.chars = np.array([len(block.text) for block in blocks], float)
        self.link_chars = np.array([block.link_chars for block in blocks], float)
        self.link_rate = np.minimum(1.0, self.link_chars / self.chars)
        self.plain_words = self.words * (1.0 - self.link_rate)
        self.ends = np.array([ends_sentence(block.text) for block in blocks], float)
        self.heading = np.array([block.tag in HEADINGS for block in blocks], float)
        is_long = (self.words >= 25) | ((self.words >= 8) & (self.ends > 0))
        self.running = ((self.link_rate < 0.5) & is_long & (self.heading == 0)).astype(float)
        self.running_words = self.plain_words * self.running
        self.total = max(1.0, float(self.running_words.sum()))
        self.before = running_sum(self.running_words)
        self.subtree = self.before[self.end] - self.before[self.start]

    def grandparents(self) -> tuple[Array, Array, Array]:
        """Numbers of the elements two, three and four levels up; the root's stands for those beyond it."""
        second = np.maximum(self.element_parent[self.parent], 0)
        third = np.maximum(self.element_parent[second], 0)
        return second, third, np.maximum(self.element_parent[third], 0)

    def link_share(self, numbers: Array) -> Array:
        """Share of link characters below elements."""
        links, chars = running_sum(self.link_chars), running_sum(self.chars)
        below = links[self.end] - links[self.start]
        share: Array = below / np.maximum(1.0, chars[self.end] - chars[self.start])
        return share[numbers]


def running_sum(values: Array) -> Array:
    return np.concatenate([[0.0], np.cumsum(values)])


def shifted(values: Array, by: int) -> Array:
    """The values of the blocks `by` places before (or behind, if negative); 0 beyond the ends."""
    found = np.zeros(len(values))
    if by > 0:
        found[by:] = values[:-by]
    else:
        found[:by] = values[-by:]
    return found


def inherited(shape: Shape) -> dict[str, Array]:
    """What the elements around each block say: marks, counts of telling classes, tags."""
    elements = shape.elements
    most = 0.5 * shape.total
    is_wide = (shape.subtree > most).tolist()  # around most of the text a class says nothing against it
    marks, positive, negative = [0] * len(elements), [0] * len(elements), [0] * len(elements)
    around: list[tuple[int, int, int, int, int]] = [(0, 0, 0, 0, 0)] * len(elements)
    for number, element in enumerate(elements):
        parent = element.parent
        up = (marks[parent], positive[parent], negative[parent], around[parent]) if parent >= 0 else (0, 0, 0, (0,) * 5)
        marks[number] = up[0] | (0 if is_wide[number] else element.mark)
        positive[number] = up[1] + element.is_positive
        negative[number] = up[2] + (element.is_negative and not is_wide[number])
        quote, item, article, main, table = up[3]
        tag = element.tag
        if tag in AROUND:
            quote, item = quote or tag == "blockquote", item or tag in ("li", "ul", "ol")
            article, main, table = article + (tag == "article"), main or tag == "main", table + (tag == "table")
        around[number] = (quote, item, article, main, table)
    at = shape.parent
    mark = np.array(marks)[at]
    quote, item, article, main, table = np.array(around, float)[at].T
    return {
        **{name: ((mark & bit) > 0).astype(float) for name, bit in MARKS.items()},
        "positive": np.array(positive, float)[at], "negative": np.array(negative, float)[at],
        "in-quote": quote, "in-list": item, "in-article": article, "in-main": main, "in-table": table,
    }  # fmt: skip


AROUND = frozenset(("blockquote", "li", "ul", "ol", "article", "main", "table"))
MARKS = {"caption": 1, "related": 2, "byline": 4, "footer": 16, "comment": 32, "aside": 64, "header": 128}


def groups(shape: Shape) -> dict[str, Array]:
    """How much of the running text stands in the same place as each block."""
    at, total = shape.parent, shape.total
    second, third, fourth = shape.grandparents()
    paths = np.array([element.path for element in shape.elements])[at]
    _, path = np.unique(paths, return_inverse=True)
    path_words = np.bincount(path, weights=shape.running_words)
    container = containers(shape, second)
    in_container = np.bincount(container, weights=shape.running_words, minlength=len(shape.elements))
    return {
        "path-words": path_words[path], "path-share": path_words[path] / total, "path-blocks": np.bincount(path)[path].astype(float),
        "container-share": in_container[container] / total, "main-share": np.full(shape.count, in_container.max() / total),
        "container-blocks": (shape.end - shape.start)[container].astype(float),
        "parent-blocks": np.bincount(at)[at].astype(float), "parent-subtree": shape.subtree[at] / total,
        "second-subtree": shape.subtree[second] / total, "fourth-subtree": shape.subtree[fourth] / total,
        "parent-links": shape.link_share(at), "second-links": shape.link_share(second), "third-links": shape.link_share(third),
        "second-tag": np.array([TAGS.get(element.tag, 0) for element in shape.elements], float)[second],
        "same-path-before": (shifted(paths, 1) == paths).astype(float), "same-path-behind": (shifted(paths, -1) == paths).astype(float),
    }  # fmt: skip


def containers(shape: Shape, second: Array) -> Array:
    """The element each block is an item of: above a paragraph, the block's own element else."""
    is_item = np.array([block.tag in STANDING_IN_A_LIST for block in shape.blocks])
    return np.where(is_item, second, shape.parent)


def distances(shape: Shape, headline_at: int) -> dict[str, Array]:
    """How far each block is from the element with most of the running text, and from the headline."""
    second, _, _ = shape.grandparents()
    container = containers(shape, second)
    in_container = np.bincount(container, weights=shape.running_words, minlength=len(shape.elements))
    main = int(in_container.argmax())
    up, down = levels(shape, container, main)
    index = np.arange(shape.count)
    members = index[(container == main) & (shape.running > 0)]
    first, last = (int(members[0]), int(members[-1])) if len(members) else (0, shape.count - 1)
    words = running_sum(shape.words)
    most = innermost(shape, 0.6), innermost(shape, 0.9)
    within = [((index >= shape.start[number]) & (index < shape.end[number])).astype(float) for number in most]
    to_headline = index - headline_at if headline_at >= 0 else np.full(shape.count, -999)
    return {
        "levels-up": up, "levels-down": down, "before": np.maximum(0, first - index).astype(float),
        "behind": np.maximum(0, index - last).astype(float), "words-before": np.maximum(0.0, words[first] - words[index]),
        "words-behind": np.maximum(0.0, words[index] - words[last]), "within-60": within[0], "within-90": within[1],
        "to-headline": np.clip(to_headline, *FAR).astype(float), "place": index / shape.count,
        "share-before": shape.before[:-1] / shape.total,
    }  # fmt: skip


def innermost(shape: Shape, share: float) -> int:
    """The number of the innermost element with that share of the running text."""
    return int(np.flatnonzero(shape.subtree >= share * shape.total).max(initial=0))


def levels(shape: Shape, container: Array, main: int) -> tuple[Array, Array]:
    """Levels from each block's container up to an ancestor of the main one, and from there down to the main one."""
    chain: dict[int, int] = {}
    number = main
    while number >= 0:
        chain[number] = len(chain)
        number = shape.elements[number].parent
    pairs: list[tuple[int, int]] = []  # of every element; a parent stands before its children
    for element in shape.elements:
        down = chain.get(element.number)
        above = pairs[element.parent] if element.parent >= 0 else (0, 0)
        pairs.append((above[0] + 1, above[1]) if down is None else (0, down))
    found = np.array(pairs, float)[container]
    return found[:, 0], found[:, 1]


def texts(shape: Shape, title: str | None, description: str | None, headline: str | None) -> dict[str, Array]:
    """What the words of each block say."""
    blocks, chars, words = shape.blocks, shape.chars, np.maximum(1.0, shape.words)
    title_words, description_words = word_set(title), word_set(description)
    times = Counter(block.text for block in blocks)
    folded = (headline or "").casefold()
    compared = [word_set(block.text) if block.words <= COMPARED_WORDS else frozenset[str]() for block in blocks]

    def column(values: list[Any]) -> Array:
        return np.array(values, float)

    return {
        "words": shape.words, "plain-words": shape.plain_words, "link-rate": shape.link_rate, "ends-sentence": shape.ends,
        "heading": shape.heading, "running": shape.running, "tag": column([TAGS.get(block.tag, 0) for block in blocks]),
        "depth": column([shape.elements[block.parent].depth for block in blocks]),
        "boilerplate": column([block.words < 8 and is_boilerplate(block.text) for block in blocks]),
        "copyright": column([block.words < 60 and is_copyright(block.text) for block in blocks]),
        "credit": column([is_credit_line(block.text) for block in blocks]),
        "digits": column([len(DIGIT.findall(block.text)) for block in blocks]) / chars,
        "commas": column([len(COMMA.findall(block.text)) for block in blocks]) / words,
        "capitals": column([len(CAPITAL.findall(block.text)) for block in blocks]) / chars,
        "quote": column([block.text.startswith(QUOTES) for block in blocks]),
        "times": column([times[block.text] for block in blocks]),
        "in-title": column([share_in(found, title_words) for found in compared]),
        "in-description": column([share_in(found, description_words) for found in compared]),
        "is-headline": column([bool(folded) and block.text.casefold() == folded for block in blocks]),
        "positive-own": column([shape.elements[block.parent].is_positive for block in blocks]),
        "negative-own": column([shape.elements[block.parent].is_negative for block in blocks]),
    }  # fmt: skip


def word_set(text: str | None) -> frozenset[str]:
    return frozenset(WORD.findall((text or "").lower()))


def share_in(words: frozenset[str], others: frozenset[str]) -> float:
    return len(words & others) / len(words) if words and others else 0.0


def neighbours(shape: Shape) -> dict[str, Array]:
    """The blocks beside each block."""
    near = sum((shifted(shape.running_words, by) for by in (-2, -1, 1, 2)), np.zeros(shape.count))
    return {
        "links-before": shifted(shape.link_rate, 1), "links-behind": shifted(shape.link_rate, -1), "words-next": shifted(shape.words, -1),
        "plain-before": shifted(shape.plain_words, 1), "plain-behind": shifted(shape.plain_words, -1),
        "running-before": shifted(shape.running, 1), "running-behind": shifted(shape.running, -1), "running-near": near,
        "total": np.full(shape.count, shape.total), "blocks": np.full(shape.count, float(shape.count)),
    }  # fmt: skip


def headline_place(blocks: list[Block], headline: str | None) -> int:
    """Number of the block that is the headline; -1 where none is."""
    folded = (headline or "").casefold()
    matches = (n for n, block in enumerate(blocks) if block.tag == "h1" and block.text.casefold() == folded)
    first_heading = (n for n, block in enumerate(blocks) if block.tag == "h1")
    return next(matches, next(first_heading, -1))


def block_features(
    page: Blocks, title: str | None, description: str | None, headline: str | None
) -> tuple[list[str], npt.NDArray[np.float32]]:
    """(names of the columns, a row a block)."""
    shape = Shape(page)
    columns = {
        **texts(shape, title, description, headline),
        **inherited(shape),
        **groups(shape),
        **distances(shape, headline_place(page.blocks, headline)),
        **neighbours(shape),
    }
    return list(columns), np.stack(list(columns.values()), axis=1).astype(np.float32)
