"""The record: one story, one line of JSON Lines.

Every line has every key below, in this order. A field without a value is null or an empty list. The JSON Schema, the
DuckDB, Arrow and `datasets` types and docs/fields.md are generated from these classes.

`Story` is the item that the loader fills, so each of its fields starts as None (itemloaders cannot make an item with a
required field). `always` marks the fields that are never null in a line. `crawled` marks those that are never null in a
line that a crawl wrote, and null where a page was read without one, as `read_page` does.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, Literal

import orjson

SCHEMA = "newscrawl/1"

Change = Literal["new", "update", "correction", "withdrawal"]
SourceKind = Literal["wire", "newspaper", "broadcaster", "portal", "magazine", "press-release"]
StoryKind = Literal["article", "brief", "live-blog", "gallery", "video", "opinion", "press-release", "summary"]
Access = Literal["free", "metered", "paywalled", "registration", "unknown"]
Discovered = Literal["rss", "news-sitemap", "sitemap", "section", "archive", "url", "replay"]
BodyType = Literal["paragraph", "heading", "list-item", "quote", "table-row"]
MediaType = Literal["image", "video", "audio"]
Role = Literal["originator", "contributor"]
Where = Literal["text", "byline", "source-line", "copyright", "meta", "json-ld", "feed", "url", "site", "copy"]
Relation = Literal["first", "copy", "excerpt"]
ZoneBasis = Literal["explicit", "site", "unknown"]

TIMESTAMP = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"
DATE = r"^\d{4}-\d{2}-\d{2}$"
OFFSET = r"^[+-]\d{2}:\d{2}$"
CONTENT_HASH = r"^sha256:[0-9a-f]{64}$"


# str.splitlines() breaks at these, JSON readers do not: escaped, a line is one line for both.
LINE_BREAKS = ((b"\xe2\x80\xa8", rb"\u2028"), (b"\xe2\x80\xa9", rb"\u2029"), (b"\xc2\x85", rb"\u0085"))


def doc(text: str, *, always: bool = False, crawled: bool = False, pattern: str | None = None) -> Any:
    """A field that starts as None; `text` gives its meaning, format and unit."""
    return field(default=None, metadata={"doc": text, "always": always, "crawled": crawled, "pattern": pattern})


@dataclass(slots=True, kw_only=True)
class Alternate:
    """The same story in another language, as the page links it."""

    language: str = field(metadata={"doc": "language tag of the other page (BCP 47)"})
    url: str = field(metadata={"doc": "its absolute URL"})


@dataclass(slots=True, kw_only=True)
class StorySource:
    """Where the story was READ; `attribution` has who wrote it."""

    id: str = field(metadata={"doc": "the site file's name; the host where no site file was used"})
    name: str = field(metadata={"doc": "the site's name as people know it"})
    domain: str = field(metadata={"doc": "registrable domain of the page's URL"})
    kind: SourceKind | None = doc("what sort of site it is; null without a site file")


@dataclass(slots=True, kw_only=True)
class Evidence:
    """One string on the page that backs an attribution, with its place, so that a reader can check it."""

    where: Where = field(metadata={"doc": "the part of the page that has it"})
    kind: str = field(metadata={"doc": "the rule that found it: dateline, closing-credit, byline, ..."})
    text: str = field(metadata={"doc": "the exact string"})
    start: int | None = doc("offset into `text` in Unicode code points; null outside `text`")
    end: int | None = doc("end offset, exclusive; null outside `text`")
    of: str | None = doc("id of the other story where `where` is copy")


@dataclass(slots=True, kw_only=True)
class Attribution:
    """An agency that WROTE the story or contributed to it."""

    id: str = field(metadata={"doc": "agency id of agencies.toml; `unspecified` where a credit names no agency"})
    name: str = field(metadata={"doc": "the agency's name"})
    role: Role = field(metadata={"doc": "originator: the text is the agency's; contributor: it had a part in it"})
    confidence: float = field(metadata={"doc": "0.0-1.0"})
    evidence: list[Evidence] = field(metadata={"doc": "strongest first; at least one"})


@dataclass(slots=True, kw_only=True)
class Author:
    """A person of the byline, without the agency's name."""

    name: str = field(metadata={"doc": "the name as the byline spells it"})
    raw: str = field(metadata={"doc": "the string it was read from"})


@dataclass(slots=True, kw_only=True)
class Dateline:
    """The opening formula of a wire story; it stays in `text` as well."""

    text: str = field(metadata={"doc": "the exact string at the head of `text`"})
    place: str | None = doc("the city or cities, as printed")
    date: str | None = doc("YYYY-MM-DD, the year taken from the publication date", pattern=DATE)


