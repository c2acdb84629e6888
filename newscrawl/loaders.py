"""StoryLoader: one line a field, naming the processors that a value passes through."""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping
from typing import Any

from itemloaders import ItemLoader
from itemloaders.processors import Compose, Identity, MapCompose, TakeFirst

from newscrawl.items import Story
from newscrawl.text.whitespace import fold

TITLE_SEPARATOR = re.compile(r"\s+[|\-–—:·•«»]+\s+|\s*[|｜ㅣ：]\s*")
MAX_SITE_SEPARATORS = 3  # `Headline | Section | The Paper`


def without_site_name(headline: str, loader_context: MutableMapping[str, Any]) -> str:
    """`Headline | The Paper` -> `Headline`, where the loader's `site_names` hold the paper."""
    names = loader_context.get("site_names") or ()
    for separator in list(TITLE_SEPARATOR.finditer(headline))[: -MAX_SITE_SEPARATORS - 1 : -1]:
        tail = headline[separator.end() :].casefold()
        if separator.start() > 0 and tail in names:
            return headline[: separator.start()].rstrip()
    return headline


def unique(values: list[Any]) -> list[Any]:
    return list(dict.fromkeys(value for value in values if value))


INPUT: dict[str, Any] = {}
OUTPUT: dict[str, Any] = {}


def remembered(look_up: Callable[[str], Any], known: dict[str, Any], name: str) -> Any:
    if name not in known:
        known[name] = look_up(name)
    return known[name]


class StoryLoader(ItemLoader):
    """Fills a `Story` from values with `add_value`; no selector, no response."""

    default_item_class = Story
    default_input_processor = Identity()
    default_output_processor = TakeFirst()

    headline_in = MapCompose(fold, without_site_name)
    subheadline_in = MapCompose(fold)
    summary_in = MapCompose(fold)
    byline_in = MapCompose(fold)

    def add_value(self, field_name: str | None, value: Any, *processors: Any, re: Any = None, **kw: Any) -> Any:
        """As the loader's own; nothing is added for no value, which is what most fields of a page have."""
        return self if value is None else super().add_value(field_name, value, *processors, re=re, **kw)

    def get_input_processor(self, field_name: str) -> Any:
        """As the loader's own, looked up once a process: the look-up takes longer than most processors."""
        return remembered(super().get_input_processor, INPUT, field_name)

    def _process_input_value(self, field_name: str, value: Any) -> Any:
        """As the loader's own, but that values which no processor changes are not handed around."""
        is_kept = isinstance(self.get_input_processor(field_name), Identity)
        return value if is_kept else super()._process_input_value(field_name, value)

    def get_output_processor(self, field_name: str) -> Any:
        return remembered(super().get_output_processor, OUTPUT, field_name)

    published_raw_in = MapCompose(fold)
    section_in = MapCompose(fold)
    section_out = Compose(unique)
    tags_in = MapCompose(fold)
    tags_out = Compose(unique)
    alternates_out = Identity()
    attribution_out = Identity()
    authors_out = Identity()
    body_out = Identity()
    media_out = Identity()
