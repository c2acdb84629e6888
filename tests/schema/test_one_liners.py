"""The lines of docs/using-the-stories.md, run as printed."""

from __future__ import annotations

import ast
import importlib.util
import json
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
from newscrawl.storage.jsonl import line_of
from tests.schema.test_schema import empty_story, full_story
from tests.tools.query.made import write_lines

PAGE = (Path(__file__).resolve().parents[2] / "docs/using-the-stories.md").read_text("utf-8")
LINES = dict(re.findall(r"^## (\w+)\n(?:(?!^## )[\s\S])*?```(?:sh|python)\n([\s\S]*?)\n```", PAGE, re.M))
NO_PYSPARK, NO_JAVA = importlib.util.find_spec("pyspark") is None, shutil.which("java") is None


def run(command: list[str], folder: Path) -> str:
    environment = os.environ | {
        "HF_HOME": str(folder / "hf"),
        "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_OFFLINE": "1",
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_SUBMIT_ARGS": "--conf spark.ui.enabled=false --conf spark.sql.shuffle.partitions=1 "
        "--driver-java-options -XX:TieredStopAtLevel=1 pyspark-shell",
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


# Behind the documented line: what Spark read, written again, is compared with the lines field by field.
SPARK_WRITES = """
SparkSession.builder.getOrCreate().read.schema(newscrawl.schema.spark_schema()).option("recursiveFileLookup", True).option(
    "pathGlobFilter", "*.jsonl"
).json("output/stories").coalesce(1).write.option("ignoreNullFields", False).option(
    "timestampFormat", "yyyy-MM-dd'T'HH:mm:ssX"
).json("written")
"""


@pytest.mark.skipif(NO_PYSPARK, reason="pyspark is not installed: make spark")
@pytest.mark.skipif(NO_JAVA, reason="there is no Java: on Debian, apt-get install default-jre-headless")
def test_spark(output: Path, records: list[dict[str, Any]]) -> None:
    hostile = [json.loads(line_of(made)) for made in (empty_story(), full_story(), empty_story())]
    write_lines(output / "stories/site-0/2026/09/01/20260901T000000Z-000009-0001.jsonl", hostile)
    (output / "stories/site-0/2026/09/01/20260901T000000Z-00000a-0001.jsonl.part").write_bytes(b'{"id": "torn')
    printed = run([sys.executable, "-c", LINES["Spark"] + SPARK_WRITES], output.parent)
    found = re.findall(r"Row\(agency=(?:'([^']*)'|None), count=(\d+)\)", printed)
    assert {name or None: int(count) for name, count in found} == agencies(records + hostile)
    (written,) = (output.parent / "written").glob("*.json")
    got = [json.loads(line) for line in written.read_bytes().splitlines() if line]
    assert sorted(got, key=repr) == sorted(records + hostile, key=repr)


def test_the_schema_for_spark_has_every_field_with_its_type() -> None:
    ddl = spark_schema()
    for entry, _, _ in record_fields(Story):
        pattern = entry.metadata["pattern"]
        kind = {TIMESTAMP: " TIMESTAMP", DATE: " DATE"}.get(pattern, " ")
        assert f"`{entry.name}`{kind}" in ddl
    assert "`tags` ARRAY<STRING>" in ddl and "`cluster` STRUCT<`id`: STRING" in ddl and ddl.count("<") == ddl.count(">")
