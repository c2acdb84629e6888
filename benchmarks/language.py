"""The language of a story: what newscrawl says of pages whose language is known, beside langid alone.

    python -m benchmarks.language --data FOLDER [--wrong N] [--limit N]

FOLDER holds the page sets of benchmarks/page_sets.py. A page's language is the truth's own (`lang`, by hand) where it has
one, else what its <html lang> states, which may itself be wrong: `--wrong` lists the pages where they part, to be judged
by eye. Three answers a page, all for the text that newscrawl reads from it: `page` is the record's `language`, which
rests on what the page states unless the text contradicts it, and asks no model, since a page read alone does not; `text` is what newscrawl tells from the text alone, as for
a page that states nothing; `langid` is py3langid's first guess for the same text. Bokmål and Nynorsk count as Norwegian.
CPU is of one text, in milliseconds, after the model is loaded.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.page_sets import SETS, BadSet, Page, PageSet, read_lines
from newscrawl.extraction.story import read_page
from newscrawl.text.language import MIN_LETTERS, detected, identifier, story_language

UNKNOWN_URL = "https://unknown.example/page"
EXTRA = PageSet("extra", "older pages with their texts", {"body": str})
NORWEGIAN = frozenset(("nb", "nn"))
ANSWERS = ("page", "text", "langid")
FEW_PAGES = 3  # languages with fewer are told in one line
WARM_UP = "The harbour council voted on Monday to widen the northern quay by next spring, its chairman said. " * 3


@dataclass(frozen=True, slots=True)
class Told:
    """What was said of a page, by name of the answer; None where nothing was."""

    set: str
    page: str
    expected: str
    said: dict[str, str | None]
    is_told_without_model: bool
    text_seconds: float
    langid_seconds: float

    def is_right(self, answer: str) -> bool:
        return self.said[answer] == self.expected


def plain(language: str | None) -> str | None:
    return "no" if language in NORWEGIAN else language


def pages_of(data: Path, limit: int | None) -> Iterator[tuple[str, Page]]:
    """(set, page) of every set that lies there; BadSet where none does."""
    kinds = [kind for kind in (*SETS.values(), EXTRA) if (data / kind.name / "truth.jsonl").is_file()]
    if not kinds:
        raise BadSet(f"{data} holds no set; `python -m benchmarks.fetch_pages --into FOLDER` fetches the public sets")
    for kind in kinds:
        for page in read_lines(data / kind.name / "truth.jsonl", kind, limit):
            yield kind.name, page


def told_of(name: str, page: Page) -> Told | None:
    """What is said of a page; None where its language is not known or its text is too short to tell one."""
    expected = plain(page.language)
    if expected is None:
        return None
    story = read_page(page.html, page.url if page.url.startswith("http") else UNKNOWN_URL)
    text = story.text or ""
    if sum(map(str.isalpha, text)) < MIN_LETTERS:
        return None
    start = time.process_time()
    alone = story_language(None, None, text)
    middle = time.process_time()
    guessed = identifier().classify(text)[0]
    end = time.process_time()
    said = {"page": plain(story.language), "text": plain(alone), "langid": plain(guessed)}
    without_model = detected(text, ask_model=False) is not None
    return Told(name, page.id, expected, said, without_model, middle - start, end - middle)


def measure(data: Path, limit: int | None = None) -> list[Told]:
    identifier().classify(WARM_UP)  # half a second for the model is no text's cost
    return [detail for name, page in pages_of(data, limit) if (detail := told_of(name, page)) is not None]


def rates(detail: Sequence[Told]) -> str:
    """The shares of right answers, as cells."""
    return " | ".join(f"{sum(each.is_right(answer) for each in detail) / len(detail):.3f}" for answer in ANSWERS)


def grouped(detail: Iterable[Told], key: str) -> dict[str, list[Told]]:
    found: dict[str, list[Told]] = {}
    for each in detail:
        found.setdefault(getattr(each, key), []).append(each)
    return found


def table(detail: Sequence[Told], key: str) -> list[str]:
    """Markdown: a row a group, the biggest first; small groups in one row."""
    groups = sorted(grouped(detail, key).items(), key=lambda group: (-len(group[1]), group[0]))
    rows = [f"| {key} | pages | {' | '.join(ANSWERS)} |", "|---|---|---|---|---|"]
    small: list[Told] = []
    for name, members in groups:
        if len(members) < FEW_PAGES and key == "expected":
            small += members
        else:
            rows.append(f"| {name} | {len(members)} | {rates(members)} |")
    if small:
        rows.append(f"| {len(grouped(small, key))} others | {len(small)} | {rates(small)} |")
    return rows


def figures(detail: Sequence[Told]) -> str:
    if not detail:
        return "no page has both a known language and a text"
    without_model = sum(each.is_told_without_model for each in detail)
    cost = [
        1000 * sum(getattr(each, name) for each in detail) / len(detail) for name in ("text_seconds", "langid_seconds")
    ]
    rows = [*table(detail, "set"), f"| all | {len(detail)} | {rates(detail)} |", "", *table(detail, "expected"), ""]
    rows.append(f"decided without the model: {without_model} of {len(detail)} texts")
    rows.append(f"CPU a text: newscrawl from the text alone {cost[0]:.2f} ms, langid {cost[1]:.2f} ms")
    return "\n".join(rows)


def wrong(detail: Iterable[Told], most: int) -> list[str]:
    """The pages where any answer is not the expected one."""
    parted = [each for each in detail if not all(map(each.is_right, ANSWERS))]
    return [
        f"{each.set}\t{each.page}\texpected {each.expected}\t"
        + "\t".join(f"{answer} {each.said[answer]}" for answer in ANSWERS)
        for each in parted[:most]
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder with the page sets")
    parser.add_argument("--limit", type=int, help="the first N pages of each set")
    parser.add_argument(
        "--wrong", type=int, default=0, metavar="N", help="list N pages where an answer is not the expected one"
    )
    options = parser.parse_args(arguments)
    try:
        detail = measure(options.data, options.limit)
    except BadSet as error:
        print(error, file=sys.stderr)
        return 2
    print(figures(detail))
    for line in wrong(detail, options.wrong):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
