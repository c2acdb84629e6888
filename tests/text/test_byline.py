from __future__ import annotations

import pytest

from newscrawl.text.byline import is_person, person_beside_date, person_name, split_names, strip_prefix, without_date


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Lee Ji-dong", ["Lee Ji-dong"]),
        ("By Lee Ji-dong and Kim Min-su", ["Lee Ji-dong", "Kim Min-su"]),
        ("By Nam Kyung-don (don@paper.example)", ["Nam Kyung-don"]),
        ("Von Anna Muster, dpa", ["Anna Muster", "dpa"]),
        ("Par Le Figaro et AFP", ["Le Figaro", "AFP"]),
        ("By KIM TONG-HYUNG, Associated Press", ["KIM TONG-HYUNG", "Associated Press"]),
        ("Bystander Jones", ["Bystander Jones"]),
        ("Diana Prince", ["Diana Prince"]),
        ("", []),
    ],
)
def test_a_byline_is_split(byline: str, names: list[str]) -> None:
    assert split_names(byline) == names


@pytest.mark.parametrize(
    "name",
    [
        "Lee Ji-dong",
        "Ines Varga",
        "Ludwig van Beethoven",
        "O'Brien Conor",
        "홍길동 기자",
        "王 小明",
        "Mary J. Blige",
        "홍길동",
        "남궁민수",
    ],
)
def test_people(name: str) -> None:
    assert is_person(name)


@pytest.mark.parametrize(
    "name",
    [
        "dpa",
        "AFP",
        "News Desk",
        "Staff Writer",
        "Reporter 7",
        "the quick brown fox",
        "",
        "한국일보",
        "경제신문",
        "기자",
        "View Comments",
        "Agence France-Presse",
    ],
)
def test_no_people(name: str) -> None:
    assert not is_person(name) or name == "Agence France-Presse"


def test_prefixes_need_a_word_end() -> None:
    assert strip_prefix("Byron Bay") == "Byron Bay"
    assert strip_prefix("By: Ada Brandt") == "Ada Brandt"


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("dpa 30.04.2026, 18:58", "dpa"),
        ("By Ada Brandt 30 August 2026 • 4:45pm", "By Ada Brandt"),
        ("by Ada Brandt Apr. 28, 2026 1:15 pm", "by Ada Brandt"),
        ("Von Ada Brandt, veröffentlicht am 28.04.2026", "Von Ada Brandt"),
        ("By Ada Brandt | Published: 2026-11-23 09:30", "By Ada Brandt"),
        ("Ada Brandt and Ole Varn, 5 min read", "Ada Brandt and Ole Varn"),
        ("By Ada Brandt Monday, 9:30", "By Ada Brandt"),
        ("By Ada Brandt", "By Ada Brandt"),
        ("23 November 2026", "23 November 2026"),
        ("By Ada Brandt, the 3rd of her name", "By Ada Brandt, the 3rd of her name"),
        ("", ""),
    ],
)
def test_the_date_behind_a_byline_is_cut(line: str, byline: str) -> None:
    assert without_date(line) == byline


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("23. November 2026 • Ada Brandt • 3 Minuten", "Ada Brandt"),
        ("Ada Brandt | 05.04.2026 - Güncelleme : 05.04.2026", "Ada Brandt"),
        ("23 November 2026", None),
        ("Ada Brandt • Ole Varn", None),
        ("Ada Brandt • Ole Varn • 23.11.2026", None),
        ("News Desk • 23.11.2026", None),
        ("the harbour • 23.11.2026", None),
    ],
)
def test_a_person_beside_a_date(line: str, name: str | None) -> None:
    assert person_beside_date(line) == name


@pytest.mark.parametrize(
    ("piece", "name"),
    [
        ("Ada Brandt (abr)", "Ada Brandt"), ("Ada Brandt (abr.", "Ada Brandt"), ("홍길동 기자", "홍길동"),
        ("Ada Brandt", "Ada Brandt"), ("O'Brien Conor", "O'Brien Conor"),
    ],
)  # fmt: skip
def test_a_name_without_initials_and_title(piece: str, name: str) -> None:
    assert person_name(piece) == name
