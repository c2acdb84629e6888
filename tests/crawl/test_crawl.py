"""One site end to end: the real command against a real server on loopback."""

from __future__ import annotations

import gzip
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest

from newscrawl.schema import json_schema
from tests.conftest import LocalServer, Reply, Site, story_page

SECTION = '[[source]]\nkind = "section"\nurl = "{base}/list"\nlinks = "h3 > a"\nnext = "a[rel=next]"\nmax_pages = 5\n'
DAY = 86_400
TOWNS = ["Calder", "Linden", "Varn", "Sable", "Ostrava"]


def serve_list(server: LocalServer, towns: list[str] | None = None) -> None:
    """Two list pages and a page a town."""
    towns = towns or TOWNS
    links = [f'<h3><a href="/{town}">{town}</a></h3>' for town in towns]
    server.pages["/list"] = "".join(links[:3]) + '<a rel=next href="/list?page=2">next</a>'
    server.pages["/list?page=2"] = "".join(links[2:])
    for town in towns:
        server.pages[f"/{town}"] = story_page(town)


def test_a_site_is_crawled_once_and_a_change_is_a_version(site: Site) -> None:
    site.write(SECTION)
    serve_list(site.server)
    assert site.crawl().returncode == 0
    lines = site.lines()
    assert sorted(line["headline"] for line in lines) == sorted(f"{town} widens its quay" for town in TOWNS)
    assert site.server.asked.count("/Varn") == 1, "announced by both list pages, fetched once"
    assert site.server.asked[0] == "/robots.txt"
    validator = jsonschema.Draft202012Validator(json_schema())
    for line in lines:
        validator.validate(line)
        assert (line["agency"], line["language"], line["crawl"]["status"], line["crawl"]["discovered"]) == (
            "yonhap",
            "en",
            200,
            "section",
        )
        assert line["text"].startswith("SEOUL, Nov. 23 (Yonhap) --") and line["text"].endswith("(Yonhap)")
        assert line["media"][0]["credit"] == "AFP"
    assert site.report()["counts"]["identify/new"] == 5
    site.pass_time(DAY)
    assert site.crawl().returncode == 0
    assert len(site.lines()) == 5 and site.report()["counts"]["identify/unchanged"] == 5
    site.server.pages["/Varn"] = story_page(
        "Varn",
        paragraphs=["The harbour council of {name} took back its decision on Monday, and the quay will stay as it is."],
    )
    site.pass_time(2 * DAY)
    assert site.crawl().returncode == 0
    (update,) = [line for line in site.lines() if line["version"] == 2]
    (first,) = [line for line in site.lines() if line["id"] == update["id"] and line["version"] == 1]
    assert (update["change"], update["previous"]) == ("update", first["content_hash"])


def test_rss_and_news_sitemap(site: Site) -> None:
    base = site.server.base
    site.write(
        '[[source]]\nkind = "rss"\nurl = "{base}/feed"\n[[source]]\nkind = "news-sitemap"\nurl = "{base}/index.xml"\n'
    )
    items = "".join(
        f"<item><title>{town}</title><link>{base}/{town}?utm_source=rss</link></item>" for town in TOWNS[:3]
    )
    site.server.pages["/feed"] = Reply(
        f'<rss version="2.0"><channel><title>x</title>{items}<item><title>no link</title></item></channel></rss>',
        kind="application/rss+xml",
    )
    urls = "".join(f"<url><loc>{base}/{town}</loc></url>" for town in TOWNS[2:])
    site.server.pages["/index.xml"] = Reply(
        f"<sitemapindex><sitemap><loc>{base}/news.xml</loc></sitemap></sitemapindex>", kind="application/xml"
    )
    site.server.pages["/news.xml"] = Reply(
        f"<urlset>{urls}<url><loc>file:///etc/hostname</loc></url><url><loc>http://elsewhere.example/x</loc></url></urlset>",
        kind="application/xml",
    )
    for town in TOWNS:
        site.server.pages[f"/{town}"] = site.server.pages[f"/{town}?utm_source=rss"] = story_page(town)
    assert site.crawl().returncode == 0
    assert len(site.lines()) == 5
    counts = site.report()["counts"]
    assert counts["candidate/announced-twice"] == 1 and counts["candidate/elsewhere"] == 2
    assert {line["crawl"]["discovered"] for line in site.lines()} == {"rss", "news-sitemap"}


