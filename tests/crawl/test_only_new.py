"""What a scheduled crawl asks for: only what is new, due or healed; measured by the log of a real server."""

from __future__ import annotations

import random
import subprocess
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.conftest import Reply, Site, story_page

HOUR, DAY = 3600, 86_400
SECTION = '[[source]]\nkind = "section"\nurl = "{base}/list"\nlinks = "h3 > a"\nnext = "a[rel=next]"\nmax_pages = 9\n'
FEED = '[[source]]\nkind = "rss"\nurl = "{base}/feed"\n'
SITEMAP = '[[source]]\nkind = "news-sitemap"\nurl = "{base}/map.xml"\n'


def links(names: list[str]) -> str:
    return "".join(f'<h3><a href="/{name}">{name}</a></h3>' for name in names)


def serve_list(site: Site, names: list[str], per_page: int = 20) -> None:
    """List pages with links to the next, newest first."""
    pages = [names[start : start + per_page] for start in range(0, len(names), per_page)]
    for n, part in enumerate(pages, 1):
        following = f'<a rel=next href="/list?page={n + 1}">next</a>' if n < len(pages) else ""
        site.server.pages["/list" if n == 1 else f"/list?page={n}"] = links(part) + following


def serve_feed(site: Site, names: list[str], etag: str | None = None, updated: str = "") -> None:
    items = "".join(
        f"<item><title>{name}</title><link>{site.server.base}/{name}</link>{updated}</item>" for name in names
    )
    rss = (
        f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>x</title>{items}</channel></rss>'
    )
    site.server.pages["/feed"] = Reply(rss, kind="application/rss+xml", headers={"ETag": etag} if etag else {})


def changed_page(name: str, what: str = "took back its decision") -> str:
    text = f"The harbour council of {{name}} {what} on Tuesday, and it will say no more of the quay until next year."
    return story_page(name, paragraphs=[text])


def crawl(site: Site, *options: str, code: int = 0) -> list[str]:
    """Crawl; what the server was asked for, robots.txt apart."""
    site.server.asked.clear()
    site.server.log.clear()
    done = site.crawl(*options)
    assert done.returncode == code and "Traceback" not in done.stderr, done.stderr[-3000:]
    return [path for path in site.server.asked if path != "/robots.txt"]


def test_a_second_run_a_minute_later_asks_for_next_to_nothing_and_writes_nothing(site: Site) -> None:
    site.write(SECTION + FEED)
    names = [f"Port{n}" for n in range(80)]
    serve_list(site, names)
    serve_feed(site, names[:30], '"1"')
    for name in names:
        site.server.pages[f"/{name}"] = story_page(name)
    first = crawl(site)
    assert len(site.lines()) == 80
    site.pass_time(60)
    second = crawl(site)
    assert len(second) < 0.05 * len(first) and sorted(second) == ["/feed", "/list"]
    assert len(site.lines()) == 80
    counts = site.report()["counts"]
    assert counts["source/not-modified"] == 1 and counts["candidate/known"] == 20


def test_ten_scheduled_runs_give_each_story_and_each_change_once_and_failing_pages_when_they_heal(site: Site) -> None:
    """Each hour 5 % of the pages are new, 2 % change and 1 % fail for some hours; then two days of nothing."""
    chance = random.Random(7)
    site.write(SECTION)
    names = [f"Port{n}" for n in range(60)]
    changed: set[str] = set()
    heals: dict[str, int] = {}  # name: the run in which it does
    seen_in: dict[str, int] = {}
    for run in range(11):
        fresh = [f"New{run}x{n}" for n in range(3)] if 0 < run < 10 else []
        names = [*fresh, *names]
        heals |= {name: run + chance.choice((1, 2, 3)) for name in (fresh if run else names)[:1] if run < 7}
        if 0 < run < 10:
            changed.update(chance.sample([name for name in names if name not in {*heals, *fresh, *changed}], 1))
        for name in names:
            page = changed_page(name) if name in changed else story_page(name)
            site.server.pages[f"/{name}"] = Reply("down", 503) if heals.get(name, 0) > run else page
        serve_list(site, names)
        asked = crawl(site)
        for line in site.lines():
            seen_in.setdefault(line["headline"].split()[0], run)
        site.pass_time(HOUR if run < 9 else 2 * DAY)
    assert len(asked) < 100
    versions = Counter(line["headline"].split()[0] for line in site.lines())
    assert versions == Counter(names) + Counter(changed)
    assert len(changed) == 9 and len(heals) == 7
    assert all(seen_in[name] in (run, run + 1) for name, run in heals.items())


