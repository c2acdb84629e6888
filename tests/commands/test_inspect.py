"""`scrapy inspect` and `scrapy validate` as commands."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from rich.console import Console

from newscrawl.tools.query import open_corpus
from newscrawl.tools.query.filters import Filter
from newscrawl.tools.query.packing import pack_all
from newscrawl.tools.reports.overview import overview
from newscrawl.tools.reports.story_view import evidence_spans, parts
from newscrawl.tools.reports.terminal import marked_text
from tests.conftest import Site
from tests.tools.query.made import write_lines


@pytest.mark.parametrize("is_packed", [False, True])
def test_overview(output: Path, records: list[dict[str, Any]], is_packed: bool) -> None:
    if is_packed:
        pack_all(output)
    with open_corpus(output) as corpus:
        found = overview(corpus, Filter(), 5)
    total = found.total
    assert (total.lines, total.stories, total.versions, total.copies) == (60, 57, 3, 6)
    assert total.oldest == min(r["published_at"] for r in records)
    assert total.newest == max(r["published_at"] for r in records)
    for name, groups in found.by.items():
        assert sum(group.lines for group in groups) == 60, name
    rates = {group.value: group.filled for group in found.by["site"]}
    assert rates["north-wire"]["agency"] == 1.0 and 0 < rates["east-portal"]["agency"] < 1
    none = next(group for group in found.by["agency"] if group.value is None)
    assert none.lines == sum(r["agency"] is None for r in records)
    assert [s["moment"] for s in found.stories] == sorted((r["published_at"] for r in records), reverse=True)[:5]


def test_overview_of_nothing(tmp_path: Path) -> None:
    with open_corpus(tmp_path) as corpus:
        found = overview(corpus, Filter(), 5)
    assert found.total.lines == 0 and found.stories == [] and found.broken == {}


def test_the_command(site: Site, output: Path, records: list[dict[str, Any]]) -> None:
    path = sorted((output / "stories").rglob("*.jsonl"))[0]
    path.write_bytes(path.read_bytes() + b'{"torn":\n')
    shown = site.run("inspect", str(output))
    assert shown.returncode == 0, shown.stderr
    assert (
        "60 lines" in shown.stdout and "north-wire" in shown.stdout and ":21: no JSON" in shown.stdout.replace("\n", "")
    )
    detail = json.loads(site.run("inspect", str(output), "--agency", "northwire", "--json", "--limit", "2").stdout)
    assert detail["total"]["lines"] == sum(r["agency"] == "northwire" for r in records) and len(detail["stories"]) == 2
    assert detail["broken"] == {str(path): 1}


def test_one_story(site: Site, output: Path, records: list[dict[str, Any]]) -> None:
    record = records[1]
    shown = site.run("inspect", str(output), record["id"]).stdout
    assert f"__({record['agency'].title()})__" in shown if record["agency"] else record["id"] in shown
    assert "Carried by" in shown and records[2]["id"] in shown
    detail = json.loads(site.run("inspect", str(output), record["id"], "--json").stdout)
    assert detail["versions"] == [record] and [line["id"] for line in detail["others"]] == [records[2]["id"]]


@pytest.mark.parametrize(
    ("args", "code", "complaint"),
    [
        (("nobody:1",), 2, "no line has the id 'nobody:1'"),
        (("nothing-there",), 2, "is not a path that exists or an id"),
        (("a:1", "--agency", "x"), 2, "cannot be combined"),
    ],
)
def test_wrong_use(site: Site, output: Path, args: tuple[str, ...], code: int, complaint: str) -> None:
    (site.folder / "output/stories").mkdir(parents=True, exist_ok=True)
    done = site.run("inspect", *args)
    assert done.returncode == code and complaint in done.stderr + done.stdout


def line_with(text: str, *spans: tuple[Any, Any, str]) -> dict[str, Any]:
    evidence = [{"start": start, "end": end, "text": words} for start, end, words in spans]
    return {"text": text, "attribution": [{"evidence": evidence}]}


SPANS = [
    ("plain", line_with("abc (Yonhap)", (4, 12, "(Yonhap)")), [(4, 12)]),
    ("two", line_with("AP abc AP", (0, 2, "AP"), (7, 9, "AP")), [(0, 2), (7, 9)]),
    ("overlapping", line_with("abcdef", (0, 3, "abc"), (2, 5, "cde")), [(0, 5)]),
    ("astral letters count one each", line_with("\U0001f600 (AP)", (2, 6, "(AP)")), [(2, 6)]),
    ("elsewhere", line_with("abc", (None, None, "AP")), []),
    ("does not stand there", line_with("abc", (0, 2, "xy")), []),
    ("beyond the end", line_with("abc", (2, 9, "c")), []),
    ("below zero", line_with("abc", (-1, 3, "c")), []),
    ("turned round", line_with("abc", (2, 1, "")), []),
    ("no text", line_with("", (0, 1, "a")), []),
]  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), [row[1:] for row in SPANS], ids=[row[0] for row in SPANS])
def test_evidence_spans(line: dict[str, Any], expected: list[tuple[int, int]]) -> None:
    assert evidence_spans(line) == expected
    assert "".join(piece for piece, _ in parts(line)) == line["text"]


def test_a_text_cannot_steer_the_terminal_and_evidence_is_underlined() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, color_system="truecolor", width=80)
    line = line_with("[red]\x1b[2J[/red]\n\n(AP)", (17, 21, "(AP)"))
    console.print(marked_text(console, parts(line)))
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "\x1b[2J" not in shown and "[red]\\x1b[2J" in shown and "\x1b[1;4m(AP)" in shown


def test_validate(site: Site, output: Path, records: list[dict[str, Any]]) -> None:
    assert site.run("validate", str(output)).returncode == 0
    wrong = dict(records[0], kind="poem")
    path = write_lines(output / "stories/site-9/a.jsonl", [records[0], wrong])
    path.write_bytes(path.read_bytes() + b"{\n" + orjson.dumps(records[1])[:50])
    done = site.run("validate", str(output))
    assert done.returncode == 1
    assert done.stdout.splitlines()[0].startswith(f"{path}:2: kind: 'poem' is not one of article, brief")
    assert [line.split(":")[1] for line in done.stdout.splitlines()] == ["2", "3", "4"]
    assert "64 lines in 4 files, 3 of them wrong" in done.stderr
    detail = [json.loads(line) for line in site.run("validate", str(path), "--json").stdout.splitlines()]
    assert [(bad["line"], bad["field"]) for bad in detail] == [(2, "kind"), (3, ""), (4, "")]
    path.rename(path.with_name("a.jsonl.part"))  # being written: its torn end is not yet a line
    assert len(site.run("validate", str(output), "--json").stdout.splitlines()) == 2
