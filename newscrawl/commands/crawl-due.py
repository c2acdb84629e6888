"""`scrapy crawl-due`: crawl the sites that are due, one process a site, and end; what cron calls."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from newscrawl.command import ScheduleCommand, readable_sites
from newscrawl.exitcodes import ExitCode, of_runs


class Command(ScheduleCommand):
    def syntax(self) -> str:
        return "[<site> ...]"

    def short_desc(self) -> str:
        return "Crawl the sites that are due, several at once, and end"

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.schedule.due import due_sites

        runner = self.runner(opts)
        runner.take_signals()
        sites, broken = readable_sites(self.settings, args)
        found = due_sites(sites, Path(self.settings["NEWSCRAWL_OUTPUT_DIR"]), datetime.now(UTC))
        due = [entry.site for entry in found if entry.state == "due"]
        codes = runner.run_all(due, lambda done: print(done.line(), flush=True))
        codes += [ExitCode.START_UP] * broken
        return of_runs([*codes, ExitCode.STOPPED] if runner.signals else codes)
