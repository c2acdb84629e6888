"""The output of one run: a lock, the state, and the thread that decides and writes.

One thread does the slow part, off the reactor: it gathers stories into a group (closed by count or after some
milliseconds), and for a group, in one state transaction: decides what each story is, writes the lines of those
that are written, waits until they are durable, commits the keys. So a line is on disk before its key is
committed, no story is decided on what another process has not yet committed, and a crash anywhere in between
leaves whole lines that recovery takes as seen.
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
from secrets import token_hex

from newscrawl.dedup.identify import Decision, identify, keys_of
from newscrawl.dedup.index import StoryIndex, StoryKeys
from newscrawl.items import Story
from newscrawl.state.lock import Lock
from newscrawl.state.store import State
from newscrawl.writers.credits import settle_credit
from newscrawl.writers.jsonl import SegmentWriter, WriteFailed, day_folder, line_of
from newscrawl.writers.lines import last_headline
from newscrawl.writers.segments import Fit, Recovered, demand_known, fit, record_segment, recover

GROUP_SECONDS = 0.05
GROUP_LINES = 256
EVERYONE = "all-sites.lock"


@dataclass(frozen=True, slots=True)
class Entry:
    """A story on its way to the disk."""

    story: Story
    keys: StoryKeys
    done: Future[Decision]


class Output:
    """Opened before a crawl does anything else; `write` from any thread; closed once."""

    def __init__(
        self, folder: Path, site: str, *, max_lines: int = 10_000, max_age_seconds: float = 3600.0,
        gather_seconds: float = GROUP_SECONDS,
    ) -> None:  # fmt: skip
        self.folder, self.site = folder, site
        self.stories = folder / "stories"
        self.gather_seconds = gather_seconds
        self.started_at = datetime.now(UTC)
        self.run = f"{self.started_at:%Y%m%dT%H%M%SZ}-{token_hex(3)}"
        self.locks = [Lock(folder / "state" / "locks" / f"{site}.lock", f"{site} run {self.run}")]
        try:
            self.locks.append(Lock(folder / "state" / "locks" / EVERYONE, shared=True))
            self.state = State(folder / "state")
        except BaseException:
            self.release()
            raise
        self.index = StoryIndex(self.state)
        self.writer = SegmentWriter(
            day_folder(self.stories, site, self.started_at), self.run, max_lines, max_age_seconds
        )
        self.queue: queue.SimpleQueue[Entry | None] = queue.SimpleQueue()
        self.failure: WriteFailed | None = None
        self.on_failure: Callable[[WriteFailed], object] | None = None
        self.thread: threading.Thread | None = None

    def prepare(self) -> tuple[Recovered, Fit]:
        """Recover what a killed run left, compare files and state, register the run; StateError if they differ."""
        try:
            recovered = recover(self.state, self.stories, self.site)
            found = fit(self.state, self.stories, self.site)
            demand_known(found, self.stories)
            with self.state.transaction() as db:
                db.execute(
                    "INSERT INTO runs (run, site, started_at) VALUES (?, ?, ?)",
                    (self.run, self.site, self.started_at.strftime("%Y-%m-%dT%H:%M:%SZ")),
                )
        except BaseException:
            self.release()
            raise
        # A daemon: a forced exit must not wait for it, and whatever it was doing is recovered.
        self.thread = threading.Thread(target=self._work, name="newscrawl-writer", daemon=True)
        self.thread.start()
        return recovered, found

    def write(self, story: Story) -> Future[Decision]:
        """Hand over a checked story; the future ends when its line is durable and its key committed."""
        done: Future[Decision] = Future()
        if self.failure is not None:
            done.set_exception(self.failure)
        else:
            self.queue.put(Entry(story, keys_of(story), done))
        return done

    def close(self, finish_reason: str) -> None:
        """Write what is under way, close the segment, end the run. Blocks; WriteFailed if the end failed."""
        if self.thread is not None:
            self.queue.put(None)
            self.thread.join()
        try:
            if self.failure is None:
                self._finish(finish_reason)
        finally:
            self.release()
        if self.failure is not None:
            raise self.failure

    def release(self) -> None:
        """Close the state and let go of the locks."""
        if hasattr(self, "state"):
            self.state.close()
        for lock in reversed(self.locks):
            lock.release()

    def _finish(self, finish_reason: str) -> None:
        try:
            self.writer.close_segment()
            with self.state.transaction() as db:
                db.execute(
                    "UPDATE runs SET finished_at = ?, finish_reason = ? WHERE run = ?",
                    (datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), finish_reason, self.run),
                )
        except (OSError, sqlite3.Error) as error:
            self.failure = WriteFailed(f"{self.folder}: the segment could not be closed: {error}")

    def _work(self) -> None:
        """The writing thread: groups, until None comes."""
        while True:
            group, is_last = self._gather()
            if group and self.failure is None:
                self._write_group(group)
            for entry in group:
                if not entry.done.done():
                    entry.done.set_exception(self.failure or WriteFailed("not written"))
            if self.failure is None and self.writer.is_full():
                self._rotate()
            if is_last:
                return

    def _gather(self) -> tuple[list[Entry], bool]:
        """(group, whether it is the last): the first entry, and those that come soon after it."""
        try:
            entry = self.queue.get(timeout=self.writer.seconds_to_rotation())
        except queue.Empty:
            return [], False
        group: list[Entry] = []
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

    def _write_group(self, group: list[Entry]) -> None:
        decided: list[tuple[Entry, Decision]] = []
        lines: list[bytes] = []
        try:
            with self.state.transaction():
                for entry in group:
                    decision = identify(entry.story, entry.keys, self.index, self._headline_of)
                    decided.append((entry, decision))
                    if decision.is_written:
                        settle_credit(entry.story, self.index)
                        lines.append(line_of(entry.story))
                if lines:
                    segment = self.writer.append(lines)
                    name = str(segment.final.relative_to(self.stories))
                    record_segment(self.state, name, self.site, segment.size_bytes, segment.lines)
        except Exception as error:  # noqa: BLE001 - whatever it is: a crawl must not wait for a thread that has died
            self._fail(error)
            return
        for entry, decision in decided:
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
            "Those reported as written are safe; make room or mend the disk, and the next run brings the others"
        )
        self.writer.abandon()
        if self.on_failure is not None:
            self.on_failure(self.failure)
