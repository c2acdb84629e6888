"""What our commands share: unknown options are refused, known failures become one line and an exit code.

It stands outside of `commands/`, where Scrapy would take it for a command.
"""

from __future__ import annotations

import argparse
import gzip
import sqlite3
import sys
import zlib
from abc import abstractmethod
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from newscrawl.attribution.agencies import AgenciesError
from newscrawl.catalog.load import SiteError
from newscrawl.exitcodes import ExitCode, of_start
from newscrawl.guards.markup import MAX_PAGE_BYTES
from newscrawl.spiderloader import add_own_agencies
from newscrawl.state.lock import LockHeld
from newscrawl.state.store import StateError


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


def saved_page(path: Path) -> bytes:
    """The bytes of a saved page, unpacked where they are gzipped, up to what a page may have. UsageError: no such page."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as file:
            return file.read(MAX_PAGE_BYTES + 1)
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(f"{path}: {reason}; name a file, or a URL with its http://", print_help=False) from None
    except (EOFError, zlib.error) as error:
        raise UsageError(f"{path}: a damaged gzip file ({error})", print_help=False) from None
