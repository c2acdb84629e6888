"""What a scheduler sees: every situation in which a crawl can end, run for real, with its exit code and its report."""

from __future__ import annotations

import gzip
import json
import signal
import socket
import struct
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from newscrawl.monitoring.exit_codes import ExitCode, of_run, of_runs
from tests.conftest import LocalServer, Reply, Site, story_page

pytestmark = pytest.mark.timeout(600)  # the first test waits for many crawls
LINKS = 'links = "h3 > a"\n'
SECTION = f'[[source]]\nkind = "section"\nurl = "{{base}}/list"\n{LINKS}'
FEED = '[[source]]\nkind = "rss"\nurl = "{base}/feed"\n'
EMPTY_FEED = Reply('<rss version="2.0"><channel><title>x</title></channel></rss>', kind="application/rss+xml")
QUICK = ("-s", "RETRY_TIMES=0", "-s", "DOWNLOAD_TIMEOUT=0.5")
OTHER = ("-s", "DOWNLOAD_TIMEOUT=10")


def hang(handler: BaseHTTPRequestHandler) -> None:
    handler.rfile.read(1)  # until the other side gives up


def reset(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RD)
    handler.rfile.close()
    handler.connection.close()


def serve(server: LocalServer, count: int = 3, /, **others: Reply | str) -> None:
    """A list of `count` stories; `others` are more pages, or take the place of these."""
    names = [f"Port{n}" for n in range(count)]
    server.pages["/list"] = "".join(f'<h3><a href="/{name}">{name}</a></h3>' for name in names)
    server.pages |= {f"/{name}": story_page(name) for name in names}
    server.pages |= {f"/{path}": reply for path, reply in others.items()}


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


BOMB = Reply(gzip.compress(b"<p>" * 11_000_000), headers={"Content-Encoding": "gzip"})  # 33 MB of 32 KB

# Faults inside the process, where no server can make them; the command itself is the real one.
RAISES = "import newscrawl.spiders.base as w\ndef read_story(*a): raise RuntimeError('a fault of ours')\nw.read_story = read_story\n"
SOME_RAISE = (
    "import newscrawl.spiders.base as w\nreal = w.read_story\n"
    "def read_story(body, url, *a):\n if url[-1] in {last!r}: raise RuntimeError('a fault of ours')\n return real(body, url, *a)\n"
    "w.read_story = read_story\n"
)
ITEM_RAISES = (
    "import newscrawl.pipelines as p\nreal = p.RightsPipeline.process_item\n"
    "def process_item(self, item):\n if item.url.endswith('Port1'): raise RuntimeError('a fault of ours')\n return real(self, item)\n"
    "p.RightsPipeline.process_item = process_item\n"
)
START_RAISES = (
    "import newscrawl.spiders.site as s\nreal = s.SiteSpider.start\n"
    "async def start(self):\n async for request in real(self):\n  yield request\n  {when}: raise RuntimeError('a fault of ours')\n"
    "s.SiteSpider.start = start\n"
)
DISK = "import os, newscrawl.storage.jsonl as j\nclass O:\n def __getattr__(s, n): return getattr(os, n)\n def {call}(s, *a): raise OSError({number}, os.strerror({number}))\nj.os = O()\n"
LATE_SIGNALS = (
    "import atexit, os, signal, newscrawl.extensions as e\nreal = e.write_report\n"
    "def write(*a): os.kill(os.getpid(), signal.SIGTERM); return real(*a)\n"
    "e.write_report = write\natexit.register(os.kill, os.getpid(), signal.SIGTERM)\n"
)


@dataclass
class Case:
    """`code` and, in the report, the outcome of the first source; no report where `outcome` is None."""

    code: int
    outcome: str | None
    toml: str = SECTION
    serve: Callable[[LocalServer], object] = serve
    options: tuple[str, ...] = OTHER
    prelude: str = ""
    signals: tuple[signal.Signals, ...] = ()
    name: str = "gazette"
    said: str = ""  # in the log
    counts: dict[str, int | None] = field(default_factory=dict)
    finish: str = "finished"


