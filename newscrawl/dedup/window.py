"""The texts of the last days, by what near-duplicates are found by.

They lie in the table `near`, in windows of twelve hours by arrival; a window that is older than three days is dropped
whole. What is looked up at every story, the keys, is held in memory too (a window of many stories takes 130 bytes a
story once the next one has begun), and follows the table: rows of other processes are read at the start of a
transaction, a rollback reads all of it again. Sketches stay in the file. A second backend would replace `Window`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newscrawl.dedup.near_duplicate import MAX_CANDIDATES, SURE, THRESHOLD, Measures, headlines_disagree, judge, measure
from newscrawl.dedup.shingle import Shingles, Sketch
from newscrawl.state.store import State

WINDOW_SECONDS = 12 * 3600
WINDOWS = 6  # before the present one: three days
MAX_WINDOWS = 64  # of any time: replays of archives have windows of their own
ROW_BITS = 32
MAX_POSTINGS = 12  # a key of more texts than this is boilerplate
MAX_HOURS_APART = 7 * 24  # between the dates of publication
MAX_UNSETTLED = 2048  # rows of a window that is over whose keys may stay in a dict
MIN_WORDS = 8  # of a text that is compared at all


@dataclass(frozen=True, slots=True)
class Match:
    """The known text that a new one is an edited copy of: `row` in the window, `story` in the state."""

    row: int
    story: int
    measures: Measures
    leading: frozenset[int]  # the keys that lead to the row already


class Postings:
    """What is held in memory of one window: key -> rows, and which stories of which cluster and site it has."""

    def __init__(self) -> None:
        self.last = 0  # the highest row
        self.rows = 0
        self.recent: dict[int, int | list[int]] = {}  # one row without a list: there are many, and few have two
        self.sorted: tuple[NDArray[np.uint32], NDArray[np.int64]] | None = None  # keys in order, their rows
        self.members: dict[tuple[int, int], int] = {}  # (cluster, site) -> the latest story of both

    def add(self, keys: list[int], row: int) -> None:
        for key in keys:
            known = self.recent.setdefault(key, row)
            if isinstance(known, list):
                known.append(row)
            elif known != row:
                self.recent[key] = [known, row]
        self.rows += 1

    def settle(self) -> None:
        """Hold the keys in arrays, a tenth of a dict's memory: a window that is over gets no more rows, or few."""
        pairs = [(key, row) for key, rows in self.recent.items() for row in listed(rows)]
        keys, rows = np.array([pair[0] for pair in pairs], np.uint32), np.array([pair[1] for pair in pairs], np.int64)
        if self.sorted is not None:
            keys, rows = np.concatenate((self.sorted[0], keys)), np.concatenate((self.sorted[1], rows))
        order = keys.argsort(kind="stable")
        self.sorted, self.recent, self.rows = (keys[order], rows[order]), {}, 0

    def gather(self, keys: list[int], found: dict[int, list[int]]) -> None:
        """Add the rows of the keys that have some."""
        for key, known in zip(keys, map(self.recent.get, keys), strict=True):
            if known is not None:
                found.setdefault(key, []).extend(listed(known))
        if self.sorted is not None:
            of, their_rows = self.sorted
            wanted = np.array(keys, np.uint32)
            first, last = of.searchsorted(wanted), of.searchsorted(wanted, "right")
            for place in (last > first).nonzero()[0].tolist():
                found.setdefault(keys[place], []).extend(their_rows[first[place] : last[place]].tolist())


def listed(rows: int | list[int]) -> list[int]:
    return [rows] if isinstance(rows, int) else rows


