"""Writing what was proposed: the site file, the pages with what they are expected to give, and their test."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from newscrawl.sites.loader import SiteError, file_name_errors
from newscrawl.sites.registry import load_site, site_files, site_of
from newscrawl.tools.scaffold.capture import PageFetch, free_path
from newscrawl.tools.scaffold.probe_result import PageRead
from newscrawl.tools.scaffold.propose import Proposal
from newscrawl.tools.scaffold.saved import (
    FOLDER_NAME,
    differences,
    expected_of,
    saved_pages,
    write_page,
    write_test,
    write_whole,
)


@dataclass(slots=True)
class Written:
    """The files that were written, and how a second reading of the pages differs from the first: () where it does not."""

    files: list[Path] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)


def refuse_known(url: str, sites_dir: Path, site_id: str | None, *, force: bool) -> None:
    """SiteError where a site file holds this URL's host already, unless another id is given."""
    folder = str(sites_dir) if sites_dir.is_dir() else None
    known = site_of(url, folder)
    if known is None or force or (site_id is not None and site_id != known.id):
        return
    path = site_files(folder)[known.id]
    raise SiteError(
        f"{path}: holds this site already; mend that file, or give --id for another one beside it, or --force"
    )


def free_id(wanted: str, url: str, sites_dir: Path, *, is_given: bool, force: bool) -> str:
    """The id for a new file: the one that is wanted, or with the host's ending where another site has it.

    SiteError: it was given and is wrong, or a file has it.
    """
    if complaints := file_name_errors(wanted):
        raise SiteError(f"--id: {complaints[0]}")
    if force:
        return wanted
    files = site_files(str(sites_dir) if sites_dir.is_dir() else None)
    ending = (urlsplit(url).hostname or "").rpartition(".")[2]
    names = [wanted] if is_given else [wanted, f"{wanted}-{ending}", f"{wanted}-2"]
    for name in names:
        if name not in files and not file_name_errors(name):
            return name
    raise SiteError(
        f"{files[wanted]}: is there already; give another --id, or --force to write {wanted}.toml all the same"
    )


def write(proposal: Proposal, sites_dir: Path, *, force: bool, agencies_file: str | None = None) -> Written:
    """Write everything, then read it back. SiteError: a page is there already, or what was written cannot be read."""
    folder, pages = sites_dir / FOLDER_NAME, proposal.looked.pages
    there = next((path for page in pages if (path := place_of(folder, proposal.id, page)).exists()), None)
    if there is not None and not force:
        raise SiteError(f"{there}: is there already; give another --id, or --force to replace it")
    sites_dir.mkdir(parents=True, exist_ok=True)
    path = sites_dir / f"{proposal.id}.toml"
    write_whole(path, proposal.toml.encode("utf-8"))
    site = load_site(path)
    written = Written([path])
    for page in pages:
        _, story = page.read_by(site)
        expected = expected_of(story, captured=page.captured_at, content_type=page.content_type)
        name = place_of(folder, proposal.id, page).stem
        written.files += write_page(folder, proposal.id, name, page.html, expected, overwrite=force)
    test = write_test(sites_dir, agencies_file) if pages else None
    written.files += [test] if test else []
    for saved in saved_pages(folder, proposal.id):
        written.differences += [f"{saved}: {line}" for line in differences(saved, str(sites_dir))]
    return written


def place_of(folder: Path, site_id: str, page: PageRead) -> Path:
    """Where a page is written."""
    fetch = PageFetch(page.url, page.url, page.html, page.captured_at, page.content_type)
    return free_path(folder, site_id, page.story, fetch)


def next_commands(site_id: str, sites_dir: Path) -> list[str]:
    """What to do next; each works as printed."""
    folder = shlex.quote(str(sites_dir))
    option = f"-s NEWSCRAWL_SITES_DIR={folder}"
    return [
        f"newscrawl capture --check {site_id} {option}   # the saved pages still give what they gave; pytest {folder} too",
        f"newscrawl sites --check {site_id} {option}   # its sources answer, a story is read",
        f"newscrawl crawl {site_id} {option}",
    ]
