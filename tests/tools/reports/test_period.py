"""`scrapy report`: the runs asked for, their figures, and a page that needs nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from newscrawl.monitoring.hosts import MAX_HOSTS, HostLatency
from newscrawl.monitoring.report_files import read_report_file
from newscrawl.tools.reports.period import NoRuns, report_on, runs_asked
from newscrawl.tools.reports.period_view import in_words, report_page, report_text, write_page
from tests.conftest import Reply, Site
from tests.tools.web.made import HOSTILE, Markup, made_line, write_lines

DAYS = ("20261110", "20261117", "20261120", "20261123")
SITES = ("paper.example", "other.example")


def run_id(day: str, site: str) -> str:
    return f"{day}T010000Z-00000{SITES.index(site)}"


def made_report(day: str, site: str, /, **changes: Any) -> dict[str, Any]:
    counts = {
        "identify/new": 2,
        "identify/copy": 1,
        "identify/update": 1,
        "read/failed": 3,
        "source/ok": 1,
        "write/lines": 4,
    }
    return {
        "run": run_id(day, site), "site": site, "started_at": f"{day[:4]}-{day[4:6]}-{day[6:]}T01:00:00Z", "elapsed_seconds": 2.0,
        "finish_reason": "finished", "requests": 9, "response_bytes": 900, "counts": counts,
        "hosts": [{"host": f"www.{site}", "responses": 9, "mean_seconds": 0.5 + SITES.index(site), "slowest_seconds": 2.0}],
    } | changes  # fmt: skip


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Two sites, a run of each on four days; the last day's lines."""
    (tmp_path / "runs").mkdir()
    for day in DAYS:
        for site in SITES:
            write_report(tmp_path, made_report(day, site))
    for site in SITES:
        lines = [made_line(key, site=site, fetched="2026-11-23T01:00:00Z") for key in "12"]
        for line in lines:
            line["crawl"]["run"] = run_id("20261123", site)
        another = made_line("3", site=site)  # of another run, in the same folder
        another["crawl"]["run"] = run_id("20261120", site)
        update = {**lines[0], "version": 2, "change": "update"}  # a line of the run, but no other story
        write_lines(
            tmp_path, f"{site}/2026/11/23/{run_id('20261123', site)}-0001.jsonl", *lines, another, update, tail=b"torn"
        )
    return tmp_path


def write_report(folder: Path, report: dict[str, Any]) -> None:
    (folder / "runs" / f"{report['run']}.json").write_bytes(orjson.dumps(report))


@pytest.mark.parametrize(
    ("asked", "days"),
    [
        pytest.param({}, ["20261117", "20261120", "20261123"], id="seven days up to the newest"),
        pytest.param({"last": 1}, ["20261123"], id="the last"),
        pytest.param({"last": 99}, list(DAYS), id="more than there are"),
        pytest.param({"run": run_id("20261117", "other.example")}, ["20261117"], id="one"),
        pytest.param({"since": "2026-11-18"}, ["20261120", "20261123"], id="since"),
        pytest.param({"since": "2026-11-10", "until": "2026-11-17"}, ["20261110", "20261117"], id="days"),
    ],
)
def test_runs_asked(output: Path, asked: dict[str, Any], days: list[str]) -> None:
    found = [run.id[:8] for run in runs_asked(output / "runs", **asked)]
    assert sorted(set(found)) == days
    assert found == sorted(found)


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"run": "none"}, "the id 'none'"), ({"since": "2027-01-01"}, "a start from 2027-01-01")],
)
def test_no_runs(output: Path, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(NoRuns, match=said):
        runs_asked(output / "runs", **asked)
    with pytest.raises(NoRuns, match="no run has left a report"):
        runs_asked(output / "nothing", **asked)


def test_figures(output: Path) -> None:
    report = report_on(output, runs_asked(output / "runs", since="2026-11-20"))
    row = report.sites["paper.example"]
    assert (row.runs, row.new, row.copies, row.updates, row.failures) == (2, 4, 2, 2, 6)
    assert report.failures == {"read/failed": 12}
    assert report.tally.stories() == 6  # the run of the 20th wrote one line that lies with the 23rd's
    assert (row.newest_at, row.median_latency_seconds) == (1_795_393_800, 1_800)
    assert [host for host, _, _ in report.hosts] == ["www.other.example", "www.paper.example"]
    assert report.title == "4 runs from 2026-11-20 to 2026-11-23"


def test_only_the_lines_of_the_runs_count(output: Path) -> None:
    assert report_on(output, runs_asked(output / "runs", run_id("20261123", "paper.example"))).tally.stories() == 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no json",
        b"[]",
        b'{"counts": 5, "site": null, "hosts": 7, "sources": "x"}',
        b'{"counts": {"a": "b"}, "hosts": [1, {"host": 2}]}',
        b"\xff",
    ],
)
def test_a_report_that_is_none_stops_nothing(output: Path, content: bytes) -> None:
    (output / "runs" / "20261124T000000Z-000000.json").write_bytes(content)
    report = report_on(output, runs_asked(output / "runs"))
    assert report.sites["paper.example"].new > 0
    assert report_page(report)
    assert list(report_text(report))


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        pytest.param(
            {"drift/marked": 1, "drift/byline": 4, "drift/quarantined": 3},
            ["byline: lacking in 4", "3 in quarantine"],
            id="marked",
        ),
        pytest.param({"drift/released": 3, "drift/byline": 1}, [], id="not marked"),
        pytest.param({}, [], id="nothing"),
    ],
)
def test_drift(output: Path, counts: dict[str, int], said: list[str]) -> None:
    write_report(output, made_report("20261123", "paper.example", counts=counts))
    assert read_report_file(output / "runs" / f"{run_id('20261123', 'paper.example')}.json").drift() == said


