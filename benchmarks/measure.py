"""One reader over one set of pages: a score a page, the CPU it took, and the figures of any group of pages."""

from __future__ import annotations

import contextlib
import io
import logging
import resource
import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, median
from typing import Any

from benchmarks import metrics
from benchmarks.metrics import Overlap
from benchmarks.page_sets import Page, read_set
from benchmarks.readers import Reader, reader_named

WARM_UP_PAGES = 5  # imports, models and caches are paid once, not by the first page
# What the warm-up did not meet (an import that few pages need) or the machine did at that moment must not stand as the
# cost of a page: the slowest are read again.
READ_AGAIN_PAGES = 10
MAX_REASON = 160  # characters of what a reader raised
LEAST_PARSE_SECONDS = 1e-6  # the clock's own step

Said = dict[str, Any]


@dataclass(slots=True)
class Score:
    overlap: Overlap
    missed: int = 0  # words (agencies in the attribution set) that should stand there and do not
    extra: int = 0  # that stand there and should not
    marks: dict[str, bool] = field(default_factory=dict)
    lenient: Overlap | None = None
    role: str | None = None


@dataclass(slots=True)
class Outcome:
    """What came of a page; times are CPU seconds of the process."""

    page: str
    language: str | None
    score: Score
    cpu_seconds: float
    parse_seconds: float
    crash: str | None  # what the reader raised
    empty: bool
    # of the first reading, or of the second if it cost fewer parses
    steady_seconds: float
    times_parse: float


def judge_text(truth: Said, said: Said) -> Score:
    text = said.get("text")
    missed, extra = metrics.word_difference(truth["body"], text)
    exact = metrics.words(truth["body"]) == metrics.words(text)
    return Score(metrics.text_overlap(truth["body"], text), missed, extra, {"exact": exact})


def judge_publisher(truth: Said, said: Said) -> Score:
    """`lenient` takes the truth with or without the standfirst, whichever suits the page."""
    score = judge_text(truth, said)
    text = said.get("text")
    score.missed, score.extra = metrics.word_difference(truth["body"], text, any_script=True)
    score.overlap = metrics.text_overlap(truth["body"], text, any_script=True)
    without = metrics.text_overlap(truth["core"], text, any_script=True)
    score.lenient = max(score.overlap, without, key=lambda overlap: overlap.f1)
    day, minute = metrics.same_day_and_minute(truth["published"], said.get("published"))
    headline = metrics.fold(truth["headline"]) == metrics.fold(said.get("headline"))
    score.marks.update(headline=headline, day=day, minute=minute)
    if truth["authors"]:
        score.marks["authors"] = metrics.same_names(truth["authors"], said.get("authors") or [])
    return score


def judge_snippets(truth: Said, said: Said) -> Score:
    """Words are those of wanted snippets that are missing, and of unwanted ones that are there."""
    found, missed = metrics.snippets_in(truth["with"], said.get("text"))
    extra, _ = metrics.snippets_in(truth["without"], said.get("text"))
    counts = Overlap(len(found), len(extra), len(missed))
    return Score(counts, len(metrics.words(" ".join(missed))), len(metrics.words(" ".join(extra))))


def judge_agencies(truth: Said, said: Said) -> Score:
    wanted, got = set(truth["attribution"]), set(said.get("attribution") or [])
    counts = Overlap(len(wanted & got), len(got - wanted), len(wanted - got))
    return Score(counts, len(wanted - got), len(got - wanted), {"exact": wanted == got}, role=truth["role"])


JUDGES: dict[str, Callable[[Said, Said], Score]] = {
    "aeb": judge_text,
    "fundus": judge_publisher,
    "trafilatura": judge_snippets,
    "attribution": judge_agencies,
}
POOLED = ("trafilatura", "attribution")  # sets of counts: added up over the pages, not averaged
# What a reader must give for a mark to be scored.
NEEDS = {"headline": "headline", "day": "published", "minute": "published", "authors": "authors"}


