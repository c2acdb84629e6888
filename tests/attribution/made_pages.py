"""Whole pages in the shape that papers use, of invented words, with a credit or a trap in one place."""

from __future__ import annotations

from newscrawl import read_page
from newscrawl.items import Story

STORY = [
    "The harbour council voted on Monday to widen the northern quay by next spring, its chairman said after the session.",
    "The work will cost about nine million, according to the plan that was published, and half of it is to be lent.",
    "Boats will have to use the southern basin for some months, which their owners had asked the council to avoid.",
    "Nobody could say how long the dredger would be needed, and the fishermen wanted to see the contract before it starts.",
]
LD = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Quay to be wider",%s}</script>'


def made_page(
    *,
    first: str = "",
    last: str = "",
    byline: str = "",
    head: str = "",
    lone: str = "",
    source: str = "",
    figure: str = "",
    lead: str = "",
    middle: str = "",
    end: str = "",
    after: str = "",
    url: str = "https://paper.example/quay",
) -> bytes:
    """`first` and `last` are glued to the story's own paragraphs, `lead`, `middle` and `end` are paragraphs of their own;
    `lone`, `source`, `figure` and `after` are markup above and behind the text."""
    paragraphs = [lead, first + STORY[0], STORY[1], middle, STORY[2], STORY[3] + last, end]
    body = "".join(f"<p>{text}</p>" for text in paragraphs if text)
    line = f'<div class="byline">{byline}</div>' if byline else ""
    credit = f'<div class="article-source">{source}</div>' if source else ""
    return (
        f"<html lang=en><head><title>Quay to be wider</title>{head}</head><body><nav>PR Newswire | Reuters</nav>"
        f"<article><h1>Quay to be wider</h1>{lone}{line}{credit}{figure}"
        f'<div class="text">{body}</div>{after}</article></body></html>'
    ).encode()


def made_story(**parts: str) -> Story:
    url = parts.pop("url", "https://paper.example/quay")
    return read_page(made_page(**parts), url, site=None)


def roles(story: Story) -> dict[str, str]:
    return {entry.id: entry.role for entry in story.attribution or []}
