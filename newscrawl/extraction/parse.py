"""Bytes of a page -> its tree, parsed once by lexbor."""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from newscrawl.security.markup import markup_refusal
from newscrawl.text.encoding import decode, is_likely_utf8


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """A page in UTF-8 and its tree. There is no tree where `refusal` says why the page must not be parsed."""

    html: bytes
    tree: LexborHTMLParser | None = None
    refusal: str | None = None

    def markup(self) -> str:
        """The page as text."""
        return self.html.decode("utf-8", "replace")


def parse(markup: str | bytes) -> ParsedPage:
    """The tree of a page. Bytes are taken for UTF-8, each wrong one becomes U+FFFD."""
    html = markup.encode("utf-8", "surrogatepass") if isinstance(markup, str) else markup
    refusal = markup_refusal(html)
    return ParsedPage(html, None, refusal) if refusal else ParsedPage(html, LexborHTMLParser(html))


def parse_page(html: bytes, content_type: str | None, encoding: str | None) -> tuple[ParsedPage, list[str]]:
    """(the parsed page, warnings of its decoding). A page in UTF-8 is not decoded before the parse."""
    if not encoding and is_likely_utf8(html) and _is_utf8(html):
        return parse(html), []
    markup, warnings = decode(html, content_type, encoding)
    return parse(markup), warnings


def _is_utf8(html: bytes) -> bool:
    try:
        html.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
