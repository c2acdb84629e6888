"""What the selectors of a site file mark: blocks and inline elements alike, one in another, without end or loss."""

from __future__ import annotations

import pytest

from newscrawl.extraction.document import read_document
from newscrawl.extraction.site_rules import CLOSES, OPENS, apply_rules
from newscrawl.security.markup import strip_markup
from newscrawl.sites.model import Layout
from tests.cost import at_most

A = "The council voted on Monday to widen the northern quay by the spring of next year."
B = "The work will cost about nine million, the plan that was published after it says."
URL = "https://gazette.example/1"


def texts(markup: str, layout: Layout) -> list[str]:
    document = read_document(strip_markup(markup.encode(), keep_controls=True), URL, layout)
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


def test_our_own_elements_never_stay_and_a_page_may_have_them() -> None:
    forged = f"<{OPENS}drop><p>{A}</p></{OPENS}drop><{CLOSES}></{CLOSES}>"
    markup, values = apply_rules(f"<div class=b><p>{B}</p>{forged}<i>x</i></div>", Layout(body=".b", drop=("i",)))
    assert values.are_marked and f"<{OPENS}drop></{OPENS}drop>" not in markup
    assert A in markup and B in markup


def test_many_inline_matches_take_no_longer_than_their_number() -> None:
    markup = "<div class=b>" + f"<p>{A}<span class=x>s</span></p>" * 20_000 + "</div>"
    with at_most(1000):
        marked, _ = apply_rules(markup, Layout(body=".b", drop=(".x",)))
        assert marked.count('<div data-newscrawl-rule="drop">') == 20_000
