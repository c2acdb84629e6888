"""`newscrawl replay <file or folder...>`: the stories of WARC files and saved pages, without a network."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from scrapy.commands import BaseRunSpiderCommand
from scrapy.exceptions import UsageError

from newscrawl.commands._base import refuse_unknown_options
from newscrawl.commands.crawl import CrawlCommand
from newscrawl.sites.registry import load_site, site_files


class Command(CrawlCommand, BaseRunSpiderCommand):
    requires_project = True

    def syntax(self) -> str:
        return "<file or folder...>"

    def short_desc(self) -> str:
        return "Read the stories of WARC files or saved pages, in their order, without a network"

    def long_desc(self) -> str:
        return (
            "Reads .warc, .warc.gz and saved .html pages (a folder's by name) as a crawl would, each by the rules of the "
            "site it is on, and writes the stories. The same files into an empty output give the same lines."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--site", metavar="SITE", help="read only the pages of this site")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from newscrawl.archive.reader import files_of
        from newscrawl.spiders.replay import ReplaySpider

        refuse_unknown_options(args)
        if not args:
            raise UsageError("replay takes WARC files, saved pages or folders of them", print_help=False)
        assert self.crawler_process is not None and self.settings is not None
        missing = [arg for arg in args if not Path(arg).exists()]
        if missing:
            raise UsageError(f"{missing[0]}: there is no such file or folder", print_help=False)
        files = files_of([Path(arg) for arg in args])
        if not files:
            raise UsageError("no .warc, .warc.gz or .html file in there", print_help=False)
        crawler = self.crawler_process.create_crawler(ReplaySpider)
        self.crawl(crawler, files=files, only=self.named_site(opts.site))

    def named_site(self, name: str | None) -> Any:
        if name is None:
            return None
        assert self.settings is not None
        found = site_files(self.settings.get("NEWSCRAWL_SITES_DIR") or None)
        if name not in found:
            raise UsageError(f"--site {name}: must be one of {', '.join(found)}", print_help=False)
        return load_site(found[name])
