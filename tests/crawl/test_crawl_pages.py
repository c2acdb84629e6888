"""Stories of several pages, and twins of a page, through the real command against a real server."""

from __future__ import annotations

import pytest

from tests.conftest import Reply, Site, story_page

SECTION = '[[source]]\nkind = "section"\nurl = "{base}/list"\nlinks = "h3 > a"\n'
PARTS = [
    [f"Part {n} of the report says that the harbour council of {{name}} met on Monday to speak about the quay once more.",
     f"After the session, part {n} goes on, its chairman told reporters that the boats would have to wait until spring."]
    for n in range(1, 5)
]  # fmt: skip


def announce(site: Site, *paths: str) -> None:
    site.write(SECTION)
    site.server.pages["/list"] = "".join(f'<h3><a href="{path}">x</a></h3>' for path in paths)


def part(n: int, head: str = "", name: str = "Calder", links: str = "") -> str:
    return story_page(name, head, PARTS[n - 1]).replace("</article>", f"{links}</article>")


def serve_report(site: Site, pages: int = 3) -> None:
    for n in range(1, pages + 1):
        links = "".join(f'<a href="/report?page={other}">{other}</a> ' for other in range(2, pages + 1))
        site.server.pages["/report" if n == 1 else f"/report?page={n}"] = part(n, links=links)


def texts(pages: int) -> list[str]:
    return [text.format(name="Calder") for paragraphs in PARTS[:pages] for text in paragraphs]


def test_a_story_of_three_pages_is_one_line_and_stays_one(site: Site) -> None:
    announce(site, "/report", "/report?page=2")
    serve_report(site)
    assert site.crawl().returncode == 0
    (line,) = site.lines()
    assert line["text"].split("\n\n") == texts(3) == [block["text"] for block in line["body"]]
    assert line["url"].endswith("/report") and line["extraction"]["warnings"] == []
    assert site.report()["counts"]["read/later-pages"] == 2
    site.pass_time(3600)
    assert site.crawl().returncode == 0
    assert len(site.lines()) == 1 and site.report()["counts"]["identify/unchanged"] >= 1
    assert site.report()["counts"].get("identify/new") is None


def test_the_budget(site: Site) -> None:
    announce(site, "/report")
    serve_report(site, 4)
    assert site.crawl("-s", "NEWSCRAWL_MAX_STORY_PAGES=2").returncode == 0
    (line,) = site.lines()
    assert line["text"].split("\n\n") == texts(2) and line["extraction"]["warnings"] == ["pages-missing"]
    assert "/report?page=3" not in site.server.asked


@pytest.mark.parametrize("limit", [0, 1])
def test_no_later_pages_where_they_are_switched_off(site: Site, limit: int) -> None:
    announce(site, "/report")
    serve_report(site)
    assert site.crawl("-s", f"NEWSCRAWL_MAX_STORY_PAGES={limit}").returncode == 0
    (line,) = site.lines()
    assert line["text"].split("\n\n") == texts(1) and line["extraction"]["warnings"] == []
    assert site.server.asked.count("/report?page=2") == 0


def test_a_page_that_fails_costs_the_rest_only_and_makes_no_version(site: Site) -> None:
    announce(site, "/report")
    serve_report(site)
    whole = dict(site.server.pages)
    site.server.pages["/report?page=3"] = Reply("gone", 404)
    assert site.crawl().returncode == 0
    (line,) = site.lines()
    assert line["text"].split("\n\n") == texts(2) and line["extraction"]["warnings"] == ["pages-missing"]
    assert site.report()["counts"]["read/pages-missing"] == 1
    site.server.pages = whole
    assert site.crawl().returncode == 0
    assert [line["version"] for line in site.lines()] == [1, 2]
    assert site.lines()[1]["text"].split("\n\n") == texts(3)
    site.server.pages["/report?page=2"] = Reply("gone", 404)
    assert site.crawl().returncode == 0
    assert len(site.lines()) == 2, "a page that failed is no change of the story"


