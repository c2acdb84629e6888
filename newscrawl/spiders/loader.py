"""Finds spiders by name: those of the user's SPIDER_MODULES, and one for each site file."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Self

from scrapy import Request, Spider
from scrapy.settings import BaseSettings
from scrapy.spiderloader import SpiderLoader

from newscrawl.attribution.agencies import AgenciesError, add_agencies_file
from newscrawl.security import log
from newscrawl.settings_schema import SettingError, check_settings
from newscrawl.sites.loader import SiteError
from newscrawl.sites.registry import load_site, load_sites, site_files
from newscrawl.text.command_line import command_line

logger = logging.getLogger(__name__)


def load_user_agencies(settings: BaseSettings) -> None:
    """Let the user's file of agencies count from now on; AgenciesError if it is wrong."""
    if settings.get("NEWSCRAWL_AGENCIES_FILE"):
        add_agencies_file(Path(settings["NEWSCRAWL_AGENCIES_FILE"]))


class SiteSpiderLoader:
    """Loads the spiders of SPIDER_MODULES as Scrapy does, and makes one for each site file.

    A spider of SPIDER_MODULES replaces a site of the same name.
    """

    def __init__(self, settings: BaseSettings) -> None:
        log.install()
        try:
            check_settings(settings)
            load_user_agencies(settings)
        except (SettingError, AgenciesError) as error:
            raise SystemExit(f"error: {error}") from None  # no command runs yet that could catch it: exit code 1
        self.sites_dir: str | None = settings.get("NEWSCRAWL_SITES_DIR") or None
        self.modules = SpiderLoader(settings) if settings.getlist("SPIDER_MODULES") else None

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        return cls(settings)

    def load(self, spider_name: str) -> type[Spider]:
        """The spider of that name. KeyError for an unknown name, SiteError where its site file is wrong."""
        if self.modules is not None and spider_name in self.modules.list():
            return self.modules.load(spider_name)
        from newscrawl.spiders.site import SiteSpider  # importing what reads pages takes 0.2 s

        path = site_files(self.sites_dir).get(spider_name)
        if path is None:
            raise KeyError(
                f"there is no spider {spider_name} and no site file {spider_name}.toml; `{command_line('list')}` shows all"
            )
        site = load_site(path)
        return type(f"{spider_name}Spider", (SiteSpider,), {"name": site.id, "site": site})

    def list(self) -> list[str]:
        """The names of all spiders and of all sites whose files can be read. One ERROR line for each file that cannot."""
        sites, errors = load_sites(self.sites_dir)
        report_broken(errors)
        names = self.modules.list() if self.modules is not None else []
        return sorted({*names, *(site.id for site in sites)})

    def find_by_request(self, request: Request) -> list[str]:  # type: ignore[valid-type]
        """The names of the spiders and sites that a URL belongs to."""
        names = self.modules.find_by_request(request) if self.modules is not None else []
        return [*names, *(site.id for site in load_sites(self.sites_dir)[0] if site.holds(request.url))]


def report_broken(errors: list[SiteError]) -> None:
    """One ERROR line for each site file that cannot be used."""
    for error in errors:
        logger.error("Site file left out: %s", "; ".join(str(error).splitlines()))
