"""`scrapy crawl <site>`: Scrapy's own command, with an exit code that tells the truth."""

from __future__ import annotations

import argparse
import logging
from asyncio import Task
from collections.abc import Mapping
from typing import Any

from scrapy.commands import crawl
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError

from newscrawl.catalog.load import SiteError
from newscrawl.command import refuse_unknown_options
from newscrawl.exitcodes import ExitCode, of_run, of_start
from newscrawl.sites import load_sites
from newscrawl.spiderloader import report_broken

logger = logging.getLogger(__name__)


class Command(crawl.Command):
    def short_desc(self) -> str:
        return "Crawl one site and write its stories (scrapy list shows the sites)"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        refuse_unknown_options(args)
        if len(args) != 1:
            raise UsageError("crawl takes one site; `scrapy list` shows them")
        assert self.crawler_process is not None and self.settings is not None
        self.failure: BaseException | None = None
        try:
            sites_dir = self.settings.get("NEWSCRAWL_SITES_DIR") or None
            report_broken([e for e in load_sites(sites_dir)[1] if f"{args[0]}.toml" not in str(e)])
            crawler = self._create_crawler(args[0])
            demand_source(crawler, opts.spargs)
        except (SiteError, KeyError) as error:
            logger.critical("%s", error.args[0])
            self.exitcode = ExitCode.START_UP
            return
        task: Any = self.crawler_process.crawl(crawler, **opts.spargs)
        task.add_done_callback(self.remember)
        self.crawler_process.start()
        self.exitcode = self.outcome(crawler)

    def remember(self, task: Task[None]) -> None:
        """Take the exception of a failed start, so that it is one line and no traceback of the event loop."""
        self.failure = task.exception() if not task.cancelled() else None

    def outcome(self, crawler: Crawler) -> ExitCode:
        if self.failure is not None:
            code = of_start(self.failure)
            logger.critical("%s", self.failure, exc_info=self.failure if code is ExitCode.START_UP else None)
            return code
        return of_run(crawler.stats.get_stats())


def demand_source(crawler: Crawler, arguments: Mapping[str, str]) -> None:
    """SiteError where a site has no source and no argument says what to read instead: nothing could come of the run."""
    site = getattr(crawler.spidercls, "site", None)
    if site is not None and not site.sources and not arguments:
        why = f"{site.id}: not crawled: {site.blocked}" if site.blocked else f"{site.id}: its site file has no source"
        raise SiteError(why)
