"""`scrapy demo`: the whole way of a story, on a sample wire that comes with the package."""

from __future__ import annotations

import argparse
from pathlib import Path

from scrapy.commands import ScrapyCommand

from newscrawl.commands._base import NewscrawlCommand


class Command(NewscrawlCommand, ScrapyCommand):
    def short_desc(self) -> str:
        return "Crawl the built-in sample wire and show what came out"

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.tools.demo.run import print_runs, run_demo

        output = Path(self.settings["NEWSCRAWL_OUTPUT_DIR"]) / "demo"
        runs = run_demo(output)
        print_runs(runs, output)
        return max(run.exit_code for run in runs)
