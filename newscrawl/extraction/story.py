"""One page -> one Story: what `read_page` and the spider call. No network, no state."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from newscrawl import __version__
from newscrawl.attribution.agencies import add_agencies_file, agency_named, fold_name, may_name_agency
from newscrawl.attribution.attribute import CreditPlaces, LoneLine, Structured, attribute, reads_as_credit
from newscrawl.dedup.alternate_edition import better_url
from newscrawl.dedup.canonical_url import is_plausible_canonical, normalise, story_key
from newscrawl.dedup.version import content_hash
from newscrawl.extraction.access import access_of
from newscrawl.extraction.document import Document, fold_title, has_byline_prefix, place_of, read_document
from newscrawl.extraction.kind import kind_of
from newscrawl.extraction.media import read_media
from newscrawl.extraction.paging import joined, page_number
from newscrawl.extraction.parse import ParsedPage, parse, parse_page
from newscrawl.extraction.rights import reservations
from newscrawl.extraction.stated import language_of, tags_of
from newscrawl.extraction.structured_data import MAX_VALUES, StructuredData, listed, name_of, resolved, text_of
from newscrawl.extraction.trust import by_trust
from newscrawl.items import (
    SCHEMA,
    Alternate,
    Author,
    Cluster,
    Crawl,
    Dateline,
    Discovered,
    Extraction,
    Origins,
    Page,
    Rights,
    Story,
    StorySource,
    Warc,
)
from newscrawl.loaders import StoryLoader, without_site_name
from newscrawl.security.markup import MAX_PAGE_BYTES
from newscrawl.security.url import join_url, registrable_domain, split
from newscrawl.sites.model import Layout, Site
from newscrawl.sites.registry import site_of
from newscrawl.text.boilerplate import is_copyright
from newscrawl.text.byline import is_person, person_beside_date, person_name, split_names, without_date
from newscrawl.text.dateline import Opening, full_date, split_dateline
from newscrawl.text.dates import Moment, day_in_url, parse_date
from newscrawl.text.language import story_language
from newscrawl.text.mojibake import MAX_REPAIRED, repairer, unescaped_html, unescaped_json, verdict_on

AUTHOR_META = (
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "byl",
    "dc.creator",
    "cxenseparse:author",
    "twitter:creator",
)
PUBLISHED_META = (
    "article:published_time", "og:article:published_time", "datepublished", "date", "dc.date", "dc.date.issued", "dcterms.created",
    "pubdate", "publishdate", "publish-date", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "article.published",
    "og:published_time", "publication_date", "pub_date", "article_date_original",
)  # fmt: skip
UPDATED_META = ("article:modified_time", "og:updated_time", "lastmod", "datemodified")
NOTICE_BLOCKS = 40  # at the end of a page, among which its copyright notice is
SCRIPT = re.compile(r"(<script\b(?:[^<]++|<(?!/script))*+)", re.I)
SAVED_URL = "https://unknown.example/page"  # of a saved page whose address nobody gives


@dataclass(frozen=True, slots=True)
class FetchInfo:
    """How a page came to us; a page read without a crawl has only what the caller knows."""

    run: str | None = None
    requested_url: str | None = None
    fetched_at: datetime | None = None
    discovered: Discovered | None = None
    status: int | None = None
    etag: str | None = None
    content_type: str | None = None
    hints: dict[str, str] = field(default_factory=dict)
    warc: Warc | None = None  # where the response lies in an archive
    headers: tuple[tuple[str, str], ...] = ()  # of the response, names in lower case; some state rights


def fetch_info(page: Page, run: str | None) -> FetchInfo:
    """How a kept page came to us; a crawl and a later reading of the same page go by the same."""
    return FetchInfo(
        run=run,
        requested_url=page.requested_url,
        fetched_at=page.fetched_at,
        discovered=page.discovered,
        status=page.status,
        etag=page.header("etag"),
        content_type=page.header("content-type"),
        hints=dict(page.hints),
        headers=page.headers,
        warc=page.warc,
    )


def read_page(
    html: bytes | str,
    url: str,
    site: str | None = "auto",
    *,
    content_type: str | None = None,
    fetched_at: datetime | None = None,
    sites_dir: str | Path | None = None,
    agencies_file: str | Path | None = None,
) -> Story:
    """The story of a page as it was served.

    `site` names a site file; "auto" takes the one whose domains hold the URL, None reads without any.
    `sites_dir` is a folder with your own site files and `agencies_file` a file with your own agencies; without them the
    environment variables NEWSCRAWL_SITES_DIR and NEWSCRAWL_AGENCIES_FILE count. An agencies file stays in use for the
    rest of the process. A URL without a scheme (`//host/x`) is read as https. `content_type` is the HTTP header,
    `fetched_at` the time of capture, which chooses the layout. No page raises an error: what cannot be read is None,
    and `extraction.warnings` say why. ValueError: the URL is not an absolute http(s) URL, no site file has that name,
    or a file of yours is wrong.
    """
    agencies = agencies_file or os.environ.get("NEWSCRAWL_AGENCIES_FILE")
    if agencies:
        add_agencies_file(Path(agencies))
    url, rules = url_and_rules(url, site, sites_dir or os.environ.get("NEWSCRAWL_SITES_DIR"))
    if isinstance(html, str):
        html, content_type = html.encode("utf-8", "replace"), "text/html; charset=utf-8"
        rules = replace(rules, encoding="utf-8") if rules and rules.encoding else rules
    return read_story(html, url, rules, FetchInfo(fetched_at=fetched_at, content_type=content_type))


def explain_page(
    html: bytes,
    url: str,
    site: str | None = "auto",
    *,
    content_type: str | None = None,
    sites_dir: str | Path | None = None,
) -> tuple[Document, Story]:
    """As `read_page`, with the document that the story was made from: its blocks, which were chosen, and why."""
    url, rules = url_and_rules(url, site, sites_dir)
    document, warnings = open_page(html, url, rules, content_type, None)
    return document, story_of(document, warnings, html, url, rules, FetchInfo(content_type=content_type))


def url_and_rules(url: str, site: str | None, sites_dir: str | Path | None = None) -> tuple[str, Site | None]:
    """(absolute URL, site file); ValueError where they are none."""
    if url.startswith("//"):
        url = "https:" + url
    if split(url) is None:
        raise ValueError(f"url: {url!r} is not an absolute http or https URL")
    return url, named_site(site, url, str(sites_dir) if sites_dir else None) if site else None


def named_site(name: str, url: str, sites_dir: str | None = None) -> Site | None:
    from newscrawl.sites.registry import load_site, site_files

    if name == "auto":
        return site_of(url, sites_dir)
    files = site_files(sites_dir)
    if name not in files:
        raise ValueError(f"site: {name!r} is not one of {', '.join(files)} (or 'auto', or None)")
    return load_site(files[name])


def read_story(html: bytes, url: str, site: Site | None, fetched: FetchInfo) -> Story:
    """The story of a page; `id`, `content_hash` and `cluster` are those of its first sight."""
    capture_day = fetched.fetched_at.date() if fetched.fetched_at else None
    document, warnings = open_page(html, url, site, fetched.content_type, capture_day)
    return story_of(document, warnings, html, url, site, fetched)


def story_of(
    document: Document, warnings: list[str], html: bytes, url: str, site: Site | None, fetched: FetchInfo
) -> Story:
    """The story of a page that was opened."""
    origins = Origins()
    loader = StoryLoader(site_names=site_names(site, document.data, url))
    load_texts(loader, document, url, site, origins, fetched)
    published = load_dates(loader, document, url, site, origins, fetched)
    opening = load_dateline(loader, document, published, origins)
    load_authors(loader, document, origins, fetched)
    load_attribution(loader, document, site, url, opening, fetched)
    loader.add_value("media", read_media(document.page, document.data))
    story: Story = loader.load_item()
    set_identity(story, url, site, document.data)
    story.rights = rights_of(document, fetched)
    story.link_rate = document.link_rate()
    story.crawl = crawl_of(html, url, fetched)
    story.extraction = Extraction(
        newscrawl=__version__, site_rules=site.rules if site else None, warnings=warnings, origins=origins
    )
    return complete(story)


def open_page(
    html: bytes, url: str, site: Site | None, content_type: str | None, day: date | None
) -> tuple[Document, list[str]]:
    """(document, warnings); an empty document where the page must not be parsed."""
    if len(html) > MAX_PAGE_BYTES:
        return Document(), ["too-big"]
    if not html or html.isspace():
        return Document(), ["empty-page"]
    layout = site.layout_on(day) if site else None
    page, warnings = parse_page(html, content_type, site.encoding if site else None)
    if page.refusal:
        return Document(), [*warnings, page.refusal]
    document = read_document(page, url, layout)
    if document.page.is_full:
        warnings = [*warnings, "too-many-blocks"]
    said = document.said()
    verdict = verdict_on(said)
    if verdict is not None:
        document, more = read_repaired(document, page, url, layout, verdict)
        warnings = [*warnings, *more]
    if "\ufffd" in said:
        warnings = [*warnings, "bad-bytes"]
    if not document.main.chosen:
        warnings = [*warnings, "no-text"]
    return document, list(dict.fromkeys([*warnings, *document.data.warnings]))


def read_repaired(
    document: Document, parsed: ParsedPage, url: str, layout: Layout | None, verdict: str
) -> tuple[Document, list[str]]:
    """(the document read again from repaired markup, warnings): `mojibake-repaired`, and `mojibake` for what is left."""
    if verdict == "doubtful" or len(parsed.html) > MAX_REPAIRED:
        return document, ["mojibake"]
    repair = repairer(verdict)
    markup = parsed.markup()
    repaired = repair(_outside_scripts(unescaped_html, unescaped_json, markup))
    if repaired == markup:
        return document, ["mojibake"]
    document = read_document(parse(repaired), url, layout)
    return document, ["mojibake-repaired", *(["mojibake"] if verdict_on(document.said()) else [])]


def _outside_scripts(outside: Callable[[str], str], inside: Callable[[str], str], markup: str) -> str:
    """Markup with one change made outside of its scripts and another inside."""
    parts = SCRIPT.split(markup)  # every second part is a script
    return "".join((inside if number % 2 else outside)(part) for number, part in enumerate(parts))


def page_url(html: bytes) -> str | None:
    """The address that a page states of itself: its canonical URL, else og:url."""
    data = open_page(html, SAVED_URL, None, None, None)[0].data
    return next((url for url in (data.canonical, data.first_meta("og:url")) if url and split(url)), None)


def site_names(site: Site | None, data: StructuredData, url: str) -> frozenset[str]:
    """The names of the site in lower case: what a page's title ends in."""
    publisher = resolved(next(iter(listed(data.article.get("publisher"))), None), data.by_id)
    names = [
        data.first_meta("og:site_name", "application-name", "twitter:site"),
        name_of(publisher),
        site.name if site else None,
    ]
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return frozenset(name.casefold().lstrip("@") for name in [*names, host, host.rsplit(".", 1)[0]] if name)


