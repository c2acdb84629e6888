"""Fetch the public page sets at a pinned commit and lay them out for `benchmarks.compare`.

    python -m benchmarks.fetch_pages --into FOLDER [--set aeb ...] [--remote aeb=URL] [--commit aeb=ID]

FOLDER gets a folder a set with truth.jsonl (a line a page: id, file, url and what is known of the page) and pages/
(gzipped HTML as served). Needs git; one commit is fetched, not the history. The pages are other people's texts: for
measuring, not for passing on.

How each repository is laid out was written down from knowledge of these projects and was NOT tried against the real
hosts: what is expected is checked, and what is not there is named. --remote and --commit take a mirror or another
commit.
"""

from __future__ import annotations

import argparse
import ast
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import metrics
from benchmarks.page_sets import MAX_PAGE_BYTES
from newscrawl.security.xml import gunzipped
from newscrawl.text.encoding import decode

MAX_TRUTH_BYTES = 256 * 1024 * 1024
MAX_NAME_BYTES = 255  # of a file; looking for a longer one is an error
SHOWN = 12  # entries of a folder that a complaint lists
COMMIT = re.compile(r"[0-9a-f]{40}")
DATED_PAGE = re.compile(r"(.+)_\d{4}_\d{2}_\d{2}\.html\.gz")

Truth = dict[str, Any]


class FetchError(ValueError):
    """A set that was not fetched; the message says what was expected and what was found."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of a repository with what is known of it, or the reason why it is left out."""

    truth: Truth
    html: Path | None = None
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    remote: str
    commit: str
    pages: Callable[[Path], Iterator[Found]]


def aeb_pages(repository: Path) -> Iterator[Found]:
    """ground-truth.json: id -> url and articleBody; html/<id>.html.gz."""
    truths = read_object(expected(repository, "ground-truth.json"), "page id -> {url, articleBody}")
    expected(repository, "html")
    for name, entry in truths.items():
        truth = {"id": name, "url": stated(entry, "url"), "body": stated(entry, "articleBody")}
        yield found(truth, repository / "html", f"{name}.html.gz", None if truth["body"] else "no articleBody")


def trafilatura_pages(repository: Path) -> Iterator[Found]:
    """tests/evaldata.py or .json: URL -> file, with, without; a second one of hard pages; pages in folders of tests/."""
    tests = expected(repository, "tests")
    files = [path for name in ("*evaldata*", "*eval*hard*") for path in tests.glob(name)]
    files = sorted({path for path in files if path.suffix in (".json", ".py")})
    if not files:
        raise FetchError(f"expected tests/evaldata.json or tests/evaldata.py; tests holds {listing(tests)}")
    folders = page_folders(tests)
    for path in files:
        prefix = "hard::" if "hard" in path.stem else ""
        for url, entry in read_object(path, "URL -> {file, with, without}").items():
            truth = {"id": prefix + url, "url": prefix + url, **snippets(entry)}
            file = stated(entry, "file") or url
            folder = next((folder for folder in folders if file in folders[folder]), tests)
            yield found(truth, folder, file, None if truth["with"] else "no wanted snippet")


def page_folders(tests: Path) -> dict[Path, set[str]]:
    """Folder -> names in it; where two hold a page of the same name, trafilatura takes cache first, then eval."""
    order = {"cache": 0, "eval": 1}
    folders = sorted((path for path in tests.iterdir() if path.is_dir()), key=lambda path: order.get(path.name, 2))
    return {folder: set(os.listdir(folder)) for folder in folders}


def snippets(entry: object) -> dict[str, list[str]]:
    lists = {key: entry.get(key) if isinstance(entry, dict) else None for key in ("with", "without")}
    return {key: [str(each) for each in value] if isinstance(value, list) else [] for key, value in lists.items()}


def fundus_pages(repository: Path) -> Iterator[Found]:
    """tests/resources/parser/test_data/<country>/: <Publisher>.json, <Publisher>_<date>.html.gz and meta.info."""
    root = expected(repository, "tests/resources/parser/test_data")
    countries = sorted(path for path in root.iterdir() if path.is_dir())
    if not any(DATED_PAGE.fullmatch(name) for country in countries for name in os.listdir(country)):
        raise FetchError(f"expected {root.name}/<country>/<Publisher>_<date>.html.gz; it holds {listing(root)}")
    for country in countries:
        yield from country_pages(country)


def country_pages(country: Path) -> Iterator[Found]:
    meta = country / "meta.info"
    addresses = read_object(meta, "page's file -> {url}") if meta.is_file() else {}
    pages: dict[str, list[str]] = {}
    for name in sorted(os.listdir(country)):
        if dated := DATED_PAGE.fullmatch(name):
            pages.setdefault(dated[1], []).append(name)
    for publisher, files in pages.items():
        versions = publisher_versions(country / f"{publisher}.json")
        for number, name in enumerate(files):
            # A parser's versions and its pages are in the order of their dates; fundus keeps a page a version.
            entry = versions[number] if len(versions) == len(files) else None
            truth = publisher_truth(entry) | {"id": f"{country.name}/{name}"}
            truth["url"] = stated(addresses.get(name), "url")
            yield found(truth, country, name, publisher_complaint(entry, truth, country / name))


