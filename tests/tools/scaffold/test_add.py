"""`scrapy add`: three sites of different build, from the URL alone to a passing test and a crawl."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from scrapy.exceptions import UsageError

from newscrawl.commands.add import bounded
from newscrawl.sites.loader import SiteError
from newscrawl.tools.scaffold.write import free_id, refuse_known
from tests.conftest import LocalServer, Reply
from tests.conftest import Site as SiteFolder
from tests.tools.scaffold.made_sites import (
    agency,
    courier,
    headline,
    old_headline,
    old_paper,
    old_paragraphs,
    paragraphs,
)

FAST = ("-s", "DOWNLOAD_DELAY=0")


def add(site: SiteFolder, *args: str) -> dict[str, Any]:
    done = site.run("add", *FAST, "--json", *args, timeout=60)
    assert "Traceback" not in done.stderr, done.stderr
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found | {"code": done.returncode}


def own_test(site: SiteFolder) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(site.folder),
        str(site.folder / "sites"),
    ]
    return subprocess.run(command, capture_output=True, text=True, cwd=site.folder, check=False, timeout=60)


CASES: list[Any] = [
    pytest.param(
        courier, "the-calder-courier", 12,
        {"name": "The Calder Courier", "language": "en", "story_url": [r"/\d{4}/\d\d/\d\d/[^/?]+"]},
        [("rss", "/feed/", None)],
        {"headline": "h1.entry-title", "byline": ".byline", "body": ".entry-content > p"},
        (headline, paragraphs), id="courier",
    ),
    pytest.param(
        agency, "valley-news-agency", 12,
        {"name": "Valley News Agency", "story_url": [r"/view/VNA\d{6,}"], "story_id": r"/view/VNA(\d{6,})"},
        [("news-sitemap", "/sitemaps/news.xml", None)],
        {"headline": 'h1[class*="Story_title__"]', "body": '[class*="Story_body__"]'},
        (headline, paragraphs), id="agency",
    ),
    pytest.param(
        old_paper, "site", 10,
        {"name": "Вестник долины", "language": "ru", "story_url": [r"/story\.php\?id=\d{6,}"], "story_id": r"\?id=(\d{6,})"},
        [("section", "/list.php?s=news", "td.subj > a"), ("section", "/list.php?s=town", "td.subj > a")],
        {"headline": "h1.zagolovok", "published": ".data", "body": "#storytext"},
        (old_headline, old_paragraphs), id="old-paper",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("build", "site_id", "stories", "facts", "sources", "layout", "texts"), CASES)
def test_a_site_from_its_url_to_its_stories(
    site: SiteFolder, server: LocalServer, build: Callable[[LocalServer], str], site_id: str, stories: int,
    facts: dict[str, Any], sources: list[tuple[str, str, str | None]], layout: dict[str, Any],
    texts: tuple[Callable[[int], str], Callable[[int], list[str]]],
) -> None:  # fmt: skip
    url = build(server)
    (site.folder / "sites").mkdir()
    found = add(site, url, "--yes")
    assert (found["code"], found["id"], found["read_back"]) == (0, site_id, []), found
    assert len(server.asked) <= 13, "twelve and robots.txt"
    table = tomllib.loads((site.folder / "sites" / f"{site_id}.toml").read_text("utf-8"))
    assert {key: table.get(key) for key in facts} == facts
    assert [(s["kind"], s["url"].removeprefix(server.base), s.get("links")) for s in table["source"]] == sources
    assert table["layout"] == [layout]
    assert [story["agreement"] for story in found["stories"]] == [1.0] * 4
    assert len(list((site.folder / "sites/saved_pages" / site_id).glob("*.html"))) == 4
    tested = own_test(site)
    assert tested.returncode == 0 and "5 passed" in tested.stdout, tested.stdout
    if build is agency:  # the same is done by the test just run
        checked = site.run("capture", "--check", timeout=60)
        assert checked.returncode == 0 and checked.stdout.count("ok") >= 4, checked.stdout + checked.stderr
    crawled = site.run("crawl", site_id, timeout=60)
    assert crawled.returncode == 0, crawled.stderr
    by_headline = {line["headline"]: line for line in site.lines(site_id)}
    assert len(by_headline) == stories
    for n in range(stories):
        line = by_headline[texts[0](n)]
        assert line["text"].removesuffix("\n\n(END)") == "\n\n".join(texts[1](n))
        assert line["published_date"] and line["extraction"]["origins"]["text"] == "site-rule"


@pytest.mark.parametrize("name", ["A b", "replay", "../x", ""])
def test_no_id_names_another_file(name: str, tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="--id: file name"):
        free_id(name, "https://a.example/", tmp_path, is_given=True, force=True)


@pytest.mark.parametrize(
    ("wanted", "given", "found"),
    [
        ("calder", False, "calder"),
        ("yonhap", False, "yonhap-example"),
        ("calder", True, "calder"),
        ("yonhap", True, None),
    ],
)
def test_an_id_that_is_taken(wanted: str, given: bool, found: str | None, tmp_path: Path) -> None:
    if found is None:
        with pytest.raises(SiteError, match=r"yonhap\.toml: is there already; give another --id"):
            free_id(wanted, "https://a.example/", tmp_path, is_given=given, force=False)
    else:
        assert free_id(wanted, "https://a.example/", tmp_path, is_given=given, force=False) == found


def test_nothing_is_written_without_a_yes(site: SiteFolder, server: LocalServer) -> None:
    url = courier(server)
    done = site.run("add", *FAST, url, "--to", str(site.folder / "mine"), "--stories", "2", timeout=60)
    (site.folder / "sites").mkdir()
    assert done.returncode == 0 and "nothing was written; --yes writes it" in done.stderr
    assert not (site.folder / "mine").exists()
    proposed = done.stdout.partition("with the 2 stories read as saved pages, and their test")[2]
    assert tomllib.loads(proposed)["source"][0]["url"] == server.base + "/feed/"
    rows = [line.split("\t") for line in done.stdout.splitlines() if "\t" in line]
    assert rows[0] == ["asked for", "url", "found"] and ["feed", server.base + "/feed/", "12 items"] in rows


@pytest.mark.parametrize("command", ["add", "capture"])
def test_ctrl_c_at_the_question_ends_it(site: SiteFolder, server: LocalServer, command: str) -> None:
    url = courier(server)
    page = next(path for path in server.pages if path.startswith("/2026"))
    (site.folder / "sites").mkdir()
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        site.command(command, *FAST, url if command == "add" else server.base + page),
        stdin=follower, stdout=follower, stderr=follower, cwd=site.folder, start_new_session=True,
    )  # fmt: skip
    os.close(follower)
    shown = b""
    while b"[y/N]" not in shown:
        shown += os.read(leader, 65_536)
    for _ in range(10):  # one that comes between the question and its reading is heeded with the next key only
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)
            break
    assert process.wait(timeout=30) == 11
    assert b"stopped by SIGINT" in os.read(leader, 65_536)
    os.close(leader)
    assert not list((site.folder / "sites").iterdir())


def test_redirects_count_as_requests(site: SiteFolder, server: LocalServer) -> None:
    url = courier(server)
    page = server.pages.pop("/feed/")
    for n in range(4):
        server.pages[f"/feed/{n}" if n else "/feed/"] = Reply("", status=302, headers={"Location": f"/feed/{n + 1}"})
    server.pages["/feed/4"] = page
    found = add(site, url, "--requests", "12", "--to", str(site.folder / "mine"))
    assert len(server.asked) <= 13 and found["requests"] == len(
        [path for path in server.asked if path != "/robots.txt"]
    )


def test_what_is_there_stays(site: SiteFolder, server: LocalServer) -> None:
    url = courier(server)
    sites = site.folder / "sites"
    site.write(f'domains = ["{server.host}"]\n', "mine")
    kept = (sites / "mine.toml").read_text("utf-8")
    known = site.run("add", *FAST, url, "--yes", timeout=60)
    assert known.returncode == 1 and "mine.toml: holds this site already" in known.stderr
    assert not server.asked, "it is told before anything is asked for"
    assert (sites / "mine.toml").read_text("utf-8") == kept
    forced = add(site, url, "--yes", "--id", "mine", "--force", "--stories", "2")
    assert forced["code"] == 0 and (sites / "mine.toml").read_text("utf-8") != kept


@pytest.mark.parametrize(
    ("url", "site_id", "force", "detail"),
    [
        ("https://en.yna.co.kr/", None, False, r"yonhap\.toml: holds this site already; .* --id .* --force"),
        ("https://en.yna.co.kr/", "yonhap", False, r"yonhap\.toml: holds this site"),
        ("https://en.yna.co.kr/", "yonhap-two", False, None),
        ("https://en.yna.co.kr/", None, True, None),
        ("https://calder.example/", None, False, None),
    ],
)
def test_a_site_that_has_a_file(url: str, site_id: str | None, force: bool, detail: str | None, tmp_path: Path) -> None:
    if detail is None:
        refuse_known(url, tmp_path, site_id, force=force)
    else:
        with pytest.raises(SiteError, match=detail):
            refuse_known(url, tmp_path, site_id, force=force)


@pytest.mark.parametrize(
    ("pages", "detail"),
    [
        ({"/": Reply("no", 403)}, "http-403"),
        (
            {"/robots.txt": Reply("User-agent: *\nDisallow: /\n", kind="text/plain"), "/": "x"},
            "forbidden by robots.txt",
        ),
    ],
    ids=["refused", "robots"],
)
def test_a_site_that_is_closed(site: SiteFolder, server: LocalServer, pages: dict[str, Any], detail: str) -> None:
    server.pages.update(pages)
    done = site.run("add", *FAST, server.base + "/", "-s", "RETRY_TIMES=0", "--yes", "--json", timeout=60)
    assert done.returncode == 5 and detail in done.stderr and "newscrawl why-not" in done.stderr, done.stderr
    assert detail in json.loads(done.stdout)["problem"]
    assert not (site.folder / "sites").exists()


def test_wrong_calls(site: SiteFolder) -> None:
    done = site.run("add", "nowhere")
    assert done.returncode == 2 and "nowhere: no folder; name one, or a URL with its http://" in done.stderr
    with pytest.raises(UsageError, match="--stories must be from 1 to 50, not 0"):
        bounded("--stories", 0, 4, 50)


def test_a_folder_of_saved_pages(site: SiteFolder, server: LocalServer, tmp_path: Path) -> None:
    courier(server)
    saved = tmp_path / "saved"
    saved.mkdir()
    for number, (path, page) in enumerate(server.pages.items()):
        if path.startswith("/2026"):
            (saved / f"{number}.html").write_text(str(page).replace(server.base, "https://courier.example"), "utf-8")
    (saved / "broken.html").write_bytes(b"\x1f\x8bno gzip at all")
    (saved / os.fsdecode(b"odd-\xff.html")).write_text("<p>A page whose file has a name that is no UTF-8.</p>", "utf-8")
    (saved / "nameless.html").write_text("<p>A page that does not say where it was.</p>", "utf-8")
    (site.folder / "sites").mkdir()
    found = add(site, str(saved), "--yes")
    assert not server.asked
    assert (found["code"], found["id"], found["read_back"]) == (0, "courier", [])
    table = tomllib.loads((site.folder / "sites/courier.toml").read_text("utf-8"))
    assert table["layout"][0]["body"] == ".entry-content > p" and table["domains"] == ["courier.example"]
    assert "source" not in table and "https://courier.example/feed/" in found["site_file"], (
        "named, and nobody asked for it"
    )
    assert {t["problem"] for t in found["tried"] if t["problem"]} >= {
        "it states no address of its own (canonical link or og:url)"
    }
    assert "not tried live" in table["evidence"]
