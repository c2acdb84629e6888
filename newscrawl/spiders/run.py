"""What the parts of one crawl share: its output, its site, the outcomes of its sources, its report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler

from newscrawl.monitoring.sources import Sources
from newscrawl.sites.model import Site
from newscrawl.storage.multi_writer import MultiSiteOutput
from newscrawl.storage.writer import SiteOutput


@dataclass
class CrawlRun:
    """One crawl. `OutputExtension` makes it before anything is requested; `run_of` finds it."""

    output: SiteOutput | MultiSiteOutput
    site: Site | None = None  # of a site's spider
    sources: Sources | None = None  # None where the spider could not start
    sites: dict[str, Site] = field(default_factory=dict)  # sites that a replay reads pages of, by id
    report: dict[str, Any] | None = None  # once the run has ended; of a site's spider
    reported: set[str] = field(default_factory=set)  # sites whose report is written, where a run has several

    @property
    def site_output(self) -> SiteOutput | None:
        """The output of a crawl of one site. None where stories go to the sites that they were read on."""
        return self.output if isinstance(self.output, SiteOutput) else None


_runs: WeakKeyDictionary[Crawler, CrawlRun] = WeakKeyDictionary()


def run_of(crawler: Crawler) -> CrawlRun | None:
    """The run of a crawler. None where nothing is written: `scrapy shell`, `fetch`, `parse`."""
    return _runs.get(crawler)


def begin_run(crawler: Crawler, run: CrawlRun) -> CrawlRun:
    """Make a run known to all parts of its crawl."""
    _runs[crawler] = run
    return run
