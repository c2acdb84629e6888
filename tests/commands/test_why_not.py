"""`scrapy why-not`: what keeps a URL from being fetched, from what a real crawl left behind."""

from __future__ import annotations

import json

import pytest

from newscrawl.security.address import AllowedHosts
from newscrawl.tools.reports.why_not import Policy, why_not
from tests.conftest import LocalServer, Reply, Site, story_page

SITE = 'story_url = [\'/story/\', \'/list$\']\n[[source]]\nkind = "section"\nurl = "{base}/list"\nlinks = "h3 > a"\n'
ROBOTS = "User-agent: *\nDisallow: /\n\nUser-agent: newscrawl\nAllow: /story\nDisallow: /story/private # members\nCrawl-delay: 0.2\nDisallow: /x\n"


def serve(server: LocalServer) -> None:
    server.pages["/list"] = '<h3><a href="/story/Varn">x</a></h3>'
    server.pages["/story/Varn"] = story_page("Varn")
    server.pages["/robots.txt"] = Reply(ROBOTS, kind="text/plain")


def ask(site: Site, path: str) -> dict[str, tuple[str, str]]:
    """Check -> verdict and detail, as the command asks for them."""
    policy = Policy(
        output=site.output,
        sites_dir=str(site.folder / "sites"),
        allowed=AllowedHosts.parse([site.server.host]),
        obeys_robots=True,
        agent="newscrawl",
        default_delay=1.0,
        max_crawl_delay=60.0,
        max_retry_after=300.0,
    )
    found = why_not(path if ":" in path else site.server.base + path, policy)
    return {finding.check: (finding.verdict, finding.detail) for finding in found}


def test_each_rule_that_keeps_a_url_from_being_fetched(site: Site) -> None:
    site.write(SITE)
    serve(site.server)
    assert ask(site, "/story/Varn")["robots.txt"][0] == "unknown" and site.server.asked == []
    done = site.run("why-not", site.server.base + "/story/private/1", "--fetch", "--json")
    assert site.server.asked == ["/robots.txt"]
    answer = json.loads(done.stdout)
    (finding,) = [finding for finding in answer["findings"] if finding["check"] == "robots.txt"]
    assert answer["may_be_fetched"] is False and finding["verdict"] == "stops"
    assert finding["detail"].startswith("forbidden: line 6 (Disallow: /story/private # members)")
    assert site.crawl().returncode == 0
    asked = len(site.server.asked)
    found = ask(site, "/story/Varn")
    assert "allowed: line 5 (Allow: /story)" in found["robots.txt"][1]
    assert "0.2 s between two requests (site file 0 s, robots.txt asks for 0.2 s)" in found["host"][1]
    assert found["known"][1].startswith("known as gazette:")
    verdict, detail = found["visit"]
    assert verdict == "waits" and "last looked at" in detail and "again at" in detail
    assert ask(site, "/story/Calder")["known"][1].startswith("not known")
    assert ask(site, "/story/Calder")["visit"] == ("passes", "never looked at")
    assert ask(site, "/about")["story-url"][0] == "stops"
    assert ask(site, "/story/a/a/a/a/a")["budget"][0] == "stops" and found["budget"][0] == "passes"
    assert ask(site, "/list")["story-url"] == ("passes", "it is a source of the site (section)")
    assert len(site.server.asked) == asked, "none of these asked the site anything"


@pytest.mark.parametrize(
    ("url", "reason"),
    [("file:///etc/hostname", "not-http"), ("http://10.0.0.1/", "private"), ("http://u@h.example/", "userinfo")],
)
def test_urls_that_no_crawl_would_ask_for(site: Site, url: str, reason: str) -> None:
    site.write(SITE)
    assert (
        ask(site, url)["url"] == ("stops", ask(site, url)["url"][1])
        and f"refused ({reason})" in ask(site, url)["url"][1]
    )


def test_urls_on_no_site_and_on_one_that_cannot_be_crawled(site: Site) -> None:
    site.write('blocked = "behind a login"\n' + SITE)
    assert ask(site, "http://elsewhere.example/story/1")["site"][0] == "stops"
    assert "behind a login" in ask(site, "/story/Varn")["blocked"][1]


def test_a_host_that_asked_to_be_left_alone_and_robots_txt_that_cannot_be_read(site: Site) -> None:
    site.write(SITE)
    serve(site.server)
    site.server.pages["/list"] = Reply("slow down", 429, headers={"Retry-After": "3600"})
    site.crawl()
    verdict, detail = ask(site, "/story/Varn")["host"]
    assert verdict == "stops" and "http-429" in detail
    for path in (site.output / "state" / "hosts").iterdir():
        path.unlink()
    site.server.pages["/robots.txt"] = Reply("boom", 500)
    done = site.run("why-not", site.server.base + "/story/Varn", "--fetch")
    assert "stops    robots.txt  cannot be read (http-500)" in done.stdout
    assert "it is not fetched now: robots.txt" in done.stdout


def test_wrong_use(site: Site) -> None:
    site.write(SITE)
    assert site.run("why-not", "--all", "x").returncode == 2
