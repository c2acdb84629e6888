"""Lock an output folder: one run per site, and no run during a rebuild.

POSIX record locks (`lockf`) end with the process that took them and are not inherited by its children, as `flock` locks
would be. They are also lost when the process closes any other descriptor of the file, so only this module opens the
file. A second lock within one process is refused by a register in this module.
"""

from __future__ import annotations

import errno
import fcntl
import os
import struct
import sys
from pathlib import Path
from types import TracebackType

# struct flock, for the question who holds a lock: type, whence, start, length, pid in the order of the system.
FLOCK = "qqihh" if sys.platform == "darwin" else "hhqqi4x"
_exclusive: set[str] = set()
_shared: dict[str, list[int]] = {}  # path -> [descriptor, holders]: one descriptor for all of a process


class LockHeld(RuntimeError):
    """Another run holds the lock; the text names it."""


class Lock:
    """A lock on a file, exclusive or shared; taken at once or not at all."""

    def __init__(self, path: Path, holder: str = "", *, shared: bool = False) -> None:
        self.key = os.path.abspath(path)
        self.shared = shared
        self.is_held = False
        if self.key in _exclusive or (self.key in _shared and not shared):
            raise LockHeld(f"{path}: this process holds it already")
        if shared and self.key in _shared:
            _shared[self.key][1] += 1
        else:
            self.descriptor = locked_descriptor(path, shared)
            if shared:
                _shared[self.key] = [self.descriptor, 1]
            else:
                _exclusive.add(self.key)
                os.ftruncate(self.descriptor, 0)
                os.pwrite(self.descriptor, f"{holder} pid {os.getpid()}".strip().encode(), 0)
        self.is_held = True

    def release(self) -> None:
        """Let go; the file stays, for a lock file must never be removed while others may wait for it."""
        if not self.is_held:
            return
        self.is_held = False
        if not self.shared:
            _exclusive.discard(self.key)
            os.close(self.descriptor)
            return
        _shared[self.key][1] -= 1
        if _shared[self.key][1] == 0:
            os.close(_shared.pop(self.key)[0])

    def __enter__(self) -> Lock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def locked_descriptor(path: Path, shared: bool) -> int:
    """A descriptor of the file with the lock on it; LockHeld names the process that has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.lockf(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError as error:
        held_by = os.pread(descriptor, 200, 0).decode("utf-8", "replace").strip()
        os.close(descriptor)
        if error.errno in (errno.EAGAIN, errno.EACCES):
            raise LockHeld(f"{path}: another run holds it ({held_by or 'a crawl'})") from None
        raise
    return descriptor


def holder_of(path: Path) -> str | None:
    """The process that holds a lock exclusively, as its file says; None if it is free. Takes no lock."""
    if os.path.abspath(path) in _exclusive:  # opening the file here would lose the lock
        return f"this process, pid {os.getpid()}"
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        read_lock = (fcntl.F_RDLCK, os.SEEK_SET, 0, 0, 0)
        request = struct.pack(FLOCK, *(read_lock if FLOCK[0] == "h" else (0, 0, 0, fcntl.F_RDLCK, os.SEEK_SET)))
        found = struct.unpack(FLOCK, fcntl.fcntl(descriptor, fcntl.F_GETLK, request))
        if found[0 if FLOCK[0] == "h" else 3] == fcntl.F_UNLCK:
            return None
        return os.pread(descriptor, 200, 0).decode("utf-8", "replace").strip() or "a crawl"
    finally:
        os.close(descriptor)
