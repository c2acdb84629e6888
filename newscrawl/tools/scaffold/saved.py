"""Saved pages: `<folder>/<site id>/<name>.html`, the bytes as fetched, and `<name>.json` beside it, the expected story.

The folder of a page names the site whose rules read it; where there is no such site file it is read without rules.
Our own pages lie in tests/saved_pages, a user's in `saved_pages/` inside the folder of site files.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newscrawl.extraction.story import FetchInfo, read_story
from newscrawl.items import Story
from newscrawl.security.markup import MAX_PAGE_BYTES
from newscrawl.security.url import split
from newscrawl.sites.loader import SiteError
from newscrawl.sites.registry import load_site, site_files, site_of
from newscrawl.text.command_line import command_line

DEFAULT_SITES_DIR = "sites"
FOLDER_NAME = "saved_pages"
TEST_NAME = "test_saved_pages.py"
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
START_CHARS = 40  # of a block that its expectation shows: enough to know it by
MAX_JSON_BYTES = 1 << 20

Shown = Callable[[Story], Any]


class SavedPageError(SiteError):
    """A saved page that cannot be used; its text names file, key and remedy."""


def is_text(value: Any) -> bool:
    return isinstance(value, str)


def is_text_or_null(value: Any) -> bool:
    return value is None or isinstance(value, str)


def is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, str) for entry in value)


def is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_url(value: Any) -> bool:
    return isinstance(value, str) and split(value) is not None


def is_moment(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(datetime.fromisoformat(value))
    except ValueError:
        return False


ASKED: dict[str, tuple[Callable[[Any], bool], str]] = {
    "url": (is_url, "an absolute http or https URL"),
    "captured": (is_moment, "a day or time such as 2026-11-25 or 2026-11-25T09:30:00+00:00"),
    "content_type": (is_text, "the Content-Type header, a text"),
}
TEXT, TEXT_OR_NULL, TEXTS = (is_text, "a text"), (is_text_or_null, "a text or null"), (is_texts, "a list of texts")
EXPECTED: dict[str, tuple[Callable[[Any], bool], str]] = {
    "id": TEXT,
    "headline": TEXT_OR_NULL,
    "agency": TEXT_OR_NULL,
    "published_at": TEXT_OR_NULL,
    "published_offset": TEXT_OR_NULL,
    "updated_at": TEXT_OR_NULL,
    "language": TEXT_OR_NULL,
    "paragraphs": TEXTS,
    "caption_credits": TEXTS,
    "origin": TEXT_OR_NULL,
    "published_date": TEXT_OR_NULL,
    "kind": TEXT_OR_NULL,
    "authors": TEXTS,
    "dateline": TEXT_OR_NULL,
    "section": TEXTS,
    "text_chars": (is_count, "a number of characters"),
}
NEEDED = ("url", "id", "headline", "agency", "published_at", "published_offset", "updated_at", "language",
          "paragraphs", "caption_credits")  # fmt: skip
SITE_RULE = "site-rule"  # what `origin` is where it is not stated

SHOWN: dict[str, Shown] = {
    "id": lambda story: story.id,
    "headline": lambda story: story.headline,
    "agency": lambda story: story.agency,
    "published_at": lambda story: story.published_at,
    "published_offset": lambda story: story.published_offset,
    "updated_at": lambda story: story.updated_at,
    "language": lambda story: story.language,
    "paragraphs": lambda story: [block.text for block in story.body or []],
    "caption_credits": lambda story: [media.credit for media in story.media or [] if media.credit],
    "origin": lambda story: story.extraction.origins.text if story.extraction else None,
    "published_date": lambda story: story.published_date,
    "kind": lambda story: story.kind,
    "authors": lambda story: [author.name for author in story.authors or []],
    "dateline": lambda story: story.dateline.text if story.dateline else None,
    "section": lambda story: story.section or [],
    "text_chars": lambda story: len(story.text or ""),
}


def pages_folder(sites_dir: str | None = None) -> Path:
    """Where a user's saved pages lie: beside the site files, in `sites/` of the current folder where none are named."""
    return Path(sites_dir or DEFAULT_SITES_DIR) / FOLDER_NAME


