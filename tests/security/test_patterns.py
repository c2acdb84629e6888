"""Patterns that were quadratic, run against strings built to hurt them: the time grows with the length."""

from __future__ import annotations

import re

import pytest

from newscrawl.extraction.media import CREDIT_AFTER_LABEL, CREDIT_IN_BRACKETS
from newscrawl.text.byline import DATED_PIECES, INITIALS, SEPARATOR, split_names
from tests.cost import at_most

SIZE = 100_000  # quadratic: seconds, hundreds of floors
FLOORS = 20
PATTERNS = [CREDIT_AFTER_LABEL, CREDIT_IN_BRACKETS, DATED_PIECES, INITIALS, SEPARATOR]
UNITS = [" ", ".", " .", "\n", "a ", "(", "photo ", "photo:", "©", " and", " -", ", ", "pm a.a@a."]


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.pattern[:30])
def test_time_grows_at_most_linearly(pattern: re.Pattern[str], unit: str) -> None:
    text = "x" + unit * (SIZE // len(unit)) + "\x00"
    with at_most(FLOORS):
        for _ in pattern.finditer(text):
            pass


def test_a_byline_of_addresses_is_split_in_linear_time() -> None:
    with at_most(FLOORS):
        split_names("pm a.a@a." * (SIZE // 9))


def test_blanks_before_each_separator_belong_to_it() -> None:
    assert SEPARATOR.split("Ann Lee  ,  , Kim Min and  Bo Li") == ["Ann Lee", "", "Kim Min", "Bo Li"]
