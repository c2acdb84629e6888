"""Names for the elements of a page that will hold: which classes, ids and attributes are an author's, and how CSS writes them.

A class that a build tool made (`css-1x2y3z`, `sc-bdVaJa`) changes with the next build, one with a story's number or
section is on that story only, and one that says how something looks (`mt-4`, `col-md-8`) says nothing of what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from newscrawl.extraction.class_names import ALL_MARKS, POSITIVE_NAME, ClassMark, names_say

MAX_CLASSES = 8  # of one element that are looked at
MAX_NAME_CHARS = 50
TELLING_TAGS = frozenset(("article", "main", "h1", "time"))
TELLING_ATTRIBUTES = ("itemprop", "role", "data-testid", "data-component", "data-qa", "rel")
# What build tools put before a hash; the hash itself is reported by `is_random`.
MADE = re.compile(
    r"(?:css|sc|jsx|svelte|emotion|styled|makestyles|mui|chakra|tss|astro|ember|yui|ext|ui-id|gtm)[-_]?\d*[-_].*", re.I
)
STYLED = re.compile(
    r"([A-Za-z][A-Za-z0-9]*(?:__[A-Za-z0-9]+)?-sc-)[a-z0-9]{3,10}(?:-\d{1,3})?"
)  # Body-sc-1x2y3z-0 of styled-components
WORDS = r"[A-Za-z][A-Za-z0-9]*(?:[-_]{1,2}[A-Za-z0-9]+)*"
MODULE = re.compile(rf"({WORDS}_{{2,3}})([A-Za-z0-9_-]{{4,10}})")  # Story_body__x3Zq1 of CSS modules
SURE_MODULE = re.compile(
    r"([A-Za-z][A-Za-z0-9-]*_[A-Za-z0-9-]+__)([A-Za-z0-9_-]{5})"
)  # whatever the five characters are
MODULE_DASH = re.compile(rf"({WORDS}[-_])([A-Za-z0-9]{{5,8}})")
# How something looks, as the classes of utility style sheets say it; and what is said of anything on any page.
UTILITY = re.compile(
    r"(?:-?[mp][trblxyse]?|w|h|gap|space|text|font|bg|border|rounded|flex|grid|items|justify|self|leading|tracking|overflow|z|top|"
    r"left|right|bottom|inset|order|opacity|shadow|max|min|col|row|span|offset|float|align|d|is|has|js|no|u|wp-image|lg|md|sm|xs|xl|"
    r"grow|shrink|basis|aspect|object|whitespace|break|list|cursor|transition|duration|ease|delay|outline|ring|fill|stroke|sr|"
    r"not|dark|hover|print|expressive|typo|theme|margin|padding|width|height|color|size)(?:-[a-z0-9./]+)+|.*[\[\]:!%/@].*|"
    r"clearfix|cf|active|open|closed|first|last|odd|even|hidden|visible|show|hide|left|right|center|block|inline|relative|"
    r"absolute|fixed|sticky|flex|grid|lazy|lazyload|lazyloaded|loaded|bold|on|off|undefined|null|uppercase|underline|truncate|prose",
    re.S,
)
COMMON = re.compile(
    r"(?:col|row|container|wrapper|wrap|inner|outer|box|item|title|text|columns?|large|small|big|hentry|page|single|fade|in|default|"
    r"new|top|bottom|info|light|dark|medium|layout|section|module|block|component|element|list|con|cc|desc)s?-?\d*",
)
OF_ONE_STORY = re.compile(
    r"(?:post|page|category|cat|tag|author|node|article|story|id|item|section|term|format|status|type)[-_].*", re.I
)
VOWELS = frozenset("aeiouyAEIOUY")
COST_OF_ATTRIBUTE, COST_OF_PREFIX, COST_OF_COMMON, COST_OF_STORY, COST_OF_MARK = 3.0, 3.0, 5.0, 4.0, 6.0
HUMP = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
CAPITALS = re.compile(r"[a-z][A-Z]{3}")


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """One simple selector; the lower its cost, the sooner an engineer would write it."""

    cost: float
    css: str


def identifier(name: str) -> str:
    """A name as CSS writes it (CSSOM, section 2.1: serialize an identifier)."""
    out = []
    for at, char in enumerate(name):
        if char == "\0":
            out.append("\ufffd")
        elif (
            char < " "
            or char == "\x7f"
            or (char.isascii() and char.isdigit() and (at == 0 or (at == 1 and name[0] == "-")))
        ):
            out.append(f"\\{ord(char):x} ")
        elif not char.isascii() or char.isalnum() or char in "-_":
            out.append("\\-" if name == "-" else char)
        else:
            out.append("\\" + char)
    return "".join(out)


def quoted(value: str) -> str:
    """A value as a CSS string (CSSOM, section 2.1: serialize a string)."""
    escaped = (
        "\ufffd" if char == "\0" else f"\\{ord(char):x} " if char < " " or char == "\x7f" else "\\" + char if char in '"\\' else char
        for char in value
    )  # fmt: skip
    return '"' + "".join(escaped) + '"'


def is_random(word: str) -> bool:
    """Whether a part of a name looks drawn by lot: digits among letters, capitals within, or no vowel."""
    if len(word) < 4 or word.isdigit():
        return word.isdigit() and len(word) > 2
    changes = sum(one.isdigit() != other.isdigit() for one, other in pairwise(word))
    if changes > 1 or (changes and word[0].isdigit()):
        return True
    letters = [char for char in word if char.isalpha()]
    humps = HUMP.findall(word)
    if (
        len(word) < 9 and len(humps) > 1 and (min(map(len, humps)) < 3 or CAPITALS.search(word))
    ):  # fITWLI, cycRHZ; not bodyCopy
        return True
    return len(letters) + len(word) > 8 and not VOWELS.intersection(letters)


def is_stable(name: str) -> bool:
    """Whether a class or an id was given by a person and will be there on the next page and after the next build."""
    if not 2 <= len(name) <= MAX_NAME_CHARS or not any(map(str.isalpha, name)):
        return False
    if MADE.fullmatch(name) or STYLED.fullmatch(name) or any(char.isspace() or not char.isprintable() for char in name):
        return False
    if name.startswith("_") or (len(name) < 7 and is_random(re.sub(r"[-_]", "", name))):
        return False
    return not any(map(is_random, re.split(r"[-_:]+", name)))


def module_prefix(name: str) -> str | None:
    """`Story_body__` of `Story_body__x3Zq1`: the part that a person wrote; None for a class of another form."""
    if styled := STYLED.fullmatch(name):
        return styled[1]
    sure = SURE_MODULE.fullmatch(name)
    found = sure or MODULE.fullmatch(name) or MODULE_DASH.fullmatch(name)
    if found is None or len(found[1]) < 5 or not is_stable(found[1].rstrip("_-")):
        return None
    return found[1] if sure or is_random(found[2].strip("_-")) else None


def names_of(tag: str, attributes: Mapping[str, str | None], *, is_beside: bool = False) -> Iterator[Name]:
    """The simple selectors that an element can be named by, each with its cost; none for one without any name.

    `is_beside`: it is beside a story, so that `related` or `share` is what it should be called.
    """
    lead = "" if tag in ("div", "span") else identifier(tag)
    own_id = attributes.get("id") or ""
    if is_stable(own_id) and not UTILITY.fullmatch(own_id):
        yield Name(1.0 + cost_of(own_id, is_beside), f"#{identifier(own_id)}")
    for name in dict.fromkeys((attributes.get("class") or "").split()[:MAX_CLASSES]):
        if UTILITY.fullmatch(name):
            continue
        if prefix := module_prefix(name):
            yield Name(COST_OF_PREFIX + cost_of(prefix, is_beside), f"{lead}[class*={quoted(prefix)}]")
        elif is_stable(name):
            yield Name(cost_of(name, is_beside), f"{lead}.{identifier(name)}")
    for key in TELLING_ATTRIBUTES:
        value = attributes.get(key) or ""
        if value and (key == "itemprop" or is_stable(value)) and len(value) <= MAX_NAME_CHARS:
            yield Name(COST_OF_ATTRIBUTE, f"{lead}[{key}={quoted(value)}]")
    if tag in TELLING_TAGS:
        yield Name(1.5, identifier(tag))


def cost_of(name: str, is_beside: bool = False) -> float:
    """How unwillingly a name is written: 0 for one that says what the element is."""
    cost = len(name) / 50
    says = names_say(name)
    if COMMON.fullmatch(name):
        cost += COST_OF_COMMON
    elif OF_ONE_STORY.fullmatch(name) and not says & POSITIVE_NAME:
        cost += COST_OF_STORY
    is_marked = bool(says & ALL_MARKS & ~(ClassMark.BYLINE | ClassMark.SOURCE))
    if is_beside:
        return cost + (0.0 if is_marked else 2.0 if says & POSITIVE_NAME else 1.0)
    return cost + (COST_OF_MARK if is_marked else 0.0) + (0.0 if says & POSITIVE_NAME else 1.0)
