"""What is known of stories: the tables of the state file as dedup uses them.

Every call stands inside a transaction of the caller, so that a decision and what it rests on are one step over
all processes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newscrawl.dedup.canonical_url import identity_urls, story_key, url_key
from newscrawl.dedup.version import text_hash
from newscrawl.state.store import State

MAX_EVIDENCE_CHARS = 200
MAX_AUTHORS = 20


@dataclass(frozen=True, slots=True)
class StoryKeys:
    """What a page's story is looked up by."""

    site: str
    key: str
    urls: tuple[int, ...]
    text: int
    content_hash: bytes
    has_own_id: bool


@dataclass(frozen=True, slots=True)
class Known:
    """A story seen before; `n` is its row."""

    n: int
    id: str
    version: int
    content_hash: bytes
    cluster_id: str
    matched_id: str | None
    is_alias: bool = False


def signed(digest: bytes) -> int:
    return int.from_bytes(digest[:8], "big", signed=True)


def url_hash(url: str) -> int:
    """64 bits of a URL's key, as SQLite stores an integer."""
    return signed(hashlib.sha256(url_key(url).encode("utf-8", "surrogatepass")).digest())


def story_keys(story_id: str, urls: Sequence[str], headline: str | None, text: str | None, content: str) -> StoryKeys:
    """The keys of a story; `urls` are its canonical URL first, then the others it was read under."""
    site, _, key = story_id.partition(":")
    return StoryKeys(
        site=site,
        key=key,
        urls=tuple(dict.fromkeys(map(url_hash, urls))),
        text=signed(text_hash(headline, text)),
        content_hash=bytes.fromhex(content.removeprefix("sha256:")),
        has_own_id=key not in {story_key(url) for url in urls},
    )


SELECT = """
    SELECT s.n, si.id || ':' || s.key, s.version, s.content_hash,
           csi.id || ':' || c.key, msi.id || ':' || m.key
    FROM stories s JOIN sites si ON si.n = s.site
    JOIN stories c ON c.n = s.cluster JOIN sites csi ON csi.n = c.site
    LEFT JOIN stories m ON m.n = s.matched LEFT JOIN sites msi ON msi.n = m.site
"""


