"""A story's place in the tree of its page: its letters, the elements that hold them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from newscrawl.tools.scaffold.css import names_of
from newscrawl.tools.scaffold.outline import Outline, Span, letters_of
from newscrawl.tools.scaffold.probe_result import PageRead

CORE = 0.8  # of the story's letters that its core holds: a standfirst or two may be outside
MIN_RECALL = 0.95  # of the story's letters that the elements of a candidate hold
MAX_SPANS = 1_000  # blocks of a story


@dataclass(slots=True)
class StorySpans:
    """A page with the places of its story: of each block of the text, and of all of them."""

    page: PageRead
    outline: Outline
    spans: list[Span]
    blocks: list[int]  # elements that hold a block each
    core: int  # the innermost element that holds nearly all of them: a standfirst may be outside of it
    core_spans: list[Span]

    @property
    def letters(self) -> int:
        """How many letters the story has within its core."""
        return sum(end - start for start, end in self.core_spans)


def mapped_page(page: PageRead) -> StorySpans | None:
    """Where the story's blocks are in the tree; None where most of them do not."""
    if page.outline is None:
        return None
    tree = page.outline
    places = tree.places(block.text for block in page.document.page.blocks)
    spans = [span for n in page.document.main.chosen if (span := places[n]) is not None]
    chosen = sum(len(letters_of(text)) for text in page.document.texts())
    if not spans or len(spans) > MAX_SPANS or sum(end - start for start, end in spans) < MIN_RECALL * chosen:
        return None
    core = core_of(tree, spans)
    inside = tree.elements[core]
    core_spans = [span for span in spans if inside.start <= span[0] and span[1] <= inside.end]
    return StorySpans(page, tree, spans, [tree.innermost(span) for span in core_spans], core, core_spans)


def core_of(tree: Outline, spans: Sequence[Span]) -> int:
    """The innermost element that holds nearly all of the story's letters."""
    enough = CORE * sum(end - start for start, end in spans)
    found = 0
    for number, element in enumerate(tree.elements):
        if element.end - element.start >= enough and common([element.span], spans) >= enough:
            found = number
    return found


def note(found: dict[str, float], tree: Outline, number: int, distance: float) -> None:
    element = tree.elements[number]
    if number < 0 or element.tag in ("html", "body"):
        return
    for name in names_of(element.tag, element.node.attributes):
        found[name.css] = min(name.cost + distance, found.get(name.css, name.cost + distance))


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans without those inside of others."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        elif end > start:
            found.append((start, end))
    return found


def common(first: Sequence[Span], second: Sequence[Span]) -> int:
    """How many letters are in both; each list is in order and without overlaps."""
    total = at = 0
    for start, end in second:
        while at < len(first) and first[at][1] <= start:
            at += 1
        for other in first[at:]:
            if other[0] >= end:
                break
            total += min(end, other[1]) - max(start, other[0])
    return total
