"""What was found of a site: what was asked for and what came, the sources that answer, the stories that were read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from newscrawl.extraction.document import Document
from newscrawl.extraction.story import FetchInfo, open_page, story_of
from newscrawl.items import Story
from newscrawl.security.markup import is_html
from newscrawl.sites.model import Site, Source
from newscrawl.tools.scaffold.outline import Outline, outline
from newscrawl.tools.scaffold.story_urls import UrlRules

MIN_TEXT_CHARS = 200  # of a page that is read as a story
MIN_BLOCKS = 2


@dataclass(frozen=True, slots=True)
class ProbeAnswer:
    """What came of a URL, after its redirects; `problem` says why nothing did."""

    asked: str
    url: str
    body: bytes = b""
    content_type: str | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """One thing that was asked for: what it was taken for, what it gave, and why it cannot be used."""

    what: str
    url: str
    detail: str = ""
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Announcing:
    """A source that answers, and the URLs of the stories that it announced."""

    source: Source
    urls: tuple[str, ...]
    detail: str


@dataclass(slots=True)
class PageRead:
    """A story's page as it came, and the generic reading of it."""

    url: str
    html: bytes
    content_type: str | None
    captured_at: datetime
    document: Document
    story: Story
    outline: Outline | None = None

    def read_by(self, site: Site) -> tuple[Document, Story]:
        """The reading of the page by the rules of a site."""
        document, warnings = open_page(self.html, self.url, site, self.content_type, self.captured_at.date())
        fetched = FetchInfo(fetched_at=self.captured_at, content_type=self.content_type)
        return document, story_of(document, warnings, self.html, self.url, site, fetched)


@dataclass(slots=True)
class ProbeResult:
    """All that was seen of a site; `problem` says why nothing could be."""

    start: str  # as it was given: a URL, or a folder
    base: str = ""  # the front page's URL after its redirects, or the one that most pages of the folder are on
    is_live: bool = True
    tried: list[Tried] = field(default_factory=list)
    announcing: list[Announcing] = field(default_factory=list)
    stated: list[str] = field(default_factory=list)  # feeds that saved pages name and nobody asked for
    menu: list[str] = field(default_factory=list)  # what the pages link and is not a story
    rules: UrlRules = field(default_factory=UrlRules)
    pages: list[PageRead] = field(default_factory=list)
    front: ProbeAnswer | None = None
    delay_seconds: float = 0.0  # that robots.txt asks for
    notes: list[str] = field(default_factory=list)
    needs_browser: bool = False
    problem: str | None = None
    requests: int = 0

    def announced(self) -> list[str]:
        """The URLs of all stories that were announced, each once."""
        return list(dict.fromkeys(url for each in self.announcing for url in each.urls))


def page_read(answer: ProbeAnswer, at: datetime) -> PageRead | str:
    """A page with its generic reading, or why it is not a story."""
    if not is_html(answer.body, answer.content_type):
        return f"it is not a page ({answer.content_type or 'no content type'})"
    document, warnings = open_page(answer.body, answer.url, None, answer.content_type, None)
    fetched = FetchInfo(fetched_at=at, content_type=answer.content_type)
    story = story_of(document, warnings, answer.body, answer.url, None, fetched)
    blocks = len(document.main.chosen)
    if blocks < MIN_BLOCKS or len(story.text or "") < MIN_TEXT_CHARS:
        return f"no story was found on it ({blocks} paragraphs, {len(story.text or '')} characters)"
    tree = outline(answer.body, answer.content_type)
    return PageRead(answer.url, answer.body, answer.content_type, at, document, story, tree)
