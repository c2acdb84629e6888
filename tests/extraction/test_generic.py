"""The generic reader on pages in the shape of real ones: what is the story, and what stands around it."""

from __future__ import annotations

import numpy as np
import pytest

from newscrawl import read_page
from newscrawl.extraction.block_model import block_model
from newscrawl.extraction.blocks import Blocks
from newscrawl.extraction.class_names import ALL_MARKS, ClassMark, names_say
from newscrawl.extraction.features import block_features
from newscrawl.extraction.parse import parse
from newscrawl.extraction.stated import Stated
from newscrawl.extraction.walk import walk_page
from newscrawl.tools.demo import pages as demo
from tests.cost import at_most


def walked(markup: str) -> Blocks:
    return walk_page(parse(markup))


def test_a_walk_gives_blocks_in_document_order() -> None:
    page = walked(
        "<nav>menu</nav><h1>Head</h1><p>One <b>bold</b> <a href=/x>link</a></p><p>a<br>b<br><br>c</p>"
        "<ul><li>item</ul><script>no()</script><p>   </p><div>text<p>inner</p>tail</div>"
    )
    assert [(block.tag, block.text) for block in page.blocks] == [
        ("h1", "Head"), ("p", "One bold link"), ("p", "a\nb"), ("p", "c"), ("li", "item"), ("div", "text"), ("p", "inner"), ("div", "tail"),
    ]  # fmt: skip
    assert page.blocks[1].link_chars == 4


@pytest.mark.parametrize(
    ("classes", "mark"),
    [
        ("article__byline", ClassMark.BYLINE), ("photo-credit", ClassMark.CAPTION), ("image_source", ClassMark.CAPTION), ("story-source", ClassMark.SOURCE),
        ("relatedArticles", ClassMark.RELATED), ("most-popular", ClassMark.RELATED), ("read-more", ClassMark.RELATED), ("site-footer", ClassMark.FOOTER),
        ("comments", ClassMark.COMMENT), ("story-body", 0), ("headline", 0), ("upload", 0), ("commentary", 0),
    ],
)  # fmt: skip
def test_what_a_class_says(classes: str, mark: int) -> None:
    assert names_say(classes) & ALL_MARKS == mark


def test_a_mark_around_most_of_the_text_says_nothing() -> None:
    story = "<p>" + "The council voted on Monday to widen the northern quay by next spring. " * 3 + "</p>"
    page = walked(
        f'<body class="withSidebar"><div class="sidebar"><p>teaser</p></div><article>{story * 4}</article></body>'
    )
    assert [block.marks for block in page.blocks] == [ClassMark.RELATED, 0, 0, 0, 0]


def test_the_model_fits_the_features_and_refuses_others() -> None:
    features = block_features(
        walked("<h1>Head</h1><div><p>One sentence of the story.</p></div><p><a href=/>menu</a></p>"),
        Stated("Head", None, "Head"),
    )
    model = block_model()
    assert features.names == model.names and features.blocks.tolist() == [0, 1]  # a short link is not judged
    found = model.probabilities(features.names, features.rows)
    assert found.shape == (2,) and np.all((found > 0) & (found < 1))
    with pytest.raises(ValueError, match="train it again"):
        model.probabilities(features.names[::-1], features.rows)


def test_odd_names_do_not_tear_a_page() -> None:
    page = walked('<div><p a<b="1">one &lt;two&gt; &amp;amp; three</p><p<q>four</p<q><p>five<img src=x>six</p></div>')
    assert [block.text for block in page.blocks] == ["one <two> &amp; three", "four", "fivesix"]


def test_a_page_is_walked_without_its_footer_and_the_story_with_its_own() -> None:
    page = walked(
        "<article><p>text</p><footer>Source: AFP</footer></article><footer><p>menu</p><p>© 2026 The Paper</p></footer>"
    )
    assert [block.text for block in page.blocks] == ["text", "Source: AFP"]
    assert page.notices == ["© 2026 The Paper"]


def test_a_deep_nest_of_footers_is_pruned_once() -> None:
    page = walked("<footer>" + "<div>" * 40 + "<footer>x</footer>" + "</div>" * 40 + "</footer><p>text</p>")
    assert [block.text for block in page.blocks] == ["text"]


@pytest.mark.parametrize("site", ["sample-wire", "harbour-times"])
def test_the_sample_wire_is_read_without_rules(site: str) -> None:
    items = demo.pieces(site, 1)
    for item in items:
        others = [other for other in items if other is not item]
        story = read_page(demo.PAGES[site](item, others).encode(), "https://unknown.example/x", site=None)
        assert (story.text or "").startswith(item.paragraphs[0][:60])
        assert item.paragraphs[-2] in (story.text or "")
        for other in others:
            assert other.headline not in (story.text or "")
        assert not any(
            word in (story.text or "")
            for word in ("MOST POPULAR", "LATEST", "Advertisement", "newsletter", "Copyright")
        )


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 1400 + "</div>" * 1400 + "<div>" * 1400 + "<div><p>One sentence of text.</p></div>" * 15_000,
        '<p class="a b c d">x</p>' * 60_000,
        "".join(f'<div class="c{n}"><p>One sentence of the text, and no more.</p></div>' for n in range(15_000)),
    ],
    ids=["deep", "many", "classes"],
)
def test_large_pages_are_judged_in_linear_time(markup: str) -> None:
    with at_most(1000):
        read_page(markup.encode(), "https://hostile.example/x", site=None)
