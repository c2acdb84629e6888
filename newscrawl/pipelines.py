"""The way of a story, top to bottom: may it be written, is it as usual, is it whole; then decided and written in one step."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Self, cast

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured
from scrapy.statscollectors import StatsCollector

from newscrawl.dedup.identify import Decision
from newscrawl.extraction.rights import marked, reasons_of, reserved_policy
from newscrawl.items import Story
from newscrawl.monitoring.held_stories import DriftWatch, RunVerdict, announced_url, new_stories
from newscrawl.storage.jsonl import WriteFailed
from newscrawl.storage.required_fields import missing_field
from newscrawl.storage.writer import SiteOutput

logger = logging.getLogger(__name__)


class RightsPipeline:
    """Counts what pages reserve and, as NEWSCRAWL_RESERVED says, marks or skips such stories."""

    def __init__(self, crawler: Crawler, output: SiteOutput, policy: str) -> None:
        self.crawler, self.output, self.policy = crawler, output, policy

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        policy = reserved_policy(crawler.settings.get("NEWSCRAWL_RESERVED"))
        output = output_of(crawler)
        if policy == "skip" and isinstance(output, SiteOutput):
            output.reserved.load(output.state)
            output.at_finish.append(output.reserved.record)
        return cls(crawler, output, policy)

    def process_item(self, item: Story) -> Story:
        reasons = reasons_of(item.rights.reservation if item.rights else None)
        for reason in reasons:
            self.crawler.stats.inc_value(f"newscrawl/rights/{reason}")
        if reasons and self.policy == "skip":
            self.crawler.stats.inc_value("newscrawl/rights/skipped")
            if isinstance(
                self.output, SiteOutput
            ):  # only where pages are fetched there is something not to fetch again
                self.output.reserved.add(announced_url(item))
            raise DropItem(f"reserved ({', '.join(reasons)}): {item.url}")
        return marked(item) if reasons and self.policy == "mark" else item


class DriftPipeline:
    """Holds a story back that lacks what the site's stories have always had; at the end all of the run is judged."""

    def __init__(self, crawler: Crawler, watch: DriftWatch) -> None:
        self.crawler, self.watch = crawler, watch

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        output = output_of(crawler)
        if not isinstance(output, SiteOutput):
            raise NotConfigured  # drift is judged in live crawls of one site
        site, policy = cast(Any, crawler.spider).site, reserved_policy(crawler.settings.get("NEWSCRAWL_RESERVED"))
        return cls(crawler, DriftWatch(output, site, policy))

    async def process_item(self, item: Story) -> Story:
        lacks = self.watch.lacks(item)
        if not lacks:
            return item
        try:
            verdict = await asyncio.to_thread(self.watch.hold, item, lacks)
            if self.watch.is_due():
                self.count(await asyncio.to_thread(self.watch.release))
        except OSError as error:
            self.crawler.stats.set_value("newscrawl/write/failed", 1)
            raise DropItem(f"not written: {item.url}: {error}", log_level="ERROR") from error
        self.crawler.stats.inc_value(f"newscrawl/{verdict}")
        raise DropItem(f"{verdict}, lacks {', '.join(lacks)}: {item.url}")

    async def close_spider(self) -> None:
        stats = self.crawler.stats
        try:
            verdict = await asyncio.to_thread(self.watch.judge, new_stories(stats.get_stats()))
        except OSError as error:
            stats.set_value("newscrawl/write/failed", 1)
            logger.critical("Stories that were held back could not be written: %s", error)
            return
        self.count(verdict)
        if verdict.findings:
            logger.error("%s", verdict.in_words())

    def count(self, verdict: RunVerdict) -> None:
        for story, decision in verdict.released:
            count_decision(self.crawler.stats, story, decision)
        for name, count in verdict.counts.items():
            self.crawler.stats.inc_value(f"newscrawl/{name}", count)


class CheckPipeline:
    """Demands what a line must have; a story that has it not is dropped with a counted reason."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: Story) -> Story:
        reason = missing_field(item)
        if reason is not None:
            self.crawler.stats.inc_value(f"newscrawl/check/{reason}")
            output = getattr(self.crawler.spider, "output", None)
            if output is not None:
                output.note_empty(item)
            raise DropItem(f"{reason}: {item.url}", log_level="WARNING")
        return item


class WritePipeline:
    """Hands a story to the output, which decides what it is and writes it; counts the verdict."""

    def __init__(self, crawler: Crawler, output: SiteOutput) -> None:
        self.crawler, self.output = crawler, output

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, output_of(crawler))

    async def process_item(self, item: Story) -> Story:
        try:
            decision = await asyncio.wrap_future(self.output.write(item))
        except WriteFailed as error:  # told once, by the extension that stops the run
            self.crawler.stats.inc_value("newscrawl/write/not_written")
            raise DropItem(f"not written: {item.url}") from error
        count_decision(self.crawler.stats, item, decision)
        if isinstance(self.output, SiteOutput):
            self.output.quarantine.remove_kept(announced_url(item))
        if not decision.is_written:
            raise DropItem(f"{decision.verdict}: {item.url} is {decision.known_id}")
        return item


def output_of(crawler: Crawler) -> SiteOutput:
    """What the spider's stories are written through; NotConfigured for a spider without an output."""
    output = getattr(crawler.spider, "output", None)
    if output is None:
        raise NotConfigured("no output: the spider is not one of a site file")
    return cast(SiteOutput, output)


def count_decision(stats: StatsCollector, story: Story, decision: Decision) -> None:
    """Count what became of a story."""
    stats.inc_value(f"newscrawl/identify/{decision.verdict}")
    if decision.is_written:
        stats.inc_value("newscrawl/write/lines")
        for agency in dict.fromkeys(a.id for a in story.attribution or []):
            stats.inc_value(f"newscrawl/agency/{agency}")
