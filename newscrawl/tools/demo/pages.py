"""The pages of the sample wire, in the shape of real ones: menus, teasers, captions, share bars, footers."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

NAMES = ("sample-wire", "harbour-times", "valley-post")
HOSTS = {
    "sample-wire": "www.meridian.example",
    "harbour-times": "www.harbourtimes.example",
    "valley-post": "www.valleypost.example",
}


@dataclass(frozen=True, slots=True)
class DemoStory:
    """A story as one site prints it."""

    path: str
    headline: str
    paragraphs: tuple[str, ...]
    published: str
    caption: str
    caption_credit: str
    byline: str | None = None


@lru_cache(maxsize=1)
def stories() -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_name("stories.toml").read_text("utf-8"))


def piece(key: str, path: str, published: str, **changes: Any) -> DemoStory:
    story = stories()[key]
    values = {
        "headline": story["headline"],
        "paragraphs": tuple(story["paragraphs"]),
        "caption": story["caption"],
        "caption_credit": story.get("caption_credit", "Meridian"),
        "byline": story.get("byline"),
    }
    return DemoStory(path=path, published=published, **(values | changes))


def pieces(site: str, edition: int) -> list[DemoStory]:
    """What a site has on its pages; the second edition holds the agency's correction."""
    ferry = stories()["ferry"]
    if site == "sample-wire":
        quake = "quake" if edition == 1 else "quake-corrected"
        return [
            piece("ferry", "/view/MNA202611200101", "2026-11-20T09:10:00+00:00"),
            piece("harvest", "/view/MNA202611200102", "2026-11-20T11:45:00+00:00"),
            piece(quake, "/view/MNA202611210201", "2026-11-21T11:20:00+00:00"),
            piece("budget", "/view/MNA202611210202", "2026-11-21T18:05:00+00:00"),
        ]
    if site == "harbour-times":
        return [
            piece("market", "/news/2026/11/sunday-market", "2026-11-19T20:30:00+01:00"),
            piece("ferry", "/news/2026/11/night-ferry", "2026-11-20T12:00:00+01:00", byline="By Meridian"),
            piece("bridge", "/news/2026/11/bridge-cracks", "2026-11-21T21:00:00+01:00"),
        ]
    return [
        piece("harvest", "/story.php?id=20261120007", "2026-11-20 13:02", byline="Meridian"),
        piece(
            "ferry", "/story.php?id=20261120009", "2026-11-20 14:40", byline=None,
            headline="Night boat to Ostrava Bay is back in April",
            paragraphs=(*ferry["paragraphs"][:3], ferry["paragraphs"][3] + " (Meridian)"),
        ),
        piece("lighthouse", "/story.php?id=20261121002", "2026-11-21 08:00"),
    ]  # fmt: skip


