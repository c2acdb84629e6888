"""What came of each source of a site in one run: read, unchanged, blocked, forbidden, or failed and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from newscrawl.sites.model import Source

# Exceptions are known here by the names of their classes: Scrapy's and Twisted's own stay above.
REASONS = {
    "CannotResolveHostError": "dns",
    "DNSLookupError": "dns",
    "DownloadConnectionRefusedError": "refused",
    "ConnectionRefusedError": "refused",
    "DownloadTimeoutError": "timeout",
    "TimeoutError": "timeout",
    "DownloadCancelledError": "too-big",
    "DownloadFailedError": "connection-lost",
    "ResponseDataLossError": "cut-off",
    "TruncatedBody": "cut-off",
    "RequestRefused": "refused-address",
    "CrawlStopping": "stopping",
    "UnsupportedURLSchemeError": "scheme",
}
WORDS = {
    "Forbidden by robots.txt": "robots-forbidden",
    "max redirections reached": "redirects",
    "DOWNLOAD_MAXSIZE": "too-big",
}
OUTCOMES = ("blocked", "robots-forbidden", "robots-unreachable")  # what is not `failed`, and yet gave nothing
EMPTY = frozenset({"empty-sitemap", "empty-feed"})  # said of a document that is what it should be
NOT_READ = "failed/not-read"  # of a source whose reading raised, or that a limit of the run left no time for
NOT_REACHED = "not-reached"  # the same in a run that never started, or that a signal ended: nobody's failure


def failure_reason(error: BaseException) -> str:
    """Why a request gave no document, in a word: the error's own `outcome`, its status, or what its class means."""
    outcome = getattr(error, "outcome", None)
    if isinstance(outcome, str) and outcome != "failed":
        return outcome.removeprefix("failed/")
    status = getattr(getattr(error, "response", None), "status", None)
    if isinstance(status, int):
        return "blocked" if status == 403 else f"http-{status}"
    text = str(error)
    said = next((reason for words, reason in WORDS.items() if words in text), None)
    return said or REASONS.get(type(error).__name__, "error")


@dataclass(slots=True)
class SourceOutcome:
    """One source so far: documents read, stories announced, and the first thing that went wrong."""

    documents: int = 0
    announced: int = 0
    unchanged: int = 0
    failed: str | None = None  # why a document could not be had or read
    broken: str | None = None  # what was wrong with one that was read all the same

    def word(self, unread: str) -> str:
        """ok, not-modified, one of OUTCOMES, failed/<reason>, or `unread` where nothing came of it.

        What announced something has not failed, whatever became of its later pages; what announced nothing has
        failed if any document of it did: an index of sitemaps none of which can be had is no source.
        """
        if self.announced or (self.documents and not self.failed):
            return "ok"
        if self.unchanged:
            return "not-modified"
        if self.failed is None:
            return unread
        return self.failed if self.failed in OUTCOMES else f"failed/{self.failed}"


class Sources:
    """The outcomes of a run, source by source in the order of the site file."""

    def __init__(self, sources: tuple[Source, ...]) -> None:
        self.outcomes = {source: SourceOutcome() for source in sources}
        self.unread = NOT_READ

    def of(self, source: Source) -> SourceOutcome:
        return self.outcomes.setdefault(source, SourceOutcome())

    def came(self, source: Source) -> None:
        """A document came; what it announces, and whether it is broken, is told as it is read."""
        self.of(source).documents += 1

    def announced(self, source: Source) -> None:
        """A document announces a story."""
        self.of(source).announced += 1

    def broken(self, source: Source, complaint: str) -> None:
        """A document that came was not, or not wholly, what it should be; told when all it announces was."""
        outcome = self.of(source)
        if outcome.announced or complaint in EMPTY:
            outcome.broken = outcome.broken or complaint
        else:
            outcome.failed = outcome.failed or complaint

    def unchanged(self, source: Source) -> None:
        """A document is what it was at the last run (304)."""
        self.of(source).unchanged += 1

    def failed(self, source: Source, error: BaseException) -> None:
        """A document did not come."""
        outcome = self.of(source)
        outcome.failed = outcome.failed or failure_reason(error)

    def cut_short(self) -> None:
        """The run ended before its time: what it did not come to has not failed."""
        self.unread = NOT_REACHED

    def counts(self) -> dict[str, int]:
        """`source/<outcome>` -> sources."""
        return dict(Counter(f"source/{outcome.word(self.unread)}" for outcome in self.outcomes.values()))

    def table(self) -> list[dict[str, Any]]:
        """The sources as the run report holds them."""
        return [
            {
                "kind": source.kind,
                "url": source.url,
                "outcome": outcome.word(self.unread),
                "documents": outcome.documents,
                "announced": outcome.announced,
                "complaint": outcome.failed or outcome.broken,
            }
            for source, outcome in self.outcomes.items()
        ]
