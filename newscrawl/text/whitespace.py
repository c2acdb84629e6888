"""Cleaning of text as it comes out of a page."""

from __future__ import annotations

import re

# Dropped: C0/C1 controls, soft hyphen, zero-width space, word joiner, BOM, bidi embeddings and overrides, lone
# surrogates (orjson, jq and DuckDB refuse them). ZWJ and ZWNJ stay: Persian and Indic words need them, and so
# do the marks and isolates of right-to-left text.
DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\u202a-\u202e\ud800-\udfff\ufffe\uffff]"
)
# Line breaks that str.splitlines() knows and JSON readers do not: they would tear a line.
ODD_BREAKS = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]|\r\n?")
SPACES = re.compile(r"[^\S\n]+")
AROUND_BREAK = re.compile(r" ?\n ?")


def clean(text: str) -> str:
    """Text without control characters; runs of blanks are one, line breaks are \\n and stay."""
    if not text.isascii() or not text.isprintable():
        text = DROPPED.sub("", ODD_BREAKS.sub("\n", text))
    return AROUND_BREAK.sub("\n", SPACES.sub(" ", text)).strip()


def fold(text: str) -> str:
    """Text on one line without control characters: every run of white space is one blank."""
    folded = " ".join(text.split())  # much faster than a pattern, and knows the same white space
    return folded if folded.isprintable() else " ".join(DROPPED.sub("", folded).split())