def page(path: str, reply: Reply | str) -> Callable[[LocalServer], object]:
    return lambda server: serve(server, **{path: reply})


DENY = Reply("User-agent: *\nDisallow: /\n", kind="text/plain")
SLOW = ("-s", "DOWNLOAD_DELAY=0.3", *OTHER)
HALF = page("Port1", Reply("", 500))
MIXED = SECTION + FEED


def feed_of(*urls: str) -> Reply:
    items = "".join(f"<item><title>Quay widened</title><link>{url}</link></item>" for url in urls)
    return Reply(f'<rss version="2.0"><channel><title>x</title>{items}</channel></rss>', kind="application/rss+xml")


ELSEWHERE = feed_of(*(f"http://news.example.org/{n}" for n in range(3)))
IMAGE = Reply("\x89PNG", kind="image/png")

CASES = {
    "all-elsewhere": Case(
        5, "failed/elsewhere", FEED, page("feed", ELSEWHERE),
        said="3 stories announced, all on news.example.org, which is not in domains",
    ),
    "one-elsewhere": Case(
        5, "failed/elsewhere", FEED, page("feed", feed_of("http://news.example.org/1")),
        said="1 story announced, on news.example.org, which is not in domains",
    ),
    "one-source-elsewhere": Case(4, "ok", SECTION + FEED, page("feed", ELSEWHERE), said="all on news.example.org"),
    "no-story-url": Case(5, "failed/no-story-url", 'story_url = ["/news/"]\n' + SECTION, said="3 stories announced, none matches story_url"),
    "other-content": Case(5, "ok", serve=lambda server: serve(server, 2, Port0=IMAGE, Port1=IMAGE), counts={"read/not-html": 2}),
    "most-pages-raise": Case(5, "ok", prelude=SOME_RAISE.format(last="01"), counts={"read/failed": 2, "story/seen": 1}),
    "one-page-raises": Case(4, "ok", prelude=SOME_RAISE.format(last="0"), counts={"read/failed": 1, "story/seen": 2}),
    "pipeline-raises": Case(4, "ok", prelude=ITEM_RAISES, said="a fault of ours", counts={"exception/RuntimeError": 1}),
    "start-raises-at-once": Case(5, "ok", prelude=START_RAISES.format(when="if True"), said="a fault of ours", finish="start_error"),
    "start-raises-later": Case(4, "ok", prelude=START_RAISES.format(when="if 'Port1' in request.url"), said="a fault of ours", finish="start_error"),
    "good": Case(0, "ok", counts={"story/seen": 3}),
    "callback-raises": Case(5, "ok", prelude=RAISES, said="a fault of ours", counts={"read/failed": 3}),
    "no-items-yet": Case(0, "ok", FEED, page("feed", EMPTY_FEED)),
    "no-items-too-long": Case(5, "ok", FEED + "[expect]\nsilent_hours = 0\n", page("feed", EMPTY_FEED), counts={"expect/silent": 1}),
    "403": Case(5, "blocked", serve=page("list", Reply("no", 403)), options=QUICK),
    "500": Case(5, "failed/http-500", serve=page("list", Reply("no", 500)), options=QUICK),
    "429": Case(5, "blocked", serve=page("list", Reply("no", 429)), options=QUICK),
    "robots-denied": Case(5, "robots-forbidden", serve=page("robots.txt", DENY)),
    "timeouts": Case(5, "failed/timeout", serve=page("list", Reply(play=hang)), options=QUICK),
    "resets": Case(5, "failed/connection-lost", serve=page("list", Reply(play=reset)), options=QUICK),
    "bomb-as-story": Case(0, "ok", serve=page("Port1", BOMB), counts={"story/failed": 1, "story/seen": 2}),
    "some-stories-fail": Case(0, "ok", serve=HALF, options=QUICK, counts={"story/failed": 1}),
    "every-story-fails": Case(5, "ok", serve=lambda server: serve(server, 2, Port0=Reply("", 500), Port1=Reply("", 404)), options=QUICK),
    "some-sources-fail": Case(4, "ok", MIXED, page("feed", Reply("", 404)), counts={"source/ok": 1, "source/failed/http-404": 1}),
    "disk-full": Case(3, "ok", prelude=DISK.format(call="write", number=28), said="No space left", finish="output_not_written"),
    "disk-error": Case(3, "ok", prelude=DISK.format(call="fdatasync", number=5), said="Input/output error", finish="output_not_written"),
    "path-unwritable": Case(3, None, options=("-s", "NEWSCRAWL_OUTPUT_DIR=/dev/null/output"), said="Not a directory"),
    "timeout-close": Case(
        0, "ok", serve=lambda server: serve(server, 40), options=("-s", "CLOSESPIDER_TIMEOUT=3", *SLOW), finish="closespider_timeout"
    ),
    "sigterm": Case(11, "ok", serve=lambda server: serve(server, 40), options=SLOW, signals=(signal.SIGTERM,), finish="shutdown"),
    "sigint-twice": Case(
        11, "ok", serve=lambda server: serve(server, 40, Port1=Reply(play=hang)), options=SLOW, signals=(signal.SIGINT, signal.SIGINT), finish="cut_short"
    ),
    "sigterm-in-teardown": Case(0, "ok", prelude=LATE_SIGNALS),
    "unknown-spider": Case(1, None, name="nosuch", said="no site file nosuch.toml"),
    "bad-setting": Case(1, "not-reached", options=("-s", "CONCURRENT_ITEMS=many"), said="many", finish="start_failed"),
    "missing-pipeline": Case(1, "not-reached", options=("-s", 'ITEM_PIPELINES={"nosuch.Pipeline": 1}'), said="nosuch", finish="start_failed"),
    "wrong-use": Case(2, None, options=("--sinse=2026",), said="unknown option"),
    "broken-site-file": Case(1, None, SECTION.replace('"section"', '"sections"'), said="source[1].kind"),
}  # fmt: skip

