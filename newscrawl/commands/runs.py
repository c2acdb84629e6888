"""`newscrawl runs`: lists the last runs, how each ended, and runs that never finished."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands._base import NewscrawlCommand, readable_sites, run_folder

if TYPE_CHECKING:
    from newscrawl.monitoring.runs import Run


class Command(NewscrawlCommand, ScrapyCommand):
    def syntax(self) -> str:
        return "[output folder]"

    def short_desc(self) -> str:
        return "List the last runs: how they ended, what they wrote, and which never finished"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--site", metavar="SITE", help="only runs of this site")
        parser.add_argument("--limit", type=int, default=20, metavar="N", help="how many runs (default: 20)")
        parser.add_argument("--json", action="store_true", help="one JSON object per line")

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        import orjson

        from newscrawl.monitoring.runs import last_runs
        from newscrawl.security.log import escape_controls

        if len(args) > 1:
            raise UsageError("runs takes one output folder", print_help=False)
        if opts.limit < 1:
            raise UsageError(f"--limit must be 1 or more, not {opts.limit}", print_help=False)
        found = last_runs(run_folder(args, self.settings), opts.site, opts.limit)
        if opts.site and not found.runs:
            readable_sites(self.settings, [opts.site])  # reports an unknown name
        if opts.json:
            for run in found.runs:
                print(orjson.dumps(run).decode())
        else:
            self.show(found.runs)
        for problem in found.skipped[:10]:
            print(f"warning: skipped {escape_controls(problem)}", file=sys.stderr)
        if len(found.skipped) > 10:
            print(f"warning: skipped {len(found.skipped) - 10} more", file=sys.stderr)
        return 0

    def show(self, runs: list[Run]) -> None:
        from newscrawl.commands._base import print_table

        columns = ("started", "site", "took", "exit", "means", "seen", "written", "requests", "MB")
        print_table(
            columns,
            [row_of(run) for run in runs],
            numbers=("took", "exit", "seen", "written", "requests", "MB"),
            optional=("MB", "requests", "took", "seen"),
        )


def row_of(run: Run) -> list[str]:
    """One run as the table shows it."""
    took = "" if run.elapsed_seconds is None else f"{run.elapsed_seconds:.0f} s"
    size = "" if run.response_bytes is None else f"{run.response_bytes / 1e6:.1f}"
    figures = ["" if value is None else str(value) for value in (run.seen, run.lines, run.requests)]
    code = run.status if run.exit_code is None else str(run.exit_code)
    return [run.started_at, run.site, took, code, run.meaning, *figures, size]
