"""A feed cut into its items before anything is parsed, so that a broken item costs itself and not those behind it.

Strict parsers end at the first error, recovering ones swallow what follows an open tag. Here the text between one
`<item>` and the next (or `</item>`) is repaired and parsed alone. Everything is linear in the size of the feed.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, lookup
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5

from lxml import etree

from newscrawl.text.encoding import decode

HEAD_CHARS = 65_536  # what is before the first item is looked at up to here
MAX_ITEM_CHARS = 1_000_000
DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})")
CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.I)
ROOT = re.compile(r"<(?:[a-z_][\w.-]{0,30}:)?(?:rss|rdf|feed|channel)(?=[\s>/])", re.I)
FIRST_ITEM = re.compile(r"<((?:[a-z_][\w.-]{0,30}:)?(?:item|entry))(?=[\s>/])", re.I)
END_TAG = re.compile(r"</(?:[a-z_][\w.-]{0,30}:)?(?:rss|rdf|feed|channel)\s{0,9}>", re.I)
ENTITY = re.compile(r"&(#[xX]?[0-9A-Fa-f]{1,7};|[A-Za-z][A-Za-z0-9]{0,30};)?")
XML_ENTITIES = frozenset(("amp;", "lt;", "gt;", "quot;", "apos;"))
NO_XML_CHARS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0x7F, 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)])
# Text codecs of Python that no document is written in.
NO_CHARSETS = frozenset(("punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined"))
CDATA, CDATA_END = "<![CDATA[", "]]>"


@dataclass(frozen=True, slots=True)
class FeedFragment:
    """The markup of one item; `is_whole` is False where the document ended before it did, or it is beyond its bound."""

    markup: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Cut:
    """A feed cut into its items; `is_feed` says whether it looks like a feed at all."""

    is_feed: bool
    is_ended: bool
    head: str
    pieces: list[FeedFragment]


def cut_feed(body: bytes, content_type: str | None = None) -> Cut:
    """The items of a feed as markup, whatever is wrong between them."""
    text, encoding = feed_text(body, content_type)
    first = FIRST_ITEM.search(text)
    head = text[: first.start() if first else len(text)][:HEAD_CHARS]
    if not ROOT.search(head):
        return Cut(is_feed=False, is_ended=True, head=head, pieces=[])
    is_ended = END_TAG.search(text[-500:]) is not None
    if first is None:
        return Cut(is_feed=True, is_ended=is_ended, head=head, pieces=[])
    pieces = [
        FeedFragment(
            decoded(text[start : min(end, start + MAX_ITEM_CHARS)], encoding, content_type),
            is_whole and end - start <= MAX_ITEM_CHARS,
        )
        for start, end, is_whole in spans(text, first[1])
    ]
    return Cut(is_feed=True, is_ended=is_ended, head=head, pieces=pieces)


def feed_text(body: bytes, content_type: str | None) -> tuple[str, str | None]:
    """(text, None), or (the bytes as latin-1, the declared encoding) where some byte does not fit it."""
    encoding = declared_encoding(body, content_type)
    try:
        return body.decode(encoding), None
    except (UnicodeDecodeError, LookupError):
        pass
    if encoding.startswith(("utf-16", "utf-32", "iso2022")):  # their bytes are not markup one by one
        return body.decode(encoding, "replace"), None
    return body.decode("latin-1"), encoding


def declared_encoding(body: bytes, content_type: str | None) -> str:
    """The encoding by byte order mark, XML declaration or HTTP header, as Python names it; utf-8 where none is known."""
    for mark, name in ((BOM_UTF8, "utf-8-sig"), (BOM_UTF16_LE, "utf-16"), (BOM_UTF16_BE, "utf-16")):
        if body.startswith(mark):
            return name
    declared = DECLARED.search(body[:500])
    header = CHARSET.search(content_type or "")
    for label in (declared[1].decode() if declared else None, header[1] if header else None):
        try:
            if label and (name := lookup(label).name) not in NO_CHARSETS:
                "x".encode(name)  # a LookupError for hex, zip and others that are no text
                return name
        except LookupError:
            continue
    return "utf-8"


def decoded(markup: str, encoding: str | None, content_type: str | None) -> str:
    """The text of an item whose feed was read as latin-1: in its declared encoding, else in the one it looks like."""
    if encoding is None:
        return markup
    raw = markup.encode("latin-1")
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return decode(raw, content_type)[0]


def spans(text: str, name: str) -> Iterator[tuple[int, int, bool]]:
    """(start, end, is_whole) of each element `name` outside of CDATA sections and comments.

    A section that was never closed hides nothing: one in which another begins had lost its end.
    """
    start: int | None = None
    for is_open, at, end in tags_outside(text, name):
        if start is not None:
            yield (start, at if is_open else end, True)
        start = at if is_open else None
    if start is not None:
        yield (start, len(text), False)


def tags_outside(text: str, name: str) -> Iterator[tuple[bool, int, int]]:
    """(is a start tag, start, end) of the tags `name`, without those inside of CDATA sections and comments."""
    token = re.compile(rf"<!\[CDATA\[|\]\]>|<!--|-->|<(/?){re.escape(name)}(?=[\s>/])[^<>]{{0,2000}}>?", re.I)
    closer: str | None = None
    hidden: list[tuple[bool, int, int]] = []
    for found in token.finditer(text):
        what = found[0]
        if what in (CDATA, "<!--"):
            if closer == "-->" or (closer and what == "<!--"):
                continue  # an opener inside of the other kind is text
            yield from hidden
            hidden, closer = [], CDATA_END if what == CDATA else "-->"
        elif what in (CDATA_END, "-->"):
            if what == closer:
                hidden, closer = [], None
        elif not what.endswith("/>"):
            tag = (not found[1], found.start(), found.end())
            if closer is None:
                yield tag
            else:
                hidden.append(tag)
    yield from hidden


def parse_item(markup: str) -> etree._Element | None:
    """The element of one item, recovered from whatever it holds; None where nothing is left of it.

    No entity but XML's own and HTML's names is known, so that none can be expanded.
    """
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        element = etree.fromstring(repaired(markup).encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None
    return element if element is not None and isinstance(element.tag, str) else None


def repaired(markup: str) -> str:
    """Markup without characters that XML forbids, every `&` outside of CDATA sections a reference that XML knows."""
    markup = markup.translate(NO_XML_CHARS)
    if "&" not in markup:
        return markup
    parts: list[str] = []
    at = 0
    while (start := markup.find(CDATA, at)) >= 0 and (end := markup.find(CDATA_END, start)) >= 0:
        parts += [ENTITY.sub(reference, markup[at:start]), markup[start : end + len(CDATA_END)]]
        at = end + len(CDATA_END)
    return "".join([*parts, ENTITY.sub(reference, markup[at:])])


def reference(found: re.Match[str]) -> str:
    name = found[1]
    if name is None:
        return "&amp;"
    if name in XML_ENTITIES:
        return found[0]
    if name.startswith("#"):
        return found[0] if is_xml_char(name[1:-1]) else ""
    char = html5.get(name)
    return f"&amp;{name}" if char is None or char in "&<" else char


def is_xml_char(number: str) -> bool:
    """Whether `233` or `xE9` names a character that may be in XML."""
    try:
        code = int(number[1:], 16) if number[:1] in "xX" else int(number)
    except ValueError:
        return False
    return code < 0x110000 and code not in NO_XML_CHARS
