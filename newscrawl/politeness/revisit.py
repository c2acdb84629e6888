"""Decide when a URL is fetched again, and when a site is polled again: pure functions of what is known.

A story is fetched again when it is twice as old as at the last fetch: one hour old, after an hour. One week old, after a
week. Older than MAX_AGE_DAYS, never. An announcement that states a change makes it due at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from newscrawl.text.dates import parse_date

MIN_SECONDS = 600  # a story that is just out, or changes all the time
MAX_AGE_DAYS = 30.0
DAY_SECONDS = 86_400
# A page that fails may be announced before it is there: once it is asked for again by the very next run.
FIRST_RETRY_SECONDS = 60  # then after a minute, doubled with each failure
FIRST_LOOK_FOR_TEXT_SECONDS = 600  # a page that came but holds no story (a video, a stub)
MAX_RETRY_SECONDS = 12 * 3600
GIVEN_UP_AFTER = 40  # failures in a row: some two weeks of them

DEFAULT_POLL_MINUTES = 30
STORIES_A_POLL = 3  # what a poll should bring
POLL_RANGE = 4  # at most so many times faster or slower than the site file says
MIN_POLL = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Visit:
    """The last look at an announced URL; times in seconds since 1970."""

    fetched_at: int
    next_at: int | None  # None: never, unless an announcement states a change
    changed_at: int | None = None  # what the story's age counts from; None where the page has brought no story yet
    failures: int = 0  # looks in a row that brought no page
    hinted_at: int | None = None  # the newest change that an announcement had stated by then
    etag: str | None = None
    last_modified: str | None = None

    def is_due(self, now: int, hinted_at: int | None = None) -> bool:
        """Whether to look again: its time has come, or an announcement states a change that was not known.

        A hint that was there at the last look says nothing new, though a site's clock be hours ahead of ours.
        """
        if self.next_at is not None and self.next_at <= now:
            return True
        return hinted_at is not None and hinted_at > max(self.fetched_at, self.hinted_at or 0)


def next_look(fetched_at: int, changed_at: int, max_age_days: float = MAX_AGE_DAYS) -> int | None:
    """When to look at a story again; None for never. `changed_at` is its publication or its last change."""
    age = max(0, fetched_at - changed_at)
    if age >= max_age_days * DAY_SECONDS:
        return None
    return fetched_at + max(MIN_SECONDS, age)


def next_try(fetched_at: int, failures: int, *, is_empty: bool = False) -> int | None:
    """When to ask again for a page that failed (5xx, timeout, 404), or that came without a story; None once given up.

    `failures` counts this one too. At most half a day apart, so that a page that heals arrives within half a day.
    """
    if failures >= GIVEN_UP_AFTER:
        return None
    if is_empty:
        wait = FIRST_LOOK_FOR_TEXT_SECONDS << min(failures - 1, 10)
    else:
        wait = 0 if failures <= 1 else FIRST_RETRY_SECONDS << min(failures - 2, 12)
    return fetched_at + min(wait, MAX_RETRY_SECONDS)


class Validators(Protocol):
    """What knows the validators of the last answer of a URL."""

    @property
    def etag(self) -> str | None: ...
    @property
    def last_modified(self) -> str | None: ...


def conditional_headers(known: Validators | None) -> dict[str, str]:
    """The headers that let a server answer 304 (RFC 9110, 13.1); {} where it gave no validator."""
    if known is None:
        return {}
    stated = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in stated.items() if value}


def hinted_at(hints: Mapping[str, str], zone: str | None = None) -> int | None:
    """When an announcement says that its story was changed last, in seconds since 1970; None where it does not.

    A day without a clock counts from its first moment, so that it is news only on the days after a look.
    """
    return stated_seconds(hints.get("updated"), zone)


def stated_seconds(raw: str | None, zone: str | None = None) -> int | None:
    """Seconds since 1970 of a stated time; `zone` is for clocks without an offset."""
    found = parse_date(raw, zone or "UTC", free=False) if raw else None
    if found is None:
        return None
    at = found.at or datetime(found.day.year, found.day.month, found.day.day, tzinfo=UTC)
    return int(at.timestamp())


class Polled(Protocol):
    """A site as far as its polling goes."""

    @property
    def poll_minutes(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Poll:
    """A finished run: when it started, and how many new stories it brought."""

    started_at: datetime
    new_stories: int


def next_poll(site: Polled, last_runs: Sequence[Poll]) -> datetime:
    """When a site should be crawled next, by its last runs in any order: the last one's start and a poll interval.

    Without any run it is due at once: the start of the calendar comes back (datetime.min in UTC), never the present time.
    """
    if not last_runs:
        return datetime.min.replace(tzinfo=UTC)
    runs = sorted(last_runs, key=lambda run: run.started_at)
    return runs[-1].started_at + poll_interval(site.poll_minutes, publishing_rate(runs))


def publishing_rate(last_runs: Sequence[Poll]) -> float | None:
    """New stories an hour between the first and the last of some runs; None where they say nothing.

    What the first of them brought had gathered before, so that it does not count.
    """
    runs = sorted(last_runs, key=lambda run: run.started_at)
    hours = (runs[-1].started_at - runs[0].started_at).total_seconds() / 3600 if runs else 0.0
    return sum(run.new_stories for run in runs[1:]) / hours if hours > 0 else None


def poll_interval(poll_minutes: int | None, stories_per_hour: float | None) -> timedelta:
    """The time from one poll to the next: so long that it should bring some stories.

    Bounded to a quarter and four times the site's own `poll_minutes` (30 where it states none), never under two minutes.
    """
    base = timedelta(minutes=poll_minutes or DEFAULT_POLL_MINUTES)
    if stories_per_hour is None:
        return max(MIN_POLL, base)
    interval = timedelta(hours=STORIES_A_POLL / stories_per_hour) if stories_per_hour > 0.001 else base * POLL_RANGE
    return max(MIN_POLL, min(max(interval, base / POLL_RANGE), base * POLL_RANGE))
