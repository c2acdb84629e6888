"""What each NEWSCRAWL_* setting may be. A wrong value stops the start and names the setting, not a page's callback."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

from newscrawl.extraction.rights import POLICIES

PREFIX = "NEWSCRAWL_"
BOOLEANS = ("1", "0", "True", "False", "true", "false")  # what Scrapy's getbool knows


class SettingError(ValueError):
    """A setting that cannot be used; the text names it and what it may be."""


@dataclass(frozen=True, slots=True)
class SettingSpec:
    """A setting's kind and the least it may be."""

    kind: Literal["text", "list", "whole", "number", "flag", "choice"]
    least: int = 0
    choices: tuple[str, ...] = ()


SETTINGS_SCHEMA = {
    "NEWSCRAWL_OUTPUT_DIR": SettingSpec("text"),
    "NEWSCRAWL_WRITE": SettingSpec("flag"),  # False in `fetch`, `parse` and `view`
    "NEWSCRAWL_SITES_DIR": SettingSpec("text"),
    "NEWSCRAWL_AGENCIES_FILE": SettingSpec("text"),
    "NEWSCRAWL_CONTACT": SettingSpec("text"),
    "NEWSCRAWL_ALLOWED_PRIVATE_HOSTS": SettingSpec("list"),
    "NEWSCRAWL_BROWSER": SettingSpec("text"),
    "NEWSCRAWL_MAX_STORY_PAGES": SettingSpec("whole"),
    "NEWSCRAWL_READ_SECONDS": SettingSpec("number"),
    "NEWSCRAWL_REVISIT_DAYS": SettingSpec("number"),
    "NEWSCRAWL_MAX_STORIES_PER_RUN": SettingSpec("whole", 1),
    "NEWSCRAWL_MAX_LIST_PAGES": SettingSpec("whole", 1),
    "NEWSCRAWL_MAX_PAGES_WITHOUT_NEWS": SettingSpec("whole", 1),
    "NEWSCRAWL_MAX_CRAWL_DELAY_SECONDS": SettingSpec("number"),
    "NEWSCRAWL_MAX_RETRY_AFTER_SECONDS": SettingSpec("number"),
    "NEWSCRAWL_BACKOFF_SECONDS": SettingSpec("number"),
    "NEWSCRAWL_RESERVED": SettingSpec("choice", choices=POLICIES),
    "NEWSCRAWL_QUARANTINE_MAX_STORIES": SettingSpec("whole"),
    "NEWSCRAWL_QUARANTINE_MAX_BYTES": SettingSpec("whole"),
    "NEWSCRAWL_SEGMENT_MAX_LINES": SettingSpec("whole", 1),
    "NEWSCRAWL_SEGMENT_MAX_AGE_SECONDS": SettingSpec("number"),
    "NEWSCRAWL_QUERY_MEMORY_MB": SettingSpec("whole", 64),
    "NEWSCRAWL_QUERY_THREADS": SettingSpec("whole"),
    "NEWSCRAWL_COLUMN_COPIES": SettingSpec("flag"),
    "NEWSCRAWL_DELIVER": SettingSpec("list"),
    "NEWSCRAWL_DELIVER_SECRET": SettingSpec("text"),
    "NEWSCRAWL_DELIVER_SECONDS": SettingSpec("number"),
}


def check_settings(settings: Mapping[str, Any]) -> None:
    """SettingError for the first NEWSCRAWL_* setting that does not exist or has a value that it cannot have."""
    for name in sorted(str(name) for name in settings if str(name).startswith(PREFIX)):
        own = SETTINGS_SCHEMA.get(name)
        if own is None:
            near = get_close_matches(name, SETTINGS_SCHEMA, 1, cutoff=0.8)
            raise SettingError(f"{name}: there is no such setting" + (f"; did you mean {near[0]}?" if near else ""))
        allowed = allowed_values(own, settings[name])
        if allowed:
            raise SettingError(f"{name}: must be {allowed}, not {settings[name]!r}")


def allowed_values(own: SettingSpec, value: Any) -> str | None:
    """What a setting must be, where the value is not that."""
    if own.kind == "choice":
        return None if value in own.choices else f"one of {', '.join(own.choices)}"
    if own.kind == "flag":
        return None if str(value) in BOOLEANS else "True or False"
    if own.kind == "list":
        return None if isinstance(value, str | list | tuple) else "a list, or text with commas"
    if own.kind == "text":
        return None if value is None or isinstance(value, str) or hasattr(value, "__fspath__") else "text"
    is_whole = own.kind == "whole"
    number = number_of(value, is_whole)
    is_good = number is not None and number >= own.least
    return None if is_good else f"a {'whole ' if is_whole else ''}number, {own.least} or more"


def number_of(value: Any, is_whole: bool) -> float | None:
    """The number that Scrapy would read, None for what is none."""
    try:
        number = int(value) if is_whole else float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if is_whole or math.isfinite(number) else None
