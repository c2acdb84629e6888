"""Which of a page's own statements gives headline, people and date."""

from __future__ import annotations

import json
from typing import Any

import pytest

from newscrawl import read_page
from newscrawl.items import Story

TEXT = [
    "The harbour council of Calder voted on Monday to widen the northern quay by next spring, its chairman said.",
    "The work will cost about nine million, according to the plan that the council published after its session.",
]


def read(
    head: str,
    above: str = "",
    url: str = "https://paper.example/news/calder",
    wrap: tuple[str, str] = ("", ""),
    **node: Any,
) -> Story:
    data = wrap[0] + json.dumps({"@type": "NewsArticle", **node}) + wrap[1] if node else ""
    script = f'<script type="application/ld+json">{data}</script>' if data else ""
    body = "".join(f"<p>{text}</p>" for text in TEXT)
    markup = f'<html lang=en><head>{head}{script}</head><body><div class="page"><div class="article">{above}<div class="body">{body}</div></div></div></body></html>'
    return read_page(markup.encode(), url, site=None)


SHOWN, SEARCHED, OTHER = "Calder widens its quay", "Calder quay: all you need to know", "Quay of Calder to grow"


def head_of(title: str, shared: str) -> str:
    return f'<title>{title} | The Paper</title><meta property="og:title" content="{shared}"><meta property="og:site_name" content="The Paper">'


@pytest.mark.parametrize(
    ("title", "shared", "h1", "node", "headline"),
    [
        (SEARCHED, SHOWN, SHOWN, SEARCHED, SHOWN),
        (SEARCHED, SHOWN, None, SEARCHED, SHOWN),
        (SEARCHED, SEARCHED, None, SHOWN, SHOWN),
        (SHOWN, SHOWN, None, SHOWN, SHOWN),
        (SEARCHED, OTHER, SHOWN, SHOWN, SHOWN),
        (SHOWN, OTHER, SHOWN, SEARCHED, SHOWN),
        (OTHER, SEARCHED, None, SHOWN, SHOWN),
        (SHOWN, SHOWN, None, None, SHOWN),
    ],
)
def test_the_headline(title: str, shared: str, h1: str | None, node: str | None, headline: str) -> None:
    above = f"<h1>{h1}</h1>" if h1 else "<h3>Harbours</h3>"
    stated: dict[str, Any] = {"headline": node} if node else {}
    assert read(head_of(title, shared), above, **stated).headline == headline


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("札幌の港：ペーパー", "札幌の港"),
        ("札幌の港｜ペーパー", "札幌の港"),
        ("札幌の港：北の岸壁", "札幌の港：北の岸壁"),
        ("항구를 넓힌다ㅣペーパー", "항구를 넓힌다"),
    ],
)
def test_a_site_s_name_behind_a_wide_separator(title: str, headline: str) -> None:
    head = f'<meta property="og:title" content="{title}"><meta property="og:site_name" content="ペーパー">'
    assert read(head).headline == headline


@pytest.mark.parametrize(
    ("author", "above", "names"),
    [
        ({"@type": "Person", "name": "Ada Brandt"}, "", ["Ada Brandt"]),
        ({"@type": "Person", "givenName": "Ada", "familyName": "Brandt"}, "", ["Ada Brandt"]),
        ([{"name": "Ada Brandt (abr)"}, {"name": "Ole Varn (ova.)"}], "", ["Ada Brandt", "Ole Varn"]),
        (["Ada Brandt", "Ole Varn"], "", ["Ada Brandt", "Ole Varn"]),
        ("Ada Brandt and Ole Varn", "", ["Ada Brandt", "Ole Varn"]),
        ({"name": "https://paper.example/ada"}, '<p class="byline">By Ada Brandt</p>', ["Ada Brandt"]),
        ({"@type": "Organization", "name": "News Desk"}, "", []),
        (None, '<p class="byline">By Ada Brandt Nov. 23, 2026 9:30 am</p>', ["Ada Brandt"]),
        (None, "<h1>Calder widens its quay</h1><p>23. November 2026 • Ada Brandt • 3 Minuten</p>", ["Ada Brandt"]),
        (None, "<h1>Calder widens its quay</h1><p>23. November 2026 • Harbour News Desk</p>", []),
        (7, "", []),
    ],
    ids=range(11),
)
def test_the_people(author: Any, above: str, names: list[str]) -> None:
    story = read("", above, headline="Calder widens its quay", author=author)
    assert [person.name for person in story.authors or []] == names


