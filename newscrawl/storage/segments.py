"""Recover, reconcile and rebuild: bring the files of stories and the state into agreement."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

from newscrawl.dedup.keys import url_hash
from newscrawl.storage.damaged import Line, lines_of_file, set_aside
from newscrawl.storage.intents import replace_file
from newscrawl.storage.jsonl import PART, sync_folder
from newscrawl.storage.state import State, StateError
from newscrawl.storage.story_index import StoryIndex
from newscrawl.storage.visits import Visits
from newscrawl.text.command_line import command_line

STAMP, STAMP_EXAMPLE = "%Y%m%dT%H%M%SZ", "20261123T083000Z"
CLOCK_BACK = timedelta(hours=1)
MAX_NAMED = 3  # files named in a message


@dataclass(slots=True)
class Recovered:
    """What recovery did: segments closed, lines recorded as seen, bytes of torn ends cut, damaged lines set aside."""

    segments: int = 0
    lines: int = 0
    torn_bytes: int = 0
    runs: dict[str, int] = field(default_factory=dict)  # killed run -> its lines, those taken as seen included
    damaged: dict[str, int] = field(default_factory=dict)  # `.damaged` file below the folder of stories -> its lines


@dataclass(slots=True)
class Reconciliation:
    """Files the state knows nothing or too little of, and files that are gone or shorter than it knows."""

    unknown: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def story_files(stories: Path, site: str | None = None) -> Iterator[Path]:
    """Every closed or open segment below the folder of stories, in order of its name."""
    if stories.is_file():
        yield stories
        return
    top = stories / site if site else stories
    for folder, folders, names in os.walk(top):
        folders.sort()
        for name in sorted(names):
            if name.endswith((".jsonl", ".jsonl" + PART)):
                yield Path(folder) / name


def known_segments(state: State, site: str) -> dict[str, int]:
    """path below the folder of stories -> bytes known."""
    return dict(state.db.execute("SELECT path, size_bytes FROM segments WHERE site = ?", (site,)))


def record_segment(state: State, path: str, site: str, size_bytes: int, lines: int) -> None:
    """Remember how much of a segment is known; inside the caller's transaction."""
    state.db.execute(
        """INSERT INTO segments (path, site, size_bytes, lines) VALUES (?, ?, ?, ?)
           ON CONFLICT (path) DO UPDATE SET size_bytes = excluded.size_bytes, lines = excluded.lines""",
        (path, site, size_bytes, lines),
    )


def lines_of_run(state: State, site: str, run: str) -> int:
    """The lines that a run has written, by the state."""
    rows = state.db.execute("SELECT path, lines FROM segments WHERE site = ?", (site,))
    return sum(lines for path, lines in rows if path.rpartition("/")[2].startswith(run + "-"))


def name_run(state: State, site: str, started_at: datetime) -> tuple[str, datetime]:
    """(name, time in it) of a new run of a site, whose lock is held. Its files sort behind all that the site has.

    Readers go by that order. Where the clock has gone back by less than an hour, or two runs fall into one second, the
    name is a second later than the last.
    """
    last = str(state.db.execute("SELECT max(path) FROM segments WHERE site = ?", (site,)).fetchone()[0] or "")
    stamp = last.rpartition("/")[2][: len(STAMP_EXAMPLE)]
    at = started_at
    with suppress(ValueError):
        newest = datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)
        if at < newest + timedelta(seconds=1) <= at + CLOCK_BACK:
            at = newest + timedelta(seconds=1)
    return f"{at.strftime(STAMP)}-{token_hex(3)}", at


