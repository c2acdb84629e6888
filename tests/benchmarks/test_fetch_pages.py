"""`python -m benchmarks.fetch_pages` against git repositories that the tests build, with invented pages."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.compare import main as compare
from benchmarks.fetch_pages import SOURCES, main
from benchmarks.page_sets import read_set
from tests.benchmarks import sets

PAGE = sets.page()
PAGES_OF_FUNDUS = "tests/resources/parser/test_data"


def file_of(page_id: str) -> str:
    return hashlib.sha256(page_id.encode()).hexdigest()[:16] + ".html.gz"


def write(root: Path, files: dict[str, Any]) -> None:
    """Bytes as they are, gzipped where the name says so; other values as JSON; text as it is."""
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, bytes):
            content = (content if isinstance(content, str) else json.dumps(content)).encode()
        (root / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)


def git(folder: Path, *arguments: str) -> str:
    outer = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    who = dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "someone")
    mail = dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "someone@harbour.example")
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=outer | who | mail).stdout.strip()


def commit(repository: Path, files: dict[str, Any]) -> str:
    if not (repository / ".git").is_dir():
        repository.mkdir()
        git(repository, "init", "--quiet")
        # as the public hosts allow
        git(repository, "config", "uploadpack.allowAnySHA1InWant", "true")
    write(repository, files)
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "-m", "pages")
    return git(repository, "rev-parse", "HEAD")


def aeb() -> dict[str, Any]:
    truth = {
        "0a1b": {"url": "https://harbour.example/1", "articleBody": sets.BODY},
        "ff00": {"url": "https://harbour.example/2", "articleBody": sets.BODY + "\nOne more line\u2028of the story."},
    }
    return {"ground-truth.json": truth, "html/0a1b.html.gz": PAGE, "html/ff00.html.gz": PAGE, "README.rst": "pages"}


EVALDATA = '''"""Pages."""
import json
EVAL_PAGES = {
    "https://harbour.example/1": {"file": "harbour.html", "with": ["two tugs"], "without": ["Home"], "author": ""},
    "https://harbour.example/2": {"file": "second.html", "with": ["nobody was"], "without": []},
}
raise SystemExit("this file is read, not run")
'''


def trafilatura() -> dict[str, Any]:
    hard = {"hard.html": {"with": ["the fairway"], "without": ["Home"]}}
    return {
        "tests/evaldata.py": EVALDATA,
        "tests/evaldata_hard.json": hard,
        "tests/cache/harbour.html": PAGE,
        "tests/eval/harbour.html": b"another page of the same name",
        "tests/eval/second.html": PAGE,
        "tests/additional/hard.html": PAGE,
        "tests/unit_tests.py": "assert True",
    }


def fundus_version(headline: str = "Ferry runs aground off the breakwater", **more: Any) -> dict[str, Any]:
    sections = [
        {"headline": [], "paragraphs": [sets.STORY[1]]},
        {"headline": ["Lights"], "paragraphs": [sets.STORY[2]]},
    ]
    return {
        "authors": ["Ann Lee"],
        "body": {"summary": [sets.STORY[0]], "sections": sections},
        "publishing_date": "2026-03-01 12:30:00+09:00",
        "title": headline,
        "topics": ["harbour"],
        **more,
    }


def fundus() -> dict[str, Any]:
    second = sets.page().replace(b"Ferry runs aground", b"Mayor opens fish market")
    versions = {"V10": fundus_version("Mayor opens fish market"), "V2": fundus_version()}
    folder = f"{PAGES_OF_FUNDUS}/kr"
    return {
        f"{folder}/HarbourTimes_2024_01_02.html.gz": PAGE,
        f"{folder}/HarbourTimes_2025_01_02.html.gz": second,
        f"{folder}/HarbourTimes.json": versions,
        f"{folder}/meta.info": {"HarbourTimes_2024_01_02.html.gz": {"url": "https://harbour.example/1"}},
    }


REPOSITORIES: dict[str, Callable[[], dict[str, Any]]] = {"aeb": aeb, "trafilatura": trafilatura, "fundus": fundus}


def fetch(name: str, repository: Path, commit_id: str, into: Path) -> int:
    remote, pinned = f"{name}={repository}", f"{name}={commit_id}"
    return main(["--into", str(into), "--set", name, "--remote", remote, "--commit", pinned])


def truths(into: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (into / name / "truth.jsonl").read_text("utf-8").splitlines()]


CORE = "\n".join([sets.STORY[1], "Lights", sets.STORY[2]])
FUNDUS_TRUTH = {
    "url": "https://harbour.example/1",
    "body": sets.STORY[0] + "\n" + CORE,
    "core": CORE,
    "headline": "Ferry runs aground off the breakwater",
    "published": "2026-03-01 12:30:00+09:00",
    "authors": ["Ann Lee"],
}


@pytest.mark.parametrize(
    ("name", "ids", "first"),
    [
        pytest.param("aeb", ["0a1b", "ff00"], {"url": "https://harbour.example/1", "body": sets.BODY}, id="aeb"),
        pytest.param(
            "trafilatura",
            ["hard::hard.html", "https://harbour.example/1", "https://harbour.example/2"],
            {"url": "hard::hard.html", "with": ["the fairway"], "without": ["Home"]},
            id="trafilatura",
        ),
        pytest.param(
            "fundus",
            ["kr/HarbourTimes_2024_01_02.html.gz", "kr/HarbourTimes_2025_01_02.html.gz"],
            FUNDUS_TRUTH,
            id="fundus",
        ),
    ],
)
def test_a_set_is_laid_out(name: str, ids: list[str], first: dict[str, Any], tmp_path: Path) -> None:
    """The pinned commit, though a later one holds nothing any more; and what is written can be measured on."""
    repository, into = tmp_path / "repository", tmp_path / "pages"
    pinned = commit(repository, REPOSITORIES[name]())
    git(repository, "rm", "-r", "--quiet", ".")
    commit(repository, {"README.md": "moved elsewhere"})
    assert fetch(name, repository, pinned, into) == 0
    lines = truths(into, name)
    assert [line["id"] for line in lines] == ids
    assert lines[0] == {"id": ids[0], "file": file_of(ids[0]), **first}
    assert sorted(os.listdir(into / name / "pages")) == sorted(map(file_of, ids))
    assert os.listdir(into) == [name]
    assert read_set(into, name)[0].html == PAGE
    assert compare(["--data", str(into), "--reader", "newscrawl"]) == 0


def test_fundus_versions_follow_their_numbers_and_pages_their_dates(tmp_path: Path) -> None:
    pinned = commit(tmp_path / "repository", fundus())
    assert fetch("fundus", tmp_path / "repository", pinned, tmp_path / "pages") == 0
    headlines = [line["headline"] for line in truths(tmp_path / "pages", "fundus")]
    assert headlines == ["Ferry runs aground off the breakwater", "Mayor opens fish market"]


def test_trafilatura_takes_the_cached_page_first(tmp_path: Path) -> None:
    pinned = commit(tmp_path / "repository", trafilatura())
    assert fetch("trafilatura", tmp_path / "repository", pinned, tmp_path / "pages") == 0
    pages = {page.id: page.html for page in read_set(tmp_path / "pages", "trafilatura")}
    assert pages["https://harbour.example/1"] == PAGE


@pytest.mark.parametrize(
    ("name", "changed", "left_out"),
    [
        pytest.param("aeb", {"README.rst": "changed"}, "", id="nothing"),
        pytest.param("aeb", {"html/ff00.html.gz": None}, "1 left out: no page of that name", id="no page"),
        pytest.param(
            "aeb",
            {"ground-truth.json": {"0a1b": {"articleBody": "text"}, "../README.rst": {"articleBody": "x"}}},
            "1 left out: no page of that name",
            id="a name that leads elsewhere",
        ),
        pytest.param(
            "aeb",
            {"ground-truth.json": {"0a1b": {"articleBody": "text"}, "x" * 300: {"articleBody": "x"}}},
            "1 left out: no page of that name",
            id="a name beyond a file's",
        ),
        pytest.param(
            "aeb",
            {"ground-truth.json": {"0a1b": {"articleBody": "text"}, "ff00": {"articleBody": None}}},
            "1 left out: no articleBody",
            id="no text",
        ),
        pytest.param("trafilatura", {"tests/unit_tests.py": "changed"}, "", id="nothing that matters"),
        pytest.param(
            "trafilatura",
            {"tests/evaldata_hard.json": {"hard.html": {"with": "the fairway"}}},
            "1 left out: no wanted snippet",
            id="snippets of another shape",
        ),
        pytest.param("fundus", {f"{PAGES_OF_FUNDUS}/kr/notes.txt": "x"}, "", id="a file more"),
        pytest.param(
            "fundus",
            {f"{PAGES_OF_FUNDUS}/at/Fog_2024_01_02.html.gz": PAGE},
            "1 left out: no expected values, or not as many versions as pages",
            id="a publisher without values",
        ),
        pytest.param(
            "fundus",
            {f"{PAGES_OF_FUNDUS}/kr/HarbourTimes_2025_01_02.html.gz": PAGE},
            "1 left out: the headline is not on its page",
            id="values of another page",
        ),
        pytest.param(
            "fundus",
            {
                f"{PAGES_OF_FUNDUS}/kr/HarbourTimes.json": {
                    "V1": fundus_version(),
                    "V2": fundus_version(publishing_date=None),
                }
            },
            "1 left out: no text, headline or date",
            id="no date",
        ),
    ],
)
def test_what_does_not_fit_is_counted(
    name: str, changed: dict[str, Any], left_out: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = REPOSITORIES[name]() | changed
    pinned = commit(tmp_path / "repository", {path: value for path, value in files.items() if value is not None})
    assert fetch(name, tmp_path / "repository", pinned, tmp_path / "pages") == 0
    out, error = capsys.readouterr()
    assert error == "" and out.startswith(f"{name}: ")
    assert (f"({left_out})" in out) if left_out else ("left out" not in out)


@pytest.mark.parametrize(
    ("name", "files", "complaint"),
    [
        pytest.param("aeb", {"truth.json": {}, "a.txt": ""}, "expected ground-truth.json in the repository; . holds a.txt, truth.json", id="aeb moved"),
        pytest.param("aeb", {"ground-truth.json": {}}, "expected html in the repository", id="no folder"),
        pytest.param("aeb", {"ground-truth.json": []}, "expected an object page id -> {url, articleBody}, found list", id="a list"),
        pytest.param("aeb", {"ground-truth.json": "{"}, "ground-truth.json: cannot be read", id="broken JSON"),
        pytest.param("aeb", {"ground-truth.json": "[" * 100_000}, "ground-truth.json: cannot be read", id="deep JSON"),
        pytest.param("aeb", {"ground-truth.json": {"a": {"articleBody": "x"}}, "html/b.html.gz": PAGE}, "no page could be laid out (1 left out: no page of that name)", id="no page fits"),
        pytest.param("trafilatura", {"tests/cache/a.html": PAGE, "tests/data.py": ""}, "expected tests/evaldata.json or tests/evaldata.py; tests holds cache, data.py", id="no evaldata"),
        pytest.param("trafilatura", {"tests/evaldata.py": "EVAL_PAGES = dict(a=1)\n"}, "evaldata.py: expected an object", id="computed"),
        pytest.param("trafilatura", {"tests/evaldata.py": "EVAL_PAGES = {'a': open('/etc/passwd')}\n"}, "evaldata.py: cannot be read", id="a call inside"),
        pytest.param("trafilatura", {"tests/evaldata.py": "EVAL_PAGES = {"}, "evaldata.py: cannot be read", id="broken Python"),
        pytest.param("fundus", {"tests/resources/x.txt": "x"}, f"expected {PAGES_OF_FUNDUS} in the repository; tests/resources holds x.txt", id="fundus moved"),
        pytest.param("fundus", {f"{PAGES_OF_FUNDUS}/kr/A.json": {}}, "expected test_data/<country>/<Publisher>_<date>.html.gz; it holds kr", id="no pages"),
    ],
)  # fmt: skip
def test_another_layout_is_named(
    name: str, files: dict[str, Any], complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pinned = commit(tmp_path / "repository", files)
    assert fetch(name, tmp_path / "repository", pinned, tmp_path / "pages") == 1
    out, error = capsys.readouterr()
    assert out == "" and error.startswith(f"{name}: ") and complaint in error
    assert os.listdir(tmp_path / "pages") == []


def test_links_of_a_repository_are_not_followed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secret = tmp_path / "secret.html.gz"
    secret.write_bytes(gzip.compress(b"<p>not for the repository</p>"))
    repository = tmp_path / "repository"
    commit(repository, aeb())
    (repository / "html" / "ff00.html.gz").unlink()
    (repository / "html" / "ff00.html.gz").symlink_to(secret)
    pinned = commit(repository, {})
    assert fetch("aeb", repository, pinned, tmp_path / "pages") == 0
    written = b"".join(page.html for page in read_set(tmp_path / "pages", "aeb"))
    assert b"not for the repository" not in written


def test_what_is_there_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pinned = commit(tmp_path / "repository", aeb())
    (tmp_path / "pages" / "aeb").mkdir(parents=True)
    assert fetch("aeb", tmp_path / "repository", pinned, tmp_path / "pages") == 1
    assert "already there; remove it" in capsys.readouterr().err
    assert os.listdir(tmp_path / "pages" / "aeb") == []


@pytest.mark.parametrize(
    ("options", "code", "complaint"),
    [
        pytest.param(
            ["--remote", "aeb"], 2, "--remote aeb: must be NAME=VALUE with NAME one of aeb, fundus", id="no value"
        ),
        pytest.param(["--remote", "attribution=x"], 2, "must be NAME=VALUE", id="a set that is not public"),
        pytest.param(["--remote", "aeb=--upload-pack=x"], 2, "must be NAME=VALUE", id="an option of git"),
        pytest.param(["--commit", "aeb=main"], 2, "must be a commit's 40 hex digits", id="a branch"),
        pytest.param(["--remote", "aeb=/no/such/repository"], 1, "git fetch failed with exit code", id="no repository"),
    ],
)
def test_complaints(
    options: list[str], code: int, complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--into", str(tmp_path), "--set", "aeb", *options]) == code
    assert complaint in capsys.readouterr().err


def test_every_source_is_pinned() -> None:
    for source in SOURCES.values():
        assert source.remote.startswith("https://github.com/") and len(source.commit) == 40
