"""`newscrawl clusters`: lists the stories that most sources carried, with delay, similarity and credit."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands._base import NewscrawlCommand, counted, print_table, stories_path

if TYPE_CHECKING:
    from newscrawl.tools.reports.clusters import Carried

COLUMNS = ("source", "relation", "delay", "similarity", "credit", "id")
NUMBERS = ("delay", "similarity")


class Command(NewscrawlCommand, ScrapyCommand):
    def syntax(self) -> str:
        return "[path]"

    def short_desc(self) -> str:
        return "List the stories that most sources carried: who, how late, and who dropped the credit"

    def long_desc(self) -> str:
        return "The path is an output folder (the default), a folder below it, or a file."

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object per story, all of them")
        parser.add_argument("--limit", type=int, default=20, metavar="N", help="how many to show (default: 20)")

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.storage.lines import lines
        from newscrawl.tools.reports.clusters import carried

        if len(args) > 1:
            raise UsageError(
                "clusters takes one path: an output folder, a folder below it, or a file", print_help=False
            )
        if opts.limit < 0:
            raise UsageError(f"--limit must be 0 or more, not {opts.limit}", print_help=False)
        found = carried(lines(stories_path(args, self.settings)))
        if opts.json:
            import orjson

            for story in found:
                sys.stdout.buffer.write(orjson.dumps(story.as_json()) + b"\n")
        elif sys.stdout.isatty():
            self.show(found[: opts.limit], len(found))
        else:
            rows = [[story.headline, *row] for story in found[: opts.limit] for row in rows_of(story)]
            print_table(("headline", *COLUMNS), rows)
        return 0

    def show(self, found: list[Carried], total: int) -> None:
        """One table per story."""
        from newscrawl.security.log import escape_controls

        print(f"{counted(total, 'story')} on more than one page")
        for story in found:
            agency = f" ({story.agency})" if story.agency else ""
            print(escape_controls(f"\n{len(story.carriers)} x {story.headline}{agency}", breaks=False))
            print_table(COLUMNS, rows_of(story), NUMBERS)


def rows_of(story: Carried) -> list[list[str]]:
    """A row for each page that carries a story."""
    from newscrawl.tools.reports.clusters import in_words

    rows = []
    for carrier in story.carriers:
        relation = "original" if carrier.id == story.original else carrier.relation
        similarity = "" if carrier.similarity is None else f"{carrier.similarity:.0%}"
        credit = {None: "", True: "kept", False: "dropped"}[carrier.names_agency]
        rows.append([carrier.source, relation, in_words(carrier.delay_seconds), similarity, credit, carrier.id])
    return rows
