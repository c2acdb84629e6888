"""What a scrubbed page must be: read as the page it was made of, and without a word of it. Both are looked at, not assumed."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from newscrawl.extraction.story import FetchInfo, open_page, read_story, site_names
from newscrawl.items import Story
from newscrawl.sites.model import Site
from newscrawl.text.encoding import BOMS, declared_encodings, decode
from newscrawl.text.whitespace import unescape
from newscrawl.tools.scaffold.saved import shortened
from tools.scrub.kept_words import KeptWords, kept_words
from tools.scrub.scrub import (
    BARE_URL,
    KEPT_ATTRIBUTES,
    KEPT_JSON,
    KEPT_METAS,
    KNOWN_NAMES,
    LITERAL,
    MAX_LEVELS,
    NAMES,
    PERCENT_ENCODED,
    TOKEN,
    URL_START,
    Scrubbed,
    cut,
    scrub,
)
from tools.scrub.tags import ATTRIBUTE, attributes

SAYING = frozenset(("alt", "title", "content", "aria-label", "placeholder", "value", "summary", "label"))
HEX_ID = re.compile(r"(?<![^\W_])(?=[a-f]*\d)[0-9a-f]{6,}(?![^\W_])", re.I)  # no word, though it may hold five letters
LONG_WORD = (
    5  # letters of a word that must not be left over, and of text without blanks, or where a letter is a syllable
)
LONG_UNSPACED = {"unspaced": 5, "hangul": 4}


@dataclass(frozen=True, slots=True)
class ScrubResult:
    """A scrubbed page, the story read of it, in what that is another, and which long words of the page are left."""

    html: bytes
    url: str
    story: Story
    lost: list[str]
    leaked: list[str]
    replaced: int
    kept: int

    @property
    def is_good(self) -> bool:
        return not self.lost and not self.leaked


def scrub_page(
    html: bytes, url: str, site: Site | None, *, content_type: str | None = None, captured: datetime | None = None
) -> ScrubResult:
    """A page with invented words, read again and looked through."""
    fetched = FetchInfo(fetched_at=captured, content_type=content_type)
    before = read_story(html, url, site, fetched)
    markup = decode(html, content_type, site.encoding if site else None)[0]
    encoding, mark = encoding_of(html, markup, content_type, site)
    data = open_page(html, url, site, content_type, captured.date() if captured else None)[0].data
    kept = kept_words(site, site_names(site, data, url))
    made = scrub(markup, url, kept, site, encoding)
    scrubbed = mark + made.markup.encode(encoding, "xmlcharrefreplace")
    after = read_story(scrubbed, made.url, site, fetched)
    leaked = leaked_words(markup, made, kept)
    return ScrubResult(
        scrubbed, made.url, after, list(lost_of(before, after)), leaked, len(made.replaced), len(made.kept)
    )


def encoding_of(html: bytes, markup: str, content_type: str | None, site: Site | None) -> tuple[str, bytes]:
    """(the encoding that gave a page's text, its byte order mark)."""
    for bom, encoding in BOMS:
        if html.startswith(bom):
            return encoding, bom
    stated = [site.encoding] if site and site.encoding else []
    guesses = [*stated, "utf-8", *declared_encodings(html, content_type), "cp1252", "cp949", "cp932", "euc_jp", "gb18030",
               "big5hkscs", "cp1251", "koi8-r", "cp1256", "cp1253", "cp1255", "cp874", "iso2022_jp", "utf-16-le", "utf-16-be"]  # fmt: skip
    for encoding in guesses:
        if is_reading_in(encoding, html, markup):
            return encoding, b""
    return "utf-8", b""


def is_reading_in(encoding: str, html: bytes, markup: str) -> bool:
    try:
        return codecs.decode(html, encoding, "replace") == markup
    except (LookupError, ValueError):
        return False


def structure_of(story: Story) -> dict[str, Any]:
    """All of a story that invented words leave as it was."""
    return {
        "paragraphs": [block.type for block in story.body or []],
        "their lengths": [len(block.text) for block in story.body or []],
        "headline": len(story.headline or ""),
        "site": story.source.id if story.source else None,
        "agency": story.agency,
        "attribution": [(a.id, a.role, sorted({(e.where, e.kind) for e in a.evidence})) for a in story.attribution or []],
        "published_at": story.published_at,
        "published_offset": story.published_offset,
        "published_date": story.published_date,
        "updated_at": story.updated_at,
        "authors": len(story.authors or []),
        "byline": story.byline is not None,
        "dateline": story.dateline and (story.dateline.date, len(story.dateline.text)),
        "section": len(story.section or []),
        "tags": len(story.tags or []),
        "alternates": [alternate.language for alternate in story.alternates or []],
        "language": story.language,
        "kind": story.kind,
        "access": story.access,
        "media": [(media.type, bool(media.caption), bool(media.credit)) for media in story.media or []],
        "change": story.change,
        "origins": story.extraction and story.extraction.origins,
    }  # fmt: skip


def lost_of(before: Story, after: Story) -> Iterator[str]:
    """In what the story of a scrubbed page is another."""
    was, now = structure_of(before), structure_of(after)
    for key, wanted in was.items():
        if wanted != now[key]:
            yield f"{key}: was {detail(wanted)}, is {detail(now[key])}"


def detail(value: Any) -> str:
    return shortened(value) if value is None or isinstance(value, str | int | float) else str(value)[:160]


def leaked_words(markup: str, made: Scrubbed, kept: KeptWords) -> list[str]:
    """The long words that a page says and its scrubbed alternate edition still does, anywhere; those that are meant to stay aside."""
    before = set(long_words(said(markup), kept))
    after = set(long_words(said(made.markup, with_urls=True), kept))
    return sorted((before & after) - made.kept - kept.words)


def long_words(texts: Iterable[str], kept: KeptWords) -> Iterator[str]:
    """The long words of texts in lower case; of text without blanks every five letters in a row."""
    for text in texts:
        for found in TOKEN.finditer(HEX_ID.sub(" ", text)):
            word, kind = found[0].casefold(), found.lastgroup
            if kind == "word" and len(word) >= LONG_WORD:
                yield word
            elif kind in LONG_UNSPACED:
                length = LONG_UNSPACED[kind]
                for part in kept.unspaced.split(word):
                    yield from (part[at : at + length] for at in range(len(part) - length + 1))


def said(markup: str, *, with_urls: bool = False, level: int = 0) -> Iterator[str]:
    """The texts of a page, in its tags and scripts too; without names of tags, classes, keys and hosts."""
    for part in cut(markup):
        yield unescape(part.text)
        values = list(said_by_tag(part.name.lower(), part.said, with_urls))
        if with_urls or "json" in part.said:
            values += said_by_json(part.inside)
        for value in values:
            yield from said_by_value(value, with_urls, level + 1)


def said_by_tag(name: str, inside: str, with_urls: bool) -> Iterator[str]:
    """The values of a tag that say something; `with_urls` all values that are not names."""
    if name in ("!", "?") or name.startswith("/"):
        return
    stated = attributes(inside) if name == "meta" else {}
    if not KEPT_METAS.isdisjoint(stated.get(key, "").lower() for key in ("name", "property", "itemprop", "http-equiv")):
        return
    for found in ATTRIBUTE.finditer(inside):
        key = found[1].lower()
        if found[0] == found[1] and key.isalpha() and key not in KNOWN_NAMES:
            yield key
        elif key in SAYING or (with_urls and key not in KEPT_ATTRIBUTES | NAMES):
            yield unescape(found[2] or found[3] or found[4] or "")


def said_by_value(value: str, with_urls: bool, level: int) -> Iterator[str]:
    if value.lstrip()[:1] == "%" and PERCENT_ENCODED.fullmatch(value.strip()):
        value = unquote(value)
    if level < MAX_LEVELS and value.lstrip()[:1] in ("{", "["):
        for inner in said_by_json(value):
            yield from said_by_value(inner, with_urls, level + 1)
    elif level < MAX_LEVELS and "<" in value:
        yield from said(value, with_urls=with_urls, level=level)
    elif not value.startswith("#") and (with_urls or not BARE_URL.fullmatch(value.strip())):
        yield URL_START.sub(" ", unquote(value) if "%" in value else value)


def said_by_json(text: str) -> Iterator[str]:
    """The strings of a script, those under keys that stay aside."""
    key, at = "", 0
    for found in LITERAL.finditer(text):
        yield text[at : found.start()]
        at = found.end()
        if found[2]:
            key = found[1]
        elif key not in KEPT_JSON:
            yield unescape(read_literal(found[1]))
    yield text[at:]


def read_literal(inside: str) -> str:
    try:
        return str(json.loads(f'"{inside}"', strict=False))
    except ValueError:
        return re.sub(r"\\(?:u[0-9a-fA-F]{4}|.)", " ", inside)