def load_texts(
    loader: StoryLoader, document: Document, url: str, site: Site | None, origins: Origins, fetched: FetchInfo
) -> None:
    data, rules = document.data, document.rules.texts
    headlines = {
        "site-rule": rules.get("headline"),
        "json-ld": data.text("headline"),
        "open-graph": data.first_meta("og:title"),
        "generic": document.h1,
        "meta": data.first_meta("twitter:title") or own_title(data.title, url),
        "text": document.main.headline,
        "feed": fetched.hints.get("title"),
    }
    if is_agreed(document.h1, headlines["open-graph"], loader.context):
        headlines["json-ld"] = headlines["open-graph"] = None
    elif document.h1 is None and is_agreed(data.title, headlines["json-ld"], loader.context):
        # The title is for search engines, so the JSON-LD is too where the shared headline is another.
        headlines["json-ld"] = headlines["open-graph"] or headlines["json-ld"]
    elif is_agreed(document.h1, data.title, loader.context):
        headlines["json-ld"] = document.h1 if headlines["json-ld"] else None
    headline, origins.headline = by_trust("headline", headlines)
    loader.add_value("headline", headline)
    loader.add_value(
        "subheadline",
        by_trust("subheadline", {"site-rule": rules.get("subheadline"), "json-ld": data.text("alternativeHeadline")})[
            0
        ],
    )
    summaries = {
        "json-ld": data.text("description"),
        "open-graph": data.first_meta("og:description"),
        "meta": data.first_meta("description", "twitter:description"),
    }
    loader.add_value("summary", by_trust("summary", summaries)[0])
    if document.main.chosen:
        origins.text = document.main.origin
        loader.add_value("text", document.texts())
        loader.add_value("body", document.body())
    text = loader.get_output_value("text")
    sections = [text for text in map(text_of, listed(data.article.get("articleSection"))[:MAX_VALUES]) if text]
    stated = {
        "site-rule": [rules["section"]] if "section" in rules else [],
        "json-ld": sections,
        "meta": data.meta.get("article:section"),
    }
    section, origins.section = by_trust("section", stated)
    loader.add_value("section", section or [])
    loader.add_value("tags", tags_of(data))
    of_site = site.language if site else None
    is_crawl = fetched.run is not None
    language = story_language(language_of(data), of_site, text, ask_model=is_crawl)
    loader.add_value("language", language)
    loader.add_value("kind", kind_of(document, url, headline))
    loader.add_value("access", access_of(data, document.page, document.main.chosen))
    loader.add_value(
        "alternates", [Alternate(language=language, url=href) for language, href in data.alternates if split(href)]
    )


