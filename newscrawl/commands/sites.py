"""`newscrawl sites`: the sites there are and how each has done lately; `--check` looks whether their files still hold."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from newscrawl.commands._base import NewscrawlCommand, print_table
from newscrawl.sites.loader import SiteError
from newscrawl.sites.model import Site
from newscrawl.sites.registry import load_sites
from newscrawl.spiders.loader import report_broken
from newscrawl.text.command_line import command_line

if TYPE_CHECKING:
    from newscrawl.tools.reports.site_check import SiteCheck
    from newscrawl.tools.reports.sites import SiteStatus

COLUMNS = ("id", "name", "lang", "country", "kind", "agency", "sources", "evidence", "last run", "newest", "filled")
OPTIONAL = ("country", "sources", "evidence", "kind", "agency", "lang", "name")  # the first to go on a narrow terminal
CHECK_COLUMNS = ("site", "verdict", "what", "url", "found", "to change")
SECONDS = 40.0  # with what is under way then, the check of the whole catalogue ends within a minute
AT_ONCE = 100


class Command(NewscrawlCommand, ScrapyCommand):
    def syntax(self) -> str:
        return "[<site> ...]"

    def short_desc(self) -> str:
        return (
            "Show the sites there are, what their files rest on and how they do; --check looks whether they still hold"
        )

    def long_desc(self) -> str:
        return (
            "Without --check nothing is fetched: a table of all sites, or all that is known of the sites named. With "
            "--check every source is asked for, and one story of each site is read, within a minute, politely; what "
            "must change, and in which file. Exit code 0: all good, 4: something is to be changed, 5: nothing works."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--check", action="store_true", help="fetch every source and one story of each site")
        parser.add_argument("--json", action="store_true", help="one JSON object a line, a site each")
        parser.add_argument(
            "--seconds", type=float, default=SECONDS, metavar="N", help="ask for nothing more after N (default: 40)"
        )

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        if not opts.seconds > 0:
            raise UsageError("--seconds takes a number above 0", print_help=False)
        sites = self.chosen(args)
        if opts.check:
            return self.check(sites, opts)
        from newscrawl.tools.reports.sites import rows

        found = rows(sites, Path(self.settings["NEWSCRAWL_OUTPUT_DIR"]))
        if opts.json:
            print_json(row.as_json() for row in found)
        elif args:
            show_whole(found)
        else:
            print_table(COLUMNS, [cells(row) for row in found], optional=OPTIONAL)
        return 0

    def chosen(self, names: list[str]) -> list[Site]:
        """The sites named, else all whose files can be read; UsageError for an unknown name."""
        sites, errors = load_sites(self.settings.get("NEWSCRAWL_SITES_DIR") or None)
        if not names:
            report_broken(errors)
        for error in errors:
            if any(f"{name}.toml" in str(error) for name in names):
                raise error
        known = {site.id: site for site in sites}
        unknown = [name for name in names if name not in known]
        if unknown:
            raise UsageError(
                f"no site {unknown[0]!r}; `{command_line('list')}` shows those there are", print_help=False
            )
        return [known[name] for name in dict.fromkeys(names)] if names else sites

    def check(self, sites: list[Site], opts: argparse.Namespace) -> int:
        from newscrawl.tools.reports.site_check import SiteCheck, code_of

        checks = [SiteCheck(site) for site in sites]
        self.crawl(checks, opts.seconds)
        if opts.json:
            print_json(check.as_json() for check in checks)
        else:
            print_table(CHECK_COLUMNS, [row for check in checks for row in check_cells(check)])
            verdicts = [check.verdict for check in checks]
            detail = [f"{verdicts.count(name)} {name}" for name in ("good", "partly", "failed", "blocked")]
            print(f"{len(checks)} sites: {', '.join(detail)}", file=sys.stderr)
        return code_of(checks)

    def crawl(self, checks: list[SiteCheck], seconds: float) -> None:
        from newscrawl.spiders.single_page import run_alone
        from newscrawl.spiders.site_check import TIMEOUT_SECONDS, SiteCheckSpider

        if not any(check.site.sources for check in checks):
            return
        settings = self.settings.copy()
        delays = {host: site.delay_seconds for host, site in slowest(check.site for check in checks).items()}
        own = {
            "LOG_LEVEL": "CRITICAL",
            "ITEM_PIPELINES": {},
            "EXTENSIONS": {},
            "AUTOTHROTTLE_ENABLED": False,  # one request at a time, and the site file's delay, are slow enough
            "DOWNLOAD_SLOTS": {host: {"concurrency": 1, "delay": delay} for host, delay in delays.items()},
            "CONCURRENT_REQUESTS": AT_ONCE,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "DOWNLOAD_TIMEOUT": TIMEOUT_SECONDS,
            "RETRY_TIMES": 0,
        }
        settings.setdict(own, priority="cmdline")
        spider = type("CheckSpider", (SiteCheckSpider,), {"rendered_site": rendered_site(settings, checks)})
        run_alone(settings, spider, checks=checks, seconds=seconds)
        for check in checks:
            check.tell_unanswered()


def rendered_site(settings: BaseSettings, checks: list[SiteCheck]) -> str | None:
    """A site that needs a browser, if there is one to be had; else those that need it are reported why it is not."""
    needing = [check for check in checks if check.site.render]
    if not needing:
        return None
    from newscrawl.downloader.browser import use_browser

    try:
        use_browser(settings.copy(), needing[0].site.id)
    except SiteError as error:
        for check in needing:
            check.no_browser = str(error).removeprefix(f"{needing[0].site.id}.toml: render: ")
        return None
    return needing[0].site.id


def slowest(sites: Any) -> dict[str, Site]:
    """Host -> the site on it that wants the longest delay."""
    from urllib.parse import urlsplit

    found: dict[str, Site] = {}
    for site in sites:
        for source in site.sources:
            host = urlsplit(source.url).hostname or ""
            if host not in found or found[host].delay_seconds < site.delay_seconds:
                found[host] = site
    return found


def print_json(records: Any) -> None:
    import orjson

    for record in records:
        sys.stdout.write(orjson.dumps(record).decode() + "\n")


def cells(row: SiteStatus) -> list[str]:
    from newscrawl.tools.reports.sites import age_of, kinds_of

    site, lately = row.site, row.lately
    filled = ", ".join(f"{name} {share:.0%}" for name, share in lately.filled.items() if share < 1)
    return [
        site.id,
        site.name,
        site.language or "",
        site.country or "",
        site.kind or "",
        site.agency or "",
        "blocked" if site.blocked else kinds_of(site),
        age_of(site.evidence),
        lately.last_run or "",
        lately.newest_story or "",
        filled or ("all" if lately.filled else ""),
    ]


def show_whole(found: Sequence[SiteStatus]) -> None:
    """All that is known of some sites, a line a fact."""
    from newscrawl.security.log import escape_controls

    for number, row in enumerate(found):
        if number:
            print()
        for name, value in row.as_json().items():
            if name == "sources":
                value = [f"{source['kind']} {source['url']}" for source in value]
            elif name == "evidence":
                value = [part.strip() for part in value.split(";")]
            elif name == "filled":
                value = [f"{key} {share:.0%}" for key, share in value.items()]
            for text in value if isinstance(value, list) else [value]:
                if text not in (None, ""):
                    print(f"{name:<13} {escape_controls(str(text))}")


def check_cells(check: SiteCheck) -> list[list[str]]:
    """A row a finding; of a site that is blocked, why."""
    site, verdict = check.site.id, check.verdict
    if verdict == "blocked":
        return [[site, verdict, "", "", check.site.blocked or "no source", ""]]
    return [
        [site, verdict, found.what, found.url, found.problem or found.detail, found.advice or ""]
        for found in check.findings
    ]
