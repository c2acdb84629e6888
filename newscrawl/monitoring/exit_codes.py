"""Choose the exit code of a run: the first that applies. docs/exit-codes.md has the same table."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any

from newscrawl.discovery.arguments import ArgumentError
from newscrawl.storage.lock import LockHeld
from newscrawl.storage.state import StateError


class ExitCode(IntEnum):
    GOOD = 0  # also: nothing new
    START_UP = 1  # a wrong setting or site file, a state that does not fit the output
    USAGE = 2
    NOT_WRITTEN = 3  # the disk is full, or refuses
    SOME_FAILED = 4  # some of the site's sources, or an unexpected exception; of `crawl-due`: some sites
    ALL_FAILED = 5  # every source, every story page, or silence for longer than the site's [expect] allows
    DRIFT = 6  # the site's layout seems to have changed
    STOPPED = 11  # by a signal; the next run goes on
    LOCKED = 75  # another run of the site is under way; nothing was touched


MEANINGS = {
    ExitCode.GOOD: "good",
    ExitCode.START_UP: "could not start",
    ExitCode.USAGE: "wrong use",
    ExitCode.NOT_WRITTEN: "output not written",
    ExitCode.SOME_FAILED: "some sources or pages failed",
    ExitCode.ALL_FAILED: "failed: no source, or no story",
    ExitCode.DRIFT: "layout drift",
    ExitCode.STOPPED: "stopped by a signal",
    ExitCode.LOCKED: "another run is under way",
}
FAILED_SOURCE = (
    "newscrawl/source/failed", "newscrawl/source/blocked", "newscrawl/source/robots-",
    "newscrawl/replay/unreadable-file", "newscrawl/replay/no-record", "newscrawl/replay/no-url", "newscrawl/replay/failed",
    "newscrawl/replay/broken-", "newscrawl/replay/cut-", "newscrawl/replay/too-big", "newscrawl/replay/more-than-one-record",
)  # fmt: skip
EXCEPTIONS = ("newscrawl/exception/", "spider_exceptions/")  # nobody expected them: see ExceptionCounter
FAILED_READING = ("newscrawl/read/failed", "newscrawl/read/too-slow")
GOOD_REASONS = ("finished", "closespider_", "requeued")  # limits that the user set end a run as intended
UNWRITABLE = ("newscrawl/check/not-a-story",)  # stories of a user's own spider that lack what a line must have
ASKED_FOR = (
    "newscrawl/candidate/requested",
    "newscrawl/candidate/again",
    "newscrawl/candidate/not-due-again",
    "newscrawl/replay/files",
    "newscrawl/replay/pages",
    "newscrawl/replay/elsewhere",
)
GOOD_SOURCE = ("newscrawl/source/ok", "newscrawl/source/not-modified", "newscrawl/replay/pages")


def meaning(code: int | None) -> str:
    """A code in words; of a process that ended otherwise, how."""
    if code is None:
        return "never finished"
    if code < 0:
        return f"killed by signal {-code}"
    return MEANINGS[ExitCode(code)] if code in MEANINGS else "unknown"


def of_start(error: BaseException) -> ExitCode:
    """The code of a run that could not start."""
    if isinstance(error, LockHeld):
        return ExitCode.LOCKED
    if isinstance(error, ArgumentError):
        return ExitCode.USAGE
    is_output = isinstance(error, OSError | sqlite3.OperationalError) and not isinstance(error, StateError)
    return ExitCode.NOT_WRITTEN if is_output else ExitCode.START_UP


def of_run(stats: Mapping[str, Any]) -> ExitCode:
    """The code of a run that ended, by its statistics."""
    reason = stats.get("finish_reason")
    if stats.get("newscrawl/write/failed") or reason == "output_not_written":
        return ExitCode.NOT_WRITTEN
    if reason in ("shutdown", None):  # no reason at all: a second signal cut the shutdown short
        return ExitCode.STOPPED
    if total(stats, UNWRITABLE):
        return ExitCode.SOME_FAILED if stats.get("newscrawl/write/lines") else ExitCode.ALL_FAILED
    failed = total(stats, FAILED_SOURCE) + total(stats, EXCEPTIONS) + (not str(reason).startswith(GOOD_REASONS))
    if _all_failed(stats, reason):
        return ExitCode.ALL_FAILED
    if stats.get("newscrawl/drift/marked"):
        return ExitCode.DRIFT
    return ExitCode.SOME_FAILED if failed else ExitCode.GOOD


def _all_failed(stats: Mapping[str, Any], reason: object) -> bool:
    """Whether no source worked, no story could be used, most pages could not be read, or the site is silent."""
    if total(stats, FAILED_SOURCE) and not total(stats, GOOD_SOURCE):
        return True
    if total(stats, FAILED_READING) * 2 > max(stats.get("newscrawl/read/pages", 0), 1):
        return True
    is_unexpected = total(stats, EXCEPTIONS) or not str(reason).startswith(GOOD_REASONS)
    return bool((is_unexpected and not _is_seen(stats)) or gave_nothing(stats) or stats.get("newscrawl/expect/silent"))


def _is_seen(stats: Mapping[str, Any]) -> bool:
    """Whether a story was seen; a replay counts verdicts alone."""
    return bool(stats.get("newscrawl/story/seen") or total(stats, ("newscrawl/identify/",)))


def gave_nothing(stats: Mapping[str, Any]) -> bool:
    """Whether story pages were asked for (or lay in the archives of a replay), and neither one of them nor a known one
    was seen as a story."""
    return bool(total(stats, ASKED_FOR)) and not _is_seen(stats)


def total(stats: Mapping[str, Any], prefixes: tuple[str, ...]) -> int:
    return sum(count for name, count in stats.items() if name.startswith(prefixes))


def of_runs(codes: Sequence[int]) -> ExitCode:
    """The one code of many sites' runs: what the sources are to a site, the sites are to a schedule.

    Runs that found their site locked do not count, unless all of them did.
    """
    ran = [code for code in codes if code != ExitCode.LOCKED]
    if not ran:
        return ExitCode.LOCKED if codes else ExitCode.GOOD
    for code in (ExitCode.NOT_WRITTEN, ExitCode.STOPPED):
        if code in ran:
            return code
    failed = [code for code in ran if code not in (ExitCode.GOOD, ExitCode.SOME_FAILED, ExitCode.DRIFT)]
    if len(failed) == len(ran):
        return ExitCode.ALL_FAILED
    if ExitCode.DRIFT in ran:
        return ExitCode.DRIFT
    return ExitCode.SOME_FAILED if failed or ExitCode.SOME_FAILED in ran else ExitCode.GOOD
