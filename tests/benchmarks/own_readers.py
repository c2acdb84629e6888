"""Readers that the tests hand to benchmarks.compare as module:function."""

from __future__ import annotations

import os
from typing import Any


def marked(html: bytes, url: str) -> dict[str, Any]:
    """The lines of a page's <p> elements, however bad an idea that is."""
    print("a reader that talks on standard output")
    lines = [line.partition("</p>")[0] for line in html.decode().split("<p>")[1:]]
    return {"text": "\n".join(lines), "attribution": ["examplewire"]}


first = True


def slow_once(html: bytes, url: str) -> dict[str, Any]:
    """An import that only one of many pages needs."""
    global first
    if "rare" in url and first:
        first = False
        sum(number * number for number in range(3_000_000))
    return {"text": html.decode()}


def raising(html: bytes, url: str) -> dict[str, Any]:
    raise RuntimeError("no page is good enough")


def silent(html: bytes, url: str) -> None:
    return None


def dying(html: bytes, url: str) -> dict[str, Any]:
    os._exit(3)
