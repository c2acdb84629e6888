"""Rebuild the state of an output folder from its lines, under a lock that keeps crawls out."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from newscrawl.storage import compact, redact
from newscrawl.storage.intents import unfinished_sites
from newscrawl.storage.jsonl import sync_folder
from newscrawl.storage.lock import Lock
from newscrawl.storage.redact import logged
from newscrawl.storage.runs import RunRow, restore_runs
from newscrawl.storage.segments import Rebuilt, forget_missing, rebuild
from newscrawl.storage.state import FILE_NAME, State, StateError
from newscrawl.storage.story_index import StoryIndex
from newscrawl.storage.visits import carry_over
from newscrawl.storage.writer import ALL_SITES_LOCK

NEW_FILE = FILE_NAME + ".new"
SIDE_FILES = ("-wal", "-shm")


def rebuild_state(folder: Path, runs: Iterable[RunRow] = ()) -> Rebuilt:
    """Replace the state by what the lines say; the old one stays until the new one is whole.

    `runs` is what the run reports say: when a site was last crawled, and last showed a story.
    """
    state_folder = folder / "state"
    with Lock(state_folder / "locks" / ALL_SITES_LOCK, "rebuild"):
        finish_intents(folder)
        remove_files(state_folder / NEW_FILE)
        state = State(state_folder, NEW_FILE)
        try:
            done = rebuild(state, folder / "stories")
            keep_visits(state_folder, state)
            with state.transaction() as db:
                restore_runs(db, runs)
            with state.transaction():
                for entry in logged(folder):
                    StoryIndex(state).redact(entry["id"])
            state.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            state.close()
        for suffix in SIDE_FILES:  # a log of the old file must not be read into the new one
            (state_folder / (FILE_NAME + suffix)).unlink(missing_ok=True)
        os.replace(state_folder / NEW_FILE, state_folder / FILE_NAME)
        sync_folder(state_folder)
    return done


def finish_intents(folder: Path) -> None:
    """Finish what compact or redact began and a kill cut short; a state that is damaged is left to the rebuild."""
    for name, finish in ((compact.NAME, compact.finish_compaction), (redact.NAME, redact.finish_redaction)):
        for site in unfinished_sites(folder, name):
            state = State(folder / "state")
            try:
                finish(folder, state, site)
            finally:
                state.close()


def keep_visits(state_folder: Path, state: State) -> None:
    """Take over the visits of the old state, if it can be read: no line records a page that failed."""
    if not (state_folder / FILE_NAME).exists():
        return
    try:
        old = State(state_folder)
    except (StateError, sqlite3.Error):
        return  # what is damaged or newer is replaced, not read
    try:
        with state.transaction():
            carry_over(old, state)
    except sqlite3.DatabaseError:
        pass  # damaged further on; the transaction was rolled back
    finally:
        old.close()


def keep_missing(folder: Path) -> int:
    """Take files that were moved away from the state's list; how many."""
    with Lock(folder / "state" / "locks" / ALL_SITES_LOCK, "rebuild"):
        state = State(folder / "state")
        try:
            return forget_missing(state, folder / "stories")
        finally:
            state.close()


def remove_files(path: Path) -> None:
    for suffix in ("", *SIDE_FILES):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
