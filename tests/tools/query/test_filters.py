"""Conditions: the SQL and the test of a single record agree on every line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newscrawl.tools.query import open_corpus
from newscrawl.tools.query.filters import Filter, moment_of
from tests.tools.query.made import write_lines

DAY = datetime(2026, 9, 1, tzinfo=UTC)
FILTERS = [
    (Filter(), 66),
    (Filter(agency=("southwire",)), None), (Filter(agency=("none",)), None), (Filter(agency=("none", "northwire")), None),
    (Filter(site=("north-wire", "east-portal")), None), (Filter(site=("nowhere",)), 0), (Filter(language=("ko",)), None),
    (Filter(language=("none",)), 1), (Filter(kind=("brief",)), 1), (Filter(kind=("Brief",)), 0),
    (Filter(since=DAY.replace(minute=3)), None), (Filter(until=DAY.replace(minute=3)), None),
    (Filter(since=datetime(2026, 11, 30, tzinfo=UTC)), 2),
    (Filter(since=DAY.replace(minute=1), until=DAY.replace(minute=5), agency=("northwire",)), None),
    (Filter(text="missile"), 2), (Filter(text="MISSILE"), 2), (Filter(text="%"), 1), (Filter(text="'"), 1),
    (Filter(text="연합"), 1), (Filter(text="\\"), 0),
]  # fmt: skip


@pytest.fixture
def odd(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records, and six with what conditions may stumble over."""
    extra = [dict(records[number], id=f"odd:{number}", version=1) for number in range(6)]
    extra[0] |= {"headline": "A MISSILE of 50 %", "published_at": None, "published_date": "2026-12-01"}
    extra[1] |= {"text": "the missile's flight", "published_at": None, "published_date": None}
    extra[1]["crawl"] = extra[1]["crawl"] | {"fetched_at": "2026-12-02T00:00:00Z"}
    extra[2] |= {"language": None, "agency": None}
    extra[3] |= {"kind": "brief"}
    extra[4] |= {"headline": "연합뉴스"}
    return [*records, *extra]


@pytest.mark.parametrize(("wanted", "count"), FILTERS, ids=range(len(FILTERS)))
def test_both_ways_agree(tmp_path: Path, odd: list[dict[str, Any]], wanted: Filter, count: int | None) -> None:
    write_lines(tmp_path / "x.jsonl", odd)
    condition, parameters = wanted.sql()
    with open_corpus(tmp_path) as corpus:
        found = corpus.sql(f"SELECT id, version FROM lines WHERE {condition} ORDER BY ALL", parameters)
    assert found == sorted((record["id"], record["version"]) for record in odd if wanted.accepts(record))
    if count is not None:
        assert len(found) == count
    else:
        assert 0 < len(found) < len(odd)


@pytest.mark.parametrize(
    ("text", "is_end", "expected"),
    [
        ("2026-11-23", False, "2026-11-23T00:00:00+00:00"),
        ("2026-11-23", True, "2026-11-24T00:00:00+00:00"),
        ("2026-11-23T09:30:00+09:00", True, "2026-11-23T09:30:00+09:00"),
        ("2026-11-23T09:30", False, "2026-11-23T09:30:00+00:00"),
        ("2026-11-23T09:30:00Z", False, "2026-11-23T09:30:00+00:00"),
    ],
)
def test_times(text: str, is_end: bool, expected: str) -> None:
    assert moment_of(text, is_end=is_end).isoformat() == expected


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "23.11.2026", "2026-11-23 25:00"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match="write 2026-11-23"):
        moment_of(text)
