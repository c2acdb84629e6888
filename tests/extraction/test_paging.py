"""Stories on several pages: the next page's URL, whether it goes on with the story, and the joined story."""

from __future__ import annotations

import pytest

from newscrawl import read_page
from newscrawl.dedup.alternate_edition import better_url, is_alternate_edition
from newscrawl.extraction.paging import goes_on, next_page, page_number
from newscrawl.extraction.story import join_pages, preferred_url
from newscrawl.items import Story
from tests.cost import at_most

HOST = "https://paper.example"


@pytest.mark.parametrize(
    ("url", "first", "number"),
    [
        ("/story?page=2", "/story", 2),
        ("/story?page=3", "/story", 3),
        ("/story?id=7&page=2", "/story?id=7", 2),
        ("/story?page=2&id=7", "/story?id=7", 2),
        ("/story?page=2", "/story?page=1", 2),
        ("/story/2/", "/story/", 2),
        ("/story/page/2", "/story", 2),
        ("/story/seite-2", "/story", 2),
        ("/story_2.html", "/story.html", 2),
        ("/story-2.html", "/story-1.html", 2),
        ("/story,2.html", "/story.html", 2),
        ("/story-page2.shtml", "/story.shtml", 2),
        ("/story-seite-12.html", "/story.html", 12),
        ("http://www.paper.example/story?page=2", "/story", 2),
        ("/story", "/story", None),
        ("/story?page=1", "/story", None),
        ("/another?page=2", "/story", None),
        ("/story?id=8&page=2", "/story?id=7", None),
        ("/story?cpage=2", "/story", None),
        ("/story/comment-page-2", "/story", None),
        ("/round-up-47", "/round-up-46", None),
        ("/news/article-12346", "/news/article-12345", None),
        ("/story/2026", "/story", None),
        ("/?p=123", "/story", None),
        ("https://elsewhere.example/story?page=2", "/story", None),
        ("/story/part/two", "/story", None),
    ],
)
def test_the_number_of_a_page(url: str, first: str, number: int | None) -> None:
    assert page_number(url if "//" in url else HOST + url, HOST + first) == number


@pytest.mark.parametrize(
    ("links", "target"),
    [
        ('<link rel="next" href="/story?page=2">', "/story?page=2"),
        ("<a rel=next href=/story?page=2>next</a>", "/story?page=2"),
        ('<a href="/story?page=2">2</a><a href="/story?page=3">3</a>', "/story?page=2"),
        ('<a href="/story/2"> 2 </a>', "/story/2"),
        ("<a class='n' href='?page=2&amp;x=1'>2</a>", None),
        ('<a rel="next" href="/story-2">next</a>', "/story-2"),
        ('<a href="/story-2">The same headline, another day</a>', None),
        ('<a rel="next" href="/another-story">Next story</a>', None),
        ('<link rel="next" href="https://elsewhere.example/story?page=2">', None),
        ('<a rel="next" href="javascript:go(2)">2</a>', None),
        ('<a href="http://[::1?page=2">2</a>', None),
        ('<a href="/story?page=3">3</a>', None),
        ('<a href="/other?page=2">2</a>', None),
        ("<p>no links at all: /story?page=2</p>", None),
        ("", None),
    ],
    ids=range(15),
)
def test_the_next_page(links: str, target: str | None) -> None:
    url = HOST + "/story"
    assert next_page(f"<html>{links}</html>".encode(), url, url, 2) == (HOST + target if target else None)


def test_pages_are_followed_in_their_order() -> None:
    links = b'<a href="/story?page=2">2</a><a href="/story?page=3">3</a><a href="/story">1</a>'
    assert next_page(links, HOST + "/story?page=2", HOST + "/story", 3) == HOST + "/story?page=3"
    assert next_page(links, HOST + "/story?page=3", HOST + "/story", 4) is None


@pytest.mark.parametrize(
    "body", [b"<a " * 300_000, b'<a href="' * 150_000, b"<a href=/story?page=2" * 100_000, b"<a href=1>" * 100_000]
)
def test_hostile_links_take_linear_time(body: bytes) -> None:
    with at_most(600):
        next_page(body, HOST + "/story", HOST + "/story", 2)


FIRST = [
    "SEOUL, Nov. 23 -- The harbour council of Calder voted on Monday to widen the northern quay by next spring.",
    "The work will cost about nine million won, according to the plan that the council published after its session.",
]
SECOND = [
    "Fishing boats will have to use the southern basin for some months, which their owners had asked it to avoid.",
    "The council said that it would pay for the longer way. (Yonhap)",
]