def test_robots_txt_is_obeyed(site: Site) -> None:
    site.write(SECTION)
    serve_list(site.server)
    site.server.pages["/robots.txt"] = Reply("User-agent: newscrawl\nDisallow: /Varn\n", kind="text/plain")
    assert site.crawl().returncode == 0
    assert len(site.lines()) == 4 and "/Varn" not in site.server.asked


REDIRECTS = [
    "http://127.0.0.1:{canary}/x", "http://localhost:{canary}/x", "http://127.1:{canary}/x", "http://2130706433:{canary}/x",
    "http://0x7f000001:{canary}/x", "http://0177.0.0.1:{canary}/x", "http://0:{canary}/x", "http://[::ffff:127.0.0.1]:{canary}/x",
    "http://169.254.169.254/latest/meta-data", "file:///etc/hostname", "//127.0.0.1:{canary}/x", "http://user@127.0.0.1:{canary}/x",
]  # fmt: skip


def test_no_redirect_reaches_a_private_address(site: Site, tmp_path: Path) -> None:
    canary = LocalServer()
    import threading

    threading.Thread(target=canary.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    canary.pages = {"/x": story_page("Canary"), "/robots.txt": Reply("", kind="text/plain")}
    port = canary.server_address[1]
    own = ", ".join(f'"{host}:{port}"' for host in ("localhost", "127.0.0.1", "127.1", "2130706433", "0"))
    # Even hosts that the site file calls its own: it is the address that counts.
    site.write(f'domains = ["{{host}}", {own}]\n{SECTION}')
    serve_list(site.server, TOWNS)
    site.server.pages["/list"] = (
        "".join(f'<h3><a href="/r{n}">x</a></h3>' for n in range(len(REDIRECTS))) + '<h3><a href="/Varn">x</a></h3>'
    )
    for n, target in enumerate(REDIRECTS):
        site.server.pages[f"/r{n}"] = Reply("", 302, headers={"Location": target.replace("{canary}", str(port))})
    done = site.crawl()
    canary.shutdown()
    canary.server_close()
    assert done.returncode == 0
    assert canary.asked == []
    assert [line["headline"] for line in site.lines()] == ["Varn widens its quay"]
    counts = site.report()["counts"]
    assert sum(count for key, count in counts.items() if key.startswith("refused/")) >= len(REDIRECTS) - 3
    assert all(site.server.asked.count(f"/r{n}") == 1 for n in range(len(REDIRECTS))), "no retries"


def test_sources_and_robots_on_a_private_address_are_refused_without_leave(site: Site) -> None:
    site.write(SECTION)
    serve_list(site.server)
    done = site.crawl("-s", "NEWSCRAWL_ALLOWED_PRIVATE_HOSTS=")
    assert site.server.asked == [] and not site.lines()
    assert "refused (loopback)" in done.stderr
    assert site.report()["counts"]["refused/loopback"] == 1


def test_pages_that_are_no_stories_are_counted(site: Site) -> None:
    site.write(SECTION)
    serve_list(site.server)
    site.server.pages["/Calder"] = ""
    site.server.pages["/Linden"] = "<div>" * 50_000
    site.server.pages["/Varn"] = Reply("gone", 404)
    site.server.pages["/Sable"] = Reply(b"\x00\x01\x02" * 100, kind="application/octet-stream")
    assert site.crawl().returncode == 0
    assert len(site.lines()) == 1
    counts = site.report()["counts"]
    assert (counts["check/empty-page"], counts["check/too-deep"], counts["story/failed"]) == (1, 1, 1)


def test_what_is_no_page_is_counted_and_no_story(site: Site) -> None:
    site.write(SECTION)
    serve_list(site.server)
    site.server.pages["/Calder"] = Reply(b"%PDF-1.7 " + story_page("Calder").encode(), kind="application/pdf")
    site.server.pages["/Linden"] = Reply(b"%PDF-1.7 " + story_page("Linden").encode())
    assert site.crawl().returncode == 0
    assert len(site.lines()) == 3 and site.report()["counts"]["read/not-html"] == 2


def test_half_a_compressed_page_is_asked_for_again_and_never_written(site: Site) -> None:
    site.write(SECTION)
    serve_list(site.server)
    packed = gzip.compress(story_page("Calder").encode())
    whole = gzip.compress(story_page("Linden").encode())
    site.server.pages["/Calder"] = Reply(packed[: len(packed) // 2], headers={"Content-Encoding": "gzip"})
    site.server.pages["/Linden"] = Reply(whole + b"junk behind the end", headers={"Content-Encoding": "gzip"})
    assert site.crawl().returncode == 0
    assert {line["headline"].split()[0] for line in site.lines()} == {"Linden", "Varn", "Sable", "Ostrava"}
    assert site.server.asked.count("/Calder") == 2 and site.report()["counts"]["fetch/truncated"] == 2


def test_what_a_page_reserves_is_kept(site: Site) -> None:
    site.write(SECTION)
    serve_list(site.server, ["Calder"])
    site.server.pages["/Calder"] = Reply(
        story_page("Calder"), headers={"X-Robots-Tag": "noai, noimageai", "TDM-Reservation": "1"}
    )
    assert site.crawl().returncode == 0
    assert site.lines()[0]["rights"]["reservation"] == "X-Robots-Tag: noai, noimageai; TDM-Reservation: 1"


def test_a_headline_cannot_forge_a_log_line(site: Site) -> None:
    site.write(SECTION)
    site.server.pages["/list"] = '<h3><a href="/x">x</a></h3>'
    site.server.pages["/x"] = story_page("\x1b[2J&#10;2026-01-01 ERROR: forged&#x1b;[31m&#x202e;")
    done = site.crawl("-L", "DEBUG")
    assert "\x1b" not in done.stderr + done.stdout and "\u202e" not in done.stderr
    assert not [line for line in done.stderr.splitlines() if line.startswith("2026-01-01 ERROR")]
    assert "\x1b" not in site.lines()[0]["headline"]


def start(site: Site) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        site.command("crawl", "gazette"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=site.folder
    )
    deadline = time.monotonic() + 30
    while len(site.server.asked) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    return process


def serve_many(server: LocalServer, count: int = 60) -> None:
    names = [f"Port{n}" for n in range(count)]
    server.pages["/list"] = "".join(f'<h3><a href="/{name}">{name}</a></h3>' for name in names)
    for name in names:
        server.pages[f"/{name}"] = story_page(name)


@pytest.mark.parametrize("seed", range(4))
def test_kill_9_at_any_instant_loses_and_doubles_nothing(site: Site, seed: int) -> None:
    site.write(SECTION)
    serve_many(site.server)
    chance = random.Random(seed)
    for _ in range(2):
        process = start(site)
        time.sleep(chance.uniform(0, 0.6))
        process.send_signal(signal.SIGKILL)
        process.wait()
        site.server.asked.clear()
    assert site.crawl().returncode == 0
    ids = [line["id"] for line in site.lines()]
    assert len(ids) == len(set(ids)) == 60
    assert not list((site.output / "stories").rglob("*.part"))


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_run_resumable(site: Site, kind: signal.Signals) -> None:
    site.write(SECTION)
    serve_many(site.server)
    process = subprocess.Popen(
        site.command("crawl", "gazette", "-s", "DOWNLOAD_DELAY=0.3"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=site.folder,
    )
    deadline = time.monotonic() + 30
    while len(site.server.asked) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(kind)
    assert process.wait(timeout=15) == 11
    assert site.crawl().returncode == 0
    ids = [line["id"] for line in site.lines()]
    assert len(ids) == len(set(ids)) == 60


def limit_file_size() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (250_000, 250_000))


def test_a_disk_that_refuses_stops_the_run_with_exit_3(site: Site) -> None:
    site.write(SECTION)
    serve_many(site.server, 120)
    done = site.run("crawl", "gazette", preexec_fn=limit_file_size)
    assert done.returncode == 3
    assert "stories could not be written" in done.stderr
    assert "Traceback" not in done.stderr
    for path in (site.output / "stories").rglob("*.jsonl*"):
        assert all(json.loads(line) for line in path.read_text("utf-8").splitlines())
    assert site.crawl().returncode == 0
    ids = [line["id"] for line in site.lines()]
    assert len(ids) == len(set(ids)) == 120


def test_wrong_site_files(site: Site) -> None:
    site.write(SECTION)
    serve_list(site.server)
    site.write("delay_seconds = 1", "broken")
    done = site.crawl()
    assert done.returncode == 0 and len(site.lines()) == 5
    assert (
        len(
            [
                line
                for line in done.stderr.splitlines()
                if " ERROR: Site file left out: " in line and "broken.toml" in line
            ]
        )
        == 1
    )
    asked = len(site.server.asked)
    site.write(SECTION.replace('"section"', '"sections"'))
    done = site.crawl()
    assert done.returncode == 1 and len(site.server.asked) == asked
    assert (
        "gazette.toml: source[1].kind: must be one of rss, news-sitemap, sitemap, section, archive, not 'sections'"
        in done.stderr
    )
    assert "Traceback" not in done.stderr
    done = site.run("crawl", "nosuch")
    assert done.returncode == 1 and "newscrawl list" in done.stderr


def test_a_state_that_is_gone_is_told_and_rebuilt(site: Site) -> None:
    site.write(SECTION)
    serve_list(site.server)
    assert site.crawl().returncode == 0
    for path in (site.output / "state").glob("newscrawl.sqlite*"):
        path.unlink()
    done = site.crawl()
    assert done.returncode == 1 and "newscrawl rebuild" in done.stderr
    done = site.run("rebuild")
    assert done.returncode == 0 and "5 lines in 1 files" in done.stdout
    assert site.crawl().returncode == 0
    assert len(site.lines()) == 5
    next((site.output / "stories").rglob("*.jsonl")).unlink()
    done = site.crawl()
    assert done.returncode == 0 and " ERROR: " in done.stderr and "--keep-missing`" in done.stderr
    assert site.run("rebuild", "--keep-missing").returncode == 0
    assert " ERROR: " not in site.crawl().stderr


def test_unknown_options_are_refused(site: Site) -> None:
    site.write(SECTION)
    for command in (["crawl", "gazette", "--sinse=2026"], ["rebuild", "--fast"]):
        done = site.run(*command)
        assert done.returncode == 2 and "unknown option" in done.stderr


def test_feed_exports_stay_usable(site: Site) -> None:
    site.write(SECTION)
    serve_list(site.server)
    assert site.crawl("-o", f"{site.folder}/feed.jsonl").returncode == 0
    exported = [json.loads(line) for line in (site.folder / "feed.jsonl").read_text("utf-8").splitlines()]
    assert sorted(line["id"] for line in exported) == sorted(line["id"] for line in site.lines())
    assert exported[0]["source"]["id"] == "gazette"


def test_the_user_agent_names_a_contact(site: Site) -> None:
    site.write(SECTION)
    serve_list(site.server)
    done = site.crawl("-s", "NEWSCRAWL_CONTACT=https://me.example/bot")
    assert "newscrawl/" in done.stderr and "(+https://me.example/bot)" in done.stderr


def test_the_console_script_works_from_any_directory(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "SCRAPY_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-m", "newscrawl.__main__", "list"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0 and {"yonhap", "yonhap-ko", "koreaherald"} <= set(done.stdout.split())
    assert not list(tmp_path.iterdir())


def test_a_site_that_is_blocked_is_not_crawled_and_says_why(site: Site) -> None:
    site.write('blocked = "licensed; read it in the papers"\ndomains = ["wire.example"]\n')
    done = site.crawl()
    assert done.returncode == 1 and "gazette: not crawled: licensed; read it in the papers" in done.stderr
    assert site.server.asked == [] and not site.output.exists()
