"""The words that the reader goes by: months, credit words, boilerplate, function words, agencies. A scrubbed page keeps them.

They are read off the reader's own rules, so that a rule that learns a word keeps it: each constant of the modules below,
its patterns included, is cut into the words that it spells out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from itertools import product
from types import ModuleType

from newscrawl.attribution.agencies import agencies
from newscrawl.sites.model import Site

# Not extraction.blocks and extraction.class_names: these remember what pages said.
READER = (
    "text.access_line", "text.boilerplate", "text.byline", "text.calendars", "text.clock", "text.dateline", "text.dates",
    "text.language", "attribution.attribute", "attribution.closing", "attribution.credit_line", "attribution.dated",
    "attribution.agencies", "dedup.version", "extraction.withdrawal", "extraction.access", "extraction.digest", "extraction.document", "extraction.kind",
    "extraction.main_text", "extraction.media", "extraction.paging", "extraction.rights", "loaders",
)  # fmt: skip
# Of URLs and of dates, which no rule spells out.
OTHERS = """com org net info gov edu www http https html index article articles news story stories view
january february march april june july august september october november december
monday tuesday wednesday thursday friday saturday sunday copyright rights reserved true false yes null cdata"""
MAX_DEPTH = 4  # of constants in constants
MAX_SPELLINGS = 64  # of one word with optional letters
MAX_ROUNDS = 20  # of groups in groups
NO_BLANKS = "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u1000-\u103f\u1780-\u17d3\u2e80-\u2fdf\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f"
HANGUL = "\u1100-\u11ff\uac00-\ud7a3"
UNSPACED = re.compile(f"[{NO_BLANKS}{HANGUL}]")
UNSPACED_RUN = re.compile(f"(?:[{NO_BLANKS}]+|[{HANGUL}]+)")
MARKS = "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963"
INDIC = "\u0980-\u09e5\u0a00-\u0a65\u0a70-\u0ae5\u0b00-\u0b65\u0b70-\u0be5\u0c00-\u0c65\u0c80-\u0ce5\u0d00-\u0d65\u0d80-\u0de5"
LETTER = rf"(?:[^\W\d_]|[{MARKS}{INDIC}{NO_BLANKS}])"  # to a pattern the marks of many scripts are not letters
WORD = re.compile(f"{LETTER}+")

GROUP_HEAD = re.compile(r"\(\?(?:P<\w+>|[aimsux-]*:|<?[=!]|>|#)?")
ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.S)
SMALL_CLASS = re.compile(r"\[(\w{1,6})\]")
CLASS = re.compile(r"\[\^?\]?[^\]]*\]")
REPEAT = re.compile(r"[*+]|\{[\d,]*\}")
SIMPLE_GROUP = re.compile(r"([\w?]*)\(([\w?|]*)\)(\??)([\w?]*)")
SPELLED = re.compile(rf"{LETTER}(?:{LETTER}|\?)*")


@dataclass(frozen=True, slots=True)
class KeptWords:
    """What of a page stays: words by themselves, in lower case; parts of text in scripts without blanks; names of several words."""

    words: frozenset[str]
    unspaced: re.Pattern[str]
    names: dict[str, list[tuple[tuple[str, ...], bool]]] = field(
        default_factory=dict
    )  # by first word; whether its case counts

    def starts_name(self, words: list[str], at: int) -> int:
        """How many of the words from `at` on are a name that stays; 0 where none begins there."""
        longest = 0
        for name, is_exact in self.names.get(words[at].casefold(), ()):
            here = tuple(words[at : at + len(name)])
            if len(name) > longest and (here == name if is_exact else tuple(map(str.casefold, here)) == name):
                longest = len(name)
        return longest


@lru_cache(maxsize=1)
def reader_words() -> frozenset[str]:
    """Every word that the reader's rules spell out, in lower case."""
    modules = (import_module(f"newscrawl.{name}") for name in READER)
    found = {word for module in modules for text in constants(module) for word in literal_words(text)}
    return frozenset(found | set(OTHERS.split()))


