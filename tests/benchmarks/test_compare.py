"""`python -m benchmarks.compare` end to end on a tiny folder, and its agreement with the runner outside."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks import readers
from benchmarks.compare import main, show
from tests.benchmarks import sets
from tests.conftest import SHARED

ROOT = Path(__file__).resolve().parents[2]
RUNNER = SHARED / "bench" / "pages" / "pages_bench.py"
OWN = "tests.benchmarks.own_readers"

PAGES = {"aeb": 3, "trafilatura": 1, "attribution": 2}

needs_runner = pytest.mark.skipif(
    not (RUNNER.is_file() and (SHARED / "data").is_dir()), reason="../shared/bench and ../shared/data are not there"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    sets.write_sets(folder)
    return folder


def compare(*options: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.compare", *map(str, options)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def chosen(detail: dict[str, Any], reader: str, name: str, part: str = "figures") -> list[dict[str, Any]]:
    return [row for row in detail[part] if row["reader"].endswith(reader) and row["set"] == name]


@pytest.fixture(scope="module")
def detail(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a run of four readers over all sets says."""
    file = tmp_path_factory.mktemp("detail") / "figures.json"
    names = ("newscrawl", *(f"{OWN}:{name}" for name in ("marked", "raising", "silent")))
    chosen_readers = (word for name in names for word in ("--reader", name))
    done = compare("--data", folder, *chosen_readers, "--json", file, "--by-language", "--worst", "2")
    assert done.returncode == 0
    why = "RuntimeError: no page is good enough"
    assert done.stderr.splitlines() == [f"{OWN}:raising on {name}: {n} x {why}" for name, n in PAGES.items()]
    result: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return result | {"printed": done.stdout}


@pytest.mark.parametrize(
    ("reader", "name", "figures"),
    [
        pytest.param(
            "newscrawl", "aeb", {"pages": 3, "f1": 1.0, "exact_rate": 1.0, "crashes": 0, "empty": 0}, id="ours"
        ),
        pytest.param(
            "marked", "aeb", {"recall": 1.0, "exact_rate": 2 / 3, "crashes": 0, "empty": 0}, id="one too much"
        ),
        pytest.param("raising", "aeb", {"f1": 0.0, "recall": 0.0, "crashes": 3, "empty": 3}, id="a crash is empty"),
        pytest.param("silent", "aeb", {"f1": 0.0, "crashes": 0, "empty": 3}, id="nothing is no crash"),
        pytest.param("newscrawl", "trafilatura", {"precision": 1.0, "recall": 0.5}, id="ours by snippets"),
        pytest.param("marked", "trafilatura", {"f1": 0.5, "precision": 0.5, "recall": 0.5}, id="snippets"),
        pytest.param(
            "marked",
            "attribution",
            {"precision": 0.5, "recall": 1.0, "exact_rate": 0.5, "pages_with_a_wrong_agency": {"none": 1}},
            id="agencies",
        ),
    ],
)
def test_figures(detail: dict[str, Any], reader: str, name: str, figures: dict[str, Any]) -> None:
    (row,) = chosen(detail, reader, name)
    for key, figure in figures.items():
        assert row[key] == (figure if isinstance(figure, dict) else pytest.approx(figure)), key
    assert row["times_lxml_parse"] > 0 and row["worst_page"].startswith(name)
    assert row["worst_times_lxml_parse"] > 0 and 0 < row["worst_cpu_rate"] <= 1


def test_no_agency_and_none_said_has_no_figure(detail: dict[str, Any]) -> None:
    rows = chosen(detail, "silent", "attribution", "by_language")
    assert [(row["language"], row["f1"], row["exact_rate"]) for row in rows] == [("de", 0.0, 0.0), ("fr", None, 1.0)]


def test_by_language(detail: dict[str, Any]) -> None:
    rows = chosen(detail, "marked", "aeb", "by_language")
    assert [(row["language"], row["pages"], row["exact_rate"]) for row in rows] == [
        ("de", 1, 0.0),
        ("en", 1, 1.0),
        ("none", 1, 1.0),
    ]


@pytest.mark.parametrize(
    ("reader", "name", "worst"),
    [
        pytest.param("marked", "aeb", [("aeb-2", 0, 5), ("aeb-1", 0, 0)], id="five words too much"),
        pytest.param("raising", "aeb", [("aeb-1", 52, 0), ("aeb-2", 52, 0)], id="all missed"),
        pytest.param("marked", "trafilatura", [("trafilatura-1", 4, 2)], id="words of snippets"),
        pytest.param("marked", "attribution", [("attribution-2", 0, 1), ("attribution-1", 0, 0)], id="agencies"),
    ],
)
def test_worst(detail: dict[str, Any], reader: str, name: str, worst: list[tuple[str, int, int]]) -> None:
    rows = chosen(detail, reader, name, "worst")
    assert [(row["page"], row["missed"], row["extra"]) for row in rows] == worst


def test_what_is_printed_is_aligned_text(detail: dict[str, Any]) -> None:
    printed = detail["printed"]
    assert "\x1b" not in printed and "talks on standard output" not in printed
    blocks = [block.splitlines() for block in printed.strip().split("\n\n")]
    assert len(blocks) == 3 * 5  # figures, CPU, both by language, and the worst pages of three sets
    for _, heading, *rows in blocks:
        assert heading.startswith("reader ")
        assert {len(row) for row in rows} == {len(heading)}


