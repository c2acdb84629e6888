"""RSS 0.9 to 2.0, RDF, CDF, Atom and JSON Feed: the stories they announce, and what they state of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson
from lxml import etree

from newscrawl.discovery.candidate import Announced, Candidate
from newscrawl.discovery.feed_items import cut_feed, parse_item
from newscrawl.security.url import join_url, resolve_link
from newscrawl.security.xml import gunzipped
from newscrawl.text.whitespace import fold, unescape

MAX_ITEMS = 5_000
MAX_HINT_CHARS = 1_000
MAX_DEPTH = 10
# The first that has a value; `dc:` and others by the prefix everybody uses, since an item's own markup declares none.
HINTS: dict[str, tuple[str, ...]] = {
    "title": ("title", "dc:title"),
    "published": ("pubdate", "published", "dc:date", "dcterms:created", "dcterms:issued", "issued", "created", "prism:publicationdate"),
    "updated": ("updated", "modified", "dcterms:modified", "a10:updated", "atom:updated", "lastmod"),
    "author": ("dc:creator", "author", "creator", "dc:author"),
    "agency": ("source", "dc:source"),
}  # fmt: skip
CORE_PREFIXES = frozenset(("", "rss", "atom", "rdf", "a"))
NAMESPACES = {
    "http://www.w3.org/2005/atom": "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://search.yahoo.com/mrss/": "media:",
}
# What holds markup of its own: a link in there is none of the item's.
OPAQUE = frozenset(("content", "content:encoded", "description", "summary", "source", "media:content", "media:group"))
ITEM_PARTS = OPAQUE | {"link", "guid", "id", *(name for names in HINTS.values() for name in names)}
MAIL_AUTHOR = re.compile(r"^[^\s@()]{1,100}@[^\s@()]{1,200}\s?\(([^()]{1,300})\)$")
PREFIX = re.compile(r"xmlns:([A-Za-z_][\w.-]{0,30})\s{0,9}=\s{0,9}[\"']([^\"'<>\s]{1,200})")
FEED_BASE = re.compile(r"\sxml:base\s{0,9}=\s{0,9}[\"']([^\"'<>]{1,2000})")


def read_feed(body: bytes, url: str, content_type: str | None = None) -> Announced:
    """The candidates of a feed in its order; an item without a link is left out, `lost` counts those that were broken."""
    try:
        body = gunzipped(body)
    except ValueError as error:
        return Announced(broken="too-big" if type(error) is not ValueError else "broken-gzip")
    if body[:100].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return read_json_feed(body, url)
    cut = cut_feed(body, content_type)
    if not cut.is_feed:
        return Announced(broken="not-a-feed")
    stated_base = FEED_BASE.search(cut.head)
    url = (join_url(url, stated_base[1]) if stated_base else None) or url
    candidates: list[Candidate] = []
    found = Announced(candidates)
    renamed = usual_prefixes(cut.head)
    for piece in cut.pieces[:MAX_ITEMS]:
        element = parse_item(renamed(piece.markup)) if piece.is_whole else None
        candidate = None if element is None else candidate_of(element, url)
        if candidate is not None:
            candidates.append(candidate)
        elif element is None or not has_no_link(element):
            found.lost += 1
    if not candidates and not (cut.is_ended and found.lost == 0):
        found.broken = "broken-feed"
    return found


def usual_prefixes(head: str) -> Callable[[str], str]:
    """A function that gives the tags of an item the prefixes in use: its markup alone declares none (`<p0:entry>`, `<d:date>`)."""
    stated = {prefix: NAMESPACES[uri.lower()] for prefix, uri in PREFIX.findall(head) if uri.lower() in NAMESPACES}
    names = "|".join(re.escape(prefix) for prefix, usual in stated.items() if f"{prefix}:" != usual)
    if not names:
        return str
    tag = re.compile(rf"(</?)({names}):")
    return lambda markup: tag.sub(lambda found: found[1] + stated[found[2]], markup)


def has_no_link(element: etree._Element) -> bool:
    """Whether an item names no page at all: it may be so on purpose."""
    return not any(name in ("link", "guid", "id") for name, _ in leaves(element))


def candidate_of(element: etree._Element, base: str) -> Candidate | None:
    """The story that an item announces; None where it names no page."""
    values: dict[str, etree._Element] = {}
    links: list[etree._Element] = []
    for name, leaf in leaves(element):
        if name == "link":
            links.append(leaf)
        elif name not in values or not text_of(values[name]):
            values[name] = leaf
    own_base = join_url(base, xml_base(element)) or base
    targets = (resolve_link(own_base, link) for link in links_of(element, links, values))
    target = next((target for target in targets if target is not None and is_page(target)), None)
    return None if target is None else Candidate(target, hints_of(values))


def leaves(element: etree._Element, depth: int = 0) -> Iterator[tuple[str, etree._Element]]:
    """(name, element) of what an item holds; under a tag that was left open, what is inside of it too."""
    for child in element:
        name = plain_name(child)
        yield name, child
        if len(child) and name not in OPAQUE and name != "author" and depth < MAX_DEPTH:
            yield from leaves(child, depth + 1)


def plain_name(element: etree._Element) -> str:
    """`pubdate`, `dc:creator`: in lower case, with the usual prefix unless it is the feed's own vocabulary."""
    uri, _, local = str(element.tag).rpartition("}")
    local = local.lower()
    if uri:
        prefix = NAMESPACES.get(uri[1:].lower(), f"{element.prefix or ''}:".lower().lstrip(":"))
        return prefix + local
    prefix, _, rest = local.rpartition(":")
    return rest if prefix in CORE_PREFIXES else local


