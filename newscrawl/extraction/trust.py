"""Which origin of a field wins: the order, and the choice by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")

# A site's rules were made for its pages. For the headline JSON-LD is right most often (0.84 of 134 publishers' pages,
# h1 0.79, og:title 0.75), unless h1 and og:title agree on another (then 0.87): the reading leaves it out there.
# For dates JSON-LD carries an offset most often.
TRUST: dict[str, tuple[str, ...]] = {
    "headline": ("site-rule", "json-ld", "open-graph", "generic", "meta", "feed", "text"),
    "subheadline": ("site-rule", "json-ld", "generic"),
    "summary": ("json-ld", "open-graph", "meta", "feed"),
    "byline": ("site-rule", "json-ld", "meta", "generic", "feed"),
    "published": ("site-rule", "json-ld", "meta", "generic", "feed", "url"),
    "updated": ("json-ld", "meta"),
    "section": ("site-rule", "json-ld", "meta"),
    "language": ("json-ld", "generic", "meta", "site-rule"),
}


def by_trust(field: str, values: Mapping[str, T | None]) -> tuple[T | None, str | None]:
    """(value, origin) of the most trusted origin that has a value; (None, None) where none has."""
    for origin in TRUST[field]:
        value = values.get(origin)
        if value:
            return value, origin
    return None, None
