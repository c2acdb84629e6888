"""docs/sites.md says what the site files say."""

from __future__ import annotations

from pathlib import Path

from newscrawl.sites.registry import load_sites
from newscrawl.tools.reports.sites_page import PAGE, sites_page


def test_the_page_of_sites_is_up_to_date() -> None:
    pages = Path(__file__).parents[1] / "saved_pages"
    assert PAGE.read_text("utf-8") == sites_page(load_sites()[0], pages), (
        "run `python -m newscrawl.tools.reports.sites_page`"
    )


def test_the_readme_counts_the_sites() -> None:
    readme = Path(__file__).parents[2] / "README.md"
    assert f"{len(load_sites()[0])} sites are built in" in readme.read_text("utf-8")
