"""Text and queries as the search index sees them."""

from __future__ import annotations

import pytest

from newscrawl.tools.web.words import full_text_query, indexed, marks_of


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        pytest.param("Council widens the quay", "Council widens the quay", id="english stays"),
        pytest.param("Überfall in Köln", "Überfall in Köln", id="german stays"),
        pytest.param("пожар в порту", "пожар в порту", id="russian stays"),
        pytest.param("", "", id="nothing stays nothing"),
        pytest.param("한국은행", " 한국 국은 은행 ", id="korean in pairs"),
        pytest.param("北朝鲜 ok", " 北朝 朝鲜  ok", id="chinese in pairs"),
        pytest.param("ミサイル", " ミサ サイ イル ", id="japanese in pairs"),
        pytest.param("은", " 은 ", id="one letter alone"),
    ],
)
def test_indexed(text: str, seen: str) -> None:
    assert indexed(text) == seen


@pytest.mark.parametrize(
    ("asked", "query"),
    [
        pytest.param("quay", '"quay"', id="a word"),
        pytest.param("wider quay", '"wider" AND "quay"', id="two words"),
        pytest.param('"wider quay" now', '"wider quay" AND "now"', id="a phrase"),
        pytest.param("N.Korea's", '"N Korea s"', id="punctuation cuts"),
        pytest.param("coun*", '"coun"*', id="any ending"),
        pytest.param("co*", '"co"', id="too short for any ending"),
        pytest.param("미사일", '"미사 사일"', id="korean as a phrase"),
        pytest.param("은", '"은"*', id="one letter begins a pair"),
        pytest.param(
            "NEAR(a b) OR c:d -e ^f",
            '"NEAR a" AND "b" AND "OR" AND "c d" AND "e" AND "f"',
            id="no operator gets through",
        ),
        pytest.param('" ( ) * "" --', "", id="nothing to look for"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_query(asked: str, query: str) -> None:
    assert full_text_query(asked) == query


KNOWN = {"counc": ["council", "councils"], "wider": ["wider"]}


@pytest.mark.parametrize(
    ("asked", "query"),
    [
        pytest.param("counc*", '("council" OR "councils")', id="each word that begins so"),
        pytest.param("COUNC*", '("council" OR "councils")', id="any case"),
        pytest.param("quay wider*", '"quay" AND ("wider")', id="beside another word"),
        pytest.param("coun*", '"coun"*', id="four letters have a list of their own"),
        pytest.param("counc", '"counc"', id="a whole word"),
        pytest.param("nothing*", '"nothing"*', id="none known"),
        pytest.param('"wider counc"*', '"wider counc"', id="a phrase"),
        pytest.param("wider-counc*", '"wider counc"*', id="two pieces"),
        pytest.param("räume*", '"räume"*', id="letters that the index folds"),
    ],
)
def test_query_of_beginnings(asked: str, query: str) -> None:
    assert full_text_query(asked, lambda start: KNOWN.get(start, [])) == query


@pytest.mark.parametrize(
    ("asked", "text", "hits"),
    [
        pytest.param("quay", "The Quay, the quays", ["Quay", "quay"], id="at a word's beginning, any case"),
        pytest.param("quay", "turquay", [], id="not inside a word"),
        pytest.param("사일", "미사일을", ["사일"], id="inside a korean word"),
        pytest.param("a.*b", "a.*b axxb", ["a", "b", "a"], id="no pattern gets through"),
    ],
)
def test_marks(asked: str, text: str, hits: list[str]) -> None:
    pattern = marks_of(asked)
    assert pattern is not None
    assert pattern.findall(text) == hits


def test_no_marks_for_no_words() -> None:
    assert marks_of(" -- ") is None
