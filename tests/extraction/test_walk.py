"""The walk over a parsed page: what authors leave out or misplace, what is hidden, and what must not tear a page."""

from __future__ import annotations

import pytest

from newscrawl import read_page
from newscrawl.extraction.blocks import Blocks
from newscrawl.extraction.parse import parse
from newscrawl.extraction.walk import walk_page
from tests.cost import at_most

MARKUP = {
    "paragraphs without ends": ("<p>one<p>two<div>three</div>", [("p", "one"), ("p", "two"), ("div", "three")]),
    "items without ends": ("<ul><li>one<li>two</ul><p>x", [("li", "one"), ("li", "two"), ("p", "x")]),
    "an item in an item": ("<ul><li>one<ul><li>two</ul>three</ul>", [("li", "one"), ("li", "two"), ("li", "three")]),
    "terms without ends": ("<dl><dt>a<dd>b<dt>c</dl>", [("dt", "a"), ("dd", "b"), ("dt", "c")]),
    "cells without ends": ("<table><tr><td>a<td>b<tr><td>c</table>", [("tr", "a | b"), ("td", "c")]),
    "a table in a cell": ("<table><tr><td>a<table><tr><td>b</table>c<td>d</table>", [("td", "a"), ("td", "b"), ("td", "c"), ("td", "d")]),
    "an end tag of nothing": ("<p>one</div></section>two</p>", [("p", "onetwo")]),
    "an end tag through a cell": ("<div><table><tr><td>a</div>b</table>c</div>", [("td", "ab"), ("div", "c")]),
    "a heading closed as another": ("<h2>one</h3><p>two", [("h2", "one"), ("p", "two")]),
    "misplaced inline tags": ("<p><b>one<i>two</b>three</i></p>", [("p", "onetwothree")]),
    "upper case": ("<DIV><P CLASS=X>one<BR>two</P></DIV>", [("p", "one\ntwo")]),
    "a > in quotes": ('<p title="a > b" class="x">one</p><p>two</p>', [("p", "one"), ("p", "two")]),
    "a tag in quotes": ("<p title='<p>no</p>'>one</p>", [("p", "one")]),
    "a stray quote": ('<img alt="5" tall"><p>one</p>', [("p", "one")]),
    "an apostrophe between quotes": ('<a title="it\'s" href=x>one</a> two', [("body", "one two")]),
    "signs in text": ("<p>a < b, c > d & e &lt;f&gt;</p>", [("p", "a < b, c > d & e <f>")]),
    "a number beyond any character": ("<p>a&#99999999999999999999;b", [("p", "a\ufffdb")]),
    "a button in a sentence": ("<p>press <button>no</button>here</p>", [("p", "press here")]),
    "a title in the page": ("<title>no</title><div>one<title>no</title>two</div>", [("div", "onetwo")]),
    "navigation without an end": ("<div><nav><p>menu</div><p>text", [("p", "text")]),
    "a menu above the headline": ("<ul><li><a href=/>News</a></ul><h1>Head</h1><ul><li><a href=/>Ann Lee</a></ul>", [("h1", "Head"), ("li", "Ann Lee")]),
    "a script that ends in another case": ("<script>var a=1</Script><p>one", [("p", "one")]),
    "a drawing that ends at once": ('<div><svg class="i"/><p>one <svg/> two</div>', [("p", "one two")]),
    "a drawing that never ends": ("<div><svg><path d=M0><p>one</p></div>", [("p", "one")]),
    "ruby": ("<p>\u3053\u308c\u306f<ruby>\u6f22\u5b57<rp>(</rp><rt>\u304b\u3093</rt><rp>)</rp></ruby>\u3067\u3059</p>", [("p", "\u3053\u308c\u306f\u6f22\u5b57\u3067\u3059")]),
    "a word processor's elements": ("<p>in <st1:City>Calder</st1:City><o:p></o:p> today", [("p", "in Calder today")]),
    "a button that never ends": ("<button>A<button>B</button><p>one</p><button>C</button><p>two", [("p", "one"), ("p", "two")]),
    "an element that is called nearly so": ("<nav><nav-item>x</nav-item></nav><p>one", [("p", "one")]),
    "navigation between words": ("<div>one<nav>menu</nav>two<video></video>three</div>", [("div", "one"), ("div", "two three")]),
    "instructions": ("<!doctype html><?php x ?><p>one<![CDATA[no]]>", [("p", "one")]),
    "an empty footer in a story": ("<article><p>one</p><footer></footer><p>two</p></article><div>three</div>", [("p", "one"), ("p", "two"), ("div", "three")]),
    "empty elements": ("<div></div><span></span><x-a></x-a><p>one", [("p", "one")]),
    "nothing": ("", []),
    "bare text": ("one", [("body", "one")]),
    "a tag that never ends": ("<p>one<p class=", [("p", "one")]),
}  # fmt: skip


def walk(markup: str) -> Blocks:
    return walk_page(parse(markup))


@pytest.mark.parametrize("name", MARKUP)
def test_a_walk(name: str) -> None:
    markup, blocks = MARKUP[name]
    page = walk(markup)
    assert [(block.tag, block.text) for block in page.blocks] == blocks
    elements = page.elements
    for start, end, parent in zip(elements.starts, elements.ends, elements.parents, strict=True):
        assert start < end <= len(page.blocks)
        assert parent < 0 or elements.starts[parent] <= start <= end <= elements.ends[parent]


