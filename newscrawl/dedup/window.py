"""The texts of the last days, by what near-duplicates are found by.

They lie in the table `near`, in windows of twelve hours by arrival; a window that is older than three days is dropped
whole. What is looked up at every story, the keys, is held in memory too (130 bytes a story), and follows the
table: rows of other processes are read at the start of a transaction, a rollback reads all of it again. Sketches stay
in the file. A second backend would replace this class.
"""

from __future__ import annotations

import collections
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newscrawl.dedup.near_duplicate import MAX_CANDIDATES, SURE, THRESHOLD, Measures, judge, measure
from newscrawl.dedup.shingle import Shingles, Sketch
from newscrawl.state.store import State

WINDOW_SECONDS = 12 * 3600
WINDOWS = 6  # before the present one: three days
MAX_WINDOWS = 64  # of any time: replays of archives have windows of their own
ROW_BITS = 32
MAX_POSTINGS = 12  # a key of more texts than this is boilerplate
MAX_HOURS_APART = 7 * 24  # between the dates of publication
MERGE_AT = 2048  # rows whose keys are held in a dict before they are sorted in
MIN_WORDS = 8  # of a text that is compared at all


@dataclass(frozen=True, slots=True)
class Match:
    """The known text that a new one is an edited copy of: `row` in the window, `story` in the state."""

    row: int
    story: int
    measures: Measures
    leading: frozenset[int]  # the keys that lead to the row already


class Postings:
    """key -> rows, for as many rows as a window holds: a sorted array, and a dict of what came since."""

    def __init__(self) -> None:
        self.rows: list[int] = []  # a posting names a row by its place here
        self.sorted: NDArray[np.uint64] = np.zeros(0, np.uint64)  # key in the high half, place in the low one
        self.recent: dict[int, int | list[int]] = {}  # one place without a list: there are many, and few have two
        self.recent_rows = 0

    def add(self, keys: list[int], row: int) -> None:
        place = len(self.rows)
        self.rows.append(row)
        for key in keys:
            known = self.recent.setdefault(key, place)
            if isinstance(known, list):
                known.append(place)
            elif known != place:
                self.recent[key] = [known, place]
        self.recent_rows += 1
        if self.recent_rows >= MERGE_AT:
            self.merge()

    def merge(self) -> None:
        fresh = [key << 32 | place for key, places in self.recent.items() for place in listed(places)]
        self.sorted = np.concatenate((self.sorted, np.array(fresh, np.uint64)))
        self.sorted.sort()
        self.recent, self.recent_rows = {}, 0

    def rows_by_key(self, keys: list[int]) -> dict[int, list[int]]:
        """The rows of those keys that have some, in order."""
        found = {key: listed(places) for key in keys if (places := self.recent.get(key)) is not None}
        if len(self.sorted):
            wanted = np.array(keys, np.uint64) << np.uint64(32)
            first = self.sorted.searchsorted(wanted)
            last = self.sorted.searchsorted(wanted | np.uint64(0xFFFFFFFF))
            for number in np.flatnonzero(last > first).tolist():
                places = (self.sorted[first[number] : last[number]] & np.uint64(0xFFFFFFFF)).tolist()
                found[keys[number]] = places + found.get(keys[number], [])
        return {key: [self.rows[place] for place in places] for key, places in found.items()}


def listed(places: int | list[int]) -> list[int]:
    return [places] if isinstance(places, int) else places


