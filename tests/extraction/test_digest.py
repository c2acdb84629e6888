"""Digests: many stories in one page. What only sounds like one must stay an article."""

from __future__ import annotations

import pytest

from newscrawl.extraction.digest import is_digest
from newscrawl.extraction.story import read_page
from tests.cost import at_most
from tests.extraction.test_access_and_kind import LONG, TEXT, page

HEADLINES = [
    "Yonhap News Summary",
    "(2nd LD) Yonhap News Summary",
    "(LEAD) Summary of domestic news in North Korea this week",
    "Summary of inter-Korean news this week",
    "World news summary at 1100 GMT, Nov. 23",
    "AP News in Brief at 6:04 p.m. EST",
    "Kyodo News Digest: Nov. 23, 2026",
    "Health News Roundup",
    "Today in Korean history",
    "Today in History, Nov. 23",
    "On this day in history: Nov. 23",
    "Headlines of major Korean newspapers",
    "Korean newspaper headlines",
    "Major headlines in Korean newspapers",
    "Editorials from Korean dailies",
    "Morning briefing: quay, boats, budget",
    "Today's Headlines",
    "Your Monday Briefing",
    "National news in brief",
    "Press review: boats and budgets",
    "Presseschau vom 23. November",
    "Das Wichtigste vom Tage",
    "Revue de presse du lundi",
    "Resumen de noticias de la mañana",
    "Rassegna stampa del 23 novembre",
    "Главные новости к этому часу",
    "Gazete manşetleri: 23 Kasım",
    "오늘의 주요 뉴스",
    "[주요 뉴스] 부두 확장",
    "연합뉴스 이 시각 헤드라인",
    "[이 시각 헤드라인] - 12:00",
    "오늘의 역사",
    "ニュースダイジェスト",
    "新闻摘要",
    "今日要闻：码头",
    "موجز الأنباء",
]
NO_HEADLINES = [
    "Court gives summary judgment in quay case",
    "News summary executions shock Calder",
    "Today in history class, pupils read the treaty",
    "Today in Calder: boats",
    "Morning briefing of the White House turns loud",
    "Newspaper headlines lie, says chairman",
    "Headlines of doom are overdone",
    "Editorials matter, says The Gazette's editor",
    "Round-up of horses begins",
    "News of the quay in brief letters",
    "Press reviewer leaves her post",
    "The news highlights a gap",
    "Calder widens its quay",
    "Digest of old laws is printed",
    "Brief news",
    "History is made in Calder today",
    "Presseschau-Autor verlässt die Zeitung",
    "Wichtiger Tag für Calder",
    "La revue de presse du ministre fait débat",
    "Las noticias del día de la reina Sofía",
    "Новости",
    "Обзоров больше не будет",
    "Gazete kapandı",
    "부두를 넓힌다",
    "주요 뉴스통신사가 합병한다",
    "오늘의 날씨",
    "역사 교과서 논란",
    "ニュース番組が終わる",
    "要闻社迁址",
    "新闻发布会今日举行",
    "الأخبار السارة",
    "Summary of the quay plan is published",
    "Summary executions of news writers alleged",
    "Bulletin of atoms moves its clock",
    "",
    "Nations brief each other on quay",
]


@pytest.mark.parametrize("headline", HEADLINES)
def test_a_digests_headline(headline: str) -> None:
    assert is_digest(headline, TEXT)


@pytest.mark.parametrize("headline", NO_HEADLINES)
def test_a_storys_headline(headline: str) -> None:
    assert not is_digest(headline, TEXT)


PIECES = [f"{city}, Nov. 23 (Yonhap) -- {text}" for city, text in zip(("SEOUL", "BUSAN", "INCHEON", "DAEGU"), TEXT, strict=True)]  # fmt: skip


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["The following is the first summary of major stories moved by Yonhap News Agency on Monday.", *TEXT], True),
        (["SEOUL, Nov. 23 (Yonhap) -- The following is a summary of inter-Korean news this week.", *TEXT], True),
        (["The following are the headlines of major newspapers.", *TEXT], True),
        (["Here are the top stories of the day.", *TEXT], True),
        (["다음은 23일 연합뉴스의 주요 뉴스입니다.", *TEXT], True),
        ([text for piece in PIECES for text in (piece, LONG[1])], True),
        (PIECES[:2] + TEXT, False),
        ([PIECES[0], *LONG], False),
        (["The following is a list of demands that the fishermen made.", *TEXT], False),
        (["The following statement was sent by the harbour council to news agencies.", *TEXT], False),
        (["Here is the quay, and here are the boats that tell its stories.", *TEXT], False),
        (["다음은 의회의 발표문 전문이다.", *TEXT], False),
        ([f"{text} (Yonhap)" for text in TEXT], False),
        ([f"{text} -- and so on (maybe) -- " for text in LONG], False),
        ([], False),
    ],
    ids=range(15),
)
def test_what_the_text_says(texts: list[str], expected: bool) -> None:
    assert is_digest("Calder widens its quay", texts) is expected


def test_a_digest_is_attributed_to_nobody() -> None:
    url = "https://paper.example/news/2026"
    story = read_page(page(headline="Yonhap News Summary", text=PIECES).encode(), url, site=None)
    assert (story.kind, story.agency, story.attribution) == ("summary", None, [])
    one = read_page(page(headline="Calder widens its quay", text=PIECES[:1] + TEXT[1:]).encode(), url, site=None)
    assert (one.kind, one.agency) == ("article", "yonhap")


def test_a_hostile_headline_takes_no_time() -> None:
    with at_most(200):
        for word in ("news ", "summary of ", "day's ", "a ", "(LD) ", "headlines of "):
            assert not is_digest(word * 100_000, [word * 100_000])
