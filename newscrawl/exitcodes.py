"""What a command's exit code means. docs/operate.md holds the same table."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from newscrawl.discovery.arguments import ArgumentError
from newscrawl.state.lock import LockHeld
from newscrawl.state.store import StateError


class ExitCode(IntEnum):
    GOOD = 0  # also: nothing new
    START_UP = 1  # a wrong setting or site file, a state that does not fit the output
    USAGE = 2
    NOT_WRITTEN = 3  # the disk is full, or refuses
    STOPPED = 11  # by a signal; the next run goes on
    LOCKED = 75  # another run of the site is under way; nothing was touched


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
    # No reason at all: a second signal cut the shutdown short.
    return ExitCode.STOPPED if reason in ("shutdown", None) else ExitCode.GOOD
