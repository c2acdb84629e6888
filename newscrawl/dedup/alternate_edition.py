"""Finds AMP, print and mobile editions of a story's page by their URLs, and the page to prefer over them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from newscrawl.dedup.canonical_url import url_key

SEGMENTS = frozenset(
    ("amp", "print", "printview", "printable", "drucken", "druckversion", "imprimir", "imprimer", "stampa")
)
ENDING = re.compile(
    r"(?:\.amp(?:\.html?)?|[-_.]amp\.html?|\.print\.html?|[-_,]print\.html?|/print\.(?:html?|php))$", re.I
)
QUERY = re.compile(
    r"^(?:amp(?:=(?:1|true)?)?|outputtype=amp|(?:view|mode|output|format|layout|type)=(?:amp|print)|print(?:=(?:1|true|yes)?)?|printable=(?:1|true|yes))$",
    re.I,
)
MOBILE_HOSTS = ("m.", "mobile.", "amp.", "mobil.", "touch.")


def is_alternate_edition(url: str) -> bool:
    """Whether a URL is that of an AMP, print or mobile edition: `/story/amp/`, `?outputType=amp`, `m.paper.example`."""
    parts = urlsplit(url)
    if (parts.hostname or "").startswith(MOBILE_HOSTS):
        return True
    segments = parts.path.lower().strip("/").split("/")
    if segments[-1] in SEGMENTS or segments[0] in SEGMENTS or ENDING.search(parts.path):
        return True
    return any(QUERY.match(query) for query in parts.query.split("&"))


def better_url(url: str, canonical_url: str | None) -> str | None:
    """The canonical URL, where the page is an alternate edition and that one is not. None otherwise."""
    if (
        not canonical_url
        or not is_alternate_edition(url)
        or is_alternate_edition(canonical_url)
        or url_key(url) == url_key(canonical_url)
    ):
        return None
    return canonical_url
