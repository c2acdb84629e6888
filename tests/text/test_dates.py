from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.text.dates import day_in_url, parse_date

SEOUL = "Asia/Seoul"
CASES = [
    ("2026-11-23T09:30:00+09:00", None, "2026-11-23T00:30:00Z", "+09:00", "2026-11-23", "explicit"),
    ("2026-11-23T09:30:00.123Z", None, "2026-11-23T09:30:00Z", "+00:00", "2026-11-23", "explicit"),
    ("2026-11-23 09:30", SEOUL, "2026-11-23T00:30:00Z", "+09:00", "2026-11-23", "site"),
    ("2026-11-23 09:30", None, None, None, "2026-11-23", "unknown"),
    ("2026-11-23", SEOUL, None, None, "2026-11-23", "unknown"),
    ("2026.11.23 09:30", SEOUL, "2026-11-23T00:30:00Z", "+09:00", "2026-11-23", "site"),
    ("입력 2026-11-23 09:30:11", SEOUL, "2026-11-23T00:30:11Z", "+09:00", "2026-11-23", "site"),
    ("2026年11月23日 09時30分", "Asia/Tokyo", "2026-11-23T00:30:00Z", "+09:00", "2026-11-23", "site"),
    ("Mon, 23 Nov 2026 09:30:00 +0900", None, "2026-11-23T00:30:00Z", "+09:00", "2026-11-23", "explicit"),
    ("Mon, 23 Nov 2026 09:30:00 GMT", None, "2026-11-23T09:30:00Z", "+00:00", "2026-11-23", "explicit"),
    ("2026-11-23 00:30:00+00", SEOUL, "2026-11-23T00:30:00Z", "+00:00", "2026-11-23", "explicit"),
    ("2026-11-23 09:30 PM", SEOUL, "2026-11-23T12:30:00Z", "+09:00", "2026-11-23", "site"),
    ("2026-11-23 오후 9:30", SEOUL, "2026-11-23T12:30:00Z", "+09:00", "2026-11-23", "site"),
    ("2026-11-23 12:05 AM", "UTC", "2026-11-23T00:05:00Z", "+00:00", "2026-11-23", "site"),
    ("2026-11-23T09:30:00 EST", SEOUL, "2026-11-23T14:30:00Z", "-05:00", "2026-11-23", "explicit"),
    ("2026-11-23T09:30:00z", SEOUL, "2026-11-23T09:30:00Z", "+00:00", "2026-11-23", "explicit"),
    ("2026-11-23 09:30 GMT+9", None, "2026-11-23T00:30:00Z", "+09:00", "2026-11-23", "explicit"),
    ("2026-11-23 09:30 UTC+09:00", None, "2026-11-23T00:30:00Z", "+09:00", "2026-11-23", "explicit"),
    ("2026-11-23T09:30:00.1234567890Z", SEOUL, "2026-11-23T09:30:00Z", "+00:00", "2026-11-23", "explicit"),
    ("2026-11-23T24:00:00Z", None, "2026-11-24T00:00:00Z", "+00:00", "2026-11-24", "explicit"),
    ("2026-11-23T23:59:60Z", None, "2026-11-23T23:59:59Z", "+00:00", "2026-11-23", "explicit"),
    ("2026-11-23 09:30 IST", SEOUL, None, None, "2026-11-23", "unknown"),
    ("20261123T093000+0900", None, "2026-11-23T00:30:00Z", "+09:00", "2026-11-23", "explicit"),
    ("20261123", None, None, None, "2026-11-23", "unknown"),
    ("1795394400", None, "2026-11-23T00:40:00Z", "+00:00", "2026-11-23", "explicit"),
    ("Published : April 10, 2017 - 21:02", SEOUL, "2017-04-10T12:02:00Z", "+09:00", "2017-04-10", "site"),
    ("10 avril 2017 à 21h02", "Europe/Paris", "2017-04-10T19:02:00Z", "+02:00", "2017-04-10", "site"),
    ("Updated 9:02 p.m., April 10, 2017", SEOUL, "2017-04-10T12:02:00Z", "+09:00", "2017-04-10", "site"),
    ("10.04.2017, 21:02 Uhr", "Europe/Berlin", "2017-04-10T19:02:00Z", "+02:00", "2017-04-10", "site"),
    ("11/01/2023 12:43:42", "Europe/Berlin", "2023-01-11T11:43:42Z", "+01:00", "2023-01-11", "site"),
    ("11/23/2026", SEOUL, None, None, "2026-11-23", "unknown"),
    ("Nov 23rd, 2026", SEOUL, None, None, "2026-11-23", "unknown"),
    ("1er mai 2026", None, None, None, "2026-05-01", "unknown"),
    ("23. November 2026", "Europe/Berlin", None, None, "2026-11-23", "unknown"),
    ("Mon Nov 23 19:20:36 CET 2026", None, "2026-11-23T18:20:36Z", "+01:00", "2026-11-23", "explicit"),
    ("Mon Nov 23 19:20:36 IST 2026", None, None, None, "2026-11-23", "unknown"),
    ("Mon Nov 23 19:20:36 GMT+02:00 2026", None, "2026-11-23T17:20:36Z", "+02:00", "2026-11-23", "explicit"),
    ("Nov. 23, 2026, 9:30 a.m. ET", None, "2026-11-23T14:30:00Z", "-05:00", "2026-11-23", "explicit"),
    ("July 23, 2026 9:30 PM PT", None, "2026-07-24T04:30:00Z", "-07:00", "2026-07-23", "explicit"),
    ("2026-11-23 09:30 AEDT", None, "2026-11-22T22:30:00Z", "+11:00", "2026-11-23", "explicit"),
    ("Nov. 23, 2026, 9:30 a.m. CST", SEOUL, "2026-11-23T15:30:00Z", "-06:00", "2026-11-23", "explicit"),
    ("23 Kasım 2026 • Güncelleme", "Europe/Istanbul", None, None, "2026-11-23", "unknown"),
    ("23 listopada 2026, 9:30", "Europe/Warsaw", "2026-11-23T08:30:00Z", "+01:00", "2026-11-23", "site"),
    ("23 ноября 2026, 09:30", "Europe/Moscow", "2026-11-23T06:30:00Z", "+03:00", "2026-11-23", "site"),
    ("2026. november 23., 9:30", "Europe/Budapest", "2026-11-23T08:30:00Z", "+01:00", "2026-11-23", "site"),
    ("23 พฤศจิกายน 2569 09:30", "Asia/Bangkok", "2026-11-23T02:30:00Z", "+07:00", "2026-11-23", "site"),
    ("23 พ.ย. 2569", None, None, None, "2026-11-23", "unknown"),
    ("23 नवंबर 2026", None, None, None, "2026-11-23", "unknown"),
    ("23 نوفمبر 2026", None, None, None, "2026-11-23", "unknown"),
    ("民國115年11月23日 21:20", "Asia/Taipei", "2026-11-23T13:20:00Z", "+08:00", "2026-11-23", "site"),
    ("115年11月23日", "Asia/Taipei", None, None, "2026-11-23", "unknown"),
    ("中華民國115年1月2日 下午 3:05", "Asia/Taipei", "2026-01-02T07:05:00Z", "+08:00", "2026-01-02", "site"),
    ("2026-11-23 09:30 IST", "Asia/Kolkata", "2026-11-23T04:00:00Z", "+05:30", "2026-11-23", "explicit"),
    ("2026-11-23 09:30 CST", "Asia/Shanghai", "2026-11-23T01:30:00Z", "+08:00", "2026-11-23", "explicit"),
    ("Mon, 23 Nov 2026 09:30:00 AST", "Asia/Riyadh", "2026-11-23T06:30:00Z", "+03:00", "2026-11-23", "explicit"),
    ("Mon, 23 Nov 2026 09:30:00 PST", "Asia/Manila", "2026-11-23T01:30:00Z", "+08:00", "2026-11-23", "explicit"),
    ("Mon, 23 Nov 2026 09:30:00 UT", SEOUL, "2026-11-23T09:30:00Z", "+00:00", "2026-11-23", "explicit"),
    ("Mon, 23 Nov 2026 09:30:00 Z", SEOUL, "2026-11-23T09:30:00Z", "+00:00", "2026-11-23", "explicit"),
    ("23 listopada 2026 09:30 z Torunia", "Europe/Warsaw", "2026-11-23T08:30:00Z", "+01:00", "2026-11-23", "site"),
    ("2026-11-23 09:30 (UTC)", SEOUL, "2026-11-23T09:30:00Z", "+00:00", "2026-11-23", "explicit"),
    ("2026-11-23 09:30 (GMT+3)", SEOUL, "2026-11-23T06:30:00Z", "+03:00", "2026-11-23", "explicit"),
    ("18 Mar 2023 20:21:00 America/Los_Angeles", SEOUL, "2023-03-19T03:21:00Z", "-07:00", "2023-03-18", "explicit"),
    ("18 Mar 2023 20:21:00 America/Nowhere", None, None, None, "2023-03-18", "unknown"),
    ("23 July 2026 09:30 Eastern Standard Time", SEOUL, "2026-07-23T14:30:00Z", "-05:00", "2026-07-23", "explicit"),
    ("23 July 2026 09:30 Eastern Daylight Time", SEOUL, "2026-07-23T13:30:00Z", "-04:00", "2026-07-23", "explicit"),
    ("23 July 2026 09:30 Eastern Time", SEOUL, "2026-07-23T13:30:00Z", "-04:00", "2026-07-23", "explicit"),
    ("23.11.2026, 9:30 Uhr MEZ", SEOUL, "2026-11-23T08:30:00Z", "+01:00", "2026-11-23", "explicit"),
    ("23 Nov 2026 09:30:00 –0500", SEOUL, "2026-11-23T14:30:00Z", "-05:00", "2026-11-23", "explicit"),
    ("23 Nov 2026 09:30:00 −05:00", SEOUL, "2026-11-23T14:30:00Z", "-05:00", "2026-11-23", "explicit"),
    ("23 Nov 2026 09:30–10:30", SEOUL, "2026-11-23T00:30:00Z", "+09:00", "2026-11-23", "site"),
    ("Mon Nov 23 19:20:36 IST 2026", "Asia/Kolkata", "2026-11-23T13:50:36Z", "+05:30", "2026-11-23", "explicit"),
    ("2026-11-23 09:30 XYZ", "Asia/Kolkata", None, None, "2026-11-23", "unknown"),
    ("2026-07-01 12:00", "Europe/Berlin", "2026-07-01T10:00:00Z", "+02:00", "2026-07-01", "site"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "zone", "at", "offset", "day", "basis"), CASES, ids=[f"{c[0]}@{c[1]}" for c in CASES])
