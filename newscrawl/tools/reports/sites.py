"""The sites that can be crawled, and how each has done lately: the newest run reports and the newest stories only.

An output folder may hold years of files: of each site one file's end is read, of the reports the newest few hundred.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from newscrawl.sites.model import Site
from newscrawl.storage.jsonl import PART

MAX_REPORTS = 400
MAX_REPORT_BYTES = 1024 * 1024
MAX_TAIL_BYTES = 2 * 1024 * 1024
MAX_STORIES = 200
FILLED = ("headline", "body", "published_at", "byline", "dateline", "section", "agency")
AGE = re.compile(r"\b(20\d\d)(?:-(\d\d))?(?:-\d\d)?\b")


@dataclass(slots=True)
class Lately:
    """How a site has done: its last run, its newest story, and the share of the newest stories that have a field."""

    last_run: str | None = None
    newest_story: str | None = None
    stories: int = 0
    filled: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SiteStatus:
    site: Site
    lately: Lately

    def as_json(self) -> dict[str, Any]:
        site, lately = self.site, self.lately
        return {
            "id": site.id,
            "name": site.name,
            "country": site.country,
            "language": site.language,
            "timezone": site.timezone,
            "kind": site.kind,
            "agency": site.agency,
            "sources": [{"kind": source.kind, "url": source.url} for source in site.sources],
            "evidence": one_line(site.evidence),
            "blocked": site.blocked,
            "terms": site.terms,
            "last_run": lately.last_run,
            "newest_story": lately.newest_story,
            "stories_read": lately.stories,
            "filled": lately.filled,
        }


def rows(sites: Iterable[Site], output: Path) -> list[SiteStatus]:
    """Each site with what the output folder tells of it; a folder that is not there tells nothing."""
    sites = list(sites)
    runs = last_runs(output / "runs", {site.id for site in sites})
    return [SiteStatus(site, lately(output / "stories" / site.id, runs.get(site.id))) for site in sites]


def last_runs(folder: Path, wanted: set[str]) -> dict[str, str]:
    """Site -> when its last run began; a run's name begins with its time."""
    found: dict[str, str] = {}
    names = sorted((path.name for path in folder.glob("*.json")), reverse=True) if folder.is_dir() else []
    for name in names[:MAX_REPORTS]:
        report = read_json(head(folder / name, MAX_REPORT_BYTES))
        site, started = report.get("site"), report.get("started_at")
        if isinstance(site, str) and isinstance(started, str) and site in wanted:
            found.setdefault(site, started)
            if len(found) == len(wanted):
                break
    return found


def lately(folder: Path, last_run: str | None) -> Lately:
    found = Lately(last_run)
    path = newest_file(folder)
    stories = [read_json(line) for line in tail(path)[-MAX_STORIES:]] if path else []
    stories = [story for story in stories if isinstance(story.get("id"), str)]
    found.stories = len(stories)
    stated = (story.get("published_at") or story.get("published_date") for story in stories)
    found.newest_story = max((moment for moment in stated if isinstance(moment, str)), default=None)
    if stories:
        found.filled = {
            name: round(sum(1 for story in stories if story.get(name)) / len(stories), 3) for name in FILLED
        }
    return found


def newest_file(folder: Path) -> Path | None:
    """The last file of the last day of a site that has one: <year>/<month>/<day>/<run>-<number>.jsonl."""
    if not folder.is_dir():
        return None
    entries = sorted(folder.iterdir(), key=lambda path: path.name, reverse=True)
    files = [path for path in entries if path.name.endswith((".jsonl", ".jsonl" + PART)) and path.stat().st_size]
    if files:
        return files[0]
    found = (newest_file(path) for path in entries if path.is_dir() and not path.is_symlink())
    return next((path for path in found if path), None)


def tail(path: Path) -> list[bytes]:
    """The whole lines at the end of a file."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - MAX_TAIL_BYTES))
            lines = file.read(MAX_TAIL_BYTES).split(b"\n")
    except OSError:
        return []
    return lines[1:-1] if size > MAX_TAIL_BYTES else lines[:-1]  # what has no end of line is not written yet


def head(path: Path, size: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError:
        return b""


def read_json(text: bytes) -> dict[str, Any]:
    """The object of a text; an empty one for anything else: the folder may hold anybody's files."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def age_of(evidence: str) -> str:
    """The newest date that a site's evidence names, to the month: how old it is at best."""
    return max(("-".join(filter(None, found)) for found in AGE.findall(evidence)), default="")


def kinds_of(site: Site) -> str:
    """`2 rss, 1 section`."""
    kinds = [source.kind for source in site.sources]
    return ", ".join(f"{kinds.count(kind)} {kind}" for kind in sorted(set(kinds)))
