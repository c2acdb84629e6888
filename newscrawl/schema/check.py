"""Check a record against items.py, as the JSON Schema would but about ten times as fast.

Two rules go beyond the schema: a time must exist, and evidence must be at its offsets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import is_dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal, get_args, get_origin

from newscrawl.items import DATE, SCHEMA, TIMESTAMP, Story
from newscrawl.schema.types import JSON_NAMES, crawled_fields, record_fields

Fault = tuple[str, str]  # path of the field, what is wrong with it
Check = Callable[[Any, str, list[Fault]], None]
MAX_SHOWN = 60  # characters of a wrong value in a reason
CALENDARS: dict[str, Callable[[str], object]] = {TIMESTAMP: datetime.fromisoformat, DATE: date.fromisoformat}
ARTICLES = {"integer": "an"}
TYPES: dict[type, tuple[type, ...]] = {str: (str,), int: (int,), float: (float, int)}


def faults(record: Any) -> list[Fault]:
    """The faults of a record read from a line; [] if it has none."""
    found: list[Fault] = []
    if not isinstance(record, dict):
        return [("", f"a JSON {JSON_KINDS.get(type(record), 'value')}, not an object")]
    if record.get("schema") != SCHEMA:
        return [("schema", f"{shown(record.get('schema'))} is unknown; this newscrawl knows {SCHEMA!r}")]
    story_check()(record, "", found)
    return found or list(_misplaced_evidence(record))


JSON_KINDS = {list: "array", str: "string", int: "number", float: "number", bool: "boolean", type(None): "null"}


@lru_cache(maxsize=1)
def story_check() -> Check:
    return object_check(Story)


def object_check(record: type) -> Check:
    checks = {entry.name: or_null(kind_check(kind, entry.metadata.get("pattern")), nullable) for entry, kind, nullable in record_fields(record)}  # fmt: skip
    names = checks.keys()
    first, *others = crawled_fields(record) or [""]

    def check(value: Any, path: str, found: list[Fault]) -> None:
        if type(value) is not dict:
            found.append((path, f"{shown(value)} is not an object"))
            return
        prefix = f"{path}." if path else ""
        if value.keys() != names:
            found.extend((prefix + name, "is missing") for name in names if name not in value)
            found.extend((prefix + name, "is not a field of the record") for name in value if name not in names)
        for name, test in checks.items():
            if name in value:
                test(value[name], prefix + name, found)
        if others and value.get(first) is not None:
            missing = (name for name in others if name in value and value[name] is None)
            found.extend((prefix + name, f"null, though {prefix}{first} names a crawl") for name in missing)

    return check


def or_null(check: Check, nullable: bool) -> Check:
    if not nullable:
        return check

    def check_or_null(value: Any, path: str, found: list[Fault]) -> None:
        if value is not None:
            check(value, path, found)

    return check_or_null


def kind_check(kind: Any, pattern: str | None) -> Check:
    if get_origin(kind) is Literal:
        return choice_check(get_args(kind))
    if get_origin(kind) is list:
        return list_check(kind_check(get_args(kind)[0], None))
    if is_dataclass(kind):
        return object_check(kind)  # type: ignore[arg-type]
    return pattern_check(pattern) if pattern else plain_check(kind)


def choice_check(choices: tuple[str, ...]) -> Check:
    allowed = frozenset(choices)

    def check(value: Any, path: str, found: list[Fault]) -> None:
        if type(value) is not str or value not in allowed:
            found.append((path, f"{shown(value)} is not one of {', '.join(choices)}"))

    return check


def list_check(inner: Check) -> Check:
    def check(value: Any, path: str, found: list[Fault]) -> None:
        if type(value) is not list:
            found.append((path, f"{shown(value)} is not an array"))
            return
        for number, entry in enumerate(value):
            inner(entry, f"{path}[{number}]", found)

    return check


def plain_check(kind: type) -> Check:
    types, name = TYPES[kind], JSON_NAMES[kind]

    def check(value: Any, path: str, found: list[Fault]) -> None:
        if type(value) not in types:
            found.append((path, f"{shown(value)} is not {ARTICLES.get(name, 'a')} {name}"))

    return check


def pattern_check(pattern: str) -> Check:
    fits = re.compile(pattern.removesuffix("$"), re.ASCII).fullmatch
    exists = CALENDARS.get(pattern)

    def check(value: Any, path: str, found: list[Fault]) -> None:
        if type(value) is not str or not fits(value):
            found.append((path, f"{shown(value)} does not match {pattern}"))
        elif exists is not None:
            try:
                exists(value)
            except ValueError:
                found.append((path, f"{shown(value)} is not a time that exists"))

    return check


def _misplaced_evidence(record: dict[str, Any]) -> Iterator[Fault]:
    """Evidence that is not in the text at its offsets. The record must have no other fault."""
    text = record["text"]
    for i, attribution in enumerate(record["attribution"]):
        for j, proof in enumerate(attribution["evidence"]):
            start, end = proof["start"], proof["end"]
            path = f"attribution[{i}].evidence[{j}]"
            if (start is None) != (end is None):
                yield f"{path}.start", "start and end must both be numbers, or both null"
            elif start is not None and (start < 0 or text[start:end] != proof["text"]):
                yield f"{path}.start", f"{shown(proof['text'])} is not in text at {start}-{end}"


def shown(value: Any) -> str:
    text = repr(value[:MAX_SHOWN] if isinstance(value, str | list) else value)
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "..."
