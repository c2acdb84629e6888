"""Keep request times and back-off of each host in small files that all processes share.

The files are in `state/hosts/` and not in a table: the times change with every request, and a request cannot wait for
an fsync. They survive a kill. A power cut loses at most a second of waiting.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from dataclasses import dataclass, replace
from pathlib import Path

from newscrawl.storage.lock import Lock, LockHeld

FOLDER = "hosts"
MAX_REMEMBERED_SECONDS = 7 * 86_400.0  # the longest back-off, whatever the host or a wrong clock says
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class HostRequestTimes:
    """When a host was last asked, in seconds since 1970."""

    last_at: float = 0.0

    def corrected(self, now: float) -> HostRequestTimes:
        """The times after a check of the clock: if it was set back, the last request counts as made now."""
        return self if self.last_at <= now else replace(self, last_at=now)


@dataclass(frozen=True, slots=True)
class NotBefore:
    """The time before which a host must not be requested (seconds since 1970), and the reason."""

    at: float = 0.0
    reason: str = ""


def file_name(host: str) -> str:
    """A name for a host's files: readable, safe whatever the host is called, different for each."""
    readable = re.sub(r"[^a-z0-9.-]", "_", host.lower())[:LONGEST_NAME]
    return f"{readable}-{hashlib.sha256(host.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


class HostLease:
    """The right to send requests to a host: one process has it at a time, and a killed one loses it."""

    def __init__(self, state_folder: Path, host: str) -> None:
        self.path = state_folder / FOLDER / file_name(host)
        # Asked for with each request: made once.
        self.lock_path, self.times_path, self.wanted_path, self.not_before_path = (
            self.path.with_name(self.path.name + suffix) for suffix in (".lock", ".times", ".wanted", ".not-before")
        )
        self.host = host
        self.lock: Lock | None = None
        self.times = self.stored = HostRequestTimes()

    @property
    def is_held(self) -> bool:
        return self.lock is not None

    def take(self) -> bool:
        """Take the lease and read the host's times; where another process has it, ask for it and return False."""
        try:
            self.lock = Lock(self.lock_path, self.host)
        except LockHeld:
            self.want()
            return False
        self.stored = self.read_times()
        self.times = self.stored.corrected(time.time())
        return True

    def release(self) -> None:
        if self.lock is None:
            return
        try:
            self.keep(self.times)
        finally:
            self.lock.release()
            self.lock = None

    def keep(self, times: HostRequestTimes) -> None:
        """Remember the times, also for the other processes; only while the lease is held."""
        if times == self.stored:
            return
        self.times = self.stored = times
        # Always as long and written over: a kill in between leaves no empty file.
        descriptor = os.open(self.times_path, os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            os.pwrite(descriptor, b"%020.6f\n" % times.last_at, 0)
        finally:
            os.close(descriptor)

    def read_times(self) -> HostRequestTimes:
        words = words_of(self.times_path)
        return HostRequestTimes(number(words[0])) if words else HostRequestTimes()

    def want(self) -> None:
        """Say that another process waits."""
        self.wanted_path.write_text("", "ascii")

    def is_wanted(self, within_seconds: float) -> bool:
        """Whether another process asked for the lease within the last seconds."""
        if not os.path.exists(self.wanted_path):  # noqa: PTH110 - a third of what an exception costs
            return False
        return time.time() - self.wanted_path.stat().st_mtime < within_seconds

    def not_before(self) -> NotBefore:
        """The time before which the host must not be requested. Read each time, since any process may change it."""
        words = words_of(self.not_before_path)
        if not words:
            return NotBefore()
        at = number(words[0])
        return NotBefore(at, " ".join(words[1:])) if at < time.time() + MAX_REMEMBERED_SECONDS else NotBefore()

    def leave_alone(self, at: float, reason: str) -> None:
        """Remember a not-before time, unless a later one is known; it needs no lease."""
        at = min(at, time.time() + MAX_REMEMBERED_SECONDS - 1)
        if at <= self.not_before().at:
            return
        part = self.path.with_name(f"{self.path.name}.not-before.{os.getpid()}.part")
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(f"{at:.3f} {reason}\n", "utf-8")
        part.replace(self.not_before_path)


def words_of(path: Path) -> list[str]:
    """The words of a small file; [] where the file is missing or empty."""
    if not os.path.exists(path):  # noqa: PTH110 - the usual case, and asked with each request
        return []
    try:
        return path.read_text("utf-8", "replace").split()
    except FileNotFoundError:
        return []


def number(word: str) -> float:
    """A number from a file; 0 for anything else, so that a torn file cannot block a host."""
    try:
        value = float(word)
    except ValueError:
        return 0.0
    return value if abs(value) < 1e12 else 0.0
