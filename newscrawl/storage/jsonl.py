"""Write JSON Lines files atomically: whole lines, fsync, rename.

A segment is written as `<name>.jsonl.part` and renamed to `<name>.jsonl` when it is closed. A file under its final name
never changes again.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from newscrawl.items import Story, json_line

PART = ".part"


class WriteFailed(OSError):
    """Stories could not be written; those reported written before are on disk."""


def line_of(story: Story) -> bytes:
    """A story as one line of JSON with its end."""
    return json_line(story) + b"\n"


def day_folder(stories: Path, site: str, started_at: datetime) -> Path:
    """stories/<site>/<YYYY>/<MM>/<DD>, by the UTC day on which the run started."""
    return stories / site / started_at.strftime("%Y/%m/%d")


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@dataclass(slots=True)
class SegmentFile:
    """An open `.part` file: `size_bytes` and `lines` are what is durable in it."""

    final: Path
    descriptor: int
    opened_at: float
    size_bytes: int = 0
    lines: int = 0

    @property
    def part(self) -> Path:
        return self.final.with_name(self.final.name + PART)


class SegmentWriter:
    """Appends groups of lines to the segments of one run; used by one thread."""

    def __init__(self, folder: Path, run: str, max_lines: int, max_age_seconds: float) -> None:
        self.folder, self.run = folder, run
        self.max_lines, self.max_age_seconds = max_lines, max_age_seconds
        self.number = 0
        self.segment: SegmentFile | None = None

    def append(self, lines: list[bytes]) -> SegmentFile:
        """Write lines and wait until they are durable. On OSError nothing of them stays in the file."""
        segment = self.segment or self.open_segment()
        data = b"".join(lines)
        try:
            written = 0
            while written < len(data):
                written += os.write(segment.descriptor, data[written:])
            os.fdatasync(segment.descriptor)
        except OSError:
            self.cut_back(segment)
            raise
        segment.size_bytes += len(data)
        segment.lines += len(lines)
        return segment

    def cut_back(self, segment: SegmentFile) -> None:
        """Take a failed group out of the file again. If that fails too, recovery does it at the next start."""
        try:
            os.ftruncate(segment.descriptor, segment.size_bytes)
            os.lseek(segment.descriptor, segment.size_bytes, os.SEEK_SET)
        except OSError:
            self.abandon()

    def open_segment(self) -> SegmentFile:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.number += 1
        final = self.folder / f"{self.run}-{self.number:04d}.jsonl"
        part = final.with_name(final.name + PART)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        self.segment = SegmentFile(final, descriptor, time.monotonic())
        for folder in [self.folder, *self.folder.parents[:4]]:  # up to the folder of all stories
            sync_folder(folder)
        return self.segment

    def seconds_to_rotation(self) -> float | None:
        """How long the open segment may still grow; None where none is open."""
        if self.segment is None:
            return None
        return max(0.0, self.segment.opened_at + self.max_age_seconds - time.monotonic())

    def is_full(self) -> bool:
        segment = self.segment
        return segment is not None and (segment.lines >= self.max_lines or self.seconds_to_rotation() == 0.0)

    def close_segment(self) -> Path | None:
        """Give the open segment its final name; an empty one is removed. The final path, if there is one."""
        segment, self.segment = self.segment, None
        if segment is None:
            return None
        os.close(segment.descriptor)
        if segment.lines == 0:
            segment.part.unlink()
            return None
        os.rename(segment.part, segment.final)
        sync_folder(segment.final.parent)
        return segment.final

    def abandon(self) -> None:
        """Leave the open segment as it is, for recovery."""
        segment, self.segment = self.segment, None
        if segment is not None:
            os.close(segment.descriptor)
