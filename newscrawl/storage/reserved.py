"""Remember pages that were skipped because they reserve text and data mining, so that runs do not ask again at once."""

from __future__ import annotations

import time

from newscrawl.dedup.keys import url_hash
from newscrawl.storage.state import State

REMEMBERED_SECONDS = 7 * 86_400  # then the page is asked again: a reservation may be lifted
MAX_ROWS = 100_000  # of a site


class Reserved:
    """The skipped pages of one site, by the URL that announced them; empty until it is loaded."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.known: set[int] = set()
        self.added: set[int] = set()

    def load(self, state: State) -> None:
        """Read what earlier runs skipped; before the writing thread has anything to do."""
        since = int(time.time()) - REMEMBERED_SECONDS
        rows = state.db.execute("SELECT url FROM reserved WHERE site = ? AND read_at > ?", (self.site, since))
        self.known = {url for (url,) in rows}

    def holds(self, url: str) -> bool:
        return bool(self.known) and url_hash(url) in self.known

    def add(self, url: str) -> None:
        self.added.add(url_hash(url))

    def record(self, state: State) -> None:
        """Remember what this run skipped, within the caller's transaction."""
        now = int(time.time())
        state.db.executemany(
            "INSERT OR REPLACE INTO reserved (site, url, read_at) VALUES (?, ?, ?)",
            [(self.site, url, now) for url in self.added],
        )
        state.db.execute("DELETE FROM reserved WHERE site = ? AND read_at <= ?", (self.site, now - REMEMBERED_SECONDS))
        state.db.execute(
            """DELETE FROM reserved WHERE site = ?1 AND url IN
               (SELECT url FROM reserved WHERE site = ?1 ORDER BY read_at DESC LIMIT -1 OFFSET ?2)""",
            (self.site, MAX_ROWS),
        )
