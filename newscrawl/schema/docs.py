"""Make docs/fields.md from items.py."""

from __future__ import annotations

from dataclasses import is_dataclass
from typing import Any, Literal, get_args, get_origin

from newscrawl.items import SCHEMA, Story
from newscrawl.schema.types import record_fields

HEAD = f"""# The fields of a line

Made from `newscrawl/items.py` by `python -m newscrawl.schema`; do not edit. One story is one line of JSON, UTF-8,
schema `{SCHEMA}`. Every line has every key, in this order, in nested objects too; "or null" marks the values
that may be missing. Times are UTC; offsets of evidence count Unicode code points of `text`.
"""


def fields_page() -> str:
    """The page as Markdown, with a table for the story and one for each object in it."""
    parts, queue, seen = [HEAD], [Story], {Story}
    while queue:
        record = queue.pop(0)
        title = "Story" if record is Story else record.__name__
        rows = []
        for entry, kind, nullable in record_fields(record):
            inner = get_args(kind)[0] if get_origin(kind) is list else kind
            if is_dataclass(inner) and inner not in seen:
                seen.add(inner)  # type: ignore[arg-type]
                queue.append(inner)  # type: ignore[arg-type]
            rows.append(
                f"| `{entry.name}` | {type_name(kind)}{' or null' if nullable else ''} | {entry.metadata['doc']} |"
            )
        parts.append(
            f"## {title}\n\n{record.__doc__}\n\n| field | type | meaning |\n|---|---|---|\n" + "\n".join(rows) + "\n"
        )
    return "\n".join(parts)


def type_name(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return " \\| ".join(f"`{value}`" for value in get_args(kind))
    if get_origin(kind) is list:
        return f"list of {type_name(get_args(kind)[0])}"
    if is_dataclass(kind):
        return f"[{kind.__name__}](#{kind.__name__.lower()})"  # type: ignore[union-attr]
    return {str: "text", int: "whole number", float: "number"}[kind]
