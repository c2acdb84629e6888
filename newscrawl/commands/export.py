"""`newscrawl export [path] -o FILE --to FORMAT`: writes the stories in the format of another tool."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands._base import (
    NewscrawlCommand,
    add_filter_options,
    command_line,
    filter_of,
    lines_path,
    query_options,
    require_folder_of,
    require_known_values,
)

FORMATS = "parquet, csv, sqlite, cc_news, elasticsearch, news-please, ninjs, schema-org"


class Command(NewscrawlCommand, ScrapyCommand):
    extra = "export"

    def syntax(self) -> str:
        return "[path] -o FILE --to FORMAT"

    def short_desc(self) -> str:
        return "Write the stories for other tools: Parquet, CSV, SQLite, ninjs, schema.org, Elasticsearch and more"

    def long_desc(self) -> str:
        return (
            "The path is an output folder (the default), a folder below it, or a file. The export appears under its name "
            "when it is complete. After a kill, the same command continues where it stopped (Parquet starts over). A "
            "name that ends in .gz or .zst is compressed."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-o", "--output", metavar="FILE", help="where to write")
        parser.add_argument("--to", metavar="FORMAT", help=FORMATS)
        add_filter_options(parser)
        parser.add_argument("--unique", action="store_true", help="one line per story: of each cluster the newest version of the first story")  # fmt: skip
        parser.add_argument("--partition", action="store_true", help="Parquet as a folder, by site and day")

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.tools.export.formats import export
        from newscrawl.tools.query import open_corpus

        self.refuse(args, opts)
        path = lines_path(args, self.settings)
        wanted = filter_of(opts)
        with open_corpus(path, **query_options(self.settings)) as corpus:
            require_known_values(corpus, wanted, self.settings)
            done = export(
                corpus, Path(opts.output), opts.to, wanted, is_unique=opts.unique, is_partitioned=opts.partition
            )  # fmt: skip
        left = (
            f"; lines skipped because they are not valid records: {done.skipped} (`{command_line('validate')}` names them)"
            if done.skipped
            else ""
        )
        print(f"{opts.output}: {done.written} lines written{left}", file=sys.stderr)
        return 0

    def refuse(self, args: list[str], opts: argparse.Namespace) -> None:
        """UsageError for what does not go together."""
        from newscrawl.tools.export.formats import ENDINGS
        from newscrawl.tools.export.formats import FORMATS as KNOWN

        missing = [
            name for name, given in (("-o FILE", opts.output), (f"--to FORMAT ({FORMATS})", opts.to)) if not given
        ]
        if len(args) > 1 or missing:
            raise UsageError(
                f"export needs {' and '.join(missing)}" if missing else "export takes one path", print_help=False
            )
        if opts.output == "-":
            raise UsageError(
                "-o must name a file, because an export appears only when it is complete; `tail` writes lines to a pipe",
                print_help=False,
            )
        if opts.to not in KNOWN:
            raise UsageError(f"--to {opts.to!r}: unknown format; choose {', '.join(KNOWN)}", print_help=False)
        require_folder_of("-o", opts.output)
        if opts.to in ("parquet", "sqlite") and opts.output.endswith(ENDINGS):
            raise UsageError(
                f"-o {opts.output}: {opts.to} must not be compressed; leave the ending off", print_help=False
            )
        if opts.partition and opts.to != "parquet":
            raise UsageError("--partition goes with --to parquet only", print_help=False)
