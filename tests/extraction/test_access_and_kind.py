"""What a page says of the access to its text, and what kind of story it is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from newscrawl import read_page
from newscrawl.items import Story

TEXT = [
    "The harbour council of Calder voted on Monday to widen the northern quay by next spring, its chairman said.",
    "The work will cost about nine million, according to the plan that the council published after its session.",
    "Fishing boats will have to use the southern basin for some months, which their owners had asked it to avoid.",
    "The council said it would pay for the longer way, and that the boats would be back in their places by June.",
]
LONG = TEXT * 3


def page(
    node: dict[str, Any] | None = None,
    head: str = "",
    behind: str = "",
    text: list[str] = TEXT,
    headline: str = "Calder widens its quay",
    inside: str = "",
) -> str:
    data = json.dumps({"@type": "NewsArticle", "headline": headline, **(node or {})})
    body = "".join(f"<p>{line}</p>" for line in text)
    return (
        f'<html lang=en><head><title>{headline}</title>{head}<script type="application/ld+json">{data}</script></head><body>'
        f'<nav><a href=/>Home</a><a href=/s>Subscribe</a></nav><main class="page"><article class="story"><h1 class="title">{headline}</h1>'
        f'<div class="story-body">{body}{inside}</div></article>{behind}</main><div class="newsletter"><p>Subscribe to our newsletter</p></div>'
        '<div class="comments"><p>Log in to comment</p></div></body></html>'
    )


def read(markup: str, url: str = "https://paper.example/news/calder-widens-its-quay-2026") -> Story:
    return read_page(markup.encode(), url, site=None)


def tier(name: str) -> str:
    return f'<meta property="article:content_tier" content="{name}">'


PART = {"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".paid"}


@pytest.mark.parametrize(
    ("node", "head", "access"),
    [
        ({}, "", "unknown"),
        ({"isAccessibleForFree": True}, "", "free"),
        ({"isAccessibleForFree": "True"}, "", "free"),
        ({"isAccessibleForFree": "http://schema.org/True"}, "", "free"),
        ({"isAccessibleForFree": False}, "", "paywalled"),
        ({"isAccessibleForFree": "False"}, "", "paywalled"),
        ({"isAccessibleForFree": ["False"]}, "", "paywalled"),
        ({"hasPart": PART}, "", "paywalled"),
        ({"hasPart": [PART]}, "", "paywalled"),
        ({"hasPart": {**PART, "isAccessibleForFree": True}}, "", "unknown"),
        ({"hasPart": {"@type": "ImageObject", "isAccessibleForFree": False}}, "", "unknown"),
        ({"isAccessibleForFree": {"odd": 1}}, "", "unknown"),
        ({"hasPart": 7}, "", "unknown"),
        ({}, tier("locked"), "paywalled"),
        ({}, tier("metered"), "metered"),
        ({}, tier("free"), "free"),
        ({}, tier("gold"), "unknown"),
        ({"isAccessibleForFree": False}, tier("metered"), "metered"),
        ({"isAccessibleForFree": True}, tier("locked"), "unknown"),
        ({"isAccessibleForFree": False}, tier("free"), "unknown"),
        ({}, '<meta itemprop="isAccessibleForFree" content="false">', "paywalled"),
    ],
    ids=range(21),
)
def test_stated_access(node: dict[str, Any], head: str, access: str) -> None:
    assert read(page(node, head)).access == access


@pytest.mark.parametrize(
    ("inside", "behind", "access"),
    [
        ("<p>This article is for subscribers only.</p>", "", "paywalled"),
        ("", '<div class="paywall"><p>Subscribe to continue reading</p></div>', "paywalled"),
        ("", '<div class="regwall"><h3>Log in to continue</h3></div>', "registration"),
        ("", '<div class="meter"><p>You have 2 free articles left this month.</p></div>', "metered"),
        ("", '<div class="paywall-loader piano tp-modal subscriber-only"><p>Thank you.</p></div>', "unknown"),
        ("", '<div class="box"><p>Subscribe</p><p>Subscribe to our newsletter</p></div>', "unknown"),
        ("", '<div class="comments"><p>Log in to continue the discussion</p></div>', "unknown"),
        ("<p>The chairman said: Subscribe to our cause.</p>", "", "unknown"),
    ],
    ids=range(8),
)
def test_a_line_where_the_text_was_cut(inside: str, behind: str, access: str) -> None:
    story = read(page(inside=inside, behind=behind))
    assert story.access == access
    assert "subscribers only" not in (story.text or "") and "continue" not in (story.text or "")
    assert (story.text or "").startswith(TEXT[0])


def test_a_page_that_says_it_is_free_is_free_whatever_its_templates_hold() -> None:
    assert (
        read(page({"isAccessibleForFree": True}, behind="<div><p>Subscribe to continue reading</p></div>")).access
        == "free"
    )


UPDATES = "".join(f"<h3>1{n}:05</h3><p>{line}</p>" for n, line in enumerate(LONG[:8]))
CAPTIONS = "".join(
    f"<figure><img src=/{n}.jpg><figcaption>The quay in picture {n}. (AFP)</figcaption></figure>" for n in range(6)
)


@pytest.mark.parametrize(
    ("markup", "url", "kind"),
    [
        (page(), "https://paper.example/news/calder-2026", "article"),
        (page({"@type": "LiveBlogPosting"}), "https://paper.example/news/calder-2026", "live-blog"),
        (page(text=[], inside=UPDATES), "https://paper.example/live/calder-quay", "live-blog"),
        (page(text=[], inside=UPDATES, headline="Calder quay vote live: council meets"), "https://paper.example/news/calder", "live-blog"),
        (page(headline="Liveticker: Calder widens its quay"), "https://paper.example/liveticker/calder", "live-blog"),
        (page(headline="Calder: how people live: a report"), "https://paper.example/news/calder", "article"),
        (page(), "https://paper.example/live/calder", "article"),
        (page(headline="Where we live"), "https://paper.example/news/where-we-live", "article"),
        (page(text=TEXT[:1], behind=CAPTIONS), "https://paper.example/gallery/calder-2026", "gallery"),
        (page({"@type": "ImageGallery"}, text=TEXT[:1]), "https://paper.example/news/calder-2026", "gallery"),
        (page(text=LONG, behind=CAPTIONS), "https://paper.example/galleries/calder-2026", "gallery"),
        (page(text=LONG), "https://paper.example/galleries/calder-2026", "article"),
        (page(text=LONG, behind=CAPTIONS), "https://paper.example/news/gallery-opens-2026", "article"),
        (page(text=TEXT[:1]), "https://paper.example/video/calder-2026", "video"),
        (page(text=LONG), "https://paper.example/video/calder-2026", "article"),
        (page(head='<meta property="og:type" content="video.other">', text=TEXT[:1]), "https://paper.example/n/calder-2026", "video"),
        (page(head='<meta property="og:type" content="video.other">', text=LONG), "https://paper.example/n/calder-2026", "article"),
        (page({"@type": "OpinionNewsArticle"}), "https://paper.example/n/calder-2026", "opinion"),
        (page(), "https://paper.example/opinion/2026/calder", "opinion"),
        (page({"articleSection": "Opinion"}), "https://paper.example/n/calder-2026", "opinion"),
        (page(headline="Opinion: Calder should not widen its quay"), "https://paper.example/n/calder-2026", "opinion"),
        (page(headline="[사설] 부두를 넓히지 말라"), "https://paper.example/n/calder-2026", "opinion"),
        (page(), "https://paper.example/news/public-opinion-on-the-quay", "article"),
        (page(headline="Opinion is split on the quay"), "https://paper.example/n/calder-2026", "article"),
        (page({"@type": "AdvertiserContentArticle"}), "https://paper.example/n/calder-2026", "press-release"),
        (page(), "https://paper.example/press-releases/calder-2026", "press-release"),
        (page(text=["CALDER, Nov. 23, 2026 /PRNewswire/ -- " + TEXT[0], *TEXT[1:]]), "https://paper.example/n/calder-2026", "press-release"),
        (page(), "https://paper.example/press/calder-2026", "article"),
        (page({"articleSection": "Briefs"}, text=TEXT[:1]), "https://paper.example/n/calder-2026", "brief"),
        (page(text=TEXT[:1]), "https://paper.example/n/calder-2026", "article"),
    ],
    ids=range(30),
)  # fmt: skip
def test_the_kind(markup: str, url: str, kind: str) -> None:
    assert read(markup, url).kind == kind


def test_a_second_node_of_the_same_story_tells_its_kind_and_a_teaser_does_not() -> None:
    own = {"@type": "LiveBlogPosting", "headline": "Calder widens its quay"}
    other = {"@type": "LiveBlogPosting", "headline": "Varn votes", "url": "https://paper.example/live/varn"}
    for node, kind in ((own, "live-blog"), (other, "article")):
        head = f'<script type="application/ld+json">{json.dumps(node)}</script>'
        nodes = page().replace("</head>", head + "</head>")
        assert read(nodes).kind == kind


def test_a_live_blog_is_read_in_page_order_without_its_clocks() -> None:
    story = read(page({"@type": "LiveBlogPosting"}, text=[], inside=UPDATES))
    assert [block.text for block in story.body or []] == LONG[:8]
