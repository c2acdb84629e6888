"""Scores of pages by known answers, worked out by hand."""

from __future__ import annotations

import pytest

from benchmarks import metrics
from benchmarks.metrics import Overlap

FIVE = "one two three four five"


@pytest.mark.parametrize(
    ("text", "any_script", "words"),
    [
        pytest.param("Port, 12 ships.", False, ["Port", "12", "ships"], id="punctuation parts"),
        pytest.param("snake_case", False, ["snake_case"], id="underscore joins"),
        pytest.param("Çağrı été", False, ["Çağrı", "été"], id="letters of any script"),
        pytest.param("港口 news", False, ["港口", "news"], id="han in a row is one word"),
        pytest.param("港口 news", True, ["港", "口", "news"], id="han one by one"),
        pytest.param("ミナトport", True, ["ミ", "ナ", "ト", "port"], id="kana beside latin"),
        pytest.param("항구 소식", True, ["항구", "소식"], id="hangul has spaces"),
        pytest.param("har\u00adbour", False, ["har", "bour"], id="a soft hyphen parts"),
        pytest.param("har\u00adbour", True, ["harbour"], id="a soft hyphen is dropped"),
        pytest.param("e\u0301te", True, ["éte"], id="letters are composed"),
        pytest.param("", True, [], id="nothing"),
        pytest.param(None, False, [], id="no text at all"),
    ],
)
def test_words(text: str | None, any_script: bool, words: list[str]) -> None:
    assert metrics.words(text, any_script) == words


@pytest.mark.parametrize(
    ("gold", "text", "overlap"),
    [
        pytest.param(FIVE, FIVE, (1, 0, 0), id="the same"),
        pytest.param(FIVE, "  one, two\nthree four. five ", (1, 0, 0), id="white space and points do not count"),
        pytest.param(FIVE, "one two three four", (1 / 2, 0, 1 / 2), id="one of two runs"),
        pytest.param(FIVE, FIVE + " six", (2 / 3, 1 / 3, 0), id="one too much"),
        pytest.param(FIVE, "five four three two one", (0, 1 / 2, 1 / 2), id="order counts"),
        pytest.param("a b c d a b c d", "a b c d", (1 / 5, 0, 4 / 5), id="repeated runs count as often"),
        pytest.param("short text", "short text", (1, 0, 0), id="fewer than four words are one run"),
        pytest.param("short text", "text", (0, 1 / 2, 1 / 2), id="short and other"),
        pytest.param(FIVE, "", (0, 0, 1), id="nothing read"),
        pytest.param("", FIVE, (0, 1, 0), id="nothing to read"),
        pytest.param("", None, (0, 0, 0), id="nothing and nothing"),
    ],
)
def test_text_overlap(gold: str, text: str | None, overlap: tuple[float, float, float]) -> None:
    assert metrics.text_overlap(gold, text) == pytest.approx(overlap)


@pytest.mark.parametrize(
    ("overlap", "f1"),
    [
        pytest.param((1, 0, 0), 1.0, id="all"),
        pytest.param((0, 0, 0), 1.0, id="nothing where nothing should be"),
        pytest.param((0, 1, 0), 0.0, id="only too much"),
        pytest.param((0, 0, 1), 0.0, id="only missed"),
        pytest.param((0.5, 0, 0.5), 2 / 3, id="half missed"),
        pytest.param((3, 1, 2), 2 / 3, id="counts"),
    ],
)
def test_page_f1(overlap: tuple[float, float, float], f1: float) -> None:
    assert Overlap(*overlap).f1 == pytest.approx(f1)


@pytest.mark.parametrize(
    ("pages", "quality"),
    [
        pytest.param([(1, 0, 0), (1, 0, 0)], (1, 1, 1), id="all right"),
        pytest.param([(0.5, 0.5, 0), (0.5, 0, 0.5)], (3 / 4, 3 / 4, 3 / 4), id="means of the pages"),
        pytest.param([(1, 0, 0), (0, 0, 1)], (2 / 3, 1, 1 / 2), id="an empty result has no precision"),
        pytest.param([(1, 0, 0), (0, 1, 0)], (2 / 3, 1 / 2, 1), id="an empty truth has no recall"),
        pytest.param([(0, 0, 0), (1, 0, 0)], (1, 1, 1), id="both empty count for nothing"),
        pytest.param([(0, 0, 1)], (0, 0, 0), id="nothing read"),
        pytest.param([], (0, 0, 0), id="no pages"),
    ],
)
def test_text_quality(pages: list[tuple[float, float, float]], quality: tuple[float, float, float]) -> None:
    assert metrics.text_quality(Overlap(*page) for page in pages) == pytest.approx(quality)


@pytest.mark.parametrize(
    ("pages", "quality"),
    [
        pytest.param([(2, 0, 0), (1, 0, 0)], (1, 1, 1), id="all right"),
        pytest.param([(3, 1, 0), (0, 0, 3)], (6 / 10, 3 / 4, 1 / 2), id="added up, not averaged"),
        pytest.param([(0, 2, 2)], (0, 0, 0), id="nothing found"),
        pytest.param([], (0, 0, 0), id="no pages"),
    ],
)
def test_pooled_quality(pages: list[tuple[int, int, int]], quality: tuple[float, float, float]) -> None:
    assert metrics.pooled_quality(Overlap(*page) for page in pages) == pytest.approx(quality)


