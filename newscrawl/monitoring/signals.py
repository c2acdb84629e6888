"""Signals where no event loop answers them: SIGTERM and SIGINT become exit code 11, never a traceback or -15."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence

from newscrawl.monitoring.exit_codes import ExitCode

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Stopped(BaseException):
    """A signal came; nothing catches it by chance."""


def stop_at_once(signals: Sequence[signal.Signals] = SIGNALS) -> None:
    """End the process where it stands: what it leaves behind is recovered, as after a kill."""

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
