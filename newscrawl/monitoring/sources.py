"""Record the outcome of each source in one run: read, not modified, blocked, forbidden, or failed with a reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from newscrawl.security.url import mask_userinfo
from newscrawl.sites.model import Source, own_host

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
NOT_REACHED = "not-reached"  # the same in a run that never started or was ended by a signal: not a failure


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


UNUSABLE = {  # reasons why an announced URL is not fetched: in words
    "elsewhere": "{all} on {hosts}, which {are} not in domains",
    "no-story-url": "{none} matches story_url of the site file, such as {example}",
    "growing-path": "{none} has a path like a story's, such as {example}",
}
MAX_HOSTS = 3  # named in a message
MAX_COUNTED_HOSTS = 1_000


@dataclass(slots=True)
class SourceOutcome:
    """One source so far: documents read, stories announced, and the first thing that went wrong."""

    documents: int = 0
    announced: int = 0
    unchanged: int = 0
    failed: str | None = None  # why a document could not be had or read
    broken: str | None = None  # what was wrong with one that was read all the same
    is_unreadable: bool = False  # reading a document raised an exception
    unusable: Counter[str] = field(default_factory=Counter)  # announced URLs that are not fetched, by reason
    hosts: dict[str, None] = field(default_factory=dict)  # of those on other hosts
    example: str = ""

    @property
    def is_unusable(self) -> bool:
        """Whether it announced stories and none of them could be requested."""
        return 0 < self.announced <= self.unusable.total()

    def problem(self) -> str | None:
        """What went wrong, as a sentence for unusable stories and otherwise as a counted reason."""
        if not self.is_unusable:
            return self.failed or self.broken
        reason = self.unusable.most_common(1)[0][0]
        is_one = self.announced == 1
        hosts = list(self.hosts)
        more = f" and {len(hosts) - MAX_HOSTS} more" if len(hosts) > MAX_HOSTS else ""
        words = UNUSABLE[reason].format(
            all="" if is_one else "all" if self.unusable[reason] == self.announced else "most",
            none="it does not match: none" if is_one else "none",
            hosts=", ".join(hosts[:MAX_HOSTS]) + more, are="is" if len(hosts) == 1 else "are", example=self.example,
        )  # fmt: skip
        return f"{self.announced} {'story' if is_one else 'stories'} announced, {words.strip()}"

    def word(self, unread: str) -> str:
        """ok, not-modified, one of OUTCOMES, failed/<reason>, or `unread` where nothing came of it.

        What announced something has not failed, whatever became of its later pages; what announced nothing has
        failed if any document of it did, such as a sitemap index none of whose sitemaps could be fetched.
        """
        if self.is_unreadable:
            return "failed/unreadable"
        if self.is_unusable:
            return f"failed/{self.unusable.most_common(1)[0][0]}"
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
        """Count a document that arrived."""
        self.of(source).documents += 1

    def announced(self, source: Source) -> None:
        """Count a story that a document announces."""
        self.of(source).announced += 1

    def unusable(self, source: Source, reason: str, url: str) -> None:
        """Count an announced URL that is not fetched: `reason` is a key of UNUSABLE."""
        outcome = self.of(source)
        outcome.unusable[reason] += 1
        outcome.example = outcome.example or mask_userinfo(url)[:200]
        if reason == "elsewhere" and len(outcome.hosts) < MAX_COUNTED_HOSTS:
            outcome.hosts[own_host(url) or "no http(s) host"] = None

    def problems(self) -> list[str]:
        """A sentence for each source whose stories could not be used: its URL and why."""
        return [f"{source.url}: {found.problem()}" for source, found in self.outcomes.items() if found.is_unusable]

    def broken(self, source: Source, problem: str) -> None:
        """Record a defect of a document that arrived. Call it after `announced`."""
        outcome = self.of(source)
        if outcome.announced or problem in EMPTY:
            outcome.broken = outcome.broken or problem
        else:
            outcome.failed = outcome.failed or problem

    def unreadable(self, source: Source, error: str) -> None:
        """Reading a document raised an exception. Its stories before that point are kept."""
        outcome = self.of(source)
        outcome.broken = outcome.broken or error
        outcome.failed, outcome.is_unreadable = outcome.failed or "unreadable", True

    def unchanged(self, source: Source) -> None:
        """Count a document that has not changed since the last run (304)."""
        self.of(source).unchanged += 1

    def failed(self, source: Source, error: BaseException) -> None:
        """Record that a document could not be fetched."""
        outcome = self.of(source)
        outcome.failed = outcome.failed or failure_reason(error)

    def cut_short(self) -> None:
        """The run ended early: sources that it did not reach have not failed."""
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
                "complaint": outcome.problem(),
            }
            for source, outcome in self.outcomes.items()
        ]
