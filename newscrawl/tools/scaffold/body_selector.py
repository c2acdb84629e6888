"""The body selector under which a site's stories read as the generic reader reads them.

Every candidate is a name (or two) that is on all pages that were read. The cheap question comes first: do the letters
under it hold the letters of the story? The best are then tried by reading every page with them; what they miss gets a name
more, and what they let in beside the story becomes `drop`, if it has a name of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from newscrawl.sites.model import Layout, Site
from newscrawl.tools.scaffold.css import COST_OF_COMMON, TELLING_TAGS, Name, names_of
from newscrawl.tools.scaffold.outline import letters_of
from newscrawl.tools.scaffold.story_spans import MIN_RECALL, StorySpans, common, merged, note

AGREED = 0.98  # of the letters of each story: a credit line less in a short story is 0.98, a paragraph less is not
ALMOST = 0.80  # below it a selector is not worth showing
LEVELS = 6  # around the story's own element whose names are tried
MAX_NAMES = 40  # that are on all pages, the plainest of them
MAX_TEXTS = 60  # of a page that a candidate misses or lets in, for which names are looked for
MAX_TRIED = 16  # candidates that every page is read by
MAX_DROPS, MAX_MORE = 3, 2  # with more of them a body selector is the wrong one
MAX_AROUND = 10  # names of outer elements that are put before a candidate
COST_OF_DROP, COST_OF_MORE, COST_OF_STEP = 2.5, 2.0, 1.0
COST_OF_LETTERS = 200.0  # of all letters read otherwise: one in a hundred costs nearly as much as a drop


@dataclass(frozen=True, slots=True)
class SelectorCandidate:
    """A body selector with its drops, the least agreement over all stories, and what it costs to read."""

    body: str
    drop: tuple[str, ...]
    agreement: tuple[float, ...]
    cost: float

    @property
    def worst(self) -> float:
        return min(self.agreement)


def best_body(pages: Sequence[StorySpans], site: Site) -> SelectorCandidate | None:
    """The body selector (with drops) that agrees best; of those that agree the one that is read most easily."""
    tried: list[SelectorCandidate] = []
    for css, cost in islice(ranked(pages), MAX_TRIED):
        found = refined(pages, site, css, cost)
        tried.append(found)
        if found.worst >= 0.999 and not found.drop and found.cost < 2.5:
            break
    good = [each for each in tried if each.worst >= AGREED]
    if good:
        return min(good, key=lambda each: (each.cost + COST_OF_LETTERS * (1 - each.worst), each.body))
    almost = [each for each in tried if each.worst >= ALMOST]
    return max(almost, key=lambda each: (each.worst, -each.cost), default=None)


def ranked(pages: Sequence[StorySpans]) -> Iterator[tuple[str, float]]:
    """Candidates that hold the story on every page, those that hold least beside it first, then the plainest."""
    seen: dict[str, float] = {}
    for name in shared_names(pages):
        for css, cost in forms(name, pages):
            seen[css] = min(cost, seen.get(css, cost))
    judged = [(round(1 - least, 1), cost, css) for css, cost in seen.items() if (least := precision(css, pages)) > 0]
    for _, cost, css in sorted(judged):
        yield css, cost


def shared_names(pages: Sequence[StorySpans]) -> list[Name]:
    """The names that are on every page on or around the story's element, or on its paragraphs and what holds them."""
    by_page: list[dict[str, float]] = []
    for page in pages:
        found: dict[str, float] = {}
        for distance, number in enumerate(islice(page.outline.around(page.core), LEVELS)):
            note(found, page.outline, number, distance * 0.3)
        by_page.append(found | {css: cost for css, cost in unit_names(page).items() if css not in found})
    shared = set(by_page[0]).intersection(*by_page[1:])
    return sorted(Name(min(found[css] for found in by_page), css) for css in shared)[:MAX_NAMES]


def unit_names(page: StorySpans) -> dict[str, float]:
    """The names of the paragraphs, and of what holds them, that most of them share."""
    counts: Counter[str] = Counter()
    costs: dict[str, float] = {}
    for number in page.blocks:
        own: dict[str, float] = {}
        note(own, page.outline, number, 1.5)
        note(own, page.outline, page.outline.elements[number].parent, 1.0)
        counts.update(own.keys())
        costs |= own
    return {css: costs[css] for css, count in counts.items() if 2 * count >= len(page.blocks)}


def forms(name: Name, pages: Sequence[StorySpans]) -> Iterator[tuple[str, float]]:
    """An element's text as a whole, its paragraphs alone, and either within an outer element of a name."""
    yield from with_steps(name.css, name.cost, pages)
    matches = max(len(page.outline.selected(name.css)) for page in pages)
    if matches > 1 and name.cost < COST_OF_COMMON:
        for outer in outer_names(name.css, pages):
            yield from with_steps(f"{outer.css} {name.css}", name.cost + outer.cost / 2 + COST_OF_STEP, pages)


def with_steps(css: str, cost: float, pages: Sequence[StorySpans]) -> Iterator[tuple[str, float]]:
    yield css, cost
    tags = Counter(page.outline.elements[number].tag for page in pages for number in page.blocks)
    steps = [tag for tag, count in tags.most_common(4) if tag in ("p", "h2", "h3", "h4", "li", "blockquote")]
    if steps and steps[0] == "p":
        for chosen in (["p"], [step for step in steps if step != "li"], steps) if len(steps) > 1 else (["p"],):
            yield ", ".join(f"{css} > {step}" for step in chosen), cost + COST_OF_STEP * len(chosen)
        yield f"{css} p", cost + 1.5 * COST_OF_STEP


