"""Recover, reconcile and rebuild: bring the files of stories and the state into agreement."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

import orjson

from newscrawl.dedup.keys import url_hash
from newscrawl.storage.jsonl import PART, sync_folder
from newscrawl.storage.state import State, StateError
from newscrawl.storage.story_index import StoryIndex
from newscrawl.storage.visits import Visits

MUST_HAVE = frozenset(("id", "version", "content_hash", "url", "canonical_url", "headline", "text", "cluster"))
STAMP, STAMP_EXAMPLE = "%Y%m%dT%H%M%SZ", "20261123T083000Z"
CLOCK_BACK = timedelta(hours=1)
MAX_NAMED = 3  # files named in a message


@dataclass(slots=True)
class Recovered:
    """What recovery did: segments closed, lines taken as seen, bytes of torn tails cut."""

    segments: int = 0
    lines: int = 0
    torn_bytes: int = 0
    runs: dict[str, int] = field(default_factory=dict)  # killed run -> its lines, those taken as seen included


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


def whole_lines(content: bytes, start: int) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """(line, record) from an offset on, up to the first that is not a whole line of JSON."""
    while (end := content.find(b"\n", start)) >= 0:
        line = content[start : end + 1]
        record = parsed(line)
        if record is None:
            return
        yield line, record
        start = end + 1


def all_lines(content: bytes) -> Iterator[tuple[bytes, dict[str, Any] | None]]:
    """(line, record) of a whole file; None for a line that is none, a torn end included."""
    for line in content.splitlines(keepends=True):
        yield line, parsed(line) if line.endswith(b"\n") else None


def parsed(line: bytes) -> dict[str, Any] | None:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return record if isinstance(record, dict) and record.keys() >= MUST_HAVE else None


def recover(state: State, stories: Path, site: str) -> Recovered:
    """Close the segments that a killed run of this site left open. The site's lock must be held.

    What the state knows of a file is trusted; behind that, whole lines are taken as seen and the torn tail is cut.
    """
    done = Recovered()
    known = known_segments(state, site)
    for part in [path for path in story_files(stories, site) if path.name.endswith(PART)]:
        name = str(part.relative_to(stories)).removesuffix(PART)
        content = part.read_bytes()
        size = min(known.get(name, 0), len(content))
        lines = content.count(b"\n", 0, size)
        with state.transaction():
            index, visits = StoryIndex(state), Visits(state, site)
            for line, record in whole_lines(content, size):
                index.record_line(record)
                _record_fetch(visits, record)
                size += len(line)
                lines += 1
                done.lines += 1
            if lines:
                record_segment(state, name, site, size, lines)
        close_part(part, size, lines)  # after the commit: a file under its final name must be known
        done.torn_bytes += len(content) - size
        done.segments += 1
    return done


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
            f"{stories}: {len(found.unknown)} files hold lines that the state does not know "
            f"({', '.join(found.unknown[:MAX_NAMED])}); run `scrapy rebuild` to make the state again from the lines"
        )


def missing_warning(found: Reconciliation, stories: Path) -> str | None:
    """What to say where files that the state knows are gone; None where all are there."""
    if not found.missing:
        return None
    return (
        f"{stories}: {len(found.missing)} files that the state knows are gone or cut "
        f"({', '.join(found.missing[:MAX_NAMED])}); their stories count as seen and are not written again. "
        "Run `scrapy rebuild` to forget them, or `scrapy rebuild --keep-missing` if they were moved away on purpose"
    )


def forget_missing(state: State, stories: Path) -> int:
    """Take the files that are gone from the state's list, but keep their stories as seen; how many."""
    rows = state.db.execute("SELECT path FROM segments").fetchall()
    gone = [(path,) for (path,) in rows if not (stories / path).exists()]
    with state.transaction():
        state.db.executemany("DELETE FROM segments WHERE path = ?", gone)
    return len(gone)


@dataclass(slots=True)
class Rebuilt:
    """What a rebuild read, and the files whose rest it could not."""

    files: int = 0
    lines: int = 0
    broken: list[str] = field(default_factory=list)


def rebuild(state: State, stories: Path) -> Rebuilt:
    """Fill an empty state from the lines alone."""
    done = Rebuilt()
    index = StoryIndex(state)
    state.db.execute(
        "CREATE INDEX stories_by_key ON stories (site, key)"
    )  # only here are ids looked up by the thousand
    copies: list[tuple[str, str, str, str | None]] = []
    for path in sorted(story_files(stories), key=lambda path: path.name):  # by run: firsts mostly before their copies
        content = path.read_bytes()
        name = str(path.relative_to(stories)).removesuffix(PART)
        is_open = path.name.endswith(PART)
        size, lines = 0, 0
        with state.transaction():
            visits = Visits(state, name.split("/", 1)[0])
            for line, record in all_lines(content):
                if record is None:
                    if not is_open and line.strip():
                        done.broken.append(name)
                    continue
                index.record_line(record)
                _record_fetch(visits, record)
                size += len(line)
                lines += 1
                if record["cluster"]["of"]:
                    cluster = record["cluster"]
                    copies.append((record["id"], cluster["id"], cluster["of"], cluster.get("original")))
            if lines:  # of a closed file all is known from now on, its damage too; of an open one its whole lines
                size = len(b"".join(line for line, _ in whole_lines(content, 0))) if is_open else len(content)
                record_segment(state, name, name.split("/", 1)[0], size, lines)
        done.files += 1
        done.lines += lines
    done.broken = list(dict.fromkeys(done.broken))
    with state.transaction():  # again, now that every first is known
        for story_id, cluster_id, matched_id, original_id in copies:
            index.link(index.number(story_id) or 0, cluster_id, matched_id)
            index.link_original(cluster_id, original_id)
        state.db.execute("DROP INDEX stories_by_key")
    return done
