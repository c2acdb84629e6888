"""`newscrawl.crawl`: crawl a site from a script or a notebook and get its stories as they are written."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import orjson

from newscrawl.items import Story
from newscrawl.monitoring.exit_codes import ExitCode, meaning
from newscrawl.schema.types import record_of
from newscrawl.storage.positions import START, Place, unread
from newscrawl.storage.segments import known_segments
from newscrawl.storage.state import FILE_NAME, State

POLL_SECONDS = 0.1
END_SECONDS = 15.0  # for a crawl that is stopped; after that it is killed, which loses nothing that was yielded
LOG_CHARS = 2_000
USABLE = (ExitCode.GOOD, ExitCode.SOME_FAILED, ExitCode.DRIFT)


class CrawlFailed(RuntimeError):
    """A crawl that gave nothing usable. `exit_code` says why (docs/exit-codes.md), the text ends with its log."""

    def __init__(self, site: str, exit_code: int, log: str) -> None:
        super().__init__(f"crawl of {site} ended with exit code {exit_code} ({meaning(exit_code)})\n{log}".strip())
        self.exit_code = exit_code


def crawl(
    site: str,
    *,
    limit: int | None = None,
    output: str | os.PathLike[str] = "output",
    settings: Mapping[str, Any] | None = None,
) -> Iterator[Story]:
    """Yield the stories that a crawl of a site writes, each once its line is on disk.

    The crawl runs in a process of its own, so this works in a script and in a notebook. `limit` ends it after so many
    stories. `settings` are those of `-s`. Closing the iterator stops the crawl. CrawlFailed: exit code other than 0, 4
    or 6, raised after the last story.
    """
    folder = Path(output)
    options = {"NEWSCRAWL_OUTPUT_DIR": folder, **(settings or {})}
    if limit is not None:
        options["CLOSESPIDER_ITEMCOUNT"] = limit
    command = [sys.executable, "-m", "newscrawl", "crawl", site, "--quiet", "-L", "WARNING"]
    command += [part for name, value in options.items() for part in ("-s", f"{name}={value}")]
    place, began_at = _end_of(folder, site), f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log)
        yielded = 0
        try:
            while limit is None or yielded < limit:
                has_ended = process.poll() is not None
                for behind, story in _stories_after(folder, site, place):
                    place = behind
                    if (
                        story.crawl is not None and (story.crawl.run or "") >= began_at
                    ):  # not of a run that was recovered
                        yielded += 1
                        yield story
                    if limit is not None and yielded >= limit:
                        break
                if has_ended:
                    break
                time.sleep(POLL_SECONDS)
        finally:
            _stop(process)
        if process.returncode not in USABLE and not (yielded and process.returncode == ExitCode.STOPPED):
            raise CrawlFailed(site, process.returncode, _tail_of(log))


def _durable_sizes(folder: Path, site: str) -> dict[str, int]:
    """How many bytes of each file of a site are committed."""
    if not (folder / "state" / FILE_NAME).exists():
        return {}
    state = State(folder / "state")
    try:
        return known_segments(state, site)
    finally:
        state.close()


def _end_of(folder: Path, site: str) -> Place:
    """The end of what a site has written so far."""
    place = START
    for stretch in unread(folder, site, START, _durable_sizes(folder, site)):
        place = Place(stretch.path, stretch.end)
    return place


def _stories_after(folder: Path, site: str, place: Place) -> Iterator[tuple[Place, Story]]:
    """(place behind it, story) of each durable line behind a place."""
    for stretch in unread(folder, site, place, _durable_sizes(folder, site)):
        with stretch.file.open("rb") as file:
            file.seek(stretch.start)
            content = file.read(stretch.end - stretch.start)
        offset = stretch.start
        for line in content.splitlines(keepends=True):
            offset += len(line)
            yield Place(stretch.path, offset), record_of(orjson.loads(line), Story)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


def _tail_of(log: IO[bytes]) -> str:
    log.seek(0)
    return log.read().decode("utf-8", "replace")[-LOG_CHARS:]