def publisher_versions(path: Path) -> list[Any]:
    """What a page of each version of the publisher's parser says, V1 first; [] without the file."""
    if not path.is_file():
        return []
    versions = read_object(path, "parser version -> expected values")
    return [versions[name] for name in sorted(versions, key=lambda name: [int(n) for n in re.findall(r"\d+", name)])]


def publisher_truth(entry: object) -> Truth:
    values = entry if isinstance(entry, dict) else {}
    stated_body = values.get("body")
    body = stated_body if isinstance(stated_body, dict) else {}
    sections = [section for section in listed(body.get("sections")) if isinstance(section, dict)]
    core = [line for section in sections for key in ("headline", "paragraphs") for line in listed(section.get(key))]
    return {
        "body": "\n".join(map(str, [*listed(body.get("summary")), *core])),
        "core": "\n".join(map(str, core)),
        "headline": stated(values, "title"),
        "published": stated(values, "publishing_date"),
        "authors": [str(name) for name in listed(values.get("authors"))],
    }


def publisher_complaint(entry: object, truth: Truth, page: Path) -> str | None:
    """Why a page is left out; the last look makes sure that the values belong to this page."""
    if entry is None:
        return "no expected values, or not as many versions as pages"
    if not (truth["core"] and truth["headline"] and truth["published"]):
        return "no text, headline or date"
    wanted = set(metrics.words(truth["headline"]))
    try:
        on_page = set(metrics.words(decode(gunzipped(page.read_bytes(), MAX_PAGE_BYTES))[0]))
    except ValueError as error:
        return str(error)
    return None if len(wanted & on_page) * 2 >= len(wanted) else "the headline is not on its page"


def listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def stated(entry: object, key: str) -> str:
    value = entry.get(key) if isinstance(entry, dict) else None
    return value if isinstance(value, str) else ""


def found(truth: Truth, folder: Path, file: str, complaint: str | None) -> Found:
    """The page, if there is nothing against it and its file lies in the folder (a name with a path does not)."""
    if complaint:
        return Found(truth, None, complaint)
    named = Path(file).name == file and len(file.encode("utf-8", "surrogatepass")) <= MAX_NAME_BYTES
    if not named or not (folder / file).is_file():
        return Found(truth, None, "no page of that name")
    return Found(truth, folder / file)


# The commits are ones that these repositories are known to have; later ones hold other pages.
SOURCES = {
    "aeb": Source(
        "https://github.com/scrapinghub/article-extraction-benchmark.git",
        "3cca8c395d26aa76eb5063841b58ec7fe0624ae5",
        aeb_pages,
    ),
    "fundus": Source(
        "https://github.com/flairNLP/fundus.git", "c550a1a49490baba68eff6e08df54e099ee039ed", fundus_pages
    ),
    "trafilatura": Source(
        "https://github.com/adbar/trafilatura.git", "e047b54941c4bd248391f38f0fd0ee337ebdc8a3", trafilatura_pages
    ),
}


def expected(repository: Path, name: str) -> Path:
    """The file or folder of that name; FetchError says what lies there instead."""
    path = repository / name
    if not path.exists():
        nearest = next(parent for parent in path.parents if parent.is_dir())
        where = nearest.relative_to(repository).as_posix()
        raise FetchError(f"expected {name} in the repository; {where} holds {listing(nearest)}")
    return path


def listing(folder: Path) -> str:
    names = sorted(name for name in os.listdir(folder) if name != ".git")
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return (", ".join(names[:SHOWN]) or "nothing") + more


def read_object(path: Path, shape: str) -> dict[str, Any]:
    """The object of a JSON file, or the first dictionary a Python file assigns, which is read and never run."""
    if path.stat().st_size > MAX_TRUTH_BYTES:
        raise FetchError(f"{path.name}: more than {MAX_TRUTH_BYTES} bytes")
    try:
        text = path.read_text("utf-8")
        value = assigned(text) if path.suffix == ".py" else json.loads(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError) as error:
        raise FetchError(f"{path.name}: cannot be read ({error})") from None
    if not isinstance(value, dict):
        raise FetchError(f"{path.name}: expected an object {shape}, found {type(value).__name__}")
    return {str(key): entry for key, entry in value.items()}


def assigned(source: str) -> Any:
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and isinstance(statement.value, ast.Dict):
            return ast.literal_eval(statement.value)
    return None


