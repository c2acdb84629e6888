"""The index of the browser view: an SQLite file beside the output, made from the segments as they lie.

It holds where each line lies, what the lists show of a story, the counts behind the pictures, and a full-text index of
headline and text; the lines themselves stay in their files and are read from there. Bringing it up to date means
looking at the folder: what is new is read, what has grown is read from where it ended, so that there is no step to
remember. It is a cache: whenever it does not fit (another version, a file that changed), it is made again.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from newscrawl.storage.jsonl import PART
from newscrawl.storage.lock import Lock, LockHeld
from newscrawl.tools.reports.tally import WHATS, DailyCounts
from newscrawl.tools.web.filling import forget_gone, write
from newscrawl.tools.web.intake import NewLines, batches, must_start_over, segments_in
from newscrawl.tools.web.tables import FORMAT, empty, format_of, is_ours, make_tables, mark_of, opened, reading, remove


@dataclass(slots=True)
class Progress:
    """How far an update is: bytes of the files that are new to the index."""

    done_bytes: int = 0
    total_bytes: int = 0
    lines: int = 0
    is_running: bool = False


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

    def _read_new(self, db: sqlite3.Connection, found: list[NewLines], report: Callable[[Progress], None]) -> bool:
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
        """One line as it lies in its file; the newest version where none is asked for., or None."""
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

    def tally(self, since: str = "", until: str = "9999", whats: Sequence[str] = WHATS) -> DailyCounts:
        """The counts of the days from `since` to `until`, both included; all, or those of some kinds."""
        places = ", ".join("?" * len(whats))
        rows = self.reader().execute(
            f"SELECT day, site, what, value, stories FROM tally WHERE day BETWEEN ? AND ? AND what IN ({places})",
            (since, until, *whats),
        )
        return DailyCounts(Counter({(day, site, what, value): count for day, site, what, value, count in rows}))
