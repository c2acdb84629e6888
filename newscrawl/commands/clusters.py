"""`scrapy clusters`: the stories most carried, who carried them, how late, who dropped the credit."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands._base import NewscrawlCommand, output_folder

if TYPE_CHECKING:
    from newscrawl.tools.reports.clusters import Carried


class Command(NewscrawlCommand, ScrapyCommand):
    def short_desc(self) -> str:
        return "Show the stories most carried: by whom, with what delay, and who dropped the credit"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object a line, all of them")
        parser.add_argument("--limit", type=int, default=20, metavar="N", help="how many to show (default: 20)")

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.storage.lines import lines
        from newscrawl.tools.reports.clusters import carried

        if args or opts.limit < 0:
            raise UsageError("clusters takes --limit (0 or more) and --json alone", print_help=False)
        found = carried(lines(output_folder(self.settings) / "stories"))
        if opts.json:
            import orjson

            for story in found:
                sys.stdout.buffer.write(orjson.dumps(story.as_json()) + b"\n")
            return 0
        self.show(found[: opts.limit], len(found))
        return 0

    def show(self, found: list[Carried], total: int) -> None:
        from rich.table import Table
        from rich.text import Text

        from newscrawl.security.log import escape_controls
        from newscrawl.tools.reports.clusters import in_words
        from newscrawl.tools.reports.console import made_console

        console = made_console()
        console.print(f"{total} stories are on more than one page")
        for story in found:
            about = f"{len(story.carriers)} x {story.headline}" + (f" ({story.agency})" if story.agency else "")
            table = Table(title=Text(escape_controls(about)), title_justify="left", box=None, padding=(0, 2, 0, 0))
            for column in ("source", "relation", "delay", "alike", "credit", "id"):
                table.add_column(column, justify="right" if column in ("delay", "alike") else "left", overflow="fold")
            for carrier in story.carriers:
                relation = "original" if carrier.id == story.original else carrier.relation
                credit = {None: "", True: "kept", False: "dropped"}[carrier.names_agency]
                alike = "" if carrier.similarity is None else f"{carrier.similarity:.0%}"
                cells = (carrier.source, relation, in_words(carrier.delay_seconds), alike, credit, carrier.id)
                table.add_row(*(Text(escape_controls(cell)) for cell in cells))
            console.print(table)
