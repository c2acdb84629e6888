"""`scrapy diff`, `clusters` and `why` on a real crawl, and a page that is gone."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from newscrawl.tools.reports.clusters import carried, in_words
from newscrawl.tools.reports.versions import DiffPart, compared, steps, versions_page
from tests.conftest import PARAGRAPHS, Reply, Site, story_page

SITE = '[[source]]\nkind = "section"\nurl = "{base}/{list}"\nlinks = "li > a"\n[[layout]]\nheadline = "h1"\nbody = "article > p"\n'
SECOND = "The mayor will open the quay in June, a spokesman told reporters."


def serve(site: Site, names: tuple[str, ...] = ("Varn", "Solm"), **paragraphs: list[str]) -> None:
    links = "".join(f"<li><a href=/{name}>{name}</a></li>" for name in names)
    site.server.pages["/list"] = Reply(f"<html><body><ul>{links}</ul></body></html>")
    for name in names:
        site.server.pages[f"/{name}"] = Reply(story_page(name, paragraphs=paragraphs.get(name)))


@pytest.fixture
def crawled(site: Site) -> Site:
    """Two stories of the gazette, one of them in two versions, and a copy of it in another paper."""
    site.write(SITE.replace("{list}", "list"))
    site.write(SITE.replace("{list}", "copies"), "courier")
    serve(site)
    assert site.crawl().returncode == 0
    serve(site, Varn=[PARAGRAPHS[0].replace("Monday", "Tuesday"), *PARAGRAPHS[1:], SECOND])
    site.pass_time(3600)
    assert site.crawl().returncode == 0
    site.server.pages["/copies"] = Reply("<html><body><ul><li><a href=/copy-1>x</a></li></ul></body></html>")
    copy = story_page("Varn", paragraphs=PARAGRAPHS[:3]).replace("<h1>Varn widens its quay", "<h1>Wider quay for Varn")
    site.server.pages["/copy-1"] = Reply(copy)
    assert site.run("crawl", "courier").returncode == 0
    return site


def ids(site: Site) -> tuple[str, str, str]:
    """(the story in two versions, the other one, the copy)."""
    lines = site.lines()
    two = next(line["id"] for line in lines if line["version"] == 2)
    return two, next(line["id"] for line in lines if line["id"] != two), site.lines("courier")[0]["id"]


def test_the_commands(crawled: Site) -> None:
    varn, solm, copy = ids(crawled)
    diff = crawled.run("diff", varn)
    assert diff.returncode == 0, diff.stderr
    assert "[-Monday-]{+Tuesday+}" in diff.stdout and f"{{+{SECOND[:30]}" in diff.stdout
    html = crawled.folder / "diff.html"
    assert crawled.run("diff", varn, "--html", str(html)).returncode == 0
    assert "<del>Monday</del><ins>Tuesday</ins>" in html.read_text("utf-8")
    clusters = crawled.run("clusters", "--json")
    (story,) = map(json.loads, clusters.stdout.splitlines())
    assert story["id"] == varn and [carrier["id"] for carrier in story["carriers"]] == [varn, copy]
    assert [carrier["names_agency"] for carrier in story["carriers"]] == [True, True]
    assert "courier" in crawled.run("clusters").stdout
    same, other = crawled.run("why", varn, copy), crawled.run("why", varn, solm)
    assert re.search(r"verdict\tthe same: score", same.stdout) and re.search(r"verdict\tnot the same", other.stdout)
    assert re.search(r"only in the second\t.*Solm", other.stdout)
    assert not re.search(r"[a-z][*]|containment|shingle", same.stdout)
    assert json.loads(crawled.run("why", varn, copy, "--json").stdout)["verdict"].startswith("the same")


def test_the_commands_take_a_path(crawled: Site) -> None:
    varn, solm, copy = ids(crawled)
    (crawled.folder / "output").rename(crawled.folder / "elsewhere")
    file = next((crawled.folder / "elsewhere" / "stories" / "courier").rglob("*.jsonl"))
    for command in ("runs", "report", "clusters", "credits"):
        done = crawled.run(command, "elsewhere")
        assert done.returncode == 0 and "courier" in done.stdout, (command, done.stderr)
    assert json.loads(crawled.run("diff", "elsewhere/stories", varn, "--json").stdout.splitlines()[1])["version"] == 2
    assert crawled.run("diff", str(file), copy).returncode == 0
    assert crawled.run("why", "elsewhere", varn, solm).returncode == 0
    assert crawled.run("runs", str(file)).returncode == 2
    rows = [line.split("\t") for line in crawled.run("clusters", "elsewhere").stdout.splitlines()]
    assert rows[0][:3] == ["headline", "source", "relation"] and {len(row) for row in rows} == {7}


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        (("deliver", "nowhere"), "no such folder; `./nowhere` creates it. Allowed targets are folders, s3://"),
        (("deliver", "nope/there"), "no folder nope"),
        (("export", "-o", "nope/x.csv", "--to", "csv"), "no folder nope"),
        (("export", "-o", "x.csv", "--to", "csv", "--site", "nosuch"), "output: courier, gazette"),
        (("inspect", "--agency", "nosuch"), "output: yonhap"),
        (("inspect", "--kind", "nosuch"), "output: article"),
        (("credits", "-o", "nope/x.html"), "no folder nope"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_the_allowed_values(crawled: Site, args: tuple[str, ...], problem: str) -> None:
    done = crawled.run(*args)
    assert (done.returncode, problem in done.stderr) == (2, True), done.stderr
    assert not (crawled.folder / "nope").exists() and not (crawled.folder / "nowhere").exists()


def test_a_quiet_crawl_prints_nothing_where_nothing_is_wrong(site: Site) -> None:
    site.write(SITE.replace("{list}", "list"))
    serve(site)
    done = site.run("crawl", "gazette", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("args", [("diff",), ("diff", "a", "b"), ("diff", "gazette:nothing"), ("diff", "../etc:x"), ("why", "gazette:nothing", "x"), ("why", "a"), ("clusters", "x"), ("clusters", "--unknown"), ("clusters", "--limit", "-1"), ("runs", "--site", "nosuch"), ("tail", "nosuch"), ("credits",), ("compact",), ("deliver", "there"), ("runs", "nosuch"), ("report", "nosuch"), ("demo", "x"), ("rebuild",), ("validate", "nosuch")])  # fmt: skip
def test_wrong_use_is_refused_by_name(site: Site, args: tuple[str, ...]) -> None:
    site.write(SITE.replace("{list}", "list"))
    done = site.run(*args)
    assert done.returncode == 2 and "error" in done.stderr and "Traceback" not in done.stderr


def test_a_page_that_is_gone_is_a_withdrawal_once(site: Site) -> None:
    site.write(SITE.replace("{list}", "list"))
    serve(site)
    assert site.crawl().returncode == 0
    for name in ("/Varn", "/Never"):
        site.server.pages[name] = Reply("gone", status=410)
    links = "".join(f"<li><a href=/{name}>{name}</a></li>" for name in ("Varn", "Solm", "Never"))
    site.server.pages["/list"] = Reply(f"<html><body><ul>{links}</ul></body></html>")
    for count in (1, 0):
        site.pass_time(3600)
        assert site.crawl().returncode == 0
        counts = site.report()["counts"]
        assert counts.get("identify/withdrawal", 0) == counts.get("identify/gone", 0) == count
        assert counts.get("read/gone", 0) == 2 * count, "what is gone is not asked for again"
    line = site.lines()[-1]
    first = next(other for other in site.lines() if other["id"] == line["id"])
    assert (line["change"], line["version"], line["headline"], line["text"]) == (
        "withdrawal",
        2,
        "Varn widens its quay",
        "",
    )
    assert line["crawl"]["status"] == 410 and line["previous"] == first["content_hash"]
    assert len(site.lines()) == 3


CHANGES: list[tuple[str, list[str], list[str], list[list[DiffPart]]]] = [
    ("nothing", ["a b"], ["a b"], [[DiffPart("same", "a b")]]),
    ("a word", ["one two three"], ["one too three"], [[DiffPart("same", "one "), DiffPart("removed", "two"), DiffPart("added", "too"), DiffPart("same", " three")]]),
    ("a paragraph more", ["a b c"], ["a b c", "x y z"], [[DiffPart("same", "a b c")], [DiffPart("added", "x y z")]]),
    ("a paragraph less", ["a b c", "x y z"], ["x y z"], [[DiffPart("removed", "a b c")], [DiffPart("same", "x y z")]]),
    ("another paragraph", ["a b c"], ["x y z"], [[DiffPart("added", "x y z")], [DiffPart("removed", "a b c")]]),
    ("emptied", ["a b c"], [""], [[DiffPart("removed", "a b c")]]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES])
def test_what_changed(old: list[str], new: list[str], expected: list[list[DiffPart]]) -> None:
    assert compared(old, new) == expected


def line(story_id: str, at: str, credited: list[str], **cluster: Any) -> dict[str, Any]:
    known = {"id": "a:1", "relation": "copy", "of": "a:1", "similarity": 0.9, "original": None} | cluster
    return {
        "id": story_id, "version": 1, "change": "new", "url": "http://x.example/1", "headline": "<b>Quay</b>", "text": "one\n\ntwo",
        "agency": credited[0] if credited else None, "attribution": [{"id": name} for name in credited], "cluster": known,
        "source": {"id": story_id.partition(":")[0]}, "published_at": at, "crawl": {"fetched_at": at},
    }  # fmt: skip


def test_clusters_know_the_delay_from_the_original_and_who_dropped_the_credit() -> None:
    lines = [
        line("a:1", "2026-11-23T10:00:00Z", ["yonhap"], relation="first", of=None, similarity=None),
        line("w:2", "2026-11-23T09:00:00Z", ["yonhap"], original="w:2"),
        line("b:3", "2026-11-23T12:30:00Z", [], original="w:2"),
        line("c:4", "2026-11-23T12:30:00Z", [], id="c:4", relation="first"),
    ]
    (story,) = carried(lines)
    assert (story.original, story.agency) == ("w:2", "yonhap")
    assert [(c.id, c.delay_seconds, c.names_agency) for c in story.carriers] == [
        ("w:2", 0, True),
        ("a:1", 3600, True),
        ("b:3", 12600, False),
    ]
    assert [in_words(seconds) for seconds in (None, 0, 3600, 12600, -600)] == [
        "",
        "+0 min",
        "+60 min",
        "+3 h 30",
        "-10 min",
    ]


def test_the_html_of_versions_is_escaped() -> None:
    page = versions_page("a:1", "<b>Quay</b>", steps([line("a:1", "2026-11-23T10:00:00Z", [])]))
    assert "<b>" not in page and "&lt;b&gt;Quay" in page and "<script" not in page
