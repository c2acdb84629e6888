"""Parquet, written by DuckDB from the views with the record's types. It is written as `.part` and renamed.

After a kill the same command starts over: a Parquet file without its end can be read by nobody, and all of a million
stories take a minute or so.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from newscrawl.schema import duckdb_columns
from newscrawl.storage.jsonl import PART, sync_folder
from newscrawl.tools.query import Corpus
from newscrawl.tools.query.filters import WHEN, Filter
from newscrawl.tools.query.packing import PARQUET

OPEN_FILES, OPEN_ROWS = 64, 16_384  # of a partitioned export: files open at once, rows held before they are written


class FolderInUse(OSError):
    """The target of a partitioned export exists; the text says what to do."""


def export_parquet(target: Path, corpus: Corpus, wanted: Filter, *, is_unique: bool, is_partitioned: bool) -> int:
    """Write the lines selected; how many. FolderInUse where a partitioned target holds anything already."""
    if is_partitioned and target.exists() and (target.is_file() or any(target.iterdir())):
        raise FolderInUse(f"{target}: exists; remove it, or name another folder with -o")
    part = target.with_name(target.name + PART)
    shutil.rmtree(part) if part.is_dir() else part.unlink(missing_ok=True)
    written = corpus.attempted(lambda: copied(corpus, part, wanted, is_unique, is_partitioned))
    if is_partitioned:
        part.mkdir(exist_ok=True)  # no line, no folder
    for file in part.rglob("*.parquet") if is_partitioned else [part]:
        with file.open("rb") as written_file:
            os.fsync(written_file.fileno())
    if is_partitioned and target.exists():
        target.rmdir()
    os.replace(part, target)
    sync_folder(target.absolute().parent)
    return written


def copied(corpus: Corpus, part: Path, wanted: Filter, is_unique: bool, is_partitioned: bool) -> int:
    condition, parameters = wanted.sql()
    names = ", ".join(f'"{name}"' for name in duckdb_columns())
    keys = f", source.id AS site, CAST(CAST({WHEN} AS DATE) AS VARCHAR) AS day" if is_partitioned else ""
    how = PARQUET + (", PARTITION_BY (site, day)" if is_partitioned else "")
    quoted = str(part).replace("'", "''")
    cursor = corpus.new_cursor()
    if is_partitioned:
        cursor.execute(f"SET partitioned_write_max_open_files = {OPEN_FILES}")
        cursor.execute(f"SET partitioned_write_flush_threshold = {OPEN_ROWS}")
    rows = cursor.execute(
        f"COPY (SELECT {names}{keys} FROM {'stories' if is_unique else 'lines'} WHERE {condition}) TO '{quoted}' ({how})",
        parameters,
    ).fetchone()
    return int(rows[0])
