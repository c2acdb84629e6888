"""How well a page was read: scores from 0.0 to 1.0, deterministic, from the standard library alone.

A text is judged by its shingles (runs of four words, counted as often as they occur), as the article extraction
benchmark of Zyte judges: each page's shingles are divided by the size of the union of what should and what does stand
there, so that every page weighs the same. Where only snippets are known, wanted and unwanted ones are counted over all
pages, as trafilatura's evaluation does.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from statistics import fmean, stdev
from typing import NamedTuple

SHINGLE_WORDS = 4
RESAMPLES = 1000
SEED = 7

WORD = re.compile(r"\w+")
# Han and kana are written without spaces: where pages of all languages are compared, each character is a word.
WORD_OR_CHARACTER = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\W\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+"
)
# Soft hyphens and zero-width characters: some pages, and so the truth, hold them; a reader may rightly drop them.
INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])


class Overlap(NamedTuple):
    """What was found, what stood there too much, what was missed: shares of a page's union, or counts."""

    found: float
    extra: float
    missed: float

    @property
    def f1(self) -> float:
        """1.0 where nothing should stand and nothing does."""
        if self.extra == self.missed == 0:
            return 1.0
        return 2 * self.found / (2 * self.found + self.extra + self.missed)


class Quality(NamedTuple):
    f1: float
    precision: float
    recall: float


def words(text: str | None, any_script: bool = False) -> list[str]:
    """The words in order; with `any_script` Han and kana one by one, letters composed, invisible characters dropped."""
    if not any_script:
        return WORD.findall(text or "")
    return WORD_OR_CHARACTER.findall(unicodedata.normalize("NFKC", text or "").translate(INVISIBLE))


def shingles(of: Sequence[str]) -> Counter[tuple[str, ...]]:
    """Runs of four words; fewer words are one shingle, none are none."""
    if not of:
        return Counter()
    return Counter(tuple(of[n : n + SHINGLE_WORDS]) for n in range(max(1, len(of) - SHINGLE_WORDS + 1)))


def text_overlap(gold: str, text: str | None, any_script: bool = False) -> Overlap:
    """Shares of the union of both texts' shingles; all 0.0 if both are empty."""
    wanted, got = shingles(words(gold, any_script)), shingles(words(text, any_script))
    found = (wanted & got).total()
    union = wanted.total() + got.total() - found
    if not union:
        return Overlap(0.0, 0.0, 0.0)
    return Overlap(found / union, (got.total() - found) / union, (wanted.total() - found) / union)


def word_difference(gold: str, text: str | None, any_script: bool = False) -> tuple[int, int]:
    """(words missed, words too much), whatever their order."""
    wanted, got = Counter(words(gold, any_script)), Counter(words(text, any_script))
    return (wanted - got).total(), (got - wanted).total()


def text_quality(pages: Iterable[Overlap]) -> Quality:
    """Mean precision over pages where something was read, mean recall over pages where something stands, F1 of both."""
    pages = list(pages)
    precisions = [page.found / (page.found + page.extra) for page in pages if page.found + page.extra]
    recalls = [page.found / (page.found + page.missed) for page in pages if page.found + page.missed]
    return quality(fmean(precisions or [0.0]), fmean(recalls or [0.0]))


def quality(precision: float, recall: float) -> Quality:
    both = precision + recall
    return Quality(2 * precision * recall / both if both else 0.0, precision, recall)


def f1_deviation(pages: Sequence[Overlap]) -> float:
    """Standard deviation of F1 over a thousand draws of as many pages, with replacement; the draws are always alike."""
    draw = random.Random(SEED)
    return stdev(text_quality(draw.choices(pages, k=len(pages))).f1 for _ in range(RESAMPLES)) if pages else 0.0


def squeeze(text: str | None) -> str:
    return " ".join((text or "").split())


def snippets_in(snippets: Iterable[str], text: str | None) -> tuple[list[str], list[str]]:
    """(those in the text, those not), white space aside."""
    text = squeeze(text)
    inside: list[str] = []
    outside: list[str] = []
    for snippet in snippets:
        (inside if squeeze(snippet) in text else outside).append(snippet)
    return inside, outside


def pooled_quality(pages: Iterable[Overlap]) -> Quality:
    """Precision, recall and F1 of counts, added up over all pages."""
    found, extra, missed = (sum(column) for column in zip(Overlap(0, 0, 0), *pages, strict=True))
    return quality(found / (found + extra) if found else 0.0, found / (found + missed) if found else 0.0)


def fold(value: object) -> str:
    """A headline or name without differences of case, width and white space; a list's parts are joined."""
    if isinstance(value, list | tuple):
        value = " ".join(map(str, value))
    return squeeze(unicodedata.normalize("NFKC", str(value or ""))).casefold()


def same_names(gold: Iterable[str], names: Iterable[str]) -> bool:
    return set(map(fold, gold)) == set(map(fold, names))


def moment(value: object) -> tuple[datetime, bool] | None:
    """(date and time, whether a clock time is stated) of an ISO 8601 string; None if it is none."""
    text = str(value or "").strip()
    try:
        return datetime.fromisoformat(text), len(text) > len("2026-01-31")
    except ValueError:
        return None


def same_day_and_minute(gold: object, stated: object) -> tuple[bool, bool]:
    """Compared in the gold's offset, or by the clock on the wall if either states none; a bare date has no minute."""
    true, read = moment(gold), moment(stated)
    if true is None or read is None:
        return False, False
    (wanted, _), (got, has_clock) = true, read
    if wanted.tzinfo and got.tzinfo:
        try:
            got = got.astimezone(wanted.tzinfo)
        except OverflowError:  # the first or the last day of the calendar
            return False, False
    return wanted.date() == got.date(), has_clock and to_minute(wanted) == to_minute(got)


def to_minute(value: datetime) -> datetime:
    return value.replace(second=0, microsecond=0, tzinfo=None)
