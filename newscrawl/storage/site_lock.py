"""Lock one site's output for a command that changes it, so that no crawl of the site runs at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newscrawl.storage.compact import finish_compaction
from newscrawl.storage.lock import Lock
from newscrawl.storage.redact import finish_redaction
from newscrawl.storage.segments import recover
from newscrawl.storage.state import State
from newscrawl.storage.writer import ALL_SITES_LOCK


@contextmanager
def locked_site(folder: Path, site: str, holder: str) -> Iterator[State]:
    """The state, with the site's lock held and interrupted work finished. LockHeld: a crawl is running."""
    locks = folder / "state" / "locks"
    with Lock(locks / f"{site}.lock", holder), Lock(locks / ALL_SITES_LOCK, shared=True):
        state = State(folder / "state")
        try:
            finish_compaction(folder, state, site)
            recover(state, folder / "stories", site)
            finish_redaction(folder, state, site)
            yield state
        finally:
            state.close()


def sites_of(folder: Path) -> list[str]:
    """The sites that have stories in an output folder."""
    stories = folder / "stories"
    return sorted(entry.name for entry in stories.iterdir() if entry.is_dir()) if stories.is_dir() else []
