"""Every site file is a spider: `scrapy list`, `scrapy crawl yonhap`."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Self

from scrapy import Request, Spider
from scrapy.settings import BaseSettings

from newscrawl.attribution.agencies import AgenciesError, add_agencies_file
from newscrawl.security import log
from newscrawl.settings_schema import SettingError, check_settings
from newscrawl.sites.loader import SiteError
from newscrawl.sites.registry import load_site, load_sites, site_files

logger = logging.getLogger(__name__)


def load_user_agencies(settings: BaseSettings) -> None:
    """Let the user's file of agencies count from now on; AgenciesError if it is wrong."""
    if settings.get("NEWSCRAWL_AGENCIES_FILE"):
        add_agencies_file(Path(settings["NEWSCRAWL_AGENCIES_FILE"]))


class SiteSpiderLoader:
    """Makes a spider class of a site file when it is asked for by name."""

    def __init__(self, settings: BaseSettings) -> None:
        log.install()
        try:
            check_settings(settings)
            load_user_agencies(settings)
        except (
            SettingError,
            AgenciesError,
        ) as error:  # Scrapy makes the loader before any command can catch it: exit code 1
            raise SystemExit(f"error: {error}") from None
        self.sites_dir: str | None = settings.get("NEWSCRAWL_SITES_DIR") or None

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        return cls(settings)

    def load(self, spider_name: str) -> type[Spider]:
        """The spider of a site; KeyError for an unknown name, SiteError where its file is wrong."""
        from newscrawl.spiders.site import SiteSpider  # with it all that reads pages: 0.18 s

        path = site_files(self.sites_dir).get(spider_name)
        if path is None:
            raise KeyError(f"no site file {spider_name}.toml; `scrapy list` shows those there are")
        site = load_site(path)
        return type(f"{spider_name}Spider", (SiteSpider,), {"name": site.id, "site": site})

    def list(self) -> list[str]:
        """The names of all sites whose files can be read; one ERROR line for each that cannot."""
        sites, errors = load_sites(self.sites_dir)
        report_broken(errors)
        return [site.id for site in sites]

    def find_by_request(self, request: Request) -> list[str]:  # type: ignore[valid-type]
        return [site.id for site in load_sites(self.sites_dir)[0] if site.holds(request.url)]


def report_broken(errors: list[SiteError]) -> None:
    """One ERROR line for each site file that cannot be used."""
    for error in errors:
        logger.error("Site file left out: %s", "; ".join(str(error).splitlines()))