def test_the_next_story_is_not_glued_to_this_one(site: Site) -> None:
    announce(site, "/Calder", "/quay-story")
    head = '<link rel="next" href="/Varn"><link rel="prev" href="/Linden">'
    site.server.pages["/Calder"] = story_page("Calder", head)
    site.server.pages["/Varn"] = story_page("Varn")
    # the same URL with another number, but another story
    site.server.pages["/quay-story"] = part(1, '<link rel="next" href="/quay-story?page=2">')
    site.server.pages["/quay-story?page=2"] = part(2, name="Sable")
    assert site.crawl().returncode == 0
    assert sorted(line["url"].rsplit("/", 1)[-1] for line in site.lines()) == ["Calder", "quay-story"]
    assert "/Varn" not in site.server.asked
    assert all("Sable" not in line["text"] for line in site.lines())
    assert site.report()["counts"]["read/other-page"] == 1


def test_a_loop_and_a_page_that_is_the_first_again_end(site: Site) -> None:
    announce(site, "/loop")
    page = part(1, '<link rel="next" href="/loop?page=2">', links='<a href="/loop?page=3">3</a>')
    site.server.pages["/loop"] = site.server.pages["/loop?page=2"] = page
    assert site.crawl().returncode == 0
    (line,) = site.lines()
    assert line["text"].split("\n\n") == texts(1)
    assert site.server.asked.count("/loop?page=2") == 1 and "/loop?page=3" not in site.server.asked


@pytest.mark.parametrize(
    "path", ["/amp/quay-1", "/quay-1/amp", "/quay-1?outputType=amp", "/quay-1?print=1", "/quay-1?page=2"]
)
def test_the_canonical_page_is_read_in_place_of_its_twin(site: Site, path: str) -> None:
    announce(site, path, "/other-1/amp", "/other-1")
    canonical = '<link rel="canonical" href="/{}">'
    site.server.pages[path] = part(2, canonical.format("quay-1"))
    site.server.pages["/quay-1"] = story_page("Calder", canonical.format("quay-1"))
    site.server.pages["/other-1/amp"] = part(3, canonical.format("other-1"), "Varn")
    site.server.pages["/other-1"] = story_page("Varn", '<link rel="amphtml" href="/other-1/amp">')
    assert site.crawl().returncode == 0
    lines = {line["url"].rsplit("/", 1)[-1]: line for line in site.lines()}
    assert sorted(lines) == ["other-1", "quay-1"]
    assert all(line["text"].startswith("SEOUL, Nov. 23 (Yonhap)") for line in lines.values())
    assert site.server.asked.count("/quay-1") == site.server.asked.count("/other-1") == 1
    assert site.crawl().returncode == 0
    assert len(site.lines()) == 2


def test_a_twin_whose_canonical_page_fails_is_read_itself(site: Site) -> None:
    announce(site, "/quay-1/amp", "/quay-2/amp")
    site.server.pages["/quay-1/amp"] = story_page("Calder", '<link rel="canonical" href="/quay-1">')
    site.server.pages["/quay-2/amp"] = story_page(
        "Varn", '<link rel="canonical" href="http://elsewhere.example/quay-2">'
    )
    assert site.crawl().returncode == 0
    lines = {line["url"].rsplit("/", 2)[-2]: line for line in site.lines()}
    assert sorted(lines) == ["quay-1", "quay-2"]
    assert lines["quay-1"]["canonical_url"].endswith("/quay-1")
    assert lines["quay-2"]["canonical_url"].endswith("/quay-2/amp")


def test_a_twin_is_read_where_scripts_fill_the_canonical_page(site: Site) -> None:
    announce(site, "/quay-1/amp")
    site.server.pages["/quay-1/amp"] = story_page("Calder", '<link rel="canonical" href="/quay-1">')
    site.server.pages["/quay-1"] = (
        "<html><head><title>Calder widens its quay</title></head><body><div id=app></div></body></html>"
    )
    assert site.crawl().returncode == 0
    (line,) = site.lines()
    assert line["text"].startswith("SEOUL, Nov. 23 (Yonhap)") and line["canonical_url"].endswith("/quay-1")


def test_numbers_of_stories_are_no_page_numbers(site: Site) -> None:
    announce(site, "/view?p=45", "/view?p=46", "/view?p=47")
    for n, name in ((45, "Calder"), (46, "Varn"), (47, "Linden")):
        site.server.pages[f"/view?p={n}"] = story_page(name).replace(
            "</article>", '<a rel="next" href="/view?p=46">next</a></article>'
        )
    assert site.crawl().returncode == 0
    assert sorted(line["headline"].split()[0] for line in site.lines()) == ["Calder", "Linden", "Varn"]
    assert site.server.asked.count("/view?p=46") == 1