def is_agreed(first: str | None, second: str | None, context: MutableMapping[str, Any]) -> bool:
    """Whether two readings give the same headline. One that is shown and shared is not a headline for search engines."""
    if not first or not second:
        return False
    return without_site_name(first, context).casefold() == without_site_name(second, context).casefold()


def own_title(title: str | None, url: str) -> str | None:
    """The page's title, unless it only names the site: `The Korea Herald` on koreaherald.com."""
    host = fold_title(registrable_domain(url).split(".", 1)[0])
    return None if title is None or fold_title(title).removeprefix("the") == host else title


def load_dates(
    loader: StoryLoader, document: Document, url: str, site: Site | None, origins: Origins, fetched: FetchInfo
) -> Moment | None:
    data, rules = document.data, document.rules.texts
    stated = {
        "site-rule": rules.get("published"),
        "json-ld": data.text("datePublished") or data.text("dateCreated"),
        "meta": data.first_meta(*PUBLISHED_META),
        "feed": fetched.hints.get("published"),
    }
    zone = site.timezone if site else None
    languages = [language for language in (language_of(data), site.language if site else None) if language]
    moments = {origin: parse_date(raw, zone, languages) for origin, raw in stated.items()}
    if not any(moments.values()):  # printed dates are the last resort but one
        printed = (parse_date(line, zone, languages, free=False) for line in document.lines.dates)
        moments["generic"] = next(filter(None, printed), None)
    if not any(moments.values()) and (day := day_in_url(urlsplit(url).path)):
        moments["url"] = Moment(day, None, "unknown", day.isoformat())
    published, origins.published = with_offset(*by_trust("published", moments), moments)
    loader.add_value("time_zone_basis", published.basis if published else "unknown")
    if published is not None:
        loader.add_value("published_at", published.at_utc)
        loader.add_value("published_offset", published.offset)
        loader.add_value("published_date", published.day.isoformat())
        loader.add_value("published_raw", published.raw)
    changed = data.text("dateModified") or data.first_meta(*UPDATED_META) or fetched.hints.get("updated")
    updated = parse_date(changed, zone, languages)
    loader.add_value("updated_at", updated.at_utc if updated else None)
    return published


