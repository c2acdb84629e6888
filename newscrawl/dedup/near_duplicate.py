"""Whether one text is an edited copy of another: measures of a pair, and a fitted judgement of them.

Containment finds copies whatever was cut; but texts of one template, and stories that share background, have much
in common too. The leads tell those apart, and where in the text the other's lead is, and the numbers and names.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log1p
from operator import mul

import numpy as np
from numpy.typing import NDArray

from newscrawl.dedup.shingle import ALL, LEAD_SHINGLES, MAX_SALIENT, MAX_SAMPLE, Hashes, Shingles, Sketch

UNKNOWN = -1.0  # where a text has nothing to share
ODD = np.uint32(1)


@dataclass(slots=True)
class Measures:
    """How a new text (here) and a known one (there) overlap; shares are 0.0-1.0, estimated from samples."""

    here: float  # share of the new text's shingles that the known text has
    there: float  # and the other way round
    words_here: int
    words_there: int
    lead_here: float = 0.0  # share of the new text's lead that the known text has
    lead_there: float = 0.0
    lead_place: float = 0.0  # where in the new text the known one's lead is, in words (median)
    salient_here: float = UNKNOWN  # shares of salient words; UNKNOWN where a text has none
    salient_there: float = UNKNOWN
    numbers_here: float = UNKNOWN  # shares of numbers; UNKNOWN where a text has none
    numbers_there: float = UNKNOWN
    title: float = UNKNOWN  # share of the shorter headline's words that the other has
    title_numbers: float = UNKNOWN  # the same of the headlines' numbers; UNKNOWN where one has none

    @property
    def containment(self) -> float:
        return max(self.here, self.there)


BRIEF_WORDS = 80  # below, numbers and headlines say more than shingles do
MAX_CANDIDATES = 3  # known texts that a new one is compared with

# Fitted by benchmarks/train_near_duplicate.py; docs/choices.md says to what. A score is the log of the odds.
CONSTANT = -23.6574
WEIGHTS = {
    "containment": -10.3790, "containment_least": -8.7104, "lead": 7.2753, "lead_least": 6.7231, "salient": -3.0863,
    "salient_least": 2.8115, "numbers": 14.6446, "numbers_least": 1.4341, "title": 1.4278,
    "containment*lead": -5.1289, "containment*salient": 7.3044, "containment*numbers": -4.8569,
    "lead*salient": 3.0525, "lead*numbers": -3.2346, "lead_there": 4.9214, "there": -0.8203,
    "lead_difference": 4.8332, "length": 1.6971, "length*containment": 2.2669, "length*salient": 0.9313,
    "length*numbers": -1.6778, "length_ratio": -1.2168, "place": 0.5724, "place*lead_there": -4.0746,
    "place_rate": 2.5163, "place_rate*lead_there": -5.8102, "title*containment": 2.3428, "title*numbers": 0.5295,
    "title_numbers": 4.8032, "brief": 6.3460, "brief*containment": 8.9221, "brief*lead_least": -14.3911,
    "brief*salient": 1.0597, "brief*numbers": -0.5806, "brief*title": -1.2507, "brief*title_numbers": 1.1012,
}  # fmt: skip
FEATURES = tuple(WEIGHTS)
NUMBERS = tuple(WEIGHTS.values())
THRESHOLD = 1.0  # of a score: wrong merges cost more than missed copies
SURE = 4.0  # no other candidate is looked at
MIN_CONTAINMENT = 0.1
# Of briefs: either headline and numbers agree, or most of the text and the numbers do; of the shortest, which may be
# word for word alike for two companies, the headline must.
BRIEF_TITLE, BRIEF_ALL_NUMBERS = 0.9, 0.85
BRIEF_CONTAINMENT, BRIEF_NUMBERS = 0.5, 0.7
SHORT_WORDS, SHORT_TITLE, SHORT_CONTAINMENT, SHORTEST_WORDS = 40, 0.6, 0.85, 25
ADDS_NOTHING = 0.9  # share of a copy's shingles that the known text has


def share(part: int, whole: int) -> float:
    return part / whole if whole else UNKNOWN


def found_in(some: Hashes, ordered: Hashes) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """(where each of `some` would be in `ordered`, which is sorted; whether it is there)."""
    if not len(ordered):
        return np.zeros(len(some), np.intp), np.zeros(len(some), np.bool_)
    places = ordered.searchsorted(some)
    return places, ordered.take(places, mode="clip") == some


def measure(new: Shingles, known: Sketch) -> Measures:
    """Compare; only hashes that both sides would have kept are counted."""
    places, is_there = found_in(known.sample_and_lead, new.all)
    size = len(known.sample)
    common_places = new.places[places[:size][is_there[:size]]]
    lead_places = new.places[places[size:][is_there[size:]]]
    common, lead_common = len(common_places), len(lead_places)
    comparable, comparable_lead = len(new.all), len(new.lead)
    if size == MAX_SAMPLE:  # a sample: of the new text, too, only what is as small
        comparable = int(new.all.searchsorted(known.sample[-1], "right"))
        comparable_lead = int(new.lead.searchsorted(known.sample[-1], "right"))
    leads = int(np.count_nonzero(common_places < LEAD_SHINGLES))
    if common < MIN_CONTAINMENT * max(1, min(size, comparable)):  # nothing else could make them one story
        return Measures(
            here=common / max(1, comparable), there=common / max(1, size), words_here=new.words, words_there=known.words
        )
    salient = salient_shares(new.salient, known.salient)
    title, title_numbers = title_shares(new.title, known.title)
    return Measures(
        here=common / comparable if comparable else 0.0,
        there=common / size if common else 0.0,
        lead_here=min(1.0, leads / comparable_lead) if comparable_lead else 0.0,
        lead_there=lead_common / len(known.lead) if lead_common else 0.0,
        lead_place=middle(lead_places) if lead_common else 0.0,
        salient_here=salient[0],
        salient_there=salient[1],
        numbers_here=salient[2],
        numbers_there=salient[3],
        title=title,
        title_numbers=title_numbers,
        words_here=new.words,
        words_there=known.words,
    )


def middle(places: NDArray[np.intp]) -> float:
    places.sort()
    return float(places[len(places) // 2])


def salient_shares(new: Hashes, known: Hashes) -> tuple[float, float, float, float]:
    """Shares of salient words and of numbers, each of the new and of the known text."""
    if len(known) == MAX_SALIENT:
        new = new[: new.searchsorted(known[-1], "right")]
    common = known[found_in(known, new)[1]]
    numbers = numbers_of(common)
    return (
        share(len(common), len(new)), share(len(common), len(known)),
        share(numbers, numbers_of(new)), share(numbers, numbers_of(known)),
    )  # fmt: skip


def numbers_of(marked: Hashes) -> int:
    """How many are odd."""
    return int(np.count_nonzero(marked & ODD))


def title_shares(new: set[int], known: list[int]) -> tuple[float, float]:
    """Shares of the shorter headline's words, and of the numbers of the one that has fewer."""
    common = [word for word in known if word in new]
    numbers = min(sum(word & 1 for word in new), sum(word & 1 for word in known))
    return share(len(common), min(len(known), len(new))), share(min(numbers, sum(word & 1 for word in common)), numbers)


