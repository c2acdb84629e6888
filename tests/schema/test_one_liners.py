"""The lines of docs/use-the-lines.md, run as they stand there."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from newscrawl.items import DATE, TIMESTAMP, Story
from newscrawl.schema import spark_schema
from newscrawl.schema.types import record_fields

PAGE = (Path(__file__).resolve().parents[2] / "docs/use-the-lines.md").read_text("utf-8")
LINES = dict(re.findall(r"^## (\w+)\n(?:(?!^## )[\s\S])*?```(?:sh|python)\n([\s\S]*?)\n```", PAGE, re.M))
HAS_SPARK = bool(importlib.util.find_spec("pyspark") and shutil.which("java"))


def run(command: list[str], folder: Path) -> str:
    environment = os.environ | {
        "HF_HOME": str(folder / "hf"),
        "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_OFFLINE": "1",
    }
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def python_line(tool: str, folder: Path) -> Any:
    return ast.literal_eval(run([sys.executable, "-c", LINES[tool]], folder).strip().splitlines()[-1])


def agencies(records: list[dict[str, Any]]) -> Counter[str | None]:
    return Counter(record["agency"] for record in records)


def test_every_tool_has_its_line() -> None:
    assert {"jq", "DuckDB", "pandas", "polars", "datasets", "Spark"} <= set(LINES)


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
def test_jq(output: Path, records: list[dict[str, Any]]) -> None:
    printed = run(["sh", "-c", LINES["jq"].replace("yonhap", "northwire")], output.parent)
    expected = {record["id"] for record in records if record["agency"] == "northwire"}
    assert {line.split("\t")[1] for line in printed.splitlines()} == expected


def test_duckdb(output: Path, records: list[dict[str, Any]]) -> None:
    firsts = {record["id"]: record["agency"] for record in records if record["cluster"]["relation"] == "first"}
    assert dict(python_line("DuckDB", output.parent)) == Counter(firsts.values())


def test_pandas(output: Path, records: list[dict[str, Any]]) -> None:
    expected = agencies(records)
    del expected[None]
    assert python_line("pandas", output.parent) == expected


def test_polars(output: Path, records: list[dict[str, Any]]) -> None:
    assert dict(python_line("polars", output.parent)) == agencies(records)


def test_datasets(output: Path, records: list[dict[str, Any]]) -> None:
    assert python_line("datasets", output.parent) == len(records)


@pytest.mark.skipif(not HAS_SPARK, reason="pyspark or Java is not installed")
def test_spark(output: Path, records: list[dict[str, Any]]) -> None:
    printed = run([sys.executable, "-c", LINES["Spark"]], output.parent)
    found = re.findall(r"Row\(agency=(?:'([^']*)'|None), count=(\d+)\)", printed)
    assert {name or None: int(count) for name, count in found} == agencies(records)


def test_the_schema_for_spark_has_every_field_with_its_type() -> None:
    ddl = spark_schema()
    for entry, _, _ in record_fields(Story):
        pattern = entry.metadata["pattern"]
        kind = {TIMESTAMP: " TIMESTAMP", DATE: " DATE"}.get(pattern, " ")
        assert f"`{entry.name}`{kind}" in ddl
    assert "`tags` ARRAY<STRING>" in ddl and "`cluster` STRUCT<`id`: STRING" in ddl and ddl.count("<") == ddl.count(">")
