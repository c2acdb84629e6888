"""Columnar copies of closed segments, under `state/columns/` of an output folder: an index that nobody must tend.

A pack is one Parquet file over many segments and a manifest that names each with its size and times. A pack counts
only if every segment in it is still exactly what it was (so that it is never stale: `compact` and `redact` change
size or times), and the Parquet file itself too (a cut or overwritten one is ignored). Parquet first, manifest after
it, both fsynced and renamed: a kill leaves at most a file that no manifest names. Deleting the folder is always safe.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from newscrawl.schema import duckdb_columns_literal
from newscrawl.tools.query.files import CorpusFile, segment_at, top_of

SMALL_BYTES = 1024 * 1024  # files up to this size are read with small buffers (views.py)


@dataclass(frozen=True, slots=True)
class Pack:
    """A columnar copy: its Parquet file and the segments in it."""

    parquet: CorpusFile
    segments: tuple[CorpusFile, ...]

    @property
    def manifest(self) -> Path:
        return Path(self.parquet.path).with_suffix(".json")

    @property
    def size_bytes(self) -> int:
        """Bytes of lines in it."""
        return sum(segment.size_bytes for segment in self.segments)


@dataclass(frozen=True)
class Plan:
    """Which files a query reads: all there are, the packs, and the segments that lie in no pack."""

    path: Path
    segments: list[CorpusFile]
    packs: list[Pack]
    rest: list[CorpusFile]

    @cached_property
    def variables(self) -> dict[str, Any]:
        """The DuckDB variables that the views read."""
        return {
            "top": f"{top_of(self.path)}{os.sep}",
            "packs": [pack.parquet.path for pack in self.packs],
            "small_segments": [segment.path for segment in self.rest if segment.size_bytes <= SMALL_BYTES],
            "large_segments": [segment.path for segment in self.rest if segment.size_bytes > SMALL_BYTES],
        }

    @property
    def parts(self) -> list[str]:
        """Which of the lists hold anything: DuckDB refuses to read a list of no files."""
        return [name for name in ("packs", "small_segments", "large_segments") if self.variables[name]]


def planned(path: Path, segments: list[CorpusFile], found: Iterable[Pack]) -> Plan:
    """Of the packs found those that are good, the fullest first, and what they leave."""
    left = {segment.path: segment for segment in segments}
    packs: list[Pack] = []
    for pack in sorted(found, key=lambda pack: (-len(pack.segments), pack.parquet)):
        if all(left.get(segment.path) == segment for segment in pack.segments):
            packs.append(pack)
            for segment in pack.segments:
                del left[segment.path]
    return Plan(path, segments, packs, list(left.values()))


def folder_of(path: Path) -> Path | None:
    """Where the packs of an output folder lie; None for a path that is not an output folder."""
    return path / "state" / "columns" if (path / "stories").is_dir() and (path / "state").is_dir() else None


def packs_of(path: Path) -> Iterator[Pack]:
    """The packs whose manifests can be read and whose Parquet files are as they were written."""
    folder = folder_of(path)
    if folder is None or not folder.is_dir():
        return
    for manifest in sorted(folder.glob("*.json")):
        with suppress(OSError, ValueError, TypeError, KeyError):  # damaged: as if it were not there
            pack = pack_from(path, manifest)
            if segment_at(pack.parquet.path) == pack.parquet:
                yield pack


def pack_from(path: Path, manifest: Path) -> Pack:
    """The pack of a manifest; ValueError, TypeError or KeyError if it is not ours or has other columns."""
    content = orjson.loads(manifest.read_bytes())
    if content["made_for"] != made_for():
        raise ValueError("made for other columns")
    top = top_of(path)
    segments = tuple(CorpusFile(str(top / name), *map(int, numbers)) for name, *numbers in content["segments"])
    return Pack(CorpusFile(str(manifest.with_suffix(".parquet")), *map(int, content["parquet"])), segments)


def made_for() -> str:
    """What the columns of a pack rest on: the record's types."""
    return hashlib.sha256(duckdb_columns_literal().encode()).hexdigest()[:16]


def throw_away(packs: Iterable[Pack]) -> None:
    """Delete packs, manifests first; one that cannot be deleted stays."""
    for pack in packs:
        for file in (pack.manifest, Path(pack.parquet.path)):
            with suppress(OSError):
                file.unlink()