def text_of(element: etree._Element) -> str:
    """The text of an element in one line; of a person the name, of a tag left open what is before the next one."""
    inside = {plain_name(child): child for child in element}
    named = inside.get("name", inside.get("title"))
    if named is not None:
        return fold(named.text or "")
    is_markup = bool(inside) and not any(name in ITEM_PARTS for name in inside)  # a title may hold XHTML
    return fold("".join(map(str, element.itertext())) if is_markup else element.text or "")


def links_of(
    element: etree._Element, links: list[etree._Element], values: Mapping[str, etree._Element]
) -> Iterator[str]:
    """What may name the page of an item, best first: the address before a feed service changed it, links, permanent ids."""
    if "feedburner:origlink" in values:
        yield text_of(values["feedburner:origlink"])
    others: list[str] = []
    for link in links:
        href = link.get("href") or link.get("HREF")
        if href is None:
            yield link.text or link.tail or ""
        elif link.get("rel", "alternate") == "alternate":
            if "json" in link.get("type", "") or "xml" in link.get("type", "").replace("xhtml+xml", ""):
                others.append(href)
            else:
                yield href
    for name in ("guid", "id"):
        if name in values and values[name].get("isPermaLink", "true").lower() != "false":
            text = text_of(values[name])
            if text.startswith(("http://", "https://")):
                yield text
    yield from others
    about = [
        str(value) for key, value in element.attrib.items() if str(key).lower().endswith(("}about", ":about", "href"))
    ]
    yield from (value for value in about if value.startswith(("http://", "https://")))


def xml_base(element: etree._Element) -> str | None:
    base = element.get("{http://www.w3.org/XML/1998/namespace}base")
    return str(base) if base else None


def is_page(url: str) -> bool:
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False


def hints_of(values: Mapping[str, etree._Element]) -> dict[str, str]:
    hints = {}
    for hint, names in HINTS.items():
        text = next((text for name in names if name in values and (text := text_of(values[name]))), None)
        if text and hint == "author":
            text = MAIL_AUTHOR.sub(r"\1", text)  # `lee@paper.example (Lee Ji-dong)`, as RSS asks for
        if text:
            hints[hint] = fold(unescape(text))[:MAX_HINT_CHARS]
    if "published" not in hints and "updated" in hints:  # Atom demands `updated` only
        hints["published"] = hints["updated"]
    return hints


def read_json_feed(body: bytes, url: str) -> Announced:
    """The candidates of a JSON Feed (jsonfeed.org, 1.0 and 1.1)."""
    try:
        feed: Any = orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return Announced(broken="broken-feed" if b"jsonfeed.org" in body[:1000] else "not-a-feed")
    items = feed.get("items")
    if "jsonfeed.org" not in str(feed.get("version")) or not isinstance(items, list):
        return Announced(broken="not-a-feed")
    candidates: list[Candidate] = []
    found = Announced(candidates)
    for item in items[:MAX_ITEMS]:
        link = next((item[key] for key in ("url", "id") if isinstance(item.get(key), str)), None) if isinstance(item, dict) else None  # fmt: skip
        target = join_url(url, link)
        if target is None or not is_page(target):
            found.lost += 1
            continue
        candidates.append(Candidate(target, json_hints(item)))
    return found


def json_hints(item: Mapping[str, Any]) -> dict[str, str]:
    authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    names = [author["name"] for author in authors or [] if isinstance(author, dict) and isinstance(author.get("name"), str)]  # fmt: skip
    stated = {
        "title": item.get("title"),
        "published": item.get("date_published"),
        "updated": item.get("date_modified"),
        "author": ", ".join(names) or None,
    }
    return {hint: fold(value)[:MAX_HINT_CHARS] for hint, value in stated.items() if isinstance(value, str) and fold(value)}  # fmt: skip
