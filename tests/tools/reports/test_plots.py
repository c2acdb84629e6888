"""The pictures: the right numbers, whatever names come, and nothing in them that a page would run or refuse."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from lxml import etree

from newscrawl.tools.reports import plots
from newscrawl.tools.reports.tally import DailyCounts, LineFacts, facts_of, latency_name
from tests.tools.web.made import made_line

HOSTILE = "<script>alert(1)</script>&\x00\x1b\ufffe\"'"


def tally_of(*facts: LineFacts) -> DailyCounts:
    tally = DailyCounts()
    for fact in facts:
        tally.add(fact)
    return tally


def fact(
    site: str = "a", agency: str = "yonhap", at: int = 1_795_000_000, latency: int | None = 30, filled: int = 0b101
) -> LineFacts:
    return LineFacts(site, agency, "en", "article", at, latency, filled)


def pictures(tally: DailyCounts) -> list[plots.Picture]:
    return [
        plots.stories_by_day(tally, True), plots.latency(tally, True), plots.carried(tally, True), plots.fill_rates(tally, "text", True),
        plots.reasons("Failures", Counter({"read/failed": 3, HOSTILE: 1})),
    ]  # fmt: skip


TALLIES = {
    "nothing": tally_of(),
    "one story": tally_of(fact()),
    "undated stories": tally_of(fact(latency=None, agency="none")),
    "hostile names": tally_of(fact(site=HOSTILE, agency=HOSTILE), fact(site="b" * 100)),
    "very many": tally_of(*(fact(f"site{n % 60}", f"agency{n % 40}", 1_795_000_000 + n * 40_000) for n in range(600))),
}


@pytest.mark.parametrize("tally", TALLIES.values(), ids=TALLIES)
def test_a_picture_is_plain_marks(tally: DailyCounts) -> None:
    for picture in pictures(tally):
        root = etree.fromstring(picture.svg)
        tags = {etree.QName(element).localname for element in root.iter()}
        assert tags <= {"svg", "g", "a", "path", "rect", "circle", "text", "title"}
        attributes = {str(name) for element in root.iter() for name in element.attrib}
        assert not {name for name in attributes if name.startswith("on") or name in ("style", "id")}
        links = [element.get("href") or "" for element in root.iter("{*}a")]
        assert all(link.startswith("/search?") for link in links)
        assert all(len(row) == len(picture.head) for row in picture.rows)


def test_numbers_of_picture_and_table_agree() -> None:
    tally = tally_of(fact(), fact(), fact(agency="none"), fact(site="b", at=1_795_000_000 + 86_400))
    by_day = plots.stories_by_day(tally, False)
    assert by_day.head == ["day", "no agency", "yonhap"]
    assert [row[1:] for row in by_day.rows] == [["0", "1"], ["1", "2"]]
    titles = [title.text or "" for title in etree.fromstring(by_day.svg).iter("{*}title")]
    assert sorted(title.rpartition(", ")[2] for title in titles) == ["no agency: 1", "yonhap: 1", "yonhap: 2"]
    assert plots.carried(tally, False).rows == [["a", "2", "1"], ["b", "1", "0"]]


def test_the_area_of_a_dot_is_its_number() -> None:
    tally = tally_of(*[fact(site="a")] * 4, fact(site="b"))
    radii = [float(dot.get("r") or 0) for dot in etree.fromstring(plots.carried(tally, False).svg).iter("{*}circle")]
    assert radii[0] == pytest.approx(2 * radii[1], rel=0.01)


def test_every_series_has_a_colour_and_a_name() -> None:
    for picture in pictures(TALLIES["very many"]):
        drawn = {
            name
            for element in etree.fromstring(picture.svg).iter()
            for name in (element.get("class") or "").split()
            if name.startswith("color-")
        }
        if picture.legend:
            assert len(drawn) == len(picture.legend) <= 8


@pytest.mark.parametrize(
    ("seconds", "name"),
    [
        (0, "1 min"),
        (59, "1 min"),
        (60, "5 min"),
        (3599, "1 h"),
        (86_399, "1 day"),
        (86_400, "later"),
        (None, "undated"),
    ],
)
def test_latency_names(seconds: int | None, name: str) -> None:
    assert latency_name(seconds) == name


@pytest.mark.parametrize(
    ("changes", "at", "latency"),
    [
        pytest.param({}, 1_795_393_800, 1_800, id="published half an hour before"),
        pytest.param({"published_at": None}, 1_795_395_600, None, id="no time: when it was seen"),
        pytest.param(
            {"published_at": "2030-01-01T00:00:00Z"}, 1_795_395_660, 0, id="not later than seen, a clock's minute aside"
        ),
        pytest.param({"published_at": "1969-01-01T00:00:00Z"}, 0, 1_826_931_600, id="not before the count of seconds"),
    ],
)
def test_facts(changes: dict[str, Any], at: int, latency: int | None) -> None:
    found = facts_of(made_line("1", **changes))
    assert (found.at, found.latency_seconds) == (at, latency)


def test_facts_of_a_version_count_from_the_first_sight() -> None:
    assert facts_of(made_line("1"), 1_795_393_860).latency_seconds == 60


def test_sites_and_agencies_come_by_size() -> None:
    tally = tally_of(*[fact("b", "x")] * 3, *[fact("a", "none")] * 2, fact("c", "y"))
    assert tally.sites() == ["b", "a", "c"]
    assert tally.agencies() == ["x", "y"]
    assert tally.stories() == 6


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        (1, [0, 1]),
        (2, [0, 1, 2]),
        (5, [0, 1, 2, 3, 4, 5]),
        (7, [0, 2, 4, 6, 8]),
        (13, [0, 5, 10, 15]),
        (26, [0, 5, 10, 15, 20, 25, 30]),
        (104, [0, 20, 40, 60, 80, 100, 120]),
        (30_000, [0, 5_000, 10_000, 15_000, 20_000, 25_000, 30_000]),
    ],
)
def test_ticks_of_counts_are_whole(most: int, ticks: list[int]) -> None:
    assert plots.whole_ticks(most) == ticks