def test_the_outlet_is_nobody() -> None:
    head = '<meta property="og:site_name" content="항구일보"><meta name="author" content="항구일보"><meta name="author" content="홍길동 기자">'
    assert [person.name for person in read(head).authors or []] == ["홍길동"]


DATE = "2026-11-23T09:30:00+09:00"


@pytest.mark.parametrize(
    ("published", "head", "above", "url", "at", "offset", "day", "origin"),
    [
        (DATE, "", "", "/n/c", "2026-11-23T00:30:00Z", "+09:00", "2026-11-23", "json-ld"),
        ("2026-11-23 09:30:00.0", f'<meta name="date" content="{DATE}">', "", "/n/c", "2026-11-23T00:30:00Z", "+09:00", "2026-11-23", "meta"),
        ("2026-11-23 08:30:00", f'<meta name="date" content="{DATE}">', "", "/n/c", None, None, "2026-11-23", "json-ld"),
        ("2026-11-22 09:30:00", f'<meta name="date" content="{DATE}">', "", "/n/c", None, None, "2026-11-22", "json-ld"),
        (None, f'<meta name="parsely-pub-date" content="{DATE}">', "", "/n/c", "2026-11-23T00:30:00Z", "+09:00", "2026-11-23", "meta"),
        (None, '<meta name="DC.date.issued" content="2026-11-23">', "", "/n/c", None, None, "2026-11-23", "meta"),
        (None, f'<meta itemprop="datePublished" content="{DATE}">', "", "/n/c", "2026-11-23T00:30:00Z", "+09:00", "2026-11-23", "meta"),
        (None, "", f'<h1>Calder</h1><time pubdate datetime="{DATE}">today</time>', "/n/c", "2026-11-23T00:30:00Z", "+09:00", "2026-11-23", "generic"),
        (None, "", "<h1>Calder</h1><p>23 listopada 2026</p>", "/n/c", None, None, "2026-11-23", "generic"),
        (None, "", "", "/2026/11/23/calder/", None, None, "2026-11-23", "url"),
        (None, "", "", "/n/c", None, None, None, None),
    ],
    ids=range(11),
)  # fmt: skip
def test_the_date(
    published: str | None,
    head: str,
    above: str,
    url: str,
    at: str | None,
    offset: str | None,
    day: str | None,
    origin: str | None,
) -> None:
    node: dict[str, Any] = {"headline": "Calder widens its quay", **({"datePublished": published} if published else {})}
    story = read(head, above, "https://paper.example" + url, **node)
    assert story.extraction is not None
    found = (story.published_at, story.published_offset, story.published_date, story.extraction.origins.published)
    assert found == (at, offset, day, origin)


@pytest.mark.parametrize(
    ("wrap", "warnings"),
    [
        (("", ""), []),
        (("<!--", "-->"), []),
        (("//<![CDATA[\n", "\n//]]>"), []),
        (("<![CDATA[", "]]>"), []),
        (("/* <![CDATA[ */", "/* ]]> */"), []),
        (("[", ",]"), []),
        (("", ";"), []),
        (("", "}"), ["json-ld-broken"]),
        (("{", ""), ["json-ld-broken"]),
    ],
    ids=range(9),
)
def test_json_ld_that_is_wrapped_or_broken(wrap: tuple[str, str], warnings: list[str]) -> None:
    story = read("<title>x</title>", wrap=wrap, headline="Calder widens its quay", datePublished=DATE)
    assert story.extraction is not None and story.extraction.warnings == warnings
    assert (story.published_at == "2026-11-23T00:30:00Z") == (not warnings)
