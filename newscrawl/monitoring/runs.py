"""List the runs of an output folder from the state, the reports and the locks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from newscrawl.monitoring.exit_codes import meaning
from newscrawl.storage.lock import holder_of
from newscrawl.storage.runs import AT, RunRow, runs_of
from newscrawl.storage.state import FILE_NAME, State

MAX_REPORT_BYTES = 4 * 1024 * 1024  # a real one has some kilobytes
MUST_HAVE: dict[str, type | tuple[type, ...]] = {
    "run": str,
    "site": str,
    "started_at": str,
    "finished_at": str,
    "finish_reason": str,
    "exit_code": int,
    "elapsed_seconds": (int, float),
    "requests": int,
    "response_bytes": int,
    "stories": dict,
    "counts": dict,
}


@dataclass(frozen=True, slots=True)
class Run:
    """One run for a list; `status` is finished, running, or killed."""

    run: str
    site: str
    started_at: str
    finished_at: str | None
    status: str
    finish_reason: str | None
    exit_code: int | None
    meaning: str
    elapsed_seconds: float | None = None
    seen: int | None = None
    lines: int | None = None
    requests: int | None = None
    response_bytes: int | None = None


@dataclass(slots=True)
class Runs:
    """The last runs, newest first, and a word for each report that could not be used."""

    runs: list[Run] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


def _report_error(report: object) -> str | None:
    """What is wrong with a report; None for one that can be used."""
    if not isinstance(report, dict):
        return "is not a run report"
    for key, kind in MUST_HAVE.items():
        if not isinstance(report.get(key), kind) or isinstance(report.get(key), bool):
            return f"is not a run report: {key} is missing or of another type"
    return None


def read_report(path: Path) -> dict[str, Any]:
    """A run report; ValueError says what is wrong with an invalid file."""
    try:
        if not path.is_file():  # a pipe would keep us waiting
            raise ValueError("is not a regular file")
        with path.open("rb") as file:
            content = file.read(MAX_REPORT_BYTES + 1)
        if len(content) > MAX_REPORT_BYTES:
            raise ValueError(f"is larger than {MAX_REPORT_BYTES} bytes")
        report = orjson.loads(content)
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror or error}") from None
    except orjson.JSONDecodeError:
        raise ValueError("is not JSON") from None
    problem = _report_error(report)
    if problem:
        raise ValueError(problem)
    found: dict[str, Any] = report
    return found


def reports(folder: Path, skipped: list[str]) -> Iterator[dict[str, Any]]:
    """The reports of an output folder, newest first by the run's name; invalid files are named in `skipped`."""
    names = (path.name for path in (folder / "runs").glob("*.json"))
    for name in sorted(names, reverse=True):
        try:
            yield read_report(folder / "runs" / name)
        except ValueError as error:
            skipped.append(f"{name} {error}")


def last_runs(folder: Path, site: str | None = None, limit: int = 20) -> Runs:
    """The last runs of an output folder, newest first; of all sites or of one."""
    found = Runs()
    rows = {row.run: row for row in state_rows(folder, site, limit)}
    reported: dict[str, dict[str, Any]] = {}
    for report in reports(folder, found.skipped):
        if site in (None, report["site"]):
            reported[report["run"]] = report
            if len(reported) >= limit:
                break
    places = {run: -place for place, run in enumerate(rows)}  # within a second the state alone knows the order
    names = sorted(rows.keys() | reported.keys(), key=lambda run: (run[:16], places.get(run, -limit)), reverse=True)[
        :limit
    ]
    running = running_runs(folder, rows)
    found.runs = [run_of(rows.get(name), reported.get(name), name in running) for name in names]
    return found


def state_rows(folder: Path, site: str | None, limit: int) -> list[RunRow]:
    """The runs in the state; [] before the first run."""
    if not (folder / "state" / FILE_NAME).exists():
        return []
    state = State(folder / "state")
    try:
        return runs_of(state.db, site, limit)
    finally:
        state.close()


def running_runs(folder: Path, rows: Mapping[str, RunRow]) -> set[str]:
    """The runs that are under way: the newest of their site, not finished, and its lock is held."""
    newest: dict[str, RunRow] = {}
    for row in rows.values():  # newest first
        newest.setdefault(row.site, row)
    return {row.run for row in newest.values() if row.was_killed and is_running(folder, row.site)}


def is_running(folder: Path, site: str) -> bool:
    return holder_of(folder / "state" / "locks" / f"{site}.lock") is not None


def run_of(row: RunRow | None, report: Mapping[str, Any] | None, is_running: bool) -> Run:
    """One run of what the state and its report say; the report knows more."""
    if report is not None:
        code, stories = report["exit_code"], report["stories"]
        return Run(
            report["run"], report["site"], report["started_at"], report["finished_at"], "finished",
            report["finish_reason"], code, meaning(code), report["elapsed_seconds"], whole(stories.get("seen")),
            whole(stories.get("lines")), report["requests"], report["response_bytes"],
        )  # fmt: skip
    assert row is not None
    status = "running" if is_running else "killed" if row.was_killed else "finished"
    said = "under way" if is_running else meaning(row.exit_code) if row.exit_code is not None else "no report"
    return Run(
        row.run, row.site, row.started_at, row.finished_at, status, row.finish_reason, row.exit_code,
        "never finished" if status == "killed" else said, seen=row.seen,
    )  # fmt: skip


def whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def rows_of_reports(folder: Path) -> list[RunRow]:
    """What a state that is made again can know of earlier runs, oldest first."""
    found = [
        RunRow(
            report["run"], report["site"], report["started_at"], report["finished_at"], report["finish_reason"],
            report["exit_code"], whole(report["stories"].get("seen")), new_stories(report),
        )
        for report in reports(folder, [])
        if is_time(report["started_at"]) and is_time(report["finished_at"])
    ]  # fmt: skip
    return found[::-1]


def new_stories(report: Mapping[str, Any]) -> int | None:
    """What a run brought that the site had not shown before; None for one that did not come to its end."""
    if report["finish_reason"] != "finished":
        return None
    from newscrawl.storage.writer import NEW  # with it all that decides what a story is: 0.1 s

    return sum(whole(report["counts"].get(f"identify/{verdict}")) or 0 for verdict in NEW)


def is_time(text: str) -> bool:
    """Whether a text is a time as the state keeps it."""
    try:
        return datetime.strptime(text, AT).strftime(AT) == text
    except ValueError:
        return False
