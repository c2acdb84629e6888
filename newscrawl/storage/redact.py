"""Remove a story's text from the output, for takedowns and erasure.

Every line of the story becomes a tombstone that keeps id, version, URLs, times and hash, and none of the text. It is
padded with blanks to the length of the old line, so that the file keeps its size and all offsets stay valid. A last line,
a withdrawal, informs readers who have the story already. The state records that the story is redacted, so later crawls do
not write it again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from newscrawl.dedup.version import content_hash
from newscrawl.items import one_line
from newscrawl.storage.damaged import remove_story, split_lines
from newscrawl.storage.intents import clear_intent, read_intent, record_intent, replace_file
from newscrawl.storage.jsonl import SegmentWriter, day_folder, sync_folder
from newscrawl.storage.line_format import parsed
from newscrawl.storage.lines import lines_of
from newscrawl.storage.quarantine import WAITING, file_name
from newscrawl.storage.segments import name_run, record_segment, story_files
from newscrawl.storage.state import State
from newscrawl.storage.story_index import StoryIndex

NAME = "redact"
COLUMNS = "columns"  # below the folder of the state
LOG = "redactions.jsonl"  # in the output folder: what was taken out, when and why
WARNING = "redacted"
INTENT = {"id": str, "reason": str, "at": str}
NOTHING: dict[str, Any] = {
    "agency": None, "attribution": [], "headline": "", "subheadline": None, "summary": None, "byline": None, "authors": [],
    "dateline": None, "text": "", "body": [], "section": [], "tags": [], "media": [], "alternates": [],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Redacted:
    """What was done: lines made tombstones, and the files they lie in."""

    story_id: str
    lines: int
    files: list[Path]


def redact(folder: Path, state: State, story_id: str, reason: str) -> Redacted:
    """Take a story's text out. The site's lock must be held. KeyError: no line has this id."""
    site = story_id.partition(":")[0]
    finish_redaction(folder, state, site)
    if not lines_of(folder / "stories", story_id):
        raise KeyError(f"{folder / 'stories'}: no line has the id {story_id!r}")
    intent = {"id": story_id, "reason": reason, "at": now()}
    record_intent(folder, NAME, site, intent)
    return _carry_out(folder, state, intent)


def finish_redaction(folder: Path, state: State, site: str) -> None:
    """Finish a redaction that was declared; nothing where none was. The site's lock must be held."""
    intent = read_intent(folder, NAME, site, INTENT)
    if intent is not None and intent["id"].partition(":")[0] == site:
        _carry_out(folder, state, intent)


def _carry_out(folder: Path, state: State, intent: dict[str, Any]) -> Redacted:
    """Do what was declared, from wherever a kill left it."""
    story_id: str = intent["id"]
    site, stories = story_id.partition(":")[0], folder / "stories"
    with state.transaction():
        StoryIndex(state).redact(story_id)
    touched = [
        (path, done) for path in files_with(stories, site, story_id) if (done := _write_tombstones(path, story_id))
    ]
    _remove_derived_files(folder, site, story_id, lines_of(stories, story_id))
    _append_withdrawal(folder, state, site, story_id)
    log(folder, {**intent, "lines": sum(done for _, done in touched)})
    clear_intent(folder, NAME, site)
    return Redacted(story_id, sum(done for _, done in touched), [path for path, _ in touched])


def copies_of(state: State, story_id: str) -> list[str]:
    """The ids of the other stories in a story's cluster: its copies, and what it is a copy of."""
    index = StoryIndex(state)
    number = index.number(story_id)
    if number is None:
        return []
    cluster = index.story(number).cluster
    rows = state.db.execute(
        "SELECT n FROM stories WHERE (cluster = ? OR n = ?) AND n != ? ORDER BY n", (cluster, cluster, number)
    )
    return [index.story(n).id for (n,) in rows.fetchall()]


def files_with(stories: Path, site: str, story_id: str) -> list[Path]:
    """The files that hold a line of a story, open ones of a killed run included."""
    mark = b'"id":' + orjson.dumps(story_id)
    return [path for path in story_files(stories, site) if mark in path.read_bytes()]


