"""The index of the browser view: an SQLite file beside the output, made from the segments as they lie.

It holds where each line lies, what the lists show of a story, the counts behind the pictures, and a full-text index of
headline and text; the lines themselves stay in their files and are read from there. Bringing it up to date means
looking at the folder: what is new is read, what has grown is read from where it ended, so that there is no step to
remember. It is a cache: whenever it does not fit (another version, a file that changed), it is made again.

A story's number is its minute since 1970 in the high bits and a count in the low ones. So the numbers sort by time,
the newest stories that match are the last numbers of a posting list, and a range of days is a range of numbers.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson

from newscrawl.corpus import segments_of
from newscrawl.report.tally import WHATS, Facts, Key, Tally, facts_of, seconds_of
from newscrawl.serve.words import indexed
from newscrawl.state.lock import Lock, LockHeld
from newscrawl.writers.jsonl import PART

FORMAT = 1  # of the file below; another one is made again
MAX_LINE_BYTES = 64 * 1024 * 1024
BATCH_LINES = 4_000  # of one transaction
BATCH_BYTES = 32 * 1024 * 1024
CHUNK_BYTES = 1024 * 1024
LOW_BITS = 14  # 16,384 stories a minute
MAX_HEADLINE = 300
MAX_VERSION = 2**31
WRONG = (KeyError, TypeError, ValueError, AttributeError, OverflowError, IndexError)
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
    headline, text, facets, content = '', columnsize = 0, tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO words (words, rank) VALUES ('automerge', 8);
"""
FACETS = ("site", "agency", "language", "kind")
LineAt = Callable[[str, int, int, str], dict[str, Any] | None]


@dataclass(slots=True)
class Progress:
    """How far an update is: bytes of the files that are new to the index."""

    done_bytes: int = 0
    total_bytes: int = 0
    lines: int = 0
    is_running: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A segment as it lies in the folder; `name` without `.part`."""

    path: str
    name: str
    size_bytes: int
    changed_ns: int


@dataclass(slots=True)
class Entry:
    """One line on its way into the index."""

    segment: int
    start: int
    size_bytes: int
    line: dict[str, Any]


@dataclass(slots=True)
class Read:
    """How much of a segment was read: bytes, their CRC-32, lines, and lines that are no story."""

    number: int
    size_bytes: int
    crc: int
    lines: int
    refused: int
    changed_ns: int


@dataclass(slots=True)
class Batch:
    """Lines of one transaction, and how much of which segment was read with them."""

    entries: list[Entry] = field(default_factory=list)
    read: dict[int, Read] = field(default_factory=dict)
    size_bytes: int = 0

    def is_full(self) -> bool:
        return len(self.entries) >= BATCH_LINES or self.size_bytes >= BATCH_BYTES


class Index:
    """The index of one output folder. Each thread reads through a connection of its own; one thread writes."""

    def __init__(self, output: Path, file: Path) -> None:
        self.output, self.stories, self.file = output, output / "stories", file
        self.progress = Progress()
        self._local = threading.local()

    # --- connections

    def reader(self) -> sqlite3.Connection:
        """This thread's connection for reading; one to an empty index where the file is not made yet."""
        mark = mark_of(self.file)
        known: tuple[sqlite3.Connection, tuple[int, int]] | None = getattr(self._local, "known", None)
        if known is not None and known[1] == mark:
            return known[0]
        db = reading(self.file) if mark else None
        if db is None:
            return empty()
        self._local.known = (db, mark)
        return db

    def writer(self) -> sqlite3.Connection:
        """A connection for writing, on a file of our format."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        if self.file.exists() and not is_ours(self.file):
            remove(self.file)
        db = opened(self.file)
        if format_of(db) != FORMAT:
            make_tables(db)
        return db

    def generation(self) -> int:
        """A number that grows with every change, whoever makes it: until then pages can be kept."""
        return int(self.reader().execute("SELECT value FROM meta WHERE name = 'generation'").fetchone()[0])

    # --- bringing it up to date

    def update(self, report: Callable[[Progress], None] = lambda _: None) -> bool:
        """Read what is new in the folder; whether anything was. Another process at it: nothing is done here."""
        try:
            with Lock(self.file.with_suffix(".lock"), "serve"):
                return self._update(report)
        except LockHeld:
            return False
        except sqlite3.DatabaseError as error:
            if type(error) is sqlite3.DatabaseError:  # the file is damaged; a full disk and the like are its subclasses
                remove(self.file)
            raise

    def _update(self, report: Callable[[Progress], None]) -> bool:
        db = self.writer()
        try:
            found = segments_in(self.stories)
            if must_start_over(db, found):
                db.close()
                remove(self.file)
                db = self.writer()
            changed = self._read_new(db, found, report)
            changed |= forget_gone(db, found, self._line_at)
            if changed:
                db.execute("PRAGMA optimize")
                db.execute("PRAGMA wal_checkpoint(PASSIVE)")
        finally:
            self.progress.is_running = False
            db.close()
        return changed

    def _read_new(self, db: sqlite3.Connection, found: list[Found], report: Callable[[Progress], None]) -> bool:
        known = dict(db.execute("SELECT path, size_bytes FROM segments"))
        new = [segment for segment in found if segment.size_bytes > known.get(segment.name, 0)]
        if not new:
            return False
        self.progress = Progress(0, sum(s.size_bytes - known.get(s.name, 0) for s in new), 0, True)
        changed = False
        for batch in batches(db, new):
            if batch.entries:
                write(db, batch)
                changed = True
            self.progress.done_bytes += batch.size_bytes
            self.progress.lines += len(batch.entries)
            report(self.progress)
        return changed

    # --- lines

    def line(self, story_id: str, version: int | None = None) -> dict[str, Any] | None:
        """One line as it lies in its file; the newest version where none is asked for. None where there is none."""
        row = self.reader().execute(
            "SELECT l.id, l.version, s.path, l.start, l.size_bytes FROM lines l JOIN segments s ON s.number = l.segment"
            " WHERE l.id = ? AND (?2 IS NULL OR l.version = ?2) ORDER BY l.version DESC LIMIT 1",
            (story_id, version),
        ).fetchone()  # fmt: skip
        return self._line_at(row["path"], row["start"], row["size_bytes"], row["id"]) if row else None

    def versions(self, story_id: str) -> list[int]:
        return [
            v for (v,) in self.reader().execute("SELECT version FROM lines WHERE id = ? ORDER BY version", (story_id,))
        ]

    def _line_at(self, name: str, start: int, size_bytes: int, story_id: str) -> dict[str, Any] | None:
        path = self.stories / name
        for candidate in (path, path.with_name(path.name + PART)):
            with contextlib.suppress(OSError, orjson.JSONDecodeError), candidate.open("rb") as file:
                file.seek(start)
                record = orjson.loads(file.read(size_bytes))
                if isinstance(record, dict) and record.get("id") == story_id:
                    return record
        return None

    # --- counts

    def tally(self, since: str = "", until: str = "9999", whats: Sequence[str] = WHATS) -> Tally:
        """The counts of the days from `since` to `until`, both included; all, or those of some kinds."""
        places = ", ".join("?" * len(whats))
        rows = self.reader().execute(
            f"SELECT day, site, what, value, stories FROM tally WHERE day BETWEEN ? AND ? AND what IN ({places})",
            (since, until, *whats),
        )
        return Tally(Counter({(day, site, what, value): count for day, site, what, value, count in rows}))


def mark_of(file: Path) -> tuple[int, int] | None:
    """What tells a file from another of the same name; None where there is none."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def reading(file: Path) -> sqlite3.Connection | None:
    """A connection that cannot write; None where the file is no index of ours (yet)."""
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


