"""Parse a line of the output and check the types of the fields that recovery, rebuild and readers rely on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import orjson

REQUIRED = frozenset(("id", "version", "content_hash", "url", "canonical_url", "headline", "text", "cluster"))
MAX_VERSION = 1 << 31


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_time(value: Any) -> bool:
    """Whether a value is a time or day that can be counted in seconds; null and "" mean that it is not known."""
    if not value:
        return value is None or value == ""
    try:
        datetime.fromisoformat(value).timestamp()
    except (TypeError, ValueError, OverflowError, OSError):
        return False
    return True


def _is_hash(value: Any) -> bool:
    try:
        return bool(bytes.fromhex(value.rpartition(":")[2]))
    except (AttributeError, ValueError):
        return False


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _optional(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or check(value)


def _list_of(**fields: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """A list of objects whose named fields pass their checks; null counts as empty."""

    def check(value: Any) -> bool:
        entries = value or []
        return isinstance(entries, list) and all(
            isinstance(entry, dict) and all(test(entry.get(name)) for name, test in fields.items()) for entry in entries
        )

    return check


CHECKS: dict[str, Callable[[Any], bool]] = {
    "id": lambda value: _is_text(value) and 0 < value.find(":") < len(value) - 1,
    "version": lambda value: type(value) is int and 1 <= value < MAX_VERSION,
    "content_hash": _is_hash,
    "url": _is_text,
    "canonical_url": _is_text,
    "headline": _is_text,
    "text": _is_text,
    "change": _optional(_is_text),
    "published_at": _is_time,
    "attribution": _list_of(
        id=_is_text, role=_is_text, confidence=_is_number, evidence=_list_of(text=_is_text, where=_is_text)
    ),
    "authors": _list_of(name=_is_text),
}
PARTS: dict[str, dict[str, Callable[[Any], bool]]] = {
    "cluster": {"id": _is_text, "of": _optional(_is_text), "original": _optional(_is_text)},
    "crawl": {"requested_url": _optional(_is_text), "discovered": _optional(_is_text), "fetched_at": _is_time},
    "extraction": {
        "warnings": lambda value: value is None or isinstance(value, list),
        "origins": lambda value: value is None or isinstance(value, dict),
    },
    "rights": {},
}


def parsed(line: bytes) -> dict[str, Any] | None:
    """The record of a line; None for an invalid one."""
    record, _ = parse_line(line)
    return record


def parse_line(line: bytes) -> tuple[dict[str, Any] | None, str]:
    """(the record, "") of a valid line, (None, what is wrong with it) of an invalid one."""
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None, "not JSON"
    if not isinstance(record, dict):
        return None, "not a JSON object"
    error = _type_error(record)
    return (None, error) if error else (record, "")


def _type_error(record: Mapping[str, Any]) -> str:
    missing = sorted(REQUIRED - record.keys())
    if missing:
        return f"{missing[0]} is missing"
    for name, check in CHECKS.items():
        if not check(record.get(name)):
            return f"{name} has a wrong value or type"
    for name, fields in PARTS.items():
        part = record.get(name)
        if part is None and name != "cluster":
            continue
        if not isinstance(part, dict):
            return f"{name} has a wrong value or type"
        for field, check in fields.items():
            if not check(part.get(field)):
                return f"{name}.{field} has a wrong value or type"
    return ""
