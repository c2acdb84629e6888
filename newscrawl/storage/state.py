"""Open the state file (SQLite), migrate it and run transactions."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newscrawl.storage.migrations import FUNCTIONS, MIGRATIONS
from newscrawl.text.command_line import command_line

FILE_NAME = "newscrawl.sqlite"
IN_MEMORY = ":memory:"  # as a file name: nothing reaches a disk
BUSY_SECONDS = 60.0  # how long to wait for another process's transaction
CACHE_KIB = 65_536  # SQLite's own 2 MiB is too small for a million stories


class StateError(RuntimeError):
    """The state cannot be used as it is; the text names the remedy."""


class State:
    """One connection. It may be made in one thread and used in another, never in two at once."""

    def __init__(self, folder: Path, file_name: str = FILE_NAME) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / file_name
        try:
            target = file_name if file_name == IN_MEMORY else self.path
            self.db = sqlite3.connect(target, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            self.switch_to_wal()
            self.db.execute("PRAGMA synchronous = FULL")
            self.db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            self.transactions = self.rollbacks = 0  # what is held in memory of the tables goes by these
            for name, (function, arguments) in FUNCTIONS.items():
                self.db.create_function(name, arguments, function, deterministic=True)
            self.migrate()
        except sqlite3.OperationalError as error:  # a full disk, a lock: the file is not to blame
            raise sqlite3.OperationalError(
                f"{self.path}: {error}; SQLite needs to write in this folder, also for a command that only reads"
            ) from error
        except sqlite3.DatabaseError as error:
            raise StateError(
                f"{self.path}: {error}; if it is damaged, remove it and run `{command_line('rebuild')}`: the lines hold all of it"
            ) from error

    def switch_to_wal(self) -> None:
        """Set the journal mode, which does not wait for another process as everything else does."""
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                self.db.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def migrate(self) -> None:
        """Bring the file to the newest schema; refuse one that is newer than this program."""
        version = self.version()
        if version > len(MIGRATIONS):
            raise StateError(
                f"{self.path}: has schema {version}, this newscrawl knows up to {len(MIGRATIONS)}; "
                f"install the newer newscrawl, or move the file away and run `{command_line('rebuild')}`"
            )
        while version < len(MIGRATIONS):
            with self.transaction():
                version = self.version()  # another process may have been first
                if version < len(MIGRATIONS):
                    for statement in statements(MIGRATIONS[version]):
                        self.db.execute(statement)
                    version += 1
                    self.db.execute(f"PRAGMA user_version = {version}")

    def version(self) -> int:
        return int(self.db.execute("PRAGMA user_version").fetchone()[0])

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A write transaction over all processes: committed at the end, rolled back on any exception."""
        self.db.execute("BEGIN IMMEDIATE")
        self.transactions += 1
        try:
            yield self.db
            self.db.execute("COMMIT")
        except BaseException:
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")
            self.rollbacks += 1
            raise

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of the open transaction that is rolled back alone when it raises."""
        self.db.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            if self.db.in_transaction:
                self.db.execute("ROLLBACK TO part")
                self.db.execute("RELEASE part")
            self.rollbacks += 1
            raise
        self.db.execute("RELEASE part")

    def close(self) -> None:
        self.db.close()


def statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: `executescript` would commit the open transaction."""
    gathered = ""
    for line in script.splitlines():
        gathered += line + "\n"
        if sqlite3.complete_statement(gathered):
            yield gathered
            gathered = ""
