from __future__ import annotations

import numpy as np
import pytest

from newscrawl.dedup.shingle import MAX_SAMPLE, NAME, NUMBER, Sketch, salient_words, shingles_of, words_of
from tests.cost import at_most


def kinds(text: str) -> list[int]:
    found: list[int] = (words_of(text).values & np.uint64(3)).tolist()
    return found


WORDS = [
    ("plain words", "the old quay", [0, 0, 0]),
    ("a capital is a name", "the Old quay", [0, NAME, 0]),
    ("numbers with points, commas and units", "3.5 of 1,200 and 7th", [NUMBER, 0, NUMBER, 0, NUMBER]),
    ("an apostrophe belongs to its word", "council's and council’s", [0, 0, 0]),
    ("signs alone are no words", "-- * ... !", []),
    ("empty", "", []),
    ("Chinese: each character, numbers whole", "出口增长12.5%", [0, 0, 0, 0, NUMBER]),
    ("Japanese: katakana is a name, kana stand alone", "東京ドームで", [0, 0, NAME, 0]),
    ("Thai: each character with its marks apart", "ข่าว", [0, 0, 0, 0]),
    ("Korean has spaces", "서울에서 회의가 열렸다", [0, 0, 0]),
    ("letters beside ideographs", "用iPhone拍", [0, 0, 0]),
    ("Cyrillic", "Совет решил", [NAME, 0]),
    ("full-width digits are digits", "１２", [NUMBER]),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in WORDS], ids=[row[0] for row in WORDS])
def test_words(text: str, expected: list[int]) -> None:
    assert kinds(text) == expected


SAME = [
    ("case", "The Quay of Varn is wider", "THE QUAY OF VARN IS WIDER", True),
    ("quotation marks and dashes", '"No," he said - "never"', "“No,” he said — „never“", True),
    ("white space", "a b\n\nc", "a  b c", True),
    ("Unicode forms", "Cafe\u0301 ole\u0301 now", "Café olé now", True),
    ("another word", "the quay is wide", "the quay is long", False),
    ("another number", "it cost 1,200 won", "it cost 1,300 won", False),
    ("another order", "one two three", "one three two", False),
    ("a word that moved to another place keeps its hash, its neighbours count", "a b c d e f", "f a b c d e", False),
]


@pytest.mark.parametrize(("one", "other", "same"), [row[1:] for row in SAME], ids=[row[0] for row in SAME])
def test_the_fingerprint_is_that_of_the_words(one: str, other: str, same: bool) -> None:
    assert (shingles_of("h", one).fingerprint == shingles_of("h", other).fingerprint) is same


def test_a_word_has_one_hash_wherever_it_stands_and_whatever_stands_beside_it() -> None:
    ascii_text = words_of("harbour in the morning").values
    other = words_of("Çok iyi — harbour").values
    assert ascii_text[0] == other[-1]


def test_headline_and_text_are_kept_apart() -> None:
    assert shingles_of("one two", "three").fingerprint != shingles_of("one", "two three").fingerprint


HOSTILE = [
    ("empty", ""), ("one word", "word"), ("ten megabytes of one letter", "a" * 10_000_000), ("two million words", "a " * 2_000_000),
    ("a million identical shingles", "one two three four five " * 1_000_000), ("ideographs", "漢" * 3_000_000),
    ("combining marks", "x\u0301" * 1_000_000), ("points", "." * 5_000_000), ("points between letters", "a." * 2_000_000),
    ("lone surrogates", "\ud800 x " * 100_000), ("a letter that folds into two", "İ" * 200_000),
    ("a ligature that unfolds into many", "\ufdfa" * 200_000), ("emoji", "😀" * 500_000), ("control characters", "\x00\x1b" * 500_000),
    ("beyond the first plane", "\U00020001" * 500_000),
]  # fmt: skip


@pytest.mark.parametrize("text", [row[1] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_hostile_texts_take_linear_time_and_give_an_answer(text: str) -> None:
    with at_most(600):
        shingles = shingles_of(text[:5000], text)
        packed = shingles.packed()
    assert len(packed) < 1400 and len(shingles.keys) <= 16
    sketch = Sketch.unpacked(packed)
    assert sketch.words == shingles.words and len(sketch.sample) <= MAX_SAMPLE
    assert list(sketch.sample) == sorted(set(sketch.sample.tolist()))


def test_salient_words_are_numbers_and_names_that_never_stand_in_lower_case() -> None:
    text = "Harbour masters of Varn met. The harbour took 1,200 boats, of which 3.5 percent were of Varn."
    found = salient_words(text)
    assert set(found) == set(shingles_of(None, text).salient.tolist())
    assert sorted(found.values()) == ["1,200", "3.5", "The", "Varn"]
