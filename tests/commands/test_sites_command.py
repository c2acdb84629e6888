"""`scrapy sites`: what is known of the sites, from the files and from an output; and `--check` against four sites."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from newscrawl.items import Story
from newscrawl.sites.model import Layout, Site, Source
from newscrawl.tools.reports.site_check import SiteCheck, code_of, failed_request, of_source, of_story
from newscrawl.tools.reports.sites import MAX_STORIES, MAX_TAIL_BYTES, last_runs, lately, newest_file
from tests.conftest import LocalServer, Reply, story_page
from tests.conftest import Site as SiteFolder

FEED = "<rss version='2.0'><channel><title>All</title><item><link>{base}/{path}</link></item></channel></rss>"
RSS = '[[source]]\nkind = "rss"\nurl = "{base}/PATH"\n'
LAYOUT = '[[layout]]\nbody = "BODY"\n'
FIRST = ["id", "name", "lang", "country", "kind", "agency", "sources", "evidence", "last run", "newest", "filled"]


def feed(site: SiteFolder, path: str) -> Reply:
    return Reply(FEED.format(base=site.server.base, path=path), kind="application/rss+xml")


def write_four(site: SiteFolder) -> None:
    dated = '<meta property="article:published_time" content="2026-11-23T09:00:00Z">'
    pages: dict[str, Reply | str] = {
        "/robots.txt": Reply("User-agent: *\nDisallow: /closed\n", kind="text/plain"),
        "/good.xml": feed(site, "good/1"),
        "/good/1": story_page("Calder", dated),
        "/empty.xml": feed(site, "empty/1"),
        "/empty/1": story_page("Linden", dated),
        "/closed.xml": feed(site, "closed/1"),
    }
    site.server.pages.update(pages)
    site.write(RSS.replace("PATH", "good.xml") + LAYOUT.replace("BODY", "article > p"), "good")
    site.write(RSS.replace("PATH", "dead.xml"), "dead")
    site.write(RSS.replace("PATH", "empty.xml") + LAYOUT.replace("BODY", "div.gone p"), "empty")
    site.write(RSS.replace("PATH", "closed.xml"), "closed")


def checked(site: SiteFolder, *names: str) -> tuple[int, dict[str, dict[str, Any]]]:
    done = site.run("sites", "--check", "--json", *names, timeout=60)
    assert "Traceback" not in done.stderr, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return done.returncode, {record["id"]: record for record in found}


def test_four_sites_are_checked(site: SiteFolder) -> None:
    write_four(site)
    code, found = checked(site, "good", "dead", "empty", "closed")
    assert code == 4
    verdicts = {name: record["verdict"] for name, record in found.items()}
    assert verdicts == {"good": "good", "dead": "failed", "empty": "partly", "closed": "failed"}
    detail = {name: record["findings"] for name, record in found.items()}
    source, story = detail["good"]
    assert source["detail"] == "1 stories" and story["detail"].endswith("characters, 2026-11-23T09:00:00Z")
    assert [f["problem"] for f in detail["dead"]] == ["answered 404"]
    source, story = detail["empty"]
    assert source["problem"] is None and story["problem"] == "selects nothing: body = 'div.gone p'"
    assert [f["problem"] for f in detail["closed"]] == ["forbidden by robots.txt"]
    assert all(f["advice"] for findings in detail.values() for f in findings if f["problem"])
    assert not any(path.startswith("/closed") for path in site.server.asked)
    assert [path.name for path in site.output.iterdir()] == ["state"], "a check writes nothing but whose turn a host is"


def test_the_exit_code_tells_how_much_holds(site: SiteFolder) -> None:
    write_four(site)
    site.write('blocked = "licensed"\ndomains = ["shut.example"]\n', "shut")
    assert checked(site, "good")[0] == 0
    assert checked(site, "good", "shut")[0] == 0
    assert checked(site, "dead", "closed")[0] == 5


def test_people_get_a_line_a_finding_and_a_sum(site: SiteFolder) -> None:
    write_four(site)
    site.write('blocked = "licensed"\ndomains = ["shut.example"]\n', "shut")
    done = site.run("sites", "--check", "good", "dead", "shut")
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert lines[0] == ["site", "verdict", "what", "url", "found", "to change"]
    assert [line[:3] for line in lines[1:]] == [
        ["good", "good", "rss"],
        ["good", "good", "story"],
        ["dead", "failed", "rss"],
        ["shut", "blocked", ""],
    ]
    assert "3 sites: 1 good, 0 partly, 1 failed, 1 blocked" in done.stderr


def test_what_comes_too_late_is_told(site: SiteFolder) -> None:
    write_four(site)
    done = site.run("sites", "--check", "--json", "--seconds", "0.000001", "good")
    assert done.returncode == 5
    assert json.loads(done.stdout)["findings"][0]["problem"] == "no time was left for it"


def test_wrong_calls(site: SiteFolder) -> None:
    site.write(RSS, "good")
    unknown = site.run("sites", "nowhere")
    assert unknown.returncode == 2 and "no site 'nowhere'" in unknown.stderr
    site.write('nonsense = 1\ndomains = ["good.example"]\n', "broken")
    broken = site.run("sites", "broken")
    assert broken.returncode == 1 and "broken.toml" in broken.stderr
    beside = site.run("sites", "good", "ap")
    assert beside.returncode == 0 and "broken.toml" not in beside.stderr
    assert "broken.toml" in site.run("sites").stderr
    assert site.run("sites", "--seconds", "0").returncode == 2
    assert site.run("sites", "--nothing").returncode == 2


def test_the_sites_with_and_without_an_output(site: SiteFolder, server: LocalServer) -> None:
    write_four(site)
    (site.folder / "sites/good.toml").rename(site.folder / "sites/gazette.toml")
    assert site.crawl().returncode == 0
    plain = site.run("sites")
    lines = [line.split("\t") for line in plain.stdout.splitlines()]
    assert plain.returncode == 0 and lines[0] == FIRST and {len(line) for line in lines} == {len(FIRST)}
    cells = {line[0]: dict(zip(FIRST, line, strict=True)) for line in lines[1:]}
    assert cells["ap"]["sources"] == "blocked" and cells["yonhap"]["sources"] == "1 rss"
    assert cells["yonhap"]["evidence"] == "2026-11" and cells["yonhap"]["last run"] == ""
    assert cells["gazette"]["newest"] == "2026-11-23T09:00:00Z" and cells["gazette"]["last run"]
    record = json.loads(site.run("sites", "--json", "gazette").stdout)
    assert record["last_run"].endswith("Z") and record["stories_read"] == 1
    assert record["filled"]["body"] == 1 and record["filled"]["section"] == 0
    assert record["sources"] == [{"kind": "rss", "url": f"{server.base}/good.xml"}]
    whole = site.run("sites", "ap", "yonhap").stdout
    assert "blocked       every page but robots.txt answers 403" in whole
    assert "evidence      not tried live" in whole


def test_only_the_newest_files_are_read(tmp_path: Path) -> None:
    day = tmp_path / "2026/11/22"
    day.mkdir(parents=True)
    story = {"id": "gazette:1", "headline": "A", "published_at": "2026-11-22T01:00:00Z"}
    (day / "a-0001.jsonl").write_text(json.dumps(story) + "\n")
    (tmp_path / "2026/11/23").mkdir()
    (tmp_path / "2026/11/23/b-0001.jsonl.part").write_bytes(b"")
    assert newest_file(tmp_path) == day / "a-0001.jsonl", "an empty file tells nothing"
    big = tmp_path / "2026/11/23/c-0001.jsonl"
    filler = json.dumps({**story, "text": "x" * (MAX_TAIL_BYTES // 4)}) + "\n"
    big.write_text(filler * 12 + json.dumps(story) + '\nnot json\n{"id": "torn')
    found = lately(tmp_path, None)
    assert 1 <= found.stories < MAX_STORIES and found.newest_story == "2026-11-22T01:00:00Z"
    assert found.filled["headline"] == 1 and found.filled["byline"] == 0


def test_strange_files_in_the_output_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "20261123T000000Z-a.json").write_text('{"site": "gazette", "started_at": "2026-11-23T00:00:00Z"}')
    (tmp_path / "20261124T000000Z-a.json").write_text('["no report"]')
    (tmp_path / "20261125T000000Z-a.json").write_text('{"site": 5, "started_at": null}')
    (tmp_path / "20261126T000000Z-a.json").mkdir()
    assert last_runs(tmp_path, {"gazette", "other"}) == {"gazette": "2026-11-23T00:00:00Z"}
    assert last_runs(tmp_path / "none", {"gazette"}) == {}


SITE = Site(
    "gazette", "The Gazette", "a test", ("gazette.example",), "x", sources=(Source("rss", "https://f.example/"),)
)


class Answered(Exception):
    def __init__(self, status: int) -> None:
        self.response = type("Response", (), {"status": status})()


@pytest.mark.parametrize(
    ("error", "problem", "advice"),
    [
        (Answered(404), "answered 404", "it is gone"),
        (Answered(403), "answered 403", "`blocked`"),
        (Answered(429), "answered 429", "`delay_seconds`"),
        (Answered(503), "answered 503", "try again later"),
        (ValueError("Forbidden by robots.txt"), "forbidden by robots.txt", "keeps to it"),
        (ValueError("forbidden by robots.txt: https://f.example/"), "forbidden by robots.txt", "keeps to it"),
        (ValueError("refused (elsewhere): https://g.example/"), "it leads to another site", "`domains`"),
        (TimeoutError(), "TimeoutError", "try again later"),
        (ValueError("two\nlines"), "two lines", "try again later"),
    ],
)
def test_each_failure_has_its_advice(error: Exception, problem: str, advice: str) -> None:
    found = failed_request("rss", "https://f.example/", error)
    assert found.problem == problem and found.advice is not None and advice in found.advice


def test_sources_that_answer_and_are_no_use() -> None:
    source = SITE.sources[0]
    assert of_source(source, 3, 3, "https://x/", None).problem is None
    assert of_source(source, 0, 0, None, "not-a-feed").problem == "not-a-feed"
    assert of_source(source, 0, 0, None, None).problem == "it announces nothing"
    assert "`links`" in str(of_source(Source("section", "https://f.example/"), 0, 0, None, None).advice)
    other = of_source(source, 3, 0, "https://x.example/a", None)
    assert other.problem == "none of its 3 links is a story's, such as https://x.example/a"
    assert "`story_url`" in str(other.advice)


def test_stories_that_lack_something() -> None:
    full = Story(headline="H", text="T", published_at="2026-11-23T00:00:00Z")
    layout = Layout(body="div.b", byline=".by")
    assert of_story(full, layout, []).problem is None
    assert of_story(full, layout, ["byline"]).problem is None, "not every story has one"
    assert of_story(full, layout, ["body"]).problem == "selects nothing: body = 'div.b'"
    assert of_story(Story(headline="H"), layout, ["body"]).advice == "correct `body`"
    assert of_story(Story(headline="H"), None, []).advice == "find a `body` selector"
    assert "paywalled" in str(of_story(Story(headline="H", access="paywalled"), None, []).advice)
    assert of_story(Story(text="T"), None, []).problem == "no headline was found"
    assert of_story(Story(headline="H", text="T"), None, []).problem == "no date was found"


def test_nothing_to_look_at_is_no_failure() -> None:
    shut = SiteCheck(Site("shut", "Shut", "a test", ("shut.example",), "x", blocked="licensed"))
    assert shut.verdict == "blocked" and code_of([shut]) == 0