def recover(state: State, stories: Path, site: str) -> Recovered:
    """Close the segments that a killed run of this site left open. The site's lock must be held.

    What the state knows of a file is trusted. Behind that, valid lines are recorded as seen, damaged ones are moved into a
    `.damaged` file, and a torn end is cut.
    """
    done = Recovered()
    known = known_segments(state, site)
    for part in [path for path in story_files(stories, site) if path.name.endswith(PART)]:
        name = str(part.relative_to(stories)).removesuffix(PART)
        content = part.read_bytes()
        known_size = min(known.get(name, 0), len(content))
        lines = [line for line in lines_of_file(content) if line.content.endswith(b"\n")]
        with state.transaction():
            new = [line for line in lines if line.offset >= known_size]
            recorded, damaged = _record_lines(state, site, new)
            damaged_file = set_aside(
                part, [*(line for line in lines if _is_damaged_before(line, known_size)), *damaged]
            )
            kept = content[:known_size] + b"".join(line.content for line in recorded)
            if damaged:  # before the commit: afterwards the state knows the size without them
                replace_file(part, kept)
            count = content.count(b"\n", 0, known_size) + len(recorded)
            if count:
                record_segment(state, name, site, len(kept), count)
        close_part(part, len(kept), count)  # after the commit: a file under its final name must be known
        done.lines += len(recorded)
        done.torn_bytes += len(content) - (lines[-1].end if lines else 0)
        done.segments += 1
        if damaged_file is not None:
            done.damaged[str(damaged_file.relative_to(stories))] = len(damaged_file.read_bytes().splitlines())
    return done


def _is_damaged_before(line: Line, offset: int) -> bool:
    """Whether a damaged line is in the part of a file that the state knows: it stays there, since offsets count."""
    return line.record is None and line.offset < offset


