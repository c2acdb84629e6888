"""A web server of our own and the real command, for the tests that crawl."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from benchmarks.corpus import Maker
from tests.corpus.made import write_lines

SHARED = Path(__file__).resolve().parents[2] / "shared"

needs_shared = pytest.mark.skipif(not (SHARED / "data").is_dir(), reason="../shared/data is not there")


@dataclass
class Reply:
    body: str | bytes = ""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


class LocalServer(ThreadingHTTPServer):
    """Serves `pages` (path with query -> Reply or text) on loopback and keeps the list of what was asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages: dict[str, Reply | str] = {}
        self.asked: list[str] = []

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def base(self) -> str:
        return f"http://{self.host}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: LocalServer

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        found = self.server.pages.get(self.path, Reply("nothing here", 404))
        reply = Reply(found) if isinstance(found, str) else found
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
        }
        options = [part for key, value in settings.items() for part in ("-s", f"{key}={value}")]
        return [sys.executable, "-m", "newscrawl.cli", args[0], *options, *args[1:]]

    def run(self, *args: str, **options: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*args), capture_output=True, text=True, cwd=self.folder, check=False, **options
        )

    def crawl(self, *args: str) -> subprocess.CompletedProcess[str]:
        return self.run("crawl", "gazette", *args)

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
