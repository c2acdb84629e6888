"""The walk over tags: what authors leave out or misplace, and what must not tear a page."""

from __future__ import annotations

import pytest

from newscrawl import read_page
from newscrawl.extraction.blocks import walk_page
from newscrawl.extraction.tags import attributes, split_again, split_tags, value_of
from newscrawl.security.markup import strip_markup
from tests.cost import at_most

MARKUP = {
    "paragraphs without ends": ("<p>one<p>two<div>three</div>", [("p", "one"), ("p", "two"), ("div", "three")]),
    "items without ends": ("<ul><li>one<li>two</ul><p>x", [("li", "one"), ("li", "two"), ("p", "x")]),
    "an item in an item": ("<ul><li>one<ul><li>two</ul>three</ul>", [("li", "one"), ("li", "two"), ("li", "three")]),
    "terms without ends": ("<dl><dt>a<dd>b<dt>c</dl>", [("dt", "a"), ("dd", "b"), ("dt", "c")]),
    "cells without ends": ("<table><tr><td>a<td>b<tr><td>c</table>", [("tr", "a | b"), ("td", "c")]),
    "a table in a cell": ("<table><tr><td>a<table><tr><td>b</table>c<td>d</table>", [("td", "a"), ("td", "b"), ("td", "c"), ("td", "d")]),
    "an end tag of nothing": ("<p>one</div></section>two</p>", [("p", "one"), ("p", "two")]),
    "an end tag through a cell": ("<div><table><tr><td>a</div>b</table>c</div>", [("td", "a"), ("td", "b"), ("div", "c")]),
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
    "nothing": ("", []),
    "bare text": ("one", [("body", "one")]),
    "a tag that never ends": ("<p>one<p class=", [("p", "one")]),
}  # fmt: skip


@pytest.mark.parametrize("name", MARKUP)
def test_a_walk(name: str) -> None:
    markup, blocks = MARKUP[name]
    page = walk_page(strip_markup(markup).markup)
    assert [(block.tag, block.text) for block in page.blocks] == blocks
    elements = page.elements
    for start, end, parent in zip(elements.starts, elements.ends, elements.parents, strict=True):
        assert start < end <= len(page.blocks)
        assert parent < 0 or elements.starts[parent] <= start <= end <= elements.ends[parent]


def test_what_a_page_says_of_itself() -> None:
    page = walk_page(
        "<html lang=fr><head><title>A &amp; B</title><meta name=author content='Ann'><link rel=canonical href=/x></head>"
        "<body class=story><time datetime=2026-11-23>today</time>"
    )
    stated = page.stated
    assert (stated.title, stated.language) == ("A & B", "fr")
    assert [attributes(tag) for tag in [*stated.metas, *stated.links, *stated.times]] == [
        {"name": "author", "content": "Ann"},
        {"rel": "canonical", "href": "/x"},
        {"datetime": "2026-11-23"},
    ]


def test_a_comment_section_is_one_unless_the_headline_stands_in_it() -> None:
    comment = "<p>" + "I was there myself and saw how the crane fell into the harbour. " * 3 + "</p>"
    story = "<p>" + "The harbour council of Calder voted on Monday to widen the northern quay. " * 4 + "</p>"
    page = walk_page(f"<h1>Head</h1>{story}<div class=comments>{comment * 5}</div>")
    assert [bool(block.marks) for block in page.blocks] == [False, False] + [True] * 5
    page = walk_page(f"<h1>Head</h1><p>Live.</p><div class=comments>{comment * 5}</div>")  # a ticker's
    assert not any(block.marks for block in page.blocks)
    page = walk_page(f"<div class=comment><h1>Head</h1>{comment * 5}</div>")
    assert not any(block.marks for block in page.blocks)


ATTRIBUTES = [
    ("class of two words", ' class="a b" id=c', "class", "a b"), ("id", ' class="a b" id=c', "id", "c"), ("single quotes", " CLASS='a'", "class", "a"),
    ("a name in another", ' data-class="x"', "class", ""), ("a name in a value", ' title="class"', "class", ""), ("none", "", "class", ""),
]  # fmt: skip


@pytest.mark.parametrize(("tag", "name", "value"), [row[1:] for row in ATTRIBUTES], ids=[row[0] for row in ATTRIBUTES])
def test_the_value_of_an_attribute(tag: str, name: str, value: str) -> None:
    assert value_of(tag, name) == value


def test_a_reference_in_an_attribute_needs_its_semicolon() -> None:
    said = attributes('link href="/view?id=1&section=3&copy=2&amp;x=&#38;" rel="a &quot;b&quot;"')
    assert said == {"href": "/view?id=1&section=3&copy=2&x=&", "rel": 'a "b"'}


def test_a_page_of_too_many_blocks_has_none() -> None:
    page = walk_page("<title>T</title>" + "<p>one" * 30_000)
    assert page.is_full and not page.blocks and page.stated.title == "T"
    story = read_page(b"<p>One sentence of it." * 30_000, "https://hostile.example/x", site=None)
    assert story.text is None and story.extraction is not None
    assert story.extraction.warnings == ["too-many-blocks", "no-text"]


def test_the_rest_of_a_page_is_split_again_where_a_tag_was_cut() -> None:
    parts = split_tags('a<p x="1>2">b<i>c</i>')
    assert parts == ["a", "p", ' x="1', '2">b', "i", "", "c", "/i", "", ""]
    assert split_again(parts[1:]) == ["p", ' x="1>2"', "b", "i", "", "c", "/i", "", ""]


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
        walk_page(strip_markup(HOSTILE[name]).markup)