def measure(
    reader_name: str, folder: Path, set_name: str, limit: int | None, progress: Callable[[int, int], None]
) -> tuple[list[Outcome], float]:
    """(what came of each page, the process's peak of memory in MiB); runs in a process of its own."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    reader, pages = reader_named(reader_name), read_set(folder, set_name, limit)
    for page in pages[:WARM_UP_PAGES]:
        read(reader, page)
    outcomes = []
    for number, page in enumerate(pages, 1):
        outcomes.append(outcome(reader, page, set_name))
        progress(number, len(pages))
    read_again(reader, pages, outcomes)
    return outcomes, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def outcome(reader: Reader, page: Page, set_name: str) -> Outcome:
    said, crash, cpu, parse = timed(reader, page)
    score = JUDGES[set_name](page.truth, said)
    empty = not (said.get("text") or "").strip()
    return Outcome(page.id, page.language, score, cpu, parse, crash, empty, cpu, cpu / parse)


def read_again(reader: Reader, pages: Sequence[Page], outcomes: Sequence[Outcome]) -> None:
    slowest = sorted(zip(outcomes, pages, strict=True), key=lambda pair: -pair[0].times_parse)
    for each, page in slowest[:READ_AGAIN_PAGES]:
        _, _, cpu, parse = timed(reader, page)
        if cpu / parse < each.times_parse:
            each.steady_seconds, each.times_parse = cpu, cpu / parse


def timed(reader: Reader, page: Page) -> tuple[Said, str | None, float, float]:
    """(what the reader says, what it raised, its CPU seconds, those of lxml's parse of the same bytes)."""
    from lxml import html

    start = time.process_time()
    html.fromstring(page.html if page.html.strip() else b"<p>")
    parsed = time.process_time()
    said, crash = read(reader, page)
    done = time.process_time()
    return said, crash, done - parsed, max(parsed - start, LEAST_PARSE_SECONDS)


def read(reader: Reader, page: Page) -> tuple[Said, str | None]:
    """(what the reader says, what it raised); {} if it says nothing."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            return reader.read(page.html, page.url) or {}, None
    except Exception as error:  # noqa: BLE001 - whatever another's reader raises is counted as a crash
        lines = (line for line in str(error).splitlines() if any(map(str.isalnum, line)))
        return {}, f"{type(error).__name__}: {next(lines, '').strip()[:MAX_REASON]}"


def figures(reader: Reader, set_name: str, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The group's figures; None where the reader does not give the field."""
    scored = main_field(set_name) in reader.gives
    return {
        "reader": reader.name,
        "set": set_name,
        "pages": len(outcomes),
        **(text_figures(set_name, outcomes) if scored else dict.fromkeys(metrics.Quality._fields)),
        **mark_rates(reader, outcomes, scored),
        **cpu_figures(outcomes),
        "crashes": sum(each.crash is not None for each in outcomes),
        "crash_reasons": dict(Counter(each.crash for each in outcomes if each.crash)),
        "empty": sum(each.empty for each in outcomes),
    }


def main_field(set_name: str) -> str:
    """The field that the set's score is about."""
    return "attribution" if set_name == "attribution" else "text"


def f1_deviation(set_name: str, outcomes: Sequence[Outcome]) -> float | None:
    """Standard deviation of F1 over draws of the pages; None for sets of counts."""
    return None if set_name in POOLED else metrics.f1_deviation([each.score.overlap for each in outcomes])


def text_figures(set_name: str, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    overlaps = [each.score.overlap for each in outcomes]
    if set_name in POOLED:
        found: dict[str, Any] = metrics.pooled_quality(overlaps)._asdict()
        if not any(map(any, overlaps)):  # nothing to find and nothing said: no figure rather than 0
            found = dict.fromkeys(found)
        if set_name == "attribution":
            wrong = Counter(each.score.role for each in outcomes if each.score.extra)
            found["pages_with_a_wrong_agency"] = dict(wrong)
        return found
    found = metrics.text_quality(overlaps)._asdict()
    if lenient := [each.score.lenient for each in outcomes if each.score.lenient]:
        found["lenient_f1"] = metrics.text_quality(lenient).f1
    return found


def mark_rates(reader: Reader, outcomes: Sequence[Outcome], scored: bool) -> dict[str, float | None]:
    """Shares of the pages that state the field at all."""
    marks: dict[str, list[bool]] = {}
    for each in outcomes:
        for name, right in each.score.marks.items():
            marks.setdefault(name, []).append(right)
    return {
        f"{name}_rate": fmean(rights) if (NEEDS[name] in reader.gives if name in NEEDS else scored) else None
        for name, rights in marks.items()
    }


def cpu_figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    cpu = [each.cpu_seconds for each in outcomes]
    slowest = max(outcomes, key=lambda each: each.times_parse)
    return {
        "times_lxml_parse": sum(cpu) / sum(each.parse_seconds for each in outcomes),
        "cpu_ms_mean": 1000 * fmean(cpu),
        "cpu_ms_median": 1000 * median(cpu),
        "worst_times_lxml_parse": slowest.times_parse,
        "worst_page": slowest.page,
        "worst_cpu_rate": slowest.steady_seconds / sum(cpu) if sum(cpu) else 0.0,
    }


def worst(outcomes: Sequence[Outcome], count: int) -> list[Outcome]:
    """Lowest page score first; of equal ones those with more words missed or too much."""
    return sorted(outcomes, key=lambda each: (each.score.overlap.f1, -each.score.missed - each.score.extra, each.page))[
        :count
    ]


def by_language(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    """Groups by the page's language, the largest first; pages that state none are `none`."""
    groups: dict[str, list[Outcome]] = {}
    for each in outcomes:
        groups.setdefault(each.language or "none", []).append(each)
    return dict(sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])))
