"""A page that scripts fill: its story is a string in one of them."""

from __future__ import annotations

import json

import pytest

from newscrawl import read_page
from newscrawl.extraction.script_text import text_in_scripts
from tests.cost import at_most

STORY = [
    "The harbour council of Calder voted on Monday to widen the northern quay by next spring.",
    "Its chairman, Ann Lee, said that the work would cost nine million crowns. “Nobody will lose a berth,” she said.",
    "Fishermen from Linden had asked for it since the storm of 2019. Two of them spoke before the vote.",
    "The crane that fell into the water in October is to be lifted before the ice comes.",
]
MARKUP = "".join(f"<p>{text}</p>" for text in STORY)
CONFIG = json.dumps({"theme": "dark", "urls": ["https://gazette.example/" + "x" * 300] * 3})
PAGES = {
    "a string": f"<script>window.state = {json.dumps({'title': 'x', 'html': MARKUP})}</script>",
    "escaped": f"<script>state={json.dumps({'html': MARKUP}).replace('<', chr(92) + 'u003c')}</script>",
    "a string in a string": f"<script>push([1, {json.dumps(json.dumps({'html': MARKUP}))}])</script>",
    "lines of text": f"<script>{json.dumps({'body': (chr(10) * 2).join(STORY)})}</script>",
}
NONE = {
    "no story": f"<script>{CONFIG}</script>",
    "a program": "<script>var a = \"" + "function(){ return 1; } " * 40 + '"</script>',
    "too short": f"<script>{json.dumps({'html': '<p>' + STORY[0]})}</script>",
    "no script": MARKUP,
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_the_story_of_a_page_without_text(name: str) -> None:
    html = f"<html><head><title>Quay</title></head><body><div id=root></div><script>{CONFIG}</script>{PAGES[name]}"
    story = read_page(html.encode(), "https://gazette.example/quay-1", site=None)
    assert story.text == "\n\n".join(STORY)


@pytest.mark.parametrize("name", NONE)
def test_scripts_without_a_story(name: str) -> None:
    assert text_in_scripts(NONE[name]) is None


def test_a_script_without_spaces_needs_fewer_characters() -> None:
    lines = ["卡尔德港务会周一投票决定在明年春天之前拓宽北码头以便停靠更大的船只。"] * 2
    text = json.dumps(
        {"body": "<p>" + "</p><p>".join([*lines, *(line.replace("周一", "周二") for line in lines)])},
        ensure_ascii=False,
    )
    assert len(text) < 400
    assert text_in_scripts(f"<script>{text}</script>") is not None


def test_a_page_with_text_is_not_looked_through() -> None:
    html = f"<h1>Head</h1><div class=story>{MARKUP}</div>{PAGES['a string'].replace('Calder', 'Varn')}"
    assert "Varn" not in (read_page(html.encode(), "https://gazette.example/quay-1", site=None).text or "")


def test_a_short_story_is_not_replaced_by_another() -> None:
    flash = "The central bank of Varn raised its rate by half a point on Monday."
    html = f"<h1>Flash</h1><article><p>{flash}</p></article>{PAGES['a string']}"
    assert read_page(html.encode(), "https://gazette.example/flash-1", site=None).text == flash
    html = f"<h1>Quay</h1><article><p>{STORY[0]}</p></article>{PAGES['a string']}"
    assert read_page(html.encode(), "https://gazette.example/quay-1", site=None).text == "\n\n".join(STORY)


@pytest.mark.parametrize(
    "markup",
    ['<script>"' * 100_000, '<script>' + '"\\' * 200_000, "<script " * 300_000, '<script>"' + "\\" * 2_000_000, "<script>" + '"a":' * 500_000, '<script>"' + '\\"' * 900_000 + '"</script>'],
    ids=["open", "open again", "no scripts", "backslashes", "many", "quotes"],
)  # fmt: skip
def test_scripts_are_looked_through_in_linear_time(markup: str) -> None:
    with at_most(400):
        text_in_scripts(markup)
