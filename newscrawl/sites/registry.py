"""Find and load site files: the built-in ones, and the user's in NEWSCRAWL_SITES_DIR, which override them by name."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from newscrawl.attribution.agencies import agencies
from newscrawl.sites.loader import SiteError, read_site
from newscrawl.sites.model import Site, own_host

BUILT_IN = Path(__file__).parent


def site_files(sites_dir: str | None = None) -> dict[str, Path]:
    """Site id -> its file, sorted by id; a user's file hides ours of the same name."""
    folders = [BUILT_IN, *([Path(sites_dir)] if sites_dir else [])]
    if sites_dir and not Path(sites_dir).is_dir():
        raise SiteError(f"NEWSCRAWL_SITES_DIR: {sites_dir} is not a folder")
    files = {path.stem: path for folder in folders for path in sorted(folder.glob("*.toml"))}
    return dict(sorted(files.items()))


def load_site(path: Path) -> Site:
    """The site of a file; SiteError names file, key and allowed values."""
    return read_site(path, agencies())


def load_sites(sites_dir: str | None = None) -> tuple[list[Site], list[SiteError]]:
    """Every site that can be read, and the errors of those that cannot."""
    sites, errors = [], []
    for path in site_files(sites_dir).values():
        try:
            sites.append(load_site(path))
        except SiteError as error:
            errors.append(error)
    return sites, errors


@lru_cache(maxsize=8)
def readable_sites(sites_dir: str | None) -> tuple[Site, ...]:
    return tuple(load_sites(sites_dir)[0])


@lru_cache(maxsize=8)
def sites_by_domain(sites_dir: str | None) -> dict[str, list[Site]]:
    found: dict[str, list[Site]] = {}
    for site in readable_sites(sites_dir):
        for domain in site.domains:
            found.setdefault(domain, []).append(site)
    return found


def site_of(url: str, sites_dir: str | None = None) -> Site | None:
    """The site a URL is on: the one whose domain is the longest match; of several on one domain, whose story it is."""
    host = own_host(url)
    known = sites_by_domain(sites_dir)
    while host:
        if host in known:
            here = known[host]
            return next((site for site in here if site.story_url and site.is_story_url(url)), here[0])
        host = host.partition(".")[2]
    return None