def test_a_changed_page_is_a_new_version_once_at_its_revisit(site: Site) -> None:
    site.write(FEED)
    serve_feed(site, ["Varn", "Linden"])
    for name in ("Varn", "Linden"):
        site.server.pages[f"/{name}"] = Reply(story_page(name), headers={"ETag": f'"{name}1"'})
    crawl(site)
    site.server.pages["/Varn"] = Reply(changed_page("Varn"), headers={"ETag": '"Varn2"'})
    assert crawl(site) == ["/feed"], "too young to be looked at again"
    site.pass_time(HOUR)
    assert sorted(crawl(site)) == ["/Linden", "/Varn", "/feed"]
    assert [(asked.path, asked.status) for asked in site.server.log if asked.path == "/Linden"] == [("/Linden", 304)]
    assert site.report()["counts"]["read/not-modified"] == 1
    assert [line["version"] for line in site.lines() if line["headline"].startswith("Varn")] == [1, 2]
    assert [line["change"] for line in site.lines()].count("update") == 1
    site.pass_time(HOUR)
    crawl(site)
    assert len(site.lines()) == 3 and all(asked.status == 304 for asked in site.server.log if asked.path == "/Varn")


def test_an_old_story_is_practically_never_looked_at_again(site: Site) -> None:
    site.write(FEED)
    serve_feed(site, ["Varn"])
    site.server.pages["/Varn"] = story_page(
        "Varn", '<meta property="article:published_time" content="2020-03-01T09:00:00Z">'
    )
    crawl(site)
    site.pass_time(40 * DAY)
    assert crawl(site) == ["/feed"]


def test_a_stated_change_makes_a_revisit_due_at_once(site: Site) -> None:
    site.write(SITEMAP)
    stated = {"Newer": "2099-01-01T00:00:00Z", "Older": "2001-01-01T00:00:00Z", "Wrong": "no date", "Silent": ""}

    def serve_map(is_stated: bool) -> None:
        entries = "".join(
            f"<url><loc>{site.server.base}/{name}</loc><lastmod>{at if is_stated else ''}</lastmod></url>"
            for name, at in stated.items()
        )
        site.server.pages["/map.xml"] = Reply(f"<urlset>{entries}</urlset>", kind="application/xml")

    for name in stated:
        site.server.pages[f"/{name}"] = story_page(name)
    serve_map(False)
    crawl(site)
    serve_map(True)
    assert sorted(crawl(site)) == ["/Newer", "/map.xml"]
    assert crawl(site) == ["/map.xml"], "a hint that was there at the last look says nothing new"


def test_a_page_that_left_the_feed_is_still_looked_at_again_and_a_failing_one_arrives(site: Site) -> None:
    site.write(FEED)
    published = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)  # young: it is fetched again for days
    serve_feed(site, ["Varn", "Linden"], '"1"', f"<pubDate>{format_datetime(published, usegmt=True)}</pubDate>")
    site.server.pages["/Varn"] = story_page("Varn")
    site.server.pages["/Linden"] = Reply("not yet", 404)
    crawl(site)
    serve_feed(site, ["Sable"])
    site.server.pages["/Sable"] = story_page("Sable")
    assert "/Linden" in crawl(site), "once by the very next run"
    assert "/Linden" not in crawl(site), "then after a minute, two ..."
    site.pass_time(3 * DAY)
    site.server.pages["/Linden"] = story_page("Linden")
    site.server.pages["/Varn"] = changed_page("Varn")
    crawl(site)
    lines = {(line["headline"].split()[0], line["version"]): line for line in site.lines()}
    assert sorted(lines) == [("Linden", 1), ("Sable", 1), ("Varn", 1), ("Varn", 2)]
    assert lines["Linden", 1]["crawl"]["discovered"] == "rss"
    assert lines["Linden", 1]["published_at"] == published.strftime("%Y-%m-%dT%H:%M:%SZ"), "what the feed said is kept"


