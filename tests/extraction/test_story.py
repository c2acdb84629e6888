"""A newspaper's page that carries an agency's story, in the forms such pages have had."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest

import newscrawl
from newscrawl import read_page
from newscrawl.extraction.story import named_site
from tests.conftest import SHARED, needs_shared
from tests.cost import at_most

URL = "http://www.koreaherald.com/view.php?ud=20150405000232"
HEADLINE = "Two ports to restart night ferry after years of 'quiet' talks"
STORY = [
    "Despite slow talks, the ports of Calder and Ostrava Bay are expected to restart their night ferry in spring, officials said Sunday.",
    "Harbour masters from both towns are scheduled to sign the papers in Calder, where they will also discuss quieter ramps and night trains.",
    "The signing will be followed by a visit to the ship, which was bought second-hand and is to be refitted by April 14, the sources said.",
    "In addition, the two towns are considering a joint board of both assemblies to settle quarrels over noise, the sources said.",
    "Seoul and Tokyo reportedly agreed.",
    "Relations between the two towns have been strained for years due mainly to the loss of the earlier line, and of its two hundred jobs.",
    'The mayors have not met for more than two years, as one has refused to accept that the other call the line "ours."',
    "The ferry has been a key concern for the province as it seeks to keep lorries off the bay road. (Yonhap)",
]
AROUND = ["Back To Top", "MOST POPULAR", "LATEST NEWS", "subscribe", "피터빈트"]


def form(name: str, headline: str = HEADLINE, story: list[str] = STORY) -> str:
    head, texts = escape(headline, quote=False), [escape(text, quote=False) for text in story]
    paragraphs = "".join(f"<p>{text}</p>\n" for text in texts)
    tail = "<h3>MOST POPULAR</h3><h3>LATEST NEWS</h3><a href=/s>subscribe</a><div>피터빈트</div>"
    lines = "".join(f"<div>{line}</div>\n" for line in [AROUND[0], head, *texts, *AROUND[1:]])
    return {
        "rules, p": f'<a href=#>Back To Top</a><h1 class="title_sec">{head}</h1><div id="articleText">{paragraphs}</div>{tail}',
        "rules, br br": f'<a href=#>Back To Top</a><h1 class="title_sec">{head}</h1><div id="articleText">{"<br><br>".join(texts)}</div>{tail}',
        "rules, br": f'<a href=#>Back To Top</a><h1 class="title_sec">{head}</h1><div id="articleText">{"<br>".join(texts)}</div>{tail}',
        "unknown, p": f"<title>{head} - The Paper</title><a href=#>Back To Top</a><h1>{head}</h1><div>{paragraphs}</div>{tail}",
        "unknown, br": f"<title>{head}</title><a href=#>Back To Top</a><h1>{head}</h1><div>{'<br><br>'.join(texts)}</div>{tail}",
        "bare lines": f"<html><body>{lines}</body></html>",
        "bare lines under the site's name": f"<html><head><title>The Korea Herald</title></head><body>{lines}</body></html>",
        "bare lines with br": f"<html><body>{'<br>'.join([AROUND[0], head, *texts, *AROUND[1:]])}</body></html>",
    }[name]


FORMS = [
    "rules, p", "rules, br br", "rules, br", "unknown, p", "unknown, br", "bare lines", "bare lines under the site's name",
    "bare lines with br",
]  # fmt: skip


def check(name: str, headline: str, paragraphs: list[str]) -> None:
    site = "koreaherald" if name.startswith("rules") else None
    story = read_page(form(name, headline, paragraphs).encode(), URL, site)
    assert story.headline == headline
    assert [block.text for block in story.body or []] == paragraphs
    assert story.text == "\n\n".join(paragraphs)
    assert story.agency == "yonhap"
    (attribution,) = story.attribution or []
    evidence = attribution.evidence[0]
    assert (evidence.where, evidence.kind, evidence.text) == ("text", "closing-credit", "(Yonhap)")
    assert (evidence.start, evidence.end) == (len(story.text) - 8, len(story.text))


@pytest.mark.parametrize("name", FORMS)
def test_exactly_the_headline_and_the_paragraphs(name: str) -> None:
    check(name, HEADLINE, STORY)


@needs_shared
@pytest.mark.parametrize("name", FORMS)
def test_the_page_the_project_began_with(name: str) -> None:
    text = (SHARED / "data/seed/koreaherald-2015.txt").read_text("utf-8")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    assert lines[0] == "Back To Top" and lines[-1] == "피터빈트"
    check(name, lines[1], lines[2 : lines.index("MOST POPULAR")])


def test_a_site_without_rules_is_found_by_its_host() -> None:
    story = read_page(form("rules, p").encode(), URL)
    assert story.source is not None and (story.source.id, story.source.kind) == ("koreaherald", "newspaper")
    assert story.id == "koreaherald:20150405000232"
    assert read_page(form("rules, p").encode(), URL, site=None).id != story.id


def test_the_layout_is_that_of_the_day_of_capture() -> None:
    page = form("rules, p").encode()
    old = read_page(page, URL, fetched_at=datetime(2015, 4, 5, tzinfo=UTC))
    new = read_page(page, URL, fetched_at=datetime(2026, 4, 5, tzinfo=UTC))
    assert old.extraction is not None and old.extraction.origins.text == "site-rule"
    assert new.extraction is not None and new.extraction.origins.text == "generic"
    assert old.crawl is not None and old.crawl.fetched_at == "2015-04-05T00:00:00Z"


def test_a_wrong_call_is_told() -> None:
    with pytest.raises(ValueError, match=r"'nosuch' is not one of agencia-brasil, .*, yonhap"):
        read_page(b"", URL, site="nosuch")
    with pytest.raises(ValueError, match="not an absolute http"):
        read_page(b"", "koreaherald.com/x")
    assert named_site("auto", "https://unknown.example/") is None


def test_the_wire_s_own_page() -> None:
    page = """<html lang=en><head><title>Quay to be wider | Yonhap News Agency</title>
