"""Batches of lines into the tables: the stories they are the newest version of, their counts and their words."""

from __future__ import annotations

import contextlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from newscrawl.tools.reports.tally import Key, LineFacts, facts_of, seconds_of
from newscrawl.tools.web.intake import Batch, NewLines
from newscrawl.tools.web.tables import FACETS, LOW_BITS
from newscrawl.tools.web.words import indexed

MAX_HEADLINE = 300
LineAt = Callable[[str, int, int, str], dict[str, Any] | None]


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
    facts = LineFacts(
        *(row[name] for name in ("site", "agency", "language", "kind", "at", "latency_seconds", "filled"))
    )
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


def insert(db: sqlite3.Connection, rows: list[tuple[LineFacts, int, dict[str, Any]]]) -> None:
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


def facet_tokens(db: sqlite3.Connection, facts: list[LineFacts]) -> dict[tuple[str, str], str]:
    """(facet, value) -> the word that means it in the index; the totals of each are counted on the way."""
    counts = Counter((what, getattr(fact, what)) for fact in facts for what in FACETS)
    for (what, value), count in counts.items():
        db.execute(
            "INSERT INTO totals VALUES (?, ?, ?, (SELECT count(*) FROM totals))"
            " ON CONFLICT DO UPDATE SET stories = stories + excluded.stories",
            (what, value, count),
        )
    rows = db.execute("SELECT what, value, number FROM totals")
    return {(what, value): f"zz{number}" for what, value, number in rows}


def forget_gone(db: sqlite3.Connection, found: list[NewLines], line_at: LineAt) -> bool:
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
