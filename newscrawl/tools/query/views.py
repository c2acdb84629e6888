"""SQL of the views over a corpus. Its files come in as DuckDB variables, never as text."""

from __future__ import annotations

from collections.abc import Sequence

from newscrawl.schema import duckdb_columns, duckdb_columns_literal
from newscrawl.tools.query.broken import MAX_LINE_BYTES, NEEDED
from newscrawl.tools.query.columns import SMALL_BYTES

NAMES = ", ".join(f'"{name}"' for name in duckdb_columns())
# DuckDB sets a buffer of twice the longest line aside for each file it has open; no line is longer than its file.
LONGEST_BYTES = {"small_segments": SMALL_BYTES, "large_segments": MAX_LINE_BYTES}
# repair.py puts a copy in the place of a file with a line that DuckDB cannot take.
ORIGINAL_NAME = (
    "CASE WHEN starts_with(filename, getvariable('repaired')) "
    "THEN substr(filename, length(getvariable('repaired')) + 1) ELSE filename END"
)
IS_LINE = " AND ".join(f"{name} IS NOT NULL" for name in NEEDED)

# The view of schema/stories.sql without its window, which would hold whole lines and let no condition through: a join
# with the few ids that have several lines. Of equal versions in two files (a copy somebody left) one counts.
STORIES = """SELECT lines.* FROM lines ANTI JOIN (
    SELECT id, max({'version': version, 'file': file}) AS last FROM lines WHERE cluster.relation = 'first'
    GROUP BY id HAVING count(*) > 1
) AS newest ON lines.id = newest.id AND {'version': lines.version, 'file': lines.file} < newest.last
WHERE cluster.relation = 'first'"""


def views(parts: Sequence[str]) -> str:
    """`raw` (with a row of nulls for what is not a record), `lines` and `stories`; temporary: a connection's own."""
    return (
        f"CREATE OR REPLACE TEMP VIEW raw AS {raw_query(parts)};\n"
        f"CREATE OR REPLACE TEMP VIEW lines AS SELECT * FROM raw WHERE {IS_LINE};\n"
        f"CREATE OR REPLACE TEMP VIEW stories AS {STORIES};"
    )


def raw_query(parts: Sequence[str]) -> str:
    """Rows of the packs and of the files; `parts` names the variables that hold any."""
    return " UNION ALL ".join(map(part_query, parts)) or nothing()


def part_query(part: str) -> str:
    if part == "packs":
        return f"SELECT {NAMES}, getvariable('top') || file AS file FROM read_parquet(getvariable('packs'))"
    return (
        f"SELECT {NAMES}, {ORIGINAL_NAME} AS file FROM read_json(getvariable('{part}'), format = 'newline_delimited', "
        f"ignore_errors = true, compression = 'uncompressed', maximum_object_size = {LONGEST_BYTES[part]}, "
        f"columns = {duckdb_columns_literal()})"
    )


def nothing() -> str:
    """The record's columns without a row."""
    typed = ", ".join(f'CAST(NULL AS {kind}) AS "{name}"' for name, kind in duckdb_columns().items())
    return f"SELECT {NAMES}, file FROM (SELECT {typed}, CAST(NULL AS VARCHAR) AS file) WHERE false"
