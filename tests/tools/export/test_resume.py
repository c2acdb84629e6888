"""A kill at any instant: never half a file under the final name, and the same command ends with the whole."""

from __future__ import annotations

import gzip
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from newscrawl.storage.lock import LockHeld
from newscrawl.tools.export import sqlite as sqlite_export
from newscrawl.tools.export import stream
from newscrawl.tools.export.formats import export
from newscrawl.tools.query import open_corpus
from newscrawl.tools.query.filters import Filter
from tests.tools.query.made import write_lines


class Killed(Exception):
    """Stands for the end of the process: nothing after it runs."""


def run(output: Path, name: str, target: Path, wanted: Filter | None = None, *, is_unique: bool = False) -> int:
    with open_corpus(output) as corpus:
        return export(corpus, target, name, wanted or Filter(), is_unique=is_unique).written


@pytest.mark.parametrize("is_unique", [False, True])
@pytest.mark.parametrize("target", ["a.csv", "a.csv.gz"])
@pytest.mark.parametrize("after", [1, 19, 20, 21, 59])
def test_text_goes_on(output: Path, monkeypatch: pytest.MonkeyPatch, target: str, after: int, is_unique: bool) -> None:
    whole, cut = output.parent / f"whole-{target}", output.parent / target
    run(output, "csv", whole, is_unique=is_unique)
    monkeypatch.setattr(stream, "CHECKPOINT_SECONDS", 0.0)
    checkpoint, calls = stream.TextFile.checkpoint, [0]

    def dying(self: stream.TextFile, place: tuple[int, int]) -> None:
        checkpoint(self, place)
        calls[0] += 1
        if calls[0] == min(after, 45):
            self.write(b"torn, never to be seen")
            raise Killed

    monkeypatch.setattr(stream.TextFile, "checkpoint", dying)
    with pytest.raises(Killed):
        run(output, "csv", cut, is_unique=is_unique)
    assert not cut.exists()
    monkeypatch.setattr(stream.TextFile, "checkpoint", checkpoint)
    again = run(output, "csv", cut, is_unique=is_unique)
    read = (lambda path: gzip.decompress(path.read_bytes())) if target.endswith(".gz") else Path.read_bytes
    assert read(cut) == read(whole)
    assert again == lines_of(whole) - min(after, 45)
    assert not list(output.parent.glob("*.part")) and not list(output.parent.glob("*.cursor"))


def lines_of(path: Path) -> int:
    import csv
    import io

    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return sum(1 for _ in csv.reader(io.StringIO(content.decode(), newline=""))) - 1


def test_another_command_or_other_files_start_over(output: Path, records: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    target = output.parent / "a.csv"
    monkeypatch.setattr(stream, "CHECKPOINT_SECONDS", 0.0)
    finish = stream.TextFile.finish

    def dying(self: stream.TextFile) -> None:
        raise Killed

    for change in ("filter", "files", "cursor"):
        monkeypatch.setattr(stream.TextFile, "finish", dying)
        with pytest.raises(Killed):
            run(output, "csv", target)
        monkeypatch.setattr(stream.TextFile, "finish", finish)
        if change == "filter":
            assert run(output, "csv", target, Filter(language=("ko",))) == sum(r["language"] == "ko" for r in records)
            continue
        if change == "files":
            write_lines(output / "stories/a.jsonl", records[:1])
        else:
            (output.parent / "a.csv.cursor").write_bytes(b'{"key":')
        assert run(output, "csv", target) == 61


def test_two_at_once(output: Path) -> None:
    target = output.parent / "a.csv"
    holder = "import fcntl,sys,time; f=open(sys.argv[1],'ab'); fcntl.lockf(f,fcntl.LOCK_EX); print('held',flush=True); time.sleep(60)"
    with subprocess.Popen(
        [sys.executable, "-c", holder, f"{target}.part"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == "held\n"
        with pytest.raises(LockHeld, match="another export is writing it"):
            run(output, "csv", target)
        process.kill()
    assert run(output, "csv", target) == 60


def test_sqlite_goes_on(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = output.parent / "a.sqlite"
    monkeypatch.setattr(sqlite_export, "GROUP_LINES", 7)
    finish = sqlite_export.finish

    def dying(database: sqlite3.Connection) -> None:
        raise Killed

    monkeypatch.setattr(sqlite_export, "finish", dying)
    with pytest.raises(Killed):
        run(output, "sqlite", target)
    assert not target.exists()
    database = sqlite3.connect(f"{target}.part")
    database.execute("DELETE FROM lines WHERE rowid > 21")
    place = database.execute("SELECT segment, place FROM export").fetchone()
    database.close()
    assert place[0] == 2
    monkeypatch.setattr(sqlite_export, "finish", finish)
    assert run(output, "sqlite", target) == 0  # all of it had been written
    Path(f"{target}.part").write_bytes(b"damaged" * 1000)
    assert run(output, "sqlite", target) == 60
    assert sqlite3.connect(target).execute("SELECT count(*) FROM lines").fetchone() == (60,)


@pytest.mark.parametrize(("name", "delay_seconds"), [("csv", 1.2), ("parquet", 1.0), ("sqlite", 1.4)])
def test_kill_9(output: Path, records: list[dict[str, Any]], name: str, delay_seconds: float) -> None:
    for number in range(3):
        write_lines(
            output / f"stories/many/{number}.jsonl",
            [dict(r, id=f"m{number}x{n}:1") for n in range(20) for r in records[:40]],
        )
    target = output.parent / f"a.{name}"
    command = [sys.executable, "-m", "newscrawl.__main__", "export", str(output), "-o", str(target), "--to", name]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not Path(f"{target}.part").exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    time.sleep(delay_seconds / 10)
    process.send_signal(signal.SIGKILL)
    is_done = process.wait() == 0
    assert target.exists() or not is_done  # one that was killed may have had its name already: then it must be whole
    run(output, name, target)
    with open_corpus(output) as corpus:
        expected = corpus.sql("SELECT count(*), count(DISTINCT (id, version)) FROM lines")[0]
    assert counted(target, name) == (expected[1] if name == "sqlite" else expected[0])


def counted(target: Path, name: str) -> int:
    import duckdb

    if name == "csv":
        return lines_of(target)
    if name == "sqlite":
        return int(sqlite3.connect(target).execute("SELECT count(*) FROM lines").fetchone()[0])
    return int(duckdb.execute("SELECT count(*) FROM read_parquet(?)", [str(target)]).fetchall()[0][0])
