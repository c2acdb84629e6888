"""`newscrawl tail`: the lines as they are written, for pipes."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands._base import NewscrawlCommand, output_folder
from newscrawl.monitoring.exit_codes import ExitCode

POLL_SECONDS = 0.5


class Command(NewscrawlCommand, ScrapyCommand):
    def syntax(self) -> str:
        return "[site ...]"

    def short_desc(self) -> str:
        return "Print lines of stories as they become durable; --follow goes on, --cursor FILE remembers where it was"

    def long_desc(self) -> str:
        return (
            "Without a cursor: the last lines (-n), and with --follow those that come. With --cursor FILE everything "
            "behind the place that the file remembers, from the start if it is new; the place moves on only when the "
            "lines were taken by whoever reads the pipe, so that each line comes at least once and in order."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-f", "--follow", action="store_true", help="go on as lines are written")
        parser.add_argument("-n", "--lines", type=int, default=10, metavar="N", help="so many of the last lines (10)")
        parser.add_argument("--cursor", metavar="FILE", help="a file that remembers how far this reader has come")

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.storage.positions import Cursor
        from newscrawl.storage.site_lock import sites_of

        folder = Path(self.settings["NEWSCRAWL_OUTPUT_DIR"]) if opts.follow else output_folder(self.settings)
        known = sites_of(folder)
        unknown = [site for site in args if site not in known]
        if unknown:
            said = f"{folder / 'stories'}: no stories of {unknown[0]!r}; there are {', '.join(known) or 'none'}"
            if not opts.follow:
                raise UsageError(said, print_help=False)
            print(f"{said}; waiting", file=sys.stderr)
        if opts.lines < 0:
            raise UsageError(f"-n: must be 0 or more, not {opts.lines}", print_help=False)
        try:
            if opts.cursor:
                follow(folder, args, Cursor.load(Path(opts.cursor), "tail"), opts.follow, is_kept=True)
            else:
                cursor = Cursor(Path(os.devnull), "tail", {})
                write(last_lines(folder, args, cursor, opts.lines))
                if opts.follow:
                    follow(folder, args, cursor, True, is_kept=False)
        except BrokenPipeError:  # whoever read the lines has gone
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except KeyboardInterrupt:
            pass
        return ExitCode.GOOD


def write(content: bytes) -> None:
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def there(folder: Path, sites: list[str]) -> Iterator[tuple[str, dict[str, int]]]:
    """(site, how much of its open files is durable) of the sites asked for, or of all."""
    from newscrawl.storage.segments import known_segments
    from newscrawl.storage.site_lock import sites_of
    from newscrawl.storage.state import FILE_NAME, State

    state = State(folder / "state") if (folder / "state" / FILE_NAME).exists() else None
    try:
        for site in sites or sites_of(folder):
            yield site, known_segments(state, site) if state else {}
    finally:
        if state:
            state.close()


def last_lines(folder: Path, sites: list[str], cursor: object, count: int) -> bytes:
    """The last lines of the newest files; the cursor is put at the end of all."""
    from newscrawl.storage.positions import START, Cursor, Place, unread

    assert isinstance(cursor, Cursor)
    found = []
    for site, sizes in there(folder, sites):
        stretches = list(unread(folder, site, START, sizes))
        if stretches:
            cursor.places[site] = Place(stretches[-1].path, stretches[-1].end)
        found += [(stretch.path.rpartition("/")[2], stretch) for stretch in stretches]
    lines: list[bytes] = []
    for _, stretch in sorted(found, key=lambda entry: entry[0], reverse=True):
        if len(lines) >= count:
            break
        with stretch.file.open("rb") as file:
            lines = [*file.read(stretch.end).splitlines(keepends=True), *lines]
    return b"".join(lines[-count:] if count else [])


def follow(folder: Path, sites: list[str], cursor: object, goes_on: bool, *, is_kept: bool) -> None:
    """Write what is behind the cursor, and with `goes_on` what comes."""
    from newscrawl.storage.positions import Cursor, Place, unread
    from newscrawl.tools.deliver.targets import batches

    assert isinstance(cursor, Cursor)
    while True:
        for site, sizes in there(folder, sites):
            for stretch in unread(folder, site, cursor.at(site), sizes):
                for start, lines in batches(stretch):
                    write(lines)
                    place = Place(stretch.path, start + len(lines))
                    if is_kept:
                        cursor.keep(site, place)
                    else:
                        cursor.places[site] = place
        if not goes_on:
            return
        time.sleep(POLL_SECONDS)
