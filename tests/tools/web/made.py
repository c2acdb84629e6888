"""Output folders for the tests of the browser view: real lines, changed where a row of a test says so."""

from __future__ import annotations

import gzip
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import orjson

from newscrawl.storage.jsonl import line_of
from newscrawl.tools.web.index import Index
from newscrawl.tools.web.search import Results, asked_of, search
from tests.stories import make_story

HOSTILE = "<img src=x onerror=\"document.title='ran'\"><script>document.title='ran'</script>"


def made_line(
    key: str = "1", *, site: str = "paper.example", fetched: str = "2026-11-23T01:00:00Z", **changes: Any
) -> dict[str, Any]:
    """A line as a crawl writes it; `changes` replace whole fields."""
    line: dict[str, Any] = orjson.loads(line_of(make_story(key, host=site)))
    line["crawl"]["fetched_at"] = fetched
    line["crawl"]["run"] = "20261123T000000Z-000000"
    line["published_at"] = "2026-11-23T00:30:00Z"
    line["language"] = "en"
    return line | changes


def write_lines(output: Path, name: str, *lines: dict[str, Any], tail: bytes = b"") -> Path:
    """A segment `<site>/.../<name>` below the folder of stories, after whatever it holds already."""
    path = output / "stories" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(b"".join(orjson.dumps(line) + b"\n" for line in lines) + tail)
    return path


def found(index: Index, **asked: str) -> Results:
    return search(index, asked_of(asked))


def found_ids(index: Index, **asked: str) -> list[str]:
    """The keys of the stories found, the newest first."""
    return [row["id"] for row in found(index, **asked).stories]


def warc_record(
    body: bytes, headers: bytes = b"Content-Type: text/html; charset=utf-8\r\n", kind: bytes = b"response"
) -> bytes:
    block = b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n" + body
    return (
        b"WARC/1.1\r\nWARC-Type: " + kind + b"\r\nWARC-Target-URI: https://paper.example/story\r\nWARC-Date: 2026-11-23T00:31:00Z\r\n"
        b"Content-Type: application/http;msgtype=response\r\nContent-Length: " + str(len(block)).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"
    )  # fmt: skip


def write_warc(output: Path, *records: bytes) -> list[dict[str, Any]]:
    """A WARC file of records, each packed by itself, and where they lie."""
    places, content = [], b""
    for record in records:
        packed = gzip.compress(record)
        places.append({"file": "warc/one.warc.gz", "offset": len(content), "length": len(packed)})
        content += packed
    (output / "warc").mkdir(parents=True, exist_ok=True)
    (output / "warc/one.warc.gz").write_bytes(content)
    return places


class Markup(HTMLParser):
    """What a page would make a browser do: its elements, links and attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data
