"""`scrapy capture`: from a URL to a saved page and a passing test; nothing is written or replaced unasked."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from scrapy.cmdline import ScrapyArgumentParser
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from newscrawl.commands.capture import Command, refuse_wrong_use
from tests.conftest import Reply, Site, story_page

LAYOUT = '[[source]]\nkind = "rss"\nurl = "{base}/feed"\n[[layout]]\nheadline = "h1"\nbody = "article > p"\n'


@pytest.fixture
def gazette(site: Site) -> Site:
    site.write(LAYOUT)
    head = "<meta property='article:published_time' content='2026-11-23T09:30:00+09:00'>"
    site.server.pages["/news/calder-quay.html"] = story_page("Calder", head)
    site.server.pages["/news/varn-quay.html"] = story_page("Varn")
    site.server.pages["/private/x"] = story_page("Linden")
    site.server.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /private/\n", kind="text/plain")
    return site


def saved(site: Site) -> list[str]:
    folder = site.folder / "sites" / "saved_pages"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.*"))


def answered(site: Site, answer: str, url: str) -> subprocess.CompletedProcess[bytes]:
    """The command on a terminal on which somebody answers."""
    master, terminal = pty.openpty()
    os.write(master, f"{answer}\n".encode())
    try:
        command = site.command("capture", url)
        return subprocess.run(command, stdin=terminal, capture_output=True, cwd=site.folder, check=False)
    finally:
        os.close(master)
        os.close(terminal)


def test_nothing_is_written_on_no(gazette: Site) -> None:
    done = answered(gazette, "", f"{gazette.server.base}/news/calder-quay.html")
    assert done.returncode == 0 and b"Write this page? [y/N]" in done.stdout and not saved(gazette)


def test_from_a_url_to_a_passing_test(gazette: Site) -> None:
    url = f"{gazette.server.base}/news/calder-quay.html"
    unasked = gazette.run("capture", url)
    assert unasked.returncode == 2 and saved(gazette) == [] and "--yes writes what is shown" in unasked.stderr
    for detail in ("sites/saved_pages/gazette/2026-11-23-calder-quay.html", "Calder widens its quay", "2026-11-23T00:30:00Z +09:00",
                 "yonhap, originator by its dateline", "4 blocks", "The work will cost about nine million won"):  # fmt: skip
        assert detail in unasked.stdout

    done = answered(gazette, "y", url)
    names = ["gazette/2026-11-23-calder-quay.html", "gazette/2026-11-23-calder-quay.json"]
    assert done.returncode == 0 and saved(gazette) == names, done
    page = gazette.folder / "sites/saved_pages" / names[0]
    assert page.read_text() == gazette.server.pages["/news/calder-quay.html"]
    test = gazette.folder / "sites/test_saved_pages.py"
    tested = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)]
    assert subprocess.run(tested, cwd=gazette.folder, capture_output=True, check=False).returncode == 0

    again = gazette.run("capture", url, "--yes")
    assert again.returncode == 5 and "is there already" in again.stdout and "--force" in again.stderr

    gazette.write(LAYOUT.replace("article > p", "article > p:nth-of-type(2)"))
    checked = gazette.run("capture", "--check")
    assert checked.returncode == 5
    assert "gazette/2026-11-23-calder-quay\tdiffers\tparagraphs: expected 4, got 1" in checked.stdout
    assert gazette.run("capture", "--accept", "gazette", "--yes").returncode == 0
    lines = gazette.run("capture", "--check", "--json", "gazette").stdout.splitlines()
    assert [(json.loads(line)["verdict"], json.loads(line)["differences"]) for line in lines] == [("ok", [])]


def test_pages_that_cannot_be_had_or_hold_no_story(gazette: Site) -> None:
    base = gazette.server.base
    gazette.server.pages["/news/empty.html"] = "<html><body><p>Nothing.</p></body></html>"
    done = gazette.run("capture", f"{base}/private/x", f"{base}/news/none.html", "--yes")
    assert done.returncode == 5 and saved(gazette) == []
    assert "robots" in done.stderr and "answered 404" in done.stderr and "Traceback" not in done.stderr
    some = gazette.run("capture", f"{base}/news/varn-quay.html", f"{base}/news/empty.html", "--yes", "--json")
    found = [json.loads(line) for line in some.stdout.splitlines()]
    assert some.returncode == 4
    assert [line["written"] for line in found] == [True, False]
    assert "no time of publication" in found[0]["remarks"]
    assert found[1]["refusals"] == ["the page holds no story that would be written: no-text"]
    assert [name for name in saved(gazette) if name.endswith(".html")] == ["gazette/" + Path(found[0]["page"]).name]


def test_a_file_is_checked_after_its_expectation_is_damaged(gazette: Site) -> None:
    (gazette.folder / "page.html").write_text(story_page("Calder"), "utf-8")
    url = f"{gazette.server.base}/news/calder-quay.html"
    gazette.run("capture", "page.html", "--url", url, "--name", "first", "--captured", "2026-11-23", "--yes")
    said = gazette.folder / "sites/saved_pages/gazette/first.json"
    expected = json.loads(said.read_text("utf-8"))
    assert (expected["agency"], expected["captured"]) == ("yonhap", "2026-11-23T00:00:00+00:00")
    assert gazette.run("capture", "--check").returncode == 0
    said.write_text("{")
    broken = gazette.run("capture", "--check")
    assert broken.returncode == 5 and "gazette/first\tbroken\t" in broken.stdout and "no JSON" in broken.stdout


@pytest.mark.parametrize(
    ("args", "detail"),
    [
        ([], "takes URLs or files"),
        (["a.html", "b.html", "--name", "x"], "--name is of one page; 2 are named"),
        (["a.html", "b.html", "--url", "https://paper.example/x"], "--url is of one page; 2 are named"),
        (["a.html", "--url", "x"], "--url is the absolute http or https URL of one saved file"),
        (["https://paper.example/x", "--url", "https://paper.example/x"], "--url is the absolute http or https URL"),
        (["http://"], "'http://' is not an absolute http or https URL"),
        (["a.html", "--captured", "yesterday"], "--captured is the day of a saved file"),
        (["https://paper.example/x", "--captured", "2026-11-23"], "--captured is the day of a saved file"),
        (["a.html", "--captured", "2026-11-23", "--name", "x", "--url", "https://paper.example/x"], None),
        (["a.html", "https://paper.example/x"], None),
    ],
)
def test_wrong_use(args: list[str], detail: str | None) -> None:
    parser = ScrapyArgumentParser()
    command = Command()
    command.settings = Settings()
    command.add_options(parser)
    opts, rest = parser.parse_known_args(args)
    if detail is None:
        refuse_wrong_use(rest, opts)
    else:
        with pytest.raises(UsageError) as raised:
            refuse_wrong_use(rest, opts)
        assert detail in str(raised.value)


def test_errors_are_one_line(gazette: Site) -> None:
    (gazette.folder / "a.html").write_text(story_page("Calder"), "utf-8")
    for args, code, detail in (
        (("--check",), 2, "no saved page in "),
        (("a.html", "--site", "none"), 1, "--site: no site file none.toml;"),
        (("a.html", "--name", "../x"), 1, "name: '../x' cannot name a file"),
    ):
        done = gazette.run("capture", *args)
        assert done.returncode == code and detail in done.stderr and "Traceback" not in done.stderr, done.stderr
