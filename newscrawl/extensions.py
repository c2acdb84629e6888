"""Extensions: open and close the output, write the run report, deliver finished files."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from functools import partial
from pathlib import Path
from typing import Any, Self

import scrapy
from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.settings import BaseSettings

from newscrawl.monitoring.exit_codes import ExitCode, of_run, of_start
from newscrawl.monitoring.hosts import HOSTS, HostLatency
from newscrawl.monitoring.run_report import CUT_SHORT, START_FAILED, Ran, conclude, report_of, write_report
from newscrawl.security.url import host_port
from newscrawl.spiders.run import CrawlRun, begin_run, run_of
from newscrawl.storage.jsonl import WriteFailed
from newscrawl.storage.multi_writer import MultiSiteOutput
from newscrawl.storage.segments import damage_warning, missing_warning
from newscrawl.storage.state import StateError
from newscrawl.storage.writer import GROUP_SECONDS, SiteOutput
from newscrawl.tools.deliver.push import deliver_all
from newscrawl.tools.deliver.targets import Target, target_of

logger = logging.getLogger(__name__)
NOT_WRITTEN = "output_not_written"  # the finish reason that becomes exit code 3

FORCED_END_SECONDS = 5.0  # how long the end of a run that was cut short may wait for the disk


class OutputExtension:
    """Opens the output before anything is requested (LockHeld and StateError stop the start) and closes it last."""

    def __init__(self, crawler: Crawler, run: CrawlRun) -> None:
        self.crawler, self.run = crawler, run
        loop = asyncio.get_event_loop()
        run.output.on_failure = lambda error: loop.call_soon_threadsafe(self.stop, error)
        self.stopping: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if crawler.spider is None or not crawler.settings.getbool("NEWSCRAWL_WRITE", True):
            raise NotConfigured  # `scrapy shell` has no spider yet; `fetch`, `parse` and `view` write nothing
        extension = cls(crawler, open_run(crawler))
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        return extension

    def stop(self, error: WriteFailed) -> None:
        logger.critical("%s", error)
        self.stopping = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=NOT_WRITTEN))

    async def spider_closed(self, spider: Spider, reason: str) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(None, self.run.output.close, reason)
        except WriteFailed as error:
            self.crawler.stats.set_value("newscrawl/write/failed", 1)
            if self.stopping is None:
                logger.critical("%s", error)


def open_run(crawler: Crawler) -> CrawlRun:
    """Open the output of a crawl and make its run.

    A site's spider writes to its site. Stories of any other spider, and of a replay, go to the site they were read on,
    whose output is opened with its first story.
    """
    from newscrawl.spiders.site import SiteSpider

    spider, settings = crawler.spider, crawler.settings
    folder = Path(settings["NEWSCRAWL_OUTPUT_DIR"])
    if not isinstance(spider, SiteSpider):
        name = spider.name if spider is not None else ""
        opened = partial(prepared_output, crawler)
        return begin_run(crawler, CrawlRun(MultiSiteOutput(folder, name, opened)))
    output = site_output(settings, spider.site.id)
    run = begin_run(crawler, CrawlRun(output, spider.site, spider.outcomes))  # before it may fail: the report needs it
    prepare(crawler, output)
    return run


def prepared_output(crawler: Crawler, site: str) -> SiteOutput:
    """The output of one site among several, ready for stories."""
    output = site_output(crawler.settings, site, gather_seconds=0.0)
    prepare(crawler, output)
    return output


def site_output(settings: BaseSettings, site: str, gather_seconds: float = GROUP_SECONDS) -> SiteOutput:
    """The locked output of a site; LockHeld where another run has it."""
    output = SiteOutput(
        Path(settings["NEWSCRAWL_OUTPUT_DIR"]),
        site,
        max_lines=settings.getint("NEWSCRAWL_SEGMENT_MAX_LINES"),
        max_age_seconds=settings.getfloat("NEWSCRAWL_SEGMENT_MAX_AGE_SECONDS"),
        revisit_days=settings.getfloat("NEWSCRAWL_REVISIT_DAYS"),
        gather_seconds=gather_seconds,
    )
    output.quarantine.max_stories = settings.getint("NEWSCRAWL_QUARANTINE_MAX_STORIES")
    output.quarantine.max_bytes = settings.getint("NEWSCRAWL_QUARANTINE_MAX_BYTES")
    return output


def prepare(crawler: Crawler, output: SiteOutput) -> None:
    """Recover what a killed run left and compare files with the state; what is found is logged and counted."""
    recovered, found = output.prepare()
    if recovered.segments:
        logger.warning(
            "Recovered %d files of a killed run: %d stories taken as seen, %d bytes of torn lines cut",
            recovered.segments, recovered.lines, recovered.torn_bytes,
        )  # fmt: skip
        crawler.stats.set_value("newscrawl/recover/lines", recovered.lines)
    damage = damage_warning(recovered.damaged, output.stories)
    if damage:
        crawler.stats.set_value("newscrawl/recover/damaged-lines", sum(recovered.damaged.values()))
        logger.error("%s", damage)
    warning = missing_warning(found, output.stories)
    if warning:
        crawler.stats.set_value("newscrawl/state/missing_files", len(found.missing))
        logger.error("%s", warning)


class DeliverExtension:
    """Pushes closed files to the targets of NEWSCRAWL_DELIVER when a crawl has ended; it is not there without any."""

    def __init__(self, crawler: Crawler, targets: list[Target]) -> None:
        self.crawler, self.targets = crawler, targets
        self.seconds = crawler.settings.getfloat("NEWSCRAWL_DELIVER_SECONDS")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        secret = crawler.settings["NEWSCRAWL_DELIVER_SECRET"]
        targets = [target_of(address, secret) for address in crawler.settings.getlist("NEWSCRAWL_DELIVER")]
        if not targets or run_of(crawler) is None:
            raise NotConfigured  # most users deliver nothing
        extension = cls(crawler, targets)
        crawler.signals.connect(extension.engine_stopped, signals.engine_stopped)
        return extension

    def engine_stopped(self) -> None:
        """The reactor has nothing else to do by now. What is not taken is left to the next run."""
        folder = Path(self.crawler.settings["NEWSCRAWL_OUTPUT_DIR"])
        for name, count in deliver_all(folder, self.targets, self.seconds).items():
            self.crawler.stats.inc_value(f"newscrawl/deliver/{name}", count)


class ExceptionCounter(logging.Handler):
    """Counts exceptions that reach the log as errors, whoever logs them: a run with one is never good.

    Callbacks, pipelines, `start()` and signal handlers all end there when they raise.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(logging.ERROR)
        self.crawler = crawler

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0] if record.exc_info else None
        if kind is not None and not issubclass(kind, WriteFailed):
            self.crawler.stats.inc_value(f"newscrawl/exception/{kind.__name__}")


