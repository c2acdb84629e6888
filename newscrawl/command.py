"""What our commands share: unknown options are refused, known failures become one line and an exit code.

It stands outside of `commands/`, where Scrapy would take it for a command.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from newscrawl.attribution.agencies import AgenciesError
from newscrawl.catalog.load import SiteError
from newscrawl.exitcodes import ExitCode, of_start
from newscrawl.spiderloader import add_own_agencies
from newscrawl.state.lock import LockHeld
from newscrawl.state.store import StateError

if TYPE_CHECKING:
    from newscrawl.corpus.filters import Filter


class NewscrawlCommand(ScrapyCommand):
    """A command that starts no crawl in its own process."""

    requires_project = True
    requires_crawler_process = False
    settings: Settings

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        refuse_unknown_options(args)
        try:
            add_own_agencies(self.settings)
            self.exitcode = self.run_checked(args, opts)
        except (SiteError, AgenciesError, LockHeld, StateError, OSError, sqlite3.Error) as error:
            self.exitcode = ExitCode.START_UP if isinstance(error, (SiteError, AgenciesError)) else of_start(error)
            print(f"error: {error}", file=sys.stderr)

    @abstractmethod
    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        """Do the work; the exit code."""


def query_options(settings: Settings) -> dict[str, Any]:
    """The options of `open_corpus` that the settings give."""
    from newscrawl.corpus import Limits

    limits = Limits(settings.getint("NEWSCRAWL_QUERY_MEMORY_MB"), settings.getint("NEWSCRAWL_QUERY_THREADS"))
    return {"limits": limits, "use_columns": settings.getbool("NEWSCRAWL_COLUMN_COPIES")}


def add_filter_options(parser: argparse.ArgumentParser) -> None:
    """The conditions on lines that `inspect` and `export` share."""
    for name, what in (("agency", "of this agency"), ("site", "read at this site"), ("language", "in this language"), ("kind", "of this kind")):  # fmt: skip
        also = "; `none` for those without" if name in ("agency", "language") else ""
        parser.add_argument(f"--{name}", action="append", metavar=name.upper(), help=f"only lines {what} (again for another){also}")  # fmt: skip
    parser.add_argument("--since", metavar="TIME", help="only lines published from this day or time on (UTC unless it names an offset)")  # fmt: skip
    parser.add_argument("--until", metavar="TIME", help="only lines published up to this day, or before this time")
    parser.add_argument("--text", metavar="WORDS", help="only lines with these words in headline or text, in any case")


def filter_of(opts: argparse.Namespace) -> Filter:
    """The conditions given; UsageError names an option that cannot be read."""
    from newscrawl.corpus.filters import Filter, moment_of

    def time_of(name: str) -> Any:
        given = getattr(opts, name)
        try:
            return moment_of(given, is_end=name == "until") if given else None
        except ValueError as error:
            raise UsageError(f"--{name}: {error}", print_help=False) from None

    lists: dict[str, Any] = {name: tuple(getattr(opts, name) or ()) for name in ("agency", "site", "language", "kind")}
    return Filter(**lists, since=time_of("since"), until=time_of("until"), text=opts.text)


def refuse_unknown_options(args: list[str]) -> None:
    """UsageError for what Scrapy's parser did not know: it passes such options on without a word."""
    unknown = [arg for arg in args if arg.startswith("-")]
    if unknown:
        raise UsageError(f"unknown option {unknown[0]}; -h shows those there are", print_help=False)
