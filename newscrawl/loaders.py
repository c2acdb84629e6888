"""StoryLoader: an item loader that names, for each field of a story, the processors its values pass through."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from dataclasses import replace
from typing import Any

from itemloaders import ItemLoader
from itemloaders.processors import Compose, Identity, Join, MapCompose, TakeFirst

from newscrawl.items import BodyBlock, Story
from newscrawl.text.boilerplate import is_boilerplate
from newscrawl.text.whitespace import fold

# A run of blanks is tried once, at its start: from each place in it the time would be quadratic.
TITLE_SEPARATOR = re.compile(r"(?<!\s)\s+[|\-–—:·•«»]+\s+|(?:(?<!\s)\s+)?[|｜ㅣ：]\s*")
MAX_HEADLINE_CHARS = 2_000  # a longer one is kept as it is
MAX_BOILERPLATE_CHARS = 200  # a longer paragraph is text, whatever its words
MAX_SITE_SEPARATORS = 3  # `Headline | Section | The Paper`


def without_site_name(headline: str, loader_context: MutableMapping[str, Any]) -> str:
    """`Headline | The Paper` -> `Headline`, where the loader's `site_names` hold the paper."""
    names = loader_context.get("site_names") or ()
    if len(headline) > MAX_HEADLINE_CHARS:
        return headline
    for separator in list(TITLE_SEPARATOR.finditer(headline))[: -MAX_SITE_SEPARATORS - 1 : -1]:
        tail = headline[separator.end() :].casefold()
        if separator.start() > 0 and tail in names:
            return headline[: separator.start()].rstrip()
    return headline


def unique(values: list[Any]) -> list[Any]:
    """The values without repetitions and empty ones."""
    return list(dict.fromkeys(value for value in values if value))


def fold_lines(text: str) -> str | None:
    """A paragraph with each of its lines on one line, without control characters. None where nothing is left."""
    return fold(text) if "\n" not in text else "\n".join(filter(None, map(fold, text.split("\n")))) or None


def drop_boilerplate(text: str) -> str | None:
    """A paragraph of the story. None for a line that never is one: `Back to top`, `Most popular`, `Share this`."""
    return None if len(text) < MAX_BOILERPLATE_CHARS and is_boilerplate(text) else text


def clean_block(block: BodyBlock) -> BodyBlock | None:
    """A block of the body, cleaned as the text is."""
    text = fold_lines(block.text)
    if text is None or drop_boilerplate(text) is None:
        return None
    return block if text == block.text else replace(block, text=text)


class StoryLoader(ItemLoader):
    """Fills a `Story` from values, with `add_value`.

    A subclass that sets another processor for a field changes that field and no other.
    """

    default_item_class = Story
    default_input_processor = Identity()
    default_output_processor = TakeFirst()

    headline_in = MapCompose(fold, without_site_name)
    subheadline_in = MapCompose(fold)
    summary_in = MapCompose(fold)
    byline_in = MapCompose(fold)
    text_in = MapCompose(fold_lines, drop_boilerplate)
    text_out = Join("\n\n")
    body_in = MapCompose(clean_block)
    body_out = Identity()
    section_in = MapCompose(fold)
    section_out = Compose(unique)
    tags_in = MapCompose(fold)
    tags_out = Compose(unique)
    published_raw_in = MapCompose(fold)
    alternates_out = Identity()
    attribution_out = Identity()
    authors_out = Identity()
    media_out = Identity()
