from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newscrawl.attribution import agencies as module
from newscrawl.attribution.agencies import (
    AgenciesError,
    add_agencies_file,
    agencies,
    agency_named,
    agency_of_site,
    may_name_agency,
)
from newscrawl.attribution.credit_line import read_copyright, read_credit
from tests.attribution.made_pages import made_story, roles

CREDITS = [
    ("Yonhap", ["yonhap"], False), ("(Yonhap)", ["yonhap"], False), ("By Associated Press", ["ap"], False), ("By REUTERS", ["reuters"], False),
    ("By THE ASSOCIATED PRESS", ["ap"], False), ("Von dpa", ["dpa"], False), ("Por Agencia EFE", ["efe"], False), ("AFP", ["afp"], False),
    ("PTI, Washington, Nov 20 2019", ["pti"], False), ("Associated Press in Valencia", ["ap"], False),
    ("By TOM KRISHER, AP Auto Writer", ["ap"], False), ("Tom Davies Associated Press", ["ap"], False),
    ("By KIM TONG-HYUNG, Associated Press", ["ap"], False), ("Quelle: APA/sda/dpa", ["apa", "keystone-sda", "dpa"], False),
    ("sid/dpa", ["sid", "dpa"], False), ("sak/Reuters", ["reuters"], True), ("dpa/gem", ["dpa"], True), ("mit dpa", ["dpa"], True),
    ("With files from The Canadian Press", ["cp"], True), ("Additional reporting from PA", ["pa"], True), ("Source: Xinhua", ["xinhua"], False),
    ("来源：新华网", ["xinhua"], False), ("Con información de AFP, EFE y Reuters", ["afp", "efe", "reuters"], True),
    ("(Agenturen)", ["unspecified"], True), ("SOURCE: News agencies", ["unspecified"], True), ("연합뉴스", ["yonhap"], False),
    ("Par Example Times et AFP", ["afp"], True),
]  # fmt: skip


@pytest.mark.parametrize(("line", "said", "shared"), CREDITS, ids=[c[0] for c in CREDITS])
def test_a_credit_line(line: str, said: list[str], shared: bool) -> None:
    credit = read_credit(line, frozenset({"example times"}))
    assert credit is not None and (list(credit.agencies), credit.shared) == (said, shared)


NO_CREDITS = [
    "Photo: AP", "Yang Ji-woong/Yonhap via Reuters", "Getty Images", "dpa/picture alliance", "told Reuters", "according to the Associated Press",
    "Samsung Electronics", "JOINT PRESS CORPS", "PTI party leader Imran", "AP exam results", "ap", "Dow Jones Industrial Average",
    "File photo (Reuters)", "The minister spoke to Yonhap on Monday about the new quay", "사진=연합뉴스", "", "a", "x" * 400, "Reuters Institute for Journalism",
]  # fmt: skip


@pytest.mark.parametrize("line", NO_CREDITS, ids=range(len(NO_CREDITS)))
def test_no_credit_line(line: str) -> None:
    assert read_credit(line) is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("© dpa-infocom, dpa:230428-99-483045/5", "dpa"),
        ("© Reuters", "reuters"),
        ("© Thomson Reuters 2020", "reuters"),
        (
            "© 2019 Associated Press. All Rights Reserved. This material may not be published, broadcast or rewritten.",
            "ap",
        ),
        ("Copyright 2011 The Associated Press.", "ap"),
        ("© 2026 The Canadian Press", "cp"),
        ("© 2026 The Gazette", None),
        ("Copyright © Dow Jones & Company", None),
        ("Reuters", None),
    ],
)
def test_a_copyright_line(line: str, said: str | None) -> None:
    credit = read_copyright(line)
    assert (credit.agencies[0] if credit else None) == said


def test_names_and_codes() -> None:
    assert (
        agency_named("the associated press") == "ap"
        and agency_named("dpa") == "dpa"
        and agency_named("聯合ニュース") == "yonhap"
    )
    assert agency_named("Ap") is None and agency_named("sid") == "sid" and agency_named("Sid") is None
    assert agency_of_site("https://en.yna.co.kr/view/1") == "yonhap" and agency_of_site("https://notyna.co.kr/") is None


