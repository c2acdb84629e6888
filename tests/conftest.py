"""A web server of our own and the real command, for the tests that crawl."""

from __future__ import annotations

import itertools
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from benchmarks.corpus import Maker
from tests.seen import Seen
from tests.tools.query.made import write_lines

SHARED = Path(__file__).resolve().parents[2] / "shared"

# `make test-later` sets the clock ahead, but neither the times of files nor monotonic clocks.
needs_real_clock = pytest.mark.skipif("TEST_LATER_DAYS" in os.environ, reason="compares the clock with another one")
needs_shared = pytest.mark.skipif(not (SHARED / "data").is_dir(), reason="../shared/data is not there")


@dataclass
class Reply:
    body: str | bytes = ""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    play: Callable[[BaseHTTPRequestHandler], object] | None = None  # plays a fault in place of an answer
    wait_seconds: float = 0.0  # before the answer begins
    is_dropped: bool = False  # the connection is closed without an answer


Page = Reply | str | Callable[[], Reply]


@dataclass(frozen=True)
class Asked:
    """One request as the server saw and answered it; `at` counts seconds on a clock of its own."""

    path: str
    headers: dict[str, str]
    status: int
    at: float


@dataclass(frozen=True)
class Arrival:
    """A request as it came; times are monotonic, in seconds."""

    path: str
    at: float
    headers: dict[str, str]
    agents: list[str]  # the User-Agents of the requests that were being answered, this one included