# One run, and every source of it fails in a way of its own; alone each of them is as much a run in which all failed.
WAYS: dict[str, tuple[str, str, str, Reply | str]] = {
    "no-links": ("failed/no-links", "section", "{base}/empty", "<p>nothing"),
    "404": ("failed/http-404", "section", "{base}/nowhere", Reply("no", 404)),
    "dns-dead": ("robots-unreachable", "section", "http://nosuch.invalid/list", ""),
    "connection-refused": ("robots-unreachable", "section", "http://127.0.0.1:{closed}/list", ""),
    "redirect-loop": ("failed/redirects", "section", "{base}/round", Reply("", 302, headers={"Location": "/round"})),
    "broken-feed": ("failed/not-a-feed", "rss", "{base}/feed", Reply("<html>no", kind="application/rss+xml")),
    "broken-sitemap": ("failed/not-a-sitemap", "news-sitemap", "{base}/news.xml", Reply("<html>no", kind="application/xml")),
    "bomb": ("failed/too-big", "section", "{base}/bomb", BOMB),
}  # fmt: skip


def serve_ways(server: LocalServer) -> None:
    server.pages |= {url.removeprefix("{base}"): reply for _, _, url, reply in WAYS.values()}


CASES["every-source-fails"] = Case(
    5,
    "failed/no-links",
    "".join(
        f'[[source]]\nkind = "{kind}"\nurl = "{url}"\n{LINKS if kind == "section" else ""}'
        for _, kind, url, _ in WAYS.values()
    ),
    serve_ways,
    QUICK,
    counts={"source/ok": None},
)


@dataclass
class Seen:
    code: int
    log: str
    out: str
    site: Site


def wait_for(server: LocalServer, requests: int) -> None:
    deadline = time.monotonic() + 60
    while len(server.asked) < requests and time.monotonic() < deadline:
        time.sleep(0.02)


