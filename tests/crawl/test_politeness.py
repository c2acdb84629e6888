"""Politeness as the server sees it: real crawls on loopback, judged by the server's log of arrivals."""

from __future__ import annotations

import functools
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from email.utils import formatdate
from statistics import median

import orjson
import pytest

from newscrawl.politeness.robots import TIMEOUT_SECONDS
from tests.conftest import LocalServer, Reply, Site, needs_real_clock, story_page

SECTION = '[[source]]\nkind = "section"\nurl = "{base}/list"\nlinks = "h3 > a"\n'
TOWNS = ["Calder", "Linden", "Varn"]
LATE = 0.002  # seconds by which the server's threads usually log an arrival late; on a busy machine it may be more


def keeps_delay(gaps: list[float], delay: float) -> bool:
    """Whether the gaps between arrivals show a delay: the median all of it, the shortest at least half of it."""
    return median(gaps) >= delay - LATE and min(gaps) >= delay / 2


def serve(server: LocalServer, towns: list[str] | None = None) -> None:
    towns = towns or TOWNS
    server.pages["/list"] = "".join(f'<h3><a href="/{town}">{town}</a></h3>' for town in towns)
    for town in towns:
        server.pages[f"/{town}"] = story_page(town)


def robots(text: str | bytes, status: int = 200, **headers: str) -> Reply:
    return Reply(text, status, "text/plain", {name.replace("_", "-"): value for name, value in headers.items()})


def to(url: str) -> Reply:
    return Reply("", 302, headers={"Location": url})


@pytest.fixture
def more_servers() -> Iterator[Callable[[], LocalServer]]:
    with ExitStack() as stack:

        def start() -> LocalServer:
            running = stack.enter_context(LocalServer())
            threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
            stack.callback(running.shutdown)
            return running

        yield start


