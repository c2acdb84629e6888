"""Templates and what they may call. Every value is escaped by jinja; the pictures' SVG is the one exception."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from newscrawl.security.url import split
from newscrawl.tools.reports.tally import FIELDS
from newscrawl.tools.web.tables import FACETS

if TYPE_CHECKING:
    from jinja2 import Environment


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates, made once; an undefined name is an error, not an empty string."""
    from newscrawl.tools.reports.html import templates

    made = templates("newscrawl.tools.web", "newscrawl.tools.reports")
    made.filters.update(is_web=is_web, clock=clock, iso=iso, when=when)
    made.globals.update(
        story_url=story_url, page_url=page_url, agency_url=agency_url, facet_names=FACETS, fields=FIELDS, asked=None
    )
    return made


def render(template: str, /, **values: Any) -> str:
    return environment().get_template(template).render(**values)


def is_web(url: Any) -> bool:
    """Whether a link may be followed: http and https only, never `javascript:`."""
    return isinstance(url, str) and split(url) is not None


def story_url(story_id: Any, **more: Any) -> str:
    return "/story?" + urlencode({"id": str(story_id), **more})


def page_url(story_id: Any, version: Any) -> str:
    return "/page?" + urlencode({"id": str(story_id), "version": str(version)})


def agency_url(agency: Any) -> str:
    return "/search?" + urlencode({"agency": str(agency)})


def clock(seconds: int) -> str:
    """Seconds since 1970 as `2026-11-23 00:30` (UTC)."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")


def iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def when(at: Any) -> str:
    """`2026-11-23T00:30:00Z` as `2026-11-23 00:30 UTC`; what is not a time, as it is."""
    text = str(at or "")
    return f"{text[:10]} {text[11:16]} UTC" if len(text) == 20 and text.endswith("Z") and text[10] == "T" else text[:40]
