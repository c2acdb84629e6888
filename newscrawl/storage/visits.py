"""Read and write the tables of visited URLs and sources, which decide what is fetched again and when."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import orjson

from newscrawl.dedup.keys import signed
from newscrawl.politeness.budget import SourceBudget
from newscrawl.politeness.revisit import MAX_AGE_DAYS, Poll, Visit, next_look, next_try
from newscrawl.sites.model import Site, Source
from newscrawl.storage.migrations import name_in_site
from newscrawl.storage.state import State

MAX_VALIDATOR_CHARS = 300
MAX_CANDIDATE_BYTES = 4_000
DUE_AT_ONCE = 200  # rows read at a time
RUNS_OF_THE_RATE = 50

FetchOutcome = Literal["story", "partial", "gone", "same", "empty", "failed"]


@dataclass(slots=True)
class Fetch:
    """One fetch of an announced URL, from its answer until its result is durable."""

    url: int  # hash
    candidate: Mapping[str, Any]  # url, hints, discovered: to fetch again without an announcement
    fetched_at: int
    hinted_at: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    outcome: FetchOutcome = "story"
    published_at: int | None = None
    is_changed: bool = False  # it brought a new version of a story that was known
    budget: SourceBudget | None = None  # of the source, where the URL was asked for the first time

    def forget_validators(self) -> None:
        """Drop the validators: a story of several pages can change while its first page does not."""
        self.etag = self.last_modified = None

    def brought(self, is_new: bool) -> None:
        if self.budget is not None:
            self.budget.brought(is_new)


@dataclass(frozen=True, slots=True)
class KnownSource:
    """A feed, sitemap or list as the last run left it."""

    is_complete: bool
    newest: int | None
    etag: str | None
    last_modified: str | None


@dataclass(slots=True)
class SourceSnapshot:
    """What one run saw of a source; `urls` are hashes of all that it announced and that may be asked for."""

    name: int
    url: str
    walked_at: int
    is_whole: bool = False  # read to its end: nothing cut, nothing failed
    newest: int | None = None
    urls: set[int] = field(default_factory=set)
    documents: dict[str, tuple[int, str | None, str | None]] = field(default_factory=dict)  # url: hash, validators


class Visits:
    """Visits and sources of one site. Methods that write need a transaction of the caller."""

    def __init__(self, state: State, site: str, max_age_days: float = MAX_AGE_DAYS) -> None:
        self.db, self.max_age_days = state.db, max_age_days
        self.site = site_number(state, site)

    def get(self, url: int) -> Visit | None:
        row = self.db.execute(
            "SELECT fetched_at, next_at, changed_at, failures, hinted_at, etag, last_modified FROM visits WHERE name = ?",
            (name_in_site(self.site, url),),
        ).fetchone()
        return Visit(*row) if row else None

    def due(self, until: int) -> Iterator[dict[str, Any]]:
        """The candidates whose time had come at `until`, the longest due first; rows are read as they are needed."""
        after = (-1, 0)
        while True:
            rows = self.db.execute(
                "SELECT next_at, name, candidate FROM visits WHERE site = ? AND next_at <= ? AND (next_at, name) > (?, ?)"
                " ORDER BY next_at, name LIMIT ?",
                (self.site, until, *after, DUE_AT_ONCE),
            ).fetchall()
            for next_at, name, candidate in rows:
                after = (next_at, name)
                if candidate is not None:
                    yield orjson.loads(candidate)
            if len(rows) < DUE_AT_ONCE:
                return

    def record(self, fetch: Fetch) -> None:
        """Record a fetch. One that brought a story belongs in the transaction that makes the story durable."""
        known = self.get(fetch.url)
        if fetch.outcome in ("empty", "failed", "partial"):
            self.put(fetch, known, failed_visit(fetch, known, self.max_age_days))
        elif fetch.outcome == "same":
            self.put(fetch, known, same_visit(fetch, known, self.max_age_days))
        else:
            self.put(fetch, known, read_visit(fetch, known, self.max_age_days))

    def put(self, fetch: Fetch, known: Visit | None, visit: Visit) -> None:
        is_last = visit.next_at is None
        candidate = None if is_last else orjson.dumps(fetch.candidate)
        if candidate is not None and len(candidate) > MAX_CANDIDATE_BYTES:
            candidate = orjson.dumps({**fetch.candidate, "hints": {}})
        hints = [at for at in (fetch.hinted_at, known.hinted_at if known else None) if at is not None]
        self.db.execute(
            "INSERT OR REPLACE INTO visits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                name_in_site(self.site, fetch.url), self.site, visit.fetched_at, visit.changed_at, visit.next_at,
                visit.failures, max(hints, default=None), None if is_last else bounded(visit.etag),
                None if is_last else bounded(visit.last_modified), candidate and candidate.decode(),
            ),
        )  # fmt: skip

    def record_line(self, line: Mapping[str, Any], url: int) -> None:
        """Record the fetch that brought a line, as far as the line says: for recovery and rebuilding.

        Without validators: a line does not say whether its story was read of one page alone.
        """
        crawl = line.get("crawl") or {}
        fetched_at = seconds(crawl.get("fetched_at"))
        if fetched_at is None:
            return
        candidate = {"url": crawl["requested_url"], "hints": {}, "discovered": crawl.get("discovered")}
        fetch = Fetch(url, candidate, fetched_at, published_at=seconds(line.get("published_at")))
        fetch.is_changed = line["version"] > 1
        fetch.outcome = "gone" if line.get("change") == "withdrawal" else "story"
        known = self.get(url)
        if known is None or known.fetched_at <= fetched_at:
            self.record(fetch)

    # --- sources

    def begin_snapshots(self) -> dict[int, KnownSource]:
        """What is known of the sources and their documents, by their names in the table.

        No walk counts as complete from now on, until its end: a run that is killed must not fetch like one that ended.
        """
        rows = self.db.execute(
            "SELECT name, is_complete, newest, etag, last_modified FROM sources WHERE site = ?", (self.site,)
        ).fetchall()
        self.db.execute("UPDATE sources SET is_complete = 0 WHERE site = ? AND is_complete = 1", (self.site,))
        return {name: KnownSource(bool(is_complete), *rest) for name, is_complete, *rest in rows}

    def record_snapshot(self, snapshot: SourceSnapshot) -> None:
        """Remember how far a source was snapshot: it is complete once all that it announced is among the visits.

        Validators are kept only of a source that showed a story: the next run takes its 304 for stories that were seen.
        """
        is_complete = snapshot.is_whole and all(map(self.is_visited, snapshot.urls))
        newest = max(filter(None, (snapshot.newest, self.newest(snapshot.name))), default=None)
        self.put_source(snapshot.name, snapshot.url, snapshot.walked_at, is_complete, newest, None, None)
        for url, (name, etag, last_modified) in (
            snapshot.documents.items() if is_complete and any(map(self.is_story, snapshot.urls)) else ()
        ):
            self.put_source(name, url, snapshot.walked_at, True, None, bounded(etag), bounded(last_modified))

    def put_source(self, name: int, *values: Any) -> None:
        self.db.execute(
            "INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (name_in_site(self.site, name), self.site, *values),
        )

    def newest(self, name: int) -> int | None:
        row = self.db.execute("SELECT newest FROM sources WHERE name = ?", (name_in_site(self.site, name),)).fetchone()
        return row[0] if row else None

    def is_visited(self, url: int) -> bool:
        name = name_in_site(self.site, url)
        return self.db.execute("SELECT 1 FROM visits WHERE name = ?", (name,)).fetchone() is not None

    def is_story(self, url: int) -> bool:
        """Whether a story was read at a URL."""
        visit = self.get(url)
        return visit is not None and visit.changed_at is not None


def site_number(state: State, site: str) -> int:
    """The number of a site's row; a new one is added."""
    found = state.db.execute("SELECT n FROM sites WHERE id = ?", (site,)).fetchone()
    if found is None:
        state.db.execute("INSERT OR IGNORE INTO sites (id) VALUES (?)", (site,))
        found = state.db.execute("SELECT n FROM sites WHERE id = ?", (site,)).fetchone()
    return int(found[0])


