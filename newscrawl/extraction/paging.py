"""Stories on several pages: which page is next, whether it goes on with the story, and the story made of all.

A `rel=next` link means the next story as often as the next page, so only a URL counts that is this page's own with
another page number, and what it shows must have the same headline or canonical URL.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from newscrawl.extraction.document import fold_title
from newscrawl.items import Access, Attribution, BodyBlock, Evidence, Media, Story
from newscrawl.security.url import join_url, split

PAGES_MISSING = "pages-missing"
MAX_BODY_BLOCKS = 20_000
LINK = re.compile(rb"<(?:a|link)\s([^<>]{1,2000})>", re.I)
ATTRIBUTE = re.compile(rb"""\b(href|rel)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)
PAGE_QUERY = re.compile(r"^(?:page|pg|p|seite|pagina|page_?(?:no|num|number)|currentpage|paged|pn)=(\d{1,3})$", re.I)
PAGE_PATH = re.compile(r"(?:/(?:page|seite|pagina|p|s)?[-/_]?(\d{1,2})|[-_,](?:page|seite|p|s)?[-_]?(\d{1,2}))$", re.I)
BARE_NUMBER = re.compile(r"[^/]-\d{1,2}$")
EXTENSION = re.compile(r"\.(?:s?html?|php|aspx?|jsp)$", re.I)
MIN_HEADLINE_CHARS = 8
BARRED: tuple[Access, ...] = ("paywalled", "registration", "metered")


def page_forms(url: str) -> Iterator[tuple[str, int]]:
    """The ways to read a URL as (story, page number): without any number it is page 1, else what a number may say."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    queries = [query for query in parts.query.split("&") if query]
    numbered = [(query, found) for query in queries if (found := PAGE_QUERY.match(query))]
    rest = "&".join(sorted(query for query in queries if not PAGE_QUERY.match(query)))
    path = EXTENSION.sub("", parts.path.rstrip("/"))
    if numbered:
        yield f"{host}{path}?{rest}", int(numbered[0][1][1])
        return
    yield f"{host}{path}?{rest}", 1
    found = PAGE_PATH.search(path)
    if found is not None:
        yield f"{host}{path[: found.start()]}?{rest}", int(found[1] or found[2])


def stated_page(url: str) -> tuple[str, int]:
    """(story, page number) as far as a URL's query says it: page 1 where it says nothing."""
    return next(page_forms(url))


def page_number(url: str, first: str) -> int | None:
    """The number (2, 3 ...) of the page that a URL is of the story whose first page is `first`; None otherwise.

    The first page has no number in its URL, or a 1: so next week's column is not a page of this week's.
    """
    own = dict(page_forms(first))
    return next((number for story, number in page_forms(url) if number > 1 and own.get(story) == 1), None)


def next_page(body: bytes, url: str, first: str, number: int) -> str | None:
    """The URL of the story's page with this number, as a page links to it; None where it links to none.

    `url` is the page's own, `first` that of the story's first page. `story-2` may be another story of that name: it
    counts where the page calls it the next one.
    """
    named: str | None = None
    for link in LINK.finditer(body):
        stated = {found[1].lower(): found[2] or found[3] or found[4] or b"" for found in ATTRIBUTE.finditer(link[1])}
        href = html.unescape(stated.get(b"href", b"").decode("utf-8", "replace"))
        if not any(map(str.isdigit, href[-60:])):
            continue
        target = join_url(url, href)
        if target is None or split(target) is None or page_number(target, first) != number:
            continue
        if b"next" in stated.get(b"rel", b"").lower().split():
            return target
        if named is None and not BARE_NUMBER.search(EXTENSION.sub("", urlsplit(target).path)):
            named = target
    return named


