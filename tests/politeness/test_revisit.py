from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from newscrawl.politeness.revisit import (
    Poll,
    Visit,
    conditional_headers,
    hinted_at,
    next_look,
    next_poll,
    next_try,
    poll_interval,
    publishing_rate,
)

MINUTE, HOUR, DAY = 60, 3600, 86_400
NOW = 1_800_000_000


@pytest.mark.parametrize(
    ("age", "wait"),
    [
        (0, 10 * MINUTE),
        (5 * MINUTE, 10 * MINUTE),
        (HOUR, HOUR),
        (6 * HOUR, 6 * HOUR),
        (7 * DAY, 7 * DAY),
        (-9 * HOUR, 10 * MINUTE),
        (30 * DAY, None),
        (365 * DAY, None),
    ],
    ids=["just out", "minutes", "an hour", "hours", "a week", "published in the future", "a month", "a year"],
)
def test_a_story_is_looked_at_again_when_it_is_twice_as_old(age: int, wait: int | None) -> None:
    assert next_look(NOW, NOW - age) == (None if wait is None else NOW + wait)


def test_the_looks_at_one_story_are_few() -> None:
    at, looks = NOW, 0
    while (following := next_look(at, NOW)) is not None:
        at, looks = following, looks + 1
    assert looks == 14


def test_no_story_is_looked_at_again_where_the_days_are_none() -> None:
    assert next_look(NOW, NOW, 0) is None


def test_a_failing_page_is_tried_for_two_weeks_and_never_more_than_half_a_day_apart() -> None:
    at, waits = NOW, []
    for failures in range(1, 100):
        following = next_try(at, failures)
        if following is None:
            break
        waits.append(following - at)
        at = following
    assert waits[:5] == [0, 60, 120, 240, 480] and waits == sorted(waits) and max(waits) == 12 * HOUR
    assert 10 * DAY < at - NOW < 20 * DAY


def test_a_page_without_a_story_waits_longer_at_first() -> None:
    assert [(next_try(NOW, failures, is_empty=True) or 0) - NOW for failures in (1, 2, 3)] == [600, 1200, 2400]


@pytest.mark.parametrize(
    ("next_at", "known_hint", "hint", "is_due"),
    [
        (NOW, None, None, True),
        (NOW - 1, None, None, True),
        (NOW + 1, None, None, False),
        (None, None, None, False),
        (NOW + 1, None, NOW - 5, True),
        (None, None, NOW - 5, True),
        (None, None, NOW - 20, False),
        (None, NOW + 9 * HOUR, NOW + 9 * HOUR, False),
        (None, NOW + 9 * HOUR, NOW + 10 * HOUR, True),
        (None, NOW + 9 * HOUR, NOW - 5, False),
    ],
    ids=[
        "now", "overdue", "not yet", "never", "changed since", "changed since, never", "changed before",
        "a clock ahead, known", "a clock ahead, new", "an older hint of another source",
    ],
)  # fmt: skip
def test_due(next_at: int | None, known_hint: int | None, hint: int | None, is_due: bool) -> None:
    assert Visit(NOW - 10, next_at, NOW - 20, hinted_at=known_hint).is_due(NOW, hint) is is_due


@pytest.mark.parametrize(
    ("updated", "zone", "seconds"),
    [
        ("2026-11-23T10:00:00Z", None, datetime(2026, 11, 23, 10, tzinfo=UTC)),
        ("2026-11-23T10:00:00+09:00", None, datetime(2026, 11, 23, 1, tzinfo=UTC)),
        ("Mon, 23 Nov 2026 10:00:00 GMT", None, datetime(2026, 11, 23, 10, tzinfo=UTC)),
        ("2026-11-23T10:00:00", "Asia/Seoul", datetime(2026, 11, 23, 1, tzinfo=UTC)),
        ("2026-11-23", None, datetime(2026, 11, 23, tzinfo=UTC)),
        ("yesterday", None, None),
        ("", None, None),
        ("9999-99-99", None, None),
    ],
)
def test_hints(updated: str, zone: str | None, seconds: datetime | None) -> None:
    assert hinted_at({"updated": updated}, zone) == (int(seconds.timestamp()) if seconds else None)
    assert hinted_at({"published": updated}) is None


def test_conditional_headers() -> None:
    assert conditional_headers(Visit(NOW, None, etag='W/"1"')) == {"If-None-Match": 'W/"1"'}
    assert conditional_headers(Visit(NOW, None, last_modified="x")) == {"If-Modified-Since": "x"}
    assert conditional_headers(Visit(NOW, None)) == conditional_headers(None) == {}


@pytest.mark.parametrize(
    ("poll_minutes", "rate", "minutes"),
    [
        (None, None, 30),
        (60, None, 60),
        (None, 6.0, 30),
        (None, 12.0, 15),
        (None, 1000.0, 7.5),
        (None, 0.01, 120),
        (None, 0.0, 120),
        (4, 1000.0, 2),
        (1, None, 2),
        (10_080, 1000.0, 2520),
    ],
    ids=[
        "unknown",
        "stated",
        "as many as wanted",
        "more",
        "bounded",
        "few",
        "none",
        "never under two",
        "one",
        "a week",
    ],
)
def test_a_site_is_polled_faster_the_more_it_publishes(
    poll_minutes: int | None, rate: float | None, minutes: float
) -> None:
    assert poll_interval(poll_minutes, rate) == timedelta(minutes=minutes)


@dataclass
class Polled:
    poll_minutes: int | None = None


def test_the_next_poll() -> None:
    start = datetime(2026, 11, 23, tzinfo=UTC)
    runs = [Poll(start + timedelta(hours=n), new) for n, new in enumerate((500, 12, 12, 12))]
    assert publishing_rate(runs) == 12.0, "what the first run found had gathered before"
    assert publishing_rate(runs[:1]) is publishing_rate([]) is None
    expected = start + timedelta(hours=3, minutes=15)
    assert next_poll(Polled(), runs) == next_poll(Polled(), runs[::-1]) == expected
    assert next_poll(Polled(), runs[:1]) == start + timedelta(minutes=30)
    assert next_poll(Polled(), []) < start
