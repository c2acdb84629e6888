"""What lives as long as a crawl: its output, and the report on it."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from newscrawl.report.run import write_report
from newscrawl.writers.jsonl import WriteFailed
from newscrawl.writers.output import GROUP_SECONDS, Output
from newscrawl.writers.outputs import Outputs
from newscrawl.writers.segments import missing_warning

logger = logging.getLogger(__name__)
REPLAY = "replay"  # the name of the spider that replays; no site may have it
NOT_WRITTEN = "output_not_written"  # the finish reason that becomes exit code 3


class OutputExtension:
    """Opens the output before anything is requested (LockHeld, StateError stop the start) and closes it last."""

    def __init__(self, crawler: Crawler, output: Output | Outputs) -> None:
        self.crawler, self.output = crawler, output
        loop = asyncio.get_event_loop()
        output.on_failure = lambda error: loop.call_soon_threadsafe(self.stop, error)
        self.stopping: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        spider: Any = crawler.spider
        if spider.name == REPLAY:
            output: Output | Outputs = replay_outputs(crawler)
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


def replay_outputs(crawler: Crawler) -> Outputs:
    """The outputs of a replay, each opened with the first story of its site."""
    folder = Path(crawler.settings["NEWSCRAWL_OUTPUT_DIR"])
    return Outputs(folder, REPLAY, lambda site: open_output(crawler, site, gather_seconds=0.0))


def open_output(crawler: Crawler, site: str, gather_seconds: float = GROUP_SECONDS) -> Output:
    """The output of a crawl: locked, recovered, compared with the state, ready for stories."""
    settings = crawler.settings
    output = Output(
        Path(settings["NEWSCRAWL_OUTPUT_DIR"]),
        site,
        max_lines=settings.getint("NEWSCRAWL_SEGMENT_MAX_LINES"),
        max_age_seconds=settings.getfloat("NEWSCRAWL_SEGMENT_MAX_AGE_SECONDS"),
        gather_seconds=gather_seconds,
    )
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


class RunReportExtension:
    """Writes output/runs/<run>.json when a crawl has ended."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.engine_stopped, signals.engine_stopped)
        return extension

    def engine_stopped(self) -> None:
        extension = self.crawler.get_extension(OutputExtension)
        if extension is None:
            return
        output = extension.output
        try:
            write_report(
                output.folder / "runs", output.run, output.site, output.started_at, self.crawler.stats.get_stats()
            )
        except OSError as error:
            self.crawler.stats.set_value("newscrawl/write/failed", 1)
            logger.critical("The run report could not be written: %s", error)
