"""One story found: its versions, and who else carries it; with and without columnar copies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from newscrawl.tools.query import open_corpus
from newscrawl.tools.query.find import find_story
from newscrawl.tools.query.packing import pack_all
from tests.tools.query.made import write_lines


def ids(lines: list[dict[str, Any]]) -> list[tuple[str, int]]:
    return [(line["id"], line["version"]) for line in lines]


@pytest.mark.parametrize("is_packed", [False, True])
def test_versions_and_others(output: Path, records: list[dict[str, Any]], is_packed: bool) -> None:
    first, two = records[1]["id"], records[18]["id"]  # a first with a copy, and a story in two versions
    copy = records[2]["id"]
    if is_packed:
        pack_all(output)
        write_lines(output / "stories/site-9/z.jsonl", [dict(records[2], id="other:1", version=1)])
    others = [(copy, 1), ("other:1", 1)] if is_packed else [(copy, 1)]
    with open_corpus(output) as corpus:
        found = find_story(corpus, first)
        assert ids(found.versions) == [(first, 1)] and sorted(ids(found.others)) == sorted(others)
        assert found.versions[0] == records[1]
        assert ids(find_story(corpus, copy).versions) == [(copy, 1)]
        assert (first, 1) in ids(find_story(corpus, copy).others)
        assert ids(find_story(corpus, two).versions) == [(two, 1), (two, 2)]


@pytest.mark.parametrize("story_id", ["", "nobody:1", "x", "harbour-times", "../../etc:1", 'a"b:1', "ü:1", "a\nb:1"])
def test_nothing_found(output: Path, story_id: str) -> None:
    with open_corpus(output) as corpus:
        assert find_story(corpus, story_id).versions == []


def test_broken_neighbours_do_not_hide_a_story(output: Path, records: list[dict[str, Any]]) -> None:
    path = sorted((output / "stories").rglob("*.jsonl"))[0]
    mark = f'"{records[1]["id"]}"'.encode()
    path.write_bytes(b'{"id":' + mark + b"\n[" + mark + b"]\n" + path.read_bytes() + b'{"id":' + mark)
    with open_corpus(output) as corpus:
        assert ids(find_story(corpus, records[1]["id"]).versions) == [(records[1]["id"], 1)]
