"""Each site's saved pages give what stands beside them: real markup's shape, invented words."""

from __future__ import annotations

from pathlib import Path

import pytest

from newscrawl.sites.registry import load_sites, site_of
from newscrawl.tools.scaffold.saved import differences, read_expected, saved_pages

FOLDER = Path(__file__).parents[1] / "saved_pages"
PAGES = saved_pages(FOLDER)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_saved_page(path: Path) -> None:
    assert differences(path) == []
    site = site_of(read_expected(path)["url"])
    assert site is not None and site.id == path.parent.name  # a crawl reads it by the same rules


def test_every_site_with_rules_has_a_saved_page() -> None:
    with_rules = {site.id for site in load_sites()[0] if any(layout.body for layout in site.layouts)}
    assert with_rules - {path.parent.name for path in PAGES} == set()