def _write_tombstones(path: Path, story_id: str) -> int:
    """Put tombstones in the place of a story's lines in one file; how many."""
    content = path.read_bytes()
    kept, replaced = [], 0
    for line in split_lines(content):
        record = parsed(line) if line.endswith(b"\n") else None
        is_of_story = record is not None and record["id"] == story_id and not is_tombstone(record)
        kept.append(padded(tombstone(record), len(line)) if is_of_story and record else line)
        replaced += is_of_story
    if replaced:
        replace_file(path, b"".join(kept))
    return replaced


def is_tombstone(record: dict[str, Any]) -> bool:
    return WARNING in ((record.get("extraction") or {}).get("warnings") or [])


def tombstone(record: dict[str, Any]) -> dict[str, Any]:
    """A line without anything of what was written."""
    rights = dict.fromkeys(record.get("rights") or {})
    extraction = {**(record.get("extraction") or {}), "warnings": [WARNING]}
    return {
        **record,
        **{key: value for key, value in NOTHING.items() if key in record},
        "rights": rights,
        "extraction": extraction,
    }


def padded(record: dict[str, Any], length: int) -> bytes:
    """A record as a line of that many bytes."""
    line = one_line(orjson.dumps(record))
    if len(line) >= length:  # it held nothing but the mark of a tombstone is too long for it
        line = one_line(orjson.dumps({**record, "extraction": {**record["extraction"], "warnings": []}}))
    return line.ljust(length - 1) + b"\n"


def _remove_derived_files(folder: Path, site: str, story_id: str, lines: list[dict[str, Any]]) -> None:
    """Remove what was made of the lines (columnar copies, made again when they are asked for) and pages in quarantine."""
    shutil.rmtree(folder / "state" / COLUMNS, ignore_errors=True)
    quarantine = folder / "quarantine" / site
    remove_story(folder / "stories" / site, story_id)
    for line in lines:
        for url in {line["url"], line["canonical_url"], (line.get("crawl") or {}).get("requested_url")} - {None}:
            for place in (quarantine, quarantine / WAITING):
                (place / file_name(url)).unlink(missing_ok=True)


def _append_withdrawal(folder: Path, state: State, site: str, story_id: str) -> None:
    """Append a withdrawal, unless the last line of the story is a withdrawal."""
    stories = folder / "stories"
    last = lines_of(stories, story_id)[-1]
    if last.get("change") == "withdrawal":
        return
    at = datetime.now(UTC)
    run, named_at = name_run(state, site, at)
    line = {
        **last,
        "version": last["version"] + 1, "change": "withdrawal", "previous": last["content_hash"],
        "content_hash": content_hash("", ""), "crawl": {**(last.get("crawl") or {}), "run": run, "fetched_at": at.strftime("%Y-%m-%dT%H:%M:%SZ")},
    }  # fmt: skip
    writer = SegmentWriter(day_folder(stories, site, named_at), run, max_lines=1, max_age_seconds=60.0)
    with state.transaction():
        segment = writer.append([one_line(orjson.dumps(line)) + b"\n"])
        index = StoryIndex(state)
        index.record_line(line)
        index.redact(story_id)
        record_segment(state, segment.final.relative_to(stories).as_posix(), site, segment.size_bytes, segment.lines)
    writer.close_segment()


def log(folder: Path, entry: dict[str, Any]) -> None:
    """Append to the log of redactions; durable when this returns."""
    path = folder / LOG
    with path.open("ab") as file:
        if file.tell() and not path.read_bytes().endswith(b"\n"):
            file.write(b"\n")  # behind an entry that a crash cut
        file.write(orjson.dumps(entry) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)


def logged(folder: Path) -> Iterator[dict[str, Any]]:
    """The redactions of an output folder, oldest first."""
    try:
        content = (folder / LOG).read_bytes()
    except OSError:
        return
    for line in content.splitlines():
        try:
            entry = orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
        if isinstance(entry, dict) and isinstance(entry.get("id"), str):
            yield entry


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
