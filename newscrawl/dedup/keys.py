"""The keys by which a story is looked up: hashes of its URLs, of its own id, of its text."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from newscrawl.dedup.canonical_url import story_key, url_key
from newscrawl.dedup.version import text_hash

WITHDRAWN, REDACTED = 0, 1  # in place of the hash of a story's words


def signed(digest: bytes) -> int:
    """64 bits as SQLite stores an integer."""
    return int.from_bytes(digest[:8], "big", signed=True)


def key_hash(key: str) -> int:
    return signed(hashlib.sha256(b"id\0" + key.encode("utf-8", "surrogatepass")).digest())


@dataclass(frozen=True, slots=True)
class StoryKeys:
    """What a page's story is looked up by."""

    site: str
    key: str
    urls: tuple[int, ...]  # hashes, the most telling first
    own: int | None  # hash of the id that the site itself gives
    text: int
    content_hash: bytes
    is_exact: bool  # read under the very URL that it calls its own

    @property
    def names(self) -> tuple[int, ...]:
        """What the story is found by: the site's own id, else the URLs, which never overrule one."""
        return self.urls if self.own is None else (self.own,)


@dataclass(frozen=True, slots=True)
class KnownStory:
    """A story seen before; `n` is its row."""

    n: int
    site: int
    id: str
    version: int
    content_hash: bytes
    words: int | None
    page: int | None
    cluster: int
    cluster_id: str
    matched_id: str | None
    original_id: str | None
    is_alias: bool = False


def url_hash(url: str) -> int:
    """64 bits of a URL's key, as SQLite stores an integer."""
    return signed(hashlib.sha256(url_key(url).encode("utf-8", "surrogatepass")).digest())


def story_keys(story_id: str, urls: Sequence[str], headline: str | None, text: str | None, content: str) -> StoryKeys:
    """The keys of a story; `urls` are its canonical URL first, then the others it was read under."""
    site, _, key = story_id.partition(":")
    distinct = dict.fromkeys(urls)
    return StoryKeys(
        site=site,
        key=key,
        urls=tuple(dict.fromkeys(map(url_hash, distinct))),
        own=None if any(key == story_key(url) for url in distinct) else key_hash(key),
        text=signed(text_hash(headline, text)),
        content_hash=hash_bytes(content),
        is_exact=len(urls) < 2 or urls[0] == urls[1],
    )


def hash_bytes(content_hash: str) -> bytes:
    return bytes.fromhex(content_hash.removeprefix("sha256:"))


@lru_cache(maxsize=256)
def seconds(timestamp: str | None) -> float | None:
    """Seconds since 1970 of a `..._at`, or None."""
    return datetime.fromisoformat(timestamp).timestamp() if timestamp else None


def published_hour(published_at: str | None) -> int | None:
    at = seconds(published_at)
    return int(at // 3600) if at is not None else None
