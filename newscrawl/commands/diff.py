"""`newscrawl diff`: shows the versions of a story paragraph by paragraph."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands._base import NewscrawlCommand, counted, require_folder_of, stories_path

if TYPE_CHECKING:
    from newscrawl.tools.reports.versions import Step


class Command(NewscrawlCommand, ScrapyCommand):
    def syntax(self) -> str:
        return "[path] <id>"

    def short_desc(self) -> str:
        return "Show the versions of a story paragraph by paragraph, on the terminal or as HTML"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--html", metavar="FILE", help="write one HTML file instead")
        parser.add_argument("--json", action="store_true", help="one JSON object per version")

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.storage.lines import lines_of
        from newscrawl.tools.reports.versions import steps, versions_page

        if len(args) not in (1, 2):
            raise UsageError("diff takes one story id, the `id` of its line", print_help=False)
        stories, story_id = stories_path(args[:-1], self.settings), args[-1]
        lines = lines_of(stories, story_id)
        if not lines:
            raise UsageError(f"{stories}: no line has the id {story_id!r}", print_help=False)
        found = steps(lines)
        if opts.html:
            require_folder_of("--html", opts.html)
            Path(opts.html).write_text(versions_page(story_id, lines[-1]["headline"], found), "utf-8", "replace")
            print(f"{counted(len(found), 'version')} of {story_id}: {opts.html}")
        elif opts.json:
            import orjson

            for step in found:
                sys.stdout.buffer.write(orjson.dumps(step) + b"\n")
        else:
            self.show(story_id, found)
        return 0

    def show(self, story_id: str, found: list[Step]) -> None:
        from rich.text import Text

        from newscrawl.security.log import escape_controls
        from newscrawl.tools.reports.console import made_console
        from newscrawl.tools.reports.versions import STYLES, marked

        console = made_console()
        console.print(Text(f"{escape_controls(story_id)}: {counted(len(found), 'version')}"))
        for step in found:
            console.print(Text(f"--- version {step.version}: {step.change}, {step.fetched_at}", "bold"))
            for paragraph in step.paragraphs:
                text = Text()
                for part in paragraph:
                    shown = part.text if console.is_terminal else marked(part)
                    text.append(escape_controls(shown), STYLES[part.kind] or "")
                console.print(text)
                console.print()
