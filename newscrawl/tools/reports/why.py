"""Why two stories are, or are not, taken for the same: what the cascade sees of both, in its order."""

from __future__ import annotations

from collections.abc import Iterator
from operator import mul
from typing import Any

from newscrawl.dedup.canonical_url import url_key
from newscrawl.dedup.near_duplicate import (
    BRIEF_WORDS,
    CONSTANT,
    FEATURES,
    MIN_CONTAINMENT,
    NUMBERS,
    THRESHOLD,
    UNKNOWN,
    Measures,
    features,
    headlines_disagree,
    is_same_brief,
    judge,
    measure,
)  # fmt: skip
from newscrawl.dedup.shingle import Shingles, Sketch, salient_words, shingles_of
from newscrawl.dedup.version import stated_change, steady, text_hash
from newscrawl.storage.text_window import MAX_HOURS_APART, MIN_WORDS, WINDOW_SECONDS, WINDOWS

MAX_NAMED = 20  # words and weights shown


def why(first: dict[str, Any], second: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(what is looked at, what was found), the verdict first; the first story is the known one."""
    known_text, new_text = steady(first["text"] or ""), steady(second["text"] or "")
    known, new = shingles_of(first["headline"], known_text), shingles_of(second["headline"], new_text)
    sketch = Sketch.unpacked(known.packed())
    measures = measure(new, sketch)
    yield "verdict", verdict(first, second, new, sketch, measures)
    yield (
        "clusters",
        f"{first['cluster']['id']} ({first['cluster']['relation']}), {second['cluster']['id']} ({second['cluster']['relation']})",
    )
    yield (
        "same URL",
        yes(
            first["source"]["id"] == second["source"]["id"]
            and url_key(first["canonical_url"]) == url_key(second["canonical_url"])
        ),
    )
    yield "same text", yes(is_same_text(first, second))
    shared = set(known.keys) & set(new.keys)
    yield "keys shared", f"{len(shared)} of {len(known.keys)} and {len(new.keys)}"
    yield "words", f"{known.words} and {new.words}"
    yield from overlaps(measures)
    yield from differing_words(known_text, new_text)
    yield "headlines name different things", yes(headlines_disagree(new, sketch))
    yield "states a change", stated_change(second["headline"], second["text"]) or "no"
    if known.words >= MIN_WORDS <= new.words and measures.containment >= MIN_CONTAINMENT:
        yield from weights(measures)


def verdict(first: dict[str, Any], second: dict[str, Any], new: Shingles, sketch: Sketch, m: Measures) -> str:
    if first["id"] == second["id"]:
        return "the same story: one id"
    if is_same_text(first, second):
        return "the same: the text is the same"
    if min(m.words_here, m.words_there) < MIN_WORDS:
        return f"not the same: under {MIN_WORDS} words only the same text is"
    if min(m.words_here, m.words_there) < BRIEF_WORDS and not is_same_brief(m):
        return "not the same: of a brief, headline and numbers or nearly all of the text must agree"
    score = judge(m)
    if m.containment < MIN_CONTAINMENT:
        return (
            f"not the same: {share(m.containment)} of the smaller's shingles shared, {MIN_CONTAINMENT:.0%} is asked for"
        )
    if score < THRESHOLD:
        return f"not the same: score {score:.1f}, {THRESHOLD} is asked for"
    if headlines_disagree(new, sketch):
        return f"not the same, though the score is {score:.1f}: each headline names what the other's text has not"
    days = WINDOWS * WINDOW_SECONDS / 86_400
    return f"the same: score {score:.1f}, {THRESHOLD} is asked for (if they came within {days:.0f} days, dated within {MAX_HOURS_APART // 24})"


def is_same_text(first: dict[str, Any], second: dict[str, Any]) -> bool:
    return text_hash(first["headline"], first["text"]) == text_hash(second["headline"], second["text"])


def yes(value: bool) -> str:
    return "yes" if value else "no"


def overlaps(m: Measures) -> Iterator[tuple[str, str]]:
    pairs = {
        "shingles": (m.there, m.here), "lead": (m.lead_there, m.lead_here), "names and numbers": (m.salient_there, m.salient_here),
        "numbers": (m.numbers_there, m.numbers_here),
    }  # fmt: skip
    is_compared = m.containment >= MIN_CONTAINMENT  # else the rest was not looked at
    for name, (there, here) in list(pairs.items())[: None if is_compared else 2]:
        yield f"{name} shared", f"{share(there)} of the first's, {share(here)} of the second's"
    if is_compared:
        yield "headline words shared", f"{share(m.title)} of the shorter"
        yield "the first's lead begins", f"at word {m.lead_place:.0f} of the second"


def share(value: float) -> str:
    """A share in per cent; a text without any names, numbers or headline has nothing to share."""
    return "none" if value == UNKNOWN else f"{value:.0%}"


def differing_words(
    first_text: str, second_text: str
) -> Iterator[tuple[str, str]]:  # fmt: skip
    first, second = salient_words(first_text), salient_words(second_text)
    for name, some, others in (("only the first has", first, second), ("only the second has", second, first)):
        words = [some[mark] for mark in some if mark not in others]
        yield (
            name,
            ", ".join(words[:MAX_NAMED]) + (f" and {len(words) - MAX_NAMED} more" if len(words) > MAX_NAMED else ""),
        )


def weights(m: Measures) -> Iterator[tuple[str, str]]:
    """What weighs most in the score."""
    parts = dict(zip(FEATURES, map(mul, features(m), NUMBERS), strict=True))
    largest = sorted(parts, key=lambda name: -abs(parts[name]))[:MAX_NAMED]
    yield "score", f"{CONSTANT + sum(parts.values()):+.1f}, of it the constant {CONSTANT:+.1f}"
    yield "weighs most", ", ".join(f"{name} {parts[name]:+.1f}" for name in largest)
