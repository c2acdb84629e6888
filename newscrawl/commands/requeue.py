"""`newscrawl requeue SITE`: reads held-back stories again and writes those that are complete now."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands._base import NewscrawlCommand, counted, output_folder, print_table
from newscrawl.monitoring.exit_codes import ExitCode
from newscrawl.text.command_line import command_line

if TYPE_CHECKING:
    from newscrawl.monitoring.held_stories import HoldOutcome
    from newscrawl.sites.model import Site
    from newscrawl.storage.writer import SiteOutput


class Command(NewscrawlCommand, ScrapyCommand):
    def syntax(self) -> str:
        return "<site> [options]"

    def short_desc(self) -> str:
        return "Read a site's stories in quarantine again and write those that are complete now"

    def long_desc(self) -> str:
        return (
            "Reads the kept pages in output/quarantine/<site>/ with the current site file, without network. Stories that "
            "no longer lack what they were held back for are written, each once. The others stay (exit code 6)."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object per story")
        parser.add_argument(
            "--force",
            action="store_true",
            help="write them as they are: the site has changed, and its baseline starts again",
        )

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.extraction.rights import reserved_policy
        from newscrawl.monitoring.held_stories import requeue

        if len(args) != 1:
            raise UsageError(f"requeue takes one site; `{command_line('list')}` shows them", print_help=False)
        site = self.site(args[0])
        policy = reserved_policy(self.settings.get("NEWSCRAWL_RESERVED"))
        output = self.open(site.id)
        try:
            seconds = self.settings.getfloat("NEWSCRAWL_READ_SECONDS")
            found = requeue(output, site, policy, force=opts.force, read_seconds=seconds)
        finally:
            output.close("requeued")
        code = ExitCode.GOOD if all(outcome.is_settled for outcome in found) else ExitCode.DRIFT
        self.report(output, site, found, code)
        self.print_json(found) if opts.json else self.show(found, output)
        return code

    def site(self, name: str) -> Site:
        """The site of that name; UsageError where no site has it, SiteError where its file is invalid."""
        from newscrawl.sites.registry import load_site, site_files

        path = site_files(self.settings.get("NEWSCRAWL_SITES_DIR") or None).get(name)
        if path is None:
            raise UsageError(
                f"no site file {name}.toml; `{command_line('list')}` shows those there are", print_help=False
            )
        return load_site(path)

    def open(self, site: str) -> SiteOutput:
        from newscrawl.storage.writer import SiteOutput

        output = SiteOutput(
            output_folder(self.settings),
            site,
            max_lines=self.settings.getint("NEWSCRAWL_SEGMENT_MAX_LINES"),
            max_age_seconds=self.settings.getfloat("NEWSCRAWL_SEGMENT_MAX_AGE_SECONDS"),
        )
        output.prepare()
        return output

    def report(self, output: SiteOutput, site: Site, found: list[HoldOutcome], code: ExitCode) -> None:
        """Write the run report, if anything was written."""
        from newscrawl.monitoring.run_report import Ran, report_of, write_report

        written = sum(outcome.is_written for outcome in found)
        settled = Counter(f"newscrawl/identify/{outcome.outcome}" for outcome in found if outcome.is_settled)
        others = Counter(f"newscrawl/requeue/{outcome.outcome}" for outcome in found if not outcome.is_settled)
        if written:
            stats = {"finish_reason": "requeued", "newscrawl/write/lines": written, **settled, **others}
            report = report_of(Ran(output, site, None, {}), stats, code, None)
            write_report(output.folder / "runs", report)
            output.judge(code, report["stories"]["seen"], "requeued")

    def print_json(self, found: list[HoldOutcome]) -> None:
        from dataclasses import asdict

        import orjson

        for outcome in found:
            sys.stdout.buffer.write(orjson.dumps(asdict(outcome)) + b"\n")

    def show(self, found: list[HoldOutcome], output: SiteOutput) -> None:
        written, left = sum(o.is_written for o in found), sum(not o.is_settled for o in found)
        folder = output.quarantine.folder
        print(f"{counted(len(found), 'story')} in {folder}: {written} written, {left} still held back", file=sys.stderr)
        rows = [
            [o.outcome, ", ".join(o.held_for), ", ".join(o.lacks), o.headline or "", o.url or o.file] for o in found
        ]
        if rows:
            print_table(("outcome", "held back for", "still missing", "headline", "url"), rows)
