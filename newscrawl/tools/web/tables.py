"""The tables of the index, and connections to the file that holds them.

A story's number is its minute since 1970 in the high bits and a count in the low ones. So the numbers sort by time,
the newest stories that match are the last numbers of a posting list, and a range of days is a range of numbers.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

FORMAT = 2  # of the file below; another one is made again
LOW_BITS = 14  # of a number: 16,384 stories a minute
FACETS = ("site", "agency", "language", "kind")
# Lists of stories by the first three and four letters of a word (`prefix`) make the index a half larger and a third
# longer in the making; without them a search for `sta*` reads the list of every word that begins so.
SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE segments (
    number INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, size_bytes INTEGER NOT NULL, crc INTEGER NOT NULL,
    changed_ns INTEGER NOT NULL, lines INTEGER NOT NULL, refused INTEGER NOT NULL
);
CREATE TABLE lines (
    id TEXT NOT NULL, version INTEGER NOT NULL, segment INTEGER NOT NULL, start INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL, PRIMARY KEY (id, version)
) WITHOUT ROWID;
CREATE TABLE stories (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, change TEXT NOT NULL,
    headline TEXT NOT NULL, site TEXT NOT NULL, agency TEXT NOT NULL, language TEXT NOT NULL, kind TEXT NOT NULL,
    at INTEGER NOT NULL, latency_seconds INTEGER, filled INTEGER NOT NULL, first_seen INTEGER NOT NULL,
    cluster TEXT NOT NULL, relation TEXT NOT NULL, original TEXT
);
CREATE TABLE spent (number INTEGER PRIMARY KEY);  -- numbers whose words are of an older version
CREATE INDEX stories_by_cluster ON stories (cluster);
CREATE INDEX lines_by_segment ON lines (segment);
CREATE TABLE tally (
    day TEXT NOT NULL, site TEXT NOT NULL, what TEXT NOT NULL, value TEXT NOT NULL, stories INTEGER NOT NULL,
    PRIMARY KEY (day, site, what, value)
) WITHOUT ROWID;
CREATE TABLE totals (what TEXT NOT NULL, value TEXT NOT NULL, stories INTEGER NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (what, value)) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (
    headline, text, facets, content = '', columnsize = 0, prefix = '3 4', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE terms USING fts5vocab (words, instance);
INSERT INTO words (words, rank) VALUES ('automerge', 8);
"""


def mark_of(file: Path) -> tuple[int, int] | None:
    """What tells a file from another of the same name, or None."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def reading(file: Path) -> sqlite3.Connection | None:
    """A connection that cannot write; None where the file is not an index of ours (yet)."""
    try:
        db = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)
        is_ready = format_of(db) == FORMAT
    except sqlite3.DatabaseError:
        return None
    if not is_ready:
        db.close()
        return None
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA mmap_size = 268435456")
    return db


def empty() -> sqlite3.Connection:
    """An index without a story."""
    db = sqlite3.connect(":memory:")
    db.row_factory = sqlite3.Row
    make_tables(db)
    return db


def make_tables(db: sqlite3.Connection) -> None:
    db.executescript(SCHEMA)
    db.execute("INSERT INTO meta VALUES ('generation', ?)", (time.time_ns(),))
    db.execute(f"PRAGMA user_version = {FORMAT}")


def opened(file: Path) -> sqlite3.Connection:
    db = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = OFF")  # a cache: after a power cut it is made again if it is broken
    db.execute("PRAGMA cache_size = -65536")
    db.row_factory = sqlite3.Row
    return db


def is_ours(file: Path) -> bool:
    """Whether a file is an index of this format."""
    db = sqlite3.connect(file)
    try:
        return format_of(db) == FORMAT
    except sqlite3.DatabaseError:
        return False
    finally:
        db.close()


def format_of(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def remove(file: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
