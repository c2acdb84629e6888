"""Markup cut into tags, and what a tag says. No tree is built: a page's tags are gone through once, in order."""

from __future__ import annotations

import re

from newscrawl.security.markup import ATTRIBUTE as WHOLE_ATTRIBUTE
from newscrawl.text.whitespace import unescape

NAME = r"<(/?[a-zA-Z][^\s/>]*|[!?])"
TAG = re.compile(rf"{NAME}([^>]*)>")
# What may be in a tag behind its name, as HTML tokenizes it; possessive, so that no input makes it go back.
INSIDE = rf"(?:{WHOLE_ATTRIBUTE.pattern})*+[\s/]*+"
QUOTED_TAG = re.compile(rf"{NAME}({INSIDE})>")
# A name takes its value with it or is alone: looking for a `=` from each of its letters on would be quadratic.
ATTRIBUTE = re.compile(r"""([^\s"'>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"']++)))?+""")
# In an attribute `&section=3` is not a section sign: what has no semicolon means itself.
REFERENCE = re.compile(r"&(?:#[0-9]{1,8}+;?|#[xX][0-9a-fA-F]{1,8}+;?|[A-Za-z][A-Za-z0-9]{1,31}+;)")
MAX_ATTRIBUTES = 200  # of a tag that is looked into
# A glance at whether a tag may have an attribute: `id` is in many a value.
HAS_ATTRIBUTE = {
    name: re.compile(rf"""(?:^|[\s"'/]){name}\s*+=""", re.I)
    for name in ("class", "id", "content", "property", "name", "itemprop")
}


def split_tags(markup: str) -> list[str]:
    """[text, name, attributes, text behind the tag, name, ...]; the name of an end tag begins with `/`.

    A tag ends at its first `>`, also inside of a quoted value: `is_cut` tells. One more `>` at the end sees to it that
    every tag ends, else looking for it would be quadratic.
    """
    return without_end(TAG.split(markup + ">"))


def without_end(parts: list[str]) -> list[str]:
    """Parts without the `>` that was put behind the last text."""
    parts[-1] = parts[-1].removesuffix(">")
    return parts


def is_cut(attributes: str) -> bool:
    """Whether a tag may have been cut inside of a quoted value; apostrophes in a text between double quotes are none."""
    return bool(attributes.count('"') & 1 or ("='" in attributes and attributes.count("'") & 1))


def split_again(parts: list[str]) -> list[str]:
    """Parts from a tag's name on, where `>` in quoted values ends no tag: slower, for the rest of a page that has some."""
    whole = parts.copy()
    whole[0::3] = ["<" + name for name in parts[0::3]]
    whole[1::3] = [attributes + ">" for attributes in parts[1::3]]
    return without_end(QUOTED_TAG.split("".join([*whole, ">"])))[1:]


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


def value_of(tag: str, name: str) -> str:
    """The value of an attribute, "" where it has none; the way most are written is looked for first."""
    if name not in tag:
        is_in_capitals = tag[1:2].isupper() and name in tag.lower()
        return attributes(tag).get(name, "") if is_in_capitals else ""
    _, found, behind = tag.partition(f' {name}="')
    if found:
        return behind.partition('"')[0]
    return attributes(tag).get(name, "") if HAS_ATTRIBUTE[name].search(tag) else ""
