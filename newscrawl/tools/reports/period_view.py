"""The report on some runs as one HTML file that needs nothing else, and as text for a terminal."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from newscrawl.security.log import escape_controls
from newscrawl.tools.reports import plots
from newscrawl.tools.reports.html import templates
from newscrawl.tools.reports.period import PeriodSite, Report

HEAD = ["site", "runs", "newest story", "seen after", "new", "copies", "updates", "failures"]


def report_page(report: Report) -> str:
    """One HTML file: styles and pictures inside, no script, no request to anybody."""
    tally = report.tally
    pictures = []
    if tally.counts:
        pictures = [plots.stories_by_day(tally, False), plots.carried(tally, False), plots.latency(tally, False)]
        pictures += [plots.fill_rates(tally, name, False) for name in ("published_at", "byline")]
    if report.failures:
        pictures.append(plots.reasons("Failures by reason", report.failures))
    template = templates("newscrawl.tools.reports").get_template("report.html")
    return template.render(
        report=report, figures=figures(report), head=HEAD, rows=[cells(row) for row in report.rows()], pictures=pictures, css=css(),
        hosts=[[host, f"{seconds:.2f}", str(n)] for host, seconds, n in report.hosts],
    )  # fmt: skip


@lru_cache(maxsize=1)
def css() -> str:
    folder = Path(__file__).parent
    return (folder / "pictures.css").read_text("utf-8") + (folder / "report.css").read_text("utf-8")


def figures(report: Report) -> list[tuple[str, str]]:
    names = ("new", "copies", "updates", "failures")
    return [
        ("runs", str(len(report.runs))),
        ("sites", str(len(report.sites))),
        *((name, f"{report.total(name):,}") for name in names),
    ]


def cells(row: PeriodSite) -> list[str]:
    """A site's row, in the order of HEAD."""
    newest = datetime.fromtimestamp(row.newest_at, UTC).strftime("%Y-%m-%d %H:%M") if row.newest_at else "–"
    counts = (row.new, row.copies, row.updates, row.failures)
    return [row.site, str(row.runs), newest, in_words(row.median_latency_seconds), *(f"{count:,}" for count in counts)]


def in_words(seconds: int | None) -> str:
    """`40 s`, `12 min`, `3 h`, `4 days`; a dash where it is not known."""
    if seconds is None:
        return "–"
    for unit, size, most in (("s", 1, 120), ("min", 60, 7200), ("h", 3600, 2 * 86_400)):
        if seconds < most:
            return f"{seconds // size} {unit}"
    return f"{seconds // 86_400} days"


def report_text(report: Report) -> Iterator[str]:
    """The lines of the report for a terminal."""
    yield report.title
    yield "  ".join(f"{figure} {name}" for name, figure in figures(report))
    yield ""
    yield from columns([HEAD, *(cells(row) for row in report.rows())])
    if report.failures:
        yield from ("", "Failures by reason")
        yield from columns([[name, str(count)] for name, count in report.failures.most_common()])
    drifting = [f"  {row.site}: {said}" for row in report.rows() for said in row.drift]
    if drifting:
        yield from ("", "Drift", *(escape_controls(said) for said in drifting))
    if report.hosts:
        yield from ("", "Slowest hosts (seconds a request, requests)")
        yield from columns([[host, f"{seconds:.2f}", str(n)] for host, seconds, n in report.hosts])
    for problem in report.problems:
        yield escape_controls(f"not read: {problem}")


def columns(rows: list[list[str]]) -> Iterator[str]:
    """Rows in columns: the first to the left, the others to the right."""
    shown = [[escape_controls(cell) for cell in row] for row in rows]
    widths = [max(len(row[place]) for row in shown) for place in range(len(shown[0]))]
    for row in shown:
        rest = "".join(f"  {cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True))
        yield f"  {row[0]:<{widths[0]}}{rest}"


def write_page(path: Path, page: str) -> None:
    """Write the file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.write_text(page, "utf-8", "replace")
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
