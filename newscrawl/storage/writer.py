"""Write the stories of one run: a lock, the state, and a thread that deduplicates and writes.

The thread works beside the reactor. It gathers stories into a group (closed by count or after some milliseconds). For each
group, in one state transaction, it decides what each story is, writes the lines, waits until they are durable, and commits
the keys. A line is on disk before its key is committed, and no decision uses data that another process has not committed.
A crash at any point leaves whole lines, which recovery records as seen.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from newscrawl.dedup.identify import Decision, identify, keys_of
from newscrawl.dedup.keys import StoryKeys
from newscrawl.extraction.paging import PAGES_MISSING
from newscrawl.items import Story
from newscrawl.politeness.revisit import MAX_AGE_DAYS
from newscrawl.storage.compact import finish_compaction
from newscrawl.storage.copied_credits import carry_and_record_credit
from newscrawl.storage.counts import WriteCounts
from newscrawl.storage.jsonl import SegmentWriter, WriteFailed, day_folder, line_of
from newscrawl.storage.lines import last_headline
from newscrawl.storage.lock import Lock
from newscrawl.storage.migrations import name_in_site
from newscrawl.storage.quarantine import Quarantine
from newscrawl.storage.redact import finish_redaction
from newscrawl.storage.reserved import Reserved
from newscrawl.storage.runs import begin_run, end_run, last_seen_at, record_result
from newscrawl.storage.segments import (
    Reconciliation,
    Recovered,
    lines_of_run,
    name_run,
    reconcile,
    record_segment,
    recover,
    require_registered,
)
from newscrawl.storage.state import State
from newscrawl.storage.story_index import StoryIndex
from newscrawl.storage.visits import Fetch, KnownSource, SourceSnapshot, Visits, seconds

GROUP_SECONDS = 0.05
GROUP_LINES = 256
ALL_SITES_LOCK = "all-sites.lock"
NEW = frozenset({"new", "copy", "excerpt"})  # verdicts of a story that the site had not shown before
CHANGED = frozenset({"update", "correction", "withdrawal"})


@dataclass(frozen=True, slots=True)
class PendingStory:
    """A story on its way to the disk."""

    story: Story
    keys: StoryKeys
    done: Future[Decision]
    fetch: Fetch | None = None


class SiteOutput:
    """Opened before a crawl does anything else; `write` from any thread; closed once."""

    def __init__(
        self,
        folder: Path,
        site: str,
        *,
        max_lines: int = 10_000,
        max_age_seconds: float = 3600.0,
        revisit_days: float = MAX_AGE_DAYS,
        gather_seconds: float = GROUP_SECONDS,
    ) -> None:
        self.folder, self.site = folder, site
        self.stories = folder / "stories"
        self.gather_seconds = gather_seconds
        self.started_at = datetime.now(UTC)
        self.is_closed = False
        require_folder(folder)
        self.locks = [Lock(folder / "state" / "locks" / f"{site}.lock", site)]
        try:
            self.locks.append(Lock(folder / "state" / "locks" / ALL_SITES_LOCK, shared=True))
            self.state = State(folder / "state")
            self.reader = State(folder / "state")  # for lookups outside the writing thread
        except BaseException:
            self.release()
            raise
        self.run, named_at = name_run(self.state, site, self.started_at)
        self.index = StoryIndex(self.state)
        self.tally = WriteCounts()
        self.last_seen_at: datetime | None = None  # when this site last showed a story, before this run
        self.recovered = Recovered()
        self.visits = Visits(self.state, site, revisit_days)
        self.known = Visits(self.reader, site, revisit_days)
        self.open_fetches: dict[str, Fetch] = {}  # by requested URL, until their stories reach the writer
        self.snapshots: list[SourceSnapshot] = []
        self.sources: dict[int, KnownSource] = {}
        self.new_stories = 0
        self.quarantine = Quarantine(folder / "quarantine" / site)
        self.reserved = Reserved(site)
        self.at_finish: list[Callable[[State], object]] = []  # done in the transaction that ends the run
        self.writer = SegmentWriter(day_folder(self.stories, site, named_at), self.run, max_lines, max_age_seconds)
        self.queue: queue.SimpleQueue[PendingStory | Fetch | None] = queue.SimpleQueue()
        self.failure: WriteFailed | None = None
        self.on_failure: Callable[[WriteFailed], object] | None = None
        self.thread: threading.Thread | None = None

    def prepare(self) -> tuple[Recovered, Reconciliation]:
        """Register the run, recover what a killed one left, compare files and state; StateError if they differ."""
        try:
            with self.state.transaction() as db:
                self.last_seen_at = last_seen_at(db, self.site)
                killed = begin_run(db, self.run, self.site, self.started_at)
            finish_compaction(self.folder, self.state, self.site)
            self.recovered = recovered = recover(self.state, self.stories, self.site)
            killed = [run for run in killed if not (self.folder / "runs" / f"{run}.json").exists()]
            finish_redaction(self.folder, self.state, self.site)
            recovered.runs = {run: lines_of_run(self.state, self.site, run) for run in killed}
            found = reconcile(self.state, self.stories, self.site)
            require_registered(found, self.stories)
            self.quarantine.open()
            with self.state.transaction():
                self.sources = self.visits.begin_snapshots()
        except BaseException:
            self.release()
            raise
        # A daemon: a forced exit must not wait for it, and whatever it was doing is recovered.
        self.thread = threading.Thread(target=self._work, name="newscrawl-writer", daemon=True)
        self.thread.start()
        return recovered, found

    def write(self, story: Story) -> Future[Decision]:
        """Hand over a checked story; the future ends when its line is durable and its key committed.

        The fetch that brought it is recorded in the same transaction, so a story that is lost never counts as fetched.
        """
        done: Future[Decision] = Future()
        if self.failure is not None:
            done.set_exception(self.failure)
        else:
            self.queue.put(PendingStory(story, keys_of(story), done, self._fetch_of(story)))
        return done

    def known_source(self, name: int) -> KnownSource | None:
        """What was known of a source, or of a document of it, when the run started."""
        return self.sources.get(name_in_site(self.known.site, name))

    def note(self, fetch: Fetch) -> None:
        """Remember a fetch that brought no story, with the next group."""
        if self.failure is None:
            self.queue.put(fetch)

    def note_empty(self, story: Story) -> None:
        """Remember that a page came and held no story that can be written."""
        fetch = self._fetch_of(story)
        if fetch is not None:
            fetch.outcome = "empty"
            fetch.brought(False)
            self.note(fetch)

    def _fetch_of(self, story: Story) -> Fetch | None:
        """The fetch that brought a story; it is handed out once."""
        return self.open_fetches.pop(story.crawl.requested_url or "", None) if story.crawl else None

    def held_back(self, url: str) -> str | None:
        """Why an announced page is not fetched yet: quarantined or reserved; None if it may be fetched."""
        if self.quarantine.is_held(url):
            return "quarantined"
        return "reserved" if self.reserved.holds(url) else None

    def close(self, finish_reason: str, wait_seconds: float | None = None) -> None:
        """Write what is under way, close the segment, end the run. Blocks; WriteFailed if the end failed.

        A forced end waits for `wait_seconds` only; what is still under way then is left to the next run's recovery.
        """
        if self.is_closed:
            return
        if self.thread is not None:
            self.queue.put(None)
            self.thread.join(wait_seconds)
            if self.thread.is_alive():
                return
        try:
            if self.failure is None:
                self._finish(finish_reason)
        finally:
            self.release()
        if self.failure is not None:
            raise self.failure

    def judge(self, exit_code: int, seen: int, finish_reason: str) -> None:
        """Record the run's result once its report is written. Opens the state again."""
        if not self.is_closed:
            return  # a forced end while the disk hangs: the state is not free, and the next run sees the report
        state = State(self.folder / "state")
        try:
            with state.transaction() as db:
                end_run(db, self.run, finish_reason)
                record_result(db, self.run, exit_code, seen, self.recovered.runs)
        finally:
            state.close()

    def release(self) -> None:
        """Close the state and let go of the locks."""
        self.is_closed = True
        for name in ("state", "reader"):
            if hasattr(self, name):
                getattr(self, name).close()
        for lock in reversed(self.locks):
            lock.release()

    def _finish(self, finish_reason: str) -> None:
        try:
            self.writer.close_segment()
            with self.state.transaction() as db:
                for snapshot in self.snapshots:
                    self.visits.record_snapshot(snapshot)
                end_run(db, self.run, finish_reason, self.new_stories if finish_reason == "finished" else None)
                for step in self.at_finish:
                    step(self.state)
        except (OSError, sqlite3.Error) as error:
            self.failure = WriteFailed(f"{self.folder}: the segment could not be closed: {error}")

    def _work(self) -> None:
        """The writing thread: groups, until None comes."""
        while True:
            group, is_last = self._gather()
            if group and self.failure is None:
                self._write_group(group)
            for entry in group:
                if isinstance(entry, PendingStory) and not entry.done.done():
                    entry.done.set_exception(self.failure or WriteFailed("not written"))
            if self.failure is None and self.writer.is_full():
                self._rotate()
            if is_last:
                return

    def _gather(self) -> tuple[list[PendingStory | Fetch], bool]:
        """(group, whether it is the last): the first entry, and those that come soon after it."""
        try:
            entry = self.queue.get(timeout=self.writer.seconds_to_rotation())
        except queue.Empty:
            return [], False
        group: list[PendingStory | Fetch] = []
        deadline = time.monotonic() + self.gather_seconds
        while entry is not None:
            group.append(entry)
            left = deadline - time.monotonic()
            if len(group) >= GROUP_LINES or left <= 0:
                return group, False
            try:
                entry = self.queue.get(timeout=left)
            except queue.Empty:
                return group, False
        return group, True

    def _write_group(self, group: list[PendingStory | Fetch]) -> None:
        decided: list[tuple[PendingStory, Decision]] = []
        lines: list[bytes] = []
        try:
            with self.state.transaction():
                for entry in group:
                    if isinstance(entry, Fetch):
                        self.visits.record(entry)
                        continue
                    decision = identify(entry.story, entry.keys, self.index, self._headline_of)
                    decided.append((entry, decision))
                    if entry.fetch is not None:
                        _record_outcome(entry.fetch, entry.story, decision)
                        self.visits.record(entry.fetch)
                    if decision.is_written:
                        carry_and_record_credit(entry.story, self.index)
                        lines.append(line_of(entry.story))
                if lines:
                    segment = self.writer.append(lines)
                    name = str(segment.final.relative_to(self.stories))
                    record_segment(self.state, name, self.site, segment.size_bytes, segment.lines)
        except Exception as error:  # noqa: BLE001 - whatever it is: a crawl must not wait for a dead thread
            self._fail(error)
            return
        if lines:
            written = [entry.story for entry, decision in decided if decision.is_written]
            self.tally.add(written, name, sum(map(len, lines)))
        for entry, decision in decided:
            self.new_stories += decision.verdict in NEW
            if entry.fetch is not None:
                entry.fetch.brought(decision.is_written)
            entry.done.set_result(decision)

    def _headline_of(self, story_id: str) -> str | None:
        return last_headline(self.stories, story_id)

    def _rotate(self) -> None:
        try:
            self.writer.close_segment()
        except OSError as error:
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        self.failure = WriteFailed(
            f"{self.writer.folder}: stories could not be written: {error}. "
            "Those reported as written are safe; make room or repair the disk, and the next run fetches the others"
        )
        self.writer.abandon()
        if self.on_failure is not None:
            self.on_failure(self.failure)


def _record_outcome(fetch: Fetch, story: Story, decision: Decision) -> None:
    """Set on the fetch how old its story is, whether it changed, and whether all of it could be read."""
    fetch.published_at = seconds(story.published_at or story.published_date)
    fetch.is_changed = decision.verdict in CHANGED
    if story.change == "withdrawal" or decision.verdict == "gone":
        fetch.outcome = "gone"
    elif story.extraction is not None and PAGES_MISSING in story.extraction.warnings:
        fetch.outcome = "partial"


def require_folder(folder: Path) -> None:
    """OSError, with its remedy, where the output folder is not there and cannot be made."""
    try:
        (folder / "state" / "locks").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OSError(
            f"{folder}: cannot be made ({error.strerror}); set NEWSCRAWL_OUTPUT_DIR to a folder that can be written"
        ) from error
