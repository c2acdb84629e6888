"""Pushing what is new to the targets, one after the other, each from its own cursor."""

from __future__ import annotations

import hashlib
import logging
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from newscrawl.storage.lock import Lock, LockHeld
from newscrawl.storage.positions import Cursor, Place, unread
from newscrawl.tools.deliver.errors import NotDelivered, TargetError, TargetRefused
from newscrawl.tools.deliver.targets import Target

logger = logging.getLogger(__name__)
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 1.0, 300.0


@dataclass(slots=True)
class Delivered:
    """What a target has got, and why no more; `error` is None where it has everything."""

    target: str
    files: int = 0
    size_bytes: int = 0
    error: str | None = None


def cursor_of(folder: Path, target: Target) -> Cursor:
    key = hashlib.sha256(target.identity.encode()).hexdigest()[:16]
    return Cursor.load(folder / "state" / "deliver" / f"{key}.json", target.name)


def deliver(folder: Path, target: Target, deadline: float, sleep: Callable[[float], object] = time.sleep) -> Delivered:
    """Push the closed files that a target has not got, until `deadline` (monotonic seconds). LockHeld: another is at it.

    A receiver that does not answer is asked again, with longer and longer waits; what is left goes the next time. One
    that refuses is not asked again: until its error is repaired that is of no use.
    """
    cursor = cursor_of(folder, target)
    done = Delivered(target.name)
    wait = FIRST_WAIT_SECONDS
    with Lock(folder / "state" / "locks" / f"deliver-{cursor.file.stem}.lock", "deliver"):
        while True:
            try:
                push_all(folder, target, cursor, done, deadline)
                return done
            except NotDelivered as error:
                done.error, final = str(error), isinstance(error, TargetRefused)
            pause = wait * random.uniform(0.5, 1.0)
            if final or time.monotonic() + pause >= deadline:
                logger.warning("Not delivered, the next run goes on: %s", done.error)
                return done
            sleep(pause)
            wait = min(2 * wait, LONGEST_WAIT_SECONDS)


def push_all(folder: Path, target: Target, cursor: Cursor, done: Delivered, deadline: float) -> None:
    """One pass over the sites; NotDelivered where the target takes no more."""
    done.error = None
    stories = folder / "stories"
    sites = sorted(entry.name for entry in stories.iterdir() if entry.is_dir()) if stories.is_dir() else []
    for site in sites:
        for stretch in unread(folder, site, cursor.at(site)):
            before = stretch.start
            for offset in target.push(stretch):
                cursor.keep(site, Place(stretch.path, offset))
                done.size_bytes += offset - before
                before = offset
            done.files += 1
            if time.monotonic() >= deadline:
                done.error = "out of time"
                return


def deliver_all(folder: Path, targets: list[Target], seconds: float) -> dict[str, int]:
    """Push to each target for as long; counts of files, and of targets that could not be given all."""
    counts: Counter[str] = Counter()
    for target in targets:
        try:
            done = deliver(folder, target, time.monotonic() + seconds)
        except (LockHeld, TargetError, OSError) as error:  # the run itself is good; the next one goes on
            logger.warning("Not delivered to %s: %s", target.name, error)
            counts["failed"] += 1
            continue
        counts["files"] += done.files
        counts["failed"] += done.error is not None
    return counts