def with_offset(
    chosen: Moment | None, origin: str | None, moments: Mapping[str, Moment | None]
) -> tuple[Moment | None, str | None]:
    """(moment, origin): for a clock of an unknown zone, another statement of the same clock that has an offset."""
    if chosen is not None and chosen.at is None:
        for other, moment in moments.items():
            if moment and moment.at and moment.day == chosen.day and f"{moment.at:%H:%M}" in chosen.raw:
                return moment, other
    return chosen, origin


def load_dateline(
    loader: StoryLoader, document: Document, published: Moment | None, origins: Origins
) -> Opening | None:
    """The opening formula of the first paragraph, or of the next one under a standfirst."""
    at = 0
    for text in document.texts()[:3]:
        opening = split_dateline(text)
        if opening is not None and is_dateline(opening, text):
            day = full_date(opening.date, published.day if published else None)
            loader.add_value("dateline", Dateline(text=opening.text, place=opening.place, date=day))
            origins.dateline = "text"
            return replace(opening, start=at + opening.start)
        at += len(text) + 2
    return None


def is_dateline(opening: Opening, text: str) -> bool:
    """Whether an opening is one: a weak one, or one that is all of its paragraph, must name an agency."""
    return reads_as_credit(opening) if opening.is_weak or opening.end >= len(text) else True


