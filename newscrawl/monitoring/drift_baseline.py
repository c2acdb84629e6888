"""Store a site's last runs in the state file, as the baseline for layout drift."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import orjson

from newscrawl.monitoring.drift import MAX_STORIES, Baseline, FieldCounts, PastRun, measure_of_line, rules_with_selector
from newscrawl.sites.model import Site
from newscrawl.storage.damaged import lines_of_file
from newscrawl.storage.lock import Lock
from newscrawl.storage.segments import story_files
from newscrawl.storage.state import State
from newscrawl.storage.writer import ALL_SITES_LOCK

KEPT_RUNS = 60  # of runs as usual; marked ones beside them, so that they never push out what was usual
KEPT_DAYS = 15


def baseline_of(state: State, site: Site) -> Baseline:
    """What is usual on a site, by its last runs."""
    rows = state.db.execute("SELECT run, tally, marked FROM drift_runs WHERE site = ? ORDER BY n DESC", (site.id,))
    runs = [
        PastRun(run, FieldCounts.from_json(orjson.loads(tally)), tuple(marked.split())) for run, tally, marked in rows
    ]
    return Baseline(runs, site.expect, rules_with_selector(site.layout_on(datetime.now(UTC).date())))


def days_of(state: State, site: str) -> list[tuple[str, int]]:
    """(day, new stories) of the last days with a run."""
    return state.db.execute("SELECT day, stories FROM drift_days WHERE site = ?", (site,)).fetchall()


def record_run(state: State, site: str, past: PastRun) -> None:
    """Remember a run, within the caller's transaction; one that read nothing says nothing."""
    if not past.tally.stories:
        return
    values = (site, past.run, " ".join(past.marked), orjson.dumps(past.tally.as_json()).decode())
    state.db.execute("INSERT OR REPLACE INTO drift_runs (site, run, marked, tally) VALUES (?, ?, ?, ?)", values)
    for test in ("= ''", "<> ''"):
        state.db.execute(
            f"""DELETE FROM drift_runs WHERE site = ?1 AND marked {test} AND n NOT IN
                (SELECT n FROM drift_runs WHERE site = ?1 AND marked {test} ORDER BY n DESC LIMIT {KEPT_RUNS})""",
            (site,),
        )


def record_day(state: State, site: str, day: str, stories: int) -> None:
    """Count a run's new stories for its day, within the caller's transaction."""
    state.db.execute(
        """INSERT INTO drift_days (site, day, stories) VALUES (?, ?, ?)
           ON CONFLICT (site, day) DO UPDATE SET stories = stories + excluded.stories""",
        (site, day, stories),
    )
    state.db.execute(
        f"""DELETE FROM drift_days WHERE site = ?1 AND day NOT IN
            (SELECT day FROM drift_days WHERE site = ?1 ORDER BY day DESC LIMIT {KEPT_DAYS})""",
        (site,),
    )


def forget_runs(state: State, site: str) -> None:
    """Delete a site's history, within the caller's transaction."""
    state.db.execute("DELETE FROM drift_runs WHERE site = ?", (site,))


def rebuild_past(folder: Path) -> int:
    """Make the history of every site again from its newest lines; how many sites got one."""
    with Lock(folder / "state" / "locks" / ALL_SITES_LOCK, "rebuild"):
        state = State(folder / "state")
        try:
            stories = folder / "stories"
            sites = sorted(path.name for path in stories.iterdir() if path.is_dir()) if stories.is_dir() else []
            for site in sites:
                with state.transaction():
                    forget_runs(state, site)
                    for past in reversed(runs_of_lines(stories, site)):
                        record_run(state, site, past)
            return len(sites)
        finally:
            state.close()


def runs_of_lines(stories: Path, site: str) -> list[PastRun]:
    """The runs that wrote a site's newest lines, newest first, as far as they are compared with."""
    found: dict[str, FieldCounts] = {}
    for path in sorted(story_files(stories, site), key=lambda path: path.name, reverse=True):
        if sum(tally.stories for tally in found.values()) >= MAX_STORIES:
            break
        for line in (entry.record for entry in lines_of_file(path.read_bytes())):
            if line is not None and line.get("change") != "withdrawal":
                found.setdefault(run_of(line, path), FieldCounts()).add(measure_of_line(line))
    return [PastRun(run, tally) for run, tally in found.items()]


def run_of(line: Mapping[str, object], path: Path) -> str:
    """The run that wrote a line: the beginning of its file's name where the line does not say it."""
    crawl = line.get("crawl")
    run = crawl.get("run") if isinstance(crawl, dict) else None
    return run if isinstance(run, str) else path.name.rpartition("-")[0]
