from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.text.boilerplate import ends_sentence, is_boilerplate, is_copyright, is_credit_line
from newscrawl.text.whitespace import clean, fold


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("a  b", "a b"),
        ("a \r\n b", "a\nb"),
        ("a\u2028b\u2029c\x85d", "a\nb\nc\nd"),
        ("\x1b[2Ja\x00b\x07", "[2Jab"),
        ("a\u200bb\ufeff\u00ad", "ab"),
        ("\u202etxt.exe\u202c", "txt.exe"),
        ("a\ud800b", "ab"),
        ("نمی\u200cخواهم", "نمی\u200cخواهم"),
        ("a\u00a0b\u3000c", "a b c"),
        ("plain", "plain"),
    ],
)
def test_clean(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


@given(st.text())
def test_cleaning_twice_changes_nothing_and_leaves_one_line_break(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert once.splitlines() == (once.split("\n") if once else [])
    assert len(fold(text).splitlines()) <= 1


@pytest.mark.parametrize(
    "line",
    ["Back To Top", "MOST POPULAR", "subscribe", "Read more »", "Lesen Sie auch: Etwas", "(END)", "(끝)", "관련기사"],
)
def test_boilerplate(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "The top of the hill.",
        "He read more than others.",
        "Share prices fell.",
        "(Yonhap)",
        "Top officials met.",
        "The end",
    ],
)
def test_no_boilerplate(line: str) -> None:
    assert not is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    ["© 2026 The Paper", "Copyright The Paper. All rights reserved.", "<저작권자(c) 통신사, 무단 전재-재배포 금지>"],
)
def test_copyright(line: str) -> None:
    assert is_copyright(line)
    assert not is_copyright("The copyright law was changed on Monday by a wide margin.")


def test_sentence_ends() -> None:
    assert ends_sentence("It rained. (Yonhap)") and ends_sentence("雨が降った。") and ends_sentence("“No.”")
    assert not ends_sentence("LATEST NEWS") and not ends_sentence("By Ada Brandt")


def test_credit_lines() -> None:
    assert is_credit_line("(Yonhap)") and is_credit_line("The Associated Press contributed to this report.")
    assert not is_credit_line("(END)") and not is_credit_line("He contributed to this success.")