A_SENTENCE = "The council of Calder voted on Monday to widen the northern quay by spring."
UNKNOWN = {
    "in a sentence": ("<p><place>CALDER</place>, <when>Nov. 23</when> (<org>Wire</org>) -- It rained.", ["CALDER, Nov. 23 (Wire) -- It rained."]),
    "an address in brackets": ("<p>Write to <ada@paper.example> today.</p>", ["Write to today."]),
    "around blocks": ("<x-card>one<p>two</p></x-card>three", ["one", "two", "three"]),
    "in one another": ("<p>a <x-b><x-c>b</x-c></x-b> c", ["a b c"]),
}  # fmt: skip
HIDING = [
    "hidden", 'style="display: none"', "style='color:red;visibility:hidden'", "class=d-none", 'class="x hidden"',
    'class="sr-only"', "class=visually-hidden", "class=screen-reader-text", 'class="Hide"',
]  # fmt: skip
NOT_HIDING = [
    'class="d-none d-md-block"', 'class="hidden md:flex"', "class=hidden-print", 'style="overflow:hidden"', 'class="x"',
    'data-hidden="1"', 'style="font-display:none-such"',
]  # fmt: skip


@pytest.mark.parametrize("name", UNKNOWN)
def test_unknown_elements_are_inline_unless_they_hold_blocks(name: str) -> None:
    markup, texts = UNKNOWN[name]
    assert [block.text for block in walk(markup).blocks] == texts


@pytest.mark.parametrize("said", HIDING)
def test_hidden_elements_are_not_read(said: str) -> None:
    shown = f"<p>{A_SENTENCE}</p>" * 3
    for tag in ("div", "span", "x-note"):
        assert all("no" not in b.text.split() for b in walk(f"{shown}<{tag} {said}>no</{tag}>").blocks)
    assert [b.text for b in walk(f"<p>one <span {said}>no</span> two").blocks] == ["one two"]


@pytest.mark.parametrize("said", NOT_HIDING)
def test_what_only_resembles_hiding_is_read(said: str) -> None:
    assert [b.text for b in walk(f"<p>one</p><div {said}>two</div>").blocks] == ["one", "two"]


def test_a_story_that_a_script_shows_later_is_read() -> None:
    story = f"<p>{A_SENTENCE}</p>" * 6
    assert len(walk(f"<h1>Quay</h1><div style=display:none>{story}</div>").blocks) == 7
    assert len(walk(f"<body hidden>{story}").blocks) == 6
    assert len(walk(f"<h1>Quay</h1>{story}<div style=display:none>{story}</div>").blocks) == 7


def test_what_a_page_says_of_itself() -> None:
    page = walk(
        "<html lang=fr><head><title>A &amp; B</title><meta name=author content='Ann'><link rel=canonical href=/x></head>"
        "<body class=story><time datetime=2026-11-23>today</time>"
    )
    stated = page.stated
    assert (stated.title, stated.language) == ("A & B", "fr")
    assert [*stated.metas, *stated.links, *stated.times] == [
        {"name": "author", "content": "Ann"},
        {"rel": "canonical", "href": "/x"},
        {"datetime": "2026-11-23"},
    ]


def test_a_comment_section_is_one_unless_the_headline_stands_in_it() -> None:
    comment = "<p>" + "I was there myself and saw how the crane fell into the harbour. " * 3 + "</p>"
    story = "<p>" + "The harbour council of Calder voted on Monday to widen the northern quay. " * 4 + "</p>"
    page = walk(f"<h1>Head</h1>{story}<div class=comments>{comment * 5}</div>")
    assert [bool(block.marks) for block in page.blocks] == [False, False] + [True] * 5
    page = walk(f"<h1>Head</h1><p>Live.</p><div class=comments>{comment * 5}</div>")  # a ticker's
    assert not any(block.marks for block in page.blocks)
    page = walk(f"<div class=comment><h1>Head</h1>{comment * 5}</div>")
    assert not any(block.marks for block in page.blocks)


def test_a_page_of_too_many_blocks_has_none() -> None:
    page = walk("<title>T</title>" + "<p>one" * 30_000)
    assert page.is_full and not page.blocks and page.stated.title == "T"
    story = read_page(b"<p>One sentence of it." * 30_000, "https://hostile.example/x", site=None)
    assert story.text is None and story.extraction is not None
    assert story.extraction.warnings == ["too-many-blocks", "no-text"]


HOSTILE = {
    "tags that never end": "<a " * 300_000,
    "quotes that never end": '<p x="' * 200_000,
    "quoted tags": '<p x="<b>">' * 100_000,
    "a nest": "<div>" * 300_000 + "x",
    "end tags of nothing": "<section>" * 200 + "</span></nav></table>" * 100_000,
    "footers and dialogs": "<div><footer><dialog></div>" * 60_000 + "</footer></dialog>",
    "one row": "<table><tr>" + "<td>x" * 100_000,
    "classes": "".join(f'<p class="a{n} b{n}">x' for n in range(60_000)),
    "one class": '<p class="' + "a " * 500_000 + '">x',
    "breaks": "<p>" + "x<br>" * 200_000,
    "links": "<a href=x>y" * 200_000,
    "letters": "<html " + "a" * 1_000_000 + "><meta name=a " + "a" * 1_000_000 + ">",
    "tables in tables": "<table><tr><td>x" * 30_000,
    "paragraphs": "<p>x" * 500_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_walk_is_linear(name: str) -> None:
    with at_most(600):
        walk(HOSTILE[name])