def features(m: Measures) -> tuple[float, ...]:
    """What the judgement weighs, in the order of FEATURES."""
    most, least = (m.here, m.there) if m.here > m.there else (m.there, m.here)
    lead, lead_least = (m.lead_here, m.lead_there) if m.lead_here > m.lead_there else (m.lead_there, m.lead_here)
    salient, salient_least = (
        (m.salient_here, m.salient_there) if m.salient_here > m.salient_there else (m.salient_there, m.salient_here)
    )
    numbers, numbers_least = (
        (m.numbers_here, m.numbers_there) if m.numbers_here > m.numbers_there else (m.numbers_there, m.numbers_here)
    )
    # Where nothing could be shared, the surer measure replaces it: texts without numbers, scripts without capitals.
    if m.salient_here < 0 or m.salient_there < 0:
        salient, salient_least = most, least
    if m.numbers_here < 0 or m.numbers_there < 0:
        numbers, numbers_least = salient, salient_least
    title, title_numbers = (0.5 if value < 0 else value for value in (m.title, m.title_numbers))
    short, long = min(m.words_here, m.words_there), max(m.words_here, m.words_there)
    length = log1p(short)
    brief = max(0.0, 1 - short / BRIEF_WORDS)
    place = max(0.0, m.lead_place - 25) / 100
    place_rate = m.lead_place / max(1, m.words_here)
    return (
        most, least, lead, lead_least, salient, salient_least, numbers, numbers_least, title,
        most * lead, most * salient, most * numbers, lead * salient, lead * numbers, m.lead_there, m.there,
        abs(m.lead_here - m.lead_there), length, length * most, length * salient, length * numbers,
        log1p(long / max(1, short)), place, place * m.lead_there, place_rate, place_rate * m.lead_there,
        title * most, title * numbers, title_numbers, brief, brief * most, brief * lead_least, brief * salient,
        brief * numbers, brief * title, brief * title_numbers,
    )  # fmt: skip


def judge(m: Measures) -> float:
    """The log of the odds that two texts are one story; far below THRESHOLD where a rule speaks against it."""
    if m.containment < MIN_CONTAINMENT or (min(m.words_here, m.words_there) < BRIEF_WORDS and not is_same_brief(m)):
        return -100.0
    return CONSTANT + float(sum(map(mul, features(m), NUMBERS)))


def is_same_brief(m: Measures) -> bool:
    """What a notice of a few lines must share: dividends, prices and tenders are alike but for a few words."""
    numbers = max(m.numbers_here, m.numbers_there)
    if m.title >= BRIEF_TITLE and numbers >= BRIEF_ALL_NUMBERS:
        return True
    if m.containment < BRIEF_CONTAINMENT:
        return False
    short = min(m.words_here, m.words_there)
    if short < SHORT_WORDS and m.title < SHORT_TITLE and (short < SHORTEST_WORDS or m.containment < SHORT_CONTAINMENT):
        return False
    return numbers >= BRIEF_NUMBERS or UNKNOWN in (m.numbers_here, m.numbers_there)


def headlines_disagree(new: Shingles, known: Sketch) -> bool:
    """Whether each headline names something of its text that the other's text has not: two stories of one template."""
    if new.title.issuperset(known.title):
        return False
    last = int(known.salient[-1]) if len(known.salient) == MAX_SALIENT else ALL
    there, here = set(known.salient.tolist()), set(new.salient.tolist())
    if not any(word in here and word not in there and word <= last for word in new.title):
        return False
    return any(word in there and word not in here for word in known.title)