class Window:
    """Finding and keeping of near-duplicates; every call stands inside a transaction of the caller."""

    def __init__(self, state: State) -> None:
        self.state, self.db = state, state.db
        self.forget()

    def forget(self) -> None:
        """Drop what is held in memory; the next call reads the table."""
        self.postings = Postings()
        self.last: dict[int, int] = {}  # window -> its highest row held here
        self.members: dict[tuple[int, int], int] = {}  # (cluster, site) -> the latest story of both
        self.dropped = 0
        self.rollbacks, self.transactions = self.state.rollbacks, -1

    def refresh(self) -> None:
        """Read what other processes have added since the last transaction."""
        if self.rollbacks != self.state.rollbacks:
            self.forget()
        if self.transactions == self.state.transactions:
            return
        self.transactions = self.state.transactions
        for window in self.windows():
            rows = self.db.execute(
                """SELECT near.n, near.same, near.keys, near.story, stories.cluster, stories.site
                   FROM near JOIN stories ON stories.n = near.story WHERE near.n > ? AND near.n < ? ORDER BY near.n""",
                (self.last.get(window, window << ROW_BITS), (window + 1) << ROW_BITS),
            )
            for row, same, keys, story, cluster, site in rows:
                self.hold(row, same, np.frombuffer(keys, np.uint32).tolist(), story, cluster or story, site)

    def windows(self) -> list[int]:
        """The windows that have rows, by skipping from one to the next."""
        found: list[int] = []
        row = self.db.execute("SELECT min(n) FROM near").fetchone()[0]
        while row is not None:
            found.append(row >> ROW_BITS)
            row = self.db.execute("SELECT min(n) FROM near WHERE n >= ?", ((found[-1] + 1) << ROW_BITS,)).fetchone()[0]
        return found

    def hold(self, row: int, same: int | None, keys: list[int], story: int, cluster: int, site: int) -> None:
        self.postings.add(keys, row if same is None else same)
        self.last[row >> ROW_BITS] = row
        self.members[cluster, site] = story

    def find(self, shingles: Shingles, arrived_at: float, published_hour: int | None) -> Match | None:
        """The most alike of the known texts, if it is alike enough."""
        self.refresh()
        if shingles.words < MIN_WORDS:
            return None
        window = int(arrived_at // WINDOW_SECONDS)
        found = self.postings.rows_by_key(shingles.keys())
        hits = collections.Counter(
            row for rows in found.values() if len(rows) <= MAX_POSTINGS for row in rows if near_in_time(row, window)
        )
        best, highest = None, THRESHOLD
        for row in sorted(hits, key=lambda row: (-hits[row], -row))[:MAX_CANDIDATES] if len(hits) > 1 else hits:
            known = self.sketch(row, published_hour)
            if known is None:
                continue
            measures = measure(shingles, known[1])
            score = judge(measures)
            if score >= highest:
                best, highest = (row, known[0], measures), score
                if score >= SURE:
                    break
        return Match(*best, frozenset(key for key, rows in found.items() if best[0] in rows)) if best else None

    def sketch(self, row: int, published_hour: int | None) -> tuple[int, Sketch] | None:
        """(story, sketch) of a row; None where it is dropped or was published at quite another time."""
        known = self.db.execute("SELECT story, published_hour, sketch FROM near WHERE n = ?", (row,)).fetchone()
        if known is None or known[2] is None:
            return None
        if published_hour is not None and known[1] is not None and abs(known[1] - published_hour) > MAX_HOURS_APART:
            return None
        return known[0], Sketch.unpacked(known[2])

    def add(
        self, story: int, cluster: int, site: int, shingles: Shingles, arrived_at: float, published_hour: int | None,
        same: Match | None = None,
    ) -> None:  # fmt: skip
        """Remember a text. One that adds nothing to that of `same` leaves only the keys that do not lead there yet."""
        self.refresh()
        keys = shingles.keys() if shingles.words >= MIN_WORDS else []
        if same is not None:
            keys = [key for key in keys if key not in same.leading]
        row = self.next_row(int(arrived_at // WINDOW_SECONDS))
        packed = np.array(keys, np.uint32).tobytes()
        sketch = shingles.sketch().packed() if same is None else None
        same_row = same.row if same is not None else None
        values = (row, story, published_hour, same_row, packed, sketch)
        self.db.execute("INSERT INTO near VALUES (?, ?, ?, ?, ?, ?)", values)
        self.hold(row, same_row, keys, story, cluster, site)

    def next_row(self, window: int) -> int:
        if window not in self.last:
            self.drop_old(window)
        return self.last.get(window, window << ROW_BITS) + 1

    def drop_old(self, window: int) -> None:
        """Before a new window is opened: drop those that are too old, and the oldest of too many."""
        windows = self.windows()
        kept = [other for other in windows if other >= window - WINDOWS][1 - MAX_WINDOWS :]
        dropped = [other for other in windows if other not in kept]
        for other in dropped:
            self.db.execute("DELETE FROM near WHERE n >= ? AND n < ?", (other << ROW_BITS, (other + 1) << ROW_BITS))
            self.dropped += self.last.pop(other, other << ROW_BITS) - (other << ROW_BITS)
        if 2 * self.dropped > len(self.postings.rows):  # what is held of dropped windows is only in the way
            self.forget()
            self.refresh()

    def member(self, cluster: int, site: int) -> int | None:
        """The latest story of a site in a cluster, as far as the windows reach."""
        return self.members.get((cluster, site))


def near_in_time(row: int, window: int) -> bool:
    return -WINDOWS <= (row >> ROW_BITS) - window <= WINDOWS
