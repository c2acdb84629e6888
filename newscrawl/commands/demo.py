"""`scrapy demo`: the whole way of a story, on a sample wire that comes with the package."""

from __future__ import annotations

import argparse
from pathlib import Path

from newscrawl.command import NewscrawlCommand


class Command(NewscrawlCommand):
    def short_desc(self) -> str:
        return "Crawl the built-in sample wire and show what came out"

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.demo.run import print_runs, run_demo

        output = Path(self.settings["NEWSCRAWL_OUTPUT_DIR"]) / "demo"
        runs = run_demo(output)
        print_runs(runs, output)
        return max(run.exit_code for run in runs)
