from __future__ import annotations

from pathlib import Path

import pytest

from newscrawl.attribution.agencies import AgenciesError, agencies, agency_named, agency_of_host, read_agencies
from newscrawl.attribution.closing import closing_of_line

NAMED = [
    ("Česká tisková kancelář", "ctk"), ("وكالة الأنباء السعودية", "spa"), ("وكالة الأنباء الأردنية", "petra"), ("पीटीआई", "pti"),
    ("বাসস", "bss"), ("德新社", "dpa"), ("خبرگزاری مهر", "mehr"), ("Κυπριακό Πρακτορείο Ειδήσεων", "cna-cy"), ("სულ სხვა", None),
    ("Prensa Latina", "prensa-latina"), ("Agencia Andina", "andina"), ("ANGOP", "angop"), ("KPL", "kpl"), ("kpl", None),
    ("Tribune News Service", "tribune-news-service"), ("The New York Times News Service", "nyt-news-service"),
    ("The Conversation", None), ("The Guardian", None), ("NZME", None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "agency"), NAMED, ids=[name for name, _ in NAMED])
def test_an_agency_by_its_name_in_the_script_that_papers_print(name: str, agency: str | None) -> None:
    assert agency_named(name) == agency


def test_no_name_code_or_domain_belongs_to_two_agencies() -> None:
    for values in ("codes", "domains"):
        every = [value for agency in agencies().values() for value in getattr(agency, values)]
        assert len(every) == len(set(every))
    owners: dict[str, set[str]] = {}
    for agency in agencies().values():
        for name in (agency.name, *agency.aliases):
            owners.setdefault(name.casefold(), set()).add(agency.id)
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_every_table_states_what_kind_of_originator_it_is() -> None:
    kinds = {agency.kind for agency in agencies().values()}
    assert kinds == {"agency", "syndicator", "press-release", "publisher"}
    assert agencies()["prnewswire"].kind == "press-release" and agencies()["ap"].kind == "agency"
    assert len(agencies()) >= 160


def test_a_kind_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "agencies.toml"
    file.write_text('[quay]\nname = "Quay Wire"\nkind = "blog"\n', "utf-8")
    with pytest.raises(AgenciesError, match="kind: must be one of agency, syndicator, press-release, publisher"):
        read_agencies(file)


def test_a_republished_story_is_credited_to_its_publisher() -> None:
    line = "This article is republished from The Conversation under a Creative Commons license."
    found = closing_of_line(line, frozenset())
    assert found is not None and (found.credit.agencies, found.kind) == (("the-conversation",), "notice")
    assert closing_of_line("Join the conversation", frozenset()) is None


def test_a_subdomain_belongs_to_its_agency() -> None:
    assert agency_of_host("www.angop.ao") == "angop"
