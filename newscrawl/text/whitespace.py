"""Cleaning of text as it comes out of a page."""

from __future__ import annotations

import html
import re
from functools import lru_cache

# Dropped: C0/C1 controls, soft hyphen, zero-width space, word joiner, BOM, bidi embeddings and overrides, lone
# surrogates (orjson, jq and DuckDB refuse them). ZWJ and ZWNJ stay: Persian and Indic words need them, and so
# do the marks and isolates of right-to-left text.
DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\u202a-\u202e\ud800-\udfff\ufffe\uffff]"
)


def fold(text: str) -> str:
    """Text on one line without control characters: every run of white space is one blank."""
    if text.isprintable() and "  " not in text:  # then its only white space is single blanks: most paragraphs
        return text.strip(" ")
    folded = " ".join(text.split())  # much faster than a pattern, and knows the same white space
    return folded if folded.isprintable() else " ".join(DROPPED.sub("", folded).split())


REFERENCE = re.compile(
    r"&(?:#[0-9]++;?|#[xX][0-9a-fA-F]++;?|[^\t\n\f <&#;]{1,32};?)"
)  # as `html.unescape` looks for them
MAX_REFERENCE_CHARS = 40
LONG_NUMBER = re.compile(r"&#[xX]?[0-9a-fA-F]{12,}+;?")


def unescape(text: str) -> str:
    """Text with its character references (`&amp;`, `&#8211;`) resolved; numbers beyond any character become U+FFFD."""
    if "&" not in text:
        return text
    try:
        return REFERENCE.sub(character, text)
    except ValueError:  # Python refuses to read numbers of thousands of digits
        return html.unescape(LONG_NUMBER.sub("\ufffd", text))


def character(found: re.Match[str]) -> str:
    """What a reference means; a page has a few, many times."""
    reference = found[0]
    return known_character(reference) if len(reference) <= MAX_REFERENCE_CHARS else html.unescape(reference)


@lru_cache(maxsize=1024)
def known_character(reference: str) -> str:
    return html.unescape(reference)