def test_a_feed_that_is_not_modified_hides_nothing_that_was_not_written(site: Site) -> None:
    site.write(FEED)
    names = [f"Port{n}" for n in range(40)]
    serve_feed(site, names, '"1"')
    for name in names:
        site.server.pages[f"/{name}"] = story_page(name)
    process = subprocess.Popen(
        site.command("crawl", "gazette", "-s", "DOWNLOAD_DELAY=0.1"),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=site.folder,
    )  # fmt: skip
    wait_for_asked(site, 12)
    process.kill()
    process.wait()
    crawl(site)
    assert [asked.status for asked in site.server.log if asked.path == "/feed"] == [200]
    assert len(site.lines()) == len({line["id"] for line in site.lines()}) == 40
    assert crawl(site) == ["/feed"] and site.server.log[-1].status == 304


def wait_for_asked(site: Site, count: int) -> None:
    deadline = time.monotonic() + 30
    while len(site.server.asked) < count and time.monotonic() < deadline:
        time.sleep(0.01)


def test_after_a_kill_a_list_is_walked_on_though_its_first_page_is_known(site: Site) -> None:
    site.write(SECTION)
    old = [f"Old{n}" for n in range(40)]
    for name in old:
        site.server.pages[f"/{name}"] = story_page(name)
    serve_list(site, old)
    crawl(site)
    new = [f"Port{n}" for n in range(60)]
    for name in new:
        site.server.pages[f"/{name}"] = story_page(name)
    serve_list(site, [*new, *old])
    site.server.asked.clear()
    process = subprocess.Popen(
        site.command("crawl", "gazette", "-s", "DOWNLOAD_DELAY=0.05"),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=site.folder,
    )  # fmt: skip
    wait_for_asked(site, 32)  # the first page of the list is known by then, or nearly
    process.kill()
    process.wait()
    crawl(site)
    ids = [line["id"] for line in site.lines()]
    assert len(ids) == len(set(ids)) == 100
    assert "/list?page=5" in site.server.asked, "all of it was walked"
    assert crawl(site) == ["/list"]


def test_a_list_is_walked_past_what_another_source_announced_in_the_same_run(site: Site) -> None:
    """The feed has the newest twenty, the list's first page the same ones; the deeper page has what nobody announced."""
    site.write(FEED + SECTION)
    old = [f"Old{n}" for n in range(20)]
    new = [f"Port{n}" for n in range(30)]
    for name in old + new:
        site.server.pages[f"/{name}"] = story_page(name)
    serve_list(site, old, 20)
    serve_feed(site, old)
    crawl(site)
    serve_list(site, [*new, *old], 20)
    serve_feed(site, new[:20])
    crawl(site)
    assert len(site.lines()) == 50


def test_a_rebuilt_state_knows_what_was_looked_at(site: Site) -> None:
    site.write(FEED)
    names = [f"Port{n}" for n in range(5)]
    serve_feed(site, [*names, "Down"])
    for name in names:
        site.server.pages[f"/{name}"] = Reply(story_page(name), headers={"ETag": f'"{name}"'})
    site.server.pages["/Down"] = Reply("down", 500)
    crawl(site)
    assert site.run("rebuild").returncode == 0
    assert "/Down" in crawl(site) and not set(site.server.asked) & {f"/{name}" for name in names}
    site.pass_time(HOUR)
    crawl(site)
    assert {asked.status for asked in site.server.log if asked.path.startswith("/Port")} == {304}, "validators survive"
    for path in (site.output / "state").glob("newscrawl.sqlite*"):
        path.unlink()
    assert site.run("rebuild").returncode == 0
    site.pass_time(HOUR)
    crawl(site)
    assert {asked.status for asked in site.server.log if asked.path.startswith("/Port")} == {200}
    assert len(site.lines()) == 5


def test_pages_without_a_story_are_not_asked_for_at_every_run(site: Site) -> None:
    site.write(FEED)
    serve_feed(site, ["Film", "Varn"])
    site.server.pages["/Film"] = "<html><body><video></video></body></html>"
    site.server.pages["/Varn"] = Reply(b"%PDF-1.7", kind="application/pdf")
    crawl(site, code=5)
    assert crawl(site, code=5) == ["/feed"], "nothing that was announced can be used"
    site.pass_time(HOUR)
    assert sorted(crawl(site, code=5)) == ["/Film", "/Varn", "/feed"]
