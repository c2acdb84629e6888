"""NEWSCRAWL_RESERVED on a real crawl: recorded, marked, or skipped and not asked for again."""

from __future__ import annotations

import json

from tests.conftest import Reply, Site, story_page

SECTION = '[[source]]\nkind = "section"\nurl = "{base}/list"\nlinks = "h3 > a"\n'
RESERVED = ["Calder-1", "Linden-2", "Varn-3"]
FREE = ["Sable-4", "Ostrava-5"]


def serve(site: Site) -> None:
    """Five stories: a header, a meta and the site's own file reserve one each, two are free."""
    site.write(SECTION)
    pages = site.server.pages
    pages["/list"] = "".join(f'<h3><a href="/{name}">{name}</a></h3>' for name in [*RESERVED, *FREE])
    for name in [*RESERVED, *FREE]:
        pages[f"/{name}"] = story_page(name)
    pages["/Calder-1"] = Reply(story_page("Calder"), headers={"X-Robots-Tag": "noai"})
    pages["/Linden-2"] = story_page("Linden", '<meta name="tdm-reservation" content="1">')
    rules = [{"location": "/Varn*", "tdm-reservation": 1}, {"location": "/", "tdm-reservation": 0}]
    pages["/.well-known/tdmrep.json"] = Reply(json.dumps(rules), kind="application/json")


def stories_asked(site: Site) -> list[str]:
    asked = sorted(path for path in site.server.asked if path[-2:-1] == "-")
    site.server.asked.clear()
    return asked


def test_reserved_stories_are_skipped_and_not_fetched_by_each_run(site: Site) -> None:
    serve(site)
    skip = ("-s", "NEWSCRAWL_RESERVED=skip")
    assert site.crawl(*skip).returncode == 0
    assert site.server.asked.index("/.well-known/tdmrep.json") < site.server.asked.index("/list")
    assert stories_asked(site) == sorted(f"/{name}" for name in [*RESERVED, *FREE])
    assert sorted(line["headline"].split()[0] for line in site.lines()) == ["Ostrava-5", "Sable-4"]
    counts = site.report()["counts"]
    assert (counts["rights/noai"], counts["rights/tdm"], counts["rights/skipped"]) == (1, 2, 3)
    assert site.crawl(*skip).returncode == 0
    assert not set(stories_asked(site)) & {f"/{name}" for name in RESERVED}
    assert site.report()["counts"]["candidate/reserved"] == 3 and len(site.lines()) == 2
    # Who records only, reads them all.
    assert site.crawl().returncode == 0
    assert "/.well-known/tdmrep.json" not in site.server.asked and len(site.lines()) == 5
    assert site.report()["counts"]["rights/noai"] == 1


def test_reserved_stories_are_marked(site: Site) -> None:
    serve(site)
    assert site.crawl("-s", "NEWSCRAWL_RESERVED=mark").returncode == 0
    found = {line["url"].rsplit("/", 1)[1]: line for line in site.lines()}
    marked = {name for name, line in found.items() if "reserved" in line["extraction"]["warnings"]}
    assert len(found) == 5 and marked == set(RESERVED)
    assert found["Varn-3"]["rights"]["reservation"].startswith('/.well-known/tdmrep.json: {"location": "/Varn*"')
    assert found["Sable-4"]["rights"]["reservation"] is None
