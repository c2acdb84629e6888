"""When a run is marked, and when it must not be: counts alone, no pages."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

import pytest

from newscrawl.monitoring.drift import (
    FIELDS,
    RULES,
    Baseline,
    FieldCounts,
    Measure,
    PastRun,
    binomial_tail,
    quantile,
    rules_with_selector,
    share_tail,
    volume,
)
from newscrawl.sites.model import Expect, Layout

ALL = frozenset(FIELDS) - {"length", "links"}
USUAL_LENGTH = 22  # half-octaves: 2,048 characters


def run(stories: int, length: int = USUAL_LENGTH, links: int = 0, **lacking: int) -> FieldCounts:
    """So many stories, of which the named numbers lack a field (`rule_body` is `rule-body`)."""
    has = Counter(dict.fromkeys(ALL, stories))
    has.subtract({name.replace("_", "-"): count for name, count in lacking.items()})
    body = stories - lacking.get("body", 0)
    return FieldCounts(stories, has, Counter({length: body}), Counter({links: body}))


def past(*tallies: FieldCounts) -> list[PastRun]:
    """Runs, the newest first."""
    return [PastRun(str(n), tally) for n, tally in enumerate(tallies)]


def marked(now: FieldCounts, before: list[PastRun], expect: Expect | None = None) -> set[str]:
    return {finding.field for finding in Baseline(before, expect or Expect()).findings(now)}


THREE = past(run(12), run(12), run(12))
BYLINES = past(*[run(20, byline=2)] * 10)  # 90 % of 200


@pytest.mark.parametrize(
    ("now", "before", "fields"),
    [
        # What must be seen
        pytest.param(run(12, byline=12), THREE, {"byline"}, id="the byline is lost"),
        pytest.param(run(12, body=12, rule_body=12), THREE, {"body", "rule-body"}, id="the body is lost"),
        pytest.param(run(12, rule_body=12), THREE, {"rule-body"}, id="the site's rule finds nothing any more"),
        pytest.param(run(3, rule_body=3), THREE, {"rule-body"}, id="three of three"),
        pytest.param(run(24, rule_body=12), THREE, {"rule-body"}, id="half of the site has a new layout"),
        pytest.param(run(20, byline=16), BYLINES, {"byline"}, id="bylines fall from 90 to 20 percent"),
        pytest.param(run(12, length=14), THREE, {"length"}, id="bodies of 128 characters in place of 2,048"),
        pytest.param(run(12, length=30), THREE, {"length"}, id="bodies that hold the whole page"),
        pytest.param(run(12, links=15), THREE, {"links"}, id="bodies of links"),
        pytest.param(run(2, byline=2), past(run(2, byline=2), *[run(12)] * 3), {"byline"}, id="two and two before"),
        # What must not
        pytest.param(run(12), THREE, set(), id="as usual"),
        pytest.param(run(1, byline=1), THREE, set(), id="one story without a byline"),
        pytest.param(run(2, byline=1), THREE, set(), id="a slow day: one of two"),
        pytest.param(run(3, byline=3), THREE, set(), id="three stories without a byline"),
        pytest.param(run(2, byline=2), THREE, set(), id="a slow day: two of two"),
        pytest.param(run(12, byline=2), THREE, set(), id="two of twelve"),
        pytest.param(run(12, body=1), THREE, set(), id="one video page"),
        pytest.param(run(20, byline=10), BYLINES, set(), id="a weekend: half of the bylines are agencies'"),
        pytest.param(run(8, byline=4, section=4, authors=4), BYLINES, set(), id="a weekend of eight stories"),
        pytest.param(run(20, byline=0), BYLINES, set(), id="more bylines than usual"),
        pytest.param(run(12, byline=12), past(run(12)), set(), id="a site with twelve stories has no history"),
        pytest.param(run(12, byline=12), [], set(), id="a new site"),
        pytest.param(run(12, byline=12), past(*[run(20, byline=14)] * 5), set(), id="most never had bylines"),
        pytest.param(run(12, length=19), THREE, set(), id="a third of the usual length"),
        pytest.param(run(1, length=12), THREE, set(), id="one odd short story"),
        pytest.param(run(12, links=4), THREE, set(), id="a fifth of it links"),
        pytest.param(run(2, byline=1), past(run(2, byline=2), *[run(12)] * 3), set(), id="one of two after two of two"),
        pytest.param(run(12), past(run(12, byline=12), run(12), run(12)), set(), id="it has healed"),
        pytest.param(FieldCounts(), THREE, set(), id="nothing was read"),
    ],
)
def test_a_run_is_marked_by_its_own_past(now: FieldCounts, before: list[PastRun], fields: set[str]) -> None:
    assert marked(now, before) == fields


@pytest.mark.parametrize(
    ("now", "rates", "fields"),
    [
        (run(12, body=12), {"body": 0.95}, {"body"}),
        (run(3, body=3), {"body": 0.95}, {"body"}),
        (run(10, body=4), {"body": 0.98}, {"body"}),
        (run(12, dateline=12), {"dateline": 0.6}, {"dateline"}),
        (run(2, body=1), {"body": 0.95}, set()),
        (run(20, body=2), {"body": 0.95}, set()),
        (run(12, dateline=6), {"dateline": 0.6}, set()),
        (run(5, dateline=5), {"dateline": 0.6}, set()),
        (run(12, byline=12), {"body": 0.95}, set()),
    ],
)
def test_a_run_is_marked_by_what_the_site_file_expects(
    now: FieldCounts, rates: dict[str, float], fields: set[str]
) -> None:
    assert marked(now, [], Expect(filled=tuple(rates.items()))) == fields


def test_marked_runs_are_no_history() -> None:
    lost = [PastRun(f"m{n}", run(12, byline=12), ("byline",)) for n in range(30)]
    usual = Baseline([*lost, *THREE])
    assert usual.rate("byline") == 1.0
    assert {f.field for f in usual.findings(run(12, byline=12))} == {"byline"}


@pytest.mark.parametrize(
    ("measure", "lacks"),
    [
        (Measure(ALL, 22, 0), ()),
        (Measure(ALL, 19, 2), ()),
        (Measure(ALL - {"byline"}, 22, None), ("byline",)),
        (Measure(ALL - {"body", "rule-body"}, None, None), ("body", "rule-body")),
        (Measure(ALL, 12, 0), ("length",)),
        (Measure(ALL, 22, 18), ("links",)),
        (Measure(ALL - {"section"}, 22, 0), ()),
    ],
)
def test_what_a_story_waits_for(measure: Measure, lacks: tuple[str, ...]) -> None:
    usual = Baseline(past(*[run(12, section=4)] * 3))
    assert usual.missing_fields(measure) == lacks
    assert Baseline().missing_fields(measure) == (), "nothing is usual on a new site"


def test_what_marked_the_last_run_is_waited_for() -> None:
    usual = Baseline([PastRun("m", run(12, section=12), ("section",)), *past(*[run(12, section=3)] * 3)])
    assert usual.missing_fields(Measure(ALL - {"section"}, 22, 0)) == ("section",)


def test_a_rule_without_a_selector_is_not_missed() -> None:
    usual = Baseline(THREE, selectors=rules_with_selector(Layout(headline="h1", body="article p")))
    assert rules_with_selector(None) == frozenset() and rules_with_selector(Layout(byline=".by")) == {"rule-byline"}
    lost = {name.replace("-", "_"): 12 for name in RULES}
    assert {f.field for f in usual.findings(run(12, **lost))} == {"rule-headline", "rule-body"}
    assert usual.missing_fields(Measure(ALL - set(RULES), 22, 0)) == ("rule-headline", "rule-body")


def days(counts: list[int], first: str = "2026-11-01") -> list[tuple[str, int]]:
    start = date.fromisoformat(first)
    return [((start + timedelta(n)).isoformat(), count) for n, count in enumerate(counts)]


@pytest.mark.parametrize(
    ("counts", "is_marked"),
    [
        ([500, 50, 50, 50, 50, 50, 5, 4], False),  # a weekend
        ([500, 30, 31, 29, 30, 33, 28, 27], False),  # just about the bound
        ([0, 0, 0, 0], False),  # too few days
        ([50, 0, 0, 0, 0, 0, 0, 0], True),
        ([50, 12, 11, 9, 12, 14, 8, 7], True),
        ([50, 400, 400, 400, 400, 400, 400, 400], True),
        ([5000, 100, 110, 90, 100, 120, 90, 80], False),  # the first day brings a backlog
    ],
)
def test_stories_a_day_are_counted_over_a_week(counts: list[int], is_marked: bool) -> None:
    assert bool(volume(days(counts), "2026-11-20", (30, 300))) is is_marked
    assert volume(days(counts), "2026-11-20", None) is None


def test_today_is_not_over() -> None:
    counts = days([50, *[40] * 6, 0])
    assert volume(counts, counts[-1][0], (30, 300)) is None


def test_tails_are_those_of_the_distributions() -> None:
    assert share_tail(10, 10, 36, 36) == pytest.approx(1.0)
    assert share_tail(0, 1, 0, 0) == pytest.approx(0.5), "nothing known: even chances"
    assert binomial_tail(0, 3, 0.5) == pytest.approx(0.125) and binomial_tail(3, 3, 0.2) == pytest.approx(1.0)
    assert binomial_tail(1, 2, 1.0) == 0.0 and binomial_tail(2, 2, 1.0) == 1.0
    assert quantile(Counter({1: 5, 9: 5}), 0.5) == 1 and quantile({}, 0.5) == 0


def test_a_tally_is_the_same_after_its_trip_through_the_state() -> None:
    tally = FieldCounts()
    chance = random.Random(1)
    for _ in range(50):
        has = frozenset(name for name in sorted(ALL) if chance.random() < 0.7)
        tally.add(Measure(has, chance.choice([None, 20, 22]), chance.choice([None, 0, 3])))
    assert FieldCounts.from_json(tally.as_json()) == tally


def test_false_alarms_are_rare_though_weekends_differ() -> None:
    """A year of a site with 12 to 30 stories a run, whose bylines and sections go down by a third at weekends."""
    chance = random.Random(7)
    runs: list[PastRun] = []
    alarms = 0
    for n in range(365):
        is_weekend = n % 7 in (5, 6)
        tally = FieldCounts()
        for _ in range(chance.randint(4, 10) if is_weekend else chance.randint(12, 30)):
            shares = {"byline": 0.6 if is_weekend else 0.9, "section": 0.65 if is_weekend else 0.97, "dateline": 0.5}
            has = frozenset(name for name in sorted(ALL) if chance.random() < shares.get(name, 0.99))
            length = round(2 * chance.gauss(11, 0.8))
            tally.add(Measure(has, length, round(chance.expovariate(1.5))))
        findings = Baseline(runs).findings(tally)
        alarms += bool(findings)
        runs = [PastRun(str(n), tally, tuple(f.field for f in findings)), *runs][:60]
    assert alarms <= 1