def test_deviation_is_that_of_the_mean() -> None:
    assert metrics.f1_deviation([Overlap(1, 0, 0)] * 5) == 0
    mixed = [Overlap(1, 0, 0), Overlap(0.5, 0.25, 0.25)] * 50
    assert metrics.f1_deviation(mixed) == pytest.approx(0.5 * (1 - 2 / 3) / 10, rel=0.1)
    assert metrics.f1_deviation(mixed) == metrics.f1_deviation(mixed)


@pytest.mark.parametrize(
    ("gold", "text", "difference"),
    [
        pytest.param(FIVE, FIVE, (0, 0), id="the same"),
        pytest.param(FIVE, "five four three two one", (0, 0), id="whatever the order"),
        pytest.param(FIVE, "one two", (3, 0), id="missed"),
        pytest.param("one two", FIVE, (0, 3), id="too much"),
        pytest.param("a a b", "a b b", (1, 1), id="as often as they occur"),
        pytest.param("", None, (0, 0), id="nothing"),
    ],
)
def test_word_difference(gold: str, text: str | None, difference: tuple[int, int]) -> None:
    assert metrics.word_difference(gold, text) == difference


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        pytest.param("The ferry ran aground.", ["ferry ran"], id="found"),
        pytest.param("The ferry\n  ran aground.", ["ferry ran"], id="over a line's end"),
        pytest.param("The ferry ran; ran  again", ["ferry ran", "ran \n again"], id="white space in the snippet"),
        pytest.param("The Ferry ran", [], id="case counts"),
        pytest.param(None, [], id="no text"),
    ],
)
def test_snippets(text: str | None, inside: list[str]) -> None:
    snippets = ["ferry ran", "ran \n again"]
    assert metrics.snippets_in(snippets, text) == (inside, [each for each in snippets if each not in inside])


@pytest.mark.parametrize(
    ("gold", "said", "same"),
    [
        pytest.param("Ferry runs aground", "ferry  RUNS aground ", True, id="case and space"),
        pytest.param("A\u00a0ferry", "A ferry", True, id="no-break space"),
        pytest.param("Ferry", "Ｆｅｒｒｙ", True, id="width"),
        pytest.param("Ferry", ["Ferry"], True, id="a list of one"),
        pytest.param("Ferry", "Ferry | The Harbour", False, id="with the site's name"),
        pytest.param("Ferry’s", "Ferry's", False, id="another apostrophe"),
        pytest.param("Ferry", None, False, id="none"),
    ],
)
def test_fold(gold: str, said: object, same: bool) -> None:
    assert (metrics.fold(gold) == metrics.fold(said)) is same


@pytest.mark.parametrize(
    ("gold", "said", "same"),
    [
        pytest.param(["Ann Lee", "Bo Ray"], ["bo ray", "Ann  Lee"], True, id="in any order"),
        pytest.param(["Ann Lee"], ["Ann Lee", "Ann Lee"], True, id="said twice"),
        pytest.param([], [], True, id="nobody"),
        pytest.param(["Ann Lee", "Bo Ray"], ["Ann Lee"], False, id="one missed"),
        pytest.param(["Ann Lee"], ["Ann Lee", "Staff"], False, id="one too much"),
        pytest.param(["Ann Lee"], ["By Ann Lee"], False, id="with a prefix"),
    ],
)
def test_same_names(gold: list[str], said: list[str], same: bool) -> None:
    assert metrics.same_names(gold, said) is same


NOON = "2026-03-01T12:30:15+09:00"


@pytest.mark.parametrize(
    ("gold", "said", "same"),
    [
        pytest.param(NOON, NOON, (True, True), id="the same"),
        pytest.param(NOON, "2026-03-01 12:30:59+09:00", (True, True), id="seconds do not count"),
        pytest.param(NOON, "2026-03-01T03:30:15Z", (True, True), id="the same moment elsewhere"),
        pytest.param("2026-03-01T02:00+09:00", "2026-02-28T17:00Z", (True, True), id="the day of the gold's offset"),
        pytest.param(NOON, "2026-03-01T12:30:15", (True, True), id="no offset: the clock on the wall"),
        pytest.param(NOON, "2026-03-01T12:30:15Z", (True, False), id="the wrong offset"),
        pytest.param(NOON, "2026-03-01", (True, False), id="a bare date has no minute"),
        pytest.param("2026-03-01T00:00:00", "2026-03-01", (True, False), id="nor that of midnight"),
        pytest.param(NOON, "2026-03-02T12:30:15+09:00", (False, False), id="the next day"),
        pytest.param(NOON, "1 March 2026", (False, False), id="not ISO"),
        pytest.param(NOON, None, (False, False), id="none"),
        pytest.param("", NOON, (False, False), id="no gold"),
        pytest.param(NOON, "0001-01-01T00:00:00+14:00", (False, False), id="before the calendar's first day"),
    ],
)
def test_day_and_minute(gold: str, said: str | None, same: tuple[bool, bool]) -> None:
    assert metrics.same_day_and_minute(gold, said) == same