def load_authors(loader: StoryLoader, document: Document, origins: Origins, fetched: FetchInfo) -> None:
    data, rules = document.data, document.rules.texts
    outlets = loader.context["site_names"]
    named = [name for node in data.nodes("author") if (name := name_of(node)) and not name.startswith("http")]
    metas = [
        name
        for key in AUTHOR_META
        for name in data.meta.get(key, [])
        if not name.startswith(("http", "@")) and name.casefold() not in outlets
    ]
    printed = rules.get("byline") or printed_byline(list(map(without_date, document.lines.bylines)))
    if not printed and not named and not metas:
        printed = next(filter(None, map(person_beside_date, document.lines.dates)), None)
    candidates = {
        "site-rule": [rules["byline"]] if "byline" in rules else [],
        "json-ld": named,
        "meta": metas,
        "generic": [printed] if printed else [],
        "feed": [fetched.hints["author"]] if "author" in fetched.hints else [],
    }
    lines, origin = by_trust(
        "byline", {key: lines if any(map(people_of, lines)) else None for key, lines in candidates.items()}
    )
    authors = {name: Author(name=name, raw=line) for line in lines or [] for name in people_of(line)}
    loader.add_value("authors", list(authors.values()))
    unseen = (named, metas, candidates["feed"])
    byline = printed or next((", ".join(lines) for lines in unseen if lines), None)
    loader.add_value("byline", byline)
    origins.byline = origin or (("generic" if printed or named or metas else "feed") if byline else None)


def printed_byline(lines: list[str]) -> str | None:
    """The line that names people, else the one that begins as a byline does."""
    people = (line for line in lines if people_of(line))
    return next(people, None) or next((line for line in lines if has_byline_prefix(line)), None)


@lru_cache(maxsize=256)  # a page says who wrote it in several places
def people_of(line: str) -> tuple[str, ...]:
    """The people of a byline, without agencies, roles and outlets."""
    names = ((person_name(piece), piece) for piece in split_names(line))
    return tuple(name for name, piece in names if (is_person(name) or is_person(piece)) and agency_named(name) is None)


def load_attribution(
    loader: StoryLoader, document: Document, site: Site | None, url: str, opening: Opening | None, fetched: FetchInfo
) -> None:
    lines = document.lines
    bylines = lines.bylines
    if "byline" in document.rules.texts:
        bylines = [document.rules.texts["byline"], *bylines]
    places = CreditPlaces(
        url=url,
        paragraphs=loader.get_collected_values("text"),
        opening=opening,
        byline_lines=bylines,
        source_lines=lines.sources,
        lone_lines=[lone_line(document, n) for n in lines.lone],
        tail_lines=lines.tail,
        copyright_lines=lines.copyrights,
        structured=[*structured_credits(document.data), *stated_credits(fetched)],
        site_agency=site.agency if site else None,
        has_authors=bool(loader.get_collected_values("authors")),
        has_printed_authors=any(map(people_of, bylines)),
        outlets=frozenset(map(fold_name, site_names(site, document.data, url))),
    )
    attribution = attribute(places)
    if loader.get_collected_values("kind") == ["summary"]:
        attribution = []  # each of its stories has a writer of its own
    loader.add_value("attribution", attribution)
    loader.add_value("agency", next((a.id for a in attribution if a.role == "originator"), None))


def lone_line(document: Document, n: int) -> LoneLine:
    """A line without a class; its place is read only if it may name an agency."""
    text = document.page.blocks[n].text
    return LoneLine(text, *place_of(document, n)) if may_name_agency(text) else LoneLine(text, False)


def structured_credits(data: StructuredData) -> list[Structured]:
    found = []
    for key in ("author", "creator", "contributor", "publisher", "copyrightHolder", "sourceOrganization", "provider"):
        names = [name for node in data.nodes(key) if (name := name_of(node))]
        found += [Structured(key, name, "json-ld", key in ("author", "creator", "contributor")) for name in names]
    for key in (*AUTHOR_META, "source", "copyright"):
        found += [Structured(key, value, "meta", key in AUTHOR_META) for value in data.meta.get(key, [])]
    return found


