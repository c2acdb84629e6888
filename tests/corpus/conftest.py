"""An output folder with lines of the benchmark's making."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from benchmarks.corpus import Maker


def write_lines(path: Path, records: list[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    return path


@pytest.fixture
def records() -> list[dict[str, Any]]:
    """60 lines: 57 stories, three of them in two versions, six of them copies."""
    maker = Maker()
    return [maker.line() for _ in range(60)]


@pytest.fixture
def output(tmp_path: Path, records: list[dict[str, Any]]) -> Path:
    """Three closed files and a folder of state."""
    folder = tmp_path / "output"
    (folder / "state").mkdir(parents=True)
    for number in range(3):
        name = f"stories/site-{number}/2026/09/01/20260901T000000Z-00000{number}-0001.jsonl"
        write_lines(folder / name, records[number * 20 : number * 20 + 20])
    return folder
