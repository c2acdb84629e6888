"""`scrapy explain`: one page as a self-contained file, which shows what was kept, what not, and runs nothing."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from pathlib import Path

from newscrawl.extraction.story import explain_page
from newscrawl.tools.demo import pages as demo
from newscrawl.tools.reports.page_view import page_view


def explained(markup: str) -> str:
    return page_view(*explain_page(markup.encode(), "https://unknown.example/x", None))


def test_each_block_has_its_reason() -> None:
    item = demo.pieces("harbour-times", 1)[0]
    view = explained(demo.PAGES["harbour-times"](item, []))
    kept = [line for line in view.splitlines() if line.startswith('<li class="kept"')]
    assert any(item.paragraphs[0][:40] in line.replace("&#x27;", "'") for line in kept)
    assert 'class="aside"' in view and "the headline" in view
    assert '<li class="dropped"' in view


def test_a_hostile_page_runs_nothing() -> None:
    view = explained(
        '<h1>A &lt;script&gt;alert(1)&lt;/script&gt; headline</h1><p title="x">&lt;img src=x onerror=alert(2)&gt; and one '
        "more sentence of the story, which is long enough to be kept as one.</p>"
    )
    assert "<script" not in view and "<img" not in view
    assert "default-src 'none'" in view


def run(*args: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "newscrawl.__main__", "explain", *args]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def test_a_saved_page_from_the_command_line(tmp_path: Path) -> None:
    item = demo.pieces("sample-wire", 1)[0]
    (tmp_path / "page.html.gz").write_bytes(gzip.compress(demo.PAGES["sample-wire"](item, []).encode()))
    done = run("page.html.gz", "--url", "https://unknown.example/1", "-o", "out/view.html", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert item.headline in done.stdout
    assert "unknown.example" in (tmp_path / "out/view.html").read_text("utf-8")


def test_a_saved_page_is_read_under_the_address_that_it_states(tmp_path: Path) -> None:
    page = demo.PAGES["harbour-times"](demo.pieces("harbour-times", 1)[0], [])
    stated = '<link rel="canonical" href="https://www.koreaherald.com/article/10868779">'
    (tmp_path / "page.html").write_text(
        re.sub(r'<link rel="?canonical"?[^>]*>', "", page).replace("</head>", f"{stated}</head>")
    )
    assert run("page.html", "-o", "view.html", folder=tmp_path).returncode == 0
    assert "koreaherald:10868779" in (tmp_path / "view.html").read_text("utf-8")


def test_what_cannot_be_read_is_one_line_and_an_exit_code(tmp_path: Path) -> None:
    missing = run("nothing.html", folder=tmp_path)
    assert (
        missing.returncode == 2 and "nothing.html: No such file" in missing.stderr and "Traceback" not in missing.stderr
    )
    (tmp_path / "cut.gz").write_bytes(gzip.compress(b"<p>text" * 1000)[:-20])
    cut = run("cut.gz", folder=tmp_path)
    assert cut.returncode == 2 and "a damaged gzip file" in cut.stderr and "Traceback" not in cut.stderr
    private = run("http://127.0.0.1:9/x", folder=tmp_path)
    assert private.returncode == 5 and "refused (loopback)" in private.stderr
    assert run(folder=tmp_path).returncode == 2
