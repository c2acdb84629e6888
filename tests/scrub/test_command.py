"""`python -m tools.scrub`: it writes a page that reads the same, and refuses one that does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import story_page
from tools.scrub.__main__ import main

URL = "https://gazette.example/news/2026/11/23/calder-quay-1234.html"


def test_it_writes_the_page_and_prints_the_new_url(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "page.html").write_text(story_page("Calder"), "utf-8")
    assert main([str(tmp_path / "page.html"), "--url", URL, "-o", str(tmp_path / "new.html")]) == 0
    html = (tmp_path / "new.html").read_text("utf-8")
    assert "Calder" not in html and "<article" in html
    printed = capsys.readouterr().out
    assert "words replaced" in printed and "calder" not in printed
