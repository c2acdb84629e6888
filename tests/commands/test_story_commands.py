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
    assert re.search(r"verdict +the same: score", same.stdout) and re.search(r"verdict +not the same", other.stdout)
    assert re.search(r"only the second has +.*Solm", other.stdout)


@pytest.mark.parametrize("args", [("diff",), ("diff", "a", "b"), ("diff", "gazette:nothing"), ("diff", "../etc:x"), ("why", "gazette:nothing", "x"), ("why", "a"), ("clusters", "x"), ("clusters", "--unknown"), ("clusters", "--limit", "-1"), ("runs", "--site", "nosuch"), ("tail", "nosuch"), ("credits",), ("compact",), ("deliver", "there"), ("rebuild",), ("validate", "nosuch")])  # fmt: skip
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
