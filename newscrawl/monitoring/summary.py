"""Summarize a run report in a few lines for a terminal or a mail from cron."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from newscrawl.monitoring.exit_codes import meaning
from newscrawl.security.log import escape_controls

MAX_NAMED = 3  # sources or files named one by one
MAX_CHARS = 300  # of one value
# What is said of counts, in this order; each is (label, prefixes of `counts`).
GROUPS = (
    ("known", ("identify/unchanged", "identify/same-text", "candidate/known", "read/not-modified")),
    (
        "dropped",
        (
            "check/",
            "read/not-html",
            "read/failed",
            "read/too-slow",
            "identify/gone",
            "drift/",
            "rights/skipped",
            "candidate/quarantined",
            "candidate/reserved",
        ),
    ),
    ("not its own", ("candidate/elsewhere", "candidate/no-story-url")),
    ("waiting", ("candidate/not-due-again",)),
    ("failed", ("story/failed", "story/blocked", "story/robots-", "fetch/", "refused/", "write/not_written")),
    ("exceptions", ("exception/",)),
    ("budget", ("budget/",)),
)

Line = tuple[str, str]


def summary(report: Mapping[str, Any], output: str) -> list[Line]:
    """(label, text) a line, at most 14; everything in them that came from outside is escaped."""
    lines = [(str(report["site"]), headline(report)), *written(report, output), *groups(report), *sources(report)]
    lines += [*recovered(report), ("traffic", traffic(report)), ("report", f"{output}/runs/{report['run']}.json")]
    return [(escape_controls(label)[:40], escape_controls(text)[:MAX_CHARS]) for label, text in lines]


def headline(report: Mapping[str, Any]) -> str:
    took = f"{report['finish_reason']} after {report['elapsed_seconds'] or 0:.1f} s"
    error = str(report["error"] or "").splitlines()
    return f"{meaning(report['exit_code'])} (exit code {report['exit_code']}), {took}" + (
        f": {error[0]}" if error else ""
    )


def listed(counts: Mapping[str, int]) -> str:
    """`5 new, 2 update`, the most first."""
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items(), key=lambda pair: -pair[1])[:8])


def written(report: Mapping[str, Any], output: str) -> Iterator[Line]:
    stories = report["stories"]
    if not stories["lines"]:
        yield "written", f"nothing new; {stories['seen']} stories seen"
        return
    copies = {name: count for name, count in stories["relation"].items() if name != "first"}
    yield (
        "written",
        f"{stories['lines']} lines: {listed(stories['change'])}" + (f"; {listed(copies)}" if copies else ""),
    )
    yield "agencies", listed(stories["agency"])
    files = [file["path"] for file in stories["files"]]
    yield "files", f"{output}/stories/{files[0]}" + (f" and {len(files) - 1} more" if len(files) > 1 else "")


def groups(report: Mapping[str, Any]) -> Iterator[Line]:
    for label, prefixes in GROUPS:
        found = {name: count for name, count in report["counts"].items() if name.startswith(prefixes)}
        if found:
            yield label, listed(found)


def sources(report: Mapping[str, Any]) -> Iterator[Line]:
    """How many sources gave something; and those that did not, each with its reason."""
    entries = report["sources"]
    bad = [entry for entry in entries if entry["outcome"] not in ("ok", "not-modified")]
    if entries:
        yield "sources", f"{len(entries) - len(bad)} of {len(entries)} read"
    for entry in bad[:MAX_NAMED]:
        sentence = entry["complaint"] if " " in (entry["complaint"] or "") else entry["outcome"]
        yield "", f"{sentence}: {entry['kind']} {entry['url']}"
    if len(bad) > MAX_NAMED:
        yield "", f"and {len(bad) - MAX_NAMED} more"


def recovered(report: Mapping[str, Any]) -> Iterator[Line]:
    found = report["recovered"]
    damaged = found.get("damaged") or []
    if damaged:
        lines = sum(entry["lines"] for entry in damaged)
        yield (
            "damaged",
            f"{lines} {'line' if lines == 1 else 'lines'} set aside in {', '.join(entry['file'] for entry in damaged[:MAX_NAMED])}",
        )
    if found["runs"] or found["segments"]:
        lines = sum(run["lines"] for run in found["runs"])
        yield (
            "recovered",
            f"{lines} lines of {len(found['runs'])} killed runs, {found['taken_as_seen']} of them taken as seen now",
        )


def traffic(report: Mapping[str, Any]) -> str:
    return f"{report['requests']} requests, {report['response_bytes'] / 1e6:.2f} MB"
