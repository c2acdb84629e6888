"""Decide whether a run's stories still have the fields that the site's stories usually have (layout drift).

Every story is measured by the fields it has, the rules that won, the length of its body and the share of links in it. A
run is compared with the pooled stories of the site's last runs that were not marked.

The test of a share takes the counts into account: before, k of n stories had a byline, now 0 of 3 do. The prediction for the
next run is a beta-binomial: the observed share with Jeffreys' half a story on either side. Its certainty is limited to that
of 20 stories (12 for bylines and similar fields), because desks, weekdays and lists differ by more than chance. So 3 of 3
stories without the body that 36 of 36 had mark a run, 1 of 2 or 2 of 10 do not, and a byline that 90 of 100 stories had may
be on half of a weekend's. A bound in the site file is tested with a plain binomial. Sites with few stories per run are also
judged by the streak of consecutive runs in which most stories lack the field.

This module reads and writes no files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import exp, lgamma, log, log2
from typing import Any

from newscrawl.items import Story
from newscrawl.sites.model import Expect, Layout

FILLED = ("headline", "body", "byline", "authors", "dateline", "published", "section", "agency")
RULES = {"rule-headline": "headline", "rule-body": "text", "rule-byline": "byline", "rule-published": "published", "rule-section": "section"}  # fmt: skip
SHAPES = ("length", "links")
FIELDS = (*FILLED, *RULES, *SHAPES)
PER_DAY = "stories-per-day"

MIN_STORIES = 20  # a site with fewer has no history: nothing is usual yet
MAX_STORIES = 500  # of the last runs, newest first
# How many stories' worth of certainty a share of the past has at most. Of fields that desks and days differ in, fewer.
STRENGTH, LOOSE_STRENGTH = 20.0, 12.0
LOOSE = frozenset(("byline", "authors", "dateline", "section", "agency", "rule-byline", "rule-section"))
ALPHA = 2e-4  # of a test against the site's own runs
EXPECT_ALPHA = 1e-3  # of one against the site file's bounds
TESTED_FROM = 0.5  # share from which on a field's loss is looked for
HELD_FROM = 0.9  # share from which on a story that lacks it waits for the run's verdict
MOST = 0.5  # of a run's stories must lack it for a streak to go on

# Lengths are half-octaves: 20 is 1,024 characters, 22 is 2,048. Links are twentieths of the characters.
FAR_SHORT, FAR_LONG = 4.0, 6.0  # at least: a quarter, and eight times, of the median
SPREAD = 3 * 1.4826  # three standard deviations, from the median of the absolute deviations
MANY_LINKS, MORE_LINKS = 6, 4  # 0.3, and 0.2 above what 19 of 20 stories have
DAYS = 7  # over which stories a day are counted: a weekend is part of every such week


@dataclass(frozen=True, slots=True)
class Measure:
    """What one reading had: fields and rules by name; `length` and `links` are None without text."""

    has: frozenset[str]
    length: int | None
    links: int | None


def measure_of(story: Story) -> Measure:
    """The measure of a story as it was read."""
    filled = {
        "headline": story.headline, "body": story.text, "byline": story.byline, "authors": story.authors,
        "dateline": story.dateline, "published": story.published_date, "section": story.section,
        "agency": story.agency,
    }  # fmt: skip
    origins = story.extraction.origins if story.extraction else None
    won = {name: getattr(origins, key, None) for name, key in RULES.items()}
    return measured(filled, won, story.text or "", story.link_rate)


def measure_of_line(line: Mapping[str, Any]) -> Measure:
    """The measure of a line; it holds no links."""
    keys = {"body": "text", "published": "published_date"}
    origins = (line.get("extraction") or {}).get("origins") or {}
    filled = {name: line.get(keys.get(name, name)) for name in FILLED}
    return measured(filled, {name: origins.get(key) for name, key in RULES.items()}, line.get("text") or "", None)


def measured(filled: Mapping[str, Any], won: Mapping[str, str | None], text: str, link_rate: float | None) -> Measure:
    has = {name for name, value in filled.items() if value} | {
        name for name, origin in won.items() if origin == "site-rule"
    }
    length = round(2 * log2(len(text))) if text else None
    links = None if link_rate is None or not text else round(link_rate * 20)
    return Measure(frozenset(has), length, links)


def rules_with_selector(layout: Layout | None) -> frozenset[str]:
    """The rules that a layout has a selector for."""
    selectors = {"rule-body": "body"}
    names = {name: selectors.get(name, key) for name, key in RULES.items()}
    return frozenset(name for name, key in names.items() if layout is not None and getattr(layout, key))


@dataclass(slots=True)
class FieldCounts:
    """The measures of many stories, counted."""

    stories: int = 0
    has: Counter[str] = field(default_factory=Counter)
    lengths: Counter[int] = field(default_factory=Counter)
    links: Counter[int] = field(default_factory=Counter)

    def add(self, measure: Measure) -> None:
        self.stories += 1
        self.has.update(measure.has)
        if measure.length is not None:
            self.lengths[measure.length] += 1
        if measure.links is not None:
            self.links[measure.links] += 1

    def merge(self, other: FieldCounts) -> None:
        self.stories += other.stories
        self.has.update(other.has)
        self.lengths.update(other.lengths)
        self.links.update(other.links)

    def as_json(self) -> dict[str, Any]:
        """What `from_json` reads; the bins' numbers as texts, since JSON's keys are."""
        bins = {name: {str(n): count for n, count in getattr(self, name).items()} for name in ("lengths", "links")}
        return {"stories": self.stories, "has": dict(self.has), **bins}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> FieldCounts:
        bins = {name: Counter({int(n): count for n, count in value[name].items()}) for name in ("lengths", "links")}
        return cls(value["stories"], Counter(value["has"]), **bins)


@dataclass(frozen=True, slots=True)
class PastRun:
    """One of a site's last runs; `marked` are the fields that marked it."""

    run: str
    tally: FieldCounts
    marked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DriftFinding:
    """A field that left its bounds: how many of the run's stories lack it, and all of it in words."""

    field: str
    lacking: int
    text: str


