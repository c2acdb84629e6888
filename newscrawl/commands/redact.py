"""`newscrawl redact <id> --reason ...`: take a story's text out of the output."""

from __future__ import annotations

import argparse

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands._base import NewscrawlCommand, output_folder
from newscrawl.monitoring.exit_codes import ExitCode


class Command(NewscrawlCommand, ScrapyCommand):
    def syntax(self) -> str:
        return "<id> --reason TEXT"

    def short_desc(self) -> str:
        return "Take a story's text out of lines, state and caches, for good (takedowns, erasure)"

    def long_desc(self) -> str:
        return (
            "Every line of the story becomes a tombstone of the same length: id, version, URLs, times and hashes stay, "
            "everything that was written goes. A last line withdraws the story for those who have read it, and no later "
            "crawl writes it again. What was done is logged in redactions.jsonl of the output folder. Copies in other "
            "papers are stories of their own and are named, not touched."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--reason", help="why; it is logged")

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.storage.redact import copies_of, redact
        from newscrawl.storage.site_lock import locked_site, sites_of

        if len(args) != 1 or not opts.reason:
            raise UsageError("redact takes one story id and --reason TEXT", print_help=False)
        folder, story_id = output_folder(self.settings), args[0]
        site = story_id.partition(":")[0]
        if site not in sites_of(folder):
            raise UsageError(f"{folder / 'stories'}: no stories of the site {site!r}", print_help=False)
        with locked_site(folder, site, "redact") as state:
            try:
                done = redact(folder, state, story_id, opts.reason)
            except KeyError as error:
                raise UsageError(str(error.args[0]), print_help=False) from None
            copies = copies_of(state, story_id)
        print(
            f"{story_id}: {done.lines} lines in {len(done.files)} files are tombstones now; logged in {folder / 'redactions.jsonl'}"
        )
        if copies:
            print(f"the same story is still in these lines, unchanged: {', '.join(copies)}")
        return ExitCode.GOOD
