"""Markup cut into tags, and what a tag says. No tree is built: a page's tags are gone through once, in order.

A piece is what stands between one `<` and the next: a tag, its `>`, and the text behind it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

# What may stand in a tag behind its name, as HTML tokenizes it; possessive, so that no input makes it go back.
INSIDE_TAG = re.compile(
    r"""(?:[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+)*+[\s/]*+"""
)
ATTRIBUTE = re.compile(r"""([^\s"'>/=]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"']++))""")
MAX_ATTRIBUTES = 200  # of a tag that is looked into


def split_markup(markup: str) -> list[str]:
    """The pieces of a page; the first is the text before any tag, as if a tag had stood before it."""
    return (">" + markup).split("<")


def is_cut(tag: str) -> bool:
    """Whether a tag that ends at its first `>` may end inside of a quoted value; apostrophes in text are none."""
    return bool(tag.count('"') & 1 or (tag.count("'") & 1 and "='" in tag))


def by_quotes(pieces: list[str]) -> Iterator[str]:
    """The same pieces where `<` and `>` in quoted values end nothing: slower, for the rest of a page that has some."""
    markup = "<".join(pieces)
    at = 0
    while at <= len(markup):
        behind = at
        if "a" <= markup[at : at + 1].lower() <= "z":
            behind = INSIDE_TAG.match(markup, at).end()  # type: ignore[union-attr]
        end = markup.find("<", behind)
        end = len(markup) if end < 0 else end
        yield markup[at:end] if behind == at else escaped(markup[at:behind]) + markup[behind:end]
        at = end + 1


def escaped(tag: str) -> str:
    """A tag whose quoted values hold no brackets."""
    return tag.replace("<", "&lt;").replace(">", "&gt;")


def attributes(tag: str) -> dict[str, str]:
    """The attributes of a tag, which is given as it stands between `<` and `>`; the first of a name counts."""
    found: dict[str, str] = {}
    for name, double, single, bare in ATTRIBUTE.findall(tag)[:MAX_ATTRIBUTES]:
        value = double or single or bare
        found.setdefault(name.lower(), html.unescape(value) if "&" in value else value)
    return found
