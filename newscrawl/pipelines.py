"""The way of a story, top to bottom: checked, then decided and written in one step."""

from __future__ import annotations

import asyncio
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured

from newscrawl.items import Story
from newscrawl.writers.check import complaint
from newscrawl.writers.jsonl import WriteFailed
from newscrawl.writers.output import Output


class CheckPipeline:
    """Demands what a line must have; a story that has it not is dropped with a counted reason."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: Story) -> Story:
        reason = complaint(item)
        if reason is not None:
            self.crawler.stats.inc_value(f"newscrawl/check/{reason}")
            output = getattr(self.crawler.spider, "output", None)
            if output is not None:
                output.note_empty(item)
            raise DropItem(f"{reason}: {item.url}", log_level="WARNING")
        return item


class WritePipeline:
    """Hands a story to the output, which decides what it is and writes it; counts the verdict."""

    def __init__(self, crawler: Crawler, output: Output) -> None:
        self.crawler, self.output = crawler, output

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        output = getattr(crawler.spider, "output", None)
        if output is None:
            raise NotConfigured("no output: the spider is not one of a site file")
        return cls(crawler, output)

    async def process_item(self, item: Story) -> Story:
        try:
            decision = await asyncio.wrap_future(self.output.write(item))
        except WriteFailed as error:  # told once, by the extension that stops the run
            self.crawler.stats.inc_value("newscrawl/write/not_written")
            raise DropItem(f"not written: {item.url}") from error
        self.crawler.stats.inc_value(f"newscrawl/identify/{decision.verdict}")
        if not decision.is_written:
            raise DropItem(f"{decision.verdict}: {item.url} is {decision.known_id}")
        self.crawler.stats.inc_value("newscrawl/write/lines")
        for agency in dict.fromkeys(a.id for a in item.attribution or []):
            self.crawler.stats.inc_value(f"newscrawl/agency/{agency}")
        return item
