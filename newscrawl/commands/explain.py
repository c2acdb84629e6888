"""`newscrawl explain <url or file>`: what was kept of a page, what was dropped, and why, as one HTML file."""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.http import Response

from newscrawl.commands._base import NewscrawlCommand, is_web, saved_page
from newscrawl.monitoring.exit_codes import ExitCode
from newscrawl.security.url import split


class Command(NewscrawlCommand, ScrapyCommand):
    def syntax(self) -> str:
        return "<url or file>"

    def short_desc(self) -> str:
        return "Show what is kept of a page, what is dropped and why, as one HTML file"

    def long_desc(self) -> str:
        return (
            "Reads one page, fetched politely or saved in a file (.gz too), and writes a self-contained HTML file: "
            "its blocks in order, kept, apart or dropped with the reason, beside the record."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-o", "--output", metavar="FILE", help="where to write (default: explained/ in the output folder)"
        )
        parser.add_argument("--url", help="the address of a saved page (default: the one that it states of itself)")
        parser.add_argument("--no-rules", action="store_true", help="read without any site file")

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.extraction.story import SAVED_URL, page_url

        if len(args) != 1:
            raise UsageError("explain takes one URL or file", print_help=False)
        is_fetched = is_web(args[0])
        html = b"" if is_fetched else saved_page(Path(args[0]))
        url = args[0] if is_fetched else (opts.url or page_url(html) or SAVED_URL)
        if split(url) is None:
            raise UsageError(f"{url!r} is not an absolute http or https URL", print_help=False)
        content_type = None
        if is_fetched:
            response = self.fetch(url)
            if response is None:
                return ExitCode.ALL_FAILED
            html, url = response.body, response.url
            content_type = (response.headers.get("Content-Type") or b"").decode("latin-1") or None
        target = Path(opts.output) if opts.output else self.default_target(url, html)
        self.write(html, url, content_type, None if opts.no_rules else "auto", target)
        return 0

    def fetch(self, url: str) -> Response | None:
        """The page at a URL; None, with a line that says why, if there are none."""
        from newscrawl.spiders.single_page import fetch_pages

        found = fetch_pages(self.settings, [url])[url]
        if isinstance(found, Response):
            return found
        print(f"error: {url}: {found}", file=sys.stderr)
        return None

    def default_target(self, url: str, html: bytes) -> Path:
        name = re.sub(r"[^a-z0-9.-]", "-", (urlsplit(url).hostname or "page").lower())
        return (
            Path(self.settings["NEWSCRAWL_OUTPUT_DIR"])
            / "explained"
            / f"{name}-{hashlib.sha256(html).hexdigest()[:8]}.html"
        )

    def write(self, html: bytes, url: str, content_type: str | None, site: str | None, target: Path) -> None:
        from newscrawl.extraction.story import explain_page
        from newscrawl.tools.reports.page_view import page_view

        document, story = explain_page(
            html, url, site, content_type=content_type, sites_dir=self.settings["NEWSCRAWL_SITES_DIR"]
        )
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(page_view(document, story), "utf-8", "replace")
        print(f"{story.headline or 'no headline'}")
        print(f"{len(document.main.chosen)} of {len(document.page.blocks)} blocks are the story; see {target}")
