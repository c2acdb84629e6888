"""Look up and record known stories in the state file, for deduplication.

Call every method inside a transaction of the caller, so that a decision and the data it rests on are one step across
all processes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from newscrawl.dedup.canonical_url import identity_urls
from newscrawl.dedup.keys import (
    REDACTED,
    WITHDRAWN,
    KnownStory,
    StoryKeys,
    hash_bytes,
    key_hash,
    published_hour,
    seconds,
    story_keys,
)
from newscrawl.dedup.shingle import shingles_of
from newscrawl.dedup.version import steady
from newscrawl.storage.migrations import name_in_site, packed_key, unpacked_key
from newscrawl.storage.state import State
from newscrawl.storage.text_window import Window

MAX_EVIDENCE_CHARS = 200
MAX_AUTHORS = 20


SELECT = """
    SELECT s.n, s.site, s.key, s.version, s.content_hash, s.words, s.page, coalesce(s.cluster, s.n),
           c.site, c.key, m.site, m.key, o.site, o.key
    FROM stories s LEFT JOIN stories c ON c.n = coalesce(s.cluster, s.n)
    LEFT JOIN stories m ON m.n = s.matched LEFT JOIN stories o ON o.n = c.original WHERE s.n = ?
"""


class StoryIndex:
    """Lookups and records over one state file."""

    def __init__(self, state: State) -> None:
        self.state, self.db = state, state.db
        self.window = Window(state)
        self.rollbacks = -1
        self._numbers: dict[str, int] = {}
        self._names: dict[int, str] = {}

    def site(self, name: str) -> int:
        """The number of a site; a new one is added."""
        if self.rollbacks != self.state.rollbacks:  # what was added since may be gone
            self._numbers, self._names, self.rollbacks = {}, {}, self.state.rollbacks
        if name not in self._numbers:
            self.db.execute("INSERT OR IGNORE INTO sites (id) VALUES (?)", (name,))
            self._numbers[name] = self.db.execute("SELECT n FROM sites WHERE id = ?", (name,)).fetchone()[0]
        return self._numbers[name]

    def id_of(self, site: int | None, key: bytes | str | None) -> str | None:
        """The id of a story by its site's number and its stored key."""
        if site is None or key is None:
            return None
        if site not in self._names:
            self._names[site] = self.db.execute("SELECT id FROM sites WHERE n = ?", (site,)).fetchone()[0]
        return f"{self._names[site]}:{unpacked_key(key)}"

    def story(self, n: int, is_alias: bool = False) -> KnownStory:
        row = self.db.execute(SELECT, (n,)).fetchone()
        _, site, key, version, content_hash, words, page, cluster = row[:8]
        cluster_id, matched_id, original_id = (self.id_of(row[place], row[place + 1]) for place in (8, 10, 12))
        return KnownStory(
            n=n, site=site, id=self.id_of(site, key) or "", version=version, content_hash=content_hash, words=words,
            page=page, cluster=cluster, cluster_id=cluster_id or "", matched_id=matched_id, original_id=original_id,
            is_alias=is_alias,
        )  # fmt: skip

    def by_name(self, keys: StoryKeys, same_text: Sequence[int] = ()) -> KnownStory | None:
        """The story of this site's own id, or of the first known URL.

        An alias counts only while it shows a text of its story (one of `same_text`): two pages that were equal once,
        as paywall stubs are, may turn out to be two stories.
        """
        site = self.site(keys.site)
        for name in keys.names:
            row = self.db.execute("SELECT story FROM names WHERE name = ?", (name_in_site(site, name),)).fetchone()
            if row is not None and (row[0] > 0 or -row[0] in same_text):
                return self.story(abs(row[0]), row[0] < 0)
        return None

    def by_text(self, keys: StoryKeys) -> tuple[list[int], int | None]:
        """(the stories of the same site that have or had this text, the earliest of any other site)."""
        if self.db.execute("SELECT 1 FROM texts WHERE text = ?", (keys.text,)).fetchone() is None:
            return [], None
        site = self.site(keys.site)
        rows = self.db.execute(
            "SELECT t.story, s.site FROM texts t JOIN stories s ON s.n = t.story WHERE t.text = ? ORDER BY t.story",
            (keys.text,),
        ).fetchall()
        here = [story for story, of in rows if of == site]
        return here, next((story for story, of in rows if of != site), None)

    def page(self, keys: StoryKeys) -> int:
        """What a story's page is remembered by: its canonical URL."""
        return name_in_site(self.site(keys.site), keys.urls[0])

    def add(
        self, keys: StoryKeys, version: int, words: int, cluster: int | None = None, matched: int | None = None
    ) -> int:
        """Remember a story that was not known; its row."""
        site = self.site(keys.site)
        row = self.db.execute(
            "INSERT INTO stories (site, key, version, content_hash, words, cluster, matched) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (site, packed_key(keys.key), version, keys.content_hash, words, cluster, matched),
        ).lastrowid
        assert row is not None
        self.record_names(keys, row, is_alias=False)
        self.record_text(keys, row)
        return row

    def change(self, known: KnownStory, keys: StoryKeys, version: int, content: str, words: int) -> None:
        """Remember a new version of a known story, and the page that brought it."""
        self.db.execute(
            "UPDATE stories SET version = ?, content_hash = ?, words = ?, page = ? WHERE n = ? AND version <= ?",
            (version, hash_bytes(content), words, self.page(keys), known.n, version),
        )
        self.record_names(keys, known.n, is_alias=False)
        self.record_text(keys, known.n)

    def record_text(self, keys: StoryKeys, story: int) -> None:
        self.db.execute("INSERT OR IGNORE INTO texts (text, story) VALUES (?, ?)", (keys.text, story))

    def record_names(self, keys: StoryKeys, story: int, *, is_alias: bool) -> None:
        """Remember what a story was read under; its own page takes the place of an alias."""
        site, story = self.site(keys.site), -story if is_alias else story
        for name in keys.names:
            self.db.execute(
                """INSERT INTO names (name, story) VALUES (?, ?) ON CONFLICT (name)
                   DO UPDATE SET story = excluded.story WHERE story < 0 AND excluded.story > 0""",
                (name_in_site(site, name), story),
            )

    def redact(self, story_id: str) -> None:
        """Remember that a story's text was taken out for good: nothing of what its page says is kept, or written again."""
        story = self.number(story_id)
        if story is not None:
            self.db.execute("UPDATE stories SET words = ? WHERE n = ?", (REDACTED, story))
            self.db.execute("DELETE FROM credits WHERE story = ?", (story,))

    def set_original(self, cluster: int, story: int) -> None:
        """The story on the agency's own site; the first that is known stays."""
        self.db.execute("UPDATE stories SET original = ? WHERE n = ? AND original IS NULL", (story, cluster))

    def link(self, story: int, cluster_id: str, matched_id: str) -> bool:
        """Put a story into the cluster of the one it is a copy of; False where that one is not known (yet)."""
        cluster, matched = self.number(cluster_id), self.number(matched_id)
        if cluster is None or matched is None:
            return False
        values = (None if cluster == story else cluster, matched, story)
        self.db.execute("UPDATE stories SET cluster = ?, matched = ? WHERE n = ?", values)
        return True

    def link_original(self, cluster_id: str | None, original_id: str | None) -> None:
        """Name the story on the agency's own site, as a line does; nothing where one of the two is not known (yet)."""
        if original_id is not None:
            cluster, original = self.number(cluster_id), self.number(original_id)
            if cluster is not None and original is not None:
                self.set_original(cluster, original)

    def number(self, story_id: str | None) -> int | None:
        """The row of a story id; None where it is not known. Slow for an id that was made from a URL."""
        site, _, key = (story_id or "").partition(":")
        found = self.db.execute("SELECT n FROM sites WHERE id = ?", (site,)).fetchone()
        if found is None:
            return None
        row = self.db.execute(
            "SELECT story FROM names WHERE name = ?", (name_in_site(found[0], key_hash(key)),)
        ).fetchone() or self.db.execute(
            "SELECT n FROM stories WHERE site = ? AND key = ? LIMIT 1", (found[0], packed_key(key))
        ).fetchone()  # fmt: skip
        return abs(row[0]) if row else None

    def record_line(self, line: Mapping[str, Any]) -> None:
        """Remember a line as it was written: for recovery and rebuilding."""
        cluster, crawl, version = line.get("cluster") or {}, line.get("crawl") or {}, line["version"]
        urls = identity_urls(line["canonical_url"], line["url"], crawl.get("requested_url"))
        keys = story_keys(line["id"], urls, line["headline"], line["text"], line["content_hash"])
        shingles = shingles_of(line["headline"], steady(line["text"] or ""))
        words = WITHDRAWN if line.get("change") == "withdrawal" else shingles.fingerprint
        known = self.by_name(keys)
        if known is None or known.id != line["id"]:
            n = self.number(line["id"]) if version > 1 or known is not None else None
            known = self.story(n) if n is not None else None
        if known is None:
            known = self.story(self.add(keys, version, words))
        else:
            self.change(known, keys, version, line["content_hash"], words)
        if cluster.get("of") and known.matched_id is None and self.link(known.n, cluster["id"], cluster["of"]):
            known = self.story(known.n)
        self.link_original(cluster.get("id"), cluster.get("original"))
        arrived_at = seconds(crawl.get("fetched_at")) or 0.0
        hour = published_hour(line.get("published_at"))
        match = self.window.find(shingles, arrived_at, hour) if cluster.get("of") and version == 1 else None
        self.window.add(known.n, known.cluster, known.site, shingles, arrived_at, hour, match)
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
