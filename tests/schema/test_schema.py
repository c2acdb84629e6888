"""Every reader reads every file alike, whatever the first lines hold."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import pytest

from newscrawl.items import Author, Dateline, Media, Story
from newscrawl.schema import arrow_schema, datasets_features, duckdb_view, json_schema
from newscrawl.schema.__main__ import generated
from newscrawl.storage.jsonl import line_of
from tests.stories import make_story

duckdb = pytest.importorskip("duckdb")


def empty_story() -> Story:
    """A line in which every optional field is null or empty."""
    story = make_story(
        "1", paragraphs=["Nobody wrote this sentence, and nothing is known of the day it was written on."]
    )
    story.attribution, story.agency, story.language, story.summary = [], None, None, None
    return story


def full_story() -> Story:
    """A line in which the optional fields have values, hostile ones among them."""
    story = make_story("2")
    story.authors = [Author(name="Ada Brandt", raw="By Ada Brandt")]
    story.dateline = Dateline(text="SEOUL, Nov. 23 (Yonhap) --", place="SEOUL", date="2026-11-23")
    story.published_at, story.published_offset, story.published_date = "2026-11-23T00:30:00Z", "+09:00", "2026-11-23"
    story.published_raw, story.updated_at = "Nov. 23, 2026 09:30", "2026-11-23T01:00:00Z"
    story.media = [Media(type="image", url="https://p.example/q.jpg", caption="A quay.", credit="Yonhap")]
    story.summary = 'U+2028 \u2028, U+0085 \x85, quotes " and \\, emoji \U0001f600, CJK 연합뉴스, =HYPERLINK("x")'
    story.section, story.tags, story.language = ["National"], ["quay"], "en"
    return story


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """One file with empty lines before a full one, and one the other way round."""
    empty, full = line_of(empty_story()), line_of(full_story())
    (tmp_path / "a.jsonl").write_bytes(empty * 3 + full)
    (tmp_path / "b.jsonl").write_bytes(full + empty * 3)
    return [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]


def test_every_line_fits_the_json_schema(files: list[Path]) -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    validator.check_schema(json_schema())
    for path in files:
        for line in path.read_text("utf-8").splitlines():
            assert not [error.message for error in validator.iter_errors(json.loads(line))]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"version": "1"}, "version"),
        ({"agency": 3}, "agency"),
        ({"kind": "poem"}, "kind"),
        ({"published_at": "yesterday"}, "published_at"),
        ({"text": None}, "text"),
    ],
)
def test_a_wrong_line_does_not_fit(change: dict[str, Any], complaint: str) -> None:
    errors = list(jsonschema.Draft202012Validator(json_schema()).iter_errors(asdict(full_story()) | change))
    assert [error.path[0] for error in errors] == [complaint]


def test_keys_stand_in_the_record_s_order() -> None:
    line = json.loads(line_of(empty_story()))
    assert list(line) == list(json_schema()["properties"]) == list(asdict(full_story()))


def test_five_readers_agree(files: list[Path]) -> None:
    import pandas

    for path in files:
        records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        assert [orjson.loads(line) for line in path.read_bytes().splitlines()] == records
        frame = pandas.read_json(path, lines=True, dtype=False)
        for name in ("id", "summary", "text", "published_at", "authors", "cluster"):
            values = [None if value is None or value != value else value for value in frame[name]]
            assert values == [record[name] for record in records]
        rows = duck(
            path, "SELECT id, summary, text, strftime(published_at, '%Y-%m-%dT%H:%M:%SZ'), authors, cluster FROM lines"
        )
        names = ("id", "summary", "text", "published_at", "authors", "cluster")
        assert rows == [tuple(record[name] for name in names) for record in records]


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
def test_jq_agrees(files: list[Path]) -> None:
    for path in files:
        printed = subprocess.run(["jq", "-c", ".", path], capture_output=True, text=True, check=True).stdout
        records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        assert [json.loads(line) for line in printed.split("\n") if line] == records


def duck(path: Path, query: str) -> list[tuple[Any, ...]]:
    connection = duckdb.connect()
    for statement in duckdb_view(str(path)).split(";\n"):
        connection.execute(statement)
    rows: list[tuple[Any, ...]] = connection.execute(query).fetchall()
    return rows


def test_the_duckdb_views(files: list[Path]) -> None:
    both = files[0].parent / "*.jsonl"
    assert duck(both, "SELECT count(*) FROM lines") == [(8,)]
    assert duck(both, "SELECT count(*) FROM stories") == [(2,)]
    assert duck(both, "SELECT agency FROM stories WHERE published_at > TIMESTAMP '2026-01-01'") == [("yonhap",)]
    assert duck(both, "SELECT attribution[1].evidence[1].text FROM stories WHERE agency IS NOT NULL") == [("(Yonhap)",)]


def test_arrow_and_polars(files: list[Path]) -> None:
    import polars
    import pyarrow.json

    options = pyarrow.json.ParseOptions(explicit_schema=arrow_schema(), unexpected_field_behavior="error")
    for path in files:
        table = pyarrow.json.read_json(path, parse_options=options)
        assert table.schema.equals(arrow_schema()) and table.num_rows == 4
        assert polars.from_arrow(table).shape == (4, len(arrow_schema()))
        assert {str(value) for value in table["published_date"].to_pylist()} == {"None", "2026-11-23"}


def test_datasets(files: list[Path], tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    datasets.disable_progress_bars()
    for path in files:
        loaded = datasets.load_dataset(
            "json",
            data_files=str(path),
            features=datasets_features(),
            cache_dir=str(tmp_path / path.stem),
            split="train",
        )
        assert loaded.num_rows == 4
        assert {str(row["published_date"]) for row in loaded} == {"None", "2026-11-23"}
        assert sum(len(row["authors"]) for row in loaded) == 1


@pytest.mark.parametrize("path", generated(), ids=lambda path: path.name)
def test_the_generated_files_are_up_to_date(path: Path) -> None:
    assert path.read_text("utf-8") == generated()[path], "run `python -m newscrawl.schema`"