def saved_pages(folder: Path, site: str | None = None) -> list[Path]:
    """The saved pages of a folder, or of one site of it, in order; [] where the folder does not exist."""
    return sorted(folder.glob(f"{site or '*'}/*.html"))


def expected_of(story: Story, *, captured: datetime | None = None, content_type: str | None = None) -> dict[str, Any]:
    """What a page of which this story was read is expected to give again.

    `captured` chooses the layout when it is read again, `content_type` is kept where it states an encoding.
    """
    expected: dict[str, Any] = {"url": story.url}
    for key, shown in SHOWN.items():
        expected[key] = shown(story)
    expected["paragraphs"] = [text[:START_CHARS] for text in expected["paragraphs"]]
    if captured is not None:
        expected["captured"] = captured.astimezone(UTC).isoformat(timespec="seconds")
    if content_type and "charset" in content_type.lower():
        expected["content_type"] = content_type
    return expected


def differences(page: Path, sites_dir: str | None = None) -> list[str]:
    """How the story read of a saved page differs from the expected one: a line a field; [] where it does not.

    SavedPageError: the page or its expectation cannot be used.
    """
    expected = read_expected(page)
    story = read_saved(page, expected, sites_dir)
    return [line for key in SHOWN for line in difference(key, expected, story)]


def difference(key: str, expected: dict[str, Any], story: Story) -> Iterator[str]:
    if key not in expected and key != "origin":
        return
    wanted, got = expected.get(key, SITE_RULE), SHOWN[key](story)
    if key == "paragraphs":
        yield from paragraph_differences(wanted, got)
    elif wanted != got and not (key == "id" and is_id_of_site(wanted, got)):
        yield f"{key}: expected {shortened(wanted)}, got {shortened(got)}"


def is_id_of_site(wanted: str, got: Any) -> bool:
    """`site:*` is where the site's URLs hold no id: the rest is made of the canonical URL."""
    return wanted.endswith(":*") and str(got).startswith(wanted[:-1])


def paragraph_differences(starts: list[str], texts: list[str]) -> Iterator[str]:
    """Their number, and the first block that begins otherwise."""
    if len(starts) != len(texts):
        yield f"paragraphs: expected {len(starts)}, got {len(texts)}"
    for n, (start, text) in enumerate(zip(starts, texts, strict=False), 1):
        if not text.startswith(start):
            yield f"paragraphs: {n} was expected to begin {shortened(start)}, got {shortened(text[: len(start) + 10])}"
            return
    for which, rest in (("expected, not there", starts[len(texts) :]), ("not expected", texts[len(starts) :])):
        if rest:
            yield f"paragraphs: {which}: {shortened(rest[0])}"


