"""Find near-duplicates among the texts of the last days.

The texts' keys and sketches are in the table `near`, in windows of twelve hours by arrival. A window older than three days is
dropped whole. The keys, which every story looks up, are also held in memory (130 bytes per story for a window of many
stories, once the next one has begun) and follow the table: rows of other processes are read at the start of a transaction,
and a rollback reads all of them again. Sketches stay in the file. A second backend would replace `Window`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from newscrawl.dedup.near_duplicate import (
    ADDS_NOTHING,
    MAX_CANDIDATES,
    SURE,
    THRESHOLD,
    headlines_disagree,
    judge,
    measure,
)
from newscrawl.dedup.shingle import Shingles, Sketch
from newscrawl.dedup.store import Match
from newscrawl.storage.state import State

WINDOW_SECONDS = 12 * 3600
WINDOWS = 6  # before the present one: three days
MAX_WINDOWS = 64  # of any time: replays of archives have windows of their own
ROW_BITS = 32
MAX_POSTINGS = 12  # a key of more texts than this is boilerplate
MAX_HOURS_APART = 7 * 24  # between the dates of publication
MAX_UNSETTLED = 2048  # rows of a window that is over whose keys may stay in a dict
MAX_FRESH = 4096  # rows whose sketches are at hand, a kilobyte each
MIN_WORDS = 8  # of a text that is compared at all


Rows = int | list[int]  # one row without a list: there are many, and few have two


NO_KEYS: NDArray[np.uint32] = np.zeros(0, np.uint32)
NO_ROWS: NDArray[np.int64] = np.zeros(0, np.int64)


class WindowKeys:
    """What is held in memory of one window."""

    def __init__(self) -> None:
        self.last = 0  # the highest row
        self.rows = 0
        self.keys: list[int] = []  # those of its rows in the dict of all windows
        self.members: dict[tuple[int, int], int] = {}  # (cluster, site) -> the latest story of both


def listed(rows: Rows) -> list[int]:
    return [rows] if isinstance(rows, int) else rows


class Postings:
    """key -> rows, over all windows: a dict, and arrays for large windows that are over."""

    def __init__(self) -> None:
        self.windows: dict[int, WindowKeys] = {}
        self.rows: dict[int, Rows] = {}
        self.sorted_keys = NO_KEYS, NO_ROWS  # keys in order, their rows

    def add(self, keys: list[int], row: int, window: int) -> None:
        """Let the keys lead to a row; `window` is that of the text which has them."""
        for key in keys:
            known = self.rows.setdefault(key, row)
            if isinstance(known, list):
                known.append(row)
            elif known != row:
                self.rows[key] = [known, row]
        held = self.windows[window]
        held.keys += keys
        held.rows += 1

    def taken(self, window: int) -> list[tuple[int, int]]:
        """(key, row) of a window and of what is older, taken out of the dict."""
        held, found = self.windows[window], []
        for key in held.keys:
            rows = listed(self.rows.pop(key, []))
            found += [(key, row) for row in rows if row >> ROW_BITS <= window]
            left = [row for row in rows if row >> ROW_BITS > window]
            if left:
                self.rows[key] = left if len(left) > 1 else left[0]
        held.keys, held.rows = [], 0
        return found

    def settle(self, window: int) -> None:
        """Hold the keys of a window in arrays, a tenth of a dict's memory: it is over and gets few rows or none."""
        pairs = self.taken(window)
        keys = np.concatenate((self.sorted_keys[0], np.array([pair[0] for pair in pairs], np.uint32)))
        rows = np.concatenate((self.sorted_keys[1], np.array([pair[1] for pair in pairs], np.int64)))
        order = keys.argsort(kind="stable")
        self.sorted_keys = keys[order], rows[order]

    def settle_large(self, open_window: int) -> None:
        for window, held in self.windows.items():
            if held.rows > MAX_UNSETTLED and window != open_window:
                self.settle(window)

    def drop(self, window: int) -> None:
        """Forget a window and all that is older."""
        if len(self.sorted_keys[0]):
            is_kept = self.sorted_keys[1] >> ROW_BITS > window
            self.sorted_keys = self.sorted_keys[0][is_kept], self.sorted_keys[1][is_kept]
        rows = self.rows
        for key in self.windows.pop(window).keys:
            known = rows.get(key)
            if isinstance(known, list):
                left = [row for row in known if row >> ROW_BITS > window]
                if left:
                    rows[key] = left if len(left) > 1 else left[0]
                else:
                    del rows[key]
            elif known is not None and known >> ROW_BITS <= window:
                del rows[key]

    def find(self, keys: list[int]) -> dict[int, list[int]]:
        """The rows of the keys that have some."""
        found = {
            key: listed(rows) for key, rows in zip(keys, map(self.rows.get, keys), strict=True) if rows is not None
        }
        if len(self.sorted_keys[0]):
            of, rows_of = self.sorted_keys
            looked_up = np.array(keys, np.uint32)
            first, last = of.searchsorted(looked_up), of.searchsorted(looked_up, "right")
            for place in (last > first).nonzero()[0].tolist():
                found[keys[place]] = found.get(keys[place], []) + rows_of[first[place] : last[place]].tolist()
        return found


