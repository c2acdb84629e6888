"""Read and write the table of runs: start, end, result, and when a site last showed a story."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import UTC, datetime

KILLED = "killed"  # the finish reason that the next run writes for one that never finished
AT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run as the state knows it; `seen` counts the stories it saw, known ones included."""

    run: str
    site: str
    started_at: str
    finished_at: str | None
    finish_reason: str | None
    exit_code: int | None
    seen: int | None
    new_stories: int | None = None

    @property
    def was_killed(self) -> bool:
        """Whether it never finished; a run that is under way looks the same until its site's lock is asked."""
        return self.finished_at is None


COLUMNS = "run, site, started_at, finished_at, finish_reason, exit_code, seen, new_stories"


def begin_run(db: sqlite3.Connection, run: str, site: str, started_at: datetime) -> list[str]:
    """Enter a run; returns the site's killed runs that no report has mentioned yet.

    Inside the caller's transaction, under the site's lock.
    """
    unfinished = "SELECT run FROM runs WHERE site = ? AND finished_at IS NULL AND finish_reason IS NULL ORDER BY n"
    killed = [row[0] for row in db.execute(unfinished, (site,))]
    db.execute("INSERT INTO runs (run, site, started_at) VALUES (?, ?, ?)", (run, site, started_at.strftime(AT)))
    return killed


def end_run(db: sqlite3.Connection, run: str, finish_reason: str, new_stories: int | None = None) -> None:
    """Enter the end of a run, unless it is entered; inside the caller's transaction.

    `new_stories` is what it brought, for the publishing rate; None for a run that did not come to its end.
    """
    ended = datetime.now(UTC).strftime(AT)
    db.execute(
        """UPDATE runs SET finished_at = coalesce(finished_at, ?), finish_reason = coalesce(finish_reason, ?),
                           new_stories = coalesce(new_stories, ?) WHERE run = ?""",
        (ended, finish_reason, new_stories, run),
    )


def record_result(db: sqlite3.Connection, run: str, exit_code: int, seen: int, killed: Iterable[str] = ()) -> None:
    """Enter a run's result, and mark the killed runs that its report mentions; inside the caller's transaction."""
    db.execute("UPDATE runs SET exit_code = ?, seen = ? WHERE run = ?", (exit_code, seen, run))
    db.executemany(f"UPDATE runs SET finish_reason = '{KILLED}' WHERE run = ?", [(run,) for run in killed])


def runs_of(db: sqlite3.Connection, site: str | None = None, limit: int = -1) -> list[RunRow]:
    """The last runs, newest first; of all sites or of one."""
    where, values = ("WHERE site = ?", [site]) if site else ("", [])
    rows = db.execute(f"SELECT {COLUMNS} FROM runs {where} ORDER BY n DESC LIMIT ?", (*values, limit))
    return [RunRow(*row) for row in rows]


def last_seen_at(db: sqlite3.Connection, site: str) -> datetime | None:
    """The start of the site's last run that saw a story, else of its first run at all; None before that.

    Rows from before the column `seen` count as seen, so that they raise no alarm.
    """
    seen = "(seen > 0 OR (seen IS NULL AND exit_code IS NULL AND finished_at IS NOT NULL))"
    row = db.execute(
        f"""SELECT coalesce((SELECT started_at FROM runs WHERE site = ?1 AND {seen} ORDER BY n DESC LIMIT 1),
                            (SELECT started_at FROM runs WHERE site = ?1 ORDER BY n LIMIT 1))""",
        (site,),
    ).fetchone()
    return datetime.strptime(row[0], AT).replace(tzinfo=UTC) if row[0] else None


def restore_runs(db: sqlite3.Connection, rows: Iterable[RunRow]) -> None:
    """Enter runs that a new state has forgotten, oldest first; inside the caller's transaction."""
    db.executemany(f"INSERT OR IGNORE INTO runs ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", map(astuple, rows))
