"""What lives as long as a crawl: its output, and the report on it."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from pathlib import Path
from typing import Any, Self

import scrapy
from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from newscrawl.monitoring.exit_codes import ExitCode, of_run, of_start
from newscrawl.monitoring.hosts import HOSTS, HostLatency
from newscrawl.monitoring.run_report import CUT_SHORT, START_FAILED, Ran, conclude, report_of, write_report
from newscrawl.security.url import host_port
from newscrawl.storage.jsonl import WriteFailed
from newscrawl.storage.multi_writer import MultiSiteOutput
from newscrawl.storage.segments import missing_warning
from newscrawl.storage.state import StateError
from newscrawl.storage.writer import GROUP_SECONDS, SiteOutput
from newscrawl.tools.deliver.push import deliver_all
from newscrawl.tools.deliver.targets import Target, target_of

logger = logging.getLogger(__name__)
REPLAY = "replay"  # the name of the spider that replays; no site may have it
NOT_WRITTEN = "output_not_written"  # the finish reason that becomes exit code 3

FORCED_END_SECONDS = 5.0  # how long the end of a run that was cut short may wait for the disk


class OutputExtension:
    """Opens the output before anything is requested (LockHeld, StateError stop the start) and closes it last."""

    def __init__(self, crawler: Crawler, output: SiteOutput | MultiSiteOutput) -> None:
        self.crawler, self.output = crawler, output
        loop = asyncio.get_event_loop()
        output.on_failure = lambda error: loop.call_soon_threadsafe(self.stop, error)
        self.stopping: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        spider: Any = crawler.spider
        if spider.name == REPLAY:
            output: SiteOutput | MultiSiteOutput = replay_outputs(crawler)
        elif hasattr(spider, "site"):
            output = open_output(crawler, spider.site.id)
        else:
            raise NotConfigured("only spiders of site files have an output of ours")
        spider.output = output  # there the pipelines find it
        extension = cls(crawler, output)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        return extension

    def stop(self, error: WriteFailed) -> None:
        logger.critical("%s", error)
        self.stopping = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=NOT_WRITTEN))

    async def spider_closed(self, spider: Spider, reason: str) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(None, self.output.close, reason)
        except WriteFailed as error:
            self.crawler.stats.set_value("newscrawl/write/failed", 1)
            if self.stopping is None:
                logger.critical("%s", error)


def replay_outputs(crawler: Crawler) -> MultiSiteOutput:
    """The outputs of a replay, each opened with the first story of its site."""
    folder = Path(crawler.settings["NEWSCRAWL_OUTPUT_DIR"])
    return MultiSiteOutput(folder, REPLAY, lambda site: open_output(crawler, site, gather_seconds=0.0))


def open_output(crawler: Crawler, site: str, gather_seconds: float = GROUP_SECONDS) -> SiteOutput:
    """The output of a crawl: locked, recovered, compared with the state, ready for stories."""
    settings = crawler.settings
    spider: Any = crawler.spider
    output = SiteOutput(
        Path(settings["NEWSCRAWL_OUTPUT_DIR"]),
        site,
        max_lines=settings.getint("NEWSCRAWL_SEGMENT_MAX_LINES"),
        max_age_seconds=settings.getfloat("NEWSCRAWL_SEGMENT_MAX_AGE_SECONDS"),
        revisit_days=settings.getfloat("NEWSCRAWL_REVISIT_DAYS"),
        gather_seconds=gather_seconds,
    )
    if spider.name != REPLAY:  # at once: there the report of a start that fails from here on finds it
        spider.output = output
    output.quarantine.max_stories = settings.getint("NEWSCRAWL_QUARANTINE_MAX_STORIES")
    output.quarantine.max_bytes = settings.getint("NEWSCRAWL_QUARANTINE_MAX_BYTES")
    recovered, found = output.prepare()
    if recovered.segments:
        logger.warning(
            "Recovered %d files of a killed run: %d stories taken as seen, %d bytes of torn lines cut",
            recovered.segments, recovered.lines, recovered.torn_bytes,
        )  # fmt: skip
        crawler.stats.set_value("newscrawl/recover/lines", recovered.lines)
    warning = missing_warning(found, output.stories)
    if warning:
        crawler.stats.set_value("newscrawl/state/missing_files", len(found.missing))
        logger.error("%s", warning)
    return output


class DeliverExtension:
    """Pushes closed files to the targets of NEWSCRAWL_DELIVER when a crawl has ended; it is not there without any."""

    def __init__(self, crawler: Crawler, targets: list[Target]) -> None:
        self.crawler, self.targets = crawler, targets
        self.seconds = crawler.settings.getfloat("NEWSCRAWL_DELIVER_SECONDS")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        secret = crawler.settings["NEWSCRAWL_DELIVER_SECRET"]
        targets = [target_of(address, secret) for address in crawler.settings.getlist("NEWSCRAWL_DELIVER")]
        if not targets or not hasattr(crawler.spider, "site"):
            raise NotConfigured  # without a word: most users deliver nothing
        extension = cls(crawler, targets)
        crawler.signals.connect(extension.engine_stopped, signals.engine_stopped)
        return extension

    def engine_stopped(self) -> None:
        """The reactor has nothing else to do by now. What is not taken is left to the next run."""
        folder = Path(self.crawler.settings["NEWSCRAWL_OUTPUT_DIR"])
        for name, count in deliver_all(folder, self.targets, self.seconds).items():
            self.crawler.stats.inc_value(f"newscrawl/deliver/{name}", count)


class RunReportExtension:
    """Judges and reports a crawl when it has ended; one that never started, or was cut short, the command does."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.engine_stopped, signals.engine_stopped)
        return extension

    def engine_stopped(self) -> None:
        finish_run(self.crawler)


