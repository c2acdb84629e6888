"""A site whose layout changes between runs: held back, marked, mended, read again. And what must not cry wolf."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newscrawl.extraction.story import fetch_info, read_story
from newscrawl.items import Page
from newscrawl.monitoring import held_stories
from newscrawl.monitoring.held_stories import DriftWatch, RunVerdict
from newscrawl.sites.registry import load_site
from newscrawl.storage.required_fields import missing_field
from newscrawl.storage.writer import SiteOutput
from tests.conftest import Reply, Site, needs_real_clock

SOURCE = '[[source]]\nkind = "section"\nurl = "{base}/list"\nlinks = "h3 > a"\n'
OLD_RULES = SOURCE + '[[layout]]\nheadline = "h1.title"\nbyline = ".by"\nbody = ".text > p"\n'
NEW_RULES = SOURCE + '[[layout]]\nheadline = "h1.hed"\nbyline = ".wr"\nbody = ".col .t"\n'
STORIES = 12
SENTENCES = (
    "The harbour council of {name} voted on Monday to widen the northern quay by next spring, its chairman said.",
    "The work at {name} will cost about nine million won, according to the plan that the council published.",
    "Fishing boats of {name} will have to use the southern basin for some months, which their owners had opposed.",
)


def paragraphs(name: str) -> list[str]:
    words = random.Random(name).sample(
        ["anchor", "beam", "cable", "dock", "engine", "ferry", "gate", "hull", "iron", "jetty", "keel", "lamp"], 8
    )
    return [text.format(name=name) for text in SENTENCES] + [f"{name} counts on its {' and '.join(words)}."]


def old_page(name: str, texts: list[str] | None = None, byline: str = "By Ann Lee") -> str:
    body = "".join(f"<p>{text}</p>" for text in texts or paragraphs(name))
    return (
        f"<html lang=en><head><title>{name} widens its quay</title></head><body><nav><a href=/>Home</a></nav>"
        f"<div class=story><h1 class=title>{name} widens its quay</h1><p class=by>{byline}</p>"
        f"<div class=text>{body}</div></div><footer>All of it was made for a test.</footer></body></html>"
    )


def new_page(name: str) -> str:
    """The redesign: every class has another name, and the reporter stands behind the text without a word before it."""
    body = "".join(f"<div class=t>{text}</div>" for text in paragraphs(name))
    return (
        f"<html lang=en><head><title>{name} widens its quay</title></head><body><nav><a href=/>Home</a></nav>"
        f"<main><h1 class=hed>{name} widens its quay</h1><section class=col>{body}</section>"
        f"<ul><li><a href=/a>More</a></li></ul><b class=wr>Ann Lee</b></main></body></html>"
    )


def serve(site: Site, run: int, page: Any = old_page, count: int = STORIES, **odd: str) -> list[str]:
    """A list of `count` new stories; `odd` are pages that replace the first ones."""
    names = [f"Port{run:02}{n:02}" for n in range(count)]
    site.server.pages["/list"] = "".join(f'<h3><a href="/story-{name}">{name}</a></h3>' for name in names)
    for name in names:
        site.server.pages[f"/story-{name}"] = page(name)
    for name, text in zip(names, odd.values(), strict=False):
        site.server.pages[f"/story-{name}"] = text
    return names


def run_here(site: Site, run: int, page: Any = old_page, count: int = STORIES, **odd: str) -> RunVerdict:
    """A run as the pipelines do it, without Scrapy and the network around it: the same reading, watch and output."""
    names = serve(site, run, page, count, **odd)
    rules = load_site(site.folder / "sites" / "gazette.toml")
    output = SiteOutput(site.output, "gazette")
    output.prepare()
    watch = DriftWatch(output, rules)
    written = []
    for name in names:
        url = f"{site.server.base}/story-{name}"
        text = site.server.pages[f"/story-{name}"]
        assert isinstance(text, str)
        kept_page = Page(
            url=url,
            body=text.encode(),
            requested_url=url,
            fetched_at=datetime.now(UTC),
            discovered="section",
            status=200,
        )
        if output.held_back(url):
            continue
        story = read_story(kept_page.body, url, rules, fetch_info(kept_page, output.run))
        story.pages = (kept_page,)
        lacks = watch.missing_fields(story)
        if lacks:
            watch.hold(story, lacks)
            if watch.is_due():
                watch.release()
        elif missing_field(story) is None:
            written.append(output.write(story))
    verdict = watch.judge(sum(done.result().is_written for done in written))
    output.close("finished")
    return verdict


def old_runs(site: Site, runs: int = 3) -> None:
    site.write(OLD_RULES)
    for run in range(runs):
        assert not run_here(site, run).findings


def kept(site: Site) -> list[Path]:
    return sorted((site.output / "quarantine").rglob("*.json.gz"))


def counts(site: Site) -> dict[str, int]:
    found: dict[str, int] = site.report()["counts"]
    return found


@needs_real_clock
def test_a_redesign_is_held_back_mended_and_read_again(site: Site) -> None:
    site.write(OLD_RULES)
    for run in range(3):
        serve(site, run)
        assert site.crawl().returncode == 0
    assert len(site.lines()) == 36 and not kept(site)
    names = serve(site, 3, new_page)
    done = site.crawl()
    assert done.returncode == 6, done.stderr
    assert "Layout drift on gazette: byline 0 of 12, usually 100%" in done.stderr and "newscrawl requeue" in done.stderr
    assert len(site.lines()) == 36 and len(kept(site)) == 12
    marked = counts(site)
    assert marked["drift/marked"] == 1 and marked["drift/byline"] == marked["drift/rule-body"] == 12
    assert marked["drift/quarantined"] == 12 and marked["filled/stories"] == 12 and marked["filled/byline"] == 0
    # The next run does not fetch them again, and a run of few stories is marked by the streak.
    site.server.asked.clear()
    serve(site, 3, new_page, STORIES + 1)
    assert site.crawl().returncode == 6
    assert [path for path in site.server.asked if "story" in path] == ["/story-Port0312"]
    assert counts(site)["candidate/quarantined"] == 12
    # Still the old rules: nothing is written.
    assert site.run("requeue", "gazette").returncode == 6
    assert len(site.lines()) == 36 and len(kept(site)) == 13
    # The site file is mended; no page is asked for.
    site.write(NEW_RULES)
    site.server.asked.clear()
    done = site.run("requeue", "gazette", "--json")
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["outcome"] for line in done.stdout.splitlines()] == ["new"] * 13
    assert not site.server.asked and not kept(site)
    lines = [line for line in site.lines() if line["crawl"]["requested_url"].split("-")[-1] in {*names, "Port0312"}]
    assert len(lines) == 13 and len(site.lines()) == 49
    assert all(line["byline"] == "Ann Lee" and line["extraction"]["origins"]["text"] == "site-rule" for line in lines)
    assert counts(site)["write/lines"] == 13 == counts(site)["identify/new"]
    # What was requeued is known, and the site is as usual again.
    assert site.crawl().returncode == 0
    assert len(site.lines()) == 49 and not kept(site)


def test_a_requeued_line_is_the_one_a_crawl_writes(site: Site, tmp_path: Path, server: Any) -> None:
    old_runs(site, 2)
    serve(site, 3, new_page, 4)
    for name in ("/story-Port0300", "/story-Port0301"):
        page = site.server.pages[name]
        assert isinstance(page, str)
        site.server.pages[name] = Reply(page, headers={"ETag": '"abc"', "X-Robots-Tag": "noai", "Set-Cookie": "a=b"})
    assert site.crawl().returncode == 6
    content = gzip.decompress(kept(site)[0].read_bytes())
    head = json.loads(content.split(b"\n", 1)[0])
    assert "set-cookie" not in content.decode().lower() and head["lacks"] and content.endswith(b"</html>")
    site.write(NEW_RULES)
    assert site.run("requeue", "gazette").returncode == 0
    crawled = Site(tmp_path / "other", server)
    crawled.folder.mkdir()
    crawled.write(NEW_RULES)
    assert crawled.crawl().returncode == 0
    own = {line["url"]: line for line in site.lines() if "Port03" in line["url"]}
    other = {line["url"]: line for line in crawled.lines()}
    assert len(own) == 4 and own.keys() == other.keys()
    for url, line in own.items():
        assert line["crawl"]["etag"] == other[url]["crawl"]["etag"]
        for key in ("run", "fetched_at"):
            assert line["crawl"].pop(key) and other[url]["crawl"].pop(key)
        assert line == other[url]


SHORT = ["A short notice came from the port of Sable."]


@pytest.mark.parametrize(
    ("runs", "count", "odd"),
    [
        pytest.param(2, 12, {"a": old_page("Sable", SHORT)}, id="one odd short story"),
        pytest.param(2, 12, {"a": old_page("Sable", byline="")}, id="one story without a byline"),
        pytest.param(2, 2, {"a": old_page("Sable", byline="")}, id="a slow day with two stories, one of them odd"),
        pytest.param(0, 12, {}, id="a new site without history"),
    ],
)
def test_what_must_not_cry_wolf(site: Site, runs: int, count: int, odd: dict[str, str]) -> None:
    old_runs(site, runs)
    site.write(OLD_RULES)
    verdict = run_here(site, 5, old_page if runs else new_page, count, **odd)
    assert not verdict.findings and "drift/marked" not in verdict.counts
    assert verdict.counts.get("drift/released", 0) == len(odd)
    assert len(site.lines()) == runs * STORIES + count and not kept(site)


@needs_real_clock
def test_one_odd_story_of_a_crawl_is_written_when_the_run_ends(site: Site) -> None:
    old_runs(site, 2)
    serve(
        site,
        5,
        a=old_page("Sable", SHORT),
        b=old_page("Tarn", byline=""),
        c="<html><body><video src=/x></video></body></html>",
    )
    assert site.crawl().returncode == 0
    assert counts(site)["drift/released"] == 2 and counts(site)["write/lines"] == 11 == counts(site)["identify/new"]
    assert len(site.lines()) == 35
    # The page without any text is no line; it is kept, and not fetched by each run.
    assert counts(site)["check/no-text"] == 1 and len(kept(site)) == 1
    site.server.asked.clear()
    assert site.crawl().returncode == 0
    assert counts(site)["candidate/quarantined"] == 1 and counts(site)["candidate/known"] == 11
    assert not [path for path in site.server.asked if path.startswith("/story-")], "those that waited are known too"


def test_odd_stories_of_a_long_run_are_written_while_it_goes_on(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_stories, "JUDGE_EVERY", 4)
    old_runs(site, 2)

    def page(name: str) -> str:
        return old_page(name, byline="" if int(name[-2:]) % 12 == 11 else "By Ann Lee")

    verdict = run_here(site, 5, page, 72)
    assert not verdict.findings and not kept(site)
    assert verdict.counts["drift/released"] == 2, "the first four were written before"
    assert len(site.lines()) == 24 + 72


def test_a_quarantine_that_cannot_be_written_is_exit_code_3(site: Site) -> None:
    old_runs(site, 2)
    (site.output / "quarantine").write_text("")
    serve(site, 3, a=old_page("Sable", byline=""))
    done = site.crawl()
    assert done.returncode == 3 and "not written" in done.stderr and "Traceback" not in done.stderr
    assert len(site.lines()) == 35
    (site.output / "quarantine").unlink()
    assert site.crawl().returncode == 0 and len(site.lines()) == 36


def test_rebuild_makes_the_history_again_from_the_lines(site: Site) -> None:
    old_runs(site)
    for path in (site.output / "state").glob("newscrawl.sqlite*"):
        path.unlink()
    assert site.run("rebuild").returncode == 0
    assert {"byline", "rule-byline", "rule-body"} <= {finding.field for finding in run_here(site, 3, new_page).findings}


def test_force_writes_them_as_they_are_and_begins_anew(site: Site) -> None:
    old_runs(site, 2)
    assert len(run_here(site, 3, new_page).findings) > 3
    done = site.run("requeue", "gazette", "--force")
    assert done.returncode == 0 and "12 written, 0 still held back" in done.stderr
    assert len(site.lines()) == 36 and not kept(site)
    assert not run_here(site, 4, new_page).findings, "that is how the site is now"
    assert len(site.lines()) == 48


@pytest.mark.parametrize("seed", [1])
def test_kill_9_while_stories_are_held_back_loses_and_doubles_nothing(site: Site, seed: int) -> None:
    old_runs(site, 2)
    serve(site, 3, new_page, 40)
    process = subprocess.Popen(
        site.command("crawl", "gazette"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=site.folder
    )
    asked, deadline = len(site.server.asked), time.monotonic() + 30
    while len(site.server.asked) < asked + 5 and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(random.Random(seed).uniform(0, 0.5))
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert site.crawl().returncode == 6
    assert len(kept(site)) == 40 and len(site.lines()) == 24
    site.write(NEW_RULES)
    command = site.command("requeue", "gazette")
    killed = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=site.folder)
    time.sleep(0.7 + random.Random(seed).uniform(0, 0.5))
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert site.run("requeue", "gazette").returncode == 0
    assert site.crawl().returncode == 0
    ids = [line["id"] for line in site.lines()]
    assert len(ids) == len(set(ids)) == 64 and not kept(site)
    assert not list(site.output.rglob("*.part"))


@pytest.mark.parametrize(
    ("args", "code", "text"),
    [
        (["requeue"], 2, "requeue takes one site"),
        (["requeue", "nosuch"], 2, "newscrawl list"),
        (["requeue", "gazette", "--fast"], 2, "unknown option"),
        (["requeue", "gazette", "-s", "NEWSCRAWL_RESERVED=ask"], 1, "must be one of record, mark, skip, not 'ask'"),
        (["crawl", "gazette", "-s", "NEWSCRAWL_RESERVED=ask"], 1, "must be one of record, mark, skip, not 'ask'"),
        (["requeue", "gazette"], 0, ""),
    ],
)
def test_wrong_use_and_nothing_to_do(site: Site, args: list[str], code: int, text: str) -> None:
    site.write(OLD_RULES)
    site.output.mkdir()
    done = site.run(*args)
    assert done.returncode == code and text in done.stderr, done.stderr
    assert not site.server.asked


def test_requeue_waits_for_no_running_crawl(site: Site) -> None:
    site.write(OLD_RULES)
    running = SiteOutput(site.output, "gazette")
    try:
        done = site.run("requeue", "gazette")
        assert done.returncode == 75 and "another run holds it" in done.stderr
    finally:
        running.release()


@needs_real_clock
def test_a_full_quarantine_is_counted_and_the_next_run_meets_the_story_again(site: Site) -> None:
    old_runs(site, 2)
    serve(site, 3, new_page)
    assert site.crawl("-s", "NEWSCRAWL_QUARANTINE_MAX_STORIES=5").returncode == 6
    assert len(kept(site)) == 5 and counts(site)["quarantine/full"] == 7 and len(site.lines()) == 24
    site.write(NEW_RULES)
    assert site.crawl().returncode == 0
    assert len(site.lines()) == 31
    assert site.run("requeue", "gazette").returncode == 0 and len(site.lines()) == 36


def lost_page(name: str) -> str:
    """A redesign in which no reader finds a body: a script takes it from a form field."""
    return (
        f"<html lang=en><head><title>{name} widens its quay</title></head><body><h1 class=title>{name} widens its quay</h1>"
        f"<p class=by>By Ann Lee</p><form><textarea class=raw>{' '.join(paragraphs(name))}</textarea></form></body></html>"
    )


@needs_real_clock
def test_a_lost_body_is_kept_and_found_by_the_mended_rules(site: Site) -> None:
    old_runs(site)
    verdict = run_here(site, 3, lost_page)
    assert {"body", "rule-body"} <= {finding.field for finding in verdict.findings}
    assert verdict.counts["drift/quarantined"] == 12 == len(kept(site)) and len(site.lines()) == 36
    site.write(OLD_RULES.replace(".text > p", "textarea.raw"))
    assert site.run("requeue", "gazette").returncode == 0
    texts = [line["text"] for line in site.lines()[-12:]]
    assert sorted(texts) == sorted(" ".join(paragraphs(f"Port03{n:02}")) for n in range(12)) and not kept(site)


def age(site: Site) -> None:
    """Have the kept pages been asked for two days ago."""
    for path in kept(site):
        os.utime(path, (time.time() - 2 * 86_400,) * 2)


@needs_real_clock
def test_a_site_that_heals_by_itself_leaves_the_quarantine(site: Site) -> None:
    old_runs(site, 2)
    assert run_here(site, 3, new_page).findings
    age(site)
    serve(site, 3)
    assert site.crawl().returncode == 0
    assert len(site.lines()) == 36 and not kept(site)


def test_one_that_is_still_broken_then_stays_there_and_counts_once(site: Site) -> None:
    old_runs(site, 2)
    assert run_here(site, 3, new_page).findings
    age(site)
    verdict = run_here(site, 3, new_page, 2)
    assert not verdict.findings and "filled/stories" not in verdict.counts
    assert len(kept(site)) == 12 and len(site.lines()) == 24