def goes_on(pages: Sequence[Story], later: Story) -> bool:
    """Whether a page goes on with the story of those before: the same headline or canonical URL, and new text."""
    first = pages[0]
    if not later.text or not has_new_text(pages, later):
        return False
    own, other = fold_title(first.headline or ""), fold_title(later.headline or "")
    if min(len(own), len(other)) >= MIN_HEADLINE_CHARS and (own.startswith(other) or other.startswith(own)):
        return True
    return later.canonical_url == first.canonical_url


def has_new_text(pages: Sequence[Story], later: Story) -> bool:
    """Whether a page says anything that those before it did not: some sites answer with the first page again."""
    known = {block.text for page in pages for block in page.body or []}
    return any(block.text not in known for block in later.body or [])


def joined(pages: Sequence[Story], *, is_whole: bool = True) -> Story:
    """One story of all its pages, in order; a repeated paragraph is kept once. The first page gives the rest.

    `is_whole` is false where a later page could not be fetched: then the story says so in its warnings.
    """
    story = pages[0]
    for later in pages[1:]:
        append_page(story, later)
    if not is_whole and story.extraction is not None:
        story.extraction.warnings = list(dict.fromkeys([*story.extraction.warnings, PAGES_MISSING]))
    return story


def append_page(story: Story, later: Story) -> None:
    """Add the text, pictures, credits and warnings of a later page to a story."""
    body = list(story.body or [])
    known = {block.text for block in body}
    added = [block for block in later.body or [] if block.text not in known][: MAX_BODY_BLOCKS - len(body)]
    places = moved_paragraphs(story.text or "", later.body or [], added)
    story.body = body + added
    story.text = "\n\n".join(block.text for block in story.body)
    story.media = joined_media(story.media or [], later.media or [])
    story.authors = story.authors or later.authors
    story.byline = story.byline or later.byline
    story.attribution = joined_attribution(story.attribution or [], later.attribution or [], places)
    story.agency = next((a.id for a in story.attribution if a.role == "originator"), None)
    if story.access not in BARRED and later.access in BARRED:
        story.access = later.access
    if story.extraction is not None and later.extraction is not None:
        warnings = [*story.extraction.warnings, *later.extraction.warnings]
        story.extraction.warnings = list(dict.fromkeys(warnings))


def moved_paragraphs(before: str, body: Sequence[BodyBlock], added: Sequence[BodyBlock]) -> list[tuple[int, int, int]]:
    """(start, end, new start) of those paragraphs of a later page that the joined text keeps."""
    kept = {id(block) for block in added}
    places, at, now = [], 0, len(before) + 2 if before else 0
    for block in body:
        if id(block) in kept:
            places.append((at, at + len(block.text), now))
            now += len(block.text) + 2
        at += len(block.text) + 2
    return places


def joined_media(media: list[Media], more: list[Media]) -> list[Media]:
    known = {(item.url, item.caption) for item in media}
    return media + [item for item in more if (item.url, item.caption) not in known]


def joined_attribution(
    first: list[Attribution], more: list[Attribution], places: Sequence[tuple[int, int, int]]
) -> list[Attribution]:
    """The credits of all pages: most agencies are named behind the last paragraph of the last one."""
    found = {attribution.id: attribution for attribution in first}
    for later in more:
        evidence = [moved for item in later.evidence if (moved := moved_evidence(item, places)) is not None]
        own = found.get(later.id)
        if own is None:
            if evidence:
                found[later.id] = replace(later, evidence=evidence)
            continue
        own.evidence += [item for item in evidence if item not in own.evidence]
        own.confidence = max(own.confidence, later.confidence)
        if later.role == "originator":
            own.role = "originator"
    return list(found.values())


def moved_evidence(evidence: Evidence, places: Sequence[tuple[int, int, int]]) -> Evidence | None:
    """Evidence with its offsets in the joined text; None where its paragraph is not in it."""
    start, end = evidence.start, evidence.end
    if start is None or end is None:
        return evidence
    for first, last, now in places:
        if first <= start and end <= last:
            return replace(evidence, start=start - first + now, end=end - first + now)
    return None
