"""What the selectors of a site file mark: blocks and inline elements alike, one in another, without end or loss."""

from __future__ import annotations

import pytest

from newscrawl.extraction.document import read_document
from newscrawl.extraction.parse import parse
from newscrawl.extraction.site_rules import apply_rules
from newscrawl.sites.model import Layout
from tests.cost import at_most

A = "The council voted on Monday to widen the northern quay by the spring of next year."
B = "The work will cost about nine million, the plan that was published after it says."
URL = "https://gazette.example/1"


def texts(markup: str, layout: Layout) -> list[str]:
    document = read_document(parse(markup), URL, layout)
    return [document.page.blocks[number].text for number in document.main.chosen]


@pytest.mark.parametrize(
    ("markup", "layout"),
    [
        (f"<div class=b><p>{A}<span class=x>Share this</span></p><p>{B}</p></div>", Layout(body=".b p", drop=(".x",))),
        (f"<div class=b><p>{A} <a class=x href=/>More of it</a></p><p>{B}</p></div>", Layout(body=".b", drop=(".x",))),
        (f"<div><span class=b>{A}<br><br>{B}</span> and the rest of the page</div>", Layout(body="span.b")),
        (f"<div class=b><p>{A}</p><p>{B}</p><em class=x><span class=x>Twice</span></em></div>", Layout(body=".b", drop=(".x",))),
        (f"<a class=b><p>{A}</p><p>{B}</p></a><p>Something else that stands on the page.</p>", Layout(body="a.b")),
    ],
)  # fmt: skip
def test_inline_elements_are_marked_too(markup: str, layout: Layout) -> None:
    assert texts(f"<body><h1>Quay</h1>{markup}</body>", layout) == [A, B]


def test_many_inline_matches_take_no_longer_than_their_number() -> None:
    page = parse("<div class=b>" + f"<p>{A}<span class=x>s</span></p>" * 20_000 + "</div>")
    with at_most(1000):
        assert apply_rules(page, Layout(body=".b", drop=(".x",))).are_marked
