"""What our commands share: unknown options are refused, known failures become one line and an exit code.

It stands outside of `commands/`, where Scrapy would take it for a command.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
from abc import abstractmethod
from collections.abc import Sequence

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from newscrawl.attribution.agencies import AgenciesError
from newscrawl.catalog.load import SiteError
from newscrawl.exitcodes import ExitCode, of_start
from newscrawl.spiderloader import add_own_agencies
from newscrawl.state.lock import LockHeld
from newscrawl.state.store import StateError

MAX_CELL_CHARS = 300


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


def refuse_unknown_options(args: list[str]) -> None:
    """UsageError for what Scrapy's parser did not know: it passes such options on without a word."""
    unknown = [arg for arg in args if arg.startswith("-")]
    if unknown:
        raise UsageError(f"unknown option {unknown[0]}; -h shows those there are", print_help=False)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[str] = ()) -> None:
    """A table on standard output: drawn on a terminal, elsewhere tab-separated, one line a row. All of it escaped."""
    from newscrawl.guards.log import escape_controls

    escaped = [[escape_controls(value[:MAX_CELL_CHARS]) for value in row] for row in rows]
    if not sys.stdout.isatty():
        for row in [columns, *escaped]:
            print("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    for row in escaped:
        table.add_row(*map(Text, row))
    Console(highlight=False).print(table)
