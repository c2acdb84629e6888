"""How often the drift test cries wolf, and how soon it sees a loss: a year of made-up runs of twenty sites a size.

Nine in ten stories have a byline, at weekends six; 97 % have a section, at weekends 65 %; half a dateline, two fifths an
agency; a weekend has a third to a half of the stories. After the year the site loses its body, or its byline.

    python -m benchmarks.drift
"""

from __future__ import annotations

import random
from statistics import median

from newscrawl.monitoring.drift import FIELDS, Baseline, FieldCounts, Measure, PastRun

SIZES = ((1, 3), (4, 8), (12, 30), (100, 200))  # stories a run, fewest and most
SITES, RUNS, KEPT_RUNS = 20, 365, 60
NAMED = tuple(name for name in FIELDS if name not in ("length", "links"))
LOSSES = {"body": frozenset(("body", "rule-body")), "byline": frozenset(("byline", "authors", "rule-byline"))}


def story(chance: random.Random, is_weekend: bool, lost: frozenset[str]) -> Measure:
    byline, section = (0.6, 0.65) if is_weekend else (0.9, 0.97)
    shares = {"byline": byline, "authors": byline, "section": section, "dateline": 0.5, "agency": 0.4}
    has = frozenset(name for name in NAMED if chance.random() < shares.get(name, 0.99)) - lost
    return Measure(has, round(2 * chance.gauss(11, 0.8)), round(chance.expovariate(1.5)))


def run(chance: random.Random, day: int, size: tuple[int, int], lost: frozenset[str] = frozenset()) -> FieldCounts:
    is_weekend = day % 7 in (5, 6)
    low, high = (max(1, size[0] // 2), max(1, size[1] // 3)) if is_weekend else size
    tally = FieldCounts()
    for _ in range(chance.randint(low, high)):
        tally.add(story(chance, is_weekend, lost))
    return tally


def year(chance: random.Random, size: tuple[int, int]) -> tuple[int, list[PastRun]]:
    """(false alarms, the last runs, newest first)."""
    runs: list[PastRun] = []
    alarms = 0
    for day in range(RUNS):
        tally = run(chance, day, size)
        marked = tuple(finding.field for finding in Baseline(runs).findings(tally))
        alarms += bool(marked)
        runs = [PastRun(str(day), tally, marked), *runs][:KEPT_RUNS]
    return alarms, runs


def stories_until_seen(
    chance: random.Random, size: tuple[int, int], runs: list[PastRun], lost: frozenset[str]
) -> int:  # fmt: skip
    stories = 0
    for day in range(1, RUNS):
        tally = run(chance, day, size, lost)
        stories += tally.stories
        if Baseline(runs).findings(tally):
            break
        runs = [PastRun(f"lost-{day}", tally), *runs]
    return stories


def main() -> None:
    print("stories a run | runs | false alarms | stories until a lost body | a lost byline is seen (median, most)")
    for size in SIZES:
        alarms, seen = 0, {name: list[int]() for name in LOSSES}
        for site in range(SITES):
            chance = random.Random(site * 1000 + size[0])
            count, runs = year(chance, size)
            alarms += count
            for name, lost in LOSSES.items():
                seen[name].append(stories_until_seen(chance, size, runs, lost))
        cells = [f"{median(found):g}, {max(found)}" for found in seen.values()]
        print(f"{size[0]}-{size[1]} | {SITES * RUNS} | {alarms} | {' | '.join(cells)}")


if __name__ == "__main__":
    main()