class StoryIndex:
    """Lookups and records over one state file."""

    def __init__(self, state: State) -> None:
        self.db = state.db
        self._sites: dict[str, int] = {}

    def site(self, name: str) -> int:
        """The number of a site; a new one is added."""
        if name not in self._sites:
            self.db.execute("INSERT OR IGNORE INTO sites (id) VALUES (?)", (name,))
            self._sites[name] = self.db.execute("SELECT n FROM sites WHERE id = ?", (name,)).fetchone()[0]
        return self._sites[name]

    def by_id(self, keys: StoryKeys) -> Known | None:
        return self._one("WHERE s.site = ? AND s.key = ?", (self.site(keys.site), keys.key))

    def by_url(self, keys: StoryKeys, same_text: int | None = None) -> Known | None:
        """The story that one of the URLs, the first known, was read under on this site.

        An alias counts only while it shows a text of its story (row `same_text`): two pages that were alike once,
        as paywall stubs are, may turn out to be two stories.
        """
        for url in keys.urls:
            row = self.db.execute(
                "SELECT story, is_alias FROM urls WHERE site = ? AND url = ?", (self.site(keys.site), url)
            ).fetchone()
            if row is not None and (not row[1] or row[0] == same_text):
                return self._one("WHERE s.n = ?", (row[0],), bool(row[1]))
        return None

    def by_text_here(self, keys: StoryKeys) -> Known | None:
        """The story of the same site that has or had this text."""
        return self._one(
            "WHERE s.n = (SELECT story FROM texts WHERE text = ? AND site = ?)", (keys.text, self.site(keys.site))
        )

    def by_text_elsewhere(self, keys: StoryKeys) -> Known | None:
        """The earliest story of any other site that has or had this text."""
        return self._one(
            "WHERE s.n = (SELECT min(story) FROM texts WHERE text = ? AND site <> ?)", (keys.text, self.site(keys.site))
        )

    def _one(self, where: str, values: Sequence[Any], is_alias: bool = False) -> Known | None:
        row = self.db.execute(SELECT + where, values).fetchone()
        if row is None:
            return None
        n, story_id, version, content_hash, cluster_id, matched_id = row
        return Known(n, story_id, version, content_hash, cluster_id, matched_id, is_alias)

    def record(self, keys: StoryKeys, version: int, cluster_id: str, matched_id: str | None) -> None:
        """Remember a written line: its story in its newest version, its URLs, its text."""
        site = self.site(keys.site)
        self.db.execute(
            """INSERT INTO stories (site, key, version, content_hash, cluster) VALUES (?, ?, ?, ?, 0)
               ON CONFLICT (site, key) DO UPDATE SET version = excluded.version, content_hash = excluded.content_hash
               WHERE excluded.version > version""",
            (site, keys.key, version, keys.content_hash),
        )
        story = self.number(f"{keys.site}:{keys.key}") or 0
        self.db.execute("UPDATE stories SET cluster = n WHERE n = ? AND cluster = 0", (story,))
        if matched_id is not None:
            self.link(story, cluster_id, matched_id)
        self.record_urls(keys, story, is_alias=False)
        self.db.execute("INSERT OR IGNORE INTO texts (text, site, story) VALUES (?, ?, ?)", (keys.text, site, story))

    def link(self, story: int, cluster_id: str, matched_id: str) -> bool:
        """Put a story into the cluster of the one it is a copy of; False where that one is not known (yet)."""
        cluster, matched = self.number(cluster_id), self.number(matched_id)
        if cluster is None or matched is None:
            return False
        self.db.execute("UPDATE stories SET cluster = ?, matched = ? WHERE n = ?", (cluster, matched, story))
        return True

    def record_urls(self, keys: StoryKeys, story: int, *, is_alias: bool) -> None:
        """Remember that a story was read under these URLs; its own URL takes the place of an alias."""
        rows = [(self.site(keys.site), url, story, is_alias) for url in keys.urls]
        self.db.executemany(
            """INSERT INTO urls (site, url, story, is_alias) VALUES (?, ?, ?, ?) ON CONFLICT (site, url)
               DO UPDATE SET story = excluded.story, is_alias = 0 WHERE is_alias = 1 AND excluded.is_alias = 0""",
            rows,
        )

    def number(self, story_id: str | None) -> int | None:
        """The row of a story id; None where it is not known."""
        if story_id is None:
            return None
        site, _, key = story_id.partition(":")
        row = self.db.execute(
            "SELECT s.n FROM stories s JOIN sites si ON si.n = s.site WHERE si.id = ? AND s.key = ?", (site, key)
        ).fetchone()
        return row[0] if row else None

    def record_line(self, line: Mapping[str, Any]) -> None:
        """Remember a line as it was written: for recovery and rebuilding."""
        cluster = line.get("cluster") or {}
        crawl = line.get("crawl") or {}
        urls = identity_urls(line["canonical_url"], line["url"], crawl.get("requested_url"))
        keys = story_keys(line["id"], urls, line["headline"], line["text"], line["content_hash"])
        self.record(keys, line["version"], cluster.get("id") or line["id"], cluster.get("of"))
        record_credits(self, line["id"], line.get("attribution") or [], line.get("authors") or [])


def record_credits(
    index: StoryIndex, story_id: str, attribution: Sequence[Mapping[str, Any]], authors: Sequence[Mapping[str, Any]]
) -> None:
    """Remember what the page of a story itself says of who wrote it, in the form of a line; it replaces what it said before."""
    story = index.number(story_id)
    if story is None:
        return
    names = json.dumps([author["name"] for author in authors[:MAX_AUTHORS]], ensure_ascii=False)
    rows = [
        (
            story,
            entry["id"],
            entry["role"],
            entry["confidence"],
            entry["evidence"][0]["text"][:MAX_EVIDENCE_CHARS],
            names,
        )
        for entry in attribution
        if entry["evidence"] and entry["evidence"][0]["where"] != "copy"
    ]
    index.db.execute("DELETE FROM credits WHERE story = ?", (story,))
    index.db.executemany("INSERT OR REPLACE INTO credits VALUES (?, ?, ?, ?, ?, ?)", rows)


def credits_of(index: StoryIndex, story_id: str | None) -> list[tuple[str, str, float, str, list[str]]]:
    """(agency, role, confidence, evidence, authors) as the page of a story states them."""
    story = index.number(story_id)
    rows = index.db.execute(
        "SELECT agency, role, confidence, evidence, authors FROM credits WHERE story = ? ORDER BY confidence DESC",
        (story,),
    )
    return [(*row[:4], json.loads(row[4])) for row in rows]