class Window:
    """Finding and keeping of near-duplicates; call every method inside a transaction of the caller."""

    def __init__(self, state: State) -> None:
        self.state, self.db = state, state.db
        self.forget()

    def forget(self) -> None:
        """Drop what is held in memory; the next call reads the table."""
        self.postings = Postings()
        self.fresh: dict[int, tuple[int, int | None, bytes]] = {}  # row -> story, hour of publication, sketch
        self.rollbacks, self.transactions = self.state.rollbacks, -1

    def refresh(self) -> None:
        """Read what other processes have added since the last transaction, and drop what they have dropped."""
        if self.rollbacks != self.state.rollbacks:
            self.forget()
        if self.transactions == self.state.transactions:
            return
        self.transactions = self.state.transactions
        windows, held = self.windows(), self.postings.windows
        for window in [window for window in held if window not in windows]:
            self.postings.drop(window)
        for window in windows:
            rows = self.db.execute(
                """SELECT near.n, near.same, near.keys, near.story, stories.cluster, stories.site
                   FROM near JOIN stories ON stories.n = near.story WHERE near.n > ? AND near.n < ? ORDER BY near.n""",
                (held[window].last if window in held else window << ROW_BITS, (window + 1) << ROW_BITS),
            )
            for row, same, keys, story, cluster, site in rows:
                self.hold(row, same, np.frombuffer(keys, np.uint32).tolist(), story, cluster or story, site)
        if windows:
            self.postings.settle_large(windows[-1])

    def windows(self) -> list[int]:
        """The windows that have rows, by skipping from one to the next."""
        found: list[int] = []
        row = self.db.execute("SELECT min(n) FROM near").fetchone()[0]
        while row is not None:
            found.append(row >> ROW_BITS)
            row = self.db.execute("SELECT min(n) FROM near WHERE n >= ?", ((found[-1] + 1) << ROW_BITS,)).fetchone()[0]
        return found

    def hold(self, row: int, same: int | None, keys: list[int], story: int, cluster: int, site: int) -> None:
        held = self.postings.windows.setdefault(row >> ROW_BITS, WindowKeys())
        self.postings.add(keys, row if same is None else same, row >> ROW_BITS)
        held.last = row
        held.members[cluster, site] = story

    def find(self, shingles: Shingles, arrived_at: float, published_hour: int | None) -> Match | None:
        """The most similar known text, if it is similar enough."""
        self.refresh()
        if shingles.words < MIN_WORDS:
            return None
        window = int(arrived_at // WINDOW_SECONDS)
        earliest, latest = (window - WINDOWS) << ROW_BITS, (window + WINDOWS + 1) << ROW_BITS
        found = self.postings.find(shingles.keys)
        hits: dict[int, int] = {}
        for rows in found.values():
            if len(rows) <= MAX_POSTINGS:
                for row in rows:
                    if earliest < row < latest:
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
        known = self.fresh.get(row)
        if known is None:
            known = self.db.execute("SELECT story, published_hour, sketch FROM near WHERE n = ?", (row,)).fetchone()
            if known is None or known[2] is None:
                return None
            self.freshen(row, known)
        if published_hour is not None and known[1] is not None and abs(known[1] - published_hour) > MAX_HOURS_APART:
            return None
        return known[0], Sketch.unpacked(known[2])

    def add(
        self, story: int, cluster: int, site: int, shingles: Shingles, arrived_at: float, published_hour: int | None,
        match: Match | None = None,
    ) -> None:  # fmt: skip
        """Remember a text. One that adds nothing to that of `match` leaves only the keys that do not lead there yet."""
        self.refresh()
        same = match if match is not None and match.measures.here >= ADDS_NOTHING else None
        keys = shingles.keys if shingles.words >= MIN_WORDS else []
        if same is not None:
            keys = [key for key in keys if key not in same.leading]
        row = self.next_row(int(arrived_at // WINDOW_SECONDS))
        packed = np.array(keys, np.uint32).tobytes()
        sketch = shingles.packed() if same is None else None
        same_row = same.row if same is not None else None
        self.store(row, story, published_hour, same_row, packed, sketch)
        self.hold(row, same_row, keys, story, cluster, site)

    def store(
        self, row: int, story: int, published_hour: int | None, same: int | None, keys: bytes, sketch: bytes | None
    ) -> None:
        values = (row, story, published_hour, same, keys, sketch)
        if sketch is not None:
            self.freshen(row, (story, published_hour, sketch))
        self.db.execute("INSERT INTO near VALUES (?, ?, ?, ?, ?, ?)", values)

    def freshen(self, row: int, known: tuple[int, int | None, bytes]) -> None:
        """Keep a row at hand: copies come soon after each other."""
        if len(self.fresh) >= MAX_FRESH:
            self.fresh.clear()
        self.fresh[row] = known

    def erase(self, window: int) -> None:
        """Drop the rows of a window whole, and what its stories say of who wrote them: no copy of them will be matched."""
        rows = (window << ROW_BITS, (window + 1) << ROW_BITS)
        self.db.execute("DELETE FROM credits WHERE story IN (SELECT story FROM near WHERE n >= ? AND n < ?)", rows)
        self.db.execute("DELETE FROM near WHERE n >= ? AND n < ?", rows)

    def next_row(self, window: int) -> int:
        if window not in self.postings.windows:
            self.drop_old(window)
            return (window << ROW_BITS) + 1
        return self.postings.windows[window].last + 1

    def drop_old(self, window: int) -> None:
        """Before a new window is opened: drop those that are too old, and the oldest of too many."""
        held = sorted(self.postings.windows)
        kept = [other for other in held if other >= window - WINDOWS][1 - MAX_WINDOWS :]
        for other in [other for other in held if other not in kept]:
            self.erase(other)
            self.postings.drop(other)
            self.fresh.clear()  # a window that is opened again numbers its rows from 0
        self.postings.settle_large(window)

    def member(self, cluster: int, site: int, arrived_at: float) -> int | None:
        """The latest story of a site in a cluster, as far as the windows reach."""
        window = int(arrived_at // WINDOW_SECONDS)
        for other, held in reversed(self.postings.windows.items()):
            if -WINDOWS <= other - window <= WINDOWS and (cluster, site) in held.members:
                return held.members[cluster, site]
        return None
