"""Bytes of a page -> text.

UTF-8 where it is valid, whatever the header says (servers often declare ISO-8859-1 for UTF-8 pages); else
the declared encoding where it fits. Where header and page declare two, or a Western one for text that is none, or
nothing that fits, the one that makes language of the bytes, if that is certain; else windows-1252, as browsers do.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, resolve_encoding

from newscrawl.text.charset_guess import guess_encoding, looks_foreign

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
JAPANESE_ESCAPES = (b"\x1b$B", b"\x1b$@")  # of ISO-2022-JP, whose bytes are all ASCII
WESTERN = frozenset(("cp1252", "iso8859-15", "iso8859-9", "cp1254", "ascii"))
LONE_LETTER = re.compile(rb"[\xe0-\xf6\xf8-\xfe]")  # a letter of windows-1252 within UTF-8


# Codecs of Python that are not encodings of pages: bytes to bytes, or made for host names and source code.
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
    if b"\0" in html[:64] and (bare := bare_utf16(html[:64])):
        return html.decode(bare, "replace"), []
    if site_encoding and (ruled := decoded(html, resolve_encoding(site_encoding))) is not None:
        return ruled, []
    try:
        text = html.decode("utf-8")
    except ValueError:  # a UnicodeError
        return decode_legacy(html, declared_encodings(html, content_type))
    if b"\x1b" in html and any(escape in html for escape in JAPANESE_ESCAPES):
        return decoded(html, "iso2022_jp") or text, []
    return text, []


def is_likely_utf8(html: bytes) -> bool:
    """Whether nothing at a page's head speaks for another encoding: `decode` would try UTF-8 first."""
    return not html.startswith(tuple(bom for bom, _ in BOMS)) and b"\0" not in html[:64] and b"\x1b" not in html


def bare_utf16(head: bytes) -> str | None:
    """UTF-16 without a byte order mark, by the first tag of the page: every other byte of it is a NUL."""
    at = head.find(b"<")
    if at < 0 or 3 * head.count(0) < len(head):
        return None
    return "utf-16-le" if at % 2 == 0 and head[at + 1 : at + 2] == b"\0" else "utf-16-be" if at % 2 else None


def decoded(html: bytes, encoding: str | None) -> str | None:
    """The text in an encoding; None where the bytes do not fit or the name is of none for pages."""
    if not encoding or encoding in NOT_TEXT:
        return None
    try:
        return html.decode(encoding)
    except (ValueError, LookupError):
        return None


def declared_encodings(html: bytes, content_type: str | None) -> list[str]:
    """What the header and then the page declare, without repeats."""
    stated = http_content_type_encoding(content_type) if content_type else None
    names = (stated, html_body_declared_encoding(html))
    return list(dict.fromkeys(name for name in names if name and name not in NOT_TEXT))


def decode_legacy(html: bytes, declared: list[str]) -> tuple[str, list[str]]:
    """Text of a page that is not UTF-8."""
    fitting = [name for name in declared if name != "utf-8" and decoded(html, name) is not None]
    chosen = fitting[0] if fitting else None
    is_doubtful = len(fitting) > 1 or (chosen in WESTERN and looks_foreign(html))
    if is_doubtful:
        chosen = next((name for name in [guess_encoding(html), *second_thoughts(fitting)] if name), chosen)
    if chosen is not None:
        warnings = [] if chosen in declared else ["encoding-guessed"]
        return html.decode(chosen, "replace"), warnings
    return decode_damaged(html, declared)


def second_thoughts(fitting: list[str]) -> Iterator[str]:
    """What the page itself declares where the header says what servers say by default."""
    if len(fitting) > 1 and fitting[0] in WESTERN:
        yield fitting[1]


def decode_damaged(html: bytes, declared: list[str]) -> tuple[str, list[str]]:
    """Text of a page that fits none of its encodings: the least damaged reading, or one that is certain."""
    for encoding in ["utf-8", *(name for name in declared if name not in ("utf-8", "cp1252"))]:
        text = html.decode(encoding, "replace")
        bad = text.count("\ufffd")
        # Text in another encoding hardly ever forms a valid multi-byte sequence, so these outweigh a stray byte.
        if len(text) - len(text.encode("ascii", "ignore")) > 2 * bad:
            return (with_lone_letters(html) if encoding == "utf-8" else text), ["bad-bytes"]
    return html.decode(guess_encoding(html) or "cp1252", "replace"), ["encoding-guessed"]


def with_lone_letters(html: bytes) -> str:
    """UTF-8 in which a lone byte between letters is read as the letter of windows-1252 that it is."""
    codecs.register_error("newscrawl-lone-letter", lone_letter)
    return html.decode("utf-8", "newscrawl-lone-letter")


def lone_letter(error: UnicodeError) -> tuple[str, int]:
    """What replaces the bytes that UTF-8 cannot read."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    start, end = error.start, error.end
    before, behind = error.object[start - 1 : start], error.object[end : end + 1]
    is_letter = end - start == 1 and LONE_LETTER.match(error.object[start:end]) and before.isalpha()
    if is_letter and (behind.isalpha() or behind in b" ,.;:<"):
        return error.object[start:end].decode("cp1252"), end
    return "\ufffd", end
