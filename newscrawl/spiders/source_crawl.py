"""State of one source in one run: its documents, what they announce, and whether it was read to its end."""

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
    """What a source yields in place of a request."""

    WAITING = auto()  # until a document arrives
    SKIPPED = auto()  # the candidate needs no request


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A feed, a sitemap or a list page; `number` is its position in a list, or its depth below an index."""

    url: str
    number: int = 1
    day: date | None = None  # of a date archive


@dataclass(slots=True)
class SourceCrawl:
    """One source in one run."""

    source: Source
    budget: SourceBudget
    snapshot: SourceSnapshot
    was_complete: bool  # whether the run before read the source to its end
    documents: deque[SourceDocument] = field(default_factory=deque)
    seen: set[str] = field(default_factory=set)  # documents
    announced: Announced | None = None  # what the requested document announces, once it has arrived
    validators: tuple[str | None, str | None] = (None, None)  # ETag and Last-Modified of that document
    has_begun: bool = False
    is_over: bool = False
    has_failed: bool = False
    new_here: int = 0  # candidates of this document that no run has fetched
    unseen_here: int = 0  # candidates that no earlier document of this run announced

    def start(self, document: SourceDocument) -> None:
        self.announced = None
        self.new_here = self.unseen_here = 0
        self.seen.add(document.url)

    def saw(self, name: int, *, is_new: bool, is_unseen: bool) -> None:
        """Record a candidate of the present document that can be a story."""
        self.snapshot.urls.add(name)
        self.new_here += is_new
        self.unseen_here += is_unseen

    def is_known_from_here(self) -> bool:
        """Whether the rest of a list is known: nothing is new on this page, and the last run read the list to its end."""
        return self.was_complete and self.new_here == 0

    def next_documents(self, document: SourceDocument, urls: list[str]) -> tuple[list[SourceDocument], str | None]:
        """(the documents to read next, the limit that cut them off)."""
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
        """Mark the source as read, to its end unless something failed or its budget ended."""
        self.is_over = True
        is_cut = self.budget.spent in ("stories", "list-pages")  # a source that shows nothing new has reached its end
        self.snapshot.is_whole = self.has_begun and not self.has_failed and not is_cut


def known_documents(known: KnownSource | None, was_complete: bool) -> KnownSource | None:
    """The validators of a document, or None where its source was not read to the end."""
    return known if was_complete and known is not None and known.is_complete else None


class DocumentEvent:
    """Set when a document arrives or fails, or when the scheduler has room again."""

    def __init__(self, seconds: float = LOST_SECONDS) -> None:
        self.seconds = seconds  # a wait ends after this time, and whoever waits checks again
        self.event = asyncio.Event()
        self.is_quiet = False  # the last wait timed out

    def set(self) -> None:
        self.event.set()

    async def wait(self) -> None:
        """Wait until it is set or the time has passed."""
        self.is_quiet = True
        with suppress(TimeoutError):
            await asyncio.wait_for(self.event.wait(), self.seconds)
            self.is_quiet = False
        self.event.clear()


async def round_robin(turns: list[Iterator[T | Pending]], arrival: DocumentEvent) -> AsyncIterator[T]:
    """The requests of all sources, one from each in turn. Where all wait for a document, it waits until one arrives."""
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