def test_the_page_needs_nothing_else_and_runs_nothing(output: Path) -> None:
    write_report(output, made_report("20261123", "paper.example", site=HOSTILE, counts={f"read/failed{HOSTILE}": 1}))
    page = report_page(report_on(output, runs_asked(output / "runs")))
    tags = Markup(page).tags
    assert not {tag for tag, _ in tags} & {"script", "img", "iframe", "link", "a"}
    assert not {
        name
        for _, attributes in tags
        for name in attributes
        if name in ("src", "href", "style") or name.startswith("on")
    }
    assert not re.search(r"url\(|@import", page)
    assert "default-src 'none'" in page
    assert page.count("<svg") >= 5


def test_text_escapes_what_steers_a_terminal(output: Path) -> None:
    write_report(
        output, made_report("20261123", "paper.example", site="evil\x1b[2J", counts={"read/failed\x1b[31m": 1})
    )
    text = "\n".join(report_text(report_on(output, runs_asked(output / "runs"))))
    assert "\x1b" not in text
    assert "evil\\x1b[2J" in text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, "–"), (0, "0 s"), (119, "119 s"), (120, "2 min"), (7199, "119 min"), (7200, "2 h"), (172_800, "2 days")],
)
def test_in_words(seconds: int | None, words: str) -> None:
    assert in_words(seconds) == words


def test_a_page_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    write_page(tmp_path / "new/report.html", "one")
    write_page(tmp_path / "new/report.html", "two")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["report.html"]
    (tmp_path / "folder/report.html").mkdir(parents=True)
    with pytest.raises(OSError, match="folder"):
        write_page(tmp_path / "folder/report.html", "three")
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["report.html"]


def test_host_times() -> None:
    times = HostLatency()
    for seconds in (1.0, 3.0):
        times.add("slow.example", seconds)
    times.add("quick.example", 0.25)
    assert times.table() == [
        {"host": "slow.example", "responses": 2, "mean_seconds": 2.0, "slowest_seconds": 3.0},
        {"host": "quick.example", "responses": 1, "mean_seconds": 0.25, "slowest_seconds": 0.25},
    ]
    for number in range(2 * MAX_HOSTS):
        times.add(f"{number}.example", 9.0)
    assert len(times.by_host) == MAX_HOSTS


def test_the_command_reports_a_real_crawl(site: Site, page: Callable[..., str]) -> None:
    site.server.pages = {"/list": "".join(f'<a href="/story-{name}">{name}</a>' for name in ("Port1", "Port2")), "/story-Port1": page("Port1"), "/story-Port2": Reply("broken", 500)}  # fmt: skip
    site.write('[[source]]\nkind = "section"\nurl = "{base}/list"\nlinks = "a"\n')
    assert site.crawl().returncode == 0
    done = site.run("report", "--last", "1")
    assert done.returncode == 0, done.stderr
    assert re.search(r"gazette +1 .* 1 +0 +0 +\d", done.stdout)
    assert "127.0.0.1" in done.stdout  # among the slowest hosts
    assert (site.output / "report.html").read_text("utf-8").startswith("<!doctype html>")
    detail = json.loads(site.run("report", "--json").stdout)
    assert [row["site"] for row in detail["sites"]] == ["gazette"]
    assert detail["slowest_hosts"][0]["host"] == "127.0.0.1"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--last", "0"), "--last N (1 or more)"),
        (("one", "two"), "takes an output folder and one run"),
        (("one", "--last", "1"), "takes an output folder and one run"),
        (("--since", "yesterday"), "'yesterday' is not a day; write"),
        (("--sinc", "2026-11-18"), ""),
        ((), "there is no such output folder; crawl a site first"),
    ],
)
def test_wrong_use(site: Site, arguments: tuple[str, ...], said: str) -> None:
    done = site.run("report", *arguments)
    assert done.returncode == 2
    assert said in done.stderr + done.stdout
