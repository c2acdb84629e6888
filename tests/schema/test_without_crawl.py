"""What `read_page` gives fits the record, and a line of a crawl still needs all that a crawl knows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newscrawl import Story, read_page
from newscrawl.schema.check import faults
from newscrawl.storage.jsonl import line_of
from newscrawl.tools.query import open_corpus

PAGE = (
    "<html><head><title>Calder widens its quay</title></head><body><article><h1>Calder widens its quay</h1>"
    "<p>The quay of Calder grows by twelve metres, the harbour board decided on Monday — Zoë Ørn said.</p>"
    "<p>Work begins in spring and ends in autumn, and the ferry keeps its timetable.</p></article></body></html>"
)
URL = "https://gazette.example/calder"


@pytest.fixture
def story() -> Story:
    return read_page(PAGE, URL)


def test_it_fits_the_record_and_is_seen_by_queries(story: Story, tmp_path: Path) -> None:
    assert faults(json.loads(story.to_json())) == []
    (tmp_path / "read.jsonl").write_text(story.to_json() + "\n", "utf-8")
    with open_corpus(tmp_path / "read.jsonl") as corpus:
        assert corpus.sql("SELECT headline FROM stories") == [("Calder widens its quay",)]


@pytest.mark.parametrize("name", ["fetched_at", "discovered", "status"])
def test_a_line_with_a_run_needs_the_rest(story: Story, name: str) -> None:
    record = story.to_dict()
    record["crawl"] |= {"run": "r1", "fetched_at": "2026-11-23T00:30:00Z", "discovered": "rss", "status": 200}
    assert faults(record) == []
    record["crawl"][name] = None
    assert [field for field, _ in faults(record)] == [f"crawl.{name}"]


def test_to_json_is_the_line_of_a_crawl(story: Story) -> None:
    assert (story.to_json() + "\n").encode() == line_of(story)
    assert json.loads(story.to_json()) == story.to_dict()
    assert list(story.to_dict())[:3] == ["schema", "id", "version"]


def test_text_and_bytes_give_the_same_story(story: Story) -> None:
    assert story.to_json() == read_page(PAGE.encode(), URL).to_json()
    other = PAGE.replace("<head>", '<head><meta charset="gbk">')  # a charset that text does not have any more
    assert read_page(other, URL).text == story.text


def test_a_folder_of_ones_own_sites_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gazette.toml").write_text(
        'name = "Gazette"\nevidence = "none: a made-up paper"\ndomains = ["gazette.example"]\n', "utf-8"
    )
    assert read_page(PAGE, URL, sites_dir=tmp_path).source.id == "gazette"  # type: ignore[union-attr]
    monkeypatch.setenv("NEWSCRAWL_SITES_DIR", str(tmp_path))
    assert read_page(PAGE, URL).source.id == "gazette"  # type: ignore[union-attr]
