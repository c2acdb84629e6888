"""Lines that are never a story's, and lines that only look so."""

from __future__ import annotations

import pytest

from newscrawl.text.boilerplate import ends_sentence, is_boilerplate, is_copyright


@pytest.mark.parametrize(
    "line",
    [
        "Back To Top", "MOST POPULAR", "Read more: boats in the harbour", "(END)", "___", "reporter@paper.example",
        "Our Standards: The Thomson Reuters Trust Principles.",
        "Anadolu Agency website contains only a portion of the news stories offered to subscribers, and in summarized form.",
    ],
)  # fmt: skip
def test_boilerplate(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "line", ["The council voted.", "Our standards are high, she said.", "Read more books.", "Related parties met on Monday.", "_ and __"]
)  # fmt: skip
def test_no_boilerplate(line: str) -> None:
    assert not is_boilerplate(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("It rained.", True), ("It rained. (Yonhap)", True), ("It rained. PTI", True), ("He said: \u201cNo.\u201d", True),
        ("Latest news", False), ("in the US", False), ("(Yonhap)", False), ("", False),
    ],
)  # fmt: skip
def test_the_end_of_a_sentence(line: str, expected: bool) -> None:
    assert ends_sentence(line) is expected


@pytest.mark.parametrize(
    "line", ["© 2026 The Paper", "Copyright 2026 by the Paper", "The Paper. All rights reserved.", "저작권자 The Paper"]
)
def test_copyright(line: str) -> None:
    assert is_copyright(line)


def test_a_sentence_on_copyright_is_none() -> None:
    assert not is_copyright("The court ruled on the copyright of the song.")