class Window:
    """Finding and keeping of near-duplicates; every call stands inside a transaction of the caller."""

    def __init__(self, state: State) -> None:
        self.state, self.db = state, state.db
        self.forget()

    def forget(self) -> None:
        """Drop what is held in memory; the next call reads the table."""
        self.held: dict[int, Postings] = {}
        self.rollbacks, self.transactions = self.state.rollbacks, -1

    def refresh(self) -> None:
        """Read what other processes have added since the last transaction, and drop what they have dropped."""
        if self.rollbacks != self.state.rollbacks:
            self.forget()
        if self.transactions == self.state.transactions:
            return
        self.transactions = self.state.transactions
        windows = self.windows()
        self.held = {window: self.held.get(window) or Postings() for window in windows}
        for window, postings in self.held.items():
            rows = self.db.execute(
                """SELECT near.n, near.same, near.keys, near.story, stories.cluster, stories.site
                   FROM near JOIN stories ON stories.n = near.story WHERE near.n > ? AND near.n < ? ORDER BY near.n""",
                (postings.last or window << ROW_BITS, (window + 1) << ROW_BITS),
            )
            for row, same, keys, story, cluster, site in rows:
                self.hold(row, same, np.frombuffer(keys, np.uint32).tolist(), story, cluster or story, site)
            if postings.rows > MAX_UNSETTLED and window != windows[-1]:
                postings.settle()

    def windows(self) -> list[int]:
        """The windows that have rows, by skipping from one to the next."""
        found: list[int] = []
        row = self.db.execute("SELECT min(n) FROM near").fetchone()[0]
        while row is not None:
            found.append(row >> ROW_BITS)
            row = self.db.execute("SELECT min(n) FROM near WHERE n >= ?", ((found[-1] + 1) << ROW_BITS,)).fetchone()[0]
        return found

    def hold(self, row: int, same: int | None, keys: list[int], story: int, cluster: int, site: int) -> None:
        postings = self.held.setdefault(row >> ROW_BITS, Postings())
        postings.add(keys, row if same is None else same)
        postings.last = row
        postings.members[cluster, site] = story

    def find(self, shingles: Shingles, arrived_at: float, published_hour: int | None) -> Match | None:
        """The most alike of the known texts, if it is alike enough."""
        self.refresh()
        if shingles.words < MIN_WORDS:
            return None
        found: dict[int, list[int]] = {}
        keys = shingles.keys()
        for postings in self.near_in_time(arrived_at):
            postings.gather(keys, found)
        hits: dict[int, int] = {}
        for rows in found.values():
            if len(rows) <= MAX_POSTINGS:
                for row in rows:
                    hits[row] = hits.get(row, 0) + 1
        best, highest = None, THRESHOLD
        for row in sorted(hits, key=lambda row: (-hits[row], -row))[:MAX_CANDIDATES] if len(hits) > 1 else hits:
            known = self.sketch(row, published_hour)
            if known is None:
                continue
            measures = measure(shingles, known[1])
            score = judge(measures)
            if score >= highest and not headlines_disagree(shingles, known[1]):
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
        sketch = shingles.packed() if same is None else None
        same_row = same.row if same is not None else None
        values = (row, story, published_hour, same_row, packed, sketch)
        self.db.execute("INSERT INTO near VALUES (?, ?, ?, ?, ?, ?)", values)
        self.hold(row, same_row, keys, story, cluster, site)

    def near_in_time(self, arrived_at: float) -> list[Postings]:
        window = int(arrived_at // WINDOW_SECONDS)
        return [postings for other, postings in self.held.items() if -WINDOWS <= other - window <= WINDOWS]

    def next_row(self, window: int) -> int:
        if window not in self.held:
            self.drop_old(window)
            return (window << ROW_BITS) + 1
        return self.held[window].last + 1

    def drop_old(self, window: int) -> None:
        """Before a new window is opened: drop those that are too old, and the oldest of too many."""
        kept = [other for other in sorted(self.held) if other >= window - WINDOWS][1 - MAX_WINDOWS :]
        for other in [other for other in self.held if other not in kept]:
            self.db.execute("DELETE FROM near WHERE n >= ? AND n < ?", (other << ROW_BITS, (other + 1) << ROW_BITS))
            del self.held[other]
        for postings in self.held.values():
            if postings.rows > MAX_UNSETTLED:
                postings.settle()

    def member(self, cluster: int, site: int, arrived_at: float) -> int | None:
        """The latest story of a site in a cluster, as far as the windows reach."""
        found = (postings.members.get((cluster, site)) for postings in reversed(self.near_in_time(arrived_at)))
        return next((story for story in found if story is not None), None)
