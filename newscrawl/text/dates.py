"""Date strings of pages and feeds -> moments.

A clock without an offset is local time: of the site's zone where one is known, else of nowhere, and then only
the day is given. Nothing is made up: no midnight for a bare day, no crawl time for a missing date.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

Basis = Literal["explicit", "site", "unknown"]

MAX_LENGTH = 200  # longer strings are no dates, and free-text parsing is slow
YEARS = range(1980, 2100)
NUMERIC = re.compile(
    r"(?<!\d)(?P<year>\d{4})\s?[-/.年]\s?(?P<month>\d{1,2})\s?[-/.月]\s?(?P<day>\d{1,2})(?!\d)\.?日?"
    r"(?:(?:T|\s|,|\(.\)|-){1,4}(?P<hour>\d{1,2})[:時时](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?分?"
    r"\s?(?P<zone>Z\b|UTC\b|GMT\b|[+-]\d{2}:?\d{2}\b)?)?"
)
COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{4})?)?$")
EPOCH = re.compile(r"^1\d{9}(\d{3})?$")
LABEL = re.compile(r"^[^\d:]{1,30}:\s*(?=\S)")
CLOCK = re.compile(r"\d{1,2}\s?[:.h]\s?\d{2}|\d\s?[ap]\.?m\b", re.I)


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was published, as far as the page says it.

    `at` is aware, or None where only the day or only a clock of an unknown zone is known; `day` is the local
    day; `basis` says what the offset rests on.
    """

    day: date
    at: datetime | None
    basis: Basis
    raw: str

    @property
    def at_utc(self) -> str | None:
        """`2026-11-23T00:30:00Z`, or None."""
        return self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if self.at else None

    @property
    def offset(self) -> str | None:
        """`+09:00`, or None."""
        stated = self.at.strftime("%z") if self.at else ""
        return f"{stated[:3]}:{stated[3:5]}" if stated else None


def parse_date(raw: str | None, zone: str | None = None, languages: Sequence[str] = ()) -> Moment | None:
    """The moment a string names; None where it names none. `zone` is an IANA name for clocks without an offset."""
    text = (raw or "").strip()
    if not text or len(text) > MAX_LENGTH or not any(char.isdigit() for char in text):
        return None
    if NUMERIC.search(text):  # a wrong one (2026-13-01) is no date, whatever a free reading would make of it
        found = read_numeric(text)
    else:
        found = read_compact(text) or read_mail(text) or read_epoch(text) or read_free(text, languages)
    if found is None or found[0].year not in YEARS:
        return None
    return moment(*found, zone=zone, raw=raw or "")


def moment(when: datetime, has_clock: bool, *, zone: str | None, raw: str) -> Moment:
    """Place a parsed date: its own offset, else the site's zone, else no clock at all."""
    if not has_clock:
        return Moment(when.date(), None, "unknown", raw)
    if when.tzinfo is not None:
        return Moment(when.date(), when.replace(microsecond=0), "explicit", raw)
    if zone is not None:
        local = when.replace(microsecond=0, tzinfo=ZoneInfo(zone))
        # A fixed offset, so that what is shown does not depend on the time zone database read later.
        return Moment(when.date(), local.replace(tzinfo=timezone(local.utcoffset() or timedelta())), "site", raw)
    return Moment(when.date(), None, "unknown", raw)


def read_numeric(text: str) -> tuple[datetime, bool] | None:
    """Year first: ISO 8601, 2026.11.23 09:30, 2026年11月23日."""
    found = NUMERIC.search(text)
    if found is None:
        return None
    part = found.groupdict()
    has_clock = part["hour"] is not None
    try:
        hour, minute, second = (int(part[name] or 0) for name in ("hour", "minute", "second"))
        when = datetime(int(part["year"]), int(part["month"]), int(part["day"]), hour, minute, second)
    except ValueError:
        return None
    return when.replace(tzinfo=offset_of(part["zone"])), has_clock


def read_compact(text: str) -> tuple[datetime, bool] | None:
    """20261123, 20261123T093000+0900."""
    found = COMPACT.match(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    try:
        when = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
    except ValueError:
        return None
    return when.replace(tzinfo=offset_of(zone)), hour is not None


def offset_of(zone: str | None) -> timezone | None:
    if not zone:
        return None
    if zone[0] not in "+-":
        return UTC
    size = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return timezone(-size if zone[0] == "-" else size) if size < timedelta(hours=24) else None


def read_mail(text: str) -> tuple[datetime, bool] | None:
    """RFC 2822, the dates of RSS: Mon, 23 Nov 2026 09:30:00 +0900."""
    try:
        return parsedate_to_datetime(text), bool(CLOCK.search(text))
    except (ValueError, IndexError, OverflowError, TypeError):
        return None


def read_epoch(text: str) -> tuple[datetime, bool] | None:
    """Seconds or milliseconds since 1970."""
    return (datetime.fromtimestamp(int(text[:10]), UTC), True) if EPOCH.match(text) else None


def read_free(text: str, languages: Sequence[str]) -> tuple[datetime, bool] | None:
    """Anything else, in words: `Published : April 10, 2017 - 21:02`, `10 avril 2017 à 21h02`."""
    import dateparser  # 0.2 s: only for pages that state their date in words alone

    options: dict[str, Any] = {
        "REQUIRE_PARTS": ["day", "month", "year"],
        "RETURN_TIME_AS_PERIOD": True,
        "DATE_ORDER": "DMY",
    }
    options["PARSERS"] = ["absolute-time"]  # "2 hours ago" would be the time of the crawl
    tags = [tag.split("-")[0].lower() for tag in languages]
    for candidate in dict.fromkeys((LABEL.sub("", text), text)):
        for known in ([tags] if tags else []) + [None]:
            try:
                when = dateparser.parse(candidate.replace(" - ", " "), languages=known, settings=options)
            except (ValueError, OverflowError, TypeError, RecursionError):
                continue
            if when is not None:
                return when, bool(CLOCK.search(candidate))
    return None
