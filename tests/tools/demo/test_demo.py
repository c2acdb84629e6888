"""The sample wire, crawled by the real command: every story of it comes out as what it is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from newscrawl.tools.demo import pages
from newscrawl.tools.demo.run import next_commands
from newscrawl.tools.demo.server import answer


def demo(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "newscrawl.__main__", "demo"]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "120"}
    )


def lines(folder: Path) -> list[dict[str, Any]]:
    files = sorted((folder / "output/demo/stories").rglob("*.jsonl"))
    return [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A folder in which the demo ran once, and what it said."""
    folder = tmp_path_factory.mktemp("demo")
    return folder, demo(folder)


def test_the_first_run_writes_every_story_once(first: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, done = first
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    found = {(line["source"]["id"], line["headline"]): line for line in lines(folder)}
    assert len(found) == len(lines(folder)) == 10
    ferry = found["sample-wire", pages.stories()["ferry"]["headline"]]
    copy = found["harbour-times", pages.stories()["ferry"]["headline"]]
    assert copy["text"] == ferry["text"] == "\n\n".join(pages.stories()["ferry"]["paragraphs"])
    assert (copy["cluster"]["relation"], copy["cluster"]["of"]) == ("copy", ferry["id"])
    trimmed = found["valley-post", "Night boat to Ostrava Bay is back in April"]
    assert (trimmed["agency"], trimmed["cluster"]["relation"]) == ("meridian", "copy")
    own = found["harbour-times", pages.stories()["market"]["headline"]]
    assert own["attribution"] == [] and own["media"][-1]["credit"] == "Meridian"
    assert [author["name"] for author in own["authors"]] == ["Jonas Feld"]
    assert found["valley-post", pages.stories()["lighthouse"]["headline"]]["attribution"] == []
    bridge = found["harbour-times", pages.stories()["bridge"]["headline"]]
    assert [(entry["id"], entry["role"]) for entry in bridge["attribution"]] == [("northlight", "contributor")]
    for line in found.values():
        assert (line["published_at"] and line["dateline"] is None) or line["dateline"]["place"]
        assert not any(
            word in line["text"]
            for word in ("MOST POPULAR", "LATEST", "subscribe", "Advertisement", "(END)", "Copyright")
        )
    for word in ("read", "new", "copies", "updates", "meridian 7", "output/demo/stories", "Try next"):
        assert word in done.stdout


def test_the_second_run_writes_the_correction_and_nothing_twice(
    first: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(first[0], tmp_path / "again"))
    before = {json.dumps(line) for line in lines(folder)}
    for expected in (11, 11):
        assert demo(folder).returncode == 0
        assert len(lines(folder)) == expected
    (correction,) = [line for line in lines(folder) if json.dumps(line) not in before]
    assert (correction["source"]["id"], correction["version"], correction["change"]) == ("sample-wire", 2, "correction")
    assert correction["headline"].startswith("Magnitude 4.9")


def test_the_commands_it_names_work(first: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    for command in next_commands(Path("output/demo"))[1:]:
        done = subprocess.run(command, shell=True, cwd=first[0], capture_output=True, text=True, check=False)
        assert done.returncode == 0 and done.stdout, command


@pytest.mark.parametrize("site", pages.NAMES)
def test_every_page_that_is_announced_is_served(site: str) -> None:
    for edition in (1, 2):
        for piece in pages.pieces(site, edition):
            found = answer(site, edition, piece.path, "http://127.0.0.1:1")
            assert found is not None and piece.paragraphs[-1][:20] in found[1]
    assert answer(site, 1, "/robots.txt", "") is not None
    assert answer(site, 1, "/nothing", "") is None
