"""Define the tables of the state file as migrations: entry n brings a file of version n-1 to version n."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from newscrawl.dedup.keys import key_hash

HEX_KEY_DIGITS = 20


def packed_key(key: str) -> bytes | str:
    """A story's key as it is stored: hex digits in half their bytes."""
    if len(key) == HEX_KEY_DIGITS and not key.strip("0123456789abcdef"):
        return bytes.fromhex(key)
    return key


def unpacked_key(key: bytes | str) -> str:
    return key.hex() if isinstance(key, bytes) else key


def name_in_site(site: int, name: int) -> int:
    """A hash that is one site's only; `site` is the number of its row."""
    return name ^ site


FUNCTIONS: dict[str, tuple[Callable[..., Any], int]] = {  # for the migrations
    "packed_key": (packed_key, 1),
    "key_hash": (key_hash, 1),
    "name_in_site": (name_in_site, 2),
}

MIGRATIONS = (
    """
    CREATE TABLE runs (
        n INTEGER PRIMARY KEY AUTOINCREMENT,  -- the order of runs: clocks go back, this does not
        run TEXT NOT NULL UNIQUE,
        site TEXT NOT NULL,
        started_at TEXT NOT NULL,
        finished_at TEXT,
        finish_reason TEXT
    );
    CREATE TABLE segments (  -- every file of stories, and how much of it is known here
        path TEXT PRIMARY KEY,  -- below the folder of stories, under its final name
        site TEXT NOT NULL,
        size_bytes INTEGER NOT NULL,
        lines INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX segments_by_site ON segments (site);
    CREATE TABLE sites (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
    CREATE TABLE stories (
        n INTEGER PRIMARY KEY,
        site INTEGER NOT NULL REFERENCES sites,
        key TEXT NOT NULL,
        version INTEGER NOT NULL,
        content_hash BLOB NOT NULL,  -- of the latest version
        cluster INTEGER NOT NULL,  -- n of the first story of its cluster; its own n for a first
        matched INTEGER,  -- n of the story it is a copy of
        UNIQUE (site, key)
    );
    CREATE TABLE urls (  -- every URL a story was read under; 64 bits of a hash
        site INTEGER NOT NULL,
        url INTEGER NOT NULL,
        story INTEGER NOT NULL REFERENCES stories,
        is_alias INTEGER NOT NULL,  -- 1 for a second URL that was found to carry the same text
        PRIMARY KEY (site, url)
    ) WITHOUT ROWID;
    CREATE TABLE texts (  -- every text a story has had, first come first kept; 64 bits of a hash
        text INTEGER NOT NULL,
        site INTEGER NOT NULL,
        story INTEGER NOT NULL REFERENCES stories,
        PRIMARY KEY (text, site)
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE known (  -- what is remembered for ever: as few bytes as can be
        n INTEGER PRIMARY KEY,
        site INTEGER NOT NULL REFERENCES sites,
        key NOT NULL,  -- 20 hex digits as 10 bytes, a site's own id as text
        version INTEGER NOT NULL,
        content_hash BLOB NOT NULL,  -- of the latest version
        words INTEGER,  -- 64 bits of a hash of its words: other punctuation makes no version; 0 once withdrawn
        cluster INTEGER,  -- n of the first story of its cluster; null for a first
        matched INTEGER,  -- n of the story it is a copy of
        page INTEGER,  -- hash of the canonical URL that brought the latest version; null for the first
        original INTEGER  -- of a first: n of the cluster's story on the agency's own site
    );
    INSERT INTO known SELECT n, site, packed_key(key), version, content_hash, NULL, nullif(cluster, n), matched, NULL, NULL
    FROM stories;
    CREATE TABLE names (  -- what a story is known by within its site: its own id, every URL it was read under
        name INTEGER PRIMARY KEY,  -- 64 bits of a hash, with the site's number
        story INTEGER NOT NULL  -- negative for a second URL that was found to carry the same text
    );
    INSERT OR IGNORE INTO names SELECT name_in_site(site, url), CASE is_alias WHEN 1 THEN -story ELSE story END FROM urls;
    INSERT OR IGNORE INTO names SELECT name_in_site(site, key_hash(key)), n FROM stories;
    CREATE TABLE texts_by_story (  -- every text a story has had; 64 bits of a hash
        text INTEGER NOT NULL,
        story INTEGER NOT NULL,
        PRIMARY KEY (text, story)
    ) WITHOUT ROWID;
    INSERT OR IGNORE INTO texts_by_story SELECT text, story FROM texts;
    DROP TABLE texts;
    DROP TABLE urls;
    DROP TABLE stories;
    ALTER TABLE known RENAME TO stories;
    ALTER TABLE texts_by_story RENAME TO texts;
    CREATE TABLE near (  -- the texts of the last days, for near-duplicates; a window's rows lie side by side
        n INTEGER PRIMARY KEY,  -- the window's number in the high bits, then a count
        story INTEGER NOT NULL,
        published_hour INTEGER,  -- hours since 1970; null where no clock is known
        same INTEGER,  -- n of the row whose sketch stands for this one too
        keys BLOB NOT NULL,  -- 32 bits each
        sketch BLOB  -- null where `same` is set
    );
    """,
    """
    CREATE TABLE credits (  -- what the page of a story itself says of who wrote it, for copies that lost it
        story INTEGER NOT NULL REFERENCES stories,
        agency TEXT NOT NULL,
        role TEXT NOT NULL,
        confidence REAL NOT NULL,
        evidence TEXT NOT NULL,
        authors TEXT NOT NULL,  -- a JSON list
        PRIMARY KEY (story, agency)
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE visits (  -- the last look at a URL that was announced; what will not be looked at again keeps 36 bytes
        name INTEGER PRIMARY KEY,  -- 64 bits of a hash of the URL, with the site's number
        site INTEGER NOT NULL,
        fetched_at INTEGER NOT NULL,  -- seconds since 1970, as all times here
        changed_at INTEGER,  -- what the story's age counts from: published, or its last change; null without a story
        next_at INTEGER,  -- when to look again; null for never
        failures INTEGER NOT NULL,  -- looks in a row that brought no page
        hinted_at INTEGER,  -- the newest time of change that an announcement had stated by then
        etag TEXT,
        last_modified TEXT,
        candidate TEXT  -- url, hints and kind of source as JSON, to look again where nobody announces it any more
    );
    CREATE INDEX visits_due ON visits (site, next_at) WHERE next_at IS NOT NULL;
    CREATE TABLE sources (  -- feeds, sitemaps and lists; one row a source, one a document of it
        name INTEGER PRIMARY KEY,  -- 64 bits of a hash, with the site's number
        site INTEGER NOT NULL,
        url TEXT NOT NULL,
        fetched_at INTEGER NOT NULL,
        is_complete INTEGER NOT NULL,  -- 1 if the last walk came to its end and all it announced is in `visits`
        newest INTEGER,  -- the newest time of publication it has announced
        etag TEXT,
        last_modified TEXT
    );
    ALTER TABLE runs ADD COLUMN new_stories INTEGER;  -- for the publishing rate; null for a run that did not end
    """,
    """
    ALTER TABLE runs ADD COLUMN exit_code INTEGER;
    ALTER TABLE runs ADD COLUMN seen INTEGER;  -- stories seen, known ones included; null in a run that never finished
    CREATE INDEX runs_by_site ON runs (site, n);
    """,
    """
    CREATE TABLE drift_runs (  -- what the stories of a site's last runs had; as many as are compared with
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        site TEXT NOT NULL,
        run TEXT NOT NULL UNIQUE,
        marked TEXT NOT NULL,  -- the fields that marked it, with spaces between; empty for a run as usual
        tally TEXT NOT NULL  -- JSON
    );
    CREATE INDEX drift_runs_by_site ON drift_runs (site);
    CREATE TABLE drift_days (  -- new stories of a site's last days, UTC; a day without a run has no row
        site TEXT NOT NULL,
        day TEXT NOT NULL,
        stories INTEGER NOT NULL,
        PRIMARY KEY (site, day)
    ) WITHOUT ROWID;
    CREATE TABLE reserved (  -- pages that were skipped because of what they reserve
        site TEXT NOT NULL,
        url INTEGER NOT NULL,  -- 64 bits of a hash of the URL that announced it
        read_at INTEGER NOT NULL,  -- seconds since 1970
        PRIMARY KEY (site, url)
    ) WITHOUT ROWID;
    """,
)
