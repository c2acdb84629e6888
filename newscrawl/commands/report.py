"""`newscrawl report`: reports on a run or on the runs of some days, as text and as one HTML file."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands._base import NewscrawlCommand, require_folder_of, run_folder


class Command(NewscrawlCommand, ScrapyCommand):
    def syntax(self) -> str:
        return "[output folder] [run]"

    def short_desc(self) -> str:
        return "Report on a run, or on the runs of some days: as text and as one HTML file"

    def long_desc(self) -> str:
        return (
            "Shows for each site how fresh it is, how many stories are new, copied and updated, failures by reason, and "
            "layout drift, then the slowest hosts and the charts of the web view. Without a run: the seven days up to "
            "the newest run."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--last", type=int, metavar="N", help="the last N runs")
        parser.add_argument("--since", type=day, metavar="DAY", help="runs from this day on (YYYY-MM-DD)")
        parser.add_argument("--until", type=day, metavar="DAY", help="runs up to this day")
        parser.add_argument("--json", action="store_true", help="print the report as JSON, and nothing else")
        parser.add_argument(
            "-o", "--output", metavar="FILE", help="where the HTML goes (default: report.html in the output folder)"
        )

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.tools.reports.period import NoRuns, report_on, runs_asked

        named = args[:1] if args and Path(args[0]).is_dir() else []
        ids = args[len(named) :]
        require_one_choice(ids, opts)
        if opts.output:
            require_folder_of("-o", opts.output)
        folder = run_folder(named, self.settings)
        try:
            runs = runs_asked(
                folder / "runs", ids[0] if ids else "", opts.last or 0, opts.since or "", opts.until or ""
            )
        except NoRuns as error:
            raise UsageError(str(error), print_help=False) from None
        report = report_on(folder, runs)
        if opts.json:
            import orjson

            sys.stdout.write(orjson.dumps(report.as_json(), option=orjson.OPT_INDENT_2).decode() + "\n")
        target = Path(opts.output) if opts.output else None if opts.json else folder / "report.html"
        if target is not None:
            from newscrawl.tools.reports.period_view import report_page, write_page

            write_page(target, report_page(report))
        if not opts.json:
            from newscrawl.tools.reports.period_view import report_text

            print("\n".join([*report_text(report), "", f"With charts: {target}"]))
        return 0


def day(text: str) -> str:
    """YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; write it as 2026-11-23") from None


def require_one_choice(ids: list[str], opts: argparse.Namespace) -> None:
    """UsageError where more than one run or span is chosen, or a folder that does not exist."""
    chosen = [bool(ids), opts.last is not None, bool(opts.since or opts.until)]
    if len(ids) > 1 or sum(chosen) > 1 or (opts.last is not None and opts.last < 1):
        raise UsageError(
            "report takes an output folder and one run, or --last N (1 or more), or --since and --until",
            print_help=False,
        )
