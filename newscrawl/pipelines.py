"""Item pipelines in the order a story meets them: rights, layout drift, required fields, deduplicate and write.

Items that are not a `Story` pass through unchanged, so that feed exports of other spiders work as usual.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured
from scrapy.statscollectors import StatsCollector

from newscrawl.dedup.identify import Decision
from newscrawl.extraction.rights import marked, reasons_of, reserved_policy
from newscrawl.items import Story
from newscrawl.monitoring.held_stories import DriftWatch, RunVerdict, announced_url, new_stories
from newscrawl.spiders.base import StorySpider
from newscrawl.spiders.run import CrawlRun, run_of
from newscrawl.storage.jsonl import WriteFailed
from newscrawl.storage.required_fields import fill_in, missing_field

logger = logging.getLogger(__name__)


class StoryPipeline:
    """Base of the pipelines: it is off where nothing is written, as in `scrapy parse`."""

    def __init__(self, crawler: Crawler, run: CrawlRun) -> None:
        self.crawler, self.run = crawler, run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        run = run_of(crawler)
        if run is None:
            raise NotConfigured
        return cls(crawler, run)

    def count(self, name: str, by: int = 1) -> None:
        self.crawler.stats.inc_value(f"newscrawl/{name}", by)


class RightsPipeline(StoryPipeline):
    """Counts what pages reserve and marks or skips such stories, as NEWSCRAWL_RESERVED says."""

    def __init__(self, crawler: Crawler, run: CrawlRun) -> None:
        super().__init__(crawler, run)
        self.policy = reserved_policy(crawler.settings.get("NEWSCRAWL_RESERVED"))
        output = run.site_output
        if self.policy == "skip" and output is not None:
            output.reserved.load(output.state)
            output.at_finish.append(output.reserved.record)

    def process_item(self, item: Any) -> Any:
        if not isinstance(item, Story):
            return item
        reasons = reasons_of(item.rights.reservation if item.rights else None)
        for reason in reasons:
            self.count(f"rights/{reason}")
        if reasons and self.policy == "skip":
            self.count("rights/skipped")
            if self.run.site_output is not None:  # a replay fetches nothing, so there is nothing to remember
                self.run.site_output.reserved.add(announced_url(item))
            raise DropItem(f"reserved ({', '.join(reasons)}): {item.url}")
        return marked(item) if reasons and self.policy == "mark" else item


class DriftPipeline(StoryPipeline):
    """Holds back a story that lacks what the site's stories usually have. Judges the whole run at its end."""

    def __init__(self, crawler: Crawler, run: CrawlRun) -> None:
        super().__init__(crawler, run)
        if run.site is None or run.site_output is None:
            raise NotConfigured  # drift is judged in live crawls of one site
        policy = reserved_policy(crawler.settings.get("NEWSCRAWL_RESERVED"))
        self.watch = DriftWatch(run.site_output, run.site, policy)

    async def process_item(self, item: Any) -> Any:
        lacks = self.watch.missing_fields(item) if isinstance(item, Story) else ()
        if not lacks:
            return item
        try:
            verdict = await asyncio.to_thread(self.watch.hold, item, lacks)
            if self.watch.is_due():
                self.count_verdict(await asyncio.to_thread(self.watch.release))
        except OSError as error:
            self.crawler.stats.set_value("newscrawl/write/failed", 1)
            raise DropItem(f"not written: {item.url}: {error}", log_level="ERROR") from error
        self.count(verdict)
        raise DropItem(f"{verdict}, lacks {', '.join(lacks)}: {item.url}")

    async def close_spider(self) -> None:
        stats = self.crawler.stats
        try:
            verdict = await asyncio.to_thread(self.watch.judge, new_stories(stats.get_stats()))
        except OSError as error:
            stats.set_value("newscrawl/write/failed", 1)
            logger.critical("Stories that were held back could not be written: %s", error)
            return
        self.count_verdict(verdict)
        if verdict.findings:
            logger.error("%s", verdict.in_words())

    def count_verdict(self, verdict: RunVerdict) -> None:
        for story, decision in verdict.released:
            count_decision(self.crawler.stats, story, decision)
        for name, count in verdict.counts.items():
            self.count(name, count)


class CheckPipeline(StoryPipeline):
    """Drops stories without a required field, with a counted reason.

    A story of a user's own spider first gets what can be derived from its other fields.
    """

    def process_item(self, item: Any) -> Any:
        if not isinstance(item, Story):
            return item
        if not isinstance(self.crawler.spider, StorySpider):
            self.complete(item)
        reason = missing_field(item)
        if reason is not None:
            self.count(f"check/{reason}")
            if self.run.site_output is not None:
                self.run.site_output.note_empty(item)
            raise DropItem(f"{reason}: {item.url}", log_level="WARNING")
        return item

    def complete(self, item: Story) -> None:
        try:
            fill_in(item, datetime.now(UTC))
        except ValueError as error:
            self.count("check/not-a-story")
            raise ValueError(f"This Story cannot be written: {error}") from None


class WritePipeline(StoryPipeline):
    """Hands a story to the output, which decides what it is and writes it. Counts the verdict."""

    async def process_item(self, item: Any) -> Any:
        if not isinstance(item, Story):
            return item
        try:
            decision = await asyncio.wrap_future(self.run.output.write(item))
        except WriteFailed as error:  # logged once, by the extension that stops the run
            self.count("write/not_written")
            raise DropItem(f"not written: {item.url}") from error
        count_decision(self.crawler.stats, item, decision)
        if self.run.site_output is not None:
            self.run.site_output.quarantine.remove_kept(announced_url(item))
        if not decision.is_written:
            raise DropItem(f"{decision.verdict}: {item.url} is {decision.known_id}")
        return item


def count_decision(stats: StatsCollector, story: Story, decision: Decision) -> None:
    """Count what became of a story."""
    stats.inc_value(f"newscrawl/identify/{decision.verdict}")
    if decision.is_written:
        stats.inc_value("newscrawl/write/lines")
        for agency in dict.fromkeys(a.id for a in story.attribution or []):
            stats.inc_value(f"newscrawl/agency/{agency}")
