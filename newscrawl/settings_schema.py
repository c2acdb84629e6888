"""The kind and allowed values of each NEWSCRAWL_* setting, their check, and their environment variables."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

from newscrawl.extraction.rights import POLICIES
from newscrawl.security.url import NO_USERINFO, has_userinfo

PREFIX = "NEWSCRAWL_"
MAY_HAVE_CREDENTIALS = frozenset({"NEWSCRAWL_DELIVER", "NEWSCRAWL_DELIVER_SECRET"})  # masked wherever they are shown
BOOLEANS = ("1", "0", "True", "False", "true", "false")  # what Scrapy's getbool knows
# Kubernetes sets these in every container for a service that is called newscrawl.
SERVICE_VARIABLE = re.compile(r"NEWSCRAWL_(?:\w+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT(?:_\d+_\w+)?)")


class SettingError(ValueError):
    """A setting that cannot be used. The text names the setting and the allowed values."""


@dataclass(frozen=True, slots=True)
class SettingSpec:
    """A setting's kind and its minimum or allowed values."""

    kind: Literal["text", "list", "whole", "number", "flag", "choice"]
    minimum: int = 0
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


def environment_settings(environment: Mapping[str, str]) -> dict[str, str | list[str]]:
    """The NEWSCRAWL_* variables of an environment as settings. Empty ones count as not set, lists are split at commas.

    Unknown names and wrong values are kept, so that `check_settings` can name them.
    """
    found: dict[str, str | list[str]] = {}
    for name, value in environment.items():
        if name.startswith(PREFIX) and value.strip() and not SERVICE_VARIABLE.fullmatch(name):
            spec = SETTINGS_SCHEMA.get(name)
            found[name] = _split_list(value) if spec and spec.kind == "list" else value
    return found


def _split_list(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def check_settings(settings: Mapping[str, Any]) -> None:
    """SettingError for the first NEWSCRAWL_* setting that is unknown or has a wrong value."""
    for name in sorted(str(name) for name in settings if str(name).startswith(PREFIX)):
        value = settings[name]
        label = f"environment variable {name}" if os.environ.get(name) == value else name
        spec = SETTINGS_SCHEMA.get(name)
        if spec is None:
            near = get_close_matches(name, SETTINGS_SCHEMA, 1, cutoff=0.8)
            raise SettingError(f"{label}: there is no such setting" + (f"; did you mean {near[0]}?" if near else ""))
        if name not in MAY_HAVE_CREDENTIALS and has_userinfo(str(value)):
            raise SettingError(f"{label}: {NO_USERINFO}")
        allowed = _allowed_values(spec, value)
        if allowed:
            raise SettingError(f"{label}: must be {allowed}, not {value!r}")


def _allowed_values(spec: SettingSpec, value: Any) -> str | None:
    """What a setting must be; None where the value is fine."""
    if spec.kind == "choice":
        return None if value in spec.choices else f"one of {', '.join(spec.choices)}"
    if spec.kind == "flag":
        return None if str(value) in BOOLEANS else "True or False"
    if spec.kind == "list":
        return None if isinstance(value, str | list | tuple) else "a list, or text with commas"
    if spec.kind == "text":
        return None if value is None or isinstance(value, str) or hasattr(value, "__fspath__") else "text"
    is_whole = spec.kind == "whole"
    number = _number_of(value, is_whole)
    is_good = number is not None and number >= spec.minimum
    return None if is_good else f"a {'whole ' if is_whole else ''}number, {spec.minimum} or more"


def _number_of(value: Any, is_whole: bool) -> float | None:
    """The number that Scrapy would read; None where it would read none."""
    try:
        number = int(value) if is_whole else float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if is_whole or math.isfinite(number) else None
