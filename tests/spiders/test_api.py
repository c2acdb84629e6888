"""`newscrawl.crawl`: stories of a crawl in a process of its own."""

from __future__ import annotations

import asyncio

import pytest

import newscrawl
from tests.conftest import Reply, Site, story_page

SECTION = '[[source]]\nkind = "section"\nurl = "{base}/list"\nlinks = "h3 > a"\n'
TOWNS = ("Varn", "Linden", "Sable", "Ostrava")


@pytest.fixture
def settings(site: Site) -> dict[str, object]:
    site.write(SECTION)
    site.server.pages |= {f"/{town}": story_page(town) for town in TOWNS}
    site.server.pages["/list"] = "".join(f'<h3><a href="/{town}">x</a></h3>' for town in TOWNS)
    return {
        "NEWSCRAWL_SITES_DIR": site.folder / "sites",
        "NEWSCRAWL_ALLOWED_PRIVATE_HOSTS": site.server.host,
        "RETRY_TIMES": 0,
    }


def test_stories_are_those_that_were_written(site: Site, settings: dict[str, object]) -> None:
    stories = list(newscrawl.crawl("gazette", output=site.output, settings=settings))
    assert sorted(story.headline or "" for story in stories) == sorted(f"{town} widens its quay" for town in TOWNS)
    assert [story.id for story in stories] == [line["id"] for line in site.lines()]
    assert stories[0].source is not None and stories[0].source.id == "gazette"
    assert list(newscrawl.crawl("gazette", output=site.output, settings=settings)) == [], "nothing is new"


def test_a_limit_ends_the_crawl(site: Site, settings: dict[str, object]) -> None:
    settings |= {"CONCURRENT_REQUESTS": 1, "DOWNLOAD_DELAY": 0.2}
    assert len(list(newscrawl.crawl("gazette", limit=1, output=site.output, settings=settings))) == 1
    assert "/Ostrava" not in site.server.asked


def test_closing_the_iterator_stops_the_crawl(site: Site, settings: dict[str, object]) -> None:
    site.server.pages["/Ostrava"] = Reply(story_page("Ostrava"), wait_seconds=60)
    stories = newscrawl.crawl("gazette", output=site.output, settings=settings)
    assert next(stories).headline
    stories.close()  # type: ignore[attr-defined]
    assert site.run("crawl", "gazette", "-a", f"url={site.server.base}/Varn").returncode == 0, "the site is free again"


def test_a_failed_crawl_raises_with_its_exit_code(site: Site, settings: dict[str, object]) -> None:
    site.server.pages["/list"] = Reply("no", 500)
    with pytest.raises(newscrawl.CrawlFailed) as failed:
        list(newscrawl.crawl("gazette", output=site.output, settings=settings))
    assert failed.value.exit_code == 5
    with pytest.raises(newscrawl.CrawlFailed, match="nosuch"):
        list(newscrawl.crawl("nosuch", output=site.output, settings=settings))


def test_it_runs_beside_an_event_loop(site: Site, settings: dict[str, object]) -> None:
    async def notebook() -> int:
        return len(list(newscrawl.crawl("gazette", output=site.output, settings=settings)))

    assert asyncio.run(notebook()) == len(TOWNS)
