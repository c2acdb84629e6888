"""The walk of one run over the sources of a site: whose document is read next, and how far each is walked."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto
from typing import TypeVar

from newscrawl.discovery.candidate import Announced
from newscrawl.politeness.budget import MAX_DEPTH, SourceBudget
from newscrawl.sites.model import Source
from newscrawl.storage.visits import KnownSource, SourceSnapshot

INDEXED = ("news-sitemap", "sitemap")  # their next pages are documents of an index, not of a list
SKIPPED_AT_ONCE = 100  # known candidates that are passed over before others get their turn
LOST_SECONDS = 10.0
T = TypeVar("T")


class Pending(Enum):
    """What a source has to say where it has no request."""

    WAITING = auto()  # for a document
    SKIPPED = auto()  # a candidate that needs no request


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A feed, a sitemap or a list page; `number` is its place in a list, its depth below an index."""

    url: str
    number: int = 1
    day: date | None = None  # of an archive's list


@dataclass(slots=True)
class SourceCrawl:
    """One source in one run."""

    source: Source
    budget: SourceBudget
    walked: SourceSnapshot
    was_complete: bool  # the walk of the run before
    documents: deque[SourceDocument] = field(default_factory=deque)
    seen: set[str] = field(default_factory=set)  # documents
    announced: Announced | None = None  # the document that was asked for, once it has come
    validators: tuple[str | None, str | None] = (None, None)  # ETag and Last-Modified of that document
    has_begun: bool = False
    is_over: bool = False
    has_failed: bool = False
    new_here: int = 0  # candidates of the present document that were never looked at
    unseen_here: int = 0  # those that no document of this run had announced

    def start(self, document: SourceDocument) -> None:
        self.announced = None
        self.new_here = self.unseen_here = 0
        self.seen.add(document.url)

    def saw(self, name: int, *, is_new: bool, is_unseen: bool) -> None:
        """A candidate of the present document can be a story's."""
        self.walked.urls.add(name)
        self.new_here += is_new
        self.unseen_here += is_unseen

    def is_known_from_here(self) -> bool:
        """Whether all that lies deeper in a list was looked at before: nothing new here, and the last walk got through."""
        return self.was_complete and self.new_here == 0

    def next_documents(self, document: SourceDocument, urls: list[str]) -> tuple[list[SourceDocument], str | None]:
        """(where to go on, the bound that kept from more of it)."""
        is_index = self.source.kind in INDEXED
        if not is_index and (document.number >= self.source.max_pages or self.is_known_from_here()):
            return [], None
        if is_index and document.number >= MAX_DEPTH:
            return [], "depth" if urls else None
        fresh = [url for url in dict.fromkeys(urls) if url not in self.seen]
        return [SourceDocument(url, document.number + 1, document.day) for url in fresh], "loop" if len(fresh) < len(
            urls
        ) else None

    def finish(self) -> None:
        """The source has been walked: to its end, unless something failed or its budget ended it before."""
        self.is_over = True
        is_cut = self.budget.spent in ("stories", "list-pages")  # what shows nothing new has come to its end
        self.walked.is_whole = self.has_begun and not self.has_failed and not is_cut


def known_documents(known: KnownSource | None, was_complete: bool) -> KnownSource | None:
    """What the validators of a document are worth: nothing where its source was not walked to the end."""
    return known if was_complete and known is not None and known.is_complete else None


class DocumentEvent:
    """Told when a document has come, or will not; or when there is room again."""

    def __init__(self, seconds: float = LOST_SECONDS) -> None:
        self.seconds = seconds  # at most so long is waited: whoever waits looks again for itself
        self.event = asyncio.Event()
        self.is_quiet = False  # the last wait was in vain

    def tell(self) -> None:
        self.event.set()

    async def wait(self) -> None:
        """Until it is told."""
        self.is_quiet = True
        with suppress(TimeoutError):
            await asyncio.wait_for(self.event.wait(), self.seconds)
            self.is_quiet = False
        self.event.clear()


async def round_robin(turns: list[Iterator[T | Pending]], arrival: DocumentEvent) -> AsyncIterator[T]:
    """The requests of all sources, one of each in turn; where all wait for a document, until one comes."""
    queue = deque(turns)
    waiting = skipped = 0
    while queue:
        turn = queue.popleft()
        found = next(turn, None)
        if found is None:
            waiting = 0
            continue
        queue.append(turn)
        if found is Pending.WAITING:
            waiting += 1
            if waiting >= len(queue):
                await arrival.wait()
                waiting = 0
            continue
        waiting = 0
        if isinstance(found, Pending):
            skipped += 1
            if skipped % SKIPPED_AT_ONCE == 0:
                await asyncio.sleep(0)
            continue
        yield found