HANGS_SECONDS = TIMEOUT_SECONDS + 110
ROBOTS = {
    # the answer for robots.txt -> what comes of the source
    "404": (Reply("no", 404), "crawled"),
    "401": (Reply("no", 401), "crawled"),
    "403": (Reply("no", 403), "crawled"),
    "empty": (robots(""), "crawled"),
    "HTML": (Reply(story_page("Robots")), "crawled"),
    "gzip that is none": (robots(b"junk", Content_Encoding="gzip"), "crawled"),
    "too much": (robots("User-agent: *\nDisallow: /x\n" + "# more\n" * 200_000 + "Disallow: /\n"), "crawled"),
    "six redirects": (to("{deny}/6"), "crawled"),
    "all forbidden": (robots("User-agent: *\nDisallow: /\n"), "robots-forbidden"),
    "with a byte order mark": (robots(b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /list\r\n"), "robots-forbidden"),
    "five redirects to another host": (to("{deny}/5"), "robots-forbidden"),
    "500": (Reply("boom", 500), "robots-unreachable"),
    "429": (Reply("slow", 429, headers={"Retry-After": "0"}), "robots-unreachable"),
    "closed connection": (Reply(is_dropped=True), "robots-unreachable"),
    "redirect to a private address": (to("http://127.0.0.2/robots.txt"), "robots-unreachable"),
    "redirect to a file": (to("{deny}/file"), "crawled"),  # says nothing: a 3xx that leads nowhere
    "hang": (Reply("late", wait_seconds=HANGS_SECONDS), "robots-unreachable"),
}


def test_what_robots_txt_answers(site: Site, more_servers: Callable[[], LocalServer]) -> None:
    """One crawl of a site with a source for each answer, each on a server of its own."""
    deny = site.server
    deny.pages |= {f"/{n}": to(f"/{n - 1}") for n in range(1, 7)}
    deny.pages["/1"] = robots("User-agent: *\nDisallow: /\n")  # /5 leads to it in four steps more
    deny.pages["/file"] = to("file:///etc/hostname")
    servers = {name: more_servers() for name in ROBOTS}
    for name, server in servers.items():
        serve(server, ["Calder"])
        reply = ROBOTS[name][0]
        location = reply.headers.get("Location", "")
        server.pages["/robots.txt"] = to(location.replace("{deny}", deny.base)) if location else reply
    site.write("".join(SECTION.replace("{base}", server.base) for server in servers.values()))
    hosts = ",".join(server.host for server in (deny, *servers.values()))
    started = time.monotonic()
    site.crawl("-s", f"NEWSCRAWL_ALLOWED_PRIVATE_HOSTS={hosts}")
    assert time.monotonic() - started < HANGS_SECONDS, "the crawl ends before the answer that hangs can come"
    crawled = {name for name, server in servers.items() if server.asked[:2] == ["/robots.txt", "/list"]}
    assert crawled == {name for name, (_, outcome) in ROBOTS.items() if outcome == "crawled"}
    others = {name: server.asked for name, server in servers.items() if name not in crawled}
    assert all(set(asked) == {"/robots.txt"} for asked in others.values()), others
    counts = site.report()["counts"]
    for outcome in ("robots-forbidden", "robots-unreachable"):
        assert counts[f"source/{outcome}"] == [what for _, what in ROBOTS.values()].count(outcome)


def age_cache(site: Site, hours: float) -> None:
    (path,) = (site.output / "state" / "hosts").glob("*.robots.json")
    kept = orjson.loads(path.read_bytes())
    path.write_bytes(orjson.dumps(kept | {"fetched_at": kept["fetched_at"] - hours * 3600}))


def test_robots_txt_is_kept_for_a_day_asked_again_with_its_validators_and_outlives_an_outage(site: Site) -> None:
    site.write(SECTION)
    serve(site.server)
    site.server.pages["/robots.txt"] = robots("User-agent: *\nDisallow: /Varn\n", ETag='"v1"')
    site.crawl()
    site.crawl()
    assert site.server.asked.count("/robots.txt") == 1, "the second run uses the first one's"
    files = list((site.output / "state" / "hosts").iterdir())
    assert sorted(path.suffix for path in files) == [".json", ".lock", ".times"]
    assert sum(path.stat().st_size for path in files) < 1000
    age_cache(site, 25)
    site.server.pages["/robots.txt"] = Reply("", 304)
    site.crawl()
    asked = [arrival for arrival in site.server.arrivals if arrival.path == "/robots.txt"]
    assert len(asked) == 2 and asked[1].headers["If-None-Match"] == '"v1"'
    age_cache(site, 25)
    site.server.pages["/robots.txt"] = Reply("boom", 500)
    site.server.asked.clear()
    site.crawl()
    assert site.server.asked[:2] == ["/robots.txt", "/list"] and site.report()["counts"]["robots/stale"] == 1
    assert "/Varn" not in site.server.asked and len(site.lines()) == 2


DELAYS = {
    # robots.txt, site file's delay, settings -> seconds between two requests
    "request-rate is slower than crawl-delay": ("Crawl-delay: 0.1\nRequest-rate: 4/1", 0, (), 0.25),
    "capped, still slower than the site file": (
        "Crawl-delay: 3600",
        0.1,
        ("-s", "NEWSCRAWL_MAX_CRAWL_DELAY_SECONDS=0.2"),
        0.2,
    ),
}


@pytest.mark.parametrize("name", DELAYS)
def test_no_request_comes_earlier_than_allowed(site: Site, name: str) -> None:
    """robots.txt, list, stories, redirects and retries, from four slots at once."""
    line, site_delay, options, interval = DELAYS[name]
    site.write(SECTION)
    file = site.folder / "sites" / "gazette.toml"
    file.write_text(file.read_text().replace("delay_seconds = 0\n", f"delay_seconds = {site_delay}\n"))
    serve(site.server, [*TOWNS, "Sable"])
    site.server.pages["/robots.txt"] = robots(f"User-agent: newscrawl\n{line}\n")
    site.server.pages["/Calder"] = to("/Ostrava")
    site.server.pages["/Ostrava"] = story_page("Ostrava")
    site.server.pages["/Linden"] = [Reply("boom", 500), story_page("Linden")]
    site.server.pages["/Sable"] = [Reply(is_dropped=True), Reply(story_page("Sable"), wait_seconds=0.1)]
    site.crawl(*options)
    assert len(site.lines()) == 4 and len(site.server.arrivals) == 9
    assert keeps_delay(site.server.gaps(), interval), site.server.gaps()


def test_no_more_requests_are_under_way_than_allowed(site: Site) -> None:
    site.write(SECTION)
    towns = [f"Port{n}" for n in range(12)]
    serve(site.server, towns)
    for town in towns:
        site.server.pages[f"/{town}"] = Reply(story_page(town), wait_seconds=0.1)
    site.crawl("-s", "CONCURRENT_REQUESTS_PER_DOMAIN=3")
    assert len(site.lines()) == 12 and max(len(arrival.agents) for arrival in site.server.arrivals) == 3


def test_retry_after_holds_the_whole_host_and_errors_back_off(site: Site) -> None:
    site.write(SECTION)
    serve(site.server, [*TOWNS, "Sable"])
    site.server.pages["/list"] = [Reply("busy", 503, headers={"Retry-After": "1"}), str(site.server.pages["/list"])]
    site.server.pages["/Varn"] = [Reply("boom", 500), Reply("boom", 502), story_page("Varn")]
    site.server.pages["/Sable"] = Reply(is_dropped=True)
    done = site.crawl("-s", "RETRY_TIMES=2", "-s", "NEWSCRAWL_BACKOFF_SECONDS=0.3")
    assert len(site.lines()) == 3 and site.server.asked.count("/Sable") == 3
    assert "Story" in done.stderr and "UnboundLocalError" not in done.stderr
    lists, varn = ([a.at for a in site.server.arrivals if a.path == path] for path in ("/list", "/Varn"))
    assert len(lists) == 2 and lists[1] - lists[0] >= 1 - LATE
    assert varn[1] - varn[0] >= 0.3 - LATE and varn[2] - varn[1] >= 0.6 - LATE
    counts = site.report()["counts"]
    assert (counts["error/http-503"], counts["error/http-500"], counts["error/http-502"]) == (1, 1, 1)
    assert (counts["error/connection"], counts["story/failed"]) == (3, 1)


@needs_real_clock
def test_a_date_as_retry_after_holds_all_requests_to_the_host(site: Site) -> None:
    site.write(SECTION)
    serve(site.server, [*TOWNS, "Sable", "Ostrava", "Brig"])
    until: list[int] = []

    def answer(town: str) -> Reply:
        """Whichever story is asked for first is refused."""
        if until:
            return Reply(story_page(town))
        until.append(int(time.time()) + 3)
        return Reply("slow down", 429, headers={"Retry-After": formatdate(until[0], usegmt=True)})

    for town in [*TOWNS, "Sable", "Ostrava", "Brig"]:
        site.server.pages[f"/{town}"] = functools.partial(answer, town)
    site.crawl("-s", "CONCURRENT_REQUESTS_PER_DOMAIN=1")
    later = [arrival.at for arrival in site.server.arrivals][3:]  # robots.txt, the list, the refused story
    assert len(site.lines()) == 6 and len(later) == 6
    assert min(later) >= until[0] - (time.time() - time.monotonic()) - LATE


def test_a_long_retry_after_puts_the_host_aside_for_this_run_and_the_next(site: Site) -> None:
    site.write(SECTION)
    serve(site.server)
    site.server.pages["/list"] = Reply("slow down", 429, headers={"Retry-After": "3600"})
    site.crawl()
    assert site.server.asked == ["/robots.txt", "/list"]
    assert site.report()["counts"]["source/failed/put-aside"] == 1
    done = site.crawl()
    assert site.server.asked == ["/robots.txt", "/list"], "not one request more"
    assert "put aside until" in done.stderr and "http-429" in done.stderr


def test_a_host_that_goes_on_refusing_is_put_aside(site: Site) -> None:
    site.write(SECTION)
    serve(site.server, [f"Port{n}" for n in range(40)])
    for n in range(40):
        site.server.pages[f"/Port{n}"] = Reply("slow down", 429)
    site.crawl()
    assert len(site.server.asked) <= 2 + 10 + 4, "ten refusals in a row, and those under way"


def two_sites(site: Site, delay: float) -> list[subprocess.Popen[str]]:
    """Two sites on one host, crawled at once by two processes; their User-Agents tell them apart."""
    names = ("gazette", "courier")
    for name in names:
        site.write(SECTION.replace("/list", f"/{name}"), name)
        file = site.folder / "sites" / f"{name}.toml"
        file.write_text(file.read_text().replace("delay_seconds = 0\n", f"delay_seconds = {delay}\n"))
        towns = [f"{name}{n}" for n in range(5)]
        site.server.pages[f"/{name}"] = "".join(f'<h3><a href="/{town}">{town}</a></h3>' for town in towns)
        for town in towns:
            site.server.pages[f"/{town}"] = Reply(story_page(town), wait_seconds=0.05)
    return [
        subprocess.Popen(
            site.command("crawl", name, "-s", f"NEWSCRAWL_CONTACT=https://{name}.example"),
            cwd=site.folder,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in names
    ]


@pytest.mark.parametrize("delay", [0, 0.15])
def test_one_host_is_never_asked_by_two_processes_at_once(site: Site, delay: float) -> None:
    for process in two_sites(site, delay):
        _, log = process.communicate(timeout=120)
        assert process.returncode == 0, log
    assert len(site.lines("gazette")) == len(site.lines("courier")) == 5
    assert all(len(set(arrival.agents)) == 1 for arrival in site.server.arrivals)
    agents = [arrival.headers["User-Agent"] for arrival in site.server.arrivals]
    assert len(set(agents)) == 2
    if delay:
        assert keeps_delay(site.server.gaps(), delay), site.server.gaps()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)


def test_a_killed_crawl_leaves_its_host_free(site: Site) -> None:
    site.write(SECTION)
    site.write(SECTION.replace("/list", "/list2"), "courier")
    serve(site.server)
    site.server.pages["/list"] = Reply("late", wait_seconds=90)
    site.server.pages["/list2"] = '<h3><a href="/Varn">x</a></h3>'
    first = subprocess.Popen(site.command("crawl", "gazette"), cwd=site.folder, stderr=subprocess.DEVNULL)
    wait_for(lambda: "/list" in site.server.asked)
    first.send_signal(signal.SIGKILL)
    first.wait()
    started = time.monotonic()
    assert site.run("crawl", "courier").returncode == 0
    assert len(site.lines("courier")) == 1 and time.monotonic() - started < 90


def test_a_signal_ends_a_crawl_that_waits_for_its_turn(site: Site) -> None:
    site.write(SECTION)
    serve(site.server)
    site.server.pages["/robots.txt"] = robots("User-agent: *\nCrawl-delay: 30\n")
    process = subprocess.Popen(site.command("crawl", "gazette"), cwd=site.folder, stderr=subprocess.DEVNULL)
    wait_for(lambda: "/robots.txt" in site.server.asked)
    time.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 11
    assert site.server.asked == ["/robots.txt"]


CHALLENGE = (
    "<html><head><title>Just a moment...</title></head><body><script>window._cf_chl_opt={}</script></body></html>"
)


def test_block_pages_are_counted_and_never_written(site: Site) -> None:
    site.write(SECTION + SECTION.replace("/list", "/list2") + SECTION.replace("/list", "/list3"))
    serve(site.server, ["Calder", "Linden", "Varn", "Sable", "Ostrava", "Brig/a/b"])
    site.server.pages["/list2"] = CHALLENGE
    site.server.pages["/list3"] = Reply("no", 403)
    site.server.pages["/Calder"] = Reply(CHALLENGE, 403)
    site.server.pages["/Linden"] = CHALLENGE
    site.server.pages["/Varn"] = "<html><head><title>Page not found - The Gazette</title></head><body><p>Sorry.</p>"
    site.server.pages["/Sable"] = Reply("", 202)
    site.server.pages["/Brig/a/b"] = to("/")
    site.server.pages["/"] = "<html><head><title>The Gazette</title></head><body><h2>Quay</h2></body></html>"
    site.crawl()
    assert [line["headline"] for line in site.lines()] == ["Ostrava widens its quay"]
    counts = site.report()["counts"]
    found = {key: count for key, count in counts.items() if key.startswith("blocked/")}
    assert found == {"blocked/cloudflare": 3, "blocked/soft-404": 2, "blocked/http-202": 1, "blocked/http-403": 1}
    assert counts["source/blocked"] == 2 and counts["story/blocked"] == 5