def check_out(remote: str, commit: str, folder: Path) -> None:
    """One commit of a remote repository as files: no links, no line ends changed, no history."""
    git(folder, "init", "--quiet")
    git(folder, "fetch", "--quiet", "--depth", "1", *shown_progress(), "--", remote, commit)
    git(folder, "checkout", "--quiet", "--detach", "FETCH_HEAD")


def shown_progress() -> list[str]:
    return ["--progress"] if sys.stderr.isatty() else []


def git(folder: Path, *arguments: str) -> None:
    # A git that called us (a hook) must not have its own repository written to.
    outer = {
        name: value for name, value in os.environ.items() if name not in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")
    }
    command = ["git", "-C", str(folder), "-c", "core.symlinks=false", "-c", "core.autocrlf=false", *arguments]
    errors = None if sys.stderr.isatty() else subprocess.PIPE
    try:
        subprocess.run(command, check=True, stderr=errors, env={**outer, "GIT_TERMINAL_PROMPT": "0"})
    except FileNotFoundError:
        raise FetchError("git is not installed") from None
    except subprocess.CalledProcessError as error:
        said = (error.stderr or b"").decode("utf-8", "replace").strip()
        raise FetchError(f"git {arguments[0]} failed with exit code {error.returncode}: {said}") from None


def lay_out(pages: Iterator[Found], folder: Path) -> tuple[int, Counter[str]]:
    """(pages written, reasons of those left out); the truth is in the order of the ids."""
    (folder / "pages").mkdir(parents=True)
    left_out: Counter[str] = Counter()
    truths: dict[str, Truth] = {}
    for page in pages:
        reason = page.left_out or keep(page, folder / "pages")
        if reason:
            left_out[reason] += 1
        else:
            truths[page.truth["id"]] = {"id": page.truth["id"], "file": file_name(page.truth["id"]), **page.truth}
    with (folder / "truth.jsonl").open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(truths[name]) + "\n" for name in sorted(truths))
    return len(truths), left_out


def keep(page: Found, folder: Path) -> str:
    """Write the page, always the same bytes for the same page; the reason if that cannot be."""
    assert page.html
    try:
        html = gunzipped(page.html.read_bytes(), MAX_PAGE_BYTES)
    except ValueError as error:
        return str(error)
    (folder / file_name(page.truth["id"])).write_bytes(gzip.compress(html, mtime=0))
    return ""


def file_name(page_id: str) -> str:
    return hashlib.sha256(page_id.encode("utf-8", "surrogatepass")).hexdigest()[:16] + ".html.gz"


def fetch(name: str, source: Source, into: Path) -> None:
    """The set under its name in the folder, or nothing there at all; FetchError says why."""
    target = into / name
    if target.exists():
        raise FetchError(f"{target} is already there; remove it to fetch the set again")
    with tempfile.TemporaryDirectory(dir=into, prefix=f".{name}-") as scratch:
        repository = Path(scratch) / "repository"
        repository.mkdir()
        check_out(source.remote, source.commit, repository)
        count, left_out = lay_out(source.pages(repository), Path(scratch) / name)
        reasons = "; ".join(f"{number} left out: {reason}" for reason, number in left_out.most_common())
        if not count:
            raise FetchError(f"no page could be laid out ({reasons or 'the truth is empty'})")
        shutil.move(Path(scratch) / name, target)
    print(f"{name}: {count} pages of commit {source.commit[:12]} in {target}" + (f" ({reasons})" if reasons else ""))


def pairs(given: list[str], option: str) -> dict[str, str]:
    """set -> value of NAME=VALUE options."""
    values = {}
    for each in given:
        name, equals, value = each.partition("=")
        if name not in SOURCES or not equals or not value or value.startswith("-"):
            raise FetchError(f"{option} {each}: must be NAME=VALUE with NAME one of {', '.join(SOURCES)}")
        if option == "--commit" and not COMMIT.fullmatch(value):
            raise FetchError(f"{option} {each}: must be a commit's 40 hex digits")
        values[name] = value
    return values


def arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.fetch_pages",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--into", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--set", action="append", choices=SOURCES, help="repeat for several; default: all")
    parser.add_argument("--remote", action="append", default=[], metavar="NAME=URL", help="fetch a set from elsewhere")
    parser.add_argument("--commit", action="append", default=[], metavar="NAME=ID", help="another commit of a set")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """0 when every set was fetched, 1 when one was not, 2 when what was asked for makes no sense."""
    args = arguments(argv)
    try:
        remotes, commits = pairs(args.remote, "--remote"), pairs(args.commit, "--commit")
    except FetchError as error:
        print(error, file=sys.stderr)
        return 2
    args.into.mkdir(parents=True, exist_ok=True)
    failed = False
    for name in dict.fromkeys(args.set or SOURCES):
        known = SOURCES[name]
        source = Source(remotes.get(name, known.remote), commits.get(name, known.commit), known.pages)
        try:
            fetch(name, source, args.into)
        except FetchError as error:
            print(f"{name}: {error}", file=sys.stderr)
            failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