@dataclass(slots=True, kw_only=True)
class BodyBlock:
    """One paragraph, heading, list item, quote or table row of the story."""

    type: BodyType = field(metadata={"doc": "what the block is"})
    text: str = field(metadata={"doc": "its text; a line break inside is \\n, ` | ` separates the cells of a row"})


@dataclass(slots=True, kw_only=True)
class Media:
    """A picture, video or sound of the story with its caption and credit."""

    type: MediaType = field(metadata={"doc": "what it is"})
    url: str | None = doc("absolute URL")
    caption: str | None = doc("caption without its credit")
    credit: str | None = doc("who made it; never an attribution of the text")


@dataclass(slots=True, kw_only=True)
class Rights:
    """What the page says about the use of its text, verbatim."""

    notice: str | None = doc("the copyright notice")
    holder: str | None = doc("the copyright holder")
    license: str | None = doc("URL or name of a licence")
    reservation: str | None = doc(
        "what the page reserves, as `name: value`: robots meta, X-Robots-Tag, TDM reservation, stated ban of AI training"
    )


@dataclass(slots=True, kw_only=True)
class Cluster:
    """The group of lines that carry the same story, in order of arrival."""

    id: str = field(metadata={"doc": "id of the first story of the group"})
    relation: Relation = field(
        metadata={"doc": "first, copy, or excerpt (under half as long, nearly all of it there); never revised"}
    )
    of: str | None = doc("id of the story it was matched with; null for a first")
    similarity: float | None = doc(
        "1.0 for the same text, below it the share of the shorter text that the other has; null for a first"
    )
    original: str | None = doc("id now believed to be the agency's own; the latest line of a cluster wins")


@dataclass(slots=True, kw_only=True)
class Warc:
    """Where the archived response is."""

    file: str | None = doc("path of the WARC file")
    offset: int | None = doc("offset of the record in bytes")
    length: int | None = doc("length of the record in bytes")


@dataclass(slots=True, kw_only=True)
class Crawl:
    """How and when the page was fetched."""

    run: str | None = doc(
        "id of the run that wrote the line; null where the page was read without a crawl", crawled=True
    )
    requested_url: str | None = doc("the URL as it was announced, before redirects", always=True)
    fetched_at: str | None = doc(
        "UTC time of the response; null where the caller gave none", crawled=True, pattern=TIMESTAMP
    )
    discovered: Discovered | None = doc("how the story was announced; null without a crawl", crawled=True)
    status: int | None = doc("HTTP status; null without a crawl", crawled=True)
    etag: str | None = doc("ETag header")
    html_sha256: str | None = doc(
        "SHA-256 of the body as received, hex; of text given to read_page, of its UTF-8 form",
        always=True,
        pattern="^[0-9a-f]{64}$",
    )
    warc: Warc = field(default_factory=Warc, metadata={"doc": "the archived response, if any"})


@dataclass(slots=True, kw_only=True)
class Origins:
    """Where the value of a field was found: json-ld, open-graph, meta, site-rule, generic, text, url; feed: what the feed, sitemap or list said."""

    headline: str | None = doc("origin of headline")
    text: str | None = doc("origin of text and body")
    byline: str | None = doc("origin of byline and authors")
    dateline: str | None = doc("origin of dateline")
    published: str | None = doc("origin of published_*")
    section: str | None = doc("origin of section")


