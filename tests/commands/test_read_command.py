"""`scrapy read`: the story of each page as a line of JSON."""

from __future__ import annotations

import gzip
import json

from tests.conftest import Reply, Site, story_page


def test_pages_and_saved_pages_are_lines_in_their_order(site: Site) -> None:
    base = site.server.base
    site.server.pages["/calder"] = story_page("Calder")
    site.server.pages["/private/x"] = story_page("Varn")
    site.server.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /private/\n", kind="text/plain")
    canonical = '<link rel="canonical" href="https://paper.example/linden">'
    (site.folder / "linden.html.gz").write_bytes(gzip.compress(story_page("Linden", canonical).encode()))
    (site.folder / "sites").mkdir(exist_ok=True)
    (site.folder / "empty.html").write_bytes(b"")
    done = site.run("read", "linden.html.gz", f"{base}/calder", f"{base}/gone", f"{base}/private/x", "empty.html")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["headline"] for line in lines] == ["Linden widens its quay", "Calder widens its quay", None]
    assert lines[0]["url"] == "https://paper.example/linden" and lines[0]["agency"] == "yonhap"
    assert lines[2]["extraction"]["warnings"] == ["empty-page"]
    assert done.returncode == 1
    assert f"error: {base}/gone: {base}/gone answered 404" in done.stderr
    assert f"error: {base}/private/x: " in done.stderr and "Traceback" not in done.stderr
    assert [path.name for path in site.output.iterdir()] == ["state"]  # the hosts' turns


def test_wrong_use(site: Site) -> None:
    for args in ([], ["nothing.html"], ["http://"], ["a.html", "b.html", "--url", "https://paper.example/"], ["--x"]):
        done = site.run("read", *args)
        assert done.returncode == 2 and "Traceback" not in done.stderr, args
