"""Make the JSON Schema, DuckDB columns, Arrow schema, `datasets` features and Spark schema from items.py."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import Field, fields, is_dataclass
from functools import lru_cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from newscrawl import items
from newscrawl.items import DATE, SCHEMA, TIMESTAMP, Story

T = TypeVar("T")
JSON_NAMES: dict[type, str] = {str: "string", int: "integer", float: "number"}
SPARK_NAMES: dict[type, str] = {int: "BIGINT", float: "DOUBLE"}
DUCKDB_NAMES: dict[type, str] = {str: "VARCHAR", int: "BIGINT", float: "DOUBLE"}


@lru_cache(maxsize=64)
def hints(record: type) -> dict[str, Any]:
    """The resolved annotations of a record's class."""
    return get_type_hints(record, vars(items))


def unwrapped(annotation: Any) -> tuple[Any, bool]:
    """(type without None, whether None was allowed)."""
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [option for option in get_args(annotation) if option is not type(None)]
        return inner[0], len(inner) < len(get_args(annotation))
    return annotation, False


def record_fields(record: type) -> list[tuple[Field[Any], Any, bool]]:
    """(field, type, whether a written line may hold null there) for each field of a record."""
    found = []
    for entry in fields(record):
        kind, nullable = unwrapped(hints(record)[entry.name])
        found.append((entry, kind, nullable and not entry.metadata.get("always", False)))
    return found


def record_of(value: Mapping[str, Any], record: type[T]) -> T:
    """The object of a record's class that a JSON object states; unknown keys are ignored."""
    found = {}
    for entry, kind, _ in record_fields(record):
        if entry.name in value:
            found[entry.name] = _value_of(value[entry.name], kind)
    return record(**found)


def _value_of(value: Any, kind: Any) -> Any:
    if value is None:
        return None
    if get_origin(kind) is list:
        return [_value_of(item, get_args(kind)[0]) for item in value]
    return record_of(value, kind) if isinstance(kind, type) and is_dataclass(kind) else value


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of one line."""
    top = json_object(Story)
    top["properties"]["schema"] = {"const": SCHEMA, "description": top["properties"]["schema"]["description"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{SCHEMA.replace('/', ':')}",
        "title": "One story of newscrawl",
        **top,
    }


def crawled_fields(record: type) -> list[str]:
    """The fields of a record that a crawl always fills and that are null without one, except perhaps `fetched_at`."""
    return [entry.name for entry in fields(record) if entry.metadata.get("crawled")]


def json_object(record: type) -> dict[str, Any]:
    properties = {}
    for entry, kind, nullable in record_fields(record):
        schema = json_type(kind)
        if entry.metadata.get("pattern"):
            schema["pattern"] = entry.metadata["pattern"]
        properties[entry.name] = {**or_null(schema, nullable), "description": entry.metadata["doc"]}
    names = list(properties)
    schema = {"type": "object", "properties": properties, "required": names, "additionalProperties": False}
    return schema | crawl_condition(record)


def crawl_condition(record: type) -> dict[str, Any]:
    """A line with a run has all that a crawl knows; {} for a record without such fields."""
    first, *others = crawled_fields(record) or [""]
    if not others:
        return {}
    is_there = {"not": {"type": "null"}}
    return {
        "if": {"required": [first], "properties": {first: is_there}},
        "then": {"properties": dict.fromkeys(others, is_there)},
    }


def json_type(kind: Any) -> dict[str, Any]:
    if get_origin(kind) is Literal:
        return {"type": "string", "enum": list(get_args(kind))}
    if get_origin(kind) is list:
        return {"type": "array", "items": json_type(get_args(kind)[0])}
    return json_object(kind) if kind not in JSON_NAMES else {"type": JSON_NAMES[kind]}


def or_null(schema: dict[str, Any], nullable: bool) -> dict[str, Any]:
    if not nullable:
        return schema
    schema = {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    return schema


def duckdb_columns() -> dict[str, str]:
    """Column name -> DuckDB type, for `read_json(..., columns = ...)`; timestamps are UTC."""
    return {entry.name: duckdb_type(kind, entry) for entry, kind, _ in record_fields(Story)}


def duckdb_type(kind: Any, entry: Field[Any] | None = None) -> str:
    pattern = entry.metadata.get("pattern") if entry else None
    if pattern in (TIMESTAMP, DATE):
        return "TIMESTAMP" if pattern == TIMESTAMP else "DATE"
    if get_origin(kind) is Literal:
        return "VARCHAR"
    if get_origin(kind) is list:
        return duckdb_type(get_args(kind)[0]) + "[]"
    if is_dataclass(kind):
        inner = ", ".join(f'"{e.name}" {duckdb_type(k, e)}' for e, k, _ in record_fields(kind))  # type: ignore[arg-type]
        return f"STRUCT({inner})"
    return DUCKDB_NAMES[kind]


def duckdb_columns_literal() -> str:
    """The columns as DuckDB writes a struct: {"schema": 'VARCHAR', ...}."""
    return "{\n    " + ",\n    ".join(f"\"{name}\": '{kind}'" for name, kind in duckdb_columns().items()) + "\n}"


def duckdb_view(files: str = "output/stories/**/*.jsonl") -> str:
    """SQL of the views `lines` (every line) and `stories` (one line a story: the newest version of each first)."""
    quoted = files.replace("'", "''")
    return f"""CREATE OR REPLACE VIEW lines AS
