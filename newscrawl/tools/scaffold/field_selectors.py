"""Selectors for headline, byline and printed date: the plainest names that show on every page what was read there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from newscrawl.extraction.site_rules import node_text
from newscrawl.items import Story
from newscrawl.sites.model import Layout, Site
from newscrawl.text.dates import parse_date
from newscrawl.text.whitespace import fold
from newscrawl.tools.scaffold.body_selector import COST_OF_STEP
from newscrawl.tools.scaffold.outline import letters_of
from newscrawl.tools.scaffold.story_spans import StorySpans, note

MAX_DATE_LETTERS = 60
MAX_FIELD_TRIED = 4
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


def with_fields(pages: Sequence[StorySpans], site: Site, layout: Layout) -> Layout:
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


def date_selector(pages: Sequence[StorySpans], site: Site) -> str | None:
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


def date_names(page: StorySpans, site: Site) -> dict[str, float]:
    """The names of elements that are called a date and whose text is one."""
    found: dict[str, float] = {}
    for number, element in enumerate(page.outline.elements):
        if 0 < element.end - element.start <= MAX_DATE_LETTERS:
            own: dict[str, float] = {}
            note(own, page.outline, number, 0.0)
            detail = {css: cost for css, cost in own.items() if WORDS_OF["published"].search(css)}
            if detail.keys() - found.keys() and day_of(node_text(element.node), site):
                found |= detail
    return found


def day_of(text: str, site: Site) -> str | None:
    """The day that a line names, as YYYY-MM-DD."""
    moment = parse_date(text, site.timezone, [site.language] if site.language else [], free=False)
    return moment.day.isoformat() if moment is not None else None


def first_text(page: StorySpans, css: str) -> str:
    node = page.outline.tree.css_first(css)
    return node_text(node) if node is not None else ""


def with_field(layout: Layout, field: str, css: str) -> Layout:
    return replace(layout, headline=css) if field == "headline" else replace(layout, byline=css)


def field_selectors(field: str, pages: Sequence[StorySpans]) -> Iterator[str]:
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


def field_names(page: StorySpans, text: str) -> dict[str, float]:
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


def shows(page: StorySpans, css: str, text: str | None) -> bool:
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
