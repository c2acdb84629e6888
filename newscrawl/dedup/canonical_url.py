"""One spelling for a URL, and the keys a story is known by."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

# Parameters that say where a reader came from, whatever they hold.
TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|gclsrc|gbraid|wbraid|dclid|msclkid|yclid|ysclid|ttclid|twclid|li_fat_id|srsltid|igshid|igsh|mc_cid|mc_eid|"
    r"mkt_tok|_ga|_gl|_hsenc|_hsmi|__hs\w+|hsctatracking|hss_channel|vero_id|vero_conv|oly_anon_id|oly_enc_id|fb_(?:ref|source|action_\w+)|"
    r"cmp|cmpid|icid|ncid|ocid|smid|smtyp|ito|xtor|wt_mc|wt\.mc_id|s_cid|sc_(?:src|lid|uid|llid|eh|customer|campaign|channel)|"
    r"traffic_source|at_(?:medium|campaign|custom\d*)|ns_(?:mchannel|source|campaign|linkname|fee)|"
    r"ref_src|ref_url|soc_src|soc_trk|guccounter|guce_referrer(?:_sig)?)$",
    re.I,
)
# Names that also choose a story (`story.php?ref=101`): they count as tracking only with a value that names a way to the page.
AMBIGUOUS = re.compile(
    r"^(?:input|ref|source|src|from|partner|campaign|rss|feed)="
    r"(?:|1|true|yes|rss\w{0,10}|feeds?|feedburner|atom|amp|app|android|ios|mobile|web|www|desktop|home|homepage|hp|front|nav|menu|top|side|"
    r"related|search|share|sharing|social|email|mail|newsletter|push|alert|widget|banner|footer|header|link|wire|twitter|facebook|fb|"
    r"instagram|telegram|whatsapp|linkedin|reddit|google\w{0,10}|naver|daum|kakao\w{0,10}|yahoo|bing|msn|flipboard|smartnews|apple\w{0,10})$",
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
    """The URL without fragment (a hash-bang route stays), default port and tracking parameters, its query sorted and escapes alike."""
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
    route = (
        f"#{quote(parts.fragment, safe=SAFE)}" if parts.fragment.startswith("!") else ""
    )  # a page that a script chooses
    return f"{path}?{query}{route}" if query else path + route


def normal_query(query: str) -> str:
    """The query sorted, without tracking and session ids. Not decoded: escapes of EUC-KR or Shift_JIS are not UTF-8 and must stay apart."""
    pairs = sorted(pair for pair in query.split("&") if pair and not says_who_came(pair))
    return ESCAPE.sub(lambda escape: escape[0].upper(), quote("&".join(pairs), safe=SAFE, errors="replace"))


def says_who_came(pair: str) -> bool:
    """Whether a `name=value` of a query tells of the reader, not of the page."""
    return bool(
        TRACKING.match(pair.split("=", 1)[0])
        or AMBIGUOUS.match(pair)
        or SESSION.match(pair)
        or SESSION_TOKEN.fullmatch(pair)
    )


EDITIONS = frozenset(("amp", "print", "m", "mobile"))
STORY_ID = re.compile(r"\d{4,}")
NO_STORY = re.compile(
    r"(?:^|/)(?:40[34]|50\d|error|not-?found|index|default|home|null|undefined|nan)(?:\.\w{1,5})?/?$", re.I
)
TEMPLATE = re.compile(r"\{\{|\}\}|\{%|%7b%7b|\$\{|<%|\[\[", re.I)


EDITIONS = frozenset(
    ["page", "seite", "pagina", "print", "printable", "amp", "outputtype", "view", "mode", "output", "format", "layout"]
)


def is_plausible_canonical(canonical: str, url: str) -> bool:
    """Whether a stated canonical URL of the same site can name the story of the page at `url`.

    Front pages, sections, error pages and templates cannot: each story of the site would become a version of one. A page with
    a number of its own needs that number in its canonical URL, or a canonical URL that names a story as well.
    """
    if normalise(canonical) == normalise(url):
        return True
    stated, own = urlsplit(canonical), urlsplit(url)
    if (stated.path in ("", "/") and not stated.query) or TEMPLATE.search(canonical) or NO_STORY.search(stated.path):
        return False
    if stated.path == own.path and not stated.query and _only_names_an_edition(own.query):
        return True
    ids = set(STORY_ID.findall(f"{own.path}?{normal_query(own.query)}"))
    if ids & set(STORY_ID.findall(canonical)):
        return True
    parts, own_parts = _parts(stated.path), _parts(own.path)
    if parts[-1:] == own_parts[-1:] and stated.query == own.query:
        return True
    return names_a_story(canonical) or (not names_a_story(url) and len(parts) >= len(own_parts))


def _only_names_an_edition(query: str) -> bool:
    """Whether a query says which page or edition of a story is meant, and not which story: `?page=2`, `?print=1`."""
    return all(part.partition("=")[0].lower() in EDITIONS for part in query.split("&"))


def _parts(path: str) -> list[str]:
    """The parts of a path without those of an edition (`amp`, `print`), each without its ending."""
    parts = [part.partition(".")[0] for part in path.lower().split("/")]
    return [part for part in parts if part and part not in EDITIONS]


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
