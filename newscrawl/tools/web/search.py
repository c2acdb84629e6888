"""Search over the index: the newest stories that match, and how they spread over sites, agencies, languages and kinds.

Everything is bounded by what is shown, not by what is there: a page is the next numbers of a posting list, and the
counts beside it are those of the newest stories that match, at most MAX_COUNTED of them.
"""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from newscrawl.tools.web.index import Index
from newscrawl.tools.web.tables import FACETS, LOW_BITS
from newscrawl.tools.web.words import MAX_QUERY, full_text_query

PAGE_STORIES = 30
MAX_COUNTED = 300  # stories behind the counts of the facets: the newest of what matches
MAX_SECONDS = 4.0  # of one query; two very frequent words as a phrase could take longer
LAST_NUMBER = 2**62
MAX_VALUES = 12  # of a facet shown
MAX_ENDINGS = 200  # words that a `*` means, looked up one by one: 20 ms; of more the index joins all lists at once


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for; "" where a part is not. Days are YYYY-MM-DD, both included; `before` is a story's number."""

    text: str = ""
    site: str = ""
    agency: str = ""
    language: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""
    before: int = 0

    def url(self, **changes: Any) -> str:
        """The page of this search with some parts changed; its first page unless `before` is given."""
        asked = replace(self, **{"before": 0, **changes})
        parts = {name: getattr(asked, name) for name in self.__dataclass_fields__}
        return "/search?" + urlencode({name: value for name, value in parts.items() if value})

    def __getitem__(self, name: str) -> str:
        return str(getattr(self, name))

    def active(self) -> list[tuple[str, str, str]]:
        """(part, value, the search without it) of what narrows the search."""
        parts = [(name, getattr(self, name)) for name in ("text", *FACETS, "since", "until")]
        return [(name, value, self.url(**{name: ""})) for name, value in parts if value]


@dataclass(slots=True)
class Results:
    """The stories of one page, the counts beside them, and whether anything was cut off."""

    stories: list[sqlite3.Row] = field(default_factory=list)
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    counted: int = 0
    is_counted_all: bool = True
    next_before: int = 0
    was_stopped: bool = False


def asked_of(parameters: dict[str, str]) -> Asked:
    """The search of a URL; what is not a day or number is not asked for."""
    texts = {name: parameters.get(name, "")[:MAX_QUERY].strip() for name in ("text", *FACETS)}
    day = day_or_nothing(parameters.get("day", ""))
    since = day or day_or_nothing(parameters.get("since", ""))
    until = day or day_or_nothing(parameters.get("until", ""))
    before = parameters.get("before", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else 0
    return Asked(**texts, since=since, until=until, before=number)


def day_or_nothing(text: str) -> str:
    try:
        return date.fromisoformat(text[:10]).isoformat() if text else ""
    except ValueError:
        return ""


def search(index: Index, asked: Asked) -> Results:
    """One page of results; an empty one, marked, where the query took too long."""
    db = index.reader()
    deadline = time.monotonic() + MAX_SECONDS
    db.set_progress_handler(lambda: time.monotonic() > deadline, 20_000)
    try:
        return found(db, asked)
    except sqlite3.OperationalError as error:
        if "interrupted" not in str(error):
            raise
        return Results(was_stopped=True)
    finally:
        db.set_progress_handler(None, 0)


def found(db: sqlite3.Connection, asked: Asked) -> Results:
    query = query_of(db, asked)
    if query is None:
        return Results()
    low, high = numbers_of(asked)
    counted = matching(db, query, low, high, MAX_COUNTED)  # of the first page these are the stories as well
    page = matching(db, query, low, min(high, asked.before - 1), PAGE_STORIES + 1) if asked.before else counted
    numbers = [row["number"] for row in page[:PAGE_STORIES]]
    results = Results(stories=stories_of(db, numbers), counted=len(counted), is_counted_all=len(counted) < MAX_COUNTED)
    if len(page) > PAGE_STORIES:
        results.next_before = numbers[-1]
    for name in FACETS:
        results.facets[name] = Counter(row[name] for row in counted).most_common(MAX_VALUES)
    return results


def matching(db: sqlite3.Connection, query: str, low: int, high: int, limit: int) -> list[sqlite3.Row]:
    """Number and facets of the newest stories within a range of numbers that match."""
    columns = "s.number, s.site, s.agency, s.language, s.kind"
    if not query:
        where = "stories s WHERE s.number BETWEEN ? AND ? ORDER BY s.number DESC LIMIT ?"
        return db.execute(f"SELECT {columns} FROM {where}", (low, high, limit)).fetchall()
    return db.execute(
        f"SELECT {columns} FROM words CROSS JOIN stories s ON s.number = words.rowid"
        " WHERE words MATCH ? AND words.rowid BETWEEN ? AND ? ORDER BY words.rowid DESC LIMIT ?",
        (query, low, high, limit),
    ).fetchall()


def stories_of(db: sqlite3.Connection, numbers: list[int]) -> list[sqlite3.Row]:
    """The stories of some numbers, the newest first."""
    places = ", ".join("?" * len(numbers))
    return db.execute(f"SELECT * FROM stories WHERE number IN ({places}) ORDER BY number DESC", numbers).fetchall()


def query_of(db: sqlite3.Connection, asked: Asked) -> str | None:
    """The query of the full-text index; "" asks for everything, None for what no story can have."""
    parts = []
    for name in FACETS:
        value = getattr(asked, name)
        if value:
            row = db.execute("SELECT number FROM totals WHERE what = ? AND value = ?", (name, value)).fetchone()
            if row is None:
                return None
            parts.append(f"facets : zz{row['number']}")
    if asked.text:
        words = full_text_query(asked.text, lambda start: words_from(db, start))
        if not words:
            return None
        parts.append(f"{{headline text}} : ({words})")
    return " AND ".join(parts)


def words_from(db: sqlite3.Connection, start: str) -> list[str]:
    """The words of the index that begin so, in order; none where they are more than MAX_ENDINGS.

    The index joins the lists of all words before it gives the first story; of words named one by one it follows the
    lists only as far as stories are asked for.
    """
    found: list[str] = []
    last = start
    while len(found) <= MAX_ENDINGS:
        row = db.execute("SELECT term FROM terms WHERE term >= ? LIMIT 1", (last,)).fetchone()
        if row is None or not row[0].startswith(start):
            return found
        found.append(row[0])
        last = row[0] + "\x01"  # the next one: no word has such a character
    return []


def numbers_of(asked: Asked) -> tuple[int, int]:
    """The range of numbers of the days asked for."""
    low = number_of(asked.since) if asked.since else 0
    high = number_of(asked.until, 1) - 1 if asked.until else LAST_NUMBER
    return low, high


def number_of(day: str, later_days: int = 0) -> int:
    """The first number of a day, or of one some days later."""
    start = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
    try:
        start += timedelta(days=later_days)
    except OverflowError:
        return LAST_NUMBER
    return max(0, int(start.timestamp()) // 60) << LOW_BITS