def shortened(value: Any) -> str:
    """A value as JSON writes it, on one line of bounded length."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 160 else text[:150] + " ..."


def read_saved(page: Path, expected: dict[str, Any], sites_dir: str | None = None) -> Story:
    """The story of a saved page by the rules of the site that its folder names."""
    html = read_bounded(page, MAX_PAGE_BYTES)
    name = page.absolute().parent.name
    path = site_files(sites_dir).get(name)
    site = load_site(path) if path else None
    captured = expected.get("captured")
    at = datetime.fromisoformat(captured) if captured else None
    at = at.replace(tzinfo=UTC) if at and at.tzinfo is None else at
    return read_story(html, expected["url"], site, FetchInfo(fetched_at=at, content_type=expected.get("content_type")))


def read_expected(page: Path) -> dict[str, Any]:
    """The expectation beside a page; SavedPageError names what is wrong with it."""
    path = page.with_suffix(".json")
    remedy = f"write it with `{command_line(f'capture {page} --url <its URL> --site {page.parent.name}')}`"
    if not path.exists():
        raise SavedPageError(f"{path}: not there; {remedy}")
    try:
        expected = json.loads(read_bounded(path, MAX_JSON_BYTES))
    except (ValueError, RecursionError) as error:  # no JSON, no UTF-8, thousands of brackets
        raise SavedPageError(f"{path}: no JSON ({error}); mend it, or {remedy}") from None
    complaints = [f"{path}: {complaint}" for complaint in complaints_of(expected)]
    if complaints:
        raise SavedPageError("\n".join(complaints))
    checked: dict[str, Any] = expected
    return checked


def complaints_of(expected: Any) -> Iterator[str]:
    """What is wrong with the values of an expectation, and what is allowed there."""
    if not isinstance(expected, dict):
        yield f"must be an object with the keys {', '.join(NEEDED)}"
        return
    allowed = {**ASKED, **EXPECTED}
    for key in NEEDED:
        if key not in expected:
            yield f"{key}: is missing; {allowed[key][1]}"
    for key, value in expected.items():
        if key not in allowed:
            yield f"{shortened(key)}: no such key; allowed are {', '.join(allowed)}"
        elif not allowed[key][0](value):
            yield f"{key}: must be {allowed[key][1]}, not {shortened(value)}"


def read_bounded(path: Path, limit: int) -> bytes:
    """The bytes of a file; SavedPageError where it cannot be read or has more than `limit`."""
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise SavedPageError(f"{path}: {error.strerror or error}") from None
    if len(content) > limit:
        raise SavedPageError(f"{path}: more than {limit:,} bytes; take a smaller one")
    return content


def site_id_of(url: str, sites_dir: str | None = None) -> str | None:
    """The id of the site that a URL is on; None where no site file has its host."""
    site = site_of(url, sites_dir)
    return site.id if site else None


def page_path(folder: Path, site: str, name: str) -> Path:
    """Where a page of a site lies; SavedPageError for a name that could leave the folder."""
    for what, value in (("site", site), ("name", name)):
        if not NAME.fullmatch(value) or ".." in value:
            raise SavedPageError(
                f"{what}: {value!r} cannot name a file; lower-case letters, digits, dots, dashes and _ can"
            )
    return folder / site / f"{name}.html"


def write_page(
    folder: Path, site: str, name: str, html: bytes, expected: dict[str, Any], *, overwrite: bool = False
) -> tuple[Path, Path]:
    """(page, expectation) as written, each whole or not at all. SavedPageError: one is there and must not be replaced."""
    page = page_path(folder, site, name)
    beside = page.with_suffix(".json")
    for path in (page, beside):
        if path.exists() and not overwrite:
            raise SavedPageError(f"{path}: is there already; take another name, or --force to replace it")
    page.parent.mkdir(parents=True, exist_ok=True)
    write_whole(page, html)
    write_expected(page, expected)
    return page, beside


def write_expected(page: Path, expected: dict[str, Any]) -> None:
    """Put an expectation beside its page."""
    write_whole(page.with_suffix(".json"), (json.dumps(expected, ensure_ascii=False, indent=1) + "\n").encode())


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


TEST = '''"""Each saved page beside the site files gives the story that is expected of it. Made by newscrawl; yours to change."""

from pathlib import Path

import pytest

from newscrawl.tools.scaffold.saved import differences, saved_pages
{imports}
FOLDER = Path(__file__).resolve().parent
PAGES = saved_pages(FOLDER / "{pages}")
{agencies}

@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{{page.parent.name}}/{{page.stem}}")
def test_a_saved_page(page: Path) -> None:
    assert differences(page, str(FOLDER)) == []


def test_there_are_saved_pages() -> None:
    assert PAGES, "no saved page; `newscrawl capture <url>` adds one"
'''


def write_test(sites_dir: Path, agencies_file: str | None = None) -> Path | None:
    """The test of a user's saved pages, as written into the folder of the site files; None where there was one.

    `agencies_file` is the user's own file of agencies, which the test reads too.
    """
    path = sites_dir / TEST_NAME
    if path.exists():
        return None
    sites_dir.mkdir(parents=True, exist_ok=True)
    own = str(Path(agencies_file).absolute()) if agencies_file else None
    imports = "from newscrawl.attribution.agencies import add_agencies_file\n" if own else ""
    agencies = f"add_agencies_file(Path({own!r}))\n" if own else ""
    write_whole(path, TEST.format(pages=FOLDER_NAME, imports=imports, agencies=agencies).encode())
    return path