def test_a_date_is_read(raw: str, zone: str | None, at: str | None, offset: str | None, day: str, basis: str) -> None:
    found = parse_date(raw, zone)
    assert found is not None
    assert (found.at_utc, found.offset, found.day.isoformat(), found.basis) == (at, offset, day, basis)
    assert found.raw == raw


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        "yesterday",
        "2 hours ago?",
        "2026-02-30",
        "2026-13-01",
        "0000-00-00",
        "1850-01-01",
        "99",
        "x" * 500,
        "Story 12",
    ],
)
def test_what_is_no_date_is_none(raw: str | None) -> None:
    assert parse_date(raw, SEOUL) is None


@settings(deadline=None, max_examples=60)  # the free reading is slow
@given(st.text(max_size=60))
def test_no_string_raises(raw: str) -> None:
    parse_date("2026-" + raw, SEOUL)


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1)))
def test_iso_round_trip(when: datetime) -> None:
    found = parse_date(when.replace(tzinfo=UTC).isoformat())
    assert found is not None and found.at_utc == when.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2026/11/23/quay-to-be-wider/", "2026-11-23"),
        ("/news/2026-11-23/quay", "2026-11-23"),
        ("/news/article/A2026112309300005196", "2026-11-23"),
        ("/story/20261123-quay.html", "2026-11-23"),
        ("/web/20110106023242/http://old.example/2010/10/26/quay", "2010-10-26"),
        ("/web/20110106023242/http://old.example/quay", None),
        ("/2026/13/45/quay", None),
        ("/2026/02/30/quay", None),
        ("/2026/11/quay", None),
        ("/story/2026112399999999", None),
        ("/story/123202611230930", None),
        ("/view.php?ud=1", None),
        ("/1850/11/23/quay", None),
        ("", None),
    ],
)
def test_the_day_in_a_url(path: str, day: str | None) -> None:
    found = day_in_url(path)
    assert (found.isoformat() if found else None) == day
