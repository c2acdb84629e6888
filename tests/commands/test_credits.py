"""`scrapy credits`: the table of who credits whom over the output folder, its plot, and hostile lines."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from newscrawl.storage.jsonl import line_of
from newscrawl.tools.reports.credits import NOBODY, read_ledger
from newscrawl.tools.reports.credits_view import credits_page, table
from tests.attribution.made_pages import made_page, made_story


def line(host: str, key: str, *, version: int = 1, **parts: str) -> bytes:
    story = made_story(url=f"https://{host}/{key}", **parts)
    story.version = version
    return line_of(story)


def changed(raw: bytes, **values: Any) -> bytes:
    return json.dumps({**json.loads(raw), **values}).encode() + b"\n"


GOOD = line("a.example", "1", last=" (Yonhap)")
HOSTILE: dict[str, tuple[bytes, str]] = {
    "no JSON": (b"{]\n", "no-json"),
    "bytes": (b"\xff\xfe\x00\n", "no-json"),
    "a torn end": (GOOD[:200], "torn-end"),
    "deep nesting": (b"[" * 200_000 + b"\n", "no-json"),
    "a list": (b"[1]\n", "no-story"),
    "a number": (b"7\n", "no-story"),
    "no source": (changed(GOOD, source=None), "no-story"),
    "a source without id": (changed(GOOD, source={"id": None}), "no-story"),
    "an attribution that is a text": (changed(GOOD, attribution="yonhap"), "no-story"),
    "an attribution without evidence": (
        changed(GOOD, attribution=[{"id": "a", "role": "originator", "evidence": []}]),
        "no-story",
    ),
    "a role that is none": (
        changed(GOOD, attribution=[{"id": "a", "role": "x", "evidence": [{"where": "text"}]}]),
        "no-story",
    ),
    "a version that is a text": (changed(GOOD, version="new"), "no-story"),
}


def folder_of(tmp_path: Path, *lines: bytes) -> Path:
    day = tmp_path / "stories" / "a.example" / "2026" / "11" / "25"
    day.mkdir(parents=True)
    (day / "run-0001.jsonl").write_bytes(b"".join(lines))
    return tmp_path / "stories"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_line_is_counted(tmp_path: Path, name: str) -> None:
    raw, reason = HOSTILE[name]
    ledger = read_ledger(folder_of(tmp_path, GOOD, raw))
    assert dict(ledger.refused) == {reason: 1}
    assert ledger.stories == {"a.example": 1}


def test_the_table(tmp_path: Path) -> None:
    lines = [
        line("a.example", "1", last=" (Yonhap)"),
        line("a.example", "2", byline="mit dpa"),
        line("a.example", "3"),
        line("b.example", "1", last=" (Yonhap)"),
        line("b.example", "2", last=" (Yonhap)"),
    ]
    ledger = read_ledger(folder_of(tmp_path, *lines))
    found = {key: (cell.stories, cell.originator, cell.contributor) for key, cell in ledger.cells.items()}
    assert found == {
        ("a.example", "yonhap"): (1, 1, 0), ("a.example", "dpa"): (1, 0, 1), ("a.example", NOBODY): (1, 0, 0),
        ("b.example", "yonhap"): (2, 2, 0),
    }  # fmt: skip
    assert ledger.agencies() == ["yonhap", "dpa"] and ledger.sources() == ["a.example", "b.example"]
    example = ledger.cells["b.example", "yonhap"].examples[0]
    assert (example.text, example.kind, example.url) == ("(Yonhap)", "closing-credit", "https://b.example/1")
    text = "\n".join(table(ledger, 1))
    assert re.search(r"^a\.example +3 +1 +1 +· +1$", text, re.M) and "closing-credit: '(Yonhap)'" in text
    assert json.loads(json.dumps(ledger.as_json()))["cells"][0]["stories"] == 2


def test_the_latest_version_counts(tmp_path: Path) -> None:
    lines = [
        line("a.example", "1", version=2, last=" (AFP)"),
        line("a.example", "1", last=" (Yonhap)"),
        line("a.example", "2", last=" (Yonhap)"),
        line("a.example", "2", version=2),
    ]
    ledger = read_ledger(folder_of(tmp_path, *lines))
    assert {key: cell.stories for key, cell in ledger.cells.items() if cell.stories} == {
        ("a.example", "afp"): 1, ("a.example", NOBODY): 1,
    }  # fmt: skip
    assert ledger.cells["a.example", "yonhap"].examples == []


def test_a_credit_of_a_copy_is_told_apart(tmp_path: Path) -> None:
    entry = json.loads(GOOD)["attribution"][0]
    entry["evidence"] = [{"where": "copy", "kind": "copy", "text": "(Yonhap)", "start": None, "end": None, "of": "b:1"}]
    ledger = read_ledger(folder_of(tmp_path, changed(GOOD, attribution=[entry])))
    assert ledger.cells["a.example", "yonhap"].from_copies == 1
    assert "1 of them known from a copy" in credits_page(ledger)


def test_the_plot_is_whole_and_runs_nothing(tmp_path: Path) -> None:
    evil = changed(GOOD, id="x:1", headline="<script>alert(1)</script>", url="javascript:alert(2)")
    ledger = read_ledger(folder_of(tmp_path, line("b.example", "1", byline="AFP"), evil))
    page = credits_page(ledger)
    assert "<script" not in page and "javascript:" not in page.replace("&lt;", "")
    svg = re.search(r"<svg.*</svg>", page, re.S)
    assert svg is not None
    tree = ElementTree.fromstring(svg.group())
    assert len(tree.findall(".//{http://www.w3.org/2000/svg}circle")) == 2
    assert credits_page(read_ledger(tmp_path / "nowhere")).count("<svg") == 1


def run(*args: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "newscrawl.__main__", "credits", *args, "-s", f"NEWSCRAWL_OUTPUT_DIR={folder}"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def test_the_command(tmp_path: Path) -> None:
    folder_of(tmp_path, GOOD, changed(GOOD, id="a.example:2", headline="\x1b[31mred"))
    done = run(folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "a.example <- yonhap (2)" in done.stdout and "\x1b" not in done.stdout
    assert "<svg" in (tmp_path / "credits.html").read_text("utf-8")
    as_json = run("--json", folder=tmp_path)
    assert json.loads(as_json.stdout)["cells"][0]["agency"] == "yonhap"
    assert run("--examples", "9", folder=tmp_path).returncode != 0
    assert run("--nonsense", folder=tmp_path).returncode != 0


@pytest.mark.parametrize(
    "command", [["list"], ["crawl", "yonhap"], ["credits"], ["explain", "page.html"]], ids=lambda c: c[0]
)
def test_a_wrong_agencies_file_is_one_line_and_no_traceback(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "page.html").write_bytes(made_page())
    (tmp_path / "mine.toml").write_text('[quay]\nname = "Quay Press"\ncolour = 1', "utf-8")
    options = ["-s", f"NEWSCRAWL_AGENCIES_FILE={tmp_path / 'mine.toml'}", "-s", f"NEWSCRAWL_OUTPUT_DIR={tmp_path}"]
    args = [sys.executable, "-m", "newscrawl.__main__", *command, *options]
    done = subprocess.run(args, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "mine.toml: [quay]: colour: no such key; allowed are name" in done.stderr and "Traceback" not in done.stderr


def test_a_command_reads_with_the_users_agencies(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(made_page(first="OSLO (QP) - "))
    (tmp_path / "mine.toml").write_text('[quay]\nname = "Quay Press"\ncodes = ["QP"]', "utf-8")
    options = ["-o", "seen.html", "-s", f"NEWSCRAWL_AGENCIES_FILE={tmp_path / 'mine.toml'}"]
    args = [sys.executable, "-m", "newscrawl.__main__", "explain", "page.html", *options]
    subprocess.run(args, cwd=tmp_path, capture_output=True, timeout=60, check=True)
    assert "Quay Press" in (tmp_path / "seen.html").read_text("utf-8")
