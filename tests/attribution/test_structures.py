"""Credits in structures that invented papers print: what is inside a byline's brackets, wire services, first publication."""

from __future__ import annotations

import pytest

from newscrawl.attribution.attribute import line_signals
from newscrawl.attribution.closing import contribution
from newscrawl.attribution.credit_line import read_credit

LINES = [
    ("Par Ada Muster (avec Reuters)", ["reuters"], True),
    ("Ada MUSTER (avec AFP) | Reportage Bo Brandt", ["afp"], True),
    ("Par Service quai du Phare (avec AFP)", ["afp"], True),
    ("With Quay Wire Services", ["unspecified"], True),
    ("From wire reports", ["unspecified"], True),
    ("Staff\nThe Associated Press", ["ap"], False),
]


@pytest.mark.parametrize(("line", "agencies", "shared"), LINES, ids=[line for line, _, _ in LINES])
def test_a_structure(line: str, agencies: list[str], shared: bool) -> None:
    credit = read_credit(line)
    assert credit is not None and (list(credit.agencies), credit.shared) == (agencies, shared)


@pytest.mark.parametrize("line", ["Foto: Ada Muster (mit dpa)", "Ada Muster (avec Quai)", "With Quay Harbour Services"])
def test_no_credit(line: str) -> None:
    assert read_credit(line) is None


@pytest.mark.parametrize(
    ("sentence", "agency"),
    [
        ("This report by The Canadian Press was first published May 2, 2031.", "cp"),
        ("This story was originally published by ProPublica.", "propublica"),
        ("This report by the harbour office was first published May 2.", None),
        ("This report by a board told to Reuters was first published in May.", None),
    ],
)
def test_a_sentence_that_says_who_published_first(sentence: str, agency: str | None) -> None:
    found = contribution(sentence)
    assert (found.credit.agencies if found else None) == ((agency,) if agency else None)
    assert found is None or not found.credit.shared


@pytest.mark.parametrize(
    ("line", "said"),
    [("【港灣日報╱法新社華盛頓9日電】", ["afp"]), ("【路透社東京9日電】", ["reuters"]), ("【港灣日報╱東京9日電】", [])],
)
def test_a_chinese_dateline_in_the_byline(line: str, said: list[str]) -> None:
    assert [signal.agency for signal in line_signals([line], "byline", "byline", ())] == said
