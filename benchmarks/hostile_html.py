"""Adapter for runners that time readers on hostile pages: markup -> something whose length says how much was read."""

from __future__ import annotations

from newscrawl import read_page


def read(markup: str) -> str:
    """The text of a page, or the reasons why there is none."""
    story = read_page(markup.encode("utf-8", "surrogatepass"), "https://hostile.example/page", site=None)
    warnings = story.extraction.warnings if story.extraction else []
    return story.text or " ".join(warnings)