<link rel=canonical href="https://en.yna.co.kr/view/AEN20261123000100315?section=national">
<script type="application/ld+json">[{"@type":"NewsArticle","headline":"Quay to be wider","datePublished":"2026-11-23T09:30:00+09:00",
"author":{"@type":"Person","name":""},"sourceOrganization":{"@id":"#p"},"articleSection":["National","Ports"],"keywords":"quay, ports"},
{"@id":"#p","name":"Yonhap News Agency"}]</script></head><body><h1>Quay to be wider</h1><article class="story-news">
<figure><img><figcaption>The quay on Sunday. (Yonhap)</figcaption></figure>
<p>SEOUL, Nov. 23 (Yonhap) -- The council voted on Monday to widen the quay, its chairman said after the session.</p>
<p>It will cost nine million. The money is to be lent by the province at a low rate, the council said.</p>
<p>(END)</p><div class="related-group"><p>Something else that happened on the same day in another port of the country.</p></div></article></body></html>"""
    story = read_page(page.encode(), "https://en.yna.co.kr/view/AEN20261123000100315?section=national&input=rss")
    assert story.id == "yonhap:AEN20261123000100315"
    assert story.headline == "Quay to be wider"
    assert [block.text[:6] for block in story.body or []] == ["SEOUL,", "It wil"]
    assert story.dateline is not None
    assert (story.dateline.text, story.dateline.place, story.dateline.date) == (
        "SEOUL, Nov. 23 (Yonhap) --",
        "SEOUL",
        "2026-11-23",
    )
    assert (story.published_at, story.published_offset, story.time_zone_basis) == (
        "2026-11-23T00:30:00Z",
        "+09:00",
        "explicit",
    )
    assert (story.section, story.tags, story.language) == (["National", "Ports"], ["quay", "ports"], "en")
    assert {evidence.where for evidence in (story.attribution or [])[0].evidence} == {"text", "json-ld", "site"}
    assert [(media.caption, media.credit) for media in story.media or []] == [("The quay on Sunday.", "Yonhap")]
    assert story.source is not None and story.source.kind == "wire"


HOSTILE = {
    "empty": b"",
    "blank": b"  \n ",
    "no body": b"<html><head><title>x</title></head></html>",
    "binary": bytes(range(256)) * 40,
    "NULs": b"<p>" + b"a\x00b" * 10_000,
    "17 MB": b"<p>" + b"word " * 3_500_000,
    "200,000 attributes": b"<p " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">x",
    "100,000 divs": b"<div>" * 100_000 + b"x",
    "entities": b"<p>" + b"&amp;&#x41;&bogus;&#xD800;" * 20_000,
    "json-ld deep": b'<script type="application/ld+json">' + b"[" * 100_000 + b"</script><p>x",
    "json-ld integer": b'<script type="application/ld+json">{"@type":"NewsArticle","n":1' + b"0" * 100_000 + b"}</script><p>x",
    "json-ld NaN": b'<script type="application/ld+json">{"@type":"NewsArticle","headline":NaN,"author":[1,null,{"name":[]}],"datePublished":{}}</script><p>x',
    "json-ld odd types": b'<script type="application/ld+json">{"@type":["NewsArticle",3],"@id":7,"headline":{"a":1},"keywords":[[]],"image":[{"url":5}],"publisher":[],"url":[]}</script><p>x',
    "a long title": b"<title>" + b"a - b | " * 100_000 + b"</title><p>x",
    "bad links": b'<link rel=canonical href="http://[::1"><link rel=alternate hreflang=ko href="//["><p>x',
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_no_page_raises_or_hangs(name: str) -> None:
    with at_most(300):
        story = read_page(HOSTILE[name], "https://hostile.example/x", site=None)
    assert story.text is None or story.text
    assert story.extraction is not None
    assert story.text or story.extraction.warnings


def test_the_package_offers_its_function_without_loading_it() -> None:
    assert newscrawl.read_page is read_page
    assert newscrawl.__version__
    with pytest.raises(AttributeError):
        _ = newscrawl.nothing


@needs_shared
@pytest.mark.parametrize("name", ["attribution", "fundus"])
def test_real_pages_are_read_without_a_crash(name: str) -> None:
    folder: Path = SHARED / "data" / name
    for line in (folder / "truth.jsonl").read_text("utf-8").splitlines()[:60]:
        truth = json.loads(line)
        html = gzip.decompress((folder / "pages" / truth["file"]).read_bytes())
        story = read_page(html, truth["url"] or "https://unknown.example/x")
        assert story.id and story.content_hash
        for attribution in story.attribution or []:
            for evidence in attribution.evidence:
                assert evidence.where != "text" or (story.text or "")[evidence.start : evidence.end] == evidence.text
