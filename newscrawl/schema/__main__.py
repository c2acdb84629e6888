"""Write the generated files: the JSON Schema and the DuckDB views in this folder, docs/fields.md beside the package."""

from __future__ import annotations

import json
from pathlib import Path

from newscrawl.schema.docs import fields_page
from newscrawl.schema.types import duckdb_view, json_schema

HERE = Path(__file__).parent
DOCS = HERE.parents[1] / "docs"


def generated() -> dict[Path, str]:
    """path -> content of every generated file."""
    return {
        HERE / "newscrawl-1.schema.json": json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n",
        HERE / "stories.sql": duckdb_view(),
        DOCS / "fields.md": fields_page(),
    }


if __name__ == "__main__":
    for path, content in generated().items():
        path.write_text(content, "utf-8")
