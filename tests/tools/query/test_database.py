"""Views over files as they lie: what is a line, what is none, what the limits hold."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import orjson
import pytest

from newscrawl.tools.query import CorpusError, QueryLimits, broken_lines, open_corpus
from newscrawl.tools.query.broken import MAX_LINE_BYTES
from tests.tools.query.made import write_lines

COUNT = "SELECT count(*) FROM lines"


def test_lines_and_stories(output: Path, records: list[dict[str, Any]]) -> None:
    with open_corpus(output) as corpus:
        rows = corpus.sql("SELECT id, version, text, published_at, source.id FROM lines ORDER BY id, version")
        expected = sorted((r["id"], r["version"], r["text"]) for r in records)
        assert [row[:3] for row in rows] == expected
        newest: dict[str, int] = {}
        for record in records:
            if record["cluster"]["relation"] == "first":
                newest[record["id"]] = max(record["version"], newest.get(record["id"], 0))
        assert dict(corpus.sql("SELECT id, version FROM stories")) == newest
        assert {row[0] for row in corpus.sql("SELECT DISTINCT file FROM lines")} == {s.path for s in corpus.segments}


@pytest.mark.parametrize(
    "relative", ["", "stories", "stories/site-1", "stories/site-1/2026/09/01/20260901T000000Z-000001-0001.jsonl"]
)
def test_any_path(output: Path, relative: str) -> None:
    with open_corpus(output / relative) as corpus:
        assert corpus.sql(COUNT) == [(20 if "site-1" in relative else 60,)]


def test_a_copy_of_a_file_makes_no_second_story(output: Path) -> None:
    path = sorted((output / "stories").rglob("*.jsonl"))[0]
    with open_corpus(output) as corpus:
        stories = corpus.sql("SELECT id, version, text FROM stories ORDER BY id")
        path.with_name("backup.jsonl").write_bytes(path.read_bytes())
        assert corpus.refresh() and corpus.sql("SELECT id, version, text FROM stories ORDER BY id") == stories


def test_a_path_without_lines(tmp_path: Path) -> None:
    with open_corpus(tmp_path) as corpus:
        assert corpus.sql(COUNT) == [(0,)] and corpus.sql("SELECT * FROM stories") == []
    with pytest.raises(CorpusError, match=r"nowhere: no such folder or file"):
        open_corpus(tmp_path / "nowhere")


WHOLE = b'{"id":"a:1","version":1,"source":{"id":"a"},"cluster":{"id":"a:1","relation":"first"},"crawl":{"fetched_at":"2026-11-23T00:00:00Z"}'
BROKEN = [
    ("torn", WHOLE[:50], "no JSON"),
    ("bytes that are no text", b"\x00\xff\xfe", "no JSON"),
    ("an array", b"[1,2]", "a JSON list"),
    ("a number", b"3", "a JSON int"),
    ("null", b"null", "a JSON NoneType"),
    ("an empty object", b"{}", "no value at `id`"),
    ("another's object", b'{"title":"x"}', "no value at `id`"),
    ("two objects", WHOLE + b"}" + WHOLE + b"}", "no JSON"),
    ("a source that is a number", WHOLE.replace(b'{"id":"a"}', b"5") + b"}", "no value at `source.id`"),
    ("deep", b'{"id":' + b"[" * 5000 + b"]" * 5000 + b"}", "no JSON"),
    ("a byte order mark", b"\xef\xbb\xbf" + WHOLE + b"}", "no JSON"),
]  # fmt: skip
FINE = [
    ("a blank line", b"", 0),
    ("white space", b"   ", 0),
    ("a line with what the record has not", WHOLE + b',"extra":1}', 1),
    ("a carriage return", WHOLE + b"}\r", 1),
    ("a text of 3 MB", WHOLE + b',"text":"' + b"a" * 3_000_000 + b'"}', 1),
]  # fmt: skip


@pytest.mark.parametrize("ending", [".jsonl", ".jsonl.part"])
@pytest.mark.parametrize(("line", "reason"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_a_broken_line_costs_itself_alone(
    tmp_path: Path, records: list[dict[str, Any]], line: bytes, reason: str, ending: str
) -> None:
    whole = orjson.dumps(records[0]) + b"\n"
    (tmp_path / f"x{ending}").write_bytes(whole + line + b"\n" + whole)
    with open_corpus(tmp_path) as corpus:
        assert corpus.sql(COUNT) == [(2,)]
        assert corpus.broken() == {str(tmp_path / f"x{ending}"): 1}
        (found,) = broken_lines(corpus.segments[0])
    assert found.line == 2 and reason in found.reason


@pytest.mark.parametrize(("line", "lines"), [row[1:] for row in FINE], ids=[row[0] for row in FINE])
def test_what_is_no_damage(tmp_path: Path, records: list[dict[str, Any]], line: bytes, lines: int) -> None:
    whole = orjson.dumps(records[0]) + b"\n"
    (tmp_path / "x.jsonl").write_bytes(whole + line + b"\n" + whole)
    with open_corpus(tmp_path) as corpus:
        assert corpus.sql(COUNT) == [(2 + lines,)]
        assert corpus.broken() == {} and list(broken_lines(corpus.segments[0])) == []


def test_a_line_beyond_all_bounds(tmp_path: Path, records: list[dict[str, Any]]) -> None:
    whole = orjson.dumps(records[0]) + b"\n"
    (tmp_path / "x.jsonl").write_bytes(
        whole + WHOLE + b',"text":"' + b"a" * (2 * MAX_LINE_BYTES + 10) + b'"}\n' + whole
    )
    with open_corpus(tmp_path) as corpus:
        assert [(b.line, b.reason[:11]) for b in broken_lines(corpus.segments[0])] == [(2, "longer than")]
        assert corpus.sql("SELECT file, count(*) FROM lines GROUP BY file") == [(str(tmp_path / "x.jsonl"), 2)]
        assert corpus.broken() == {str(tmp_path / "x.jsonl"): 1}


@pytest.mark.parametrize("cut", [1, 40, 400])
def test_an_open_file_is_read_up_to_its_last_whole_line(
    tmp_path: Path, records: list[dict[str, Any]], cut: int
) -> None:
    path = write_lines(tmp_path / "x.jsonl.part", records[:3])
    path.write_bytes(path.read_bytes() + orjson.dumps(records[4])[:cut])
    with open_corpus(tmp_path) as corpus:
        assert corpus.sql(COUNT) == [(3,)] and corpus.broken() == {}


def test_refresh_sees_what_a_crawl_did(output: Path, records: list[dict[str, Any]]) -> None:
    with open_corpus(output) as corpus:
        assert not corpus.refresh()
        part = write_lines(output / "stories/site-9/a.jsonl.part", records[:4])
        assert corpus.refresh() and corpus.sql(COUNT) == [(64,)]
        part.rename(part.with_suffix(""))  # without a refresh: the query finds the new name by itself
        assert corpus.sql(COUNT) == [(64,)]


def test_threads_share_a_corpus(output: Path) -> None:
    counts: list[Any] = []
    with open_corpus(output, limits=QueryLimits(memory_mb=512, threads=2)) as corpus:
        threads = [threading.Thread(target=lambda: counts.append(corpus.sql(COUNT))) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert counts == [[(60,)]] * 6
        assert corpus.sql("SELECT current_setting('threads'), current_setting('memory_limit')") == [(2, "488.2 MiB")]


def test_values_are_bound(output: Path) -> None:
    with open_corpus(output) as corpus:
        assert corpus.sql("SELECT count(*) FROM lines WHERE id = ?", ["x' OR 1=1 --"]) == [(0,)]


def test_names_of_files_are_no_sql(tmp_path: Path, records: list[dict[str, Any]]) -> None:
    for name in ("a'); DROP VIEW lines; --", "*", "[x]", "ü {a}"):
        write_lines(tmp_path / f"{name}.jsonl", records[:1])
    with open_corpus(tmp_path) as corpus:
        assert corpus.sql(COUNT) == [(4,)]


def test_files_that_a_writer_takes_away_all_the_time_are_held(output: Path, records: list[dict[str, Any]]) -> None:
    """Each look at the folder is followed by a rename, as where a crawl closes files faster than a query begins."""
    with open_corpus(output, use_columns=False) as corpus:
        expected = corpus.sql("SELECT count(*) FROM lines")
        names = corpus.sql("SELECT DISTINCT file FROM lines")
        moved = Path(names[0][0])
        look = corpus.planned

        def planned_and_renamed() -> Any:
            nonlocal moved
            plan = look()
            if not corpus.held:
                moved = moved.rename(moved.with_name(f"x{moved.name}"))
            return plan

        corpus.planned = planned_and_renamed  # type: ignore[method-assign]
        corpus.refresh()
        assert corpus.sql("SELECT count(*) FROM lines") == expected
        assert corpus.held
        found = {row[0] for row in corpus.sql("SELECT DISTINCT file FROM lines")}
        assert len(found) == len(names) and all(name.startswith(str(output)) for name in found), "under their own names"
    assert not Path(corpus.spill.name).exists() and moved.exists()
