"""Columnar copies: never stale, safe to lose, ignored when damaged, whole or not there after a kill."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from newscrawl.storage.lock import Lock
from newscrawl.tools.query import open_corpus, packing
from newscrawl.tools.query.packing import pack_all, pack_in_background
from tests.tools.query.made import write_lines

ALL = "SELECT id, version, headline, attribution, crawl, file FROM lines ORDER BY file, id, version"


def answer(output: Path, *, use_columns: bool = True) -> list[tuple[Any, ...]]:
    with open_corpus(output, use_columns=use_columns) as corpus:
        return corpus.sql(ALL)


def packs(output: Path) -> list[str]:
    with open_corpus(output) as corpus:
        return [pack.parquet.path for pack in corpus.plan.packs]


def test_the_answer_is_the_same_from_columns(output: Path) -> None:
    plain = answer(output)
    assert packs(output) == [] and pack_all(output) == 1
    with open_corpus(output) as corpus:
        assert corpus.plan.parts == ["packs"]
        assert corpus.sql(ALL) == plain
    assert pack_all(output) == 0
    assert plain == answer(output, use_columns=False)


def edit(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"version":1', b'"version":7'))


def edit_and_put_the_time_back(path: Path) -> None:
    before = path.stat()
    edit(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replace(path: Path) -> None:
    new = path.with_name("new")
    shutil.copy2(path, new)
    edit_and_put_the_time_back(new)
    new.rename(path)


CHANGES: list[Callable[[Path], object]] = [
    edit, edit_and_put_the_time_back, replace, Path.unlink,
    lambda path: path.rename(path.with_name("other.jsonl")),
    lambda path: path.write_bytes(path.read_bytes()[:-3]),
    lambda path: path.write_bytes(b""),
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=range(len(CHANGES)))
def test_a_changed_segment_is_never_read_from_a_copy(output: Path, change: Callable[[Path], object]) -> None:
    pack_all(output)
    assert len(packs(output)) == 1
    time.sleep(0.01)  # beyond the clock's grain of file times
    change(sorted((output / "stories").rglob("*.jsonl"))[1])
    assert packs(output) == []
    assert answer(output) == answer(output, use_columns=False)
    pack_all(output)
    assert len(packs(output)) == len(list((output / "state/columns").glob("*.parquet"))) == 1


def overwrite(path: Path, offset: int, content: bytes) -> None:
    """Damage that the file's times do not show."""
    before = path.stat()
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def hide_the_damage(parquet: Path) -> None:
    """The manifest says what the damaged file is, as if the disk had lost some bytes."""
    manifest = parquet.with_suffix(".json")
    content = json.loads(manifest.read_bytes())
    found = parquet.stat()
    content["parquet"] = [found.st_size, found.st_mtime_ns, found.st_ctime_ns]
    manifest.write_bytes(orjson.dumps(content))


DAMAGE: list[Callable[[Path], object]] = [
    lambda pack: pack.write_bytes(pack.read_bytes()[:2000]),
    lambda pack: pack.write_bytes(b""),
    lambda pack: overwrite(pack, pack.stat().st_size - 400, b"\xff" * 300),
    lambda pack: overwrite(pack, 4, b"\x00" * 3000),
    lambda pack: pack.with_suffix(".json").write_bytes(b'{"made_for":'),
    lambda pack: pack.with_suffix(".json").write_bytes(b"[]"),
    lambda pack: pack.with_suffix(".json").unlink(),
    Path.unlink,
    lambda pack: shutil.rmtree(pack.parent),
]


@pytest.mark.parametrize("damage", DAMAGE, ids=range(len(DAMAGE)))
def test_a_damaged_copy_is_ignored(output: Path, damage: Callable[[Path], object]) -> None:
    plain = answer(output)
    pack_all(output)
    damage(Path(packs(output)[0]))
    assert packs(output) == [] and answer(output) == plain
    pack_all(output)
    assert len(packs(output)) == 1 and answer(output) == plain


@pytest.mark.parametrize("damage", DAMAGE[:4], ids=range(4))
def test_damage_that_only_reading_shows(output: Path, damage: Callable[[Path], object]) -> None:
    plain = answer(output)
    pack_all(output)
    (pack,) = packs(output)
    damage(Path(pack))
    if Path(pack).stat().st_size:
        hide_the_damage(Path(pack))
    assert answer(output) == plain
    pack_all(output)
    assert len(packs(output)) == 1 and answer(output) == plain


def test_a_copy_that_goes_away_during_a_session(output: Path) -> None:
    pack_all(output)
    with open_corpus(output) as corpus:
        plain = corpus.sql(ALL)
        shutil.rmtree(output / "state/columns")
        assert corpus.sql(ALL) == plain


def test_new_segments_are_read_beside_the_copy_and_taken_in(output: Path, records: list[dict[str, Any]]) -> None:
    pack_all(output)
    write_lines(output / "stories/site-9/b.jsonl", records[:5])
    write_lines(output / "stories/site-9/c.jsonl.part", records[:5])
    with open_corpus(output) as corpus:
        assert corpus.sql("SELECT count(*) FROM lines") == [(70,)] and len(corpus.plan.rest) == 2
    assert pack_all(output) == 1
    with open_corpus(output) as corpus:
        assert corpus.sql("SELECT count(*) FROM lines") == [(70,)]
        assert [segment.is_open for segment in corpus.plan.rest] == [True] and len(corpus.plan.packs) == 1


def test_broken_lines_are_counted_from_copies_too(output: Path) -> None:
    path = sorted((output / "stories").rglob("*.jsonl"))[0]
    path.write_bytes(b"{]\n" + path.read_bytes())
    pack_all(output)
    with open_corpus(output) as corpus:
        assert corpus.plan.parts == ["packs"] and corpus.broken() == {str(path): 1}


def test_one_at_a_time_and_no_trouble_without_rights(output: Path) -> None:
    with Lock(output / "state/locks/columns.lock"):
        assert pack_all(output) == 0
    assert pack_all(output / "stories") == 0  # no output folder: nowhere to put copies


def test_nothing_is_started_for_little(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_corpus(output) as corpus:
        assert not pack_in_background(corpus)
        monkeypatch.setattr(packing, "WORTH_FILES", 3)
        assert pack_in_background(corpus)
    deadline = time.monotonic() + 60
    while not packs(output):
        assert time.monotonic() < deadline, "the background process made no pack"
        time.sleep(0.1)


@pytest.mark.parametrize("delay_seconds", [0.35, 0.6])
def test_a_kill_leaves_no_half_copy(output: Path, records: list[dict[str, Any]], delay_seconds: float) -> None:
    write_lines(output / "stories/site-3/many.jsonl", records * 80)
    plain = answer(output)
    process = subprocess.Popen([sys.executable, "-m", "newscrawl.tools.query", str(output)], stdout=subprocess.DEVNULL)
    time.sleep(delay_seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert answer(output) == plain
    pack_all(output)
    assert answer(output) == plain
    names = {file.name for file in (output / "state/columns").iterdir()}
    assert len(names) == 2 and not any(name.endswith(".part") for name in names)