def run_case(case: Case, folder: Path) -> Seen:
    """A server and a folder of its own, and the command as a scheduler would run it."""
    with LocalServer() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        site = Site(folder, server)
        port = str(closed_port())
        site.write(case.toml.replace("{closed}", port))
        case.serve(server)
        command = site.command(
            "crawl", case.name, "-s", f"NEWSCRAWL_ALLOWED_PRIVATE_HOSTS={server.host},127.0.0.1:{port}", *case.options
        )
        if case.prelude:
            command[1:3] = ["-c", f"{case.prelude}from newscrawl.__main__ import main\nmain()"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder)
        for number, kind in enumerate(case.signals):
            wait_for(server, 5) if number == 0 else time.sleep(0.3)
            process.send_signal(kind)
        out, log = process.communicate(timeout=120)
        server.shutdown()
    return Seen(process.returncode, log, out, site)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Every case, three at a time."""
    folders = {name: tmp_path_factory.mktemp(name) for name in CASES}
    with ThreadPoolExecutor(3) as pool:
        yield {name: pool.submit(run_case, case, folders[name]) for name, case in CASES.items()}


@pytest.mark.parametrize("name", CASES)
def test_the_exit_code_and_the_report_tell_what_happened(name: str, runs: dict[str, Any]) -> None:
    case, seen = CASES[name], runs[name].result()
    assert seen.code == case.code, seen.log[-3000:]
    assert case.said in seen.log
    assert not list((seen.site.output / "runs").glob("*.part"))
    if case.outcome is None:
        assert (not list((seen.site.output / "runs").glob("*.json")) and not seen.out.strip()) or case.code == 2
        return
    report = seen.site.report()
    assert (report["exit_code"], report["finish_reason"]) == (case.code, case.finish)
    assert report["sources"][0]["outcome"] == case.outcome
    assert {key: report["counts"].get(key) for key in case.counts} == case.counts
    assert f"(exit code {case.code})" in seen.out and len(seen.out.splitlines()) <= 15
    recount(seen.site, report)


@pytest.mark.parametrize("way", WAYS)
def test_each_way_a_source_fails_is_told(way: str, runs: dict[str, Any]) -> None:
    report = runs["every-source-fails"].result().site.report()
    assert report["sources"][list(WAYS).index(way)]["outcome"] == WAYS[way][0]


def recount(site: Site, report: dict[str, Any]) -> None:
    """The report agrees with the lines that lie in the output, also where the run was cut."""
    files = [path for path in (site.output / "stories").rglob("*.jsonl*") if path.name.startswith(report["run"])]
    lines = [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]
    stories = report["stories"]
    assert stories["lines"] == len(lines) == sum(file["lines"] for file in stories["files"])
    assert stories["size_bytes"] == sum(path.stat().st_size for path in files)
    assert stories["change"] == Counter(line["change"] for line in lines)
    assert stories["relation"] == Counter(line["cluster"]["relation"] for line in lines)
    assert stories["agency"] == Counter(line["agency"] or "none" for line in lines)
    assert {line["crawl"]["run"] for line in lines} <= {report["run"]}


def start(site: Site, *options: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        site.command("crawl", "gazette", *options),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=site.folder,
    )
    wait_for(site.server, 5)
    return process


def test_overlap_and_kill_9(site: Site) -> None:
    """A second run exits 75 at once and leaves no report; a killed one is told by the next, with its lines."""
    site.write(SECTION)
    serve(site.server, 30, Port9=Reply(play=hang))  # so that it is under way until it is killed, however slow we are
    killed = start(site, "-s", "DOWNLOAD_TIMEOUT=600")
    wait_for(site.server, 32)
    time.sleep(1)
    serve(site.server, 30)
    second = site.crawl()
    assert second.returncode == 75 and f"pid {killed.pid}" in second.stderr and not second.stdout.strip()
    listed = [json.loads(line) for line in site.run("runs", "--json").stdout.splitlines()]
    assert [run["status"] for run in listed] == ["running"]
    assert [json.loads(line)["state"] for line in site.run("due", "gazette", "--json").stdout.splitlines()] == [
        "running"
    ]
    killed.send_signal(signal.SIGKILL)
    assert killed.wait() == -9
    listed = [json.loads(line) for line in site.run("runs", "--json").stdout.splitlines()]
    assert [(run["status"], run["meaning"]) for run in listed] == [("killed", "never finished")]
    assert site.crawl().returncode == 0
    report = site.report()
    recount(site, report)
    ((run, lines),) = [(entry["run"], entry["lines"]) for entry in report["recovered"]["runs"]]
    assert run == listed[0]["run"] and lines > 0
    assert report["stories"]["lines"] + lines == len(site.lines()) == 30
    assert site.crawl().returncode == 0
    assert site.report()["recovered"]["runs"] == [], "told once"
    assert [json.loads(line)["status"] for line in site.run("runs", "--json").stdout.splitlines()] == [
        "finished",
        "finished",
        "killed",
    ]


def test_silence_is_counted_from_the_last_story_seen(site: Site) -> None:
    """Known stories count as seen; what was seen is remembered across runs, also by a state that was made again."""
    import sqlite3

    site.write(SECTION + FEED + "[expect]\nsilent_hours = 3\n")
    serve(site.server, feed=EMPTY_FEED)
    assert site.crawl().returncode == 0
    assert (
        site.crawl().returncode == 0 and site.report()["stories"] | {"seen": 3, "lines": 0} == site.report()["stories"]
    )
    serve(site.server, 0, list=Reply("", 404), feed=EMPTY_FEED)
    assert site.crawl().returncode == 4, "an empty feed is no failure yet"

    def age(hours: int) -> None:
        for path in (site.output / "runs").glob("*.json"):
            report = json.loads(path.read_text("utf-8"))
            at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - hours * 3600))
            path.write_text(json.dumps(report | {"started_at": at}), "utf-8")
        assert site.run("rebuild").returncode == 0

    age(2)
    assert site.crawl().returncode == 4
    age(4)
    assert site.crawl().returncode == 5 and site.report()["counts"]["expect/silent"] == 1
    with sqlite3.connect(site.output / "state" / "newscrawl.sqlite") as db:
        assert [row[0] for row in db.execute("SELECT seen FROM runs ORDER BY n")] == [3, 3, 0, 0, 0]


OK, FAILED = {"newscrawl/source/ok": 1}, {"newscrawl/source/failed/http-404": 1}
END = {"finish_reason": "finished"}
GAVE = {"newscrawl/candidate/requested": 2, "newscrawl/story/seen": 1}


@pytest.mark.parametrize(
    ("stats", "code"),
    [
        (END | OK | GAVE, 0),
        (END | {"newscrawl/source/not-modified": 1}, 0),
        (END, 0),
        (END | OK | FAILED, 4),
        (END | OK | {"newscrawl/source/robots-unreachable": 1}, 4),
        (END | OK | FAILED | {"newscrawl/drift/marked": 1}, 6),
        (END | OK | {"newscrawl/drift/marked": 0}, 0),
        (END | FAILED | {"newscrawl/drift/marked": 1}, 5),
        (END | OK | {"newscrawl/candidate/requested": 2}, 5),
        (END | OK | GAVE | {"newscrawl/expect/silent": 1}, 5),
        (FAILED | {"finish_reason": "shutdown"}, 11),
        (FAILED, 11),
        (FAILED | {"finish_reason": "shutdown", "newscrawl/write/failed": 1}, 3),
        (END | OK | {"newscrawl/source/rss/not-a-feed": 1}, 0),
    ],
)
def test_the_first_that_holds(stats: dict[str, Any], code: int) -> None:
    assert of_run(stats) == code


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ([], 0), ([0, 0], 0), ([0, 75], 0), ([75, 75], 75), ([0, 5], 4), ([0, 4], 4), ([5, 1], 5), ([5, -9], 5),
        ([0, -9], 4), ([0, 6, 5], 6), ([0, 3, 11], 3), ([0, 11, 5], 11), ([6], 6), ([4], 4), ([1, 75], 5),
    ],
)  # fmt: skip
def test_one_code_of_many_runs(codes: list[int], code: int) -> None:
    assert of_runs(codes) == code


def test_every_code_has_its_words() -> None:
    from newscrawl.monitoring.exit_codes import MEANINGS, meaning

    assert set(MEANINGS) == set(ExitCode)
    assert [meaning(code) for code in (0, None, -9, 42)] == ["good", "never finished", "killed by signal 9", "unknown"]
