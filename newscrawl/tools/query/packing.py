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
from typing import Any

import orjson

from newscrawl.storage.jsonl import PART, sync_folder
from newscrawl.storage.lock import Lock, LockHeld
from newscrawl.tools.query.columns import SMALL_BYTES, Pack, Plan, folder_of, made_for, packs_of, planned
from newscrawl.tools.query.database import Corpus, QueryLimits, open_corpus
from newscrawl.tools.query.files import CorpusFile, segment_at, top_of
from newscrawl.tools.query.gather import gathered, quoted
from newscrawl.tools.query.views import raw_query

PACK_BYTES = 512 * 1024 * 1024  # of lines in one pack
FULL_BYTES = PACK_BYTES // 4  # a pack from this size on is not made again to take in more
ROWS = 16_384  # of a Parquet row group: DuckDB's 122,880 stories a thread do not fit in 1 GB
GROUP_MB = 128  # of a row group: sixteen thousand lines of 10 MB fit in no memory
PARQUET = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROWS}, ROW_GROUP_SIZE_BYTES '{GROUP_MB}MB'"
MANY_FILES = 200  # small files from which on they are gathered into one: opening them takes DuckDB 0.1 s
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
    command = [
        sys.executable,
        "-m",
        "newscrawl.tools.query",
        os.path.abspath(corpus.path),
        str(corpus.limits.memory_mb),
    ]
    with suppress(OSError):
        subprocess.Popen(
            command, start_new_session=True, cwd="/",
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return True
    return False


def pack_all(path: Path, limits: QueryLimits | None = None) -> int:
    """Pack every closed segment that lies in no pack, small packs with them; how many packs were made.

    0 also where another process is at it, where the folder cannot be written, or is not an output folder.
    """
    folder = folder_of(path)
    if folder is None:
        return 0
    try:
        with Lock(path / "state" / "locks" / "columns.lock", "columns"):
            folder.mkdir(exist_ok=True)
            return pack_under_lock(path, folder, limits or QueryLimits(threads=1))
    except (LockHeld, OSError):
        return 0


def pack_now(corpus: Corpus) -> int:
    """Pack the small segments that lie in no pack where they are so many that a query over them would take longer
    than this and the query over the packs; how many packs were made.

    They are made beside the segments, as those of `pack_all` are; where that cannot be, they last as long as `corpus`.
    """
    small = [segment for segment in closed_rest(corpus.plan) if segment.size_bytes <= SMALL_BYTES]
    if len(small) < WORTH_FILES:
        return 0
    folder = folder_of(corpus.path) if corpus.use_columns else None
    if folder is not None:
        with suppress(LockHeld, OSError), Lock(corpus.path / "state" / "locks" / "columns.lock", "columns"):
            folder.mkdir(exist_ok=True)
            for left in folder.glob(f"*{PART}"):  # half a pack of a call that was killed: the lock is ours
                left.unlink()
            if made := written_packs(corpus, folder, small):
                corpus.refresh()
                return len(made)
    corpus.own_packs = written_packs(corpus, Path(corpus.spill.name), small)
    corpus.refresh()
    return len(corpus.own_packs)


def written_packs(corpus: Corpus, folder: Path, segments: list[CorpusFile]) -> list[Pack]:
    """Packs of the segments; fewer where one went away meanwhile (a crawl closed it, `compact` merged it) or the disk is
    full: a query reads what is in none as it lies."""
    import duckdb

    made = []
    with suppress(OSError, duckdb.Error):
        for group in batches(segments):
            made.append(write_pack(corpus.path, folder, group, corpus))
    return made


def pack_under_lock(path: Path, folder: Path, limits: QueryLimits) -> int:
    with open_corpus(path, limits=limits, use_columns=False) as corpus:
        plan = planned(path, corpus.segments, packs_of(path))
        left = closed_rest(plan)
        small = [pack for pack in plan.packs if sum(s.size_bytes for s in pack.segments) < FULL_BYTES]
        groups = list(batches(sorted([*left, *(s for pack in small for s in pack.segments)]))) if left else []
        made = {write_pack(path, folder, group, corpus).parquet.path for group in groups}
    kept = {pack.parquet.path for pack in plan.packs if not left or pack not in small}
    remove_all_but(folder, kept | made)
    return len(made)


def closed_rest(plan: Plan) -> list[CorpusFile]:
    return [segment for segment in plan.rest if not segment.is_open]


def batches(segments: Iterable[CorpusFile]) -> Iterator[list[CorpusFile]]:
    """Groups of segments of up to PACK_BYTES; a larger segment is one by itself."""
    group: list[CorpusFile] = []
    size_bytes = 0
    for segment in segments:
        if group and size_bytes + segment.size_bytes > PACK_BYTES:
            yield group
            group, size_bytes = [], 0
        group.append(segment)
        size_bytes += segment.size_bytes
    if group:
        yield group


def write_pack(path: Path, folder: Path, group: list[CorpusFile], corpus: Corpus) -> Pack:
    """Write a Parquet file, then its manifest. If a segment changes meanwhile, the manifest never fits and the pack
    never counts."""
    name = hashlib.sha256(orjson.dumps([made_for(), *map(astuple, group)])).hexdigest()[:24]
    part, parquet = folder / f"{name}.parquet{PART}", folder / f"{name}.parquet"
    left_out = copy_lines(path, part, group, corpus, set())
    if left_out:  # with the files themselves now: DuckDB names them, whatever their lines are
        copy_lines(path, part, group, corpus, left_out)
    finish(part, parquet)
    return write_manifest(path, parquet, group)


def copy_lines(path: Path, part: Path, group: list[CorpusFile], corpus: Corpus, left_out: set[str]) -> set[str]:
    """Copy the lines of segments into a Parquet file; paths of those that lack lines in it, for they are not JSON.

    Small segments are gathered into one file first, if there are many of them; not those in `left_out`.
    """
    top = f"{top_of(path)}{os.sep}"
    large = part.with_suffix(f".jsonl{PART}")
    try:
        found = gathered(gatherable(group, left_out), large, len(top))
        rest = [segment for segment in group if segment.path not in found.lines]
        queries = [found.query()] if found.lines else []
        cursor = corpus.database.cursor()
        queries += rest_queries(cursor, Plan(path, group, [], rest), len(top))
        escaped = str(part).replace("'", "''")
        cursor.execute(f"COPY ({' UNION ALL '.join(queries)}) TO '{escaped}' ({PARQUET})")
    finally:
        large.unlink(missing_ok=True)
    return lacking(cursor, part, {file[len(top) :]: count for file, count in found.lines.items()}, top)


def gatherable(group: list[CorpusFile], left_out: set[str]) -> list[CorpusFile]:
    """The small segments, where they are many."""
    small = [segment for segment in group if segment.size_bytes <= SMALL_BYTES]
    return [segment for segment in small if segment.path not in left_out] if len(small) >= MANY_FILES else []


def rest_queries(cursor: Any, plan: Plan, top: int) -> list[str]:
    """The query for the segments that were not gathered, if there are any; their names come in as variables."""
    if not plan.rest:
        return []
    for variable, value in plan.variables.items():
        escaped = [glob.escape(path) for path in value] if isinstance(value, list) else value
        cursor.execute(f"SET VARIABLE {variable} = ?", [escaped])
    return [f"SELECT * REPLACE (substr(file, {top + 1}) AS file) FROM ({raw_query(plan.parts)})"]


def lacking(cursor: Any, part: Path, lines: dict[str, int], top: str) -> set[str]:
    """Paths of the gathered files with fewer rows than lines."""
    if not lines:
        return set()
    nameless = cursor.execute(f"SELECT count(*) FROM read_parquet({quoted(part)}) WHERE file IS NULL").fetchone()[0]
    if not nameless:
        return set()
    rows = dict(cursor.execute(f"SELECT file, count(*) FROM read_parquet({quoted(part)}) GROUP BY file").fetchall())
    return {f"{top}{name}" for name, count in lines.items() if rows.get(name, 0) < count}


def write_manifest(path: Path, parquet: Path, group: list[CorpusFile]) -> Pack:
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
    return Pack(made, tuple(group))


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
