"""`newscrawl rebuild`: make the state again from the lines alone."""

from __future__ import annotations

import argparse

from scrapy.commands import ScrapyCommand

from newscrawl.commands._base import NewscrawlCommand, output_folder


class Command(NewscrawlCommand, ScrapyCommand):
    def short_desc(self) -> str:
        return "Make the state again from the stories that lie in the output folder"

    def long_desc(self) -> str:
        return (
            "Reads every line of the output folder and replaces the state by what they say. Stories whose lines are "
            "gone are forgotten, and will be written again if they are still announced; --keep-missing keeps them as seen."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--keep-missing",
            action="store_true",
            help="only take note that files were moved away on purpose; their stories stay seen",
        )

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.monitoring.drift_baseline import rebuild_past
        from newscrawl.monitoring.runs import rows_of_reports
        from newscrawl.storage.rebuild import keep_missing, rebuild_state
        from newscrawl.storage.segments import damage_warning

        folder = output_folder(self.settings)
        if opts.keep_missing:
            print(f"{keep_missing(folder)} files are no longer expected in {folder / 'stories'}")
            return 0
        done = rebuild_state(folder, rows_of_reports(folder))
        rebuild_past(folder)
        print(f"state made again from {done.lines} lines in {done.files} files")
        damage = damage_warning(done.damaged, folder / "stories")
        if damage:
            print(f"warning: {damage}")
        return 0
