"""Files of lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson


def write_lines(path: Path, records: list[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    return path