def finish_run(crawler: Crawler, error: BaseException | None = None) -> ExitCode:
    """End the output, judge the run, write its report, remember both in the state; the run's exit code. Once.

    Nothing is touched where the output could not be opened: another run may hold it. `spider.report` is the report.
    """
    spider: Any = crawler.spider
    output: SiteOutput | MultiSiteOutput | None = getattr(spider, "output", None)
    if output is None:
        return of_start(error) if error else of_run(crawler.stats.get_stats())
    if isinstance(output, MultiSiteOutput):
        return finish_replay(crawler, output, error)
    if getattr(spider, "report", None) is not None:
        return ExitCode(spider.report["exit_code"])
    stats = crawler.stats
    end_output(crawler, output, START_FAILED if error else CUT_SHORT)
    ran = Ran(output, spider.site, getattr(spider, "outcomes", None), {"scrapy": scrapy.__version__})
    for name, count in conclude(ran, stats.get_stats()).items():
        stats.set_value(f"newscrawl/{name}", count)
    code = of_start(error) if error else of_run(stats.get_stats())
    spider.report = report_of(ran, stats.get_stats(), code, error)
    try:
        write_report(output.folder / "runs", spider.report)
        output.judge(code, spider.report["stories"]["seen"], spider.report["finish_reason"])
    except (OSError, sqlite3.Error, StateError) as failure:
        logger.critical("The run report could not be written: %s", failure)
        code = code if code is ExitCode.START_UP else ExitCode.NOT_WRITTEN
        spider.report["exit_code"] = int(code)
    return code


def finish_replay(crawler: Crawler, outputs: MultiSiteOutput, error: BaseException | None) -> ExitCode:
    """The same for a replay, which has an output and a report a site; its counters are those of the whole."""
    spider: Any = crawler.spider
    end_output(crawler, outputs, START_FAILED if error else CUT_SHORT)
    stats = crawler.stats.get_stats()
    failure = error or outputs.refused
    code = of_start(failure) if failure else of_run(stats)
    for site, output in outputs.outputs.items():
        if site in spider.reported:
            continue
        spider.reported.add(site)
        report = report_of(Ran(output, spider.sites[site], None, {"scrapy": scrapy.__version__}), stats, code, error)
        try:
            write_report(output.folder / "runs", report)
            output.judge(code, report["stories"]["seen"], report["finish_reason"])
        except (OSError, sqlite3.Error, StateError) as unwritten:
            logger.critical("The run report could not be written: %s", unwritten)
            code = ExitCode.NOT_WRITTEN
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
