"""One spelling for a URL, and the keys a story is known by."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

# Parameters that say where a reader came from; they never choose the story.
TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_cid|mc_eid|_ga|cmpid|ncid|ocid|smid|smtyp|ito|xtor|wt_mc|"
    r"at_(?:medium|campaign|custom\d*)|input|ref|ref_src|ref_url|source|src|from|partner|campaign|rss|feed|soc_src|soc_trk|guccounter)$",
    re.I,
)
KEY_DIGITS = 20


def normalise(url: str) -> str:
    """The URL without fragment, default port and tracking parameters, its query sorted and escapes alike."""
    parts = urlsplit(url.strip())
    query = parts.query
    if query:
        kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if not TRACKING.match(name)]
        query = urlencode(kept)
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    port = f":{parts.port}" if parts.port and (parts.scheme, parts.port) not in (("http", 80), ("https", 443)) else ""
    return canonicalize_url(urlunsplit((parts.scheme.lower(), host + port, parts.path or "/", query, "")))


def url_key(url: str) -> str:
    """What two spellings of one address share: no scheme, no www., no slash at the end."""
    return re.sub(r"^https?://(?:www\.)?", "", normalise(url)).rstrip("/")


def story_key(canonical_url: str) -> str:
    """The key of a story whose site gives it no id: 20 hex digits of the SHA-256 of its canonical URL."""
    return hashlib.sha256(canonical_url.encode()).hexdigest()[:KEY_DIGITS]
