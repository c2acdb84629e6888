"""`scrapy credits`: which source credits which agency, with examples behind each number, as a table and a plot."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands._base import NewscrawlCommand, output_folder


class Command(NewscrawlCommand, ScrapyCommand):
    def short_desc(self) -> str:
        return "Show who credits whom: the stories of each source by agency, with a plot"

    def long_desc(self) -> str:
        return (
            "Reads every line of the output folder once and prints a table of source by agency with an example behind "
            "each number; the plot and all examples go into one HTML file. Invalid lines are counted."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print the whole table as JSON, and nothing else")
        parser.add_argument(
            "--examples", type=int, default=1, metavar="N", help="examples a number (0 to 3; default 1)"
        )
        parser.add_argument(
            "-o", "--output", metavar="FILE", help="where the plot goes (default: credits.html in the output folder)"
        )

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.tools.reports.credits import read_ledger
        from newscrawl.tools.reports.credits_view import credits_page, table

        if args or not 0 <= opts.examples <= 3:
            raise UsageError("credits takes no argument, and --examples from 0 to 3", print_help=False)
        folder = output_folder(self.settings)
        ledger = read_ledger(folder / "stories")
        if opts.json:
            import orjson

            sys.stdout.write(orjson.dumps(ledger.as_json(), option=orjson.OPT_INDENT_2).decode() + "\n")
        if opts.output or not opts.json:
            target = Path(opts.output) if opts.output else folder / "credits.html"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(credits_page(ledger), "utf-8", "replace")
        if not opts.json:
            print("\n".join([*table(ledger, opts.examples), "", f"the plot: {target}"]))
        return 0
