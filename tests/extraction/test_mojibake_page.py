"""Pages that are garbled as a whole, or in single fields only."""

from __future__ import annotations

import json

import pytest

from newscrawl import read_page
from newscrawl.items import Story

HEADLINE = "José Muñoz déjà élu à l’assemblée"
STORY = [
    "Le conseil du port a décidé lundi d’élargir le quai du nord, a déclaré son président après la séance du matin.",
    "Les travaux dureront neuf mois et coûteront près de huit millions d’euros, selon le plan présenté à l’assemblée.",
    "« Nous n’avons pas oublié les pêcheurs », a ajouté le président, qui a été réélu en février pour trois années.",
]
JSON = {"@type": "NewsArticle", "headline": HEADLINE, "author": {"@type": "Person", "name": "Chloé Lefèvre"}}


def garble(text: str) -> str:
    return "".join(
        bytes([b]).decode("cp1252") if b not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(b) for b in text.encode()
    )


def page(head: str = "", story: list[str] = STORY, headline: str = HEADLINE) -> str:
    body = "".join(f"<p>{text}</p>" for text in story)
    return f'<html lang=fr><head><meta charset=utf-8><title>{headline}</title>{head}</head><body><div class="article"><h1>{headline}</h1>{body}</div></body></html>'


def script(ascii_only: bool, garbled: bool) -> str:
    text = json.dumps(
        json.loads(garble(json.dumps(JSON, ensure_ascii=False))) if garbled else JSON, ensure_ascii=ascii_only
    )
    return f'<script type="application/ld+json">{text}</script>'


def read(markup: str) -> Story:
    return read_page(markup.encode(), "https://journal.example/2026/quai-du-nord", site=None)


def warned(story: Story) -> list[str]:
    assert story.extraction is not None
    return story.extraction.warnings


@pytest.mark.parametrize("rounds", [1, 2])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_page_garbled_from_end_to_end(rounds: int, ascii_only: bool) -> None:
    markup = page(script(ascii_only=False, garbled=False))
    for _ in range(rounds):
        markup = garble(markup)
    story = read(markup)
    assert (story.headline, story.text) == (HEADLINE, "\n\n".join(STORY))
    assert [author.name for author in story.authors or []] == ["Chloé Lefèvre"]
    assert warned(story) == ["mojibake-repaired"]


@pytest.mark.parametrize("ascii_only", [True, False])
def test_only_the_structured_data_is_garbled(ascii_only: bool) -> None:
    story = read(page(script(ascii_only, garbled=True)))
    assert (story.headline, story.text) == (HEADLINE, "\n\n".join(STORY))
    assert [author.name for author in story.authors or []] == ["Chloé Lefèvre"]
    assert warned(story) == ["mojibake-repaired"]


def test_one_paragraph_is_garbled() -> None:
    story = read(page(story=[STORY[0], garble(STORY[1]), STORY[2]]))
    assert story.text == "\n\n".join(STORY) and warned(story) == ["mojibake-repaired"]


@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_clean_page_is_not_touched(ascii_only: bool) -> None:
    story = read(page(script(ascii_only, garbled=False)))
    assert (story.headline, story.text) == (HEADLINE, "\n\n".join(STORY)) and warned(story) == []


@pytest.mark.parametrize(
    "line",
    [
        "La page disait « cafÃ© » et « naÃ¯ve », un cas d’UTF-8 lu comme du latin-1, que l’on appelle mojibake depuis longtemps.",
        "Le mot «cafÃ©» et le mot «naÃ¯ve» étaient sur l’affiche, que personne n’a corrigée, a déclaré le président.",
    ],
)
def test_what_is_doubtful_is_left_and_told(line: str) -> None:
    story = read(page(story=[*STORY, line]))
    assert (story.text or "").endswith(line) and warned(story) == ["mojibake"]


@pytest.mark.parametrize("encoding", ["euc-kr", "cp949"])
def test_a_korean_page_that_declares_nothing(encoding: str) -> None:
    story = [
        "(서울=연합뉴스) 홍길동 기자 = 항만 위원회는 월요일 북쪽 부두를 넓히기로 결정했다고 위원장이 회의 뒤에 밝혔다.",
        "공사에는 아홉 달이 걸리며 비용은 시가 낸다고 위원회는 설명했다. 어선들은 그동안 남쪽 부두를 써야 한다.",
        "위원회는 먼 길을 가야 하는 배들에 보상을 하겠다고 덧붙였다.",
    ]
    markup = (
        page(story=story, headline="북쪽 부두 넓힌다").replace("<meta charset=utf-8>", "").replace("lang=fr", "lang=ko")
    )
    found = read_page(markup.encode(encoding), "https://paper.example/view/20261123", site=None)
    assert (found.headline, found.text) == ("북쪽 부두 넓힌다", "\n\n".join(story))
    assert found.agency == "yonhap" and warned(found) == ["encoding-guessed"]


def test_a_page_garbled_in_entities() -> None:
    markup = "".join(f"&#{ord(char)};" if char > "\x7f" else char for char in garble(page()))
    story = read(markup)
    assert (story.headline, story.text) == (HEADLINE, "\n\n".join(STORY)) and warned(story) == ["mojibake-repaired"]
    clean = "".join(f"&#{ord(char)};" if char > "\x7f" else char for char in page())
    assert read(clean).text == "\n\n".join(STORY) and warned(read(clean)) == []


def test_letters_that_were_lost_before_are_told() -> None:
    story = read(page(story=[STORY[0].replace("é", "\ufffd"), *STORY[1:]]))
    assert warned(story) == ["bad-bytes"] and "\ufffd" in (story.text or "")
