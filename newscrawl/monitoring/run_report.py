"""Build and write the report of one run: requests, pages, lines, refusals and drops, by source and reason.

docs/run-report.md documents its fields.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from newscrawl import __version__
from newscrawl.monitoring.hosts import HOSTS
from newscrawl.monitoring.sources import Sources
from newscrawl.sites.model import Site

if TYPE_CHECKING:
    from newscrawl.storage.writer import SiteOutput

SCHEMA = "newscrawl-run/1"
PREFIX = "newscrawl/"
STATUS_PREFIX = "downloader/response_status_count/"
START_FAILED = "start_failed"  # the finish reason of a run that never requested anything
CUT_SHORT = "cut_short"  # of one that a second signal ended
AT = "%Y-%m-%dT%H:%M:%SZ"
MAX_ERROR_CHARS = 2_000
# What counts as a story that was seen: every verdict but that on a page which is gone and never was a story, those
# that were known, held back or skipped, and lists and pages that are what they were.
SEEN = (
    "identify/", "candidate/known", "candidate/quarantined", "candidate/reserved", "drift/held", "drift/quarantined",
    "rights/skipped", "read/not-modified", "source/not-modified",
)  # fmt: skip
NOT_SEEN = frozenset({"identify/gone"})


@dataclass(frozen=True, slots=True)
class Ran:
    """What a report is made of. `site` is None for stories of a user's own spider, `sources` where there are none."""

    output: SiteOutput
    site: Site | None
    sources: Sources | None
    versions: Mapping[str, str]


def conclude(ran: Ran, stats: Mapping[str, Any]) -> dict[str, int]:
    """The counts that can be told only when all is over: the sources' outcomes, stories seen, silence."""
    if ran.sources and stats.get("finish_reason") in (None, "shutdown"):
        ran.sources.cut_short()
    found = ran.sources.counts() if ran.sources else {}
    seen = stories_seen({**own_counts(stats), **found})
    silent = seconds_of_silence(ran.output) if not seen else 0.0
    found["story/seen"] = seen
    if ran.site is None:
        return found
    if silent > ran.site.expect.silent_hours * 3600 or (not seen and not ran.site.expect.silent_hours):
        found["expect/silent"] = 1
    return found


def stories_seen(counts: Mapping[str, Any]) -> int:
    """How many stories a run saw, known ones included."""
    return sum(count for name, count in counts.items() if name.startswith(SEEN) and name not in NOT_SEEN)


def seconds_of_silence(output: SiteOutput) -> float:
    """How long the site has shown no story, before this run; 0 for its first run, and where the clock went back."""
    if output.last_seen_at is None:
        return 0.0
    return max(0.0, (output.started_at - output.last_seen_at).total_seconds())


def own_counts(stats: Mapping[str, Any]) -> dict[str, Any]:
    """Our own statistics, by stage and reason, without their prefix."""
    return {key.removeprefix(PREFIX): stats[key] for key in sorted(stats) if key.startswith(PREFIX)}


def report_of(ran: Ran, stats: Mapping[str, Any], exit_code: int, error: BaseException | None) -> dict[str, Any]:
    """The report's content."""
    output = ran.output
    ended_at = datetime.now(UTC)
    statuses = {key.removeprefix(STATUS_PREFIX): stats[key] for key in sorted(stats) if key.startswith(STATUS_PREFIX)}
    elapsed = stats.get("elapsed_time_seconds")
    return {
        "schema": SCHEMA,
        "run": output.run,
        "site": output.site,
        "site_rules": ran.site.rules if ran.site else None,
        "started_at": output.started_at.strftime(AT),
        "finished_at": ended_at.strftime(AT),
        "elapsed_seconds": elapsed if elapsed is not None else (ended_at - output.started_at).total_seconds(),
        "finish_reason": stats.get("finish_reason") or (START_FAILED if error else CUT_SHORT),
        "exit_code": int(exit_code),
        "error": str(error)[:MAX_ERROR_CHARS] if error else None,
        "requests": stats.get("downloader/request_count", 0),
        "statuses": statuses,
        "response_bytes": stats.get("downloader/response_bytes", 0),
        "sources": ran.sources.table() if ran.sources else [],
        "stories": {"seen": stats.get(PREFIX + "story/seen", 0), **output.tally.table()},
        "recovered": {
            "segments": output.recovered.segments,
            "taken_as_seen": output.recovered.lines,
            "torn_bytes": output.recovered.torn_bytes,
            "damaged": [{"file": name, "lines": n} for name, n in output.recovered.damaged.items()],
            "runs": [{"run": run, "lines": lines} for run, lines in output.recovered.runs.items()],
        },
        "hosts": stats.get(HOSTS, []),
        "counts": own_counts(stats),
        "versions": {"newscrawl": __version__, **ran.versions, "python": platform.python_version()},
    }


def write_report(folder: Path, report: Mapping[str, Any]) -> Path:
    """Write <run>.json whole or not at all; its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{report['run']}.json"
    part = path.with_suffix(".json.part")
    try:
        with part.open("wb") as file:
            file.write(orjson.dumps(report, option=orjson.OPT_INDENT_2) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.rename(part, path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    return path
