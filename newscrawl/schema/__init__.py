"""The types of the record for its readers, all made from items.py.

null and [] carry no type, and a reader that guesses types from the first lines guesses wrong; these say it.
`newscrawl-1.schema.json` and `stories.sql` in this folder are written by `python -m newscrawl.schema`.
"""

from __future__ import annotations

from newscrawl.schema.types import (
    arrow_schema,
    datasets_features,
    duckdb_columns,
    duckdb_columns_literal,
    duckdb_view,
    json_schema,
    spark_schema,
)

__all__ = [
    "arrow_schema",
    "datasets_features",
    "duckdb_columns",
    "duckdb_columns_literal",
    "duckdb_view",
    "json_schema",
    "spark_schema",
]
