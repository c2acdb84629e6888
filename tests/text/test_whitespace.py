from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.text.whitespace import fold


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("a  b", "a b"),
        ("a \r\n b", "a b"),
        ("a\u2028b\u2029c\x85d", "a b c d"),
        ("\x1b[2Ja\x00b\x07", "[2Jab"),
        ("a\u200bb\ufeff\u00ad", "ab"),
        ("\u202etxt.exe\u202c", "txt.exe"),
        ("a\ud800b", "ab"),
        ("نمی\u200cخواهم", "نمی\u200cخواهم"),
        ("a\u00a0b\u3000c", "a b c"),
        ("plain", "plain"),
    ],
)
def test_fold(raw: str, cleaned: str) -> None:
    assert fold(raw) == cleaned


@given(st.text())
def test_folding_twice_changes_nothing_and_leaves_no_line_break(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert len(once.splitlines()) <= 1
