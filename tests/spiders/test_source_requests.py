"""What raises while a source is read costs that source, or one candidate, and never the rest of the crawl."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import Site, story_page

SOURCES = """
[[source]]
kind = "section"
url = "{base}/bad"
links = "h3 > a"
[[source]]
kind = "section"
url = "{base}/list"
links = "h3 > a"
"""
# The real command, with one function of the reading made to fail on one input.
BROKEN = """
import sys
from newscrawl.{module} import {owner}
original = {owner}.{name}
def failing(self, *args, **kwargs):
    if {condition}:
        raise RuntimeError("made to fail")
    return original(self, *args, **kwargs)
{owner}.{name} = failing
from newscrawl.__main__ import main
sys.argv = ["newscrawl", *sys.argv[1:]]
main()
"""


def crawl(site: Site, module: str, owner: str, name: str, condition: str) -> subprocess.CompletedProcess[str]:
    site.write(SOURCES)
    site.server.pages |= {f"/{town}": story_page(town) for town in ("Varn", "Linden", "Sable")}
    site.server.pages["/bad"] = '<h3><a href="/Varn">x</a></h3><h3><a href="/Sable">x</a></h3>'
    site.server.pages["/list"] = '<h3><a href="/Linden">x</a></h3>'
    code = BROKEN.format(module=module, owner=owner, name=name, condition=condition)
    command = [sys.executable, "-c", code, *site.command("crawl", "gazette")[3:]]
    return subprocess.run(command, capture_output=True, text=True, cwd=site.folder, check=False)


def test_a_candidate_that_raises_costs_itself(site: Site) -> None:
    done = crawl(site, "spiders.story_requests", "StoryRequests", "announced", 'args[0].url.endswith("/Varn")')
    assert sorted(line["headline"].split()[0] for line in site.lines()) == ["Linden", "Sable"]
    assert site.report()["counts"]["candidate/failed"] == 1 and done.returncode == 4, "an exception is never 0"


def test_a_source_that_raises_costs_itself_and_the_exit_code_says_so(site: Site) -> None:
    done = crawl(site, "spiders.source_crawl", "SourceCrawl", "next_documents", 'args[0].url.endswith("/bad")')
    assert sorted(line["headline"].split()[0] for line in site.lines()) == ["Linden", "Sable", "Varn"]
    outcomes = [source["outcome"] for source in site.report()["sources"]]
    assert outcomes == ["failed/unreadable", "ok"] and done.returncode == 4
