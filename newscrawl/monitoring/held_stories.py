"""Hold back stories that lack what their site's stories usually have, and release them when the run is judged.

A suspect story lacks what nearly all stories of its site have (`Baseline.required`). Its pages go to
output/quarantine/<site>/waiting/ instead of the output. When the run ends, all its stories are judged together. Those that
lack what marked the run are kept there. The others are read again from their pages and written. A page without text is
kept in either case.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from newscrawl.dedup.identify import Decision
from newscrawl.extraction.paging import next_page
from newscrawl.extraction.rights import marked, reasons_of
from newscrawl.extraction.story import fetch_info, join_pages, read_story
from newscrawl.items import Page, Story
from newscrawl.monitoring.drift import FIELDS, Baseline, DriftFinding, FieldCounts, PastRun, measure_of, volume
from newscrawl.monitoring.drift_baseline import baseline_of, days_of, forget_runs, record_day, record_run
from newscrawl.security.deadline import TooSlow, call_within
from newscrawl.sites.model import Site
from newscrawl.storage.quarantine import TOO_SLOW, QuarantinedStory, load, now
from newscrawl.storage.required_fields import missing_field
from newscrawl.storage.state import State
from newscrawl.storage.writer import SiteOutput
from newscrawl.text.command_line import command_line

NEW_VERDICTS = ("new", "copy", "excerpt")
ALWAYS_CHECKED = ("rule-body", "length", "links")  # of a story that is read again, whatever it was held back for
JUDGE_EVERY = 100  # stories held back
FULL, HELD, HELD_SLOW = "quarantine/full", "drift/held", "quarantine/too-slow"  # counters


def announced_url(story: Story) -> str:
    """The URL that announced a story: what its kept pages are named after."""
    return (story.crawl.requested_url if story.crawl else None) or story.url or ""


def is_single_page(held: QuarantinedStory) -> bool:
    """Whether a page that was too slow to look for further pages has none."""
    page = held.pages[0]
    return TOO_SLOW in held.lacks and next_page(page.body, page.url, page.url, 2) is None


def hold_too_slow(output: SiteOutput, site: Site, page: Page) -> str:
    """Keep a page that could not be read in time; HELD_SLOW, or FULL where nothing more is kept. Blocks."""
    held = QuarantinedStory(
        site=site.id, run=output.run, held_at=now(), lacks=(TOO_SLOW,), is_whole=False, pages=(page,)
    )
    return HELD_SLOW if output.quarantine.hold(held) else FULL


def new_stories(stats: Mapping[str, Any]) -> int:
    """How many new stories a run has written, by its statistics."""
    return sum(stats.get(f"newscrawl/identify/{verdict}", 0) for verdict in NEW_VERDICTS)


def reread(held: QuarantinedStory, site: Site, run: str, policy: str) -> Story:
    """The story of kept pages by the present rules: the line that a crawl would have written by them."""
    pages = [read_story(page.body, page.url, site, fetch_info(page, run)) for page in held.pages]
    story = join_pages(pages, is_whole=held.is_whole or is_single_page(held))
    is_marked = policy == "mark" and reasons_of(story.rights.reservation if story.rights else None)
    return marked(story) if is_marked else story


@dataclass(slots=True)
class RunVerdict:
    """What the end of a run found: findings, counts by name, and the stories that were written after all."""

    findings: list[DriftFinding] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    released: list[tuple[Story, Decision]] = field(default_factory=list)
    folder: Path = Path()
    site: str = ""

    def count(self, name: str, by: int = 1) -> None:
        self.counts[name] = self.counts.get(name, 0) + by

    def in_words(self) -> str:
        kept = self.counts.get("drift/quarantined", 0)
        found = "; ".join(finding.text for finding in self.findings)
        return (
            f"Layout drift on {self.site}: {found}. {kept} stories were held back in {self.folder}. "
            f"Fix the site file, then `{command_line(f'requeue {self.site}')}`; if the site is like that now, add --force"
        )


class DriftWatch:
    """Measures the stories of one run, and settles those that were held back when it ends."""

    def __init__(self, output: SiteOutput, site: Site, policy: str = "record") -> None:
        self.output, self.site, self.policy = output, site, policy
        self.quarantine = output.quarantine
        self.baseline = baseline_of(output.state, site)
        self.days = days_of(output.state, site.id)
        self.tally = FieldCounts()
        self.held: dict[str, tuple[str, ...]] = {}  # the files of this run by name: what their stories lack
        self.held_since = 0  # stories held since the waiting ones were last judged
        self.lock = threading.Lock()

    def missing_fields(self, story: Story) -> tuple[str, ...]:
        """What a story must be held back for; () for one that may be written. Counts it."""
        if story.change == "withdrawal":
            return ()
        measure = measure_of(story)
        lacks = self.baseline.missing_fields(measure) if story.pages else ()
        if not lacks or not self.quarantine.is_known(announced_url(story)):  # one page is counted once
            self.tally.add(measure)
        return lacks

    def hold(self, story: Story, lacks: tuple[str, ...]) -> str:
        """Keep the pages of a story in place of its line; HELD, or FULL where nothing more is kept. Blocks."""
        warnings = story.extraction.warnings if story.extraction else []
        held = QuarantinedStory(
            site=self.site.id, run=self.output.run, held_at=now(), lacks=lacks, pages=story.pages,
            is_whole="pages-missing" not in warnings,
        )  # fmt: skip
        if not self.quarantine.hold(held):
            return FULL
        self.held[held.name] = lacks
        self.held_since += 1
        return HELD

    def is_due(self) -> bool:
        """Whether to call `release` now: so many wait that a long run would fill the folder with odd ones. True once."""
        if self.held_since < JUDGE_EVERY:
            return False
        self.held_since = 0
        return True

    def release(self) -> RunVerdict:
        """Write what waits and does not lack what leaves its bounds so far; the rest waits on. Blocks."""
        verdict = RunVerdict()
        with self.lock:
            self._release_or_keep(
                {finding.field for finding in self.baseline.findings(self.tally)}, verdict, is_last=False
            )
        return verdict

    def judge(self, new: int) -> RunVerdict:
        """Judge the run, release or keep what waits, and record the run. `new` stories were written. Blocks."""
        self.count_those_of_killed_runs()
        verdict = RunVerdict(self.baseline.findings(self.tally), folder=self.quarantine.folder, site=self.site.id)
        fields = tuple(finding.field for finding in verdict.findings)
        today = self.output.started_at.strftime("%Y-%m-%d")
        per_day = volume(self.days, today, self.site.expect.stories_per_day)
        verdict.findings += [per_day] if per_day else []
        self._release_or_keep(set(fields), verdict, is_last=True)
        new += sum(decision.verdict in NEW_VERDICTS for _, decision in verdict.released)
        past = PastRun(self.output.run, self.tally, fields)
        self.output.at_finish += [
            lambda state: record_run(state, self.site.id, past),
            lambda state: record_day(state, self.site.id, today, new),
        ]
        self.count(verdict)
        return verdict

    def count_those_of_killed_runs(self) -> None:
        for path in self.quarantine.waiting():
            held = load(path) if path.name not in self.held else None
            if held is not None:
                self.tally.add(measure_of(reread(held, self.site, self.output.run, self.policy)))

    def _release_or_keep(self, fields: set[str], verdict: RunVerdict, *, is_last: bool) -> None:
        """Write the waiting stories that lack none of `fields`; the last time, keep the others."""
        released: list[tuple[Path, Story, Future[Decision]]] = []
        kept = {path.name for path in self.quarantine.kept()}
        for path in self.quarantine.waiting():
            if not is_last and fields.intersection(self.held.get(path.name, ())):
                continue
            held = load(path)
            if held is None:
                verdict.count("drift/unreadable")
                continue
            lacks = [name for name in held.lacks if name in fields]
            story = None if lacks else reread(held, self.site, self.output.run, self.policy)
            reason = missing_field(story) if story is not None else None
            if story is not None and reason is None and path.name not in kept:
                released.append((path, story, self.output.write(story)))
            elif is_last:
                self.quarantine.keep(path, held, lacks or held.lacks)
                verdict.count(f"check/{reason}" if reason else "drift/quarantined")
        for path, story, done in released:
            verdict.released.append((story, done.result()))
            self.quarantine.remove(path)
            verdict.count("drift/released")

    def count(self, verdict: RunVerdict) -> None:
        """What the run report says of the fields: how many of the stories read have each, and which left its bounds."""
        for name in FIELDS if self.tally.stories else ():
            verdict.counts[f"filled/{name}"] = self.baseline.counts(self.tally, name)[0]
        if self.tally.stories:
            verdict.counts["filled/stories"] = self.tally.stories
        for finding in verdict.findings:
            verdict.counts["drift/marked"] = 1
            verdict.counts[f"drift/{finding.field}"] = finding.lacking


@dataclass(frozen=True, slots=True)
class HoldOutcome:
    """What became of one kept story. `outcome` is a verdict of dedup, or kept, reserved, unreadable, or no line's reason."""

    file: str
    url: str
    headline: str | None
    held_for: tuple[str, ...]
    lacks: tuple[str, ...]
    outcome: str
    is_written: bool = False
    is_settled: bool = False  # it lies in the corpus, and no longer here