class LocalServer(ThreadingHTTPServer):
    """Serves `pages` (path with query -> Reply, text, a function, or a list of them: the last is repeated) on loopback.

    What was asked for is kept. A path that is not there is looked for by its beginning in `traps`, whose functions make the
    reply. A request that states the validator of its reply is answered 304.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages: dict[str, Page | list[Page]] = {}
        self.traps: dict[str, Callable[[str], Reply | str]] = {}
        self.asked: list[str] = []
        self.log: list[Asked] = []
        self.arrivals: list[Arrival] = []
        self.served: Counter[str] = Counter()
        self.in_flight: list[str] = []
        self.guard = threading.Lock()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def base(self) -> str:
        return f"http://{self.host}"

    def gaps(self) -> list[float]:
        """Seconds between one arrival and the next, whatever was asked for."""
        times = sorted(arrival.at for arrival in self.arrivals)
        return [later - earlier for earlier, later in itertools.pairwise(times)]

    def gap(self, earlier: str, later: str) -> float:
        """Seconds between the last arrival of one path before the first of another."""
        at = {path: [a.at for a in self.arrivals if a.path == path] for path in (earlier, later)}
        return at[later][0] - at[earlier][-1]

    def arrive(self, path: str, headers: dict[str, str]) -> Reply:
        """Log a request; its answer."""
        with self.guard:
            self.in_flight.append(headers.get("User-Agent", ""))
            self.asked.append(path)
            self.arrivals.append(Arrival(path, time.monotonic(), headers, list(self.in_flight)))
            found = self.pages.get(path)
            if isinstance(found, list):
                found = found[min(self.served[path], len(found) - 1)]
            self.served[path] += 1
        if found is None:
            trap = next((trap for start, trap in self.traps.items() if path.startswith(start)), None)
            found = trap(path) if trap else Reply("nothing here", 404)
        found = found() if callable(found) else found
        reply = Reply(found) if isinstance(found, str) else found
        stated = {"ETag": headers.get("If-None-Match"), "Last-Modified": headers.get("If-Modified-Since")}
        if reply.status == 200 and any(value and reply.headers.get(name) == value for name, value in stated.items()):
            reply = Reply("", 304, reply.kind, reply.headers)
        self.log.append(Asked(path, headers, reply.status, time.monotonic()))
        return reply

    def leave(self, headers: dict[str, str]) -> None:
        with self.guard:
            self.in_flight.remove(headers.get("User-Agent", ""))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: LocalServer

    def do_GET(self) -> None:
        headers = dict(self.headers.items())
        reply = self.server.arrive(self.path, headers)
        try:
            time.sleep(reply.wait_seconds)
            self.answer(reply)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the crawler hung up
        finally:
            self.server.leave(headers)

    def answer(self, reply: Reply) -> None:
        if reply.play is not None:
            reply.play(self)
            return
        if reply.is_dropped:
            self.close_connection = True
            return
        body = reply.body.encode() if isinstance(reply.body, str) else reply.body
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer() as running:
        threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield running
        running.shutdown()


@dataclass
class Site:
    """A folder with a site file and an output, and the commands run in it."""

    folder: Path
    server: LocalServer

    @property
    def output(self) -> Path:
        return self.folder / "output"

    def write(self, toml: str, name: str = "gazette") -> None:
        (self.folder / "sites").mkdir(exist_ok=True)
        head = (
            'name = "The Gazette"\nlanguage = "en"\ntimezone = "Asia/Seoul"\nevidence = "a test"\ndelay_seconds = 0\n'
        )
        text = (head + toml).replace("{base}", self.server.base).replace("{host}", self.server.host)
        (self.folder / "sites" / f"{name}.toml").write_text(text, "utf-8")

    def command(self, *args: str) -> list[str]:
        settings = {
            "NEWSCRAWL_SITES_DIR": self.folder / "sites",
            "NEWSCRAWL_OUTPUT_DIR": self.output,
            "NEWSCRAWL_ALLOWED_PRIVATE_HOSTS": self.server.host,
            "RETRY_TIMES": 1,
            "NEWSCRAWL_BACKOFF_SECONDS": 0.05,
        }
        options = [part for key, value in settings.items() for part in ("-s", f"{key}={value}")]
        return [sys.executable, "-m", "newscrawl.__main__", args[0], *options, *args[1:]]

    def run(self, *args: str, **options: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*args), capture_output=True, text=True, cwd=self.folder, check=False, **options
        )

    def crawl(self, *args: str) -> subprocess.CompletedProcess[str]:
        return self.run("crawl", "gazette", *args)

    def pass_time(self, seconds: float) -> None:
        """Let time pass between two runs: everything in the state happened that much earlier."""
        with closing(sqlite3.connect(self.output / "state" / "newscrawl.sqlite")) as state, state:
            by = int(seconds)
            state.execute(
                "UPDATE visits SET fetched_at = fetched_at - ?, changed_at = changed_at - ?, next_at = next_at - ?,"
                " hinted_at = hinted_at - ?",
                (by, by, by, by),
            )
            state.execute("UPDATE sources SET fetched_at = fetched_at - ?, newest = newest - ?", (by, by))
            state.execute(
                "UPDATE runs SET started_at = strftime('%Y-%m-%dT%H:%M:%SZ', started_at, ?)", (f"-{by} seconds",)
            )

    def lines(self, site: str = "gazette") -> list[dict[str, Any]]:
        files = sorted((self.output / "stories" / site).rglob("*.jsonl"))
        return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]

    def report(self) -> dict[str, Any]:
        files = sorted((self.output / "runs").glob("*.json"), key=os.path.getmtime)
        report: dict[str, Any] = json.loads(files[-1].read_text("utf-8"))
        return report


@pytest.fixture
def site(tmp_path: Path, server: LocalServer) -> Site:
    return Site(tmp_path, server)


PARAGRAPHS = [
    "SEOUL, Nov. 23 (Yonhap) -- The harbour council of {name} voted on Monday to widen the northern quay by next spring.",
    "The work will cost about nine million won, according to the plan that the council published after its session.",
    "Fishing boats will have to use the southern basin for some months, which their owners had asked the council to avoid.",
    "The council said it would pay for the longer way. (Yonhap)",
]


def story_page(name: str, head: str = "", paragraphs: list[str] | None = None) -> str:
    """A newspaper's page around a story about `name`."""
    body = "".join(f"<p>{text.format(name=name)}</p>" for text in paragraphs or PARAGRAPHS)
    return (
        f"<html lang=en><head><title>{name} widens its quay - The Gazette</title>{head}</head><body>"
        f"<nav><a href=/>Home</a></nav><article><h1>{name} widens its quay</h1>"
        f"<figure><img src=/q.jpg><figcaption>The quay of {name}. (AFP)</figcaption></figure>{body}</article>"
        "<aside class=related><h3>MOST POPULAR</h3><p>Something quite different happened elsewhere, and many people read about it.</p></aside>"
        "<footer>Copyright The Gazette. All rights reserved.</footer></body></html>"
    )


@pytest.fixture
def page() -> Callable[..., str]:
    return story_page


@pytest.fixture
def records() -> list[dict[str, Any]]:
    """60 lines: 57 stories, three of them in two versions, six of them copies."""
    maker = Maker()
    return [maker.line() for _ in range(60)]


@pytest.fixture
def output(tmp_path: Path, records: list[dict[str, Any]]) -> Path:
    """Three closed files and a folder of state."""
    folder = tmp_path / "output"
    (folder / "state").mkdir(parents=True)
    for number in range(3):
        name = f"stories/site-{number}/2026/09/01/20260901T000000Z-00000{number}-0001.jsonl"
        write_lines(folder / name, records[number * 20 : number * 20 + 20])
    return folder


@pytest.fixture
def seen(tmp_path: Path) -> Iterator[Seen]:
    found = Seen(tmp_path)
    yield found
    found.state.close()
