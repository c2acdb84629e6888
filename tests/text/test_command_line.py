"""Hints name the program that the user called, with the settings they gave."""

from __future__ import annotations

import pytest

from newscrawl.text.command_line import command_line


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        (["/somewhere/notebook.py"], "newscrawl list --all"),
        (
            ["ipython", "-s", "NEWSCRAWL_OUTPUT_DIR=my stories", "-s", "LOG_LEVEL=INFO"],
            "newscrawl list -s 'NEWSCRAWL_OUTPUT_DIR=my stories' --all",
        ),
        (["x", "--set=NEWSCRAWL_SITES_DIR=s", "-sNEWSCRAWL_DELIVER_SECRET=hush"], "newscrawl list -s NEWSCRAWL_SITES_DIR=s --all"),
        (["/not/on/the/path/scrapy"], "/not/on/the/path/scrapy list --all"),
    ],
)  # fmt: skip
def test_the_line_to_type(monkeypatch: pytest.MonkeyPatch, argv: list[str], expected: str) -> None:
    monkeypatch.setattr("sys.argv", argv)
    assert command_line("list --all") == expected
