"""`scrapy diff <id>`: the versions of a story, paragraph by paragraph."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands._base import NewscrawlCommand, output_folder

if TYPE_CHECKING:
    from newscrawl.tools.reports.versions import Step


class Command(NewscrawlCommand, ScrapyCommand):
    def syntax(self) -> str:
        return "<id>"

    def short_desc(self) -> str:
        return "Show the versions of a story paragraph by paragraph, on the terminal or as HTML"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--html", metavar="FILE", help="write one HTML file instead")

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.storage.lines import lines_of
        from newscrawl.tools.reports.versions import steps, versions_page

        if len(args) != 1:
            raise UsageError("diff takes one story id, as in `id`", print_help=False)
        stories = output_folder(self.settings) / "stories"
        lines = lines_of(stories, args[0])
        if not lines:
            raise UsageError(f"{stories}: no line has the id {args[0]!r}", print_help=False)
        found = steps(lines)
        if opts.html:
            Path(opts.html).write_text(versions_page(args[0], lines[-1]["headline"], found), "utf-8", "replace")
            print(f"{len(found)} versions of {args[0]}; see {opts.html}")
            return 0
        self.show(args[0], found)
        return 0

    def show(self, story_id: str, found: list[Step]) -> None:
        from rich.text import Text

        from newscrawl.security.log import escape_controls
        from newscrawl.tools.reports.console import made_console
        from newscrawl.tools.reports.versions import STYLES, marked

        console = made_console()
        console.print(Text(f"{escape_controls(story_id)}: {len(found)} versions"))
        for step in found:
            console.print(Text(f"--- version {step.version}: {step.change}, {step.fetched_at}", "bold"))
            for paragraph in step.paragraphs:
                text = Text()
                for part in paragraph:
                    shown = part.text if console.is_terminal else marked(part)
                    text.append(escape_controls(shown), STYLES[part.kind] or "")
                console.print(text)
                console.print()
