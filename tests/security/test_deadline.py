"""A call ends when its time is over, whatever it does in Python or in a pattern."""

from __future__ import annotations

import re
import signal
import threading
import time

import pytest

from newscrawl.security.deadline import TooSlow, call_within

SHORT = 0.05
QUADRATIC = re.compile(r"[a.]*(?:a+)+b")


def spin() -> None:
    while True:
        pass


def swallow_once() -> None:
    try:
        spin()
    except BaseException:  # noqa: BLE001 - careless on purpose
        spin()


def test_what_a_call_returns_and_raises_passes() -> None:
    assert call_within(SHORT, int, "7") == 7
    with pytest.raises(ValueError, match="invalid literal"):
        call_within(SHORT, int, "x")


@pytest.mark.parametrize(
    "call", [spin, swallow_once, lambda: QUADRATIC.search("a" * 40)], ids=["loop", "swallowed", "re"]
)
def test_a_call_that_does_not_end_is_interrupted(call: object) -> None:
    assert callable(call)
    with pytest.raises(TooSlow, match=r"not read within 0\.05 seconds"):
        call_within(SHORT, call)


def test_except_exception_does_not_swallow_the_deadline() -> None:
    def careless() -> str:
        try:
            spin()
        except Exception:  # noqa: BLE001 - careless on purpose
            return "swallowed"
        return "ended"

    with pytest.raises(TooSlow):
        call_within(SHORT, careless)


def test_handler_and_timer_are_restored() -> None:
    before = signal.getsignal(signal.SIGALRM)
    signal.setitimer(signal.ITIMER_REAL, 100.0)  # somebody else's
    with pytest.raises(TooSlow):
        call_within(SHORT, spin)
    call_within(SHORT, int)
    assert signal.getsignal(signal.SIGALRM) is before
    left, interval = signal.getitimer(signal.ITIMER_REAL)
    assert 90.0 < left <= 100.0 and interval == 0.0


def test_no_limit_is_set_by_zero_or_in_another_thread() -> None:
    before = signal.getsignal(signal.SIGALRM)
    assert call_within(0, signal.getsignal, signal.SIGALRM) is before
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(call_within(SHORT, time.sleep, 2 * SHORT)))
    thread.start()
    thread.join()
    assert found == [None]


def test_an_inner_deadline_keeps_the_outer_one() -> None:
    with pytest.raises(TooSlow, match=r"0\.05"):
        call_within(SHORT, call_within, 60.0, spin)
