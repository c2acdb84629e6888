"""Many small files gathered into one: the answers are those that DuckDB gives over the files themselves."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import orjson
import pytest

from newscrawl.storage.lock import Lock
from newscrawl.tools.query import CorpusError, QueryLimits, open_corpus, packing
from newscrawl.tools.query.packing import pack_all, pack_now
from tests.tools.query.made import write_lines

ALL = "SELECT id, version, headline, attribution, crawl, file FROM lines ORDER BY file, id, version"
COUNT = "SELECT file, count(*) FROM raw GROUP BY file ORDER BY file"
FILE = "stories/site/2026/09/01/20260901T000000Z-00000a-0001.jsonl"


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "MANY_FILES", 2)
    monkeypatch.setattr(packing, "WORTH_FILES", 2)


def answers(output: Path, **options: Any) -> tuple[Any, ...]:
    with open_corpus(output, **options) as corpus:
        return corpus.sql(ALL), corpus.sql(COUNT), corpus.broken()


def own_line(records: list[dict[str, Any]]) -> bytes:
    return orjson.dumps(records[0] | {"id": "odd:1"}) + b"\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(b"", b"", id="as newscrawl writes it"),
        pytest.param(b"", b"{}\n", id="an empty object"),
        pytest.param(b"", b'{"id": \n', id="torn"),
        pytest.param(b"", b'{"id":"odd:2"}\n', id="an object that is no record"),
        pytest.param(b"", b"nonsense\n", id="no object"),
        pytest.param(b"\n", b"\n", id="blank lines"),
        pytest.param(b" ", b"", id="a space before"),
        pytest.param(b"", b'{"file of the line":"elsewhere","id":"odd:3"}\n', id="a key like ours"),
        pytest.param(b"", b'{"file":"elsewhere","id":"odd:3"}\n', id="a key named file"),
        pytest.param(b"", b"{}", id="no line break at the end"),
        pytest.param(b"", b"\r\n", id="a carriage return"),
        pytest.param(b"", b'{"id":"\xff\xfe"}\n', id="no UTF-8"),
        pytest.param(b"", b"{" * 200 + b"\n", id="deep"),
    ],
)
def test_odd_files_count_as_they_do_alone(
    output: Path, records: list[dict[str, Any]], before: bytes, after: bytes
) -> None:
    path = output / FILE
    path.parent.mkdir(parents=True)
    path.write_bytes(before + own_line(records) + after)
    plain = answers(output, use_columns=False)
    assert pack_all(output) == 1
    with open_corpus(output) as corpus:
        assert corpus.plan.parts == ["packs"]
    assert answers(output) == plain


@pytest.mark.parametrize("name", ["it's", "a*[b]?", "ünï 한", 'quo"te', "back\\slash"])
def test_names_of_files(output: Path, records: list[dict[str, Any]], name: str) -> None:
    write_lines(output / "stories" / name / "x.jsonl", [records[0] | {"id": "odd:1"}])
    plain = answers(output, use_columns=False)
    assert pack_all(output) == 1
    assert answers(output) == plain


def test_a_folder_that_is_no_output_folder_keeps_nothing(output: Path) -> None:
    folder = output / "stories"
    plain = answers(folder, use_columns=False)
    before = sorted(output.rglob("*"))
    with open_corpus(folder) as corpus:
        assert pack_now(corpus) == 1
        assert corpus.plan.parts == ["packs"]
        assert (corpus.sql(ALL), corpus.sql(COUNT), corpus.broken()) == plain
        assert not corpus.refresh()
    assert sorted(output.rglob("*")) == before


def test_now_means_beside_the_segments_or_else_aside(output: Path) -> None:
    with Lock(output / "state/locks/columns.lock", "columns"), open_corpus(output) as corpus:
        assert pack_now(corpus) == 1 and corpus.own_packs
    assert not list(output.rglob("*.parquet"))
    with open_corpus(output) as corpus:
        assert pack_now(corpus) == 1 and not corpus.own_packs
        assert pack_now(corpus) == 0
    assert len(list(output.rglob("*.parquet"))) == 1


def test_files_that_are_merged_before_they_are_packed_are_read_where_they_are_now(output: Path) -> None:
    before = answers(output)
    with open_corpus(output) as corpus:
        first, second = (Path(segment.path) for segment in corpus.segments[:2])
        (output / "state/columns").mkdir(parents=True, exist_ok=True)
        (output / "state/columns/killed.jsonl.part").write_bytes(b"half a pack")
        merged = first.with_name("20260901-all.jsonl")
        merged.write_bytes(first.read_bytes() + second.read_bytes())  # as `compact` does
        first.unlink()
        second.unlink()
        assert pack_now(corpus) == 0
        assert len(corpus.sql(ALL)) == len(before[0])
        assert not list((output / "state").rglob("*.part"))


def test_a_copy_aside_is_not_read_once_a_file_has_changed(output: Path, records: list[dict[str, Any]]) -> None:
    with open_corpus(output / "stories") as corpus:
        pack_now(corpus)
        write_lines(Path(corpus.segments[0].path), [records[0] | {"id": "odd:1"}])
        assert corpus.refresh() and "packs" not in corpus.plan.parts
        assert corpus.sql("SELECT count(*) FROM lines WHERE id = 'odd:1'") == [(1,)]


def test_few_files_and_no_file_are_read_as_they_lie(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "WORTH_FILES", 4)
    with open_corpus(output) as corpus:
        assert pack_now(corpus) == 0
    shutil.rmtree(output / "stories")
    (output / "stories").mkdir()
    with open_corpus(output) as corpus:
        assert pack_now(corpus) == 0


def test_long_lines_are_packed_in_little_memory(output: Path, records: list[dict[str, Any]]) -> None:
    long = [records[0] | {"id": f"odd:{number}", "text": f"{number} word " * 400_000} for number in range(40)]
    write_lines(output / FILE, long)
    assert pack_all(output, QueryLimits(memory_mb=400, threads=1)) == 1
    with open_corpus(output) as corpus:
        assert corpus.sql("SELECT count(*), min(length(text)) FROM lines WHERE id LIKE 'odd:%'")[0][0] == 40


def test_what_duckdb_cannot_open_is_told_in_a_line(output: Path) -> None:
    with open_corpus(output) as corpus, pytest.raises(CorpusError, match="nowhere") as caught:
        corpus.sql(f"COPY (SELECT 1) TO '{output}/nowhere/x.csv'")
    assert "\n" not in str(caught.value)
