"""Explains why two stories are, or are not, taken for the same, in words for an editor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from typing import Any

from newscrawl.dedup.canonical_url import url_key
from newscrawl.dedup.near_duplicate import (
    BRIEF_WORDS,
    MIN_CONTAINMENT,
    THRESHOLD,
    UNKNOWN,
    Measures,
    headlines_disagree,
    is_same_brief,
    judge,
    measure,
)  # fmt: skip
from newscrawl.dedup.shingle import Shingles, Sketch, salient_words, shingles_of
from newscrawl.dedup.version import stated_change, steady, text_hash
from newscrawl.storage.text_window import MAX_HOURS_APART, MIN_WORDS, WINDOW_SECONDS, WINDOWS

MAX_NAMED = 20  # words shown
SMALL_WEIGHT = 0.5  # of a score; topics that change it less are left out
TOPICS = {  # what an editor compares -> the measures of it
    "text": ("here", "there"),
    "opening": ("lead_here", "lead_there"),
    "names and numbers": ("salient_here", "salient_there"),
    "numbers": ("numbers_here", "numbers_there"),
    "headline": ("title",),
}


def why(first: dict[str, Any], second: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(label, finding) pairs, the verdict first. The first story is the known one."""
    known_text, new_text = steady(first["text"] or ""), steady(second["text"] or "")
    known, new = shingles_of(first["headline"], known_text), shingles_of(second["headline"], new_text)
    sketch = Sketch.unpacked(known.packed())
    measures = measure(new, sketch)
    yield "verdict", verdict(first, second, new, sketch, measures)
    yield "first story", _cluster(first)
    yield "second story", _cluster(second)
    yield "same URL", _yes(_has_same_url(first, second))
    yield "same text", _yes(is_same_text(first, second))
    yield "words", f"{known.words} and {new.words}"
    yield from _overlaps(measures)
    yield from _differing_words(known_text, new_text)
    yield "headlines name different things", _yes(headlines_disagree(new, sketch))
    yield "says that it is a correction or update", stated_change(second["headline"], second["text"]) or "no"
    if known.words >= MIN_WORDS <= new.words and measures.containment >= MIN_CONTAINMENT:
        yield from _weights(measures)


def verdict(first: dict[str, Any], second: dict[str, Any], new: Shingles, sketch: Sketch, m: Measures) -> str:
    """The decision in one sentence, with its reason."""
    if first["id"] == second["id"]:
        return "the same: both lines have one id"
    if is_same_text(first, second):
        return "the same: the text is identical"
    if min(m.words_here, m.words_there) < MIN_WORDS:
        return f"not the same: texts under {MIN_WORDS} words must be identical"
    if min(m.words_here, m.words_there) < BRIEF_WORDS and not is_same_brief(m):
        return "not the same: in a brief, the headline and the numbers, or nearly all of the text, must agree"
    score = judge(m)
    if m.containment < MIN_CONTAINMENT:
        return f"not the same: only {_share(m.containment)} of the shorter text is shared, at least {MIN_CONTAINMENT:.0%} is needed"  # fmt: skip
    if score < THRESHOLD:
        return f"not the same: score {score:.1f}, at least {THRESHOLD} is needed"
    if headlines_disagree(new, sketch):
        return f"not the same: each headline names something that the other text lacks (the score is {score:.1f})"
    days = WINDOWS * WINDOW_SECONDS / 86_400
    return f"the same: score {score:.1f}, at least {THRESHOLD} is needed (if they were fetched within {days:.0f} days and dated within {MAX_HOURS_APART // 24} days)"  # fmt: skip


def is_same_text(first: dict[str, Any], second: dict[str, Any]) -> bool:
    return text_hash(first["headline"], first["text"]) == text_hash(second["headline"], second["text"])


def _cluster(story: dict[str, Any]) -> str:
    """`copy in the cluster of gazette:1`"""
    return f"{story['cluster']['relation']} in the cluster {story['cluster']['id']}"


def _has_same_url(first: dict[str, Any], second: dict[str, Any]) -> bool:
    is_same_site = first["source"]["id"] == second["source"]["id"]
    return is_same_site and url_key(first["canonical_url"]) == url_key(second["canonical_url"])


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _overlaps(m: Measures) -> Iterator[tuple[str, str]]:
    pairs = {
        "text": (m.there, m.here), "opening": (m.lead_there, m.lead_here),
        "names and numbers": (m.salient_there, m.salient_here), "numbers": (m.numbers_there, m.numbers_here),
    }  # fmt: skip
    is_compared = m.containment >= MIN_CONTAINMENT  # below it, names and headlines are not compared
    for name, (there, here) in list(pairs.items())[: None if is_compared else 2]:
        yield f"shared {name}", f"{_share(there)} of the first, {_share(here)} of the second"
    if is_compared:
        yield "shared headline words", f"{_share(m.title)} of the shorter headline"
        yield "opening of the first", f"at word {m.lead_place:.0f} of the second"


def _share(value: float) -> str:
    """A share in per cent, or "nothing to compare" for texts without names, numbers or headline."""
    return "nothing to compare" if value == UNKNOWN else f"{value:.0%}"


def _differing_words(first_text: str, second_text: str) -> Iterator[tuple[str, str]]:
    first, second = salient_words(first_text), salient_words(second_text)
    for label, some, others in (("only in the first", first, second), ("only in the second", second, first)):
        words = [some[mark] for mark in some if mark not in others]
        more = f" and {len(words) - MAX_NAMED} more" if len(words) > MAX_NAMED else ""
        yield label, (", ".join(words[:MAX_NAMED]) + more) or "nothing"


def _weights(m: Measures) -> Iterator[tuple[str, str]]:
    """What raises the score, and what would raise it if both stories agreed there, most important first."""
    score = judge(m)
    known = {topic: names for topic, names in TOPICS.items() if getattr(m, names[0]) != UNKNOWN}
    gains = {topic: score - judge(_with(m, names, 0.0)) for topic, names in known.items()}
    losses = {topic: judge(_with(m, names, 1.0)) - score for topic, names in known.items()}
    for label, weights, others in (("speaks for one story", gains, losses), ("speaks against it", losses, gains)):
        ordered = sorted(weights, key=lambda topic: -weights[topic])
        yield label, ", ".join(t for t in ordered if weights[t] > max(SMALL_WEIGHT, others[t])) or "nothing"


def _with(m: Measures, names: Iterable[str], value: float) -> Measures:
    """A copy of the measures with some of them replaced."""
    changed = copy(m)
    for name in names:
        setattr(changed, name, value)
    return changed
