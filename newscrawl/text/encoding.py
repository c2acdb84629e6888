"""Bytes of a page -> text.

UTF-8 where it is valid, whatever the header says (servers often declare ISO-8859-1 for UTF-8 pages); else
the declared encoding where it fits; else windows-1252, as browsers do.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, resolve_encoding

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


# Codecs of Python that are no encodings of pages: bytes to bytes, or made for host names and source code.
NOT_TEXT = frozenset(
    [
        "base64",
        "bz2",
        "hex",
        "quopri",
        "rot-13",
        "rot13",
        "uu",
        "zlib",
        "idna",
        "punycode",
        "undefined",
        "unicode-escape",
        "raw-unicode-escape",
        "unicode_escape",
        "raw_unicode_escape",
        "mbcs",
        "oem",
        "utf-7",
        "utf7",
    ]
)


def decode(html: bytes, content_type: str | None = None, site_encoding: str | None = None) -> tuple[str, list[str]]:
    """(text, warnings); `site_encoding` is what a site file says and goes first, unless it does not fit."""
    for bom, encoding in BOMS:
        if html.startswith(bom):
            return html[len(bom) :].decode(encoding, "replace"), []
    tried = []
    for encoding in encodings(html, content_type, site_encoding):
        try:
            return html.decode(encoding), []
        except ValueError:  # a UnicodeError
            tried.append(encoding)
    return decode_damaged(html, tried)


def encodings(html: bytes, content_type: str | None, site_encoding: str | None) -> Iterator[str]:
    """What a page may be in, likeliest first; what it declares is looked for only when it is asked for."""
    if site_encoding and (named := resolve_encoding(site_encoding)) and named not in NOT_TEXT:
        yield named
    yield "utf-8"
    stated = http_content_type_encoding(content_type) if content_type else None
    for name in (stated, html_body_declared_encoding(html)):
        if name and name not in NOT_TEXT:
            yield name


def decode_damaged(html: bytes, declared: list[str]) -> tuple[str, list[str]]:
    """Text of a page that fits none of its encodings: the least damaged reading."""
    for encoding in ["utf-8", *(name for name in declared if name not in ("utf-8", "cp1252"))]:
        text = html.decode(encoding, "replace")
        bad = text.count("\ufffd")
        # Text in another encoding hardly ever forms a valid multi-byte sequence, so these outweigh a stray byte.
        if sum(not char.isascii() for char in text) > 2 * bad:
            return text, ["bad-bytes"]
    return html.decode("cp1252", "replace"), ["encoding-guessed"]
