"""Crawl the sites on their schedule until a signal arrives."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newscrawl.monitoring.due import Due, due_sites
from newscrawl.monitoring.exit_codes import meaning
from newscrawl.monitoring.runner import TICK_SECONDS, Done, Runner
from newscrawl.security.log import escape_controls
from newscrawl.sites.model import Site

if TYPE_CHECKING:
    from rich.table import Table

CHECK_SECONDS = 5.0  # between two checks of site files and state: 40 sites cost some 20 ms
COLUMNS = ("site", "state", "last run", "exit", "seen", "written", "took", "next", "why")


class ScheduleLoop:
    """A running schedule; `sites` is called at each check, so that new site files count without a restart."""

    def __init__(self, runner: Runner, sites: Callable[[], Sequence[Site]]) -> None:
        self.runner, self.sites = runner, sites
        self.attempted: dict[str, datetime] = {}
        self.last: dict[str, Done] = {}
        self.found: list[Due] = []

    def check(self) -> None:
        """Decide again who is due."""
        self.found = due_sites(self.sites(), self.runner.output, datetime.now(UTC), self.attempted)

    def start_due(self) -> None:
        for due in self.found:
            if due.state == "due" and due.site not in self.runner.children and self.runner.has_room:
                self.attempted[due.site] = datetime.now(UTC)
                self.runner.start(due.site)

    def step(self, on_end: Callable[[Done], object] | None) -> bool:
        """Start due sites and report ended crawls; True if one has ended."""
        self.start_due()
        ended = self.runner.ended()
        for done in ended:
            self.last[done.site] = done
            if on_end is not None:
                on_end(done)
        return bool(ended)

    def run(self, on_end: Callable[[Done], object] | None = None, refresh: Callable[[], object] | None = None) -> None:
        """Until a signal has come and every crawl has ended."""
        next_check = 0.0
        while self.runner.children or not self.runner.signals:
            if time.monotonic() >= next_check:
                self.check()
                next_check = time.monotonic() + CHECK_SECONDS
            if self.step(on_end):
                next_check = 0.0
            if refresh is not None:
                refresh()
            time.sleep(TICK_SECONDS)

    def run_with_table(self) -> None:
        """The same with a live table, for a terminal."""
        from rich.live import Live

        with Live(self.table(), auto_refresh=False, transient=False) as live:
            self.run(refresh=lambda: live.update(self.table(), refresh=True))

    def table(self) -> Table:
        """What is shown; all of it escaped."""
        from rich.table import Table
        from rich.text import Text

        stopping = ", stopping" if self.runner.signals else ""
        title = f"{len(self.runner.children)} of {self.runner.workers} crawls under way{stopping}; Ctrl-C ends it"
        table = Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0))
        for column in COLUMNS:
            table.add_column(column, no_wrap=True)
        for due in self.found:
            table.add_row(*(Text(escape_controls(cell)[:60]) for cell in self.cells(due)))
        return table

    def cells(self, due: Due) -> tuple[str, ...]:
        """One site's row."""
        child, done = self.runner.children.get(due.site), self.last.get(due.site)
        state = "running" if child else due.state
        took = f"{time.monotonic() - child.clock:.0f} s" if child else f"{done.seconds:.0f} s" if done else ""
        code = "" if due.last_exit is None else str(due.last_exit)
        seen, lines = (str(done.seen), str(done.lines)) if done and done.lines is not None else ("", "")
        why = meaning(done.exit_code) if done and not child else due.why
        next_at = (due.next_at or "now") if state in ("due", "waiting") else ""
        return due.site, state, due.last_run_at or "never", code, seen, lines, took, next_at, why
