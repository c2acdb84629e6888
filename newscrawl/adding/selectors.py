"""CSS selectors under which a site's pages read as the generic reader reads them.

Every candidate is a name (or two) that stands on all pages that were read. The cheap question comes first: do the letters
under it hold the letters of the story? The best are then tried by reading every page with them, and what they let in beside
the story becomes `drop`, if it has a name of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from newscrawl.adding.css import COST_OF_COMMON, TELLING_TAGS, Name, names_of
from newscrawl.adding.looked import PageRead
from newscrawl.adding.outline import Outline, Span, letters_of
from newscrawl.catalog.site import Layout, Site
from newscrawl.items import Story
from newscrawl.pages.site_rules import node_text
from newscrawl.text.dates import parse_date
from newscrawl.text.whitespace import fold

AGREED = 0.98  # of the letters of each story: a credit line less in a short story is 0.98, a paragraph less is not
ALMOST = 0.80  # below it a selector is not worth showing
CORE = 0.8
MIN_RECALL = 0.95  # of the story's letters that the elements of a candidate hold
LEVELS = 6  # around the story's own element whose names are tried
MAX_DATE_LETTERS = 60
MAX_FIELD_TRIED = 4
MAX_NAMES = 40  # that stand on all pages, the plainest of them
MAX_SPANS = 1_000  # blocks of a story
MAX_TEXTS = 60  # of a page that a candidate misses or lets in, for which names are looked for
MAX_TRIED = 16  # candidates that every page is read by
MAX_DROPS, MAX_MORE = 3, 2  # with more of them a body selector is the wrong one
MAX_AROUND = 10  # names of outer elements that are put before a candidate
COST_OF_DROP, COST_OF_MORE, COST_OF_STEP = 2.5, 2.0, 1.0
COST_OF_LETTERS = 200.0  # of all letters read otherwise: one in a hundred costs nearly as much as a drop
WORDS_OF = {
    "headline": re.compile(r"(?:^|[ >])(?:h1\b[^ ]*|[^ ]*(?:headline|headl|tit|hl\b|subject)[^ ]*)$", re.I),
    "byline": re.compile(r"author|byline|writer|report|vcard|autor|journal|redak|\bby\b|contribut|person", re.I),
    "published": re.compile(r"date|time|publi|post|update|datum|fecha|data|\bday\b", re.I),
}
FIELDS = ("headline", "byline")
COMPARED = (
    "headline",
    "subheadline",
    "byline",
    "authors",
    "published_at",
    "published_date",
    "dateline",
    "section",
    "agency",
)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A field of a story that the proposed rules read otherwise than the generic reader."""

    url: str
    field: str
    generic: str
    ruled: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A body selector with its drops, the least agreement over all stories, and what it costs to read."""

    body: str
    drop: tuple[str, ...]
    agreement: tuple[float, ...]
    cost: float

    @property
    def worst(self) -> float:
        return min(self.agreement)


@dataclass(slots=True)
class Mapped:
    """A page with the places of its story: of each block of the text, and of all of them."""

    page: PageRead
    outline: Outline
    spans: list[Span]
    blocks: list[int]  # elements that hold a block each
    core: int  # the innermost element that holds nearly all of them: a standfirst may stand outside of it
    core_spans: list[Span]

    @property
    def letters(self) -> int:
        """How many letters the story has within its core."""
        return sum(end - start for start, end in self.core_spans)


@dataclass(slots=True)
class Selectors:
    """What came of the search: the layout that agrees, or the best that does not, and where they differ."""

    layout: Layout | None = None
    agreement: tuple[float, ...] = ()
    best: Candidate | None = None  # of a body that does not agree everywhere
    differences: list[Disagreement] | None = None
    told: str = ""


def find_selectors(pages: Sequence[PageRead], site: Site) -> Selectors:
    """The smallest set of selectors that reads all pages as they are read without; `site` has no layout."""
    mapped = [found for page in pages if (found := mapped_page(page)) is not None]
    if not mapped:
        return Selectors(
            told="their text stands in no element of the page (scripts put it there): the generic reader is used"
        )
    if len(mapped) < len(pages):
        told = f"on {len(pages) - len(mapped)} of {len(pages)} pages the text stands in no element: the generic reader is used"
        return Selectors(told=told)
    best = best_body(mapped, site)
    if best is None:
        return Selectors(told="no class, id or tag holds the text on all pages: the generic reader is used")
    if best.worst < AGREED:
        told = f"{best.body!r} reads {best.worst:.0%} of a story as the generic reader does, less than {AGREED:.0%}: it is left out"
        return Selectors(
            best=best, agreement=best.agreement, told=told, differences=compare(pages, site, layout_of(best))
        )
    layout = with_fields(mapped, site, layout_of(best))
    told = f"agreement with the generic reader {best.worst:.2f} or better on {len(pages)} pages"
    return Selectors(layout, best.agreement, None, compare(pages, site, layout), told)


def layout_of(candidate: Candidate) -> Layout:
    return Layout(body=candidate.body, drop=candidate.drop)


def mapped_page(page: PageRead) -> Mapped | None:
    """Where the story's blocks stand in the tree; None where most of them do not."""
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
    return Mapped(page, tree, spans, [tree.innermost(span) for span in core_spans], core, core_spans)


