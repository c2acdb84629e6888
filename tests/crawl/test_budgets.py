"""Traps end by themselves with a counted reason, beside a healthy source whose stories all come."""

from __future__ import annotations

import hashlib
import re
import signal
import subprocess
from pathlib import Path

from tests.conftest import Reply, Site, story_page
from tests.crawl.test_only_new import SECTION, SITEMAP, crawl, links, wait_for_asked

TRAP = '[[source]]\nkind = "{kind}"\nurl = "{{base}}/{path}"\n'
LIST = 'links = "h3 > a"\nnext = "a.next"\nmax_pages = 100000\n'


def trap(path: str, kind: str = "section") -> str:
    return TRAP.replace("{kind}", kind).replace("{path}", path).replace("{{base}}", "{base}") + (
        LIST if kind == "section" else ""
    )


def number(path: str) -> int:
    found = re.search(r"(\d+)$", path)
    return int(found[1]) if found else 0


def calendar(path: str) -> str:
    """A month that links to its days, none of which has a story, and to the next month."""
    n = number(path)
    days = "".join(f'<h3><a href="/calendar/day/{n}-{day}">{day}</a></h3>' for day in range(1, 6))
    return (
        "<p>Nothing on this day.</p>" if "/day/" in path else f'{days}<a class=next href="/calendar/{n + 1}">next</a>'
    )


def endless(path: str) -> str:
    return f'{links(["Varn", "Linden"])}<a class=next href="/endless/{number(path) + 1}">older</a>'


def sessions(path: str) -> str:
    """The same page of the same two stories, under another session id in every link."""
    token = hashlib.sha256(path.encode()).hexdigest()
    if "/story/" in path:
        return story_page("Sable" if "/story/1" in path else "Calder")
    stories = "".join(f'<h3><a href="/session/story/{n}?visit={token}">{n}</a></h3>' for n in (1, 2))
    return f'{stories}<a class=next href="/session/list?visit={token}">next</a>'


def deeper(path: str) -> str:
    return f'<h3><a href="{path}a/story">x</a></h3><a class=next href="{path}a/">deeper</a>'


def looping_index(path: str) -> Reply:
    n = number(path)
    entries = "".join(f"<sitemap><loc>{{base}}/loop?n={n * 2 + i}</loc></sitemap>" for i in (1, 2))
    return Reply(f"<sitemapindex>{entries}</sitemapindex>", kind="application/xml")


def test_traps_end_by_themselves_with_a_reason_and_cost_no_other_source_a_story(site: Site) -> None:
    site.write(
        trap("calendar/1")
        + trap("endless/1")
        + trap("session/list")
        + trap("deep/")
        + trap("loop?n=0", "news-sitemap")
        + SECTION
    )
    site.server.traps = {
        "/calendar/": calendar, "/endless/": endless, "/session/": sessions, "/deep/": deeper,
        "/loop": lambda path: Reply(str(looping_index(path).body).replace("{base}", site.server.base), kind="application/xml"),
    }  # fmt: skip
    names = [f"Port{n}" for n in range(30)]
    site.server.pages["/list"] = links(names)
    for name in [*names, "Varn", "Linden"]:
        site.server.pages[f"/{name}"] = story_page(name)
    asked = crawl(site, "-s", "NEWSCRAWL_MAX_PAGES_WITHOUT_NEWS=20", "-s", "RETRY_TIMES=0")
    counts = site.report()["counts"]
    assert {key: value for key, value in counts.items() if key.startswith("budget/")} == {
        "budget/no-new-story": 2,  # the calendar, the sessions
        "budget/no-new-links": 1,  # the endless list
        "budget/growing-path": 2,  # a story's URL and the next list page's
        "budget/depth": 4,  # of 2 + 4 sitemaps below the first
    }
    assert len(asked) < 250
    found = {line["headline"].split()[0] for line in site.lines()}
    assert found >= {*names, "Varn", "Linden", "Sable", "Calder"}
    assert len(site.lines()) == len(found)
    again = crawl(site, "-s", "NEWSCRAWL_MAX_PAGES_WITHOUT_NEWS=20", "-s", "RETRY_TIMES=0")
    assert not [path for path in again if path.startswith("/calendar/") and path != "/calendar/1"]
    assert len(again) < len(asked) / 2, "a trap that was met is left at its first page"


def test_a_budget_of_stories_ends_a_run_and_the_next_goes_on(site: Site) -> None:
    site.write(SECTION)
    names = [f"Port{n}" for n in range(10)]
    site.server.pages["/list"] = links(names)
    for name in names:
        site.server.pages[f"/{name}"] = story_page(name)
    crawl(site, "-s", "NEWSCRAWL_MAX_STORIES_PER_RUN=6")
    assert len(site.lines()) == 6 and site.report()["counts"]["budget/stories"] == 1
    crawl(site, "-s", "NEWSCRAWL_MAX_STORIES_PER_RUN=6")
    assert len(site.lines()) == 10


def peak_kib(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+)", status)
    assert found is not None
    return int(found[1])


def test_a_sitemap_of_fifty_thousand_streams(site: Site) -> None:
    """The first stories are asked for while the rest is still unread; memory is the document's, not the requests'."""
    site.write(SITEMAP)
    urls = "".join(f"<url><loc>{site.server.base}/s/{n}</loc></url>" for n in range(60_000))
    site.server.pages["/map.xml"] = Reply(f"<urlset>{urls}</urlset>", kind="application/xml")
    site.server.traps = {"/s/": lambda path: story_page(f"Port{number(path)}")}
    process = subprocess.Popen(
        site.command("crawl", "gazette"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=site.folder
    )
    wait_for_asked(site, 60)
    peak = peak_kib(process.pid)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 11
    at = {asked.path: asked.at for asked in site.server.log}
    assert at["/s/0"] - at["/map.xml"] < 3.0, "0.1 s on an idle machine"
    assert peak < 200_000
    assert len(site.server.asked) < 2_000, "a stopped run does not go on through the list"
