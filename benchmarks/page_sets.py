"""Page sets on disk: folders with `truth.jsonl` (a line a page) and `pages/` (gzipped HTML as served)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newscrawl.security.xml import gunzipped

MAX_PAGE_BYTES = 64 * 1024 * 1024
LANGUAGE_WINDOW = 65_536  # bytes from the start within which <html> stands
MAX_TAG_BYTES = 4_096
MAX_HTML_TAGS = 8  # old pages have one for each version of a browser
LANG = re.compile(rb"""[\s"'](?:xml:)?lang\s*+=\s*+["']?+\s*+([a-z]{2,3})(?![a-z])""")
COMMON_KEYS = {"id": str, "file": str, "url": str}


class BadSet(ValueError):
    """A set that cannot be measured on; the message says what is wrong where."""


@dataclass(frozen=True, slots=True)
class PageSet:
    name: str
    about: str
    keys: dict[str, type]  # what its truth states, beside id, file and url


@dataclass(frozen=True, slots=True)
class Page:
    id: str
    url: str
    html: bytes
    language: str | None  # the truth's own (`lang`), else what <html lang> says; two or three letters
    truth: dict[str, Any]


SETS = {
    each.name: each
    for each in (
        PageSet("aeb", "Zyte's article extraction benchmark: news and blog pages with the whole text", {"body": str}),
        PageSet(
            "fundus",
            "fundus's test pages: publishers with text, headline, date and authors",
            {"body": str, "core": str, "headline": str, "published": str, "authors": list},
        ),
        PageSet(
            "trafilatura",
            "trafilatura's evaluation pages: snippets that must and must not be in the text",
            {"with": list, "without": list},
        ),
        PageSet(
            "attribution",
            "pages with the agencies that wrote the story, by hand",
            {"attribution": list, "role": str},
        ),
    )
}


def sets_in(folder: Path) -> list[str]:
    return [name for name in SETS if (folder / name / "truth.jsonl").is_file()]


def read_set(folder: Path, name: str, limit: int | None = None) -> list[Page]:
    """The set's pages in the truth's order, the first `limit` of them; BadSet names the file, the line and the key."""
    truth = folder / name / "truth.jsonl"
    if not truth.is_file():
        raise BadSet(
            f"{truth} is not there; {folder} holds {', '.join(sets_in(folder)) or 'no set'}. "
            "`python -m benchmarks.fetch_pages --into FOLDER` fetches the public sets"
        )
    pages = list(read_lines(truth, SETS[name], limit))
    if not pages:
        raise BadSet(f"{truth} holds no page")
    return pages


def read_lines(path: Path, kind: PageSet, limit: int | None) -> Iterator[Page]:
    lines = [line for line in path.read_text("utf-8").split("\n") if line]  # a text may hold U+2028
    for number, line in enumerate(lines[:limit], 1):
        where = f"{path}, line {number}"
        truth = checked(line, kind, where)
        html = read_html(path.parent / "pages", truth["file"], where)
        yield Page(truth["id"], truth["url"], html, stated_language(truth) or html_language(html), truth)


def checked(line: str, kind: PageSet, where: str) -> dict[str, Any]:
    try:
        truth = json.loads(line)
    except ValueError as error:
        raise BadSet(f"{where}: not JSON ({error})") from None
    if not isinstance(truth, dict):
        raise BadSet(f"{where}: not an object")
    for key, wanted in {**COMMON_KEYS, **kind.keys}.items():
        if not isinstance(truth.get(key), wanted):
            raise BadSet(f"{where}: {key} must be a {wanted.__name__}, it is {type(truth.get(key)).__name__}")
    return truth


def read_html(pages: Path, file: str, where: str) -> bytes:
    if Path(file).name != file:
        raise BadSet(f"{where}: file must be the name of a file in {pages}, it is {file!r}")
    try:
        return gunzipped((pages / file).read_bytes(), MAX_PAGE_BYTES)
    except (OSError, ValueError) as error:
        raise BadSet(f"{where}: {pages / file}: {error}") from None


def stated_language(truth: dict[str, Any]) -> str | None:
    return str(truth.get("lang") or "").split("-")[0].lower() or None


def html_language(html: bytes) -> str | None:
    """The language that the first <html> tag with one states, without its region, in lower case."""
    head = html[:LANGUAGE_WINDOW].lower()
    at = -1
    for _ in range(MAX_HTML_TAGS):
        at = head.find(b"<html", at + 1)
        if at < 0:
            break
        end = head.find(b">", at, at + MAX_TAG_BYTES)
        stated = LANG.search(head, at, end if end >= 0 else at + MAX_TAG_BYTES)
        if stated:
            return stated[1].decode("ascii")
    return None