def outer_names(css: str, pages: Sequence[StorySpans]) -> list[Name]:
    """Names of elements around the story that are on every page, the plainest first."""
    by_page = []
    for page in pages:
        found: dict[str, float] = {}
        for number in page.outline.around(page.outline.elements[page.core].parent):
            note(found, page.outline, number, 0.0)
        by_page.append(found)
    shared = set(by_page[0]).intersection(*by_page[1:]) - {css}
    return sorted(Name(by_page[0][name], name) for name in shared)[:MAX_AROUND]


def precision(css: str, pages: Sequence[StorySpans]) -> float:
    """The least share, over all pages, of the selected letters that are the story's; 0 where some of the story is missed."""
    least = 1.0
    for page in pages:
        selected = merged(page.outline.elements[number].span for number in page.outline.selected(css))
        size = sum(end - start for start, end in selected)
        if not size or common(selected, page.core_spans) < MIN_RECALL * page.letters:
            return 0.0
        least = min(least, common(selected, page.spans) / size)
    return least


def refined(pages: Sequence[StorySpans], site: Site, css: str, cost: float) -> SelectorCandidate:
    """A body selector, tried on all pages, with a name more for what it misses and a `drop` for what is beside the story."""
    best, missing, beside = tried(pages, site, css, (), cost)
    for _ in range(MAX_MORE + MAX_DROPS):
        if best.worst > 0.9999:
            break
        better = None
        for body, drop, more in changes(pages, best, missing, beside):
            found = tried(pages, site, body, drop, best.cost + more)
            if sum(found[0].agreement) > sum(best.agreement) + 0.0005:
                better = found
                break
        if better is None:
            break
        best, missing, beside = better
    return best


def changes(
    pages: Sequence[StorySpans],
    best: SelectorCandidate,
    missing: Sequence[Sequence[str]],
    beside: Sequence[Sequence[str]],
) -> Iterator[tuple[str, tuple[str, ...], float]]:
    """(body, drop, cost more) of candidates with one name more: for what is missed, then for what is too much."""
    if best.body.count(",") < MAX_MORE + 2:
        for name in islice(names_around(pages, missing, of_story=True), 2):
            if name not in best.body.split(", "):
                yield f"{best.body}, {name}", best.drop, COST_OF_MORE
    if len(best.drop) < MAX_DROPS:
        for name in islice((name for name in names_around(pages, beside) if name not in best.drop), 2):
            yield best.body, (*best.drop, name), COST_OF_DROP


def tried(
    pages: Sequence[StorySpans], site: Site, css: str, drop: tuple[str, ...], cost: float
) -> tuple[SelectorCandidate, list[list[str]], list[list[str]]]:
    """(the selectors with their agreement; for each page the texts of the story that they miss, and what they let in)."""
    ruled_site = replace(site, layouts=(Layout(body=css, drop=drop),))
    agreement, missing, beside = [], [], []
    for page in pages:
        document, _ = page.page.read_by(ruled_site)
        generic, ruled = page.page.document.texts(), document.texts()
        agreement.append(text_agreement(generic, ruled) if document.main.origin == "site-rule" else 0.0)
        missing.append(without(generic, ruled))
        beside.append(without(ruled, generic))
    return SelectorCandidate(css, drop, tuple(agreement), cost), missing, beside


def without(texts: Sequence[str], others: Sequence[str]) -> list[str]:
    """The texts that are not among the others."""
    known = set(map(letters_of, others))
    return [text for text in texts if letters_of(text) not in known]


def text_agreement(generic: Sequence[str], ruled: Sequence[str]) -> float:
    """The share of letters that two readings of a page have in common, paragraph by paragraph: 1.0 for the same."""
    first, second = Counter(map(letters_of, generic)), Counter(map(letters_of, ruled))
    sizes = [sum(len(text) * count for text, count in each.items()) for each in (first, second, first & second)]
    return 2 * sizes[2] / (sizes[0] + sizes[1]) if sizes[0] + sizes[1] else 1.0


def names_around(
    pages: Sequence[StorySpans], texts: Sequence[Sequence[str]], *, of_story: bool = False
) -> Iterator[str]:
    """Names of elements that hold some of these texts, and nothing of the story on any page; `of_story`: nothing else."""
    found: Counter[str] = Counter()
    costs: dict[str, float] = {}
    for page, some in zip(pages, texts, strict=True):
        for number in set(filter(None, (element_of(page, text) for text in some[:MAX_TEXTS]))):
            for level in islice(page.outline.around(number), LEVELS):
                element = page.outline.elements[level]
                if not of_story and common([element.span], page.spans):
                    break
                for name in names_of(element.tag, element.node.attributes, is_beside=not of_story):
                    if name.css not in TELLING_TAGS and name.cost < COST_OF_COMMON:
                        found[name.css] += 1
                        costs[name.css] = min(name.cost, costs.get(name.css, name.cost))
    for css in sorted(found, key=lambda css: (-found[css], costs[css], css))[:20]:
        if all(is_all_story(page, css) if of_story else is_beside(page, css) for page in pages):
            yield css


def element_of(page: StorySpans, text: str) -> int | None:
    """The innermost element that holds a text which is beside the story."""
    letters = letters_of(text)
    exact = page.outline.exact(letters) if letters else []
    if exact:
        return exact[-1]
    at = page.outline.letters.find(letters) if letters else -1
    return page.outline.innermost((at, at + len(letters))) if at >= 0 else None


def is_all_story(page: StorySpans, css: str) -> bool:
    spans = merged(page.outline.elements[number].span for number in page.outline.selected(css))
    return common(spans, page.spans) >= AGREED * sum(end - start for start, end in spans)


def is_beside(page: StorySpans, css: str) -> bool:
    return not any(common([page.outline.elements[number].span], page.spans) for number in page.outline.selected(css))