def segments_in(stories: Path) -> list[Found]:
    """The segments of the folder, the newest run first, so that a first start shows the latest news at once."""
    if not stories.is_dir():
        return []
    top = len(f"{stories}{os.sep}")
    found = [Found(s.path, s.path[top:].removesuffix(PART), s.size_bytes, s.ctime_ns) for s in segments_of(stories)]
    return sorted(found, key=lambda segment: segment.path.rpartition(os.sep)[2], reverse=True)


def must_start_over(db: sqlite3.Connection, found: list[Found]) -> bool:
    """Whether a file is not what was read of it: cut, or rewritten (a redaction). Words cannot be taken back one by one."""
    rows = db.execute("SELECT path, size_bytes, crc, changed_ns FROM segments")
    known = {path: (size, crc, changed_ns) for path, size, crc, changed_ns in rows}
    for segment in found:
        size, crc, changed_ns = known.get(segment.name, (0, 0, segment.changed_ns))
        if segment.size_bytes < size:
            return True
        if segment.changed_ns != changed_ns:  # it has grown, or got its final name, or is another
            if crc_of(segment.path, size) not in (crc, None):
                return True
            db.execute("UPDATE segments SET changed_ns = ? WHERE path = ?", (segment.changed_ns, segment.name))
    return False


def crc_of(path: str, size_bytes: int) -> int | None:
    """CRC-32 of the first bytes of a file; None where it cannot be read."""
    crc = 0
    try:
        with Path(path).open("rb") as file:
            while size_bytes > 0 and (chunk := file.read(min(size_bytes, CHUNK_BYTES))):
                crc = zlib.crc32(chunk, crc)
                size_bytes -= len(chunk)
    except OSError:
        return None
    return crc


