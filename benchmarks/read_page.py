"""Adapter for runners that measure page readers: (html, url) -> a dict of plain values."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from newscrawl import read_page
from newscrawl.attribution.agencies import agency_named
from newscrawl.items import Story
from newscrawl.text.byline import split_names, strip_prefix


def adapter(html: bytes, url: str) -> dict[str, Any]:
    """The story of a page read without any site file."""
    story = read_page(html, url if url.startswith("http") else "https://unknown.example/page", site=None)
    return {
        "text": story.text,
        "headline": story.headline,
        "published": local_time(story.published_at, story.published_offset) or story.published_date,
        "authors": named_in_byline(story),
        "attribution": [entry.id for entry in story.attribution or []],
        "language": story.language,
    }


def named_in_byline(story: Story) -> list[str]:
    """Everybody the byline names. The record's `authors` are people alone; gold sets count agencies and desks as well."""
    people = [author.name for author in story.authors or []]
    pieces = split_names(story.byline or "")
    if people:
        return list(dict.fromkeys([*people, *(piece for piece in pieces if agency_named(piece))]))
    if not pieces or any(map(agency_named, pieces)):
        return pieces
    return [strip_prefix(story.byline or "")]


def local_time(at: str | None, offset: str | None) -> str | None:
    """The moment as the page's clock showed it, ISO 8601 with its offset."""
    if at is None or offset is None:
        return None
    sign = -1 if offset[0] == "-" else 1
    zone = timezone(sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[4:6])))
    return datetime.fromisoformat(at).astimezone(zone).isoformat()