def test_versions_and_date_are_told(detail: dict[str, Any]) -> None:
    assert (
        detail["versions"]["newscrawl"] and detail["measured_at"].endswith("Z") and detail["lxml"] and detail["python"]
    )


def test_a_cost_paid_once_is_no_cost_of_the_page(tmp_path: Path) -> None:
    pages = [({"body": sets.BODY, "url": f"https://harbour.example/{n}"}, sets.page()) for n in range(7)]
    pages[6][0]["url"] = "https://harbour.example/rare"  # after the warm-up
    sets.write_set(tmp_path, "aeb", pages)
    done = compare("--data", tmp_path, "--reader", f"{OWN}:slow_once", "--json", tmp_path / "figures.json")
    assert done.returncode == 0
    (row,) = json.loads((tmp_path / "figures.json").read_text("utf-8"))["figures"]
    assert row["times_lxml_parse"] > 10 * row["worst_times_lxml_parse"] > 0


def test_a_reader_that_dies_takes_nobody_down(folder: Path) -> None:
    done = compare("--data", folder, "--set", "aeb", "--reader", f"{OWN}:dying", "--reader", f"{OWN}:marked")
    assert done.returncode == 1
    assert done.stderr.startswith(f"{OWN}:dying: its process died on the set aeb")
    assert f"{OWN}:marked" in done.stdout and f"{OWN}:dying" not in done.stdout


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        pytest.param(["--reader", "newscrwl"], "no reader 'newscrwl'; there are newscrawl, trafilatura", id="reader"),
        pytest.param(["--reader", "no_such_module:read"], "No module named 'no_such_module'", id="own module"),
        pytest.param(["--reader", f"{OWN}:missing"], "has no function missing", id="own function"),
        pytest.param(["--reader", f"{OWN}:silent", "--set", "fundus"], "benchmarks.fetch_pages", id="set not there"),
        pytest.param(
            ["--reader", f"{OWN}:silent", "--json", "no/such/file"], "--json no/such/file: the folder", id="json"
        ),
        pytest.param(["--reader", "absent"], "absent needs the package absent-reader (no module absent_", id="package"),
    ],
)
def test_complaints(
    folder: Path,
    options: list[str],
    complaint: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    absent = replace(
        readers.READERS["newscrawl"], name="absent", package="absent-reader", modules=("absent_reader_module",)
    )
    monkeypatch.setitem(readers.READERS, "absent", absent)
    assert main(["--data", str(folder), *options]) == 2
    out, error = capsys.readouterr()
    assert out == "" and complaint in error and error.count("\n") == 1


def test_an_empty_folder_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path), "--reader", "newscrawl"]) == 2
    assert f"{tmp_path} holds none of the sets aeb, fundus" in capsys.readouterr().err


@pytest.mark.parametrize("number", ["0", "-3", "many"])
def test_counts_are_positive(folder: Path, number: str) -> None:
    with pytest.raises(SystemExit):
        main(["--data", str(folder), "--worst", number])


def test_a_terminal_gets_a_ruled_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[dict[str, Any]] = [{"a": "[x]", "b": 0.5, "c": None}, {"a": "y", "b": None, "c": None}]
    columns = (("name", "a", "{}"), ("share", "b", "{:.2f}"), ("unused", "c", "{}"))
    show("title", columns, rows)
    plain = capsys.readouterr().out
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    show("title", columns, rows)
    ruled = capsys.readouterr().out
    assert plain == "title\nname  share\n[x]    0.50\ny         -\n\n"
    assert "───" in ruled and "[x]" in ruled and "unused" not in ruled


SAME = {
    "aeb": {
        "f1": "f1",
        "precision": "precision",
        "recall": "recall",
        "accuracy": "exact_rate",
        "f1_std": "f1_deviation",
    },
    "trafilatura": {"f1": "f1", "precision": "precision", "recall": "recall"},
    "attribution": {"precision": "precision", "recall": "recall", "exact_set_accuracy": "exact_rate"},
}
RATES = {name: f"{name}_rate" for name in ("headline", "day", "minute", "authors")}
SAME["fundus"] = SAME["aeb"] | RATES | {"lenient_f1": "lenient_f1"}


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    file = tmp_path_factory.mktemp("ours") / "figures.json"
    names = [word for name in SAME for word in ("--set", name)]
    done = compare("--data", SHARED / "data", "--reader", "newscrawl", *names, "--limit", "10", "--json", file)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return result


@needs_runner
@pytest.mark.parametrize("name", SAME)
def test_agrees_with_the_runner_outside(name: str, ours: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "theirs.json"
    adapter = ["--adapter", "benchmarks.read_page:adapter", "--set", name, "--limit", "10", "--json", file]
    command = [sys.executable, RUNNER, "--data", SHARED / "data", *adapter]
    subprocess.run(list(map(str, command)), cwd=ROOT, check=True, capture_output=True, timeout=120)
    theirs = json.loads(file.read_text("utf-8"))
    (mine,) = chosen(ours, "newscrawl", name)
    for their_key, my_key in (SAME[name] | {"pages": "pages", "crashes": "crashes", "empty": "empty"}).items():
        assert mine[my_key] == pytest.approx(theirs[their_key], abs=0.00005), their_key
