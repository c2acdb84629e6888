"""The tables of the state file, as migrations: entry n brings a file of version n-1 to version n."""

from __future__ import annotations

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
)
