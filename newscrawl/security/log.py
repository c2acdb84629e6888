"""Escape control characters in log records, so that page text cannot forge log lines or control a terminal.

A headline may contain ESC sequences or line breaks. Whatever reaches a log record through its arguments or the text of an
exception is escaped here, once, for every logger.
"""

from __future__ import annotations

import logging
import re
import traceback
from typing import Any

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
CONTROL_AND_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# These print multi-line tables of their own (settings, statistics) as an argument.
MULTI_LINE_LOGGERS = frozenset({"scrapy.crawler", "scrapy.middleware", "scrapy.statscollectors", "scrapy.addons"})


def escape_controls(text: str, *, breaks: bool = True) -> str:
    """The text with control characters spelled as \\x1b; line breaks too unless `breaks` is False."""
    pattern = CONTROL_AND_BREAKS if breaks else CONTROL
    return pattern.sub(lambda m: m[0].encode("unicode_escape").decode("ascii"), text)


class Escaped:
    """An argument of a log call that is escaped when, and if, it is formatted."""

    __slots__ = ("breaks", "value")

    def __init__(self, value: object, breaks: bool) -> None:
        self.value, self.breaks = value, breaks

    def __str__(self) -> str:
        return escape_controls(str(self.value), breaks=self.breaks)

    def __repr__(self) -> str:
        return escape_controls(repr(self.value), breaks=self.breaks)


def safe_argument(value: Any, breaks: bool) -> Any:
    """Numbers pass, so that %d and %f keep working; the rest is escaped."""
    return value if isinstance(value, int | float | None) else Escaped(value, breaks)


class SafeLogRecord(logging.LogRecord):
    """A log record whose arguments and traceback cannot hold control characters."""

    def getMessage(self) -> str:
        breaks = self.name not in MULTI_LINE_LOGGERS
        args = self.args
        if isinstance(args, dict):
            message = str(self.msg) % {key: safe_argument(value, breaks) for key, value in args.items()}
        elif args:
            message = str(self.msg) % tuple(safe_argument(value, breaks) for value in args)
        else:
            message = str(self.msg)
        if self.exc_info and not self.exc_text and self.exc_info[0]:
            self.exc_text = escape_controls("".join(traceback.format_exception(*self.exc_info)).rstrip(), breaks=False)
        return escape_controls(message, breaks=False)


def install() -> None:
    """Make every log record of this process a safe one."""
    logging.setLogRecordFactory(SafeLogRecord)
