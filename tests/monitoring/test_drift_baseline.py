"""A site's last runs in the state: bounded, in order, and of its own."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from newscrawl.monitoring.drift import FieldCounts, PastRun
from newscrawl.monitoring.drift_baseline import (
    KEPT_DAYS,
    KEPT_RUNS,
    baseline_of,
    days_of,
    forget_runs,
    record_day,
    record_run,
)
from newscrawl.sites.model import Site
from newscrawl.storage.state import State


def tally(stories: int) -> FieldCounts:
    return FieldCounts(stories, Counter(byline=stories), Counter({20: stories}), Counter({0: stories}))


def site(name: str) -> Site:
    return Site(id=name, name=name, evidence="a test", domains=(f"{name}.example",), rules=f"{name}@0")


def test_as_many_runs_are_kept_as_are_compared_with(tmp_path: Path) -> None:
    state = State(tmp_path)
    with state.transaction():
        for n in range(KEPT_RUNS + 20):
            record_run(state, "a", PastRun(f"a{n}", tally(n + 1)))
        for n in range(KEPT_RUNS + 5):
            record_run(state, "a", PastRun(f"m{n}", tally(2), ("byline", "rule-body")))
        record_run(state, "a", PastRun("nothing", FieldCounts()))
        record_run(state, "b", PastRun("b0", tally(7)))
    usual = baseline_of(state, site("a"))
    assert [past.run for past in usual.runs][:2] == [f"m{KEPT_RUNS + 4}", f"m{KEPT_RUNS + 3}"]
    assert usual.runs[0].marked == ("byline", "rule-body")
    good = [past for past in usual.runs if not past.marked]
    assert [past.run for past in good] == [f"a{n}" for n in range(KEPT_RUNS + 19, 19, -1)], "marked runs push none out"
    assert [past.run for past in baseline_of(state, site("b")).runs] == ["b0"]
    with state.transaction():
        forget_runs(state, "a")
    assert not baseline_of(state, site("a")).runs and baseline_of(state, site("b")).runs
    state.close()


def test_days_are_summed_and_bounded(tmp_path: Path) -> None:
    state = State(tmp_path)
    with state.transaction():
        for n in range(1, 30):
            for stories in (3, 4):
                record_day(state, "a", f"2026-11-{n:02}", stories)
    days = days_of(state, "a")
    assert len(days) == KEPT_DAYS and set(days) == {(f"2026-11-{n:02}", 7) for n in range(15, 30)}
    state.close()
