"""Read the run reports in an output folder.

A file that is not a valid report becomes a RunReport with a `problem`. Unknown keys are ignored, and keys that an older
version did not write are empty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

MAX_REPORT_BYTES = 8 * 1024 * 1024
COPIES, UPDATES = ("copy", "excerpt"), ("update", "correction", "withdrawal")
# What counts as a failure, by the beginning of the counted reason; docs/run-report.md says what each means.
FAILURES = (
    "source/failed", "source/blocked", "source/robots-", "story/failed", "story/blocked", "story/robots-", "read/failed", "read/too-slow",
    "read/not-html", "check/", "refused/", "fetch/", "write/failed", "write/not_written",
)  # fmt: skip
DRIFT, MARKED = "drift/", "drift/marked"
NO_FIELDS = frozenset(("marked", "quarantined", "released", "held", "unreadable"))  # of drift/: what was done about it


@dataclass(slots=True)
class RunReport:
    """One run of one site, from its report."""

    id: str
    site: str
    started_at: str = ""
    elapsed_seconds: float | None = None
    finish_reason: str = ""
    requests: int = 0
    response_bytes: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)
    problem: str = ""

    def verdicts(self, *names: str) -> int:
        return sum(self.counts.get(f"identify/{name}", 0) for name in names)

    @property
    def new(self) -> int:
        return self.verdicts("new")

    @property
    def copies(self) -> int:
        return self.verdicts(*COPIES)

    @property
    def updates(self) -> int:
        return self.verdicts(*UPDATES)

    def failures(self) -> Counter[str]:
        """What failed, by its counted reason."""
        return Counter({name: n for name, n in self.counts.items() if name.startswith(FAILURES) and n})

    def drift(self) -> list[str]:
        """What left its bounds, in words; [] for a run that was not marked."""
        if not self.counts.get(MARKED):
            return []
        found = {name.removeprefix(DRIFT): n for name, n in self.counts.items() if name.startswith(DRIFT) and n}
        words = [f"{name}: lacking in {n}" for name, n in found.items() if name not in NO_FIELDS]
        kept = found.get("quarantined", 0)
        return [*words, f"{kept} in quarantine"] if kept else words

    @property
    def ended(self) -> str:
        """How it ended, as far as the report says: the exit code where it has one, and the reason."""
        code = self.report.get("exit_code")
        return f"{self.finish_reason} ({code})" if type(code) is int and code else self.finish_reason

    def sources(self) -> tuple[list[str], list[list[str]]] | None:
        """Head and rows of the table of sources, where the report has one."""
        rows = (
            [row for row in self.report.get("sources") or [] if isinstance(row, dict)]
            if isinstance(self.report.get("sources"), list)
            else []
        )
        head = list(dict.fromkeys(str(key) for row in rows for key in row))[:10]
        return (head, [[cell_of(row.get(key)) for key in head] for row in rows[:200]]) if rows else None

    def hosts(self) -> list[tuple[str, float, int]]:
        """(host, seconds a request took, requests), where the report has them."""
        return list(hosts_of(self.report.get("hosts")))


def in_words(value: Any, name: str = "") -> Iterator[str]:
    """Whatever a report nests below a key, as lines of `a.b: value`."""
    if isinstance(value, dict):
        for key, inner in list(value.items())[:100]:
            yield from in_words(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list):
        for inner in value[:100]:
            yield from in_words(inner, name)
    elif value not in (None, "", False, 0):
        yield f"{name}: {value}"[:300] if name else str(value)[:300]


def hosts_of(value: Any) -> Iterator[tuple[str, float, int]]:
    """The rows of newscrawl/monitoring/hosts.py."""
    for row in value if isinstance(value, list) else ():
        known = row if isinstance(row, dict) else {}
        seconds: Any = known.get("mean_seconds")
        if is_number(seconds) and type(known.get("responses")) is int:
            yield str(known.get("host"))[:100], float(seconds), known["responses"]


def cell_of(value: Any) -> str:
    return "; ".join(in_words(value)) if isinstance(value, dict | list) else "" if value is None else str(value)[:300]


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def report_files(folder: Path) -> list[Path]:
    """The reports of a folder, the newest first."""
    return sorted((path for path in folder.glob("*.json") if path.is_file()), key=lambda path: path.name, reverse=True)


def read_report_file(path: Path) -> RunReport:
    """One report; a RunReport with a `problem` for an invalid file."""
    run = RunReport(path.stem, "")
    try:
        if path.stat().st_size > MAX_REPORT_BYTES:
            raise ValueError("too big for a report")
        report = orjson.loads(path.read_bytes())
        if not isinstance(report, dict):
            raise ValueError("not a JSON object")
    except (OSError, ValueError) as error:
        run.problem = f"{path.name}: {error}"
        return run
    counts = report.get("counts")
    run.report = report
    run.counts = (
        {str(key): value for key, value in counts.items() if type(value) is int} if isinstance(counts, dict) else {}
    )
    run.site, run.started_at = text_of(report, "site"), text_of(report, "started_at")
    run.finish_reason = text_of(report, "finish_reason")
    elapsed: Any = report.get("elapsed_seconds")
    run.elapsed_seconds = float(elapsed) if is_number(elapsed) else None
    run.requests = report["requests"] if type(report.get("requests")) is int else 0
    run.response_bytes = report["response_bytes"] if type(report.get("response_bytes")) is int else 0
    return run


def text_of(report: dict[str, Any], key: str) -> str:
    value = report.get(key)
    return value[:200] if isinstance(value, str) else ""


def started(run: RunReport) -> datetime | None:
    try:
        return datetime.fromisoformat(run.started_at)
    except ValueError:
        return None
