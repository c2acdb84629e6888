"""robots.txt by RFC 9309, as function calls."""

from __future__ import annotations

from pathlib import Path

import pytest

from newscrawl.politeness.robots import (
    MAX_BYTES,
    RobotsAnswer,
    RobotsCopy,
    Rules,
    redirect_target,
    resolve_robots,
    robots_site,
    text_of,
)
from newscrawl.storage.robots_cache import RobotsCache
from tests.cost import at_most

BASE = "https://gazette.example"

ALLOWED = {
    "no rules": (b"", "/a"),
    "empty disallow": (b"User-agent: *\nDisallow:\n", "/a"),
    "another's group": (b"User-agent: otherbot\nDisallow: /\n", "/a"),
    "part of our name": (b"User-agent: news\nDisallow: /\n", "/a"),
    "our name is part of it": (b"User-agent: newscrawler\nDisallow: /\n", "/a"),
    "our group, not everybody's": (b"User-agent: *\nDisallow: /\nUser-agent: newscrawl\nDisallow: /b\n", "/a"),
    "longer allow": (b"User-agent: *\nDisallow: /a\nAllow: /a/b\n", "/a/b/c"),
    "equal length, allow wins": (b"User-agent: *\nDisallow: /a\nAllow: /a\n", "/a"),
    "end of URL": (b"User-agent: *\nDisallow: /*.pdf$\n", "/a.pdf.html"),
    "robots.txt itself": (b"User-agent: *\nDisallow: /\n", "/robots.txt"),
    "rule before any agent": (b"Disallow: /\nUser-agent: otherbot\nDisallow: /b\n", "/a"),
    "case of a path": (b"User-agent: *\nDisallow: /A\n", "/a"),
    "HTML": (b"<!doctype html><html><body><p>User-agent: we have none\nNothing here</p></body></html>", "/a"),
    "comment": (b"User-agent: *\n#Disallow: /\n", "/a"),
    "a line cut at the limit": (b"User-agent: *\n" + b"#" * (MAX_BYTES - 14 - 11 - 1) + b"\nDisallow: /private", "/a"),
    "behind the limit": (b"User-agent: *\n" + b"# comment\n" * 60_000 + b"Disallow: /\n", "/a"),
}
FORBIDDEN = {
    "everybody": (b"User-agent: *\nDisallow: /\n", "/a"),
    "our name in another case": (b"User-Agent: NewsCrawl\nDisallow: /a\n", "/a"),
    "our name with a version": (b"User-agent: newscrawl/2.0\nDisallow: /a\n", "/a"),
    "two agents, one group": (b"User-agent: x\nUser-agent: newscrawl\nDisallow: /a\n", "/a"),
    "groups of one name are one": (
        b"User-agent: newscrawl\nDisallow: /b\n\nUser-agent: newscrawl\nDisallow: /a\n",
        "/a",
    ),
    "longer disallow": (b"User-agent: *\nAllow: /a\nDisallow: /a/b\n", "/a/b/c"),
    "wildcard": (b"User-agent: *\nDisallow: /*?print=\n", "/a?print=1"),
    "byte order mark": (b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /a\r\n", "/a"),
    "UTF-16": ("User-agent: *\nDisallow: /a\n".encode("utf-16"), "/a"),
    "NUL bytes": (b"User-agent: *\n\0Disallow: /a\0\n", "/a"),
    "UTF-8 path": ("User-agent: *\nDisallow: /künste\n".encode(), "/k%C3%BCnste/x"),
    "Latin-1 path": ("User-agent: *\nDisallow: /künste\n".encode("latin-1"), "/k%FCnste/x"),
    "CR alone": (b"User-agent: *\rDisallow: /a\r", "/a"),
    "no space, capitals, comment": (b"USER-AGENT:*#all\nDISALLOW:/a#x\n", "/a"),
    "crawl-delay splits no group": (b"User-agent: x\nCrawl-delay: 1\nUser-agent: *\nDisallow: /a\n", "/a"),
    "before the limit": (b"User-agent: *\nDisallow: /a\n" + b"# comment\n" * 60_000, "/a"),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_allowed(name: str) -> None:
    body, path = ALLOWED[name]
    rules = Rules(body, "newscrawl")
    assert rules.allows(BASE + path)
    line = rules.deciding_line(BASE + path) if name != "robots.txt itself" else None
    assert line is None or line[1].lower().startswith("allow")


@pytest.mark.parametrize("name", FORBIDDEN)
def test_forbidden_by_a_line_that_can_be_named(name: str) -> None:
    body, path = FORBIDDEN[name]
    rules = Rules(body, "newscrawl")
    assert not rules.allows(BASE + path)
    line = rules.deciding_line(BASE + path)
    assert line is not None and line[1].lower().lstrip("\0").startswith("disallow")


def test_the_deciding_line_is_numbered_as_in_the_file() -> None:
    rules = Rules(b"# ours\nUser-agent: newscrawl\nDisallow: /a\nDisallow: /a/b # longer\n", "newscrawl")
    assert rules.deciding_line(BASE + "/a/b/c") == (4, "Disallow: /a/b # longer")
    assert rules.deciding_line(BASE + "/c") is None


DELAYS = {
    "none": (b"User-agent: *\nDisallow: /x\n", 0),
    "seconds": (b"User-agent: *\nCrawl-delay: 2.5\n", 2.5),
    "another's": (b"User-agent: otherbot\nCrawl-delay: 9\n", 0),
    "everybody's where we have a group": (
        b"User-agent: *\nCrawl-delay: 9\nDisallow: /y\nUser-agent: newscrawl\nDisallow: /x\n",
        0,
    ),
    "nonsense": (b"User-agent: *\nCrawl-delay: soon\n", 0),
    "negative": (b"User-agent: *\nCrawl-delay: -4\n", 0),
    "not finite": (b"User-agent: *\nCrawl-delay: inf\n", 0),
    "rate": (b"User-agent: *\nRequest-rate: 1/10\n", 10),
    "rate in minutes, with hours of the day": (b"User-agent: *\nRequest-rate: 6/1m 0600-0845\n", 10),
    "the larger of both": (b"User-agent: *\nCrawl-delay: 3\nRequest-rate: 1/2\n", 3),
}


@pytest.mark.parametrize("name", DELAYS)
def test_delay(name: str) -> None:
    body, seconds = DELAYS[name]
    assert Rules(body, "newscrawl").delay_seconds == seconds


def test_sitemaps() -> None:
    body = b"Sitemap: https://gazette.example/a.xml\nsitemap: /relative.xml\nSITEMAP: https://gazette.example/a.xml\nSitemap: file:///etc/x\nSitemap: http://other.example/b.xml"
    assert Rules(body, "newscrawl").sitemaps == ["https://gazette.example/a.xml", "http://other.example/b.xml"]


KNOWN = RobotsCopy(BASE, BASE + "/robots.txt", 200, 1000.0, '"e"', None, b"User-agent: *\nDisallow: /a\n")
SETTLED = {
    # answer, known copy, seconds since that copy -> unreachable, body of the copy
    "found": (RobotsAnswer("u", 200, b"x"), None, 0, None, b"x"),
    "empty": (RobotsAnswer("u", 204), None, 0, None, b""),
    "not there": (RobotsAnswer("u", 404, b"<h1>404"), None, 0, None, b""),
    "unauthorised": (RobotsAnswer("u", 401, b"x"), None, 0, None, b""),
    "forbidden": (RobotsAnswer("u", 403, b"x"), None, 0, None, b""),
    "gone, with a copy": (RobotsAnswer("u", 410), KNOWN, 90_000, None, b""),
    "redirect that leads nowhere": (RobotsAnswer("u", 302), None, 0, None, b""),
    "not modified": (RobotsAnswer("u", 304), KNOWN, 90_000, None, KNOWN.body),
    "server error, with a copy": (RobotsAnswer("u", 500), KNOWN, 90_000, None, KNOWN.body),
    "hang, with a copy": (RobotsAnswer("u", failure="timeout"), KNOWN, 90_000, None, KNOWN.body),
    "server error": (RobotsAnswer("u", 500, b"x"), None, 0, "http-500", None),
    "unavailable, with an old copy": (RobotsAnswer("u", 503), KNOWN, 31 * 86_400, "http-503", None),
    "too many requests": (RobotsAnswer("u", 429), None, 0, "http-429", None),
    "hang": (RobotsAnswer("u", failure="timeout"), None, 0, "timeout", None),
    "not modified, nothing known": (RobotsAnswer("u", 304), None, 0, "http-304", None),
    "odd status": (RobotsAnswer("u", 600), None, 0, "http-600", None),
}


@pytest.mark.parametrize("name", SETTLED)
def test_what_an_answer_means(name: str) -> None:
    answer, known, age, unreachable, body = SETTLED[name]
    settled = resolve_robots(answer, known, BASE, KNOWN.fetched_at + age)
    assert settled.unreachable == unreachable
    assert (settled.copy.body if settled.copy else None) == body


def test_a_copy_is_fresh_for_a_day_and_not_before_it_was_fetched() -> None:
    assert KNOWN.is_fresh(1000.0) and KNOWN.is_fresh(1000.0 + 86_399)
    assert not KNOWN.is_fresh(1000.0 + 86_400) and not KNOWN.is_fresh(999.0)


def test_redirects() -> None:
    assert redirect_target(301, BASE + "/robots.txt", "/x") == BASE + "/x"
    assert (
        redirect_target(308, BASE + "/robots.txt", "http://other.example/robots.txt")
        == "http://other.example/robots.txt"
    )
    for status, location in (
        (200, "/x"),
        (302, None),
        (302, ""),
        (302, "http://[::1"),
        (302, "file:///etc/x"),
        (304, "/x"),
    ):
        assert redirect_target(status, BASE + "/robots.txt", location) is None


def test_the_site_of_a_url_is_scheme_host_and_port() -> None:
    assert robots_site("https://a.example:8443/x?y") == "https://a.example:8443"


def test_the_cache_keeps_bytes_and_forgets_what_is_torn(tmp_path: Path) -> None:
    cache = RobotsCache(tmp_path)
    copy = RobotsCopy(BASE, BASE + "/robots.txt", 200, 12.5, '"x"', None, bytes(range(256)))
    assert cache.read(BASE) is None
    cache.keep(copy)
    assert cache.read(BASE) == copy and cache.read("https://other.example") is None
    path = cache.path(BASE)
    for torn in (path.read_bytes()[:40], b"", b"[]", b"{}", b'{"site": 3}'):
        path.write_bytes(torn)
        assert cache.read(BASE) is None


HOSTILE = {
    "many wildcards": b"User-agent: *\nDisallow: /" + b"*a" * 250_000,
    "many rules": b"User-agent: *\n" + b"Disallow: *a\n" * 40_000,
    "many agents": b"".join(b"User-agent: b%d\nDisallow: /\n" % n for n in range(17_000)),
    "long line": b"User-agent: " + b" " * 400_000 + b"x",
    "64 MB": b"User-agent: *\nDisallow: /a\n" * 2_400_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_cost_little(name: str) -> None:
    with at_most(800):
        rules = Rules(HOSTILE[name], "newscrawl")
        rules.allows(BASE + "/" + "a" * 2000)
    assert len(text_of(HOSTILE[name])) <= MAX_BYTES


@pytest.mark.parametrize(
    "between",
    ["Crawl-delay: 2", "Unknown-Line: x", "Content-Signal: ai-train=no", "Sitemap: https://a.example/s.xml", ""],
)
def test_only_a_rule_ends_a_list_of_user_agents(between: str) -> None:
    rules = Rules(f"User-agent: newscrawl\n{between}\nUser-agent: other\nDisallow: /p\n".encode(), "newscrawl")
    assert not rules.allows("https://a.example/p")
    assert rules.allows("https://a.example/q")
    assert rules.deciding_line("https://a.example/p") == (4, "Disallow: /p")


@pytest.mark.parametrize(
    ("value", "seconds"), [("1,5", 1.5), ("10s", 10.0), ("2.5 # slow", 2.5), ("3 seconds", 3.0), ("soon", 0.0)]
)
def test_a_crawl_delay_is_read_in_the_forms_in_use(value: str, seconds: float) -> None:
    assert Rules(f"User-agent: *\nCrawl-delay: {value}\nDisallow: /x\n".encode(), "newscrawl").delay_seconds == seconds


def test_the_deciding_line_agrees_with_the_decision() -> None:
    rules = Rules(b"User-agent: *\nDisallow: /\nUser-agent: newscrawl\nDisalow: /p\nAllow: /p/a\n", "newscrawl")
    assert rules.deciding_line("https://a.example/p/a") == (5, "Allow: /p/a")
    assert rules.allows("https://a.example/q") and rules.deciding_line("https://a.example/q") is None
    assert not rules.allows("https://a.example/p") and rules.deciding_line("https://a.example/p") == (4, "Disalow: /p")
