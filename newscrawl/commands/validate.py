"""`newscrawl validate [path]`: each line against the record; names file, line, field and reason."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands._base import NewscrawlCommand, lines_path
from newscrawl.monitoring.exit_codes import ExitCode

if TYPE_CHECKING:
    from newscrawl.tools.query.validate import Bad


class Command(NewscrawlCommand, ScrapyCommand):
    def syntax(self) -> str:
        return "[path]"

    def short_desc(self) -> str:
        return "Check each line against the record: file, line, field and reason of what is wrong"

    def long_desc(self) -> str:
        return (
            "The path is an output folder (the default), a folder or a file of lines. Exit code 0 where every line "
            "fits, 1 where one does not. A file that a crawl is writing is checked up to its last whole line."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object a fault, one a line")

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.tools.query import segments_of
        from newscrawl.tools.query.validate import ValidationCounts, validate

        if len(args) > 1:
            raise UsageError("validate takes one path", print_help=False)
        path, tally = lines_path(args, self.settings), ValidationCounts()
        for bad in validate(segments_of(path), tally):
            self.show(bad, opts.json)
        sys.stdout.flush()
        about = f"{path}: {tally.lines} lines in {tally.files} files, {tally.bad_lines} of them wrong"
        print(about, file=sys.stderr if opts.json or tally.bad_lines else sys.stdout)
        return ExitCode.START_UP if tally.bad_lines else ExitCode.GOOD

    def show(self, bad: Bad, as_json: bool) -> None:
        from newscrawl.security.log import escape_controls

        if as_json:
            import orjson

            sys.stdout.buffer.write(orjson.dumps(asdict(bad)) + b"\n")
            return
        field = f" {bad.field}:" if bad.field else ""
        print(escape_controls(f"{bad.file}:{bad.line}:{field} {bad.reason}"))
