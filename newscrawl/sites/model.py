"""Define Site, Source, Layout and Expect: a site as its file describes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from newscrawl.items import SourceKind
from newscrawl.security.url import DEFAULT_PORTS, split

DEFAULT_SILENT_HOURS = 48.0  # a weekend: known stories count too, and lists keep theirs for days
SOURCE_KINDS = ("rss", "news-sitemap", "sitemap", "section", "archive")


@dataclass(frozen=True, slots=True)
class Source:
    """A place where a site announces its stories; an archive's `url` is a template with {year}, {month} and {day}."""

    kind: str
    url: str
    links: str | None = None
    next: str | None = None
    max_pages: int = 1


@dataclass(frozen=True, slots=True)
class Layout:
    """CSS selectors for the pages of a period; every one may be missing."""

    since: date | None = None
    until: date | None = None
    headline: str | None = None
    subheadline: str | None = None
    byline: str | None = None
    published: str | None = None
    section: str | None = None
    body: str | None = None
    drop: tuple[str, ...] = ()

    def holds_on(self, day: date) -> bool:
        """Whether a page captured that day has this layout; both ends count."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Expect:
    """Bounds outside which a run is marked: stories a day, the share of stories that have a field, and silence."""

    silent_hours: float = DEFAULT_SILENT_HOURS  # without any story, known ones included; longer is a failure
    stories_per_day: tuple[int, int] | None = None
    filled: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Site:
    """A site file: `id` is the file's name, `rules` names the file's content in records."""

    id: str
    name: str
    evidence: str
    domains: tuple[str, ...]
    rules: str
    country: str | None = None
    language: str | None = None
    timezone: str | None = None
    agency: str | None = None
    kind: SourceKind | None = None
    encoding: str | None = None
    delay_seconds: float = 1.0
    render: bool = False  # its pages fill themselves by script: they are fetched through a browser
    story_url: tuple[re.Pattern[str], ...] = ()
    story_id: re.Pattern[str] | None = None
    poll_minutes: int | None = None
    blocked: str | None = None
    terms: str | None = None
    sources: tuple[Source, ...] = ()
    layouts: tuple[Layout, ...] = ()
    expect: Expect = Expect()

    def holds(self, url: str) -> bool:
        """Whether a URL is on this site: its host, or host:port, is one of `domains` or below one."""
        return on_domains(url, self.domains)

    def is_story_url(self, url: str) -> bool:
        """Whether a URL on this site can be a story's: it matches a pattern of `story_url`, if there is any."""
        return not self.story_url or any(pattern.search(url) for pattern in self.story_url)

    def story_key(self, url: str) -> str | None:
        """The site's own story id in a URL, by its `story_id` pattern."""
        found = self.story_id.search(url) if self.story_id else None
        if found is None:
            return None
        return found.group(1) if found.re.groups else found.group()

    def layout_on(self, day: date | None) -> Layout | None:
        """The newest layout that holds on the day of capture; the newest of all where no day is known."""
        return next((layout for layout in self.layouts if day is None or layout.holds_on(day)), None)


def own_host(url: str) -> str | None:
    """`host`, or `host:port` where the port is not the scheme's own; None for anything but an http(s) URL."""
    parts = split(url)
    if parts is None or parts.hostname is None:
        return None
    host = parts.hostname.rstrip(".")
    return f"{host}:{parts.port}" if parts.port and parts.port != DEFAULT_PORTS[parts.scheme] else host


def on_domains(url: str, domains: tuple[str, ...]) -> bool:
    """Whether a URL's host is one of `domains` or below one; an entry with a port demands that port."""
    here = own_host(url)
    return here is not None and any(here == domain or here.endswith("." + domain) for domain in domains)


def domain_of(url: str) -> str | None:
    """What `domains` defaults to: the host without `www.`, or with its port where that is not the scheme's own."""
    here = own_host(url)
    return here if here is None or ":" in here else here.removeprefix("www.")
