"""Handle SIGTERM and SIGINT where no event loop runs: exit code 11, without a traceback."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence

from newscrawl.monitoring.exit_codes import ExitCode

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Stopped(BaseException):
    """A signal arrived. A BaseException, so that no `except Exception` catches it."""


def stop_at_once(signals: Sequence[signal.Signals] = SIGNALS) -> None:
    """End the process at once. The next run recovers, as after a kill."""

    def end(*_: object) -> None:
        os._exit(ExitCode.STOPPED)

    for number in signals:
        signal.signal(number, end)


def stop_by_exception() -> None:
    """Raise Stopped in the main thread, so that `with` and `finally` still hold."""

    def stop(number: int, *_: object) -> None:
        raise Stopped(signal.Signals(number).name)

    for number in SIGNALS:
        signal.signal(number, stop)


def ignore_signals() -> None:
    """For the last milliseconds; ignored signals stay so while Python ends, handlers would not."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
