"""`newscrawl serve`: the output folder in a browser, read-only."""

from __future__ import annotations

import argparse
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands._base import NewscrawlCommand


class Command(NewscrawlCommand, ScrapyCommand):
    extra = "web"

    def syntax(self) -> str:
        return "[path]"

    def short_desc(self) -> str:
        return "Show the output folder in a browser: search, stories, copies, versions, runs, drift"

    def long_desc(self) -> str:
        return (
            "Read-only, and on this machine only unless --host says otherwise. An index beside the files is brought up "
            "to date by itself; stories show up a moment after they were written."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--port", type=int, default=8765, metavar="N", help="default: 8765; 0 takes any that is free"
        )
        parser.add_argument(
            "--host",
            default="127.0.0.1",
            metavar="ADDRESS",
            help="the address to listen on (default: 127.0.0.1, this machine only)",
        )
        parser.add_argument(
            "--name",
            action="append",
            default=[],
            metavar="HOST",
            help="a host name this view is reached by, besides localhost; may be repeated",
        )
        parser.add_argument(
            "--archives",
            action="append",
            default=[],
            metavar="DIR",
            help="a folder with WARC files outside of the output folder; may be repeated",
        )

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.tools.web.start import NotServed, serve

        if len(args) > 1 or not 0 <= opts.port <= 65535:
            raise UsageError("serve takes one path at most, and --port from 0 to 65535", print_help=False)
        output = Path(args[0] if args else self.settings["NEWSCRAWL_OUTPUT_DIR"])
        try:
            serve(output, opts.host, opts.port, frozenset(opts.name), tuple(map(Path, opts.archives)))
        except NotServed as error:
            raise UsageError(str(error), print_help=False) from None
        return 0
