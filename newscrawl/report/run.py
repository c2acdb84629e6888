"""The report of one run, as JSON: what was requested, read, written, refused and dropped, by counted reason."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from newscrawl.report.hosts import HOSTS
from newscrawl.version import __version__

PREFIX = "newscrawl/"


def report_of(run: str, site: str, started_at: datetime, stats: Mapping[str, Any]) -> dict[str, Any]:
    """The report's content; `counts` are our own, by stage and reason."""
    return {
        "newscrawl": __version__,
        "run": run,
        "site": site,
        "started_at": started_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "elapsed_seconds": stats.get("elapsed_time_seconds"),
        "finish_reason": stats.get("finish_reason"),
        "requests": stats.get("downloader/request_count", 0),
        "response_bytes": stats.get("downloader/response_bytes", 0),
        "hosts": stats.get(HOSTS, []),
        "counts": {key.removeprefix(PREFIX): stats[key] for key in sorted(stats) if key.startswith(PREFIX)},
    }


def write_report(folder: Path, run: str, site: str, started_at: datetime, stats: Mapping[str, Any]) -> Path:
    """Write <run>.json whole or not at all; its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{run}.json"
    part = path.with_suffix(".json.part")
    with part.open("wb") as file:
        file.write(orjson.dumps(report_of(run, site, started_at, stats), option=orjson.OPT_INDENT_2) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    os.rename(part, path)
    return path
