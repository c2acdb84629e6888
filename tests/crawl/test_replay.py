"""`scrapy replay`: the callbacks of a crawl over WARC files and saved pages."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from newscrawl.storage.lock import Lock
from tests.archive.made_warc import made_warc
from tests.conftest import PARAGRAPHS, Site, story_page
from tests.crawl.test_crawl_pages import part, texts

A, B = "https://gazette.example", "https://wire.example"
RULES = 'domains = ["{0}.example"]\n'
SECONDS_TO_END = 30  # far more than a replay of a dozen pages needs on a busy machine
LATER = [
    "The harbour council of {name} took back its decision on Monday, and the quay will stay as wide as it is.",
    "Its chairman said that nobody had wanted to pay for the dredger, and that the boats need not go elsewhere.",
]


def linked(n: int) -> str:
    return part(n, links="".join(f'<a href="/report?page={other}">{other}</a> ' for other in (2, 3)))


CAPTURES = [
    (f"{A}/", "<html><a href=/calder>Calder</a></html>"),
    (f"{B}/1", story_page("Calder")),
    (f"{A}/calder", story_page("Calder").replace("Calder widens its quay", "Quay of Calder to grow")),
    (f"{A}/varn", story_page("Varn")),
    (f"{B}/2", story_page("Linden")),
    (f"{A}/report", linked(1)),
    (f"{A}/report?page=2", linked(2)),
    ("https://elsewhere.example/1", story_page("Sable")),
    (f"{A}/report?page=3", linked(3)),
    (f"{A}/linden", story_page("Linden").replace("Linden widens its quay", "Quay of Linden to grow")),
    (f"{A}/varn", story_page("Varn", paragraphs=LATER)),
    (f"{B}/3", story_page("Ostrava")),
]


def write_sites(site: Site) -> None:
    site.write(RULES.replace("{0}", "gazette") + f'[[source]]\nkind = "section"\nurl = "{A}/"\nlinks = "a"\n')
    site.write(RULES.replace("{0}", "wire") + 'kind = "wire"\nagency = "yonhap"\nstory_url = ["/[0-9]+$"]\n', "wire")


def replay(site: Site, output: str, *args: str, timeout: float | None = None) -> subprocess.CompletedProcess[str]:
    return site.run("replay", *args, "-s", f"NEWSCRAWL_OUTPUT_DIR={site.folder / output}", timeout=timeout)


def lines_of(site: Site, output: str) -> list[dict[str, Any]]:
    files = sorted((site.folder / output / "stories").rglob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def counts_of(site: Site, output: str) -> dict[str, int]:
    report = min((site.folder / output / "runs").glob("*.json"))  # one a site; the counters are those of the whole
    counts: dict[str, int] = json.loads(report.read_text("utf-8"))["counts"]
    return counts


def archive(site: Site, name: str = "a.warc.gz") -> tuple[Path, list[int]]:
    content, offsets = made_warc([(url, markup.encode()) for url, markup in CAPTURES])
    path = site.folder / name
    path.write_bytes(content)
    return path, offsets


def test_an_archive_gives_the_same_lines_each_time(site: Site) -> None:
    write_sites(site)
    path, offsets = archive(site)
    for output in ("one", "two"):
        done = replay(site, output, str(path))
        assert done.returncode == 0, done.stderr
    first, second = (
        [{**line, "crawl": {**line["crawl"], "run": None}} for line in lines_of(site, output)]
        for output in ("one", "two")
    )
    assert first == second
    assert site.server.asked == []
    relations = {line["id"].partition(":")[0] + line["url"].rpartition("/")[2] + str(line["version"]): (line["change"], line["cluster"]["relation"]) for line in first}  # fmt: skip
    assert relations == {
        "wire11": ("new", "first"),
        "gazettecalder1": ("new", "copy"),
        "gazettevarn1": ("new", "first"),
        "wire21": ("new", "first"),
        "gazettereport1": ("new", "first"),
        "gazettelinden1": ("new", "copy"),
        "gazettevarn2": ("update", "first"),
        "wire31": ("new", "first"),
    }
    by_place = {line["crawl"]["warc"]["offset"]: line for line in first}
    assert sorted(by_place) == [offsets[n] for n in (1, 2, 3, 4, 5, 9, 10, 11)]
    varn = by_place[offsets[10]]
    assert varn["crawl"]["warc"]["file"] == str(path) and varn["crawl"]["discovered"] == "replay"
    assert varn["crawl"]["fetched_at"] == "2026-11-01T00:10:00Z" and varn["crawl"]["etag"] == '"10"'
    record = path.read_bytes()[offsets[10] :][: varn["crawl"]["warc"]["length"]]
    assert gzip.decompress(record).startswith(b"WARC/1.0\r\n")
    assert by_place[offsets[5]]["text"].split("\n\n") == texts(3)
    counts = counts_of(site, "one")
    assert (counts["replay/elsewhere"], counts["replay/later-page"], counts["replay/no-story-url"]) == (1, 2, 1)
    assert counts["write/lines"] == 8


def test_a_damaged_archive_gives_what_is_readable_and_says_what_is_not(site: Site) -> None:
    write_sites(site)
    path, offsets = archive(site)
    content = path.read_bytes()
    path.write_bytes(content[: offsets[3] + 50] + content[offsets[4] : offsets[11] + 80])
    assert replay(site, "one", str(path), "--site", "gazette").returncode == 4
    lines = lines_of(site, "one")
    assert [line["url"].rpartition("/")[2] for line in lines] == ["calder", "report", "linden", "varn"]
    assert {line["version"] for line in lines} == {1}
    counts = counts_of(site, "one")
    assert (counts["replay/broken-record"], counts["replay/cut-record"]) == (1, 1)


@pytest.mark.parametrize(
    ("names", "code", "counted"),
    [
        (["empty.warc.gz"], 5, "replay/no-record"),
        (["cut.html.gz"], 5, "replay/unreadable-file"),
        (["elsewhere.html"], 5, "replay/elsewhere"),
        (["no-story.html"], 5, "check/no-text"),
        (["empty.warc.gz", "story.html"], 4, "replay/no-record"),
        (["elsewhere.html", "story.html"], 0, "replay/elsewhere"),
        (["story.html"], 0, "replay/pages"),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else None,
)
def test_the_exit_code_tells_what_came_of_the_files(site: Site, names: list[str], code: int, counted: str) -> None:
    write_sites(site)
    own = f'<link rel="canonical" href="{A}/varn">'
    made = {
        "empty.warc.gz": b"no record",
        "cut.html.gz": gzip.compress(story_page("Calder", own).encode())[:-20],
        "elsewhere.html": story_page("Calder", '<link rel="canonical" href="https://nowhere.example/1">').encode(),
        "no-story.html": f"<html><head>{own}</head><body><h1>Varn</h1></body></html>".encode(),
        "story.html": story_page("Varn", own).encode(),
    }
    for name in names:
        (site.folder / name).write_bytes(made[name])
    done = replay(site, "one", *names)
    assert done.returncode == code, done.stderr[-2000:]
    assert f"'newscrawl/{counted}': 1" in done.stderr


def test_saved_pages_are_read_under_the_address_they_state(site: Site) -> None:
    write_sites(site)
    pages = site.folder / "pages"
    pages.mkdir()
    for name, head in (
        ("b", f'<link rel="canonical" href="{A}/b">'),
        ("a", f'<meta property="og:url" content="{A}/a">'),
    ):
        (pages / f"{name}.html").write_text(story_page(name.upper(), head), "utf-8")
    (pages / "c.html.gz").write_bytes(gzip.compress(story_page("C").encode()))
    (pages / "d.html.gz").write_bytes(gzip.compress(story_page("D").encode())[:-20])
    for path in pages.iterdir():
        os.utime(path, (1_700_000_000, 1_700_000_000))
    assert replay(site, "one", str(pages)).returncode == 4, "a file cannot be read"
    lines = lines_of(site, "one")
    assert [line["url"] for line in lines] == [f"{A}/a", f"{A}/b"]
    assert lines[0]["crawl"]["fetched_at"] == "2023-11-14T22:13:20Z"
    assert lines[0]["crawl"]["warc"] == {"file": None, "offset": None, "length": None}
    counts = counts_of(site, "one")
    assert (counts["replay/no-url"], counts["replay/unreadable-file"]) == (1, 1)


@pytest.mark.parametrize(
    ("args", "detail"),
    [
        ([], "replay takes WARC files"),
        (["nowhere.warc.gz"], "there is no such file or folder"),
        (["sites"], "no .warc, .warc.gz or .html file"),
        (["sites", "--size", "x"], "unknown option --size"),
        (["sites/gazette.toml", "--site", "paper"], "--site paper: must be one of"),
    ],
    ids=range(5),
)
def test_wrong_use(site: Site, args: list[str], detail: str) -> None:
    write_sites(site)
    done = site.run("replay", *args)
    assert done.returncode == 2 and detail in done.stdout + done.stderr


def test_every_paragraph_of_a_replayed_story_is_the_crawls(site: Site) -> None:
    """The same page, crawled and replayed, gives the same line but for how it came."""
    site.write('[[source]]\nkind = "section"\nurl = "{base}/list"\nlinks = "a"\n')
    site.server.pages["/list"] = '<a href="/calder">x</a>'
    site.server.pages["/calder"] = story_page("Calder")
    assert site.crawl().returncode == 0
    url = f"{site.server.base}/calder"
    (site.folder / "a.warc.gz").write_bytes(made_warc([(url, story_page("Calder").encode())])[0])
    assert replay(site, "two", "a.warc.gz").returncode == 0
    (live,), (again,) = site.lines(), lines_of(site, "two")
    assert {**live, "crawl": None} == {**again, "crawl": None}
    assert len(again["body"]) == len(PARAGRAPHS)


@pytest.mark.parametrize("name", ["gazette", "wire"])
def test_a_replay_that_meets_the_lock_of_another_run_ends_at_once(site: Site, name: str) -> None:
    write_sites(site)
    path, _ = archive(site)
    locks = site.folder / "one" / "state" / "locks"
    locks.mkdir(parents=True)
    held = Lock(locks / f"{name}.lock", "crawl")
    try:
        done = replay(site, "one", str(path), timeout=SECONDS_TO_END)
    finally:
        held.release()
    assert done.returncode == 75 and "another run holds it" in done.stderr
    again = replay(site, "one", str(path), timeout=SECONDS_TO_END)
    assert again.returncode == 0 and len(lines_of(site, "one")) == 8, "what was not written is not taken as seen"


def test_a_replay_that_cannot_write_ends_with_exit_code_3(site: Site) -> None:
    write_sites(site)
    path, _ = archive(site)
    (site.folder / "one").mkdir()
    (site.folder / "one" / "stories").write_text("in the way")
    done = replay(site, "one", str(path), timeout=SECONDS_TO_END)
    assert done.returncode == 3 and "Traceback" not in done.stderr


def test_an_interrupted_replay_ends(site: Site) -> None:
    write_sites(site)
    content, _ = made_warc([(f"{B}/{n}", story_page(f"Port{n:05}").encode()) for n in range(3000)])
    path = site.folder / "long.warc.gz"
    path.write_bytes(content)
    command = site.command("replay", str(path), "-s", f"NEWSCRAWL_OUTPUT_DIR={site.folder / 'one'}")
    with subprocess.Popen(command, cwd=site.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            until = time.monotonic() + SECONDS_TO_END
            while not list((site.folder / "one" / "stories").rglob("*")) and time.monotonic() < until:
                time.sleep(0.05)
            time.sleep(0.5)
            assert running.poll() is None, "it ended before it could be interrupted"
            running.send_signal(signal.SIGINT)
            running.wait(SECONDS_TO_END)
        finally:
            running.kill()
    report = json.loads(min((site.folder / "one" / "runs").glob("*.json")).read_text("utf-8"))
    assert report["finish_reason"] == "shutdown" and 0 < report["counts"]["write/lines"] < 3000
