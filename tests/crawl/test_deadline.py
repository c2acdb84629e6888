"""A page that takes too long to read costs itself: the run goes on, the page is kept, the same version does not fetch it again."""

from __future__ import annotations

import os
import signal
import subprocess
import time

import pytest

from newscrawl.storage.quarantine import load
from tests.conftest import Site, story_page

SECTION = '[[source]]\nkind = "section"\nurl = "{base}/list"\nlinks = "h3 > a"\n'
# The fault is inside the process, so that no later fix of a pattern makes the test empty; the command is the real one.
ENDLESS = """
import newscrawl.extraction.story as s, newscrawl.spiders.base as b, newscrawl.monitoring.held_stories as h
real = s.read_story
def read_story(html, *args):
    while b"endless" in html: pass
    return real(html, *args)
s.read_story = b.read_story = h.read_story = read_story
"""
OTHER_VERSION = "import newscrawl.storage.quarantine as q\nq.__version__ = '99'\nq.QuarantinedStory.__init__.__kwdefaults__['version'] = '99'\n"
SECONDS = ("-s", "NEWSCRAWL_READ_SECONDS=3")


def command(site: Site, *args: str, prelude: str = ENDLESS) -> list[str]:
    command = site.command(*args)
    command[1:3] = ["-c", f"{prelude}\nfrom newscrawl.__main__ import main\nmain()"]
    return command


def run(site: Site, *args: str, prelude: str = ENDLESS) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(site, *args, prelude=prelude), cwd=site.folder, capture_output=True, text=True, timeout=100, check=False
    )


@pytest.fixture
def slow_site(site: Site) -> Site:
    site.write(SECTION)
    names = ["Alder", "Birch", "Cedar"]
    site.server.pages["/list"] = "".join(f'<h3><a href="/{name}">{name}</a></h3>' for name in names)
    site.server.pages |= {f"/{name}": story_page(name) for name in names}
    site.server.pages["/Birch"] = story_page("Birch", head="<!-- endless -->")
    return site


def test_the_others_are_written_and_the_page_waits_for_another_version(slow_site: Site) -> None:
    site = slow_site
    first = run(site, "crawl", "gazette", *SECONDS)
    assert "/Birch: not read within 3 seconds" in first.stderr and "Traceback" not in first.stderr
    assert {line["headline"][:5] for line in site.lines()} == {"Alder", "Cedar"}
    counts = site.report()["counts"]
    assert counts["read/too-slow"] == 1 and counts["quarantine/too-slow"] == 1 and "read/failed" not in counts
    (file,) = (site.output / "quarantine" / "gazette").glob("*.json.gz")
    held = load(file)
    assert held is not None and held.lacks == ("too-slow",) and b"endless" in held.pages[0].body
    site.pass_time(7 * 86_400)
    run(site, "crawl", "gazette", *SECONDS)
    assert site.server.asked.count("/Birch") == 1 and site.report()["counts"]["candidate/quarantined"] >= 1


def test_another_version_tries_again(slow_site: Site) -> None:
    site = slow_site
    run(site, "crawl", "gazette", *SECONDS)
    (file,) = (site.output / "quarantine" / "gazette").glob("*.json.gz")
    long_ago = time.time() - 86_400
    os.utime(file, (long_ago, long_ago))
    site.pass_time(86_400)
    run(site, "crawl", "gazette", *SECONDS)
    assert site.server.asked.count("/Birch") == 1
    run(site, "crawl", "gazette", *SECONDS, prelude=OTHER_VERSION)
    assert site.server.asked.count("/Birch") == 2
    assert "Birch" in {line["headline"][:5] for line in site.lines()} and not file.exists()


def test_requeue_keeps_what_is_still_too_slow_and_writes_what_can_be_read_now(slow_site: Site) -> None:
    site = slow_site
    run(site, "crawl", "gazette", *SECONDS)
    still = run(site, "requeue", "gazette", "--json", *SECONDS)
    assert still.returncode == 6 and '"outcome":"too-slow"' in still.stdout
    now = run(site, "requeue", "gazette", prelude="")
    assert now.returncode == 0, now.stderr
    assert {line["headline"][:5] for line in site.lines()} == {"Alder", "Birch", "Cedar"}
    assert [line["extraction"]["warnings"] for line in site.lines()] == [[], [], []]


def test_a_signal_is_answered_after_the_deadline(slow_site: Site) -> None:
    site = slow_site
    site.server.pages["/Alder"] = site.server.pages["/Cedar"] = site.server.pages["/Birch"]
    process = subprocess.Popen(
        command(site, "crawl", "gazette", "-s", "NEWSCRAWL_READ_SECONDS=3"), cwd=site.folder, stderr=subprocess.PIPE
    )
    while "/Alder" not in site.server.asked and process.poll() is None:
        time.sleep(0.05)
    time.sleep(0.3)
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=60)
    assert b"shutdown" in log.lower() or b"Received SIG" in log, log[-2000:]
    assert site.report()["finish_reason"] == "shutdown"
