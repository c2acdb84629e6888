"""The readers of pages that are compared: newscrawl's own and its peers, each behind the same call.

A reader takes the bytes of a page and its URL and returns plain values: text, headline, published (ISO 8601), authors,
attribution (ids of agencies). What it does not give is left out. Each imports its package at its first page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module, metadata
from importlib.util import find_spec
from typing import Any

INSTALL = "make peers"

Read = Callable[[bytes, str], dict[str, Any]]


class NoReader(ValueError):
    """A reader that cannot be run; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Reader:
    name: str
    read: Read
    gives: frozenset[str]  # fields it means to give; others are not scored
    package: str = ""  # what is installed, and whose version is printed
    modules: tuple[str, ...] = ()

    def missing(self) -> list[str]:
        return [module for module in self.modules if find_spec(module) is None]

    def version(self) -> str:
        return metadata.version(self.package) if self.package else ""


def read_newscrawl(html: bytes, url: str) -> dict[str, Any]:
    from benchmarks.read_page import adapter

    return adapter(html, url)


def read_trafilatura(html: bytes, url: str) -> dict[str, Any]:
    import json

    import trafilatura

    found = trafilatura.extract(
        html, url=url, include_comments=False, include_tables=True, with_metadata=True, output_format="json"
    )
    story = json.loads(found) if found else {}
    return {
        "text": story.get("text"),
        "headline": story.get("title"),
        "published": story.get("date"),
        "authors": [name.strip() for name in (story.get("author") or "").split(";") if name.strip()],
    }


def read_trafilatura_fast(html: bytes, url: str) -> dict[str, Any]:
    import trafilatura

    return {
        "text": trafilatura.extract(
            html, url=url, include_comments=False, include_tables=True, output_format="txt", fast=True
        )
    }


def read_newspaper4k(html: bytes, url: str) -> dict[str, Any]:
    from newspaper import Article

    page = Article(url, fetch_images=False)
    page.download(input_html=decoded(html))
    page.parse()
    published = page.publish_date
    return {
        "text": page.text,
        "headline": page.title,
        "published": published.isoformat() if hasattr(published, "isoformat") else published,
        "authors": list(page.authors or []),
    }


def read_readability(html: bytes, url: str) -> dict[str, Any]:
    import html_text
    from readability import Document

    page = Document(decoded(html), url=url)
    return {"text": html_text.extract_text(page.summary(html_partial=True)), "headline": page.short_title()}


def read_resiliparse(html: bytes, url: str) -> dict[str, Any]:  # noqa: ARG001
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding
    from resiliparse.parse.html import HTMLTree

    tree = HTMLTree.parse(bytes_to_str(html, detect_encoding(html, from_html_meta=True) or "utf-8"))
    text = extract_plain_text(
        tree, main_content=True, comments=False, post_meta=False, alt_texts=False, list_bullets=False
    )
    return {"text": text, "headline": tree.title}


def read_justext(html: bytes, url: str) -> dict[str, Any]:  # noqa: ARG001
    import justext

    blocks = justext.justext(html, stop_words())
    return {"text": "\n".join(block.text for block in blocks if not block.is_boilerplate)}


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """Of all languages that jusText knows, since nobody tells it a page's language."""
    import justext

    return frozenset(word for language in justext.get_stoplists() for word in justext.get_stoplist(language))


def read_boilerpy3(html: bytes, url: str) -> dict[str, Any]:  # noqa: ARG001
    page = boilerpipe().get_doc(decoded(html))
    return {"text": page.content, "headline": page.title}


@lru_cache(maxsize=1)
def boilerpipe() -> Any:
    from boilerpy3 import extractors

    return extractors.ArticleExtractor(raise_on_failure=False)


def decoded(html: bytes) -> str:
    """For readers that take text: as a browser would decode the bytes."""
    from w3lib.encoding import html_to_unicode

    return html_to_unicode(None, html)[1]


TEXT = frozenset({"text"})
HEADED = TEXT | {"headline"}
DATED = HEADED | {"published", "authors"}
ALL = DATED | {"attribution"}

READERS = {
    each.name: each
    for each in (
        Reader("newscrawl", read_newscrawl, ALL, "newscrawl", ("newscrawl",)),
        Reader("trafilatura", read_trafilatura, DATED, "trafilatura", ("trafilatura",)),
        Reader("trafilatura-fast", read_trafilatura_fast, TEXT, "trafilatura", ("trafilatura",)),
        Reader("newspaper4k", read_newspaper4k, DATED, "newspaper4k", ("newspaper",)),
        Reader("readability", read_readability, HEADED, "readability-lxml", ("readability", "html_text")),
        Reader("resiliparse", read_resiliparse, HEADED, "resiliparse", ("resiliparse",)),
        Reader("justext", read_justext, TEXT, "justext", ("justext",)),
        Reader("boilerpy3", read_boilerpy3, HEADED, "boilerpy3", ("boilerpy3",)),
    )
}


def reader_named(name: str) -> Reader:
    """One of READERS, or `module:function` of the user's own; NoReader says what is missing."""
    if ":" in name:
        return Reader(name, own_reader(name), ALL)
    if name not in READERS:
        raise NoReader(f"no reader {name!r}; there are {', '.join(READERS)}, and module:function for one of yours")
    reader = READERS[name]
    if missing := reader.missing():
        raise NoReader(f"{name} needs the package {reader.package} (no module {missing[0]}): {INSTALL}")
    return reader


def own_reader(name: str) -> Read:
    module, _, function = name.partition(":")
    try:
        read = getattr(import_module(module), function, None)
    except ImportError as error:
        raise NoReader(f"{name}: {error}") from None
    if not callable(read):
        raise NoReader(f"{name}: the module {module} has no function {function}")
    return read  # type: ignore[no-any-return]
