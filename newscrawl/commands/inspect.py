"""`newscrawl inspect [path] [id]`: shows an overview of the lines, the lines that match filters, or one story."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands._base import (
    NewscrawlCommand,
    add_filter_options,
    filter_of,
    lines_path,
    query_options,
    require_known_values,
)

DEFAULT_LIMIT = 20


class Command(NewscrawlCommand, ScrapyCommand):
    def syntax(self) -> str:
        return "[path] [story id]"

    def short_desc(self) -> str:
        return "Show an overview of the lines, the stories that match filters, or one story"

    def long_desc(self) -> str:
        return (
            "Without an id: the number of lines by site, agency, day, language and kind, how often each field has a "
            "value, and the newest and oldest line. With filters: the newest lines that match. With an id: that story, "
            "with its evidence underlined. The path is an output folder (the default), a folder below it, or a file."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add_filter_options(parser)
        parser.add_argument("--limit", type=int, metavar="N", help=f"newest lines to list (default: {DEFAULT_LIMIT} with filters, else 0)")  # fmt: skip
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.tools.query import open_corpus
        from newscrawl.tools.query.packing import pack_in_background, pack_now

        path, story_id = self.path_and_id(args)
        wanted = filter_of(opts)
        if opts.limit is not None and opts.limit < 0:
            raise UsageError(f"--limit: must be 0 or more, not {opts.limit}", print_help=False)
        if story_id and not wanted.is_empty():
            raise UsageError("an id cannot be combined with filters", print_help=False)
        with open_corpus(path, **query_options(self.settings)) as corpus:
            if story_id:
                self.show_story(corpus, story_id, opts.json)
            else:
                require_known_values(corpus, wanted, self.settings)
                pack_now(corpus)
                limit = (0 if wanted.is_empty() else DEFAULT_LIMIT) if opts.limit is None else opts.limit
                self.show_overview(corpus, wanted, limit, opts.json)
            pack_in_background(corpus)
        return 0

    def path_and_id(self, args: list[str]) -> tuple[Path, str | None]:
        """(path, story id). An argument that exists is a path. One that does not is an id if it has a colon."""
        paths = [arg for arg in args if Path(arg).exists()]
        ids = [arg for arg in args if arg not in paths and ":" in arg]
        if len(paths) + len(ids) < len(args) or len(paths) > 1 or len(ids) > 1:
            unknown = next((arg for arg in args if arg not in paths and arg not in ids), " ".join(args))
            raise UsageError(f"{unknown!r} is not a path that exists or an id such as yonhap:AEN20261123000100315", print_help=False)  # fmt: skip
        return lines_path(paths, self.settings), ids[0] if ids else None

    def show_overview(self, corpus: Any, wanted: Any, limit: int, as_json: bool) -> None:
        from newscrawl.tools.reports.overview import overview

        found = overview(corpus, wanted, limit)
        if as_json:
            write_json(found.as_json())
            return
        from newscrawl.tools.reports.terminal import print_overview

        print_overview(corpus, found)

    def show_story(self, corpus: Any, story_id: str, as_json: bool) -> None:
        from newscrawl.tools.query.find import find_story

        found = find_story(corpus, story_id)
        if not found.versions:
            raise UsageError(f"{corpus.path}: no line has the id {story_id!r}", print_help=False)
        if as_json:
            write_json({"id": story_id, "versions": found.versions, "others": found.others})
            return
        from newscrawl.tools.reports.terminal import print_story

        print_story(found)


def write_json(value: Any) -> None:
    import orjson

    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n")
