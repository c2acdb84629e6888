"""`scrapy why <id> <id>`: why two stories are, or are not, taken for the same."""

from __future__ import annotations

import argparse

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands._base import NewscrawlCommand, output_folder


class Command(NewscrawlCommand, ScrapyCommand):
    def syntax(self) -> str:
        return "<id> <id>"

    def short_desc(self) -> str:
        return "Print why two stories are or are not the same: keys, overlaps, names and numbers that differ"

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from rich.table import Table
        from rich.text import Text

        from newscrawl.security.log import escape_controls
        from newscrawl.storage.lines import lines_of
        from newscrawl.tools.reports.console import made_console
        from newscrawl.tools.reports.why import why

        if len(args) != 2:
            raise UsageError("why takes two story ids, the one that was first and the other", print_help=False)
        stories = output_folder(self.settings) / "stories"
        found = [lines_of(stories, story_id) for story_id in args]
        for story_id, lines in zip(args, found, strict=True):
            if not lines:
                raise UsageError(f"{stories}: no line has the id {story_id!r}", print_help=False)
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        table.add_column(style="bold", no_wrap=True)
        table.add_column()
        for name, value in why(found[0][-1], found[1][-1]):
            table.add_row(name, Text(escape_controls(value)))
        made_console().print(table)
        return 0