def wire_page(story: DemoStory, others: list[DemoStory]) -> str:
    url = f"https://{HOSTS['sample-wire']}{story.path}"
    node = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": story.headline, "url": url,
        "datePublished": story.published, "author": {"@type": "Person", "name": ""},
        "sourceOrganization": {"@id": "#publisher"}, "articleSection": "National",
    }  # fmt: skip
    body = "\n".join(f"<p>{escape(text, quote=False)}</p>" for text in story.paragraphs)
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(story.headline)} | Meridian News Agency</title>
<link rel="canonical" href="{url}"><meta property="og:title" content="{escape(story.headline)}">
<meta property="og:site_name" content="Meridian News Agency"><meta property="article:published_time" content="{story.published}">
<script type="application/ld+json">{json.dumps(node)}</script>
<script type="application/ld+json">{{"@id": "#publisher", "@type": "NewsMediaOrganization", "name": "Meridian News Agency"}}</script></head>
<body><a class="skip-link" href="#c">Skip to content</a><header><nav><ul><li><a href="/">National</a></li><li><a href="/w">World</a></li></ul></nav></header>
<main id="c"><h1 class="tit">{escape(story.headline)}</h1><div class="share-bar"><a href="#">Share</a> <a href="#">Print</a></div>
<article class="story-news"><figure><img src="/i.jpg" alt=""><figcaption>{escape(story.caption)} ({escape(story.caption_credit)})</figcaption></figure>
{body}<p class="writer-zone">desk@meridian.example</p><p>(END)</p></article>
<aside class="related-group"><h2>MOST POPULAR</h2><ul>{teasers(others)}</ul></aside></main>
<footer><p>Copyright (c) Meridian News Agency. All rights reserved. Redistribution prohibited.</p></footer></body></html>"""


def times_page(story: DemoStory, others: list[DemoStory]) -> str:
    url = f"https://{HOSTS['harbour-times']}{story.path}"
    author = (story.byline or "").removeprefix("By ")
    kind = "Organization" if author == "Meridian" else "Person"
    node = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "NewsArticle", "headline": story.headline, "mainEntityOfPage": url, "datePublished": story.published,
             "author": [{"@type": kind, "name": author}], "publisher": {"@type": "Organization", "name": "The Harbour Times"}},
        ],
    }  # fmt: skip
    body = '</p>\n<div class="ad">Advertisement</div><p>'.join(escape(text, quote=False) for text in story.paragraphs)
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(story.headline)} - The Harbour Times</title>
<link rel="canonical" href="{url}"><meta property="og:site_name" content="The Harbour Times">
<script type="application/ld+json">{json.dumps(node)}</script></head>
<body class="article withSidebar"><header class="top"><div class="menu"><a href="/news">News</a> <a href="/sport">Sport</a> <a href="/pr">PR desk</a></div></header>
<div class="layout"><main><h1>{escape(story.headline)}</h1><div class="byline">{escape(story.byline or "")}</div><time datetime="{story.published}">{story.published[:10]}</time>
<div class="article__body"><div class="figure"><img src="/p.jpg" alt=""><div class="caption">{escape(story.caption)} Photo: {escape(story.caption_credit)}</div></div>
<p>{body}</p></div><div class="newsletter"><p>Sign up for our newsletter and get the best of the harbour every morning.</p></div></main>
<aside class="sidebar"><h2>LATEST NEWS</h2><ul>{teasers(others)}</ul><p>subscribe</p></aside></div>
<footer><p>© 2026 The Harbour Times. All rights reserved.</p></footer></body></html>"""


def post_page(story: DemoStory, others: list[DemoStory]) -> str:
    body = "<br><br>\n".join(escape(text, quote=False) for text in story.paragraphs)
    return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>Valley Post</title>
<link rel="canonical" href="https://{HOSTS["valley-post"]}{escape(story.path)}"></head>
<body><a name="top"></a><table width="960"><tr><td colspan="2"><a href="/">Home</a> | <a href="/v">Valley</a> | <a href="/l">Life</a></td></tr>
<tr><td class="main"><b class="head">{escape(story.headline)}</b><br><span class="by">{escape(story.byline or "")}</span>
<span class="date">Published : {story.published}</span><div class="sns">Link copied</div>
<div id="articleText"><table class="imgbox"><tr><td><img src="/x.jpg"></td></tr><tr><td>{escape(story.caption)} ({escape(story.caption_credit)})</td></tr></table>
{body}</div></td><td class="right">MOST POPULAR<br>{teasers(others)}<br>subscribe</td></tr>
<tr><td colspan="2"><a href="#top">Back To Top</a><br>Copyright Valley Post. All Rights Reserved.</td></tr></table></body></html>"""


PAGES = {"sample-wire": wire_page, "harbour-times": times_page, "valley-post": post_page}


def teasers(others: list[DemoStory]) -> str:
    return "".join(f'<li><a href="{escape(other.path)}">{escape(other.headline)}</a></li>' for other in others)


def rss(site: str, items: list[DemoStory], base: str) -> str:
    entries = "".join(
        f"<item><title>{escape(item.headline)}</title><link>{base}{escape(item.path)}</link>"
        f"<description>{escape(item.paragraphs[0][:80])}</description></item>"
        for item in items
    )
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{site}</title>{entries}</channel></rss>'


def news_sitemap(items: list[DemoStory], base: str) -> str:
    entries = "".join(
        f"<url><loc>{base}{escape(item.path)}</loc><news:news><news:publication_date>{item.published}</news:publication_date>"
        f"<news:title>{escape(item.headline)}</news:title></news:news></url>"
        for item in items
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{entries}</urlset>'
    )


def section(items: list[DemoStory], page: int, per_page: int = 2) -> str:
    here = items[(page - 1) * per_page : page * per_page]
    more = f'<a rel="next" href="/news?page={page + 1}">older</a>' if page * per_page < len(items) else ""
    rows = "".join(
        f'<article><h3 class="teaser__title"><a href="{escape(i.path)}">{escape(i.headline)}</a></h3></article>'
        for i in here
    )
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>News</title></head><body><main>{rows}{more}</main></body></html>'
    )
