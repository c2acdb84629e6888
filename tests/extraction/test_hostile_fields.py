"""Fields of hundreds of kilobytes that were written to hurt patterns: a page is read in time near linear."""

from __future__ import annotations

import json
import time

import pytest

from newscrawl import read_page
from newscrawl.extraction.media import MAX_CREDITED_CHARS, split_credit
from newscrawl.extraction.structured_data import MAX_LINE_CHARS, text_of
from newscrawl.loaders import MAX_HEADLINE_CHARS, without_site_name
from newscrawl.text.byline import MAX_NAMES_CHARS, split_names

SMALL, LARGE = 50_000, 200_000  # characters of each field
MAX_GROWTH = 9.0  # between the sizes: 4 is linear, 16 quadratic
UNITS = [
    ".",
    " .",
    "a ",
    " - ",
    "photo: ",
    "pm a.a@a.",
    "by Ada Lee and ",
    "(",
    "12.",
    "mit material der ",
    "&amp;nbsp;",
]
TEXT = "The harbour of Quay was closed for a day while the crews looked for the lost buoy. " * 3


def page(field: str) -> bytes:
    data = {"@type": "NewsArticle", "headline": field, "description": field, "author": [{"name": field}, field]}
    attribute = field.replace('"', "")
    return f"""<html><head><title>{field}</title><meta name="author" content="{attribute}">
<meta property="og:title" content="{attribute}"><meta name="description" content="{attribute}">
<script type="application/ld+json">{json.dumps(data)}</script></head><body><article><h1>{field}</h1>
<p class="byline">{field}</p><p class="author">By {field}</p><time>{field}</time>
<figure><img src="/a.jpg"><figcaption>{field}</figcaption></figure>
<p>{TEXT}</p><p>{TEXT}</p><p>{TEXT}</p><p>{field}</p><p class="source">{field}</p><p class="copyright">© {field}</p>
</article></body></html>""".encode()


def seconds(unit: str, size: int) -> float:
    body = page(unit * (size // len(unit)) + "\x01x")
    start = time.process_time()
    read_page(body, "https://news.example/story-1.html")
    return time.process_time() - start


@pytest.mark.parametrize("unit", UNITS)
def test_time_for_a_page_grows_with_its_length(unit: str) -> None:
    small = min(seconds(unit, SMALL) for _ in range(2))
    assert seconds(unit, LARGE) < MAX_GROWTH * small or seconds(unit, LARGE) < MAX_GROWTH * small  # a busy machine


def test_a_caption_beyond_the_cap_is_kept_without_a_credit() -> None:
    credited = "Boats at dawn. (Quay Press)"
    assert split_credit(credited.rjust(MAX_CREDITED_CHARS, "x"))[1] == "Quay Press"
    longer = credited.rjust(MAX_CREDITED_CHARS + 1, "x")
    assert split_credit(longer) == (longer, None)


def test_a_headline_beyond_the_cap_keeps_the_name_of_its_site() -> None:
    context = {"site_names": {"the quay"}}
    headline = " | The Quay".rjust(MAX_HEADLINE_CHARS, "x")
    assert without_site_name(headline, context) == headline.removesuffix(" | The Quay")
    assert without_site_name("x" + headline, context) == "x" + headline


def test_names_beyond_the_cap_of_a_byline_are_not_read() -> None:
    assert split_names("x" * (MAX_NAMES_CHARS - 9) + ", Ada Lee, Bo Lin")[1:] == ["Ada Lee"]


def test_a_string_of_json_ld_is_cut_and_an_article_body_is_not() -> None:
    text = "a" * (MAX_LINE_CHARS + 1)
    assert text_of(text) == text_of({"@value": text}) == "a" * MAX_LINE_CHARS
    assert text_of(text, max_chars=None) == text