SELECT * FROM read_json('{quoted}', format = 'newline_delimited', columns = {duckdb_columns_literal()});
CREATE OR REPLACE VIEW stories AS
SELECT * FROM lines WHERE cluster.relation = 'first'
QUALIFY row_number() OVER (PARTITION BY id ORDER BY version DESC) = 1;
"""


def spark_schema() -> str:
    """The columns as Spark writes a schema (DDL), for `spark.read.schema(...).json(...)`; timestamps are UTC."""
    return ", ".join(f"`{entry.name}` {spark_type(kind, entry)}" for entry, kind, _ in record_fields(Story))


def spark_type(kind: Any, entry: Field[Any] | None = None) -> str:
    pattern = entry.metadata.get("pattern") if entry else None
    if pattern in (TIMESTAMP, DATE):
        return "TIMESTAMP" if pattern == TIMESTAMP else "DATE"
    if get_origin(kind) is list:
        return f"ARRAY<{spark_type(get_args(kind)[0])}>"
    if is_dataclass(kind):
        return f"STRUCT<{', '.join(f'`{e.name}`: {spark_type(k, e)}' for e, k, _ in record_fields(kind))}>"  # type: ignore[arg-type]
    return SPARK_NAMES.get(kind, "STRING")


def arrow_schema(*, dates: bool = False) -> Any:
    """The pyarrow.Schema of a line. Days are strings, for pyarrow's JSON reader knows no dates; `dates` makes them date32."""
    import pyarrow

    # All nullable: pyarrow's JSON reader gives every column back as such, whatever the schema said.
    return pyarrow.schema([pyarrow.field(e.name, arrow_type(k, e, dates=dates)) for e, k, _ in record_fields(Story)])


def arrow_type(kind: Any, entry: Field[Any] | None = None, *, dates: bool = False) -> Any:
    import pyarrow

    pattern = entry.metadata.get("pattern") if entry else None
    if pattern == TIMESTAMP:
        return pyarrow.timestamp("s", tz="UTC")
    if pattern == DATE and dates:
        return pyarrow.date32()
    if get_origin(kind) is list:
        return pyarrow.list_(arrow_type(get_args(kind)[0], dates=dates))
    if is_dataclass(kind):
        return pyarrow.struct([pyarrow.field(e.name, arrow_type(k, e, dates=dates)) for e, k, _ in record_fields(kind)])  # type: ignore[arg-type]
    if get_origin(kind) is Literal or kind is str:
        return pyarrow.string()
    return pyarrow.int64() if kind is int else pyarrow.float64()


def datasets_features() -> Any:
    """The datasets.Features of a line, for `load_dataset("json", data_files=..., features=...)`."""
    import datasets

    # Dates as dates: `datasets` takes a column of days for timestamps and would print a midnight into the strings.
    return datasets.Features.from_arrow_schema(arrow_schema(dates=True))