def _record_lines(state: State, site: str, lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Record lines in the state, within the caller's transaction. Returns (the recorded lines, the damaged ones)."""
    index, visits = StoryIndex(state), Visits(state, site)
    recorded, damaged = [], []
    for line in lines:
        error = line.error if line.record is None else _record_line(state, index, visits, line.record)
        if error:
            damaged.append(replace(line, record=None, error=error))
        else:
            recorded.append(line)
    return recorded, damaged


def _record_line(state: State, index: StoryIndex, visits: Visits, record: dict[str, Any]) -> str:
    """Record one line. Returns why it could not be recorded, or "". Errors of the disk are raised."""
    try:
        with state.savepoint():
            index.record_line(record)
            _record_fetch(visits, record)
    except (OSError, sqlite3.OperationalError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever a line contains costs that line only
        return f"cannot be recorded: {type(error).__name__}: {error}"
    return ""


def _record_fetch(visits: Visits, record: dict[str, Any]) -> None:
    """Record that the URL of a line was fetched."""
    requested = (record.get("crawl") or {}).get("requested_url")
    if isinstance(requested, str):
        visits.record_line(record, url_hash(requested))


def close_part(part: Path, size_bytes: int, lines: int) -> None:
    """Cut a `.part` file to its whole lines and give it its final name; one without lines is removed."""
    if lines == 0:
        part.unlink()
        return
    with part.open("r+b") as file:
        file.truncate(size_bytes)
        os.fsync(file.fileno())
    os.rename(part, part.with_name(part.name.removesuffix(PART)))
    sync_folder(part.parent)


def reconcile(state: State, stories: Path, site: str) -> Reconciliation:
    """Compare the files of a site with what the state knows of them; after recovery, under the lock."""
    found = Reconciliation()
    known = known_segments(state, site)
    for path in story_files(stories, site):
        name = str(path.relative_to(stories))
        size = path.stat().st_size
        expected = known.pop(name, None)
        if size > (expected or 0):
            found.unknown.append(name)
        elif size < (expected or 0):
            found.missing.append(name)
    found.missing += sorted(known)
    return found


def require_registered(found: Reconciliation, stories: Path) -> None:
    """StateError where files hold lines that the state does not know: they would be written a second time."""
    if found.unknown:
        raise StateError(
            f"{stories}: {_files(found.unknown)} with lines that the state does not know "
            f"({', '.join(found.unknown[:MAX_NAMED])}); run `{command_line('rebuild')}` to make the state again from the lines"
        )


def missing_warning(found: Reconciliation, stories: Path) -> str | None:
    """The warning about files that the state knows and that are missing; None if all exist."""
    if not found.missing:
        return None
    return (
        f"{stories}: {_files(found.missing)} that the state knows missing or cut "
        f"({', '.join(found.missing[:MAX_NAMED])}); the stories count as seen and are not written again. "
        f"Run `{command_line('rebuild')}` to forget them, or `{command_line('rebuild --keep-missing')}` if they were moved away on purpose"
    )


def damage_warning(damaged: Mapping[str, int], stories: Path) -> str | None:
    """The warning about damaged lines that were set aside; None if there were none."""
    if not damaged:
        return None
    lines = sum(damaged.values())
    return (
        f"{lines} damaged {'line' if lines == 1 else 'lines'} set aside in "
        f"{', '.join(str(stories / name) for name in list(damaged)[:MAX_NAMED])}; each entry names position and remedy"
    )


def _files(names: Sequence[str]) -> str:
    return f"{len(names)} {'file' if len(names) == 1 else 'files'}"


def forget_missing(state: State, stories: Path) -> int:
    """Take the files that are gone from the state's list, but keep their stories as seen; how many."""
    rows = state.db.execute("SELECT path FROM segments").fetchall()
    gone = [(path,) for (path,) in rows if not (stories / path).exists()]
    with state.transaction():
        state.db.executemany("DELETE FROM segments WHERE path = ?", gone)
    return len(gone)


@dataclass(slots=True)
class Rebuilt:
    """What a rebuild read; `damaged` has `.damaged` files, below the folder of stories, with their numbers of lines."""

    files: int = 0
    lines: int = 0
    damaged: dict[str, int] = field(default_factory=dict)


def rebuild(state: State, stories: Path) -> Rebuilt:
    """Fill an empty state from the lines alone. Damaged lines stay where they are and are copied into `.damaged` files."""
    done = Rebuilt()
    state.db.execute(
        "CREATE INDEX stories_by_key ON stories (site, key)"
    )  # only a rebuild looks up ids by the thousand
    copies: list[dict[str, Any]] = []
    for path in sorted(
        story_files(stories), key=lambda path: path.name
    ):  # by run: originals mostly before their copies
        with state.transaction():
            copies += _rebuild_file(state, stories, path, done)
        done.files += 1
    index = StoryIndex(state)
    with state.transaction():  # again, now that every original is known
        for record in copies:
            cluster = record["cluster"]
            index.link(index.number(record["id"]) or 0, cluster["id"], cluster["of"])
            index.link_original(cluster["id"], cluster.get("original"))
        state.db.execute("DROP INDEX stories_by_key")
    return done


def _rebuild_file(state: State, stories: Path, path: Path, done: Rebuilt) -> list[dict[str, Any]]:
    """Record the lines of one file. Returns the copies among them: id and cluster."""
    content = path.read_bytes()
    name = str(path.relative_to(stories)).removesuffix(PART)
    site, is_open = name.split("/", 1)[0], path.name.endswith(PART)
    lines = [line for line in lines_of_file(content) if not (is_open and line.is_torn)]
    recorded, damaged = _record_lines(state, site, lines)
    damaged_file = set_aside(path, damaged)
    if damaged_file is not None:
        done.damaged[str(damaged_file.relative_to(stories))] = len(damaged)
    # All of a closed file is known from now on, its damage too. Of an open one the next recovery reads the rest.
    size = min((line.offset for line in damaged), default=max((line.end for line in lines), default=0))
    size = size if is_open else len(content)
    if size:
        count = sum(line.end <= size for line in recorded)
        record_segment(state, name, site, size, count)
    done.lines += len(recorded)
    return [
        {"id": line.record["id"], "cluster": line.record["cluster"]}
        for line in recorded
        if line.record is not None and line.record["cluster"].get("of")
    ]
