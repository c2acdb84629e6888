"""`newscrawl watch`: crawl the sites whenever they are due, until a signal ends it."""

from __future__ import annotations

import argparse
import sys

from scrapy.commands import ScrapyCommand

from newscrawl.commands._base import ScheduleCommand, readable_sites
from newscrawl.monitoring.exit_codes import ExitCode


class Command(ScheduleCommand, ScrapyCommand):
    def syntax(self) -> str:
        return "[<site> ...]"

    def short_desc(self) -> str:
        return "Crawl the sites whenever they are due, in the foreground, until a signal ends it"

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.monitoring.watch import ScheduleLoop

        readable_sites(self.settings, args)  # a wrong name is reported now
        runner = self.runner(opts)
        runner.take_signals()
        watch = ScheduleLoop(runner, lambda: readable_sites(self.settings, args)[0])
        if sys.stdout.isatty():
            watch.run_with_table()
        else:
            watch.run(lambda done: print(done.line(), flush=True))
        return ExitCode.STOPPED
