"""Crawls three small sites that come with the package and shows the result."""

from __future__ import annotations

import argparse
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands._base import NewscrawlCommand


class Command(NewscrawlCommand, ScrapyCommand):
    def short_desc(self) -> str:
        return "Crawl three built-in sample sites and show the result"

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        if args:
            raise UsageError(f"demo takes no arguments, not {args[0]!r}", print_help=False)
        from newscrawl.tools.demo.run import print_runs, run_demo

        output = Path(self.settings["NEWSCRAWL_OUTPUT_DIR"]) / "demo"
        runs = run_demo(output)
        print_runs(runs, output)
        return max(run.exit_code for run in runs)