class RunReportExtension:
    """Judges and reports a crawl when it has ended; one that never started, or was cut short, the command does."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.exceptions = ExceptionCounter(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        logging.getLogger().addHandler(extension.exceptions)
        crawler.signals.connect(extension.engine_stopped, signals.engine_stopped)
        return extension

    def engine_stopped(self) -> None:
        logging.getLogger().removeHandler(self.exceptions)
        finish_run(self.crawler)


def finish_run(crawler: Crawler, error: BaseException | None = None) -> ExitCode:
    """Close the output, judge the run, write its report, record both in the state. Returns the exit code.

    A second call returns the code of the first. Where the output could not be opened nothing is touched: another run may
    hold it.
    """
    run = run_of(crawler)
    if run is None:
        return of_start(error) if error else of_run(crawler.stats.get_stats())
    if run.report is not None:
        return ExitCode(run.report["exit_code"])
    end_output(crawler, run.output, START_FAILED if error else CUT_SHORT)
    if isinstance(run.output, MultiSiteOutput):
        return finish_sites(crawler, run, run.output, error)
    stats = crawler.stats
    ran = Ran(run.output, run.site, run.sources, {"scrapy": scrapy.__version__})
    for name, count in conclude(ran, stats.get_stats()).items():
        stats.set_value(f"newscrawl/{name}", count)
    for problem in run.sources.problems() if run.sources else ():
        logger.error("%s", problem)
    code = of_start(error) if error else of_run(stats.get_stats())
    run.report = report_of(ran, stats.get_stats(), code, error)
    code = file_report(run.output, run.report, code)
    run.report["exit_code"] = int(code)
    return code


def finish_sites(crawler: Crawler, run: CrawlRun, outputs: MultiSiteOutput, error: BaseException | None) -> ExitCode:
    """The same for a run that wrote to several sites: one report for each, with the counters of the whole run."""
    stats = crawler.stats.get_stats()
    failure = error or outputs.refused
    code = of_start(failure) if failure else of_run(stats)
    for site, output in outputs.outputs.items():
        if site not in run.reported:
            run.reported.add(site)
            ran = Ran(output, run.sites.get(site), None, {"scrapy": scrapy.__version__})
            code = file_report(output, report_of(ran, stats, code, error), code)
    return code


def file_report(output: SiteOutput, report: dict[str, Any], code: ExitCode) -> ExitCode:
    """Write a report and record the run; the exit code that this leaves."""
    try:
        write_report(output.folder / "runs", report)
        output.judge(code, report["stories"]["seen"], report["finish_reason"])
    except (OSError, sqlite3.Error, StateError) as failure:
        logger.critical("The run report could not be written: %s", failure)
        return code if code is ExitCode.START_UP else ExitCode.NOT_WRITTEN
    return code


def end_output(crawler: Crawler, output: SiteOutput | MultiSiteOutput, reason: str) -> None:
    """Close the output of a run that no spider_closed reached; it has seconds, for the process is about to end."""
    try:
        output.close(reason, wait_seconds=FORCED_END_SECONDS)
    except WriteFailed as failure:
        crawler.stats.set_value("newscrawl/write/failed", 1)
        logger.critical("%s", failure)


class HostTimesExtension:
    """Measures how long each host takes to answer, for the run report."""

    def __init__(self, crawler: Crawler) -> None:
        self.stats, self.times = crawler.stats, HostLatency()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.response_received, signals.response_received)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        return extension

    def response_received(self, response: Response, request: Request) -> None:
        pair = host_port(response.url)
        if pair is not None and "download_latency" in request.meta:
            self.times.add(pair[0], request.meta["download_latency"])

    def spider_closed(self) -> None:
        self.stats.set_value(HOSTS, self.times.table())
