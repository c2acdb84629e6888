"""Decide when a site is crawled next, from its file and its last runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newscrawl.monitoring.exit_codes import ExitCode, meaning
from newscrawl.monitoring.runs import is_running
from newscrawl.politeness.revisit import Poll, poll_interval, publishing_rate
from newscrawl.sites.model import Site
from newscrawl.storage.runs import AT, RunRow, runs_of
from newscrawl.storage.state import FILE_NAME, State
from newscrawl.storage.visits import last_polls

MAX_BACK_OFF_SECONDS = 24 * 3600
RUNS_CONSIDERED = 12  # of a site: 2 ** 11 intervals of a minute are beyond the longest back-off
SAYS_NOTHING = frozenset({ExitCode.START_UP, ExitCode.NOT_WRITTEN, ExitCode.STOPPED})  # about the site itself
REQUEUED = "requeued"
ORDER = ("due", "running", "waiting", "blocked", "no-sources")


@dataclass(frozen=True, slots=True)
class Due:
    """One site: `state` is one of ORDER; times are UTC; `failures` are those in a row up to the last run."""

    site: str
    name: str
    state: str
    why: str
    last_run_at: str | None
    last_exit: int | None
    interval_seconds: int
    failures: int
    next_at: str | None


def due_sites(
    sites: Sequence[Site], output: Path, now: datetime, attempted: Mapping[str, datetime] | None = None
) -> list[Due]:
    """Every site, those that are due first, the longest overdue before the others.

    `attempted` are the caller's own starts: one that failed before the state could be written must not be repeated
    at once.
    """
    histories = histories_of(sites, output)
    found = []
    for site in sites:
        rows, polls = histories.get(site.id, ([], []))
        running = is_running(output, site.id)
        found.append(decide(site, rows, polls, running, now, (attempted or {}).get(site.id)))
    return sorted(found, key=lambda due: (ORDER.index(due.state), due.next_at or "", due.site))


def histories_of(sites: Sequence[Site], output: Path) -> dict[str, tuple[list[RunRow], list[Poll]]]:
    """Site id -> (its last runs, newest first; the finished ones as polls); empty without a state."""
    if not (output / "state" / FILE_NAME).exists():
        return {}
    state = State(output / "state")
    try:
        return {
            site.id: (crawls(runs_of(state.db, site.id, RUNS_CONSIDERED)), last_polls(state, site)) for site in sites
        }
    finally:
        state.close()


def crawls(rows: Sequence[RunRow]) -> list[RunRow]:
    """The runs that requested something from the site, without those of requeue."""
    return [row for row in rows if row.finish_reason != REQUEUED]


def decide(
    site: Site,
    rows: Sequence[RunRow],
    polls: Sequence[Poll],
    is_running: bool,
    now: datetime,
    attempted: datetime | None,
) -> Due:
    """What is to be done with a site; `rows` are its last runs, newest first, `polls` what they brought."""
    last = rows[0] if rows else None
    interval = poll_interval(site.poll_minutes, publishing_rate(polls))
    done = rows[1:] if is_running else rows
    failures = failures_in_a_row(done)
    began = time_of(last.started_at) if last else None
    next_at = next_start(began, done[0] if done else None, interval, failures)
    if began is not None and began > now:
        next_at = began = now  # the clock was set back
    if attempted is not None:
        next_at = max(next_at or attempted, attempted + wait(interval, failures))
    state, why = state_of(site, is_running, next_at, now, failures, last)
    return Due(
        site.id, site.name, state, why,
        last.started_at if last else None, last.exit_code if last else None,
        int(interval.total_seconds()), failures, next_at.strftime(AT) if next_at else None,
    )  # fmt: skip


def failures_in_a_row(rows: Sequence[RunRow]) -> int:
    """How many of the last runs failed or were killed; those that say nothing about the site are passed over."""
    failures = 0
    for row in rows:
        if row.exit_code == ExitCode.ALL_FAILED or row.was_killed:
            failures += 1
        elif row.exit_code not in SAYS_NOTHING:
            break
    return failures


def wait(interval: timedelta, failures: int) -> timedelta:
    """From one start to the next: doubled with each failure after the first, at most a day (or the interval)."""
    longest = max(interval, timedelta(seconds=MAX_BACK_OFF_SECONDS))
    doublings: int = 2 ** min(max(0, failures - 1), RUNS_CONSIDERED)
    return min(interval * doublings, longest)


def next_start(began: datetime | None, last: RunRow | None, interval: timedelta, failures: int) -> datetime | None:
    """When the next run is due; None for a site that has never run."""
    if began is None:
        return None
    was_cut = last is not None and (last.exit_code == ExitCode.STOPPED or (last.was_killed and failures <= 1))
    return began if was_cut else began + wait(interval, failures)


def state_of(
    site: Site, is_running: bool, next_at: datetime | None, now: datetime, failures: int, last: RunRow | None
) -> tuple[str, str]:  # fmt: skip
    """(state, why), the first that holds."""
    if is_running:
        return "running", f"since {last.started_at}" if last and last.was_killed else "its lock is held"
    if site.blocked is not None:
        return "blocked", site.blocked
    if not site.sources:
        return "no-sources", "the site file has no [[source]]"
    if next_at is None:
        return "due", "never run"
    ended = f"last run: {meaning(last.exit_code)}" if last else "just tried"
    if failures > 1:
        ended = f"failed {failures} times in a row, backs off"
    return ("due", ended) if next_at <= now else ("waiting", ended)


def time_of(text: str) -> datetime:
    return datetime.strptime(text, AT).replace(tzinfo=UTC)