def batches(db: sqlite3.Connection, new: list[Found]) -> Iterator[Batch]:
    """The lines of the new segments in portions; a small file does not make a transaction of its own."""
    batch = Batch()
    for segment in new:
        read = known_of(db, segment)
        for entry in whole_lines(segment, read):
            batch.size_bytes += entry.size_bytes
            if entry.line:
                batch.entries.append(entry)
            if batch.is_full():
                batch.read[read.number] = replace(read)
                yield batch
                batch = Batch()
        batch.read[read.number] = read
    yield batch


def known_of(db: sqlite3.Connection, segment: Found) -> Read:
    """What is known of a segment, which is entered where it is new."""
    db.execute("INSERT OR IGNORE INTO segments VALUES (NULL, ?, 0, 0, 0, 0, 0)", (segment.name,))
    row = db.execute("SELECT number, size_bytes, crc, lines, refused FROM segments WHERE path = ?", (segment.name,))
    number, size_bytes, crc, lines, refused = row.fetchone()
    return Read(number, size_bytes, crc, lines, refused, segment.changed_ns)


def whole_lines(segment: Found, read: Read) -> Iterator[Entry]:
    """The lines behind what was read, which moves on with them; one that is no story comes as {}.

    What stands behind the last line break is still being written, or torn. A line longer than a line can be is
    gone through in pieces, none of them a story.
    """
    try:
        with Path(segment.path).open("rb") as file:
            file.seek(read.size_bytes)
            while (raw := file.readline(MAX_LINE_BYTES)).endswith(b"\n") or len(raw) == MAX_LINE_BYTES:
                entry = Entry(read.number, read.size_bytes, len(raw), parsed(raw))
                read.size_bytes += len(raw)
                read.crc = zlib.crc32(raw, read.crc)
                read.lines += bool(entry.line)
                read.refused += not entry.line and bool(raw.strip())
                yield entry
    except OSError:
        return


def parsed(raw: bytes) -> dict[str, Any]:
    """The story of a line; {} where it is none."""
    try:
        line = orjson.loads(raw)
        facts_of(line)
        is_story = (
            isinstance(line["id"], str)
            and type(line["version"]) is int
            and 0 < line["version"] <= MAX_VERSION
            and isinstance(line["cluster"]["id"], str)
        )
    except WRONG:
        return {}
    return line if is_story and isinstance(line["headline"] or "", str) and isinstance(line["text"] or "", str) else {}


def write(db: sqlite3.Connection, batch: Batch) -> None:
    """Enter a batch: its lines, the stories they are the newest version of, their counts and words."""
    with transaction(db):
        rows = [(e.line["id"], e.line["version"], e.segment, e.start, e.size_bytes) for e in batch.entries]
        db.executemany("INSERT OR REPLACE INTO lines VALUES (?, ?, ?, ?, ?)", rows)
        enter_stories(db, [entry.line for entry in batch.entries])
        for read in batch.read.values():
            db.execute(
                "UPDATE segments SET size_bytes = ?, crc = ?, changed_ns = ?, lines = ?, refused = ? WHERE number = ?",
                (read.size_bytes, read.crc, read.changed_ns, read.lines, read.refused, read.number),
            )


@contextlib.contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("UPDATE meta SET value = value + 1 WHERE name = 'generation'")
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def enter_stories(db: sqlite3.Connection, lines: list[dict[str, Any]]) -> None:
    """Enter the stories of which these are the newest lines, in place of older versions."""
    newest: dict[str, dict[str, Any]] = {}
    seen: dict[str, int] = {}
    for line in lines:
        at = seconds_of(line["crawl"]["fetched_at"])
        seen[line["id"]] = min(at, seen.get(line["id"], at))
        if line["id"] not in newest or newest[line["id"]]["version"] <= line["version"]:
            newest[line["id"]] = line
    counts: Counter[Key] = Counter()
    rows = []
    for line in newest.values():
        old = db.execute("SELECT * FROM stories WHERE id = ?", (line["id"],)).fetchone()
        if old is not None and old["version"] >= line["version"]:
            continue
        first_seen = seen[line["id"]] if old is None else min(seen[line["id"]], old["first_seen"])
        if old is not None:
            take_out(db, old, counts)
        facts = facts_of(line, first_seen)
        counts.update(facts.keys())
        rows.append((facts, first_seen, line))
    add_counts(db, counts)
    insert(db, rows)


def take_out(db: sqlite3.Connection, row: sqlite3.Row, counts: Counter[Key]) -> None:
    """Take a story out of the lists and the counts; its words stay behind and lead nowhere."""
    facts = Facts(*(row[name] for name in ("site", "agency", "language", "kind", "at", "latency_seconds", "filled")))
    counts.subtract(facts.keys())
    db.execute("DELETE FROM stories WHERE number = ?", (row["number"],))
    db.execute("INSERT INTO spent VALUES (?)", (row["number"],))
    db.executemany(
        "UPDATE totals SET stories = stories - 1 WHERE what = ? AND value = ?",
        [(what, getattr(facts, what)) for what in FACETS],
    )