def finding_of(name: str, has: int, of: int, usual: float, word: str) -> DriftFinding:
    return DriftFinding(name, of - has, f"{name} {has} of {of}, {word} {usual:.0%}")


@dataclass
class Baseline:
    """What is usual on a site: its last runs, newest first, and what its file expects."""

    runs: Sequence[PastRun] = ()
    expect: Expect = field(default_factory=Expect)
    selectors: frozenset[str] = frozenset(RULES)  # rules that the site's present layout has a selector for

    @cached_property
    def pooled(self) -> FieldCounts:
        """The stories of the last runs that were not marked."""
        found = FieldCounts()
        for past in self.runs:
            if not past.marked and found.stories < MAX_STORIES:
                found.merge(past.tally)
        return found

    @cached_property
    def is_known(self) -> bool:
        """Whether the site has a history."""
        return self.pooled.stories >= MIN_STORIES

    @cached_property
    def length_bounds(self) -> tuple[float, float]:
        """The half-octaves between which a body's length is nothing special."""
        lengths = self.pooled.lengths
        median = quantile(lengths, 0.5)
        deviation = SPREAD * quantile(deviations(lengths, median), 0.5)
        return median - max(FAR_SHORT, deviation), median + max(FAR_LONG, deviation)

    @cached_property
    def most_links(self) -> float:
        """The twentieths of links beyond which a body is mostly links for this site."""
        return max(MANY_LINKS, quantile(self.pooled.links, 0.95) + MORE_LINKS)

    def counts(self, tally: FieldCounts, name: str) -> tuple[int, int]:
        """(stories that have it, stories that could)."""
        if name == "length":
            low, high = self.length_bounds
            return sum(count for n, count in tally.lengths.items() if low <= n <= high), tally.lengths.total()
        if name == "links":
            return sum(count for n, count in tally.links.items() if n <= self.most_links), tally.links.total()
        return tally.has[name], tally.stories

    def can_be_missing(self, name: str) -> bool:
        """Whether a field can be missing at all: a rule without a selector wins nothing."""
        return name not in RULES or name in self.selectors

    def rate(self, name: str) -> float:
        """The share of the site's stories that have it; 0.0 where it has no history."""
        has, of = self.counts(self.pooled, name) if self.is_known else (0, 0)
        return has / of if of else 0.0

    def has(self, measure: Measure, name: str) -> bool:
        """Whether a story has it; a story without text has no wrong length."""
        if name == "length":
            low, high = self.length_bounds
            return measure.length is None or low <= measure.length <= high
        if name == "links":
            return measure.links is None or measure.links <= self.most_links
        return name in measure.has

    @cached_property
    def required(self) -> tuple[str, ...]:
        """What a story must have to be written at once: what nearly all have, are expected to have, or lacked last time."""
        expected = {name for name, rate in self.expect.filled if rate >= HELD_FROM}
        last = set(self.runs[0].marked) if self.runs else set()
        usual = {name for name in FIELDS if self.rate(name) >= HELD_FROM}
        return tuple(name for name in FIELDS if name in expected | usual | last and self.can_be_missing(name))

    def missing_fields(self, measure: Measure) -> tuple[str, ...]:
        """What a story lacks of what is required; () for one that may be written at once."""
        return tuple(name for name in self.required if not self.has(measure, name))

    def findings(self, tally: FieldCounts) -> list[DriftFinding]:
        """What a run's stories lack beyond chance; [] for a run as usual."""
        found = [self.finding(tally, name) for name in FIELDS if self.can_be_missing(name)]
        return [finding for finding in found if finding is not None]

    def finding(self, tally: FieldCounts, name: str) -> DriftFinding | None:
        has, of = self.counts(tally, name)
        expected = dict(self.expect.filled).get(name)
        if expected is not None and of and has / of < expected and binomial_tail(has, of, expected) < EXPECT_ALPHA:
            return finding_of(name, has, of, expected, "expected")
        rate = self.rate(name)
        if rate < TESTED_FROM or not of or has / of >= rate:
            return None
        usual = self.counts(self.pooled, name)
        if share_tail(has, of, *usual, strength(name)) < ALPHA or self.is_streak(tally, name, usual):
            return finding_of(name, has, of, rate, "usually")
        return None

    def is_streak(self, tally: FieldCounts, name: str, usual: tuple[int, int]) -> bool:
        """Whether the runs up to this one in most of whose stories it is missing are, taken together, beyond chance."""
        has, of = self.counts(tally, name)
        had, had_of = usual
        if of - has < MOST * of:
            return False
        for past in self.runs:
            past_has, past_of = self.counts(past.tally, name)
            if past_of - past_has < MOST * past_of:
                break
            has, of = has + past_has, of + past_of
            if not past.marked:  # judged runs are not compared with themselves
                had, had_of = had - past_has, had_of - past_of
        return had_of >= MIN_STORIES and share_tail(has, of, had, had_of, strength(name)) < ALPHA


