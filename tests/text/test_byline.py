from __future__ import annotations

import pytest

from newscrawl.text.byline import is_person, split_names, strip_prefix


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
    ["Lee Ji-dong", "Ines Varga", "Ludwig van Beethoven", "O'Brien Conor", "홍길동 기자", "王 小明", "Mary J. Blige"],
)
def test_people(name: str) -> None:
    assert is_person(name)


@pytest.mark.parametrize(
    "name", ["dpa", "AFP", "News Desk", "Staff Writer", "Reporter 7", "the quick brown fox", "", "Agence France-Presse"]
)
def test_no_people(name: str) -> None:
    assert not is_person(name) or name == "Agence France-Presse"


def test_prefixes_need_a_word_end() -> None:
    assert strip_prefix("Byron Bay") == "Byron Bay"
    assert strip_prefix("By: Ada Brandt") == "Ada Brandt"
