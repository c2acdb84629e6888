"""What capturing a page would write, before anything is written: the files, the story expected of it, what looks wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from newscrawl.extraction.story import FetchInfo, preferred_url, read_story
from newscrawl.items import Story
from newscrawl.sites.model import Site
from newscrawl.sites.registry import load_site, site_files
from newscrawl.storage.required_fields import missing_field
from newscrawl.text.command_line import command_line
from newscrawl.tools.scaffold.saved import (
    SITE_RULE,
    SavedPageError,
    differences,
    expected_of,
    page_path,
    read_expected,
    read_saved,
    site_id_of,
    write_expected,
    write_page,
)

MAX_SLUG_CHARS = 60
NO_SLUG = re.compile(r"[^a-z0-9]+")
NO_NAME = re.compile(r"[^a-z0-9.-]+")
FEW_PARAGRAPHS, FEW_CHARS = 3, 400
SHOWN_CHARS = 70


@dataclass(frozen=True, slots=True)
class PageFetch:
    """A page as it came, and when; `asked` is the URL or the file that was named."""

    asked: str
    url: str
    html: bytes
    captured: datetime
    content_type: str | None = None


@dataclass(frozen=True, slots=True)
class Capture:
    """A page and its expectation as they would be written. `refusals` say why they should not be."""

    asked: str
    page: Path
    html: bytes
    story: Story
    expected: dict[str, Any]
    remarks: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    def write(self) -> tuple[Path, Path]:
        """(page, expectation) as written; what was there under the name is replaced."""
        folder, site, name = self.page.parent.parent, self.page.parent.name, self.page.stem
        return write_page(folder, site, name, self.html, self.expected, overwrite=True)

    def as_json(self) -> dict[str, Any]:
        return {
            "asked": self.asked,
            "page": str(self.page),
            "expected": self.expected,
            "remarks": self.remarks,
            "refusals": self.refusals,
        }


def plan(fetch: PageFetch, folder: Path, *, site: str | None, sites_dir: str | None, name: str | None) -> Capture:
    """What capturing a page would write. SavedPageError: a site or name that cannot be used."""
    site_id = site or site_id_of(fetch.url, sites_dir) or host_name(fetch.url)
    path = site_files(sites_dir).get(site_id)
    if site and path is None:
        raise SavedPageError(f"--site: no site file {site}.toml; `{command_line('list')}` shows those there are")
    rules = load_site(path) if path else None
    how = FetchInfo(fetched_at=fetch.captured, content_type=fetch.content_type)
    story = read_story(fetch.html, fetch.url, rules, how)
    expected = expected_of(story, captured=fetch.captured, content_type=fetch.content_type)
    page = page_path(folder, site_id, name) if name else free_path(folder, site_id, story, fetch)
    return Capture(
        fetch.asked,
        page,
        fetch.html,
        story,
        expected,
        list(remarks(story, rules, site_id, fetch)),
        list(refusals(story, page)),
    )


def host_name(url: str) -> str:
    """The folder of a page whose site has no file: its host."""
    return NO_NAME.sub("-", (urlsplit(url).hostname or "page").lower().removeprefix("www."))


def free_path(folder: Path, site: str, story: Story, fetch: PageFetch) -> Path:
    """The page's place by its day and URL; numbered where another URL's page has it."""
    day = story.published_date or fetch.captured.date().isoformat()
    last = unquote(urlsplit(fetch.url).path.rstrip("/").rsplit("/", 1)[-1]).rsplit(".", 1)[0].lower()
    slug = NO_SLUG.sub("-", last)[:MAX_SLUG_CHARS].strip("-")
    stem = f"{day}-{slug}" if slug else day
    path, number = page_path(folder, site, stem), 1
    while path.exists() and not is_of_url(path, fetch.url):
        number += 1
        path = page_path(folder, site, f"{stem}-{number}")
    return path


def is_of_url(page: Path, url: str) -> bool:
    """Whether a saved page is of this URL; one whose expectation cannot be read may be."""
    try:
        return bool(read_expected(page)["url"] == url)
    except SavedPageError:
        return True


def refusals(story: Story, page: Path) -> Iterator[str]:
    """Why a page should not be written without a second thought."""
    for path in (page, page.with_suffix(".json")):
        if path.exists():
            yield f"{path} is there already"
    reason = missing_field(story)
    if reason:
        yield f"the page holds no story that would be written: {reason}"


def remarks(story: Story, site: Site | None, site_id: str, fetch: PageFetch) -> Iterator[str]:
    """What is missing or looks wrong in a story: to be looked at before it is expected for good."""
    if site is None:
        yield f"no site file has the host of this page: it is read without rules, and kept under {site_id}"
    elif not site.is_story_url(story.canonical_url or fetch.url):
        yield "its URL does not match the site's story_url: a crawl would not read it"
    if site is not None and site.render:
        yield "the site's pages fill themselves by script: this is the page before they do"
    other = preferred_url(story)
    if other:
        yield f"the story's own page is another, which a crawl would read: {other}"
    yield from selector_remarks(story, site, fetch)
    if not story.published_at:
        yield "no time of publication" + (f", only the day {story.published_date}" if story.published_date else "")
    if site is not None and site.kind == "wire" and not story.agency:
        yield "no agency, on an agency's own site"
    if not story.authors and not story.agency:
        yield "nobody is named who wrote it"
    if len(story.body or []) < FEW_PARAGRAPHS or len(story.text or "") < FEW_CHARS:
        yield f"a short text: {len(story.body or [])} blocks, {len(story.text or '')} characters"
    if story.kind != "article":
        yield f"it is read as a {story.kind}"
    if story.access in ("paywalled", "registration"):
        yield f"it is {story.access}: the text may be cut"
    yield from (f"warning {warning}" for warning in (story.extraction.warnings if story.extraction else []))


def selector_remarks(story: Story, site: Site | None, fetch: PageFetch) -> Iterator[str]:
    """Selectors of the site file that found nothing."""
    layout = site.layout_on(fetch.captured.date()) if site else None
    origins = story.extraction.origins if story.extraction else None
    if layout is None or origins is None:
        return
    found = {"headline": origins.headline, "body": origins.text, "published": origins.published}
    for key, origin in found.items():
        if getattr(layout, key) and origin != "site-rule":
            yield f"the site file's selector for {key} found nothing; it came from: {origin or 'nowhere'}"


def shown(capture: Capture) -> Iterator[tuple[str, str]]:
    """A capture as pairs of label and text: where it goes, what is read of it, what looks wrong."""
    story = capture.story
    yield "page", f"{capture.page} ({len(capture.html):,} bytes)"
    yield "expected", str(capture.page.with_suffix(".json"))
    yield "url", story.url or ""
    yield "headline", story.headline or "none"
    yield (
        "published",
        f"{story.published_at or story.published_date or 'unknown'} {story.published_offset or ''}".strip(),
    )
    yield "agency", agency_line(story)
    yield "authors", ", ".join(author.name for author in story.authors or []) or "none"
    yield "language", f"{story.language or 'unknown'}, {story.kind}"
    origins = story.extraction.origins if story.extraction else None
    yield "text", f"{len(story.body or [])} blocks, {len(story.text or ''):,} characters, by {origins and origins.text}"
    for number, block in enumerate(story.body or [], 1):
        head = " ".join(block.text.split())
        yield f"{number:>4}", head if len(head) <= SHOWN_CHARS else head[:SHOWN_CHARS] + " ..."
    yield from (("look at", remark) for remark in capture.remarks)
    yield from (("refused", refusal) for refusal in capture.refusals)


def agency_line(story: Story) -> str:
    if not story.attribution:
        return "none"
    first = story.attribution[0]
    return f"{first.id}, {first.role} by its {first.evidence[0].kind}: {first.evidence[0].text}"


@dataclass(frozen=True, slots=True)
class Checked:
    """A saved page, read again: in what it differs, or why it cannot be read."""

    page: Path
    differences: list[str] = field(default_factory=list)
    error: str | None = None

    @property
    def verdict(self) -> str:
        return "broken" if self.error else "differs" if self.differences else "ok"

    def as_json(self) -> dict[str, Any]:
        return {"page": str(self.page), "verdict": self.verdict, "differences": self.differences, "error": self.error}


def check(page: Path, sites_dir: str | None) -> Checked:
    """A saved page, read again."""
    try:
        return Checked(page, differences(page, sites_dir))
    except SavedPageError as error:
        return Checked(page, error=str(error))


def accept(page: Path, sites_dir: str | None) -> None:
    """Expect of a saved page what is read of it now; its keys, URL and capture stay."""
    old = read_expected(page)
    now = expected_of(read_saved(page, old, sites_dir))
    if old["id"].endswith(":*") and str(now["id"]).startswith(old["id"][:-1]):
        now["id"] = old["id"]
    wanted = old.keys() | ({"origin"} if now["origin"] != SITE_RULE else set())
    write_expected(page, {**old, **{key: value for key, value in now.items() if key in wanted}})


def moment_of_day(text: str) -> datetime:
    """`2026-11-25` or a time with its offset; ValueError for anything else."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