def read_visit(fetch: Fetch, known: Visit | None, max_age_days: float) -> Visit:
    """The visit that brought a story: its age counts from its publication, or from its last change that we saw."""
    at = fetch.fetched_at
    if fetch.is_changed:
        changed_at = at
    elif known is not None and known.changed_at is not None:
        changed_at = known.changed_at
    else:
        changed_at = min(at, fetch.published_at if fetch.published_at is not None else at)
    next_at = None if fetch.outcome == "gone" else next_look(at, changed_at, max_age_days)
    return Visit(at, next_at, changed_at, etag=fetch.etag, last_modified=fetch.last_modified)


def same_visit(fetch: Fetch, known: Visit | None, max_age_days: float) -> Visit:
    """The visit that was answered 304: all stays, the story is older."""
    at = fetch.fetched_at
    changed_at = at if known is None or known.changed_at is None else known.changed_at
    return Visit(
        at, next_look(at, changed_at, max_age_days), changed_at,
        etag=fetch.etag or (known.etag if known else None),
        last_modified=fetch.last_modified or (known.last_modified if known else None),
    )  # fmt: skip


def failed_visit(fetch: Fetch, known: Visit | None, max_age_days: float) -> Visit:
    """The visit that brought no page, no story or only a part of one: it is tried again, later each time.

    A story that was read before stays known; its next fetch is no later than the next attempt.
    """
    failures = (known.failures if known else 0) + 1
    changed_at = known.changed_at if known else None
    if fetch.outcome == "partial" and changed_at is None:
        changed_at = min(fetch.fetched_at, fetch.published_at or fetch.fetched_at)
    next_at = next_try(fetch.fetched_at, failures, is_empty=fetch.outcome == "empty")
    if next_at is None and changed_at is not None:
        next_at = next_look(fetch.fetched_at, changed_at, max_age_days)
    kept = known if known is not None and fetch.outcome == "failed" else None
    return Visit(
        fetch.fetched_at, next_at, changed_at, failures,
        etag=kept.etag if kept else None, last_modified=kept.last_modified if kept else None,
    )  # fmt: skip


