"""Keep the position up to which a reader, such as a delivery, has read each site's files.

A position is (file below the site's folder, offset). It stays valid when the file is closed, since the name stays, and
when the file's day is merged: `compact` records where the bytes of the old files are in the merged one. If that record is
lost, the reader starts again at the beginning of the merged day. A line may be read twice, but none is missed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from newscrawl.storage.intents import replace_file
from newscrawl.storage.jsonl import PART
from newscrawl.storage.segments import story_files

MERGED = "-all.jsonl"  # what a merged day's file is called behind its day; sorts before the runs of the day
PARTS_FOLDER = "merged"  # below the folder of the state


@dataclass(frozen=True, slots=True)
class Place:
    """All bytes before it are read."""

    path: str
    offset: int


START = Place("", 0)


@dataclass(frozen=True, slots=True)
class Unread:
    """A stretch of whole lines in one file; `path` is the file's final name below the site's folder."""

    site: str
    path: str
    file: Path
    start: int
    end: int

    @property
    def delivered_path(self) -> str:
        """What the stretch is called where whole files are delivered: the file's name, or, of a merged day part of which
        was delivered under the old names, one of its own."""
        return self.path if not self.start else self.path.removesuffix(MERGED) + f"-from-{self.start}.jsonl"


def unread(folder: Path, site: str, place: Place, open_sizes: Mapping[str, int] | None = None) -> Iterator[Unread]:
    """What lies behind a place, in order. Of an open file as much as `open_sizes` says is durable; nothing without."""
    top = folder / "stories" / site
    place = moved(folder, site, place)
    for file in sorted(story_files(folder / "stories", site)):
        path = file.relative_to(top).as_posix().removesuffix(PART)
        end = file.stat().st_size
        if file.name.endswith(PART):
            end = min(end, (open_sizes or {}).get(f"{site}/{path}", 0))
        start = place.offset if path == place.path else 0
        if path >= place.path and start < end:
            yield Unread(site, path, file, start, end)


def moved(folder: Path, site: str, place: Place) -> Place:
    """Where a place is now: in the merged file of its day, if its own file is gone."""
    top = folder / "stories" / site
    file = top / place.path
    if place == START or file.exists() or file.with_name(file.name + PART).exists():
        return place
    day, _, name = place.path.rpartition("/")
    merged = f"{day}/{day.replace('/', '')}{MERGED}"
    if not (top / merged).exists():
        return place
    start = parts_of(folder, site, day).get(name)
    return Place(merged, start + place.offset if start is not None else 0)


def parts_path(folder: Path, site: str, day: str) -> Path:
    return folder / "state" / PARTS_FOLDER / site / f"{day.replace('/', '')}.json"


def parts_of(folder: Path, site: str, day: str) -> dict[str, int]:
    """Where in a merged file the bytes of each old file begin."""
    return {
        name: offset for name, offset in read_object(parts_path(folder, site, day)).items() if isinstance(offset, int)
    }


def record_parts(folder: Path, site: str, day: str, parts: Mapping[str, int]) -> None:
    """Remember where the old files of a merged day lie in the new one; those of an earlier merge stay."""
    path = parts_path(folder, site, day)
    path.parent.mkdir(parents=True, exist_ok=True)
    merged = f"{day.replace('/', '')}{MERGED}"  # merged again, it is the first of the files
    before = {name: parts.get(merged, 0) + offset for name, offset in parts_of(folder, site, day).items()}
    replace_file(path, orjson.dumps({**before, **{name: offset for name, offset in parts.items() if name != merged}}))


def read_object(path: Path) -> dict[str, Any]:
    """The JSON object in a file; {} if it is missing or invalid."""
    try:
        found = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return {}
    return found if isinstance(found, dict) else {}


@dataclass(slots=True)
class Cursor:
    """A reader's places in a file of its own, kept over crashes."""

    file: Path
    reader: str
    places: dict[str, Place]

    @classmethod
    def load(cls, file: Path, reader: str) -> Cursor:
        """The stored places; the start for a new reader."""
        sites = read_object(file).get("sites")
        places = {
            str(site): Place(kept[0], kept[1])
            for site, kept in (sites.items() if isinstance(sites, dict) else ())
            if isinstance(kept, list) and len(kept) == 2 and isinstance(kept[0], str) and isinstance(kept[1], int)
        }
        return cls(file, reader, places)

    def at(self, site: str) -> Place:
        return self.places.get(site, START)

    def keep(self, site: str, place: Place) -> None:
        """All before this place is read; durable when this returns."""
        self.places[site] = place
        self.file.parent.mkdir(parents=True, exist_ok=True)
        sites = {site: [kept.path, kept.offset] for site, kept in sorted(self.places.items())}
        replace_file(self.file, orjson.dumps({"reader": self.reader, "sites": sites}))
