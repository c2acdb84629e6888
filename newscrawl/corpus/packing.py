"""Making the packs of columns.py: in a process of its own that a query starts, or in a thread of a server."""

from __future__ import annotations

import glob
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path

import orjson

from newscrawl.corpus.columns import Plan, folder_of, made_for, planned
from newscrawl.corpus.database import Corpus, Limits, open_corpus
from newscrawl.corpus.files import Segment, segment_at, top_of
from newscrawl.corpus.views import raw_query
from newscrawl.state.lock import Lock, LockHeld
from newscrawl.writers.jsonl import PART, sync_folder

PACK_BYTES = 512 * 1024 * 1024  # of lines in one pack
FULL_BYTES = PACK_BYTES // 4  # a pack from this size on is not made again to take in more
ROWS = 16_384  # of a Parquet row group: DuckDB's 122,880 stories a thread do not fit in 1 GB
WORTH_BYTES, WORTH_FILES = 64 * 1024 * 1024, 500  # with less than both left over, packing is not worth a process


def is_worth_it(plan: Plan) -> bool:
    """Whether so much lies in no pack that the next query would feel one."""
    closed = closed_rest(plan)
    size_bytes = sum(segment.size_bytes for segment in closed)
    return folder_of(plan.path) is not None and (size_bytes >= WORTH_BYTES or len(closed) >= WORTH_FILES)


def pack_in_background(corpus: Corpus) -> bool:
    """Start a process that packs what lies in no pack, if it is worth it; whether one was started.

    It outlives the command that starts it, at the lowest priority; a second one beside it ends at once.
    """
    if not corpus.use_columns or not is_worth_it(corpus.plan):
        return False
    command = [sys.executable, "-m", "newscrawl.corpus", os.path.abspath(corpus.path), str(corpus.limits.memory_mb)]
    with suppress(OSError):
        subprocess.Popen(
            command, start_new_session=True, cwd="/",
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return True
    return False


def pack_all(path: Path, limits: Limits | None = None) -> int:
    """Pack every closed segment that lies in no pack, small packs with them; how many packs were made.

    0 also where another process is at it, where the folder cannot be written, or is no output folder.
    """
    folder = folder_of(path)
    if folder is None:
        return 0
    try:
        with Lock(path / "state" / "locks" / "columns.lock", "columns"):
            folder.mkdir(exist_ok=True)
            return pack_under_lock(path, folder, limits or Limits(threads=1))
    except (LockHeld, OSError):
        return 0


def pack_under_lock(path: Path, folder: Path, limits: Limits) -> int:
    with open_corpus(path, limits=limits, use_columns=False) as corpus:
        plan = planned(path, corpus.segments)
        left = closed_rest(plan)
        small = [pack for pack in plan.packs if sum(s.size_bytes for s in pack.segments) < FULL_BYTES]
        groups = list(batches(sorted([*left, *(s for pack in small for s in pack.segments)]))) if left else []
        made = {write_pack(path, folder, group, corpus) for group in groups}
    kept = {pack.parquet.path for pack in plan.packs if not left or pack not in small}
    remove_all_but(folder, {*kept, *map(str, made)})
    return len(made)


def closed_rest(plan: Plan) -> list[Segment]:
    return [segment for segment in plan.rest if not segment.is_open]


def batches(segments: Iterable[Segment]) -> Iterator[list[Segment]]:
    """Groups of segments of up to PACK_BYTES; a larger segment is one by itself."""
    group: list[Segment] = []
    size_bytes = 0
    for segment in segments:
        if group and size_bytes + segment.size_bytes > PACK_BYTES:
            yield group
            group, size_bytes = [], 0
        group.append(segment)
        size_bytes += segment.size_bytes
    if group:
        yield group


def write_pack(path: Path, folder: Path, group: list[Segment], corpus: Corpus) -> Path:
    """Write a Parquet file, then its manifest. If a segment changes meanwhile, the manifest never fits and the pack
    never counts."""
    name = hashlib.sha256(orjson.dumps([made_for(), *map(astuple, group)])).hexdigest()[:24]
    part, parquet = folder / f"{name}.parquet{PART}", folder / f"{name}.parquet"
    plan = Plan(path, group, [], group)
    cursor = corpus.database.cursor()
    for variable, value in plan.variables.items():
        escaped = [glob.escape(path) for path in value] if isinstance(value, list) else value
        cursor.execute(f"SET VARIABLE {variable} = ?", [escaped])
    start = len(plan.variables["top"]) + 1
    query = f"SELECT * REPLACE (substr(file, {start}) AS file) FROM ({raw_query(plan.parts)})"
    quoted = str(part).replace("'", "''")
    cursor.execute(f"COPY ({query}) TO '{quoted}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROWS})")
    finish(part, parquet)
    write_manifest(path, parquet, group)
    return parquet


def write_manifest(path: Path, parquet: Path, group: list[Segment]) -> None:
    made = segment_at(str(parquet))
    assert made is not None
    top = len(str(top_of(path))) + 1
    content = {
        "made_for": made_for(),
        "parquet": astuple(made)[1:],
        "segments": [(segment.path[top:], *astuple(segment)[1:]) for segment in group],
    }
    part = parquet.with_suffix(f".json{PART}")
    part.write_bytes(orjson.dumps(content))
    finish(part, parquet.with_suffix(".json"))


def finish(part: Path, final: Path) -> None:
    """Make a file durable and give it its name."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    os.rename(part, final)
    sync_folder(final.parent)


def remove_all_but(folder: Path, kept: set[str]) -> None:
    """Take away packs that are stale, damaged, taken into larger ones or left half by a kill."""
    for file in sorted(folder.iterdir(), key=lambda file: file.suffix != ".json"):
        if str(file.with_suffix(".parquet")) not in kept or file.suffix == PART:
            with suppress(OSError):
                file.unlink()
