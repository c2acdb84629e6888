"""Bounds on the CPU time of a call, as multiples of a floor that is measured beside it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import lxml.html

PAGE = "<html><body>" + "<div class='a b'><p>One sentence of the text, <a href='/x'>with a link</a>.</p></div>" * 400
WORD = re.compile(r"\w+")


def floor_seconds() -> float:
    """CPU seconds of one small piece of the usual work: parse a page of 35 KB, find its words. About 12 ms."""
    start = time.process_time()
    lxml.html.fromstring(PAGE)
    for _ in range(6):
        WORD.findall(PAGE)
    return time.process_time() - start


@contextmanager
def at_most(floors: float) -> Iterator[None]:
    """Fail if the body takes more CPU than so many floors: the machine may be slow or busy, the ratio holds."""
    before = [floor_seconds() for _ in range(3)]
    start = time.process_time()
    yield
    spent = time.process_time() - start
    floor = max(min(before), floor_seconds())
    assert spent < floors * floor, f"{spent / floor:.0f} floors of {floor * 1000:.1f} ms, {floors:.0f} allowed"