def source_name(source: Source) -> int:
    """What a source is known by: all that its entry in the site file says, so that a changed one is snapshot anew."""
    return signed(hashlib.sha256(repr(source).encode("utf-8", "surrogatepass")).digest())


def document_name(url: str) -> int:
    """What a document of a source is known by; never the same as a source's."""
    return signed(hashlib.sha256(b"document\0" + url.encode("utf-8", "surrogatepass")).digest())


def last_polls(state: State, site: Site) -> list[Poll]:
    """The last finished runs of a site, oldest first: what `next_poll` asks for."""
    rows = state.db.execute(
        "SELECT started_at, new_stories FROM runs WHERE site = ? AND new_stories IS NOT NULL ORDER BY n DESC LIMIT ?",
        (site.id, RUNS_OF_THE_RATE),
    ).fetchall()
    return [Poll(datetime.fromisoformat(started_at), new) for started_at, new in reversed(rows)]


def carry_over(old: State, new: State) -> int:
    """Take what an old state knew of visits into one made of the lines: validators, and URLs without a story; how many.

    A visit that brought a story is taken only where the lines still hold it. Snapshots of sources are not taken over: the next run starts from the beginning.
    """
    numbers = dict(new.db.execute("SELECT id, n FROM sites").fetchall())
    taken = 0
    for n, site in old.db.execute("SELECT n, id FROM sites").fetchall():
        if site not in numbers:
            continue
        visits = Visits(new, site)
        for row in old.db.execute("SELECT * FROM visits WHERE site = ?", (n,)):
            name = name_in_site(visits.site, name_in_site(n, row[0]))
            if row[3] is None or new.db.execute("SELECT 1 FROM visits WHERE name = ?", (name,)).fetchone():
                new.db.execute(
                    "INSERT OR REPLACE INTO visits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (name, visits.site, *row[2:]),
                )
                taken += 1
    return taken


def seconds(timestamp: str | None) -> int | None:
    """Seconds since 1970 of a `..._at` of a line; of a day its first moment in UTC."""
    if not timestamp:
        return None
    at = datetime.fromisoformat(timestamp)
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())


def bounded(validator: str | None) -> str | None:
    """A validator that is short enough to be kept and sent; None for one that is not, or cannot be a header."""
    if validator is None or len(validator) > MAX_VALIDATOR_CHARS or not validator.isprintable():
        return None
    return validator
