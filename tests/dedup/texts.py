"""Invented stories, long enough to be cut, merged and mixed; each is another."""

from __future__ import annotations

TOWNS = ("Calder", "Ostrava Bay", "Linden", "Port Sable", "Varn", "Tarn", "Orrin", "Pell")
THEMES = (
    ("harbour", "ferry", "quay", "boats", "captain"), ("orchard", "apple", "cellar", "crates", "grower"),
    ("school", "roof", "classroom", "lessons", "teacher"), ("tram", "bridge", "depot", "carriages", "driver"),
    ("museum", "bell", "tower", "letters", "keeper"), ("reservoir", "valley", "dam", "pumps", "engineer"),
    ("theatre", "opera", "stage", "singers", "director"), ("hospital", "clinic", "ward", "nurses", "surgeon"),
)  # fmt: skip
ARTICLES = tuple(zip(TOWNS, THEMES, strict=True))
SENTENCES = (
    "{town} is to get a new {b} after years of talks about the old {a}, which no {e} has wanted to use since spring.",
    "The {a} board voted {m} to {n} for the plan on Monday and set aside {q} crowns for the {d} that must be moved first.",
    '"We counted {q} {d} in a single week," the {e} told the board, "and half of them stood in front of the {c}."',
    "Neighbours of the {c} had asked for a wall of {n} meters, since the {d} could be heard there until midnight.",
    "The first {b} of {town} was built {m} years ago by a {e} who never saw the {c} finished.",
    "Work on the {a} begins in April and is to last {n} months, in which the {b} stays closed on Sundays.",
    "A second offer, from a company in the north, was {q} crowns higher and was put aside without a debate.",
    "The mayor said the {c} would be kept, and that {m} of the {d} would be given to other towns.",
    "Those who work at the {a} will keep their pay while it is closed, the {e} said after the vote.",
    "The board meets again in {n} weeks to choose the colour of the {b}.",
)


def article(number: int) -> tuple[str, list[str]]:
    """(headline, paragraphs) of one of ARTICLES; sentences differ in all their words of weight."""
    town, (a, b, c, d, e) = ARTICLES[number]
    figures = {"m": 11 + 7 * number, "n": 3 + 2 * number, "q": f"{number + 2},{310 + 37 * number}"}
    words = {"town": town, "a": a, "b": b, "c": c, "d": d, "e": e} | figures
    start = number % len(SENTENCES)
    order = [SENTENCES[0], *SENTENCES[1 + start :], *SENTENCES[1 : 1 + start]]
    return f"{town} to get a new {b}", [sentence.format(**words) for sentence in order]