def deviations(bins: Counter[int], median: float) -> Counter[float]:
    found: Counter[float] = Counter()
    for n, count in bins.items():
        found[abs(n - median)] += count
    return found


def quantile(bins: Mapping[Any, int], share: float) -> float:
    """The bin that holds this share of the counts and all below it; 0.0 of nothing."""
    total, seen = sum(bins.values()), 0
    for n in sorted(bins):
        seen += bins[n]
        if seen >= share * total and bins[n]:
            return float(n)
    return 0.0


def strength(name: str) -> float:
    return LOOSE_STRENGTH if name in LOOSE else STRENGTH


def share_tail(has: int, of: int, had: int, had_of: int, most: float = STRENGTH) -> float:
    """The chance of as few as `has` of `of` where `had` of `had_of` were seen before, which count as `most` at most."""
    weight = min(1.0, most / had_of) if had_of else 0.0
    a, b = had * weight + 0.5, (had_of - had) * weight + 0.5
    norm = log_beta(a, b)
    return sum(exp(log_choose(of, k) + log_beta(k + a, of - k + b) - norm) for k in range(has + 1))


def binomial_tail(has: int, of: int, rate: float) -> float:
    """The chance of as few as `has` of `of` where each has it with this chance."""
    if rate >= 1.0:
        return 0.0 if has < of else 1.0
    return sum(exp(log_choose(of, k)) * rate**k * (1 - rate) ** (of - k) for k in range(has + 1))


def log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def volume(days: Iterable[tuple[str, int]], today: str, bounds: tuple[int, int] | None) -> DriftFinding | None:
    """Whether the last seven whole days with a run brought too few or too many stories a day; None where all is well.

    Days are `YYYY-MM-DD`, UTC. A single day proves nothing: weekends and holidays are slow, a first run brings a backlog.
    """
    last = sorted((day, stories) for day, stories in days if day < today)[1:][
        -DAYS:
    ]  # the first day brought the backlog
    if bounds is None or len(last) < DAYS:
        return None
    stories = sum(count for _, count in last)
    low, high = bounds
    is_low = stories < low * DAYS and poisson_tail(stories, low * DAYS) < EXPECT_ALPHA
    is_high = stories > high * DAYS and 1 - poisson_tail(stories - 1, high * DAYS) < EXPECT_ALPHA
    if not is_low and not is_high:
        return None
    return DriftFinding(PER_DAY, 1, f"{stories / DAYS:.1f} stories a day in seven days, expected {low} to {high}")


def poisson_tail(count: int, mean: float) -> float:
    """The chance of `count` or fewer where `mean` are expected."""
    if mean <= 0:
        return 1.0
    return min(1.0, sum(exp(k * log(mean) - mean - lgamma(k + 1)) for k in range(count + 1)))