def add_counts(db: sqlite3.Connection, counts: Counter[Key]) -> None:
    db.executemany(
        "INSERT INTO tally VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET stories = stories + excluded.stories",
        [(*key, count) for key, count in counts.items() if count],
    )
    gone = [key for key, count in counts.items() if count < 0]
    db.executemany("DELETE FROM tally WHERE day = ? AND site = ? AND what = ? AND value = ? AND stories <= 0", gone)


def insert(db: sqlite3.Connection, rows: list[tuple[Facts, int, dict[str, Any]]]) -> None:
    """Enter stories in the order of their numbers: the full-text index takes rising numbers in one go."""
    tokens = facet_tokens(db, [facts for facts, _, _ in rows])
    stories, words = [], []
    following: dict[int, int] = {}
    for facts, first_seen, line in sorted(rows, key=lambda row: row[0].at):
        number = next_number(db, following, facts.at)
        headline = (line["headline"] or "").encode("utf-8", "replace").decode()
        cluster = line["cluster"]
        stories.append((
            number, line["id"], line["version"], str(line["change"]), headline[:MAX_HEADLINE], facts.site, facts.agency,
            facts.language, facts.kind, facts.at, facts.latency_seconds, facts.filled, first_seen,
            cluster["id"], str(cluster["relation"]), cluster.get("original") or None,
        ))  # fmt: skip
        facets = " ".join(tokens[what, getattr(facts, what)] for what in FACETS)
        words.append((number, indexed(headline), indexed(line["text"] or ""), facets))
    stories.sort()
    words.sort()
    db.executemany(f"INSERT INTO stories VALUES ({', '.join('?' * 16)})", stories)
    db.executemany("INSERT INTO words (rowid, headline, text, facets) VALUES (?, ?, ?, ?)", words)


def next_number(db: sqlite3.Connection, following: dict[int, int], at: int) -> int:
    """A number of the story's minute that no story has or had; of a later minute where it is full."""
    minute = at // 60
    if minute not in following:
        low = minute << LOW_BITS
        bounds = (low, low + (1 << LOW_BITS) - 1)
        queries = (f"SELECT max(number) FROM {table} WHERE number BETWEEN ? AND ?" for table in ("stories", "spent"))
        used = [number for query in queries for (number,) in db.execute(query, bounds) if number is not None]
        following[minute] = max(used, default=low - 1) + 1
    number = following[minute]
    if number >> LOW_BITS != minute:
        return next_number(db, following, at + 60)
    following[minute] = number + 1
    return number


def facet_tokens(db: sqlite3.Connection, facts: list[Facts]) -> dict[tuple[str, str], str]:
    """(facet, value) -> the word that stands for it in the index; the totals of each are counted on the way."""
    counts = Counter((what, getattr(fact, what)) for fact in facts for what in FACETS)
    for (what, value), count in counts.items():
        db.execute(
            "INSERT INTO totals VALUES (?, ?, ?, (SELECT count(*) FROM totals))"
            " ON CONFLICT DO UPDATE SET stories = stories + excluded.stories",
            (what, value, count),
        )
    rows = db.execute("SELECT what, value, number FROM totals")
    return {(what, value): f"zz{number}" for what, value, number in rows}


def forget_gone(db: sqlite3.Connection, found: list[Found], line_at: LineAt) -> bool:
    """Take out what lay in segments that are no longer there (moved, or merged into one that has its lines)."""
    names = {segment.name for segment in found}
    gone = [(number,) for number, path in db.execute("SELECT number, path FROM segments") if path not in names]
    for segment in gone:
        with transaction(db):
            ids = [story_id for (story_id,) in db.execute("SELECT DISTINCT id FROM lines WHERE segment = ?", segment)]
            db.execute("DELETE FROM lines WHERE segment = ?", segment)
            db.execute("DELETE FROM segments WHERE number = ?", segment)
            counts: Counter[Key] = Counter()
            for story_id in ids:
                row = db.execute("SELECT * FROM stories WHERE id = ?", (story_id,)).fetchone()
                if row is not None:
                    take_out(db, row, counts)
            add_counts(db, counts)
            enter_stories(db, list(left_of(db, ids, line_at)))
    return bool(gone)


def left_of(db: sqlite3.Connection, ids: list[str], line_at: LineAt) -> Iterator[dict[str, Any]]:
    """The lines that are still there of stories that lost one."""
    for story_id in ids:
        rows = db.execute(
            "SELECT s.path, l.start, l.size_bytes FROM lines l JOIN segments s ON s.number = l.segment WHERE l.id = ?",
            (story_id,),
        )
        for path, start, size_bytes in rows.fetchall():
            line = line_at(path, start, size_bytes, story_id)
            if line is not None:
                yield line
