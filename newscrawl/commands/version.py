"""`newscrawl version [-v]`: the version of newscrawl; with -v also those of Scrapy and what it runs on."""

from __future__ import annotations

import argparse

from scrapy.commands import version
from scrapy.exceptions import UsageError

from newscrawl import __version__
from newscrawl.commands._base import name_usage


class Command(version.Command):
    def short_desc(self) -> str:
        return "Print the version of newscrawl; with -v also those of Scrapy and what it runs on"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        name_usage(parser, self)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if args:
            raise UsageError("version takes no arguments", print_help=False)
        print(f"newscrawl {__version__}", flush=True)
        if opts.verbose:
            super().run(args, opts)