def core_of(tree: Outline, spans: Sequence[Span]) -> int:
    """The innermost element that holds nearly all of the story's letters."""
    enough = CORE * sum(end - start for start, end in spans)
    found = 0
    for number, element in enumerate(tree.elements):
        if element.end - element.start >= enough and common([element.span], spans) >= enough:
            found = number
    return found


def best_body(pages: Sequence[Mapped], site: Site) -> Candidate | None:
    """The body selector (with drops) that agrees best; of those that agree the one that is read most easily."""
    tried: list[Candidate] = []
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


def ranked(pages: Sequence[Mapped]) -> Iterator[tuple[str, float]]:
    """Candidates that hold the story on every page, those that hold least beside it first, then the plainest."""
    seen: dict[str, float] = {}
    for name in shared_names(pages):
        for css, cost in forms(name, pages):
            seen[css] = min(cost, seen.get(css, cost))
    judged = [(round(1 - least, 1), cost, css) for css, cost in seen.items() if (least := precision(css, pages)) > 0]
    for _, cost, css in sorted(judged):
        yield css, cost


def shared_names(pages: Sequence[Mapped]) -> list[Name]:
    """The names that stand on every page on or around the story's element, or on its paragraphs and what holds them."""
    by_page: list[dict[str, float]] = []
    for page in pages:
        found: dict[str, float] = {}
        for distance, number in enumerate(islice(page.outline.around(page.core), LEVELS)):
            note(found, page.outline, number, distance * 0.3)
        for number in dict.fromkeys(page.blocks):
            note(found, page.outline, number, 1.5)
            note(found, page.outline, page.outline.elements[number].parent, 1.0)
        by_page.append(found)
    shared = set(by_page[0]).intersection(*by_page[1:])
    return sorted(Name(min(found[css] for found in by_page), css) for css in shared)[:MAX_NAMES]


def note(found: dict[str, float], tree: Outline, number: int, distance: float) -> None:
    element = tree.elements[number]
    if number < 0 or element.tag in ("html", "body"):
        return
    for name in names_of(element.tag, element.node.attributes):
        found[name.css] = min(name.cost + distance, found.get(name.css, name.cost + distance))


def forms(name: Name, pages: Sequence[Mapped]) -> Iterator[tuple[str, float]]:
    """An element's text as a whole, its paragraphs alone, and either within an outer element of a name."""
    yield from with_steps(name.css, name.cost, pages)
    matches = max(len(page.outline.selected(name.css)) for page in pages)
    if matches > 1 and name.cost < COST_OF_COMMON:
        for outer in outer_names(name.css, pages):
            yield from with_steps(f"{outer.css} {name.css}", name.cost + outer.cost / 2 + COST_OF_STEP, pages)


def with_steps(css: str, cost: float, pages: Sequence[Mapped]) -> Iterator[tuple[str, float]]:
    yield css, cost
    tags = Counter(page.outline.elements[number].tag for page in pages for number in page.blocks)
    steps = [tag for tag, count in tags.most_common(4) if tag in ("p", "h2", "h3", "h4", "li", "blockquote")]
    if steps and steps[0] == "p":
        for chosen in (["p"], [step for step in steps if step != "li"], steps) if len(steps) > 1 else (["p"],):
            yield ", ".join(f"{css} > {step}" for step in chosen), cost + COST_OF_STEP * len(chosen)
        yield f"{css} p", cost + 1.5 * COST_OF_STEP


def outer_names(css: str, pages: Sequence[Mapped]) -> list[Name]:
    """Names of elements around the story that stand on every page, the plainest first."""
    by_page = []
    for page in pages:
        found: dict[str, float] = {}
        for number in page.outline.around(page.outline.elements[page.core].parent):
            note(found, page.outline, number, 0.0)
        by_page.append(found)
    shared = set(by_page[0]).intersection(*by_page[1:]) - {css}
    return sorted(Name(by_page[0][name], name) for name in shared)[:MAX_AROUND]


