"""`newscrawl crawl SITE`: crawl one site, or run a spider of your own, and report the run."""

from __future__ import annotations

import argparse
import logging
import sys
from asyncio import Task
from collections.abc import Mapping
from typing import IO, TYPE_CHECKING, Any

from scrapy.commands import crawl
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError

from newscrawl.commands._base import print_pairs, refuse_unknown_options
from newscrawl.monitoring.exit_codes import ExitCode
from newscrawl.monitoring.signals import ignore_signals, stop_at_once
from newscrawl.sites.loader import SiteError
from newscrawl.sites.registry import load_sites
from newscrawl.spiders.loader import report_broken
from newscrawl.text.command_line import command_line

if TYPE_CHECKING:
    from scrapy.commands import BaseRunSpiderCommand as _Command
else:
    _Command = object

logger = logging.getLogger(__name__)


class CrawlCommand(_Command):
    """Base of the commands that run a crawl in this process: its exit code states how the run ended."""

    failure: BaseException | None = None

    def crawl(self, crawler: Crawler, **arguments: Any) -> None:
        """Run a crawl to its end and set the exit code."""
        assert self.crawler_process is not None
        task: Any = self.crawler_process.crawl(crawler, **arguments)
        task.add_done_callback(self.remember)
        self.crawler_process.start()
        ignore_signals()  # what is left takes milliseconds, and a signal would replace the exit code
        self.exitcode = self.outcome(crawler)

    def remember(self, task: Task[None]) -> None:
        """Keep the exception of a failed start, so that it becomes one log line and not a traceback."""
        self.failure = task.exception() if not task.cancelled() else None

    def outcome(self, crawler: Crawler) -> ExitCode:
        """The exit code of a run that has ended; the report is written if it was not yet."""
        from newscrawl.extensions import finish_run

        code = finish_run(crawler, self.failure)
        if self.failure is not None:
            logger.critical("%s", self.failure, exc_info=self.failure if code is ExitCode.START_UP else None)
        return code


class Command(CrawlCommand, crawl.Command):
    def short_desc(self) -> str:
        return "Crawl one site and write its stories (`list` shows the sites)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--quiet", action="store_true", help="log only warnings and errors, and print no summary")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        assert self.settings is not None
        if opts.quiet and not opts.loglevel and not self.settings.get("LOG_FILE"):
            self.settings.set("LOG_LEVEL", "WARNING", priority="cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        refuse_unknown_options(args)
        if len(args) != 1:
            raise UsageError(f"crawl takes one site; `{command_line('list')}` shows them")
        assert self.crawler_process is not None and self.settings is not None
        stop_at_once()  # until the reactor runs and has handlers of its own
        try:
            sites_dir = self.settings.get("NEWSCRAWL_SITES_DIR") or None
            report_broken([e for e in load_sites(sites_dir)[1] if f"{args[0]}.toml" not in str(e)])
            crawler = self.crawler_process.create_crawler(args[0])
            require_source(crawler, opts.spargs)
        except (SiteError, KeyError) as error:
            logger.critical("%s", error.args[0])
            self.exitcode = ExitCode.START_UP
            return
        self.crawl(crawler, **opts.spargs)
        if not opts.quiet:
            self.show(crawler, sys.stderr if writes_to_stdout(opts) else sys.stdout)

    def show(self, crawler: Crawler, stream: IO[str]) -> None:
        """Print the summary of a site's run."""
        from newscrawl.monitoring.summary import summary
        from newscrawl.spiders.run import run_of

        run = run_of(crawler)
        if run is not None and run.report is not None and self.settings is not None:
            print_pairs(summary(run.report, str(self.settings["NEWSCRAWL_OUTPUT_DIR"])), stream)


def writes_to_stdout(opts: argparse.Namespace) -> bool:
    """Whether a feed goes to standard output (`-o -`, `-O -:jsonlines`), where the summary must not go."""
    return any(uri == "-" or uri.startswith("-:") for uri in [*(opts.output or []), *(opts.overwrite_output or [])])


def require_source(crawler: Crawler, arguments: Mapping[str, str]) -> None:
    """SiteError where a site has no source and no argument says what to read instead."""
    from newscrawl.spiders.site import SiteSpider

    site = crawler.spidercls.site if issubclass(crawler.spidercls, SiteSpider) else None
    if site is not None and not site.sources and not arguments:
        why = f"{site.id}: not crawled: {site.blocked}" if site.blocked else f"{site.id}: its site file has no source"
        raise SiteError(why)
