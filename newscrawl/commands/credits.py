"""`newscrawl credits`: shows which source credits which agency, with examples, as a table and a plot."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands._base import NewscrawlCommand, require_folder_of, stories_path


class Command(NewscrawlCommand, ScrapyCommand):
    def syntax(self) -> str:
        return "[path]"

    def short_desc(self) -> str:
        return "Show which source credits which agency, as a table and a plot"

    def long_desc(self) -> str:
        return (
            "Reads every line once and prints a table of sources and agencies with an example for each number. The plot "
            "and all examples go into one HTML file. Invalid lines are counted. The path is an output folder (the "
            "default), a folder below it, or a .jsonl file."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print the whole table as JSON, and nothing else")
        parser.add_argument(
            "--examples", type=int, default=1, metavar="N", help="examples for each number (0 to 3, default: 1)"
        )
        parser.add_argument(
            "-o", "--output", metavar="FILE", help="where the plot goes (default: credits.html in the output folder)"
        )

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.tools.reports.credits import read_ledger
        from newscrawl.tools.reports.credits_view import credits_page, table

        if len(args) > 1:
            raise UsageError("credits takes one path: an output folder, a folder below it, or a file", print_help=False)
        if not 0 <= opts.examples <= 3:
            raise UsageError(f"--examples must be from 0 to 3, not {opts.examples}", print_help=False)
        stories = stories_path(args, self.settings)
        folder = stories.parent if stories.name == "stories" or stories.is_file() else stories
        if opts.output:
            require_folder_of("-o", opts.output)
        ledger = read_ledger(stories)
        if opts.json:
            import orjson

            sys.stdout.write(orjson.dumps(ledger.as_json(), option=orjson.OPT_INDENT_2).decode() + "\n")
        if opts.output or not opts.json:
            target = Path(opts.output) if opts.output else folder / "credits.html"
            target.write_text(credits_page(ledger), "utf-8", "replace")
        if not opts.json:
            print("\n".join([*table(ledger, opts.examples), "", f"Plot: {target}"]))
        return 0