def precision(css: str, pages: Sequence[Mapped]) -> float:
    """The least share, over all pages, of the selected letters that are the story's; 0 where some of the story is missed."""
    least = 1.0
    for page in pages:
        selected = merged(page.outline.elements[number].span for number in page.outline.selected(css))
        size = sum(end - start for start, end in selected)
        if not size or common(selected, page.core_spans) < MIN_RECALL * page.letters:
            return 0.0
        least = min(least, common(selected, page.spans) / size)
    return least


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


def refined(pages: Sequence[Mapped], site: Site, css: str, cost: float) -> Candidate:
    """A body selector, tried on all pages, with a name more for what it misses and a `drop` for what stands beside the story."""
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
    pages: Sequence[Mapped], best: Candidate, missing: Sequence[Sequence[str]], beside: Sequence[Sequence[str]]
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
    pages: Sequence[Mapped], site: Site, css: str, drop: tuple[str, ...], cost: float
) -> tuple[Candidate, list[list[str]], list[list[str]]]:
    """(the selectors with their agreement; for each page the texts of the story that they miss, and what they let in)."""
    ruled_site = replace(site, layouts=(Layout(body=css, drop=drop),))
    agreement, missing, beside = [], [], []
    for page in pages:
        document, _ = page.page.read_by(ruled_site)
        generic, ruled = page.page.document.texts(), document.texts()
        agreement.append(text_agreement(generic, ruled) if document.main.origin == "site-rule" else 0.0)
        missing.append(without(generic, ruled))
        beside.append(without(ruled, generic))
    return Candidate(css, drop, tuple(agreement), cost), missing, beside


def without(texts: Sequence[str], others: Sequence[str]) -> list[str]:
    """The texts that are not among the others."""
    known = set(map(letters_of, others))
    return [text for text in texts if letters_of(text) not in known]


def text_agreement(generic: Sequence[str], ruled: Sequence[str]) -> float:
    """The share of letters that two readings of a page have in common, paragraph by paragraph: 1.0 for the same."""
    first, second = Counter(map(letters_of, generic)), Counter(map(letters_of, ruled))
    sizes = [sum(len(text) * count for text, count in each.items()) for each in (first, second, first & second)]
    return 2 * sizes[2] / (sizes[0] + sizes[1]) if sizes[0] + sizes[1] else 1.0


def names_around(pages: Sequence[Mapped], texts: Sequence[Sequence[str]], *, of_story: bool = False) -> Iterator[str]:
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


def element_of(page: Mapped, text: str) -> int | None:
    """The innermost element that holds a text which stands beside the story."""
    letters = letters_of(text)
    exact = page.outline.exact(letters) if letters else []
    if exact:
        return exact[-1]
    at = page.outline.letters.find(letters) if letters else -1
    return page.outline.innermost((at, at + len(letters))) if at >= 0 else None


def is_all_story(page: Mapped, css: str) -> bool:
    spans = merged(page.outline.elements[number].span for number in page.outline.selected(css))
    return common(spans, page.spans) >= AGREED * sum(end - start for start, end in spans)


def is_beside(page: Mapped, css: str) -> bool:
    return not any(common([page.outline.elements[number].span], page.spans) for number in page.outline.selected(css))


def with_fields(pages: Sequence[Mapped], site: Site, layout: Layout) -> Layout:
    """The layout with a selector for each field that one finds on all pages as it was read without."""
    generic = [page.page.read_by(replace(site, layouts=()))[1] for page in pages]
    for field in FIELDS:
        for css in islice(field_selectors(field, pages), MAX_FIELD_TRIED):
            with_one = with_field(layout, field, css)
            ruled = replace(site, layouts=(with_one,))
            if all(is_same(story, page.page.read_by(ruled)[1]) for story, page in zip(generic, pages, strict=True)):
                layout = with_one
                break
    printed = date_selector(pages, site)
    return layout if printed is None else replace(layout, published=printed)


def date_selector(pages: Sequence[Mapped], site: Site) -> str | None:
    """The CSS of what is printed as a date on every page, where no page states one otherwise."""
    origins = [page.page.story.extraction.origins.published for page in pages if page.page.story.extraction]
    if any(origin in ("json-ld", "meta") for origin in origins):
        return None
    by_page = [date_names(page, site) for page in pages]
    shared = set(by_page[0]).intersection(*by_page[1:])
    for css in sorted(shared, key=lambda css: (by_page[0][css], css)):
        days = [day_of(first_text(page, css), site) for page in pages]
        printed = [page.page.story.published_date for page in pages]
        if all(day and known in (None, day) for day, known in zip(days, printed, strict=True)):
            return css
    return None