def requeue(
    output: SiteOutput, site: Site, policy: str, *, force: bool, read_seconds: float = 0.0
) -> list[HoldOutcome]:
    """Read every kept story again and write those that are fine now; with `force` all that are lines.

    A story whose pages take longer than `read_seconds` to read stays (0: no limit).
    With `force` the site's history is deleted: its present layout becomes the baseline.
    """
    baseline = baseline_of(output.state, site)
    tally = FieldCounts()
    found = []
    for path in output.quarantine.files():
        held = load(path)
        if held is None:
            found.append(HoldOutcome(str(path), "", None, (), (), "unreadable"))
            continue
        try:
            story = call_within(read_seconds, reread, held, site, output.run, policy)
        except TooSlow:
            found.append(HoldOutcome(str(path), held.url, None, held.lacks, held.lacks, TOO_SLOW))
            continue
        found.append(requeued(output, baseline, policy, path, held, story, force, tally))
    past = PastRun(output.run, tally)

    def remember(state: State) -> None:
        if force:
            forget_runs(state, site.id)
        record_run(state, site.id, past)

    output.at_finish.append(remember)
    return found


def requeued(
    output: SiteOutput, baseline: Baseline, policy: str, path: Path, held: QuarantinedStory, story: Story, force: bool,
    tally: FieldCounts,
) -> HoldOutcome:  # fmt: skip
    """What becomes of the story of one file. Its file is removed when its line is durable, so a kill doubles nothing."""
    measure = measure_of(story)
    fields = (name for name in held.lacks if name != TOO_SLOW)
    asked = dict.fromkeys([*fields, *(name for name in ALWAYS_CHECKED if name in baseline.required)])
    lacks = tuple(name for name in asked if baseline.can_be_missing(name) and not baseline.has(measure, name))
    is_reserved = policy == "skip" and reasons_of(story.rights.reservation if story.rights else None)
    reason = missing_field(story) or ("reserved" if is_reserved else None) or ("kept" if lacks and not force else None)
    if reason is not None:
        return HoldOutcome(str(path), held.url, story.headline, held.lacks, lacks, reason)
    decision = output.write(story).result()
    output.quarantine.remove(path)
    tally.add(measure)
    return HoldOutcome(
        str(path), held.url, story.headline, held.lacks, lacks, decision.verdict, decision.is_written, is_settled=True
    )
