"""Signals and the decision: where each credit was read, how much it counts, which one wins."""

from __future__ import annotations

import pytest

from newscrawl import read_page
from newscrawl.attribution.attribute import CONFIDENCE, OF_THE_PAGE, UNSEEN, CreditPlaces, attribute
from newscrawl.extraction.story import FetchInfo, read_story
from tests.attribution.made_pages import LD, made_page, made_story, roles
from tests.cost import at_most

CREDITED = {
    "dateline": ({"first": "SEOUL, Nov. 23 (Yonhap) -- "}, "yonhap", "dateline", "text"),
    "agency first": ({"first": "(Reuters) - "}, "reuters", "dateline", "text"),
    "Korean dateline": ({"first": "(서울=연합뉴스) 홍길동 기자 = "}, "yonhap", "dateline", "text"),
    "dateline behind a pull quote": ({"first": "So it is said.Jakarta (ANTARA) - "}, "antara", "dateline", "text"),
    "closing bracket": ({"last": " (Yonhap)"}, "yonhap", "closing-credit", "text"),
    "closing name alone": ({"last": " PTI"}, "pti", "closing-credit", "text"),
    "byline behind a proxy": ({"byline": "AFP/The Local - [email\xa0protected]"}, "afp", "byline", "byline"),
    "credit in the story's footer": (
        {"after": "<footer><p>Quelle: ino/dpa</p></footer>"},
        "dpa",
        "closing-credit",
        "source-line",
    ),
    "byline": ({"byline": "By KIM TONG-HYUNG, Associated Press"}, "ap", "byline", "byline"),
    "line without a class": ({"lone": "<p>Press Trust of India</p>"}, "pti", "lone-line", "byline"),
    "source class": ({"source": "Article from: AAP"}, "aap", "source-line", "source-line"),
    "closing line": ({"after": "<p>(Yonhap)</p>"}, "yonhap", "closing-credit", "source-line"),
    "contribution": (
        {"after": "<p>The Associated Press contributed to this report.</p>"},
        "ap",
        "contribution",
        "source-line",
    ),
    "copyright line": (
        {"after": "<p>© 2026 Associated Press. All rights reserved.</p>"},
        "ap",
        "copyright",
        "copyright",
    ),
    "reporter's address": ({"end": "hong@yna.co.kr"}, "yonhap", "reporter-address", "source-line"),
    "sign-off": ({"last": " (Reporting by Ada Muster; Editing by Bo Brandt)"}, "reuters", "sign-off", "text"),
    "notice": (
        {"after": "<p>Our Standards: The Thomson Reuters Trust Principles.</p>"},
        "reuters",
        "notice",
        "source-line",
    ),
    "json-ld author": ({"head": LD % '"author":{"@type":"Organization","name":"dpa "}'}, "dpa", "json-ld", "json-ld"),
    "json-ld source": ({"head": LD % '"sourceOrganization":{"name":"Yonhap"}'}, "yonhap", "holder", "json-ld"),
    "meta author": ({"head": '<meta name="author" content="The Associated Press">'}, "ap", "meta", "meta"),
    "author's page": (
        {"head": '<meta property="article:author" content="https://a.example/auteur/2005-afp">'},
        "afp",
        "author-url",
        "meta",
    ),
    "folder of the URL": ({"url": "https://news.example/s/ap/quay"}, "ap", "url", "url"),
    "own site": ({"url": "https://en.yna.co.kr/view/1"}, "yonhap", "site", "site"),
}


@pytest.mark.parametrize("name", CREDITED)
def test_a_credit_is_found_with_its_evidence(name: str) -> None:
    parts, agency, kind, where = CREDITED[name]
    story = made_story(**parts)
    assert [entry.id for entry in story.attribution or []] == [agency]
    evidence = (story.attribution or [])[0].evidence[0]
    assert (evidence.kind, evidence.where) == (kind, where)
    assert evidence.text
    assert (evidence.start is not None) == (where == "text")
    if where == "text":
        assert story.text is not None and story.text[evidence.start : evidence.end] == evidence.text


def test_every_kind_has_its_weight() -> None:
    assert {*(case[2] for case in CREDITED.values()), "feed"} == set(CONFIDENCE)
    assert set(CONFIDENCE) >= OF_THE_PAGE | UNSEEN
    assert all(0.5 < weight < 1 for weight in CONFIDENCE.values())


def test_the_rule_that_won_stands_first() -> None:
    story = made_story(first="SEOUL, Nov. 23 (Yonhap) -- ", last=" (Yonhap)", byline="By Yonhap")
    (entry,) = story.attribution or []
    assert (entry.role, entry.confidence) == ("originator", 0.99)
    assert [evidence.kind for evidence in entry.evidence] == ["dateline", "closing-credit", "byline"]


ROLES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "with the agency": ({"byline": "mit dpa"}, {"dpa": "contributor"}),
    "the agency": ({"byline": "Von dpa"}, {"dpa": "originator"}),
    "initials": ({"last": " (dpa/gem)"}, {"dpa": "contributor"}),
    "a reporter of the agency": ({"byline": "Ada Muster, dpa"}, {"dpa": "originator"}),
    "two reporters of the agency": ({"byline": "Ada Muster und Bo Brandt, dpa"}, {"dpa": "originator"}),
    "a reporter and the agency": ({"byline": "By Ada Muster and AP"}, {"ap": "contributor"}),
    "a desk of the agency": ({"first": "Hamburg (dpa/lno) - "}, {"dpa": "originator"}),
    "what is seen tells the role": ({"end": "SDA/sep", "head": LD % '"author":"SDA"'}, {"keystone-sda": "contributor"}),
    "any originator will do": ({"first": "ROM (dpa) - ", "byline": "mit dpa"}, {"dpa": "originator"}),
    "no name": ({"byline": "Agenturen"}, {"unspecified": "contributor"}),
}


