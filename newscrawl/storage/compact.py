"""Merge the files of each closed day of a site into one file, without changing a line.

The merged file is written under a temporary name and the intent is recorded. Then the file is renamed, the state is
updated and the old files are removed. After a kill, `finish_compaction` continues from the recorded intent. Between the
rename and the removal a line exists twice, in an old file and in the merged one.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import Any

from newscrawl.storage.intents import clear_intent, read_intent, record_intent
from newscrawl.storage.jsonl import PART, sync_folder
from newscrawl.storage.positions import MERGED, record_parts
from newscrawl.storage.segments import known_segments, record_segment
from newscrawl.storage.state import State
from newscrawl.text.command_line import command_line

logger = logging.getLogger(__name__)
NAME = "compact"
UNFINISHED = ".compacting"
CHUNK_BYTES = 1 << 20
INTENT = {"day": str, "files": dict, "lines": int, "size_bytes": int}
DAY = re.compile(r"\d{4}/\d{2}/\d{2}")


@dataclass(frozen=True, slots=True)
class Compacted:
    """A day of a site after it was merged; `day` is its folder below the site's."""

    site: str
    day: str
    files: int
    lines: int
    size_bytes: int


def compact_site(folder: Path, state: State, site: str, today: str | None = None) -> Iterator[Compacted]:
    """Merge each closed day of a site that has several files. The site's lock must be held."""
    finish_compaction(folder, state, site)
    top = folder / "stories" / site
    today = today or datetime.now(UTC).strftime("%Y/%m/%d")
    for day_folder in sorted(top.glob("[0-9][0-9][0-9][0-9]/[0-9][0-9]/[0-9][0-9]")):
        day = day_folder.relative_to(top).as_posix()
        if day < today and (files := mergeable(folder, state, site, day_folder)):
            yield compact_day(folder, state, site, day, files)


def mergeable(folder: Path, state: State, site: str, day_folder: Path) -> list[Path]:
    """The files of a day in their order; [] where there is nothing to merge, or not yet."""
    (day_folder / unfinished_name(day_folder)).unlink(missing_ok=True)  # of a merge that was killed before its intent
    names = sorted(entry.name for entry in day_folder.iterdir())
    files = [day_folder / name for name in names if name.endswith(".jsonl")]
    if len(files) < 2:
        return []
    if any(name.endswith(PART) for name in names):
        logger.warning("%s: left as it is: a killed run's file is to be recovered first, by the next crawl", day_folder)
        return []
    known = known_segments(state, site)
    for path in files:
        size = path.stat().st_size
        if known.get(path.relative_to(folder / "stories").as_posix()) != size or not ends_in_a_line(path, size):
            logger.warning(
                f"%s: left as it is: the state knows another size of %s; run `{command_line('rebuild')}`",
                day_folder,
                path.name,
            )
            return []
    return files


def merged_name(day_folder: Path) -> str:
    year, month, day = day_folder.parts[-3:]
    return f"{year}{month}{day}{MERGED}"


def unfinished_name(day_folder: Path) -> str:
    return merged_name(day_folder) + UNFINISHED


def ends_in_a_line(path: Path, size: int) -> bool:
    with path.open("rb") as file:
        file.seek(max(0, size - 1))
        return file.read(1) == b"\n"


def compact_day(folder: Path, state: State, site: str, day: str, files: list[Path]) -> Compacted:
    """Make one file of a day's files."""
    day_folder = files[0].parent
    lines, size = merge(files, day_folder / unfinished_name(day_folder))
    sizes = [path.stat().st_size for path in files]
    parts = dict(zip([path.name for path in files], accumulate(sizes, initial=0), strict=False))
    record_intent(folder, NAME, site, {"day": day, "files": parts, "lines": lines, "size_bytes": size})
    finish_compaction(folder, state, site)
    return Compacted(site, day, len(files), lines, size)


def merge(files: list[Path], into: Path) -> tuple[int, int]:
    """(lines, bytes) of one file that holds what several hold, durable."""
    lines = size = 0
    with into.open("wb") as out:
        for path in files:
            with path.open("rb") as file:
                while chunk := file.read(CHUNK_BYTES):
                    out.write(chunk)
                    lines += chunk.count(b"\n")
                    size += len(chunk)
        out.flush()
        os.fsync(out.fileno())
    return lines, size


def finish_compaction(folder: Path, state: State, site: str) -> None:
    """Finish a merge that was declared; nothing where none was. The site's lock must be held."""
    intent = read_intent(folder, NAME, site, INTENT)
    if intent is None or not DAY.fullmatch(intent["day"]):
        return
    stories = folder / "stories"
    day_folder = stories / site / str(intent["day"])
    merged, unfinished = day_folder / merged_name(day_folder), day_folder / unfinished_name(day_folder)
    if unfinished.exists():
        os.replace(unfinished, merged)
        sync_folder(day_folder)
    if merged.exists() and merged.stat().st_size == intent["size_bytes"]:
        _replace_old_files(folder, state, site, merged, intent)
    clear_intent(folder, NAME, site)


def _replace_old_files(folder: Path, state: State, site: str, merged: Path, intent: dict[str, Any]) -> None:
    """Let the state know the merged file in place of the others, and remove these."""
    stories = folder / "stories"
    old = [merged.parent / Path(str(name)).name for name in intent["files"] if name != merged.name]
    with state.transaction() as db:
        paths = [(path.relative_to(stories).as_posix(),) for path in old]
        db.executemany("DELETE FROM segments WHERE path = ?", paths)
        record_segment(state, merged.relative_to(stories).as_posix(), site, intent["size_bytes"], intent["lines"])
    if any(path.exists() for path in old):  # else a kill came behind the removal: the places are kept already
        record_parts(folder, site, intent["day"], intent["files"])
    for path in old:
        path.unlink(missing_ok=True)
    sync_folder(merged.parent)
