"""docs/sites.md, made from the site files: what each states, what that rests on, and which test holds it."""

from __future__ import annotations

from pathlib import Path

from newscrawl.sites.model import Site
from newscrawl.sites.registry import load_sites
from newscrawl.tools.reports.sites import kinds_of

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "sites.md"

HEAD = """# The sites that come with it

Made from `newscrawl/sites/` by `python -m newscrawl.tools.reports.sites_page`; do not edit. {count} sites: {own} of agencies,
{others} of newspapers, broadcasters and portals that carry their copy; {blocked} of them cannot be crawled and say why.

**None was tried live**: they were written where there was no network. Each fact rests on dated public sources, named
below; what nobody could confirm is left out, and the generic reader does the rest. `newscrawl sites --check` tells within a
minute, on a machine with a network, which of it still holds and what to change in which file.

Held by: of every site `tests/sites/test_sites.py` holds the URLs that are stories and those that are not, the ids,
the offset in January and July, and the dates as its pages and feeds state them; `tests/sites/test_saved_pages.py` reads a
page of the site's markup as far as public code shows it, with words of our own, where the table says "page".
"""
TABLE = """
| site | what | sources | rests on | held by |
|---|---|---|---|---|
"""


def sites_page(sites: list[Site], saved_pages: Path) -> str:
    """The page as Markdown: a row a site."""
    counts = {
        "count": len(sites),
        "own": sum(1 for site in sites if site.agency),
        "others": sum(1 for site in sites if not site.agency),
        "blocked": sum(1 for site in sites if site.blocked),
    }
    return HEAD.format(**counts) + TABLE + "".join(row(site, saved_pages) for site in sites)


def row(site: Site, saved_pages: Path) -> str:
    what = [site.name, f"{site.language}, {site.country}, {site.timezone}", site.kind or ""]
    rests = [part.strip().rstrip(";") for part in site.evidence.strip().splitlines()]
    if site.blocked:
        rests.insert(0, f"**blocked**: {site.blocked}")
    if site.terms:
        rests.append(f"terms: {site.terms}")
    held = ["table"]
    pages = len(list((saved_pages / site.id).glob("*.html")))
    if pages:
        held.append("page" if pages == 1 else f"{pages} pages")
    cells = [f"`{site.id}`", "<br>".join(what), kinds_of(site) or "none", "<br>".join(rests), ", ".join(held)]
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |\n"


if __name__ == "__main__":
    PAGE.write_text(sites_page(load_sites()[0], ROOT / "tests" / "saved_pages"), "utf-8")
