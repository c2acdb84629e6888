"""What some runs did, or all runs of some days: per site what came and how fresh, what failed, drifted and was slow.

Figures come from the run reports, pictures and freshness from the lines those runs wrote. A line counts for the run
that is in it, so that days whose files were merged are counted the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import orjson

from newscrawl.monitoring.report_files import RunReport, read_report_file, report_files, started
from newscrawl.text.command_line import command_line
from newscrawl.tools.reports.tally import DailyCounts, LineFacts, facts_of

MAX_LINE_BYTES = 64 * 1024 * 1024
MAX_LATENCIES = 100_000  # of a site, for its median
SLOWEST = 10
DEFAULT_DAYS = 7
WRONG = (KeyError, TypeError, ValueError, AttributeError, OverflowError)


class NoRuns(Exception):
    """No run is there to report on; the text says where it was looked for."""


@dataclass(slots=True)
class PeriodSite:
    """One site: counts over its runs, and how fresh what came was."""

    site: str
    runs: int = 0
    last_run_at: str = ""
    newest_at: int | None = None  # seconds since 1970 of its newest story
    median_latency_seconds: int | None = None  # from published to seen, of its new lines
    new: int = 0
    copies: int = 0
    updates: int = 0
    failures: int = 0
    drift: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """All of it; `failures` by counted reason, `hosts` the slowest: (host, seconds a request, requests)."""

    title: str
    since: str
    until: str
    runs: list[RunReport] = field(default_factory=list)
    sites: dict[str, PeriodSite] = field(default_factory=dict)
    failures: Counter[str] = field(default_factory=Counter)
    hosts: list[tuple[str, float, int]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    tally: DailyCounts = field(default_factory=DailyCounts)

    def rows(self) -> list[PeriodSite]:
        """The sites, those with the most new stories first."""
        return sorted(self.sites.values(), key=lambda row: (-row.new, row.site))

    def total(self, name: str) -> int:
        return sum(getattr(row, name) for row in self.sites.values())

    def as_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "since": self.since,
            "until": self.until,
            "runs": [run.id for run in self.runs],
            "sites": [asdict(row) for row in self.rows()],
            "failures": dict(self.failures.most_common()),
            "slowest_hosts": [
                {"host": host, "seconds": round(seconds, 3), "requests": requests}
                for host, seconds, requests in self.hosts
            ],
            "problems": self.problems,
        }


def runs_asked(folder: Path, run: str = "", last: int = 0, since: str = "", until: str = "") -> list[RunReport]:
    """The runs asked for, the oldest first: one by its id, the last so many, or those of some days (both included;
    without any of these, of the seven days up to the newest run). NoRuns if there are none."""
    files = report_files(folder)
    if not files:
        raise NoRuns(f"{folder}: no run has left a report here; `{command_line('crawl <site>')}` writes one")
    if run:
        files = [path for path in files if path.stem == run]
    elif last:
        files = files[:last]
    else:
        since = since or earlier(files[0].name[:8], DEFAULT_DAYS - 1)
        low, high = since.replace("-", ""), (until or "9999-12-31").replace("-", "")
        files = [path for path in files if low <= path.name[:8] <= high]
    if not files:
        asked = f"the id {run!r}" if run else f"a start from {since} to {until or 'now'}"
        raise NoRuns(f"{folder}: no run has {asked}; `--last 1` takes the newest there is")
    return [read_report_file(path) for path in reversed(files)]


def earlier(day: str, days: int) -> str:
    """The day so many days before `20261123`, as 2026-11-18; the beginning of time for what is not a day."""
    try:
        return (date.fromisoformat(day) - timedelta(days=days)).isoformat()
    except ValueError:
        return "0001-01-01"


def report_on(output: Path, runs: list[RunReport]) -> Report:
    """Everything about these runs."""
    days = sorted(run.started_at[:10] for run in runs if run.started_at)
    since, until = (days[0], days[-1]) if days else ("", "")
    report = Report(title_of(runs, since, until), since, until, runs)
    hosts: dict[str, list[tuple[float, int]]] = {}
    for run in runs:
        if run.problem:
            report.problems.append(run.problem)
            continue
        add_run(report, run)
        for host, seconds, requests in run.hosts():
            hosts.setdefault(host, []).append((seconds, requests))
    report.hosts = slowest(hosts)
    add_lines(report, output / "stories")
    return report


def title_of(runs: list[RunReport], since: str, until: str) -> str:
    if len(runs) == 1:
        return f"Run {runs[0].id}"
    return f"{len(runs)} runs of {since}" if since == until else f"{len(runs)} runs from {since} to {until}"


def add_run(report: Report, run: RunReport) -> None:
    row = report.sites.setdefault(run.site, PeriodSite(run.site))
    failures = run.failures()
    row.runs += 1
    row.last_run_at = max(row.last_run_at, run.started_at)
    row.new, row.copies, row.updates = row.new + run.new, row.copies + run.copies, row.updates + run.updates
    row.failures += failures.total()
    row.drift += [said for said in run.drift() if said not in row.drift]
    report.failures += failures


def slowest(hosts: dict[str, list[tuple[float, int]]]) -> list[tuple[str, float, int]]:
    """The hosts by their seconds a request, weighted by requests, the slowest first."""
    found = []
    for host, rows in hosts.items():
        requests = sum(n for _, n in rows)
        found.append((host, sum(seconds * n for seconds, n in rows) / max(1, requests), requests))
    return sorted(found, key=lambda row: (-row[1], row[0]))[:SLOWEST]


def add_lines(report: Report, stories: Path) -> None:
    """Count the lines of the runs into the tally, and how fresh each site was."""
    latencies: dict[str, list[int]] = {}
    for facts in facts_of_runs(stories, report.runs):
        report.tally.add(facts)
        row = report.sites.setdefault(facts.site, PeriodSite(facts.site))
        row.newest_at = max(row.newest_at or 0, facts.at)
        known = latencies.setdefault(facts.site, [])
        if facts.latency_seconds is not None and len(known) < MAX_LATENCIES:
            known.append(facts.latency_seconds)
    for site, seconds in latencies.items():
        report.sites[site].median_latency_seconds = round(median(seconds)) if seconds else None


def facts_of_runs(stories: Path, runs: Iterable[RunReport]) -> Iterator[LineFacts]:
    """The facts of every story that these runs saw first."""
    wanted = {run.id for run in runs}
    folders = {stories / run.site / at.strftime("%Y/%m/%d") for run in runs if run.site and (at := started(run))}
    for folder in sorted(folders):
        for path in sorted(folder.glob("*.jsonl*")):
            yield from facts_of_file(path, wanted)


def facts_of_file(path: Path, wanted: set[str]) -> Iterator[LineFacts]:
    """The facts of the stories that some runs saw first; what is not a line of theirs is passed over."""
    try:
        with path.open("rb") as file:
            while raw := file.readline(MAX_LINE_BYTES):
                try:
                    line = orjson.loads(raw)
                    if line["crawl"]["run"] in wanted and line["version"] == 1:  # as the browser view counts stories
                        yield facts_of(line)
                except WRONG:
                    continue
    except OSError:
        return
