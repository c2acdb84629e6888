"""One spelling for a URL, and the keys a story is known by."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

# Parameters that say where a reader came from; they never choose the story.
TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_cid|mc_eid|_ga|cmpid|ncid|ocid|smid|smtyp|ito|xtor|wt_mc|"
    r"at_(?:medium|campaign|custom\d*)|input|ref|ref_src|ref_url|source|src|from|partner|campaign|rss|feed|soc_src|soc_trk|guccounter)$",
    re.I,
)
# Session ids: every visit has another, so that a page would never be the same. `sid` also names sections and stories.
SESSION = re.compile(r"(?:jsessionid|phpsessid|aspsessionid\w*|session_?id|sessid|cfid|cftoken|oscsid|zenid)=", re.I)
SESSION_TOKEN = re.compile(r"sid=(?=\d*[a-z])(?=[a-z]*\d)[0-9a-z]{16,}", re.I)
SESSION_IN_PATH = re.compile(r";jsessionid=[^/;]*", re.I)
KEY_DIGITS = 20
DIGIT = re.compile(r"\d")
# Most addresses are normal as they are: the long way costs more than all else that tells a story from others.
NORMAL = re.compile(r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?/[A-Za-z0-9_/-]*(?:\.[A-Za-z0-9_-]+)*")
ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
SAFE = "".join(chr(code) for code in range(0x21, 0x7F))


def normalise(url: str) -> str:
    """The URL without fragment, default port and tracking parameters, its query sorted and escapes alike."""
    if NORMAL.fullmatch(url):
        return url
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    port = f":{parts.port}" if parts.port and (parts.scheme, parts.port) not in (("http", 80), ("https", 443)) else ""
    bare = SESSION_IN_PATH.sub("", parts.path) if ";" in parts.path else parts.path
    path = canonicalize_url(urlunsplit((parts.scheme.lower(), host + port, bare or "/", "", "")))
    query = normal_query(parts.query)
    return f"{path}?{query}" if query else path


def normal_query(query: str) -> str:
    """The query sorted, without tracking and session ids. Not decoded: escapes of EUC-KR or Shift_JIS are not UTF-8 and must stay apart."""
    pairs = sorted(pair for pair in query.split("&") if pair and not says_who_came(pair))
    return ESCAPE.sub(lambda escape: escape[0].upper(), quote("&".join(pairs), safe=SAFE, errors="replace"))


def says_who_came(pair: str) -> bool:
    """Whether a `name=value` of a query tells of the reader, not of the page."""
    return bool(TRACKING.match(pair.split("=", 1)[0]) or SESSION.match(pair) or SESSION_TOKEN.fullmatch(pair))


def url_key(url: str) -> str:
    """What two spellings of one address share: no scheme, no www., no slash at the end."""
    return normalise(url).partition("://")[2].removeprefix("www.").rstrip("/")


def names_a_story(url: str) -> bool:
    """Whether an announced URL can mean one story: `/latest` redirects to another one each day."""
    parts = urlsplit(url)
    last = parts.path.rstrip("/").rsplit("/", 1)[-1] + parts.query
    return bool(DIGIT.search(last)) or last.count("-") >= 2


def identity_urls(canonical_url: str | None, url: str | None, requested_url: str | None) -> list[str]:
    """The URLs a story is known by on its site, the most telling first."""
    is_announced = requested_url and requested_url not in (canonical_url, url) and names_a_story(requested_url)
    return [known for known in (canonical_url, url, requested_url if is_announced else None) if known]


def story_key(canonical_url: str) -> str:
    """The key of a story whose site gives it no id: 20 hex digits of the SHA-256 of its canonical URL."""
    return hashlib.sha256(canonical_url.encode()).hexdigest()[:KEY_DIGITS]