def stated_credits(fetched: FetchInfo) -> list[Structured]:
    """What the item of a feed that announced the page says of who wrote it."""
    keys = {"author": True, "agency": False}
    return [
        Structured("author" if is_author else "source", fetched.hints[key], "feed", is_author)
        for key, is_author in keys.items()
        if key in fetched.hints
    ]


def set_identity(story: Story, url: str, site: Site | None, data: StructuredData) -> None:
    """`url`, `canonical_url`, `source`, `id`, `content_hash` and the cluster of a first sight."""
    domain = registrable_domain(url)
    story.source = StorySource(
        id=site.id if site else (urlsplit(url).hostname or "").removeprefix("www."),
        name=site.name if site else data.first_meta("og:site_name") or domain,
        domain=domain,
        kind=site.kind if site else None,
    )
    story.url = url
    story.canonical_url = own_canonical(url, data.canonical, site) or normalise(url)
    key = (site.story_key(story.canonical_url) or site.story_key(url)) if site else None
    story.id = f"{story.source.id}:{key or story_key(story.canonical_url)}"
    story.content_hash = content_hash(story.headline, story.text)
    story.cluster = Cluster(id=story.id, relation="first")


def own_canonical(url: str, stated: str | None, site: Site | None) -> str | None:
    """The canonical URL a page states, if it can be this story's: on the same site, and no front page, section or error page.

    One that points elsewhere is not an identity: any page could suppress another site's story by naming it.
    """
    canonical = join_url(url, stated)
    if canonical is None or split(canonical) is None or not is_plausible_canonical(canonical, url):
        return None
    if site is not None:
        is_own = site.holds(canonical) and site.is_story_url(canonical)
    else:
        is_own = registrable_domain(canonical) == registrable_domain(url)
    return normalise(canonical) if is_own else None


def rights_of(document: Document, fetched: FetchInfo) -> Rights:
    data = document.data
    stated = next(iter([*document.lines.copyrights, *document.page.notices]), None) or next(
        (b.text for b in document.page.blocks[:-NOTICE_BLOCKS:-1] if is_copyright(b.text)), None
    )
    notice = stated and without_lead(stated)
    holder = next((name for node in data.nodes("copyrightHolder") if (name := name_of(node))), None)
    reserved = reservations(data.meta, fetched.headers, notice)
    return Rights(notice=notice, holder=holder, license=data.text("license"), reservation="; ".join(reserved) or None)


def without_lead(notice: str) -> str:
    """A notice from its first line that is one: "Back To Top" may be before it in the same block."""
    lines = notice.split("\n")
    first = next((n for n, line in enumerate(lines) if is_copyright(line)), 0)
    return "\n".join(lines[first:])


def crawl_of(html: bytes, url: str, fetched: FetchInfo) -> Crawl:
    at = fetched.fetched_at
    return Crawl(
        run=fetched.run,
        requested_url=fetched.requested_url or url,
        fetched_at=at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None,
        discovered=fetched.discovered,
        status=fetched.status,
        etag=fetched.etag,
        html_sha256=hashlib.sha256(html).hexdigest(),
        warc=fetched.warc or Warc(),
    )


def join_pages(pages: Sequence[Story], *, is_whole: bool = True) -> Story:
    """One story of its pages in order; where a later page could not be fetched it says `pages-missing`."""
    story = joined(pages, is_whole=is_whole)
    if len(pages) > 1:
        story.pages = tuple(page for read in pages for page in read.pages)
        story.content_hash = content_hash(story.headline, story.text)
    return story


def preferred_url(story: Story) -> str | None:
    """The page to read in place of this one: the canonical page of an AMP, print or mobile edition or of a later page."""
    url, canonical = story.url or "", story.canonical_url
    if canonical and page_number(url, canonical) is not None:
        return canonical
    return better_url(url, canonical)


def complete(story: Story) -> Story:
    """The story with its lists and constants in place."""
    story.schema = SCHEMA
    story.version = 1
    story.change = "new"
    for name in ("alternates", "attribution", "authors", "body", "section", "tags", "media"):
        if getattr(story, name) is None:
            setattr(story, name, [])
    return story