def test_the_catalogue_is_whole() -> None:
    found = agencies()
    assert len(found) >= 100
    named = "afp anadolu ap apa bloomberg cna-tw cnn-wire dpa dpa-afx efe epd keystone-sda kna pa pap pti reuters ria sid upi xinhua "
    named += "yonhap aap ctk europapress irna kcna kyodo news1 newsis ntb ritzau tass unspecified"
    assert set(named.split()) <= set(found)
    names = [
        name for agency in found.values() for name in {module.fold_name(n) for n in (agency.name, *agency.aliases)}
    ]
    assert len(names) == len(set(names)), "one name, two agencies"
    codes = [code for agency in found.values() for code in agency.codes]
    assert len(codes) == len(set(codes)), "one code, two agencies"


@pytest.fixture
def own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(module, "_files", [module.FILE])
    yield tmp_path / "mine.toml"
    monkeypatch.undo()
    agencies.cache_clear()
    module.names.cache_clear()


def test_a_users_file_adds_an_agency(own_file: Path) -> None:
    own_file.write_text('[quaypress]\nname = "Quay Press"\ncodes = ["QP"]\ndomains = ["quay.example"]', "utf-8")
    add_agencies_file(own_file)
    assert agency_named("Quay Press") == agency_named("QP") == "quaypress" and agency_named("Yonhap") == "yonhap"
    assert roles(made_story(first="OSLO (QP) - ")) == {"quaypress": "originator"}
    assert roles(made_story(url="https://www.quay.example/1")) == {"quaypress": "originator"}
    add_agencies_file(own_file)
    assert len(module._files) == 2


def test_a_users_file_replaces_one_of_ours(own_file: Path) -> None:
    own_file.write_text('[yonhap]\nname = "Yonhap of mine"\naliases = ["Yonhap"]', "utf-8")
    add_agencies_file(own_file)
    assert agencies()["yonhap"].name == "Yonhap of mine" and agency_named("연합뉴스") is None


BAD_FILES = [
    ("[a]\ncodes = ['A']", r"mine\.toml: \[a\]: .*name"),
    ("[a]\nname = 'A'\ncolour = 1", r"mine\.toml: \[a\]: colour: .*name, country, languages, aliases, codes, domains"),
    ("[a]\nname = 'A'\naliases = 'B'", r"mine\.toml: \[a\]: aliases: must be a list of texts"),
    ("[a]\nname = 'A'\naliases = ['B', 3]", r"\[a\]: aliases: must be a list of texts"),
    ("[a]\nname = 3", r"\[a\]: name: must be a text"),
    ("[a]\nname = 'A'\nwire = 'no'", r"\[a\]: wire: must be true or false"),
    ("[Quay_Press]\nname = 'A'", r"\[Quay_Press\]: the id must be lower case"),
    ("a = 1", r"mine\.toml: \[a\]: must be a table"),
    ("[", r"mine\.toml: "),
    ("[a]\nname = 'A'\n[a]\nname = 'B'", r"mine\.toml: "),
]


@pytest.mark.parametrize(("text", "complaint"), BAD_FILES, ids=range(len(BAD_FILES)))
def test_a_users_file_that_is_wrong(own_file: Path, text: str, complaint: str) -> None:
    own_file.write_text(text, "utf-8")
    with pytest.raises(AgenciesError, match=complaint):
        add_agencies_file(own_file)
    assert len(module._files) == 1


def test_a_users_file_that_is_not_there(own_file: Path) -> None:
    with pytest.raises(AgenciesError, match=r"mine\.toml"):
        add_agencies_file(own_file)


def test_most_lines_are_known_by_their_words() -> None:
    """The look-up must never say no to a name; that it says yes too often only costs time."""
    for agency in agencies().values():
        for name in (agency.name, *agency.aliases, *agency.codes):
            assert may_name_agency(f"By {name}, Oslo") and may_name_agency(name), name
    for line in (
        "By Ada Brandt",
        "The council voted on Monday to widen the quay.",
        "",
        "위원회는 월요일",
        "新しい岸壁",
    ):
        assert not may_name_agency(line)
