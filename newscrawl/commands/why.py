"""`newscrawl why`: explains why two stories are, or are not, taken for the same story."""

from __future__ import annotations

import argparse
import sys

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands._base import NewscrawlCommand, stories_path


class Command(NewscrawlCommand, ScrapyCommand):
    def syntax(self) -> str:
        return "[path] <id> <id>"

    def short_desc(self) -> str:
        return "Explain why two stories are or are not the same: shared text, names, numbers and headlines"

    def long_desc(self) -> str:
        return "The first id is the story that was there first. The path is an output folder (the default), a folder below it, or a file."  # fmt: skip

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.storage.lines import lines_of
        from newscrawl.tools.reports.why import why

        if len(args) not in (2, 3):
            raise UsageError("why takes two story ids, the older story first", print_help=False)
        stories = stories_path(args[:-2], self.settings)
        found = [lines_of(stories, story_id) for story_id in args[-2:]]
        for story_id, lines in zip(args[-2:], found, strict=True):
            if not lines:
                raise UsageError(f"{stories}: no line has the id {story_id!r}", print_help=False)
        facts = list(why(found[0][-1], found[1][-1]))
        if opts.json:
            import orjson

            sys.stdout.buffer.write(orjson.dumps(dict(facts), option=orjson.OPT_INDENT_2) + b"\n")
        else:
            _show(facts)
        return 0


def _show(facts: list[tuple[str, str]]) -> None:
    """Print a table on a terminal, else one tab-separated line for each fact."""
    from newscrawl.security.log import escape_controls

    escaped = [(label, escape_controls(text)) for label, text in facts]
    if not sys.stdout.isatty():
        print("\n".join(map("\t".join, escaped)))
        return
    from rich.table import Table
    from rich.text import Text

    from newscrawl.tools.reports.console import made_console

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    for label, text in escaped:
        table.add_row(label, Text(text))
    made_console().print(table)
