"""The story of a page that scripts fill: it is in no element, but as a string in one of the page's scripts.

`"contentHtml":"\\u003cp\\u003eThe council ..."`, also in a string inside of a string, as some frameworks send their state.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator

from newscrawl.extraction.blocks import count_words

MAX_SCRIPT_CHARS = 4_000_000  # of all scripts of a page that are looked at
MIN_CHARS = 100  # of a literal that is decoded
MIN_STORY_WORDS = 50  # of a string that can be a story
MAX_LEVELS = 3  # of strings in strings
MAX_STRINGS = 500
SCRIPT, SCRIPT_END = re.compile(r"<script(?=[\s/>])", re.I), re.compile(r"</script", re.I)
# A string that is never closed ends with the script, so that nothing is looked for in it again.
STRING = re.compile(r'"((?:[^"\\]++|\\.?+)*+)("?+)', re.S)
PARAGRAPH = re.compile(r"<(?:p|br|div)\b", re.I)
TAG = re.compile(r"<[^<>]*+>")
SENTENCE_END = re.compile(r"[.!?।؟][\"”’»]?(?=\s|<|$)|[。！？]")
MIN_SENTENCES = 3


def text_in_scripts(markup: str) -> str | None:
    """The markup of the story that a script of this page holds as a string; None where none does."""
    found = [text for script in scripts(markup) for text in strings(script, MAX_LEVELS)]
    return max(found, key=lambda text: len(TAG.sub("", text)), default=None)


def scripts(markup: str) -> Iterator[str]:
    """The insides of the page's scripts, up to a bound."""
    left = MAX_SCRIPT_CHARS
    at = 0
    while left > 0 and (opening := SCRIPT.search(markup, at)):
        start = markup.find(">", opening.end()) + 1
        if not start:
            return
        closing = SCRIPT_END.search(markup, start)
        at = closing.start() if closing else len(markup)
        inside = markup[start : min(at, start + left)]
        left -= len(inside)
        yield inside


def strings(text: str, levels: int) -> Iterator[str]:
    """The strings of a program that read like a story, and those in its strings."""
    long_ones = (found for found in STRING.finditer(text) if found[2] and found.end() - found.start() > MIN_CHARS)
    for _, found in zip(range(MAX_STRINGS), long_ones, strict=False):
        value = decoded(found[1])
        if value is None:
            continue
        if is_story(value):
            yield value
        elif levels > 1 and '"' in value:
            yield from strings(value, levels - 1)


def decoded(literal: str) -> str | None:
    """A string literal's value; None otherwise of JSON."""
    try:
        value = json.loads(f'"{literal}"', strict=False)
    except ValueError:
        return None
    return html.unescape(value) if value.lstrip().startswith("&lt;") else str(value)


def is_story(value: str) -> bool:
    """Whether a string is paragraphs of sentences: markup, or lines of text; no program, no data."""
    head = value.lstrip()[:1]
    if head in "{[" or value.count('":') > 3:
        return False
    has_paragraphs = bool(PARAGRAPH.search(value)) or value.count("\n") > 1
    plain = TAG.sub(" ", value)
    return (
        has_paragraphs and count_words(plain) >= MIN_STORY_WORDS and len(SENTENCE_END.findall(plain)) >= MIN_SENTENCES
    )
