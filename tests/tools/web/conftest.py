"""A view with all that a page can show, and a real server in front of it."""

from __future__ import annotations

import gzip
import http.client
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest

from newscrawl.tools.web.app import Keeper, application
from newscrawl.tools.web.index import Index
from newscrawl.tools.web.pages import OutputView
from newscrawl.tools.web.start import listening, server_of
from tests.tools.web.made import HOSTILE, made_line, warc_record, write_lines, write_warc

SEGMENT = "paper.example/2026/11/23/20261123T000000Z-000000-0001.jsonl"


@dataclass
class Served:
    """A running server, the folder it shows, and ids of stories in it."""

    output: Path
    port: int
    index: Index

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, method: str = "GET", host: str | None = None) -> tuple[int, dict[str, str], str]:
        """(status, headers, body) of one request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.putrequest(method, path, skip_host=host is not None)
        if host is not None:
            connection.putheader("Host", host)
        connection.endheaders()
        reply = connection.getresponse()
        body = reply.read().decode()
        connection.close()
        return reply.status, {name.lower(): value for name, value in reply.getheaders()}, body


def fill(output: Path) -> None:
    """Stories with versions, copies, an archived page and hostile words; run reports; a file in quarantine."""
    page = f"<html><body><h1>Quay</h1>{HOSTILE}</body></html>".encode()
    [place] = write_warc(output, warc_record(page))
    first = made_line("1")
    first["crawl"]["warc"] = place
    update = first | {"version": 2, "change": "update", "text": first["text"].replace("nine million", "five million")}
    copy = made_line("2", site="other.example", fetched="2026-11-23T03:00:00Z", headline="Quay will be wider")
    copy["cluster"] = {
        "id": first["id"],
        "relation": "copy",
        "of": first["id"],
        "similarity": 0.95,
        "original": first["id"],
    }
    hostile = made_line(
        "3", headline=HOSTILE, url="javascript:document.title='ran'", text=f"{HOSTILE}\n\n{HOSTILE} 미사일을 쏘았다"
    )
    hostile["published_at"] = "2026-11-23T00:50:00Z"
    many = [
        made_line(
            f"m{n}", published_at=f"2026-11-2{n % 3}T0{n % 9}:00:00Z", headline=f"Council meets for the {n}th time"
        )
        for n in range(40)
    ]
    write_lines(output, SEGMENT, first, update, hostile, *many)
    write_lines(output, SEGMENT.replace("paper", "other"), copy)
    (output / "runs").mkdir()
    for number, site in enumerate(("paper.example", "other.example")):
        run = f"20261123T00000{number}Z-000000"
        counts = {
            "identify/new": 42,
            "identify/copy": 1,
            "write/lines": 43,
            "read/failed": 2,
            "drift/marked": 1,
            "drift/body": 1,
            "drift/quarantined": 1,
        }
        report = {"run": run, "site": site, "started_at": "2026-11-23T00:00:00Z", "elapsed_seconds": 3.5, "finish_reason": "finished", "requests": 50, "counts": counts}  # fmt: skip
        (output / "runs" / f"{run}.json").write_bytes(orjson.dumps(report))
    (output / "runs" / "20261122T000000Z-000000.json").write_text("no report <b>at all</b>")
    write_held(output, page)


def write_held(output: Path, page: bytes) -> None:
    """A story in quarantine, as a crawl leaves it there, and a damaged file beside it."""
    entry = {
        "url": "https://paper.example/held",
        "requested_url": "https://paper.example/held",
        "body_bytes": len(page),
    }
    head = {"site": "paper.example", "run": "20261123T000000Z-000000", "held_at": "2026-11-23T00:31:00Z", "lacks": ["body"], "is_whole": True, "pages": [entry]}  # fmt: skip
    folder = output / "quarantine/paper.example"
    folder.mkdir(parents=True)
    (folder / "0123456789.json.gz").write_bytes(gzip.compress(orjson.dumps(head) + b"\n" + page))
    (folder / "damaged.json.gz").write_bytes(b"no gzip")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    output = tmp_path_factory.mktemp("serve") / "output"
    fill(output)
    with running(output) as found:
        yield found


class running:
    """A server over an output folder, up and with its index up to date."""

    def __init__(self, output: Path) -> None:
        index = Index(output, output / "state/browse.sqlite")
        index.update()
        self.bound = listening("127.0.0.1", 0)
        app: Any = application(OutputView(output, index), "127.0.0.1", keeper=Keeper(index))
        self.server = server_of(app)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.bound]}, daemon=True)
        self.found = Served(output, self.bound.getsockname()[1], index)

    def __enter__(self) -> Served:
        self.thread.start()
        wait_for(lambda: self.server.started)
        return self.found

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(10)


def wait_for(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait until something holds; the time is generous, since the machine may be busy."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came to hold"
        time.sleep(0.05)
