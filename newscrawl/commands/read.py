"""`newscrawl read <url or file...>`: the story of each page as one line of JSON on standard output; nothing is kept."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.http import Response

from newscrawl.commands._base import NewscrawlCommand, is_web, saved_page
from newscrawl.items import Story
from newscrawl.monitoring.exit_codes import ExitCode
from newscrawl.security.url import split


class Command(NewscrawlCommand, ScrapyCommand):
    def syntax(self) -> str:
        return "<url or file...>"

    def short_desc(self) -> str:
        return "Print the story of each page as a line of JSON"

    def long_desc(self) -> str:
        return (
            "Reads pages, fetched politely or saved in files (.gz too), and prints a line of JSON for each, in their "
            "order. A saved page is read under the address that it states of itself, or under --url."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--url", help="the address of one saved page")
        parser.add_argument("--no-rules", action="store_true", help="read without any site file")

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.spiders.single_page import fetch_pages

        if not args:
            raise UsageError("read takes URLs or files", print_help=False)
        if opts.url is not None and (len(args) > 1 or split(opts.url) is None):
            raise UsageError("--url is the absolute http or https URL of one saved page", print_help=False)
        urls = [arg for arg in args if is_web(arg)]
        wrong = next((url for url in urls if split(url) is None), None)
        if wrong is not None:
            raise UsageError(f"{wrong!r} is not an absolute http or https URL", print_help=False)
        saved = {arg: saved_page(Path(arg)) for arg in args if arg not in urls}
        fetched = fetch_pages(self.settings, urls) if urls else {}
        code = 0
        for arg in args:
            page = fetched.get(arg)
            if isinstance(page, str):
                print(f"error: {arg}: {page}", file=sys.stderr)
                code = ExitCode.START_UP
                continue
            print_line(self.story(page, saved.get(arg, b""), opts))
        return code

    def story(self, page: Response | None, html: bytes, opts: argparse.Namespace) -> Story:
        from newscrawl.extraction.story import SAVED_URL, page_url, read_page

        content_type = None
        if page is not None:
            html, url = page.body, page.url
            content_type = (page.headers.get("Content-Type") or b"").decode("latin-1") or None
        else:
            url = opts.url or page_url(html) or SAVED_URL
        return read_page(
            html,
            url,
            None if opts.no_rules else "auto",
            content_type=content_type,
            sites_dir=self.settings["NEWSCRAWL_SITES_DIR"],
        )


def print_line(story: Story) -> None:
    from newscrawl.storage.jsonl import line_of

    sys.stdout.flush()
    sys.stdout.buffer.write(line_of(story))
    sys.stdout.buffer.flush()
