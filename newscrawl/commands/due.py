"""`newscrawl due`: which sites are to be crawled now, and why the others are not."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand

from newscrawl.commands._base import NewscrawlCommand, readable_sites
from newscrawl.monitoring.exit_codes import ExitCode

if TYPE_CHECKING:
    from newscrawl.monitoring.due import Due


class Command(NewscrawlCommand, ScrapyCommand):
    def syntax(self) -> str:
        return "[<site> ...]"

    def short_desc(self) -> str:
        return "List the sites that are due and why, then those that are running, waiting or blocked"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="one object a line")

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        import orjson

        from newscrawl.commands._base import print_table
        from newscrawl.monitoring.due import due_sites

        sites, broken = readable_sites(self.settings, args)
        found = due_sites(sites, Path(self.settings["NEWSCRAWL_OUTPUT_DIR"]), datetime.now(UTC))
        if opts.json:
            for due in found:
                print(orjson.dumps(due).decode())
            return ExitCode.START_UP if broken else ExitCode.GOOD
        columns = ("site", "state", "why", "last run", "exit", "every", "next")
        print_table(
            columns, [row_of(due) for due in found], numbers=("exit", "every"), optional=("last run", "every", "exit")
        )
        return ExitCode.START_UP if broken else ExitCode.GOOD


def row_of(due: Due) -> list[str]:
    """One site as the table shows it."""
    code = "" if due.last_exit is None else str(due.last_exit)
    shown_next = "now" if due.state == "due" else due.next_at or ""
    every = f"{due.interval_seconds // 60} min"
    return [
        due.site,
        due.state,
        due.why,
        due.last_run_at or "never",
        code,
        every,
        shown_next if due.state in ("due", "waiting") else "",
    ]