def constants(module: ModuleType) -> Iterator[str]:
    """The texts of a module's constants, and the sources of its patterns."""
    for name, value in vars(module).items():
        if name.strip("_").isupper():
            yield from texts_in(value, MAX_DEPTH)


def texts_in(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value.pattern
    elif depth and isinstance(value, dict):
        for key, entry in value.items():
            yield from texts_in(key, depth - 1)
            yield from texts_in(entry, depth - 1)
    elif depth and isinstance(value, tuple | list | set | frozenset):
        for entry in value:
            yield from texts_in(entry, depth - 1)


def literal_words(pattern: str) -> set[str]:
    """The words that a pattern can match, as far as it spells them out: `(?:mon|tues)days?` gives monday, mondays ..."""
    text = ESCAPE.sub(" ", GROUP_HEAD.sub("(", pattern))
    text = SMALL_CLASS.sub(lambda found: "(" + "|".join(found[1]) + ")", text)
    text = REPEAT.sub(" ", CLASS.sub(" ", text))
    for _ in range(MAX_ROUNDS):
        text, count = SIMPLE_GROUP.subn(expanded, text)
        if not count:
            break
    return {word.casefold() for spelled in SPELLED.findall(text) for word in spellings(spelled) if is_word(word)}


def expanded(found: re.Match[str]) -> str:
    """A group of words alone, with what is glued to it, as these words."""
    before, inside, optional, behind = found.groups()
    choices = inside.split("|") + ([""] if optional else [])
    return "|".join(before + choice + behind for choice in choices)


def spellings(word: str) -> Iterator[str]:
    """A word with and without its optional letters: `réservée?s?`."""
    letters = re.findall(r".\??", word)
    choices = [("", letter[0]) if letter.endswith("?") else (letter,) for letter in letters]
    for _, chosen in zip(range(MAX_SPELLINGS), product(*choices), strict=False):
        yield "".join(chosen)


def is_word(word: str) -> bool:
    return len(word) > 1 or bool(UNSPACED.match(word))


def kept_words(site: Site | None = None, names: Iterable[str] = ()) -> KeptWords:
    """What stays of a page: the reader's words, those of the site's rules, agencies, and the names given."""
    own = set() if site is None else site_words(site)
    words = reader_words() | own
    known = [text for agency in agencies().values() for text in (agency.name, *agency.aliases, *agency.notices)]
    known += [*names, *([site.name] if site else [])]
    codes = {code for agency in agencies().values() for code in agency.codes}
    unspaced = {word for word in words if len(word) > 1} | set(known)
    parts = {part for text in unspaced for part in UNSPACED_RUN.findall(text) if len(part) > 1}
    pattern = "|".join(map(re.escape, sorted(parts, key=len, reverse=True)))
    return KeptWords(words, re.compile(pattern or r"(?!)"), by_first_word(known, codes))


def by_first_word(names: Iterable[str], codes: Iterable[str]) -> dict[str, list[tuple[tuple[str, ...], bool]]]:
    found: dict[str, list[tuple[tuple[str, ...], bool]]] = {}
    for name in names:
        parts = tuple(WORD.findall(name.casefold()))
        if parts:
            found.setdefault(parts[0], []).append((parts, False))
    for code in codes:
        parts = tuple(WORD.findall(code))
        if parts:
            found.setdefault(parts[0].casefold(), []).append((parts, True))
    return found


def site_words(site: Site) -> set[str]:
    """The words in a site's patterns of URLs and in its selectors."""
    patterns = [pattern.pattern for pattern in (*site.story_url, *([site.story_id] if site.story_id else []))]
    selectors = [value for layout in site.layouts for value in (layout.headline, layout.byline, layout.published, layout.body, *layout.drop) if value]  # fmt: skip
    return {word for text in patterns for word in literal_words(text)} | {
        word.casefold() for text in selectors for word in WORD.findall(text)
    }
