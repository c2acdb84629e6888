"""`newscrawl crawl-due`: crawl the sites that are due, one process a site, and end; what cron calls."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand

from newscrawl.commands._base import ScheduleCommand, readable_sites
from newscrawl.monitoring.exit_codes import ExitCode, of_runs

if TYPE_CHECKING:
    from newscrawl.monitoring.runner import Done


class Command(ScheduleCommand, ScrapyCommand):
    def syntax(self) -> str:
        return "[<site> ...]"

    def short_desc(self) -> str:
        return "Crawl the sites that are due, several at once, and end"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--quiet", action="store_true", help="tell only of runs that were not good")

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.monitoring.due import due_sites

        runner = self.runner(opts)
        runner.take_signals()
        sites, broken = readable_sites(self.settings, args)
        found = due_sites(sites, Path(self.settings["NEWSCRAWL_OUTPUT_DIR"]), datetime.now(UTC))
        due = [entry.site for entry in found if entry.state == "due"]
        codes = runner.run_all(due, lambda done: self.tell(done, opts.quiet))
        codes += [ExitCode.START_UP] * broken
        return of_runs([*codes, ExitCode.STOPPED] if runner.signals else codes)

    def tell(self, done: Done, quiet: bool) -> None:
        if not (quiet and done.exit_code in (ExitCode.GOOD, ExitCode.LOCKED)):
            print(done.line(), flush=True)
