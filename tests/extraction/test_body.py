"""What each chosen block is, on nested markup; every block of these snippets counts as chosen."""

from __future__ import annotations

import pytest

from newscrawl.extraction.document import Document
from newscrawl.extraction.main_text import MainText
from newscrawl.extraction.parse import parse
from newscrawl.extraction.walk import walk_page

LONG = "The harbour council of Calder voted on Monday to widen the northern quay by next spring, as its chairman said after a session that took all of the morning and most of the afternoon."


@pytest.mark.parametrize(
    ("markup", "body"),
    [
        ("<p>one</p><p>two <b>bold</b></p>", [("paragraph", "one"), ("paragraph", "two bold")]),
        ("<div>text<p>inner</p>tail</div>", [("paragraph", "text"), ("paragraph", "inner"), ("paragraph", "tail")]),
        ("<h2>head</h2><h4><a href=/>linked</a></h4>", [("heading", "head"), ("heading", "linked")]),
        ("<ul><li>one</li><li><p>two</p></li></ul>", [("list-item", "one"), ("list-item", "two")]),
        ("<ol><li>one<ul><li>one a</li></ul></li></ol>", [("list-item", "one"), ("list-item", "one a")]),
        ("<dl><dt>term</dt><dd><div>meaning</div></dd></dl>", [("list-item", "term"), ("list-item", "meaning")]),
        ("<blockquote><p>said</p><p>more</p></blockquote>", [("quote", "said"), ("quote", "more")]),
        ("<blockquote><ul><li>said</li></ul></blockquote>", [("list-item", "said")]),
        ("<ul><li><blockquote>said</blockquote></li></ul>", [("quote", "said")]),
        ("<blockquote><h3>head</h3><p>said</p></blockquote>", [("heading", "head"), ("quote", "said")]),
        ("<table><tr><th>Port</th><th>Metres</th></tr><tr><td>Calder</td><td>9</td></tr></table>", [("table-row", "Port | Metres"), ("table-row", "Calder | 9")]),
        ("<table><tbody><tr><td><p>Calder</p></td><td><div><span>9</span></div></td></tr></tbody></table>", [("table-row", "Calder | 9")]),
        ("<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>", [("paragraph", "a"), ("paragraph", "b"), ("table-row", "c")]),
        (f"<table><tr><td><p>{LONG}</p><p>{LONG}</p></td></tr></table>", [("paragraph", LONG), ("paragraph", LONG)]),
        (f"<table><tr><td>short</td><td>{LONG}</td><td>end</td></tr></table>", [("table-row", "short"), ("paragraph", LONG), ("table-row", "end")]),
        ("<table><tr><td>a</td></tr></table><table><tr><td>b</td></tr></table>", [("table-row", "a"), ("table-row", "b")]),
        ("<table><tr><td>It rained.</td></tr><tr><td>Nobody objected.</td></tr></table>", [("paragraph", "It rained."), ("paragraph", "Nobody objected.")]),
        ("<p>a<br>b<br><br>c</p>", [("paragraph", "a\nb"), ("paragraph", "c")]),
        ("", []),
    ],
    ids=range(19),
)  # fmt: skip
def test_the_body(markup: str, body: list[tuple[str, str]]) -> None:
    page = walk_page(parse(markup))
    document = Document(page=page, main=MainText(list(range(len(page.blocks)))))
    assert [(block.type, block.text) for block in document.body()] == body