@dataclass(slots=True, kw_only=True)
class Extraction:
    """What read the page, and its warnings."""

    newscrawl: str = field(metadata={"doc": "version of newscrawl"})
    site_rules: str | None = doc("<site>@<first digits of the site file's SHA-256>; null without a site file")
    warnings: list[str] = field(
        default_factory=list, metadata={"doc": "reasons, one word each; docs/run-report.md lists them"}
    )
    origins: Origins = field(default_factory=Origins, metadata={"doc": "where the main fields came from"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A response with its body decompressed: everything that a story is read from. Not part of a line."""

    url: str  # after redirects
    body: bytes
    requested_url: str  # as it was announced
    fetched_at: datetime  # UTC
    discovered: Discovered
    status: int
    headers: tuple[tuple[str, str], ...] = ()  # names in lower case
    hints: tuple[tuple[str, str], ...] = ()  # what the source said about the story
    warc: Warc | None = None  # where it is in an archive

    def header(self, name: str) -> str | None:
        """The first value of a header; None if it was not sent."""
        return next((value for key, value in self.headers if key == name), None)


class TransientFields:
    """What a story carries until it is written and what never gets into its line: not fields of a dataclass."""

    __slots__ = ("_link_rate", "_pages")

    @property
    def pages(self) -> tuple[Page, ...]:
        """The responses it was read from; () if it was not crawled."""
        return getattr(self, "_pages", ())

    @pages.setter
    def pages(self, pages: tuple[Page, ...]) -> None:
        self._pages = pages

    @property
    def link_rate(self) -> float | None:
        """The share of its text's characters that are links; None if it was not measured."""
        return getattr(self, "_link_rate", None)

    @link_rate.setter
    def link_rate(self, rate: float) -> None:
        self._link_rate = rate


@dataclass(slots=True, kw_only=True)
class Story(TransientFields):
    """One story as read on one page: one line."""

    schema: str | None = doc(f"version of this record: {SCHEMA}", always=True)
    id: str | None = doc("<source.id>:<key>, given at first sight and kept", always=True)
    version: int | None = doc("1, 2, ... for each change of the same story", always=True)
    change: Change | None = doc(
        "new for version 1, else what kind of change it is; a withdrawal has no text", always=True
    )
    previous: str | None = doc("content_hash of the version before", pattern=CONTENT_HASH)
    content_hash: str | None = doc(
        "sha256 of headline and text after NFC, whitespace folded", always=True, pattern=CONTENT_HASH
    )
    url: str | None = doc("the page's URL after redirects", always=True)
    canonical_url: str | None = doc("the URL the page names as its own within the site, normalised", always=True)
    alternates: list[Alternate] | None = doc("the same story in other languages", always=True)
    source: StorySource | None = doc("where it was read", always=True)
    agency: str | None = doc("id of the first originator; null where no agency wrote it")
    attribution: list[Attribution] | None = doc("who wrote it, with evidence", always=True)
    headline: str | None = doc("the headline without the site's name", always=True)
    subheadline: str | None = doc("standfirst or second headline")
    summary: str | None = doc("the page's own description")
    byline: str | None = doc("the byline as printed")
    authors: list[Author] | None = doc("the people of the byline", always=True)
    dateline: Dateline | None = doc("the opening formula of a wire story")
    text: str | None = doc("the paragraphs, joined by an empty line; empty for a withdrawal", always=True)
    body: list[BodyBlock] | None = doc("the same with its structure", always=True)
    section: list[str] | None = doc("sections from the general to the special", always=True)
    tags: list[str] | None = doc("keywords", always=True)
    language: str | None = doc("language of the story (BCP 47, lower case)")
    kind: StoryKind | None = doc("what kind of story it is; article where nothing says otherwise", always=True)
    access: Access | None = doc(
        "whether the whole text was free to read: what the page states, else the line where its text was cut",
        always=True,
    )
    published_at: str | None = doc("UTC; null where clock or zone is unknown", pattern=TIMESTAMP)
    published_offset: str | None = doc("offset stated by the page or implied by the site's zone", pattern=OFFSET)
    published_date: str | None = doc("the local day of publication", pattern=DATE)
    published_raw: str | None = doc("the date as found")
    updated_at: str | None = doc("UTC; when the page says it was changed", pattern=TIMESTAMP)
    time_zone_basis: ZoneBasis | None = doc("what the offset rests on", always=True)
    media: list[Media] | None = doc("pictures, videos and sounds with credits", always=True)
    rights: Rights | None = doc("what the page reserves", always=True)
    cluster: Cluster | None = doc("copies and excerpts of the same story", always=True)
    crawl: Crawl | None = doc("how it was fetched", always=True)
    extraction: Extraction | None = doc("how it was read", always=True)

    def to_dict(self) -> dict[str, Any]:
        """The record as plain dicts and lists: every key, in the record's order."""
        return asdict(self)

    def to_json(self) -> str:
        """The record as one line of JSON without its line break; in UTF-8, the bytes that a crawl writes."""
        return json_line(self).decode()


def json_line(story: Story) -> bytes:
    """A story as UTF-8 JSON that is one line for every reader, without its line break."""
    try:
        line = orjson.dumps(story)
    except TypeError:  # a lone surrogate in a URL or raw field: no reader accepts it, and it must not cost the story
        line = json.dumps(asdict(story), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return one_line(line)


def one_line(line: bytes) -> bytes:
    """A line of JSON that is one line for every reader."""
    for raw, escaped in LINE_BREAKS:
        if raw in line:
            line = line.replace(raw, escaped)
    return line


ALWAYS = tuple(f.name for f in fields(Story) if f.metadata["always"])
