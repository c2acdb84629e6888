"""Rows of plain values: CSV and SQLite."""

from __future__ import annotations

import csv
import io
from dataclasses import is_dataclass
from typing import Any, get_origin

from newscrawl.items import Story
from newscrawl.schema.types import record_fields

# A spreadsheet takes a cell that starts so for a formula; the wide forms count in some of them.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
SCALARS = {entry.name: kind for entry, kind, _ in record_fields(Story) if get_origin(kind) is not list and not is_dataclass(kind)}  # fmt: skip
# What of the inner objects people group and join by; for SQLite beside the scalars.
INNER = {
    "source_id": ("source", "id"), "source_name": ("source", "name"), "source_kind": ("source", "kind"),
    "cluster_id": ("cluster", "id"), "cluster_relation": ("cluster", "relation"), "cluster_original": ("cluster", "original"),
    "fetched_at": ("crawl", "fetched_at"), "run": ("crawl", "run"), "place": ("dateline", "place"),
}  # fmt: skip


def defused(value: Any) -> Any:
    """A cell that no spreadsheet executes: text that would be a formula gets an apostrophe before it."""
    if not isinstance(value, str):
        return value
    value = value.replace("\x00", "\ufffd")  # NUL ends a file for many readers
    return f"'{value}" if value.startswith(FORMULA) else value


def csv_line(values: Any) -> bytes:
    """One row with its end; what holds a comma, a quotation mark or a line break is quoted (RFC 4180)."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(values)
    return text.getvalue().encode("utf-8", "replace")


def csv_header() -> bytes:
    return csv_line(SCALARS)


def csv_row(record: dict[str, Any]) -> bytes:
    return csv_line([defused(record[name]) for name in SCALARS])


def inner_values(record: dict[str, Any]) -> list[Any]:
    return [(record[outer] or {}).get(name) for outer, name in INNER.values()]
