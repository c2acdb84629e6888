"""`scrapy why-not`: what keeps a URL from being fetched, from what a real crawl left behind."""

from __future__ import annotations

import json
from typing import Any

from tests.conftest import LocalServer, Reply, Site, story_page

SITE = 'story_url = [\'/story/\', \'/list$\']\n[[source]]\nkind = "section"\nurl = "{base}/list"\nlinks = "h3 > a"\n'
ROBOTS = "User-agent: *\nDisallow: /\n\nUser-agent: newscrawl\nAllow: /story\nDisallow: /story/private # members\nCrawl-delay: 0.2\nDisallow: /x\n"


def serve(server: LocalServer) -> None:
    server.pages["/list"] = '<h3><a href="/story/Varn">x</a></h3>'
    server.pages["/story/Varn"] = story_page("Varn")
    server.pages["/robots.txt"] = Reply(ROBOTS, kind="text/plain")


def ask(site: Site, path: str, *options: str) -> tuple[bool | None, dict[str, tuple[str, str]]]:
    """(the answer, check -> verdict and detail)."""
    url = path if "://" in path or ":" in path else site.server.base + path
    done = site.run("why-not", url, "--json", *options)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer["may_be_fetched"], {f["check"]: (f["verdict"], f["detail"]) for f in answer["findings"]}


def test_each_rule_that_keeps_a_url_from_being_fetched(site: Site) -> None:
    site.write(SITE)
    serve(site.server)
    may, found = ask(site, "/story/Varn")
    assert may is None and found["robots.txt"][0] == "unknown" and site.server.asked == []
    may, found = ask(site, "/story/private/1", "--fetch")
    assert may is False and site.server.asked == ["/robots.txt"]
    assert found["robots.txt"][1].startswith("forbidden: line 6 (Disallow: /story/private # members)")
    assert site.crawl().returncode == 0
    asked = len(site.server.asked)
    _, found = ask(site, "/story/Varn")
    assert "allowed: line 5 (Allow: /story)" in found["robots.txt"][1]
    assert "0.2 s between two requests (site file 0 s, robots.txt asks for 0.2 s)" in found["host"][1]
    assert found["known"][1].startswith("known as gazette:")
    assert ask(site, "/story/Calder")[1]["known"][1].startswith("not known")
    assert ask(site, "/about")[1]["story-url"][0] == "stops"
    assert ask(site, "/list")[1]["story-url"] == ("passes", "it is a source of the site (section)")
    assert len(site.server.asked) == asked, "none of these asked the site anything"


def test_urls_that_no_crawl_would_ask_for(site: Site) -> None:
    site.write(SITE)
    for url, reason in (
        ("file:///etc/hostname", "not-http"),
        ("http://10.0.0.1/", "private"),
        ("http://u@h.example/", "userinfo"),
    ):
        may, found = ask(site, url)
        assert may is False and f"refused ({reason})" in found["url"][1]
    may, found = ask(site, "http://elsewhere.example/story/1")
    assert may is False and found["site"][0] == "stops"
    site.write('blocked = "behind a login"\n' + SITE)
    assert "behind a login" in ask(site, "/story/Varn")[1]["blocked"][1]


def test_a_host_that_asked_to_be_left_alone_and_robots_txt_that_cannot_be_read(site: Site) -> None:
    site.write(SITE)
    serve(site.server)
    site.server.pages["/list"] = Reply("slow down", 429, headers={"Retry-After": "3600"})
    site.crawl()
    may, found = ask(site, "/story/Varn")
    assert may is False and found["host"][0] == "stops" and "http-429" in found["host"][1]
    for path in (site.output / "state" / "hosts").iterdir():
        path.unlink()
    site.server.pages["/robots.txt"] = Reply("boom", 500)
    done = site.run("why-not", site.server.base + "/story/Varn", "--fetch")
    assert "stops    robots.txt  cannot be read (http-500)" in done.stdout
    assert "it is not fetched now: robots.txt" in done.stdout
    assert site.run("why-not").returncode == 2 and site.run("why-not", "--all", "x").returncode == 2
