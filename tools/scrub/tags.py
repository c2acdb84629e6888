"""Patterns for the tags of markup that is edited in place, and the attributes of a tag."""

from __future__ import annotations

import re

from newscrawl.text.whitespace import unescape

NAME = r"<(/?[a-zA-Z][^\s/>]*|[!?])"
TAG = re.compile(rf"{NAME}([^>]*)>")
# What may be in a tag behind its name, as HTML tokenizes it; possessive, so that no input makes it go back.
INSIDE = r"""(?:[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+)*+[\s/]*+"""
QUOTED_TAG = re.compile(rf"{NAME}({INSIDE})>")
# A name takes its value with it or is alone: looking for a `=` from each of its letters on would be quadratic.
ATTRIBUTE = re.compile(r"""([^\s"'>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"']++)))?+""")
# In an attribute `&section=3` is not a section sign: what has no semicolon means itself.
REFERENCE = re.compile(r"&(?:#[0-9]{1,8}+;?|#[xX][0-9a-fA-F]{1,8}+;?|[A-Za-z][A-Za-z0-9]{1,31}+;)")
MAX_ATTRIBUTES = 200  # of a tag that is looked into


def is_cut(attributes: str) -> bool:
    """Whether a tag may have been cut inside of a quoted value; apostrophes in a text between double quotes are none."""
    return bool(attributes.count('"') & 1 or ("='" in attributes and attributes.count("'") & 1))


def attributes(tag: str) -> dict[str, str]:
    """The attributes of a tag by name in lower case; the first of a name counts."""
    found: dict[str, str] = {}
    for name, double, single, bare in ATTRIBUTE.findall(tag)[:MAX_ATTRIBUTES]:
        value = double or single or bare
        if value:
            found.setdefault(name.lower(), text_of_value(value))
    return found


def text_of_value(value: str) -> str:
    """An attribute's value with its character references resolved."""
    return REFERENCE.sub(lambda found: unescape(found[0]), value) if "&" in value else value
