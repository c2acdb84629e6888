"""A SQLite file: the lines with indexes, and a full-text search where SQLite has FTS5.

It is filled as `<name>.part`, a transaction every few thousand lines, which also notes the place: so a kill costs one
transaction, and the same command goes on. At the end it gets its name.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from dataclasses import astuple
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from newscrawl.storage.jsonl import PART, sync_folder
from newscrawl.tools.export.selection import Place, Selection, selected
from newscrawl.tools.export.tables import INNER, SCALARS, inner_values
from newscrawl.tools.query import Corpus

GROUP_LINES = 5_000
TYPES = {int: "INTEGER", float: "REAL"}
INDEXES = ("agency", "source_id", "published_at", "cluster_id")


def export_sqlite(target: Path, corpus: Corpus, selection: Selection, options: Any) -> int:
    """Write the lines selected; how many this call wrote."""
    selection.prepare(corpus)
    key = hashlib.sha256(orjson.dumps([options, [astuple(segment) for segment in corpus.segments]])).hexdigest()
    part = target.with_name(target.name + PART)
    database, place = opened(part, key)
    try:
        written = fill(database, corpus, selection, place)
        finish(database)
    finally:
        database.close()
    with part.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(part, target)
    sync_folder(target.parent)
    return written


def opened(part: Path, key: str) -> tuple[sqlite3.Connection, Place]:
    """The file under way and its place; a new one where it belongs to something else or is damaged."""
    try:
        database = sqlite3.connect(part, isolation_level=None)
        row = database.execute("SELECT segment, place FROM export WHERE key = ?", (key,)).fetchone()
        if row is not None:
            return database, (row[0], row[1])
        database.close()
    except sqlite3.DatabaseError:
        database.close()
    for name in (part, part.with_name(f"{part.name}-journal")):
        name.unlink(missing_ok=True)
    database = sqlite3.connect(part, isolation_level=None)
    columns = ", ".join([f'"{name}" {TYPES.get(kind, "TEXT")}' for name, kind in SCALARS.items()] + [f'"{name}" TEXT' for name in INNER])  # fmt: skip
    database.execute(f"CREATE TABLE lines ({columns}, record TEXT, PRIMARY KEY (id, version))")
    database.execute("CREATE TABLE export (key TEXT PRIMARY KEY, segment INTEGER, place INTEGER)")
    database.execute("INSERT INTO export VALUES (?, 0, 0)", (key,))
    return database, (0, 0)


def fill(database: sqlite3.Connection, corpus: Corpus, selection: Selection, place: Place) -> int:
    marks = ", ".join("?" * (len(SCALARS) + len(INNER) + 1))
    lines, written = selected(corpus, selection, place), 0
    while group := list(islice(lines, GROUP_LINES)):
        rows = [row_of(record) for _, record in group]
        database.execute("BEGIN")
        # REPLACE: a line that lies in two files is one row.
        database.executemany(f"INSERT OR REPLACE INTO lines VALUES ({marks})", rows)
        database.execute("UPDATE export SET segment = ?, place = ?", group[-1][0])
        database.execute("COMMIT")
        written += len(group)
    return written


def row_of(record: dict[str, Any]) -> list[Any]:
    return [*(record[name] for name in SCALARS), *inner_values(record), orjson.dumps(record).decode()]


def finish(database: sqlite3.Connection) -> None:
    """Indexes, a view of one line a story, the search; all of it once more if a kill came in between."""
    for name in INDEXES:
        database.execute(f"CREATE INDEX IF NOT EXISTS lines_by_{name} ON lines ({name})")
    database.execute(
        "CREATE VIEW IF NOT EXISTS stories AS SELECT * FROM lines WHERE cluster_relation = 'first' AND version = "
        "(SELECT max(version) FROM lines AS other WHERE other.id = lines.id AND other.cluster_relation = 'first')"
    )
    if has_fts(database):
        database.execute("CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5(headline, text, content = 'lines')")
        database.execute("INSERT INTO search (search) VALUES ('rebuild')")
    database.execute("DROP TABLE export")


def has_fts(database: sqlite3.Connection) -> bool:
    return bool(database.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')").fetchone()[0])
