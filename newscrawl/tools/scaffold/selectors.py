"""A layout under which a site's pages read as the generic reader reads them, and where the two do not agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from newscrawl.sites.model import Layout, Site
from newscrawl.tools.scaffold.body_selector import AGREED, SelectorCandidate, best_body
from newscrawl.tools.scaffold.field_selectors import COMPARED, shown, with_fields
from newscrawl.tools.scaffold.outline import letters_of
from newscrawl.tools.scaffold.probe_result import PageRead
from newscrawl.tools.scaffold.story_spans import mapped_page

MIN_PAGES = 2  # what is on one page only shows on the second


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A field of a story that the proposed rules read otherwise than the generic reader."""

    url: str
    field: str
    generic: str
    ruled: str


@dataclass(slots=True)
class Selectors:
    """What came of the search: the layout that agrees, or the best that does not, and where they differ."""

    layout: Layout | None = None
    agreement: tuple[float, ...] = ()
    best: SelectorCandidate | None = None  # of a body that does not agree everywhere
    differences: list[Disagreement] | None = None
    detail: str = ""


def find_selectors(pages: Sequence[PageRead], site: Site) -> Selectors:
    """The smallest set of selectors that reads all pages as they are read without; `site` has no layout."""
    if len(pages) < MIN_PAGES:
        return Selectors(detail="one story alone shows no layout: the generic reader is used")
    mapped = [found for page in pages if (found := mapped_page(page)) is not None]
    if not mapped:
        return Selectors(
            detail="their text was not found in the elements of the page (scripts put it there, or it is too long): the generic reader is used"
        )
    if len(mapped) < len(pages):
        detail = (
            f"on {len(pages) - len(mapped)} of {len(pages)} pages the text is in no element: the generic reader is used"
        )
        return Selectors(detail=detail)
    best = best_body(mapped, site)
    if best is None:
        return Selectors(detail="no class, id or tag holds the text on all pages: the generic reader is used")
    if best.worst < AGREED:
        detail = f"{best.body!r} reads {best.worst:.1%} of a story as the generic reader does, less than {AGREED:.0%}: it is left out"
        return Selectors(
            best=best, agreement=best.agreement, detail=detail, differences=compare(pages, site, layout_of(best))
        )
    layout = with_fields(mapped, site, layout_of(best))
    detail = f"agreement with the generic reader {best.worst:.2f} or better on {len(pages)} pages"
    return Selectors(layout, best.agreement, None, compare(pages, site, layout), detail)


def layout_of(candidate: SelectorCandidate) -> Layout:
    return Layout(body=candidate.body, drop=candidate.drop)


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