@pytest.mark.parametrize("name", ROLES)
def test_roles(name: str) -> None:
    parts, expected = ROLES[name]
    story = made_story(**parts)
    assert roles(story) == expected
    originators = [agency for agency, role in expected.items() if role == "originator"]
    assert story.agency == (originators[0] if originators else None)


def test_a_sites_file_names_its_agency() -> None:
    places = CreditPlaces(url="https://wire.example/1", site_agency="yonhap")
    assert [entry.id for entry in attribute(places)] == ["yonhap"]
    assert attribute(CreditPlaces(url="https://wire.example/1", site_agency="prnewswire")) == []


FIELDS = [
    ("SEOUL, Nov. 23 (Yonhap) -- ", "By Lee Ji-dong", "SEOUL", "2026-11-23", ["Lee Ji-dong"], "By Lee Ji-dong"),
    ("(서울=연합뉴스) 홍길동 기자 = ", "", "서울", None, [], None),
    ("", "By ADA MUSTER, Associated Press Writer", None, None, ["ADA MUSTER"], "By ADA MUSTER, Associated Press Writer"),
    ("MOSCOW, January 21. /TASS/. ", "TASS", "MOSCOW", "2026-01-21", [], None),
    ("新华社北京4月24日电（记者张三）", "", "北京", "2026-04-24", [], None),
    ("By Ada Muster<br>New Delhi, Jan 13 (IANS): ", "", "New Delhi", "2026-01-13", [], None),
    ("(CBS/AP) WILSON, N.Y. - ", "Von Ada Muster und Bo Brandt, dpa", "WILSON, N.Y", None, ["Ada Muster", "Bo Brandt"], "Von Ada Muster und Bo Brandt, dpa"),
]  # fmt: skip


@pytest.mark.parametrize(("first", "byline", "place", "day", "authors", "raw"), FIELDS, ids=range(len(FIELDS)))
def test_dateline_and_byline_are_fields(
    first: str, byline: str, place: str | None, day: str | None, authors: list[str], raw: str | None
) -> None:
    head = '<meta property="article:published_time" content="2026-11-24T08:00:00+09:00">'
    story = made_story(first=first, byline=byline, head=head)
    assert (story.dateline.place if story.dateline else None) == place
    assert (story.dateline.date if story.dateline else None) == day
    assert [author.name for author in story.authors or []] == authors
    if raw is not None:
        assert story.byline == raw and all(author.raw == raw for author in story.authors or [])
    if story.dateline is not None:
        assert story.dateline.text in (story.text or "")


@pytest.mark.parametrize(
    "junk",
    ["(" * 5000, "AP/" * 3000, "By " * 3000, "dpa " * 3000, "（" * 3000 + "共同", "A" * 200_000 + " (AP)", "\n".join(["AP"] * 2000)],
    ids=range(7),
)  # fmt: skip
@pytest.mark.parametrize("place", ["first", "last", "byline", "end", "lone", "after"])
def test_a_hostile_line_costs_little(junk: str, place: str) -> None:
    """The test's own limit of time is what fails here; an attribution may come out, never a crash."""

    with at_most(600):
        made_story(**{place: f"<p>{junk}</p>" if place in ("lone", "after") else junk})


def test_json_ld_that_is_no_name() -> None:
    for author in ("null", "[]", "{}", "42", '["", null, {"name": 7}]', '{"name": ["dpa", 3]}'):
        script = LD % ('"author":' + author)
        story = read_page(f"<p>{script}</p>".encode(), "https://a.example/1", site=None)
        assert isinstance(story.attribution, list)


@pytest.mark.parametrize(
    ("hints", "parts", "agency", "evidence"),
    [
        ({"agency": "AFP"}, {}, "afp", [("feed", "AFP")]),
        ({"author": "Lee Ji-dong, Reuters"}, {}, "reuters", [("feed", "Lee Ji-dong, Reuters")]),
        ({"agency": "Yonhap"}, {"last": " (Yonhap)"}, "yonhap", [("text", "(Yonhap)"), ("feed", "Yonhap")]),
        ({"agency": "AFP"}, {"last": " (Yonhap)"}, "yonhap", [("text", "(Yonhap)")]),
        ({"agency": "AFP"}, {"after": "<p>© 2026 Associated Press. All rights reserved.</p>"}, "ap", [("copyright", "© 2026 Associated Press. All rights reserved.")]),
        ({"agency": "The Gazette"}, {}, None, []),
        ({"author": "Lee Ji-dong"}, {}, None, []),
        ({"agency": ""}, {}, None, []),
        ({"title": "AFP"}, {}, None, []),
    ],
    ids=range(9),
)  # fmt: skip
def test_a_feeds_word_counts_where_the_page_names_nobody(
    hints: dict[str, str], parts: dict[str, str], agency: str | None, evidence: list[tuple[str, str]]
) -> None:
    story = read_story(made_page(**parts), "https://paper.example/quay", None, FetchInfo(hints=hints))
    assert story.agency == agency
    assert [(e.where, e.text) for a in story.attribution or [] for e in a.evidence] == evidence