def read(
    paragraphs: list[str], url: str, headline: str = "Calder widens its quay", head: str = "", figure: str = ""
) -> Story:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    markup = f'<html lang=en><head><title>{headline}</title>{head}</head><body><div class="page"><div class="article"><h1 class="t">{headline}</h1>{figure}<div class="body">{body}</div></div></div></body></html>'
    return read_page(markup.encode(), HOST + url, site=None)


def test_a_story_is_joined() -> None:
    figure = "<figure><img src=/q.jpg><figcaption>The quay. (AFP)</figcaption></figure>"
    first, later = read(FIRST, "/story"), read([FIRST[0], *SECOND], "/story?page=2", figure=figure)
    alone = first.content_hash
    assert goes_on([first], later)
    story = join_pages([first, later])
    assert [block.text for block in story.body or []] == [*FIRST, *SECOND]
    assert story.text == "\n\n".join([*FIRST, *SECOND]) and story.content_hash != alone
    assert story.agency == "yonhap" and [media.credit for media in story.media or []] == ["AFP"]
    evidence = [item for credit in story.attribution or [] for item in credit.evidence if item.where == "text"]
    assert evidence and all((story.text or "")[item.start : item.end] == item.text for item in evidence)
    assert story.extraction is not None and story.extraction.warnings == []
    assert (story.id, story.url) == (first.id, HOST + "/story")


def test_what_could_not_be_had_is_told() -> None:
    story = join_pages([read(FIRST, "/story")], is_whole=False)
    assert story.extraction is not None and story.extraction.warnings == ["pages-missing"]
    assert story.text == "\n\n".join(FIRST)


@pytest.mark.parametrize(
    ("later", "is_same"),
    [
        (read(SECOND, "/story?page=2"), True),
        (read(SECOND, "/story?page=2", "Calder widens its quay - Page 2"), True),
        (read(SECOND, "/story?page=2", "What it costs", "<link rel=canonical href=/story>"), True),
        (read(FIRST, "/story?page=2"), False),
        (read(SECOND, "/story?page=2", "Varn votes on its bridge"), False),
        (read([], "/story?page=2"), False),
    ],
    ids=range(6),
)
def test_whether_a_page_goes_on_with_a_story(later: Story, is_same: bool) -> None:
    assert goes_on([read(FIRST, "/story")], later) == is_same


@pytest.mark.parametrize(
    ("url", "twin"),
    [
        ("/story/amp/", True), ("/amp/story", True), ("/story.amp.html", True), ("/story?outputType=amp", True), ("/story?amp", True),
        ("/story?amp=1", True), ("/story/print/", True), ("/story?print=1", True), ("/story?view=print", True), ("/print/story-1", True),
        ("https://m.paper.example/story", True), ("https://amp.paper.example/story", True),
        ("/story", False), ("/amplifiers-are-back", False), ("/news/print-media-in-crisis", False), ("/story?page=1", False),
        ("/a-story-about-amp", False), ("/story?campaign=print", False), ("https://media.paper.example/story", False), ("/", False),
    ],
)  # fmt: skip
def test_a_twin_by_its_url(url: str, twin: bool) -> None:
    assert is_alternate_edition(url if "//" in url else HOST + url) == twin


@pytest.mark.parametrize(
    ("url", "canonical", "better"),
    [
        ("/story/amp", "/story", "/story"),
        ("/story?print=1", "/story", "/story"),
        ("/story?page=2", "/story", "/story"),
        ("/story", "/story", None),
        ("/story?utm_source=x", "/story", None),
        ("/story/amp", "/story/amp", None),
        ("/story/amp", "/story?print=1", None),
        ("/story-old", "/story", None),
    ],
)
def test_the_page_that_is_read_instead(url: str, canonical: str, better: str | None) -> None:
    story = read(FIRST, url, head=f'<link rel=canonical href="{canonical}">')
    assert preferred_url(story) == (HOST + better if better else None)


def test_a_page_that_links_its_amp_twin_is_itself_canonical() -> None:
    story = read(FIRST, "/story", head="<link rel=amphtml href=/story/amp><link rel=canonical href=/story>")
    twin = read(FIRST, "/story/amp", head="<link rel=canonical href=/story>")
    assert preferred_url(story) is None and story.id == twin.id and story.canonical_url == twin.canonical_url
    assert better_url(HOST + "/story/amp", None) is None
