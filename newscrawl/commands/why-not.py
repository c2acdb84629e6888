"""`newscrawl why-not <url>`: which rule, budget, filter or state keeps a URL from being fetched now."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import Request, Spider
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import IgnoreRequest, UsageError
from scrapy.settings import BaseSettings

from newscrawl.commands._base import NewscrawlCommand
from newscrawl.security.address import AllowedHosts
from newscrawl.security.log import escape_controls

if TYPE_CHECKING:
    from newscrawl.tools.reports.why_not import Policy, WhyNotFinding


class RobotsSpider(Spider):
    """Asks for the robots.txt of a URL's site, as any crawl would; `failed` gets why it could not be read."""

    name = "robots"
    url: str
    failed: list[str]

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        from newscrawl.spiders.site import name_contact

        super().update_settings(settings)
        name_contact(settings)

    async def start(self) -> AsyncIterator[Request]:
        from newscrawl.middlewares.robots import RobotsMiddleware

        middleware = self.crawler.get_downloader_middleware(RobotsMiddleware)
        try:
            robots = await middleware.robots(self.url) if middleware is not None else None
        except IgnoreRequest as error:
            self.failed.append(str(error))
        else:
            self.failed += [robots.settled.unreachable] if robots is not None and robots.settled.unreachable else []
        nothing: tuple[Request, ...] = ()
        for request in nothing:  # all was asked above: Scrapy wants a generator
            yield request


class Command(NewscrawlCommand, ScrapyCommand):
    def syntax(self) -> str:
        return "<url>"

    def short_desc(self) -> str:
        return "Say which rule, budget, filter or state keeps a URL from being fetched now"

    def long_desc(self) -> str:
        return (
            "Goes through all that a crawl would ask before it fetches the URL, from what is known: site files, settings, "
            "the cached robots.txt, the state. No request is made, unless --fetch lets it ask for robots.txt now."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--fetch", action="store_true", help="ask for robots.txt now, unless a copy of today is there"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.tools.reports.why_not import why_not

        if len(args) != 1:
            raise UsageError("why-not takes one URL", print_help=False)
        policy = self.policy()
        failed = self.fetch_robots(args[0], policy) if opts.fetch else []
        found = why_not(args[0], policy, unreachable=failed[0] if failed else None)
        print_json(args[0], found) if opts.json else print_lines(found)
        return 0

    def policy(self) -> Policy:
        from newscrawl.tools.reports.why_not import Policy

        settings = self.settings
        try:
            allowed = AllowedHosts.parse(settings.getlist("NEWSCRAWL_ALLOWED_PRIVATE_HOSTS"))
        except ValueError as error:
            raise UsageError(str(error), print_help=False) from None
        return Policy(
            output=Path(settings["NEWSCRAWL_OUTPUT_DIR"]),
            sites_dir=settings.get("NEWSCRAWL_SITES_DIR") or None,
            allowed=allowed,
            obeys_robots=settings.getbool("ROBOTSTXT_OBEY"),
            agent=settings["ROBOTSTXT_USER_AGENT"],
            default_delay=settings.getfloat("DOWNLOAD_DELAY"),
            max_crawl_delay=settings.getfloat("NEWSCRAWL_MAX_CRAWL_DELAY_SECONDS"),
            max_retry_after=settings.getfloat("NEWSCRAWL_MAX_RETRY_AFTER_SECONDS"),
        )

    def fetch_robots(self, url: str, policy: Policy) -> list[str]:
        """Bring the cached robots.txt up to date; why that failed, if it did."""
        from newscrawl.security.url import url_refusal
        from newscrawl.sites.registry import site_of
        from newscrawl.spiders.single_page import run_alone

        if url_refusal(url, policy.allowed) is not None:
            return []
        settings = self.settings.copy()
        settings.setdict({"LOG_LEVEL": "ERROR", "ITEM_PIPELINES": {}, "EXTENSIONS": {}}, priority="cmdline")
        site = site_of(url, policy.sites_dir)
        if site is not None:
            settings.set("DOWNLOAD_DELAY", site.delay_seconds, priority="cmdline")
        failed: list[str] = []
        run_alone(settings, RobotsSpider, url=url, failed=failed)
        return failed


def may_be_fetched(found: Sequence[WhyNotFinding]) -> bool | None:
    """Whether a crawl would fetch it now; None where that is not known."""
    verdicts = {finding.verdict for finding in found}
    if verdicts & {"stops", "waits"}:
        return False
    return None if "unknown" in verdicts else True


def print_json(url: str, found: Sequence[WhyNotFinding]) -> None:
    from dataclasses import asdict

    import orjson

    answer = {"url": url, "may_be_fetched": may_be_fetched(found), "findings": [asdict(finding) for finding in found]}
    print(orjson.dumps(answer).decode())


def print_lines(found: Sequence[WhyNotFinding]) -> None:
    for finding in found:
        print(f"{finding.verdict:<8} {finding.check:<11} {escape_controls(finding.detail)}")
    answers = {True: "nothing keeps it from being fetched", False: "it is not fetched now", None: "not known"}
    by_verdict = {finding.verdict: finding.check for finding in reversed(found)}  # the first of each
    reason = by_verdict.get("stops") or by_verdict.get("waits") or by_verdict.get("unknown")
    print(f"\n{answers[may_be_fetched(found)]}" + (f": {reason}" if reason else ""))
