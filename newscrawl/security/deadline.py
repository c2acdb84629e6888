"""Ends a call that takes too long."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import ParamSpec, TypeVar

REPEAT_SECONDS = 0.5  # the alarm rings again where something swallowed the exception

Args = ParamSpec("Args")
Result = TypeVar("Result")


class TooSlow(Exception):
    """A call did not end within its time."""


class _Alarm(BaseException):
    """Passes every `except Exception` inside the call."""


def call_within(seconds: float, function: Callable[Args, Result], *args: Args.args, **kwargs: Args.kwargs) -> Result:
    """What the function returns; TooSlow if it has not ended after so many seconds (0: no limit).

    Python code and patterns are interrupted. A call into other C code ends first, so its input needs a maximum size.
    Signals reach the main thread only: in another thread, and in one that already has a deadline, there is no limit.
    """
    if seconds <= 0 or threading.current_thread() is not threading.main_thread():
        return function(*args, **kwargs)
    if signal.getsignal(signal.SIGALRM) is _ring:
        return function(*args, **kwargs)
    other_timer = signal.setitimer(signal.ITIMER_REAL, 0)
    before = signal.signal(signal.SIGALRM, _ring)
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, seconds, REPEAT_SECONDS)
            return function(*args, **kwargs)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except _Alarm:
        raise TooSlow(f"not read within {seconds:g} seconds") from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)  # once more: the alarm may have interrupted the line above
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, *other_timer)


def _ring(*_: int | FrameType | None) -> None:
    raise _Alarm