def date_names(page: Mapped, site: Site) -> dict[str, float]:
    """The names of elements that are called a date and whose text is one."""
    found: dict[str, float] = {}
    for number, element in enumerate(page.outline.elements):
        if 0 < element.end - element.start <= MAX_DATE_LETTERS:
            own: dict[str, float] = {}
            note(own, page.outline, number, 0.0)
            told = {css: cost for css, cost in own.items() if WORDS_OF["published"].search(css)}
            if told.keys() - found.keys() and day_of(node_text(element.node), site):
                found |= told
    return found


def day_of(text: str, site: Site) -> str | None:
    """The day that a line names, as YYYY-MM-DD."""
    moment = parse_date(text, site.timezone, [site.language] if site.language else [], free=False)
    return moment.day.isoformat() if moment is not None else None


def first_text(page: Mapped, css: str) -> str:
    node = page.outline.tree.css_first(css)
    return node_text(node) if node is not None else ""


def with_field(layout: Layout, field: str, css: str) -> Layout:
    return replace(layout, headline=css) if field == "headline" else replace(layout, byline=css)


def field_selectors(field: str, pages: Sequence[Mapped]) -> Iterator[str]:
    """Selectors whose first element holds the field's text wherever a page has it, the plainest first."""
    wanted = [field_text(page.page.story, field) for page in pages]
    with_text = [(page, text) for page, text in zip(pages, wanted, strict=True) if text]
    if not with_text:
        return
    by_page = [field_names(page, text) for page, text in with_text]
    says = WORDS_OF[field].search
    shared = set(by_page[0]).intersection(*by_page[1:])
    for css in sorted(shared, key=lambda css: (by_page[0][css], css)):
        if says(css) and all(shows(page, css, text) for page, text in zip(pages, wanted, strict=True)):
            yield css


def field_text(story: Story, field: str) -> str | None:
    """What a field's element shows; None where the page does not print it."""
    return story.headline if field == "headline" else story.byline


def field_names(page: Mapped, text: str) -> dict[str, float]:
    """The names of the elements that hold a text and little else, alone and within those around them."""
    tree, letters = page.outline, letters_of(text)
    found: dict[str, float] = {}
    for number in tree.exact(letters)[:20] if letters else ():
        own: dict[str, float] = {}
        note(own, tree, number, 0.0)
        tag = tree.elements[number].tag
        if tag == "h1":  # the reader takes it without being told
            own.pop(tag, None)
        outer: dict[str, float] = {}
        for level in islice(tree.around(tree.elements[number].parent), 3):
            note(outer, tree, level, 0.5)
        within = {
            f"{css} {tag}": cost + 2
            for css, cost in outer.items()
            if tag in ("h1", "h2", "b", "p", "span", "time", "a", "strong")
        }
        for css, cost in [*own.items(), *within.items()]:
            found[css] = min(cost, found.get(css, cost))
        for css, cost in own.items():
            for around, more in outer.items():
                found.setdefault(f"{around} {css}", cost + more / 2 + COST_OF_STEP)
    return found


def shows(page: Mapped, css: str, text: str | None) -> bool:
    """Whether the first element of a selector shows the text, or there is none where there is no text."""
    return letters_of(first_text(page, css)) == letters_of(text or "")


def is_same(generic: Story, ruled: Story) -> bool:
    return all(shown(generic, name) == shown(ruled, name) for name in COMPARED)


def shown(story: Story, field: str) -> str:
    """A field as text, for comparing and for telling."""
    value = getattr(story, field)
    if field == "authors":
        return ", ".join(author.name for author in value or [])
    if field == "dateline":
        return value.text if value else ""
    if field == "section":
        return " / ".join(value or [])
    return fold(str(value)) if value is not None else ""


def compare(pages: Sequence[PageRead], site: Site, layout: Layout) -> list[Disagreement]:
    """Field by field, where the reading by a layout is another than the one without, on every page."""
    found = []
    for page in pages:
        document, story = page.read_by(replace(site, layouts=(layout,)))
        _, generic = page.read_by(replace(site, layouts=()))
        for name in COMPARED:
            if shown(generic, name) != shown(story, name):
                found.append(Disagreement(page.url, name, shown(generic, name), shown(story, name)))
        first, second = page.document.texts(), document.texts()
        for name, here, there in (("text, missing", first, second), ("text, more", second, first)):
            known = Counter(map(letters_of, there))
            for text in here:
                if letters_of(text) not in known:
                    more = name == "text, more"
                    found.append(Disagreement(page.url, name, "" if more else text, text if more else ""))
    return found
