"""Decide which URLs a crawl may request, whatever announced them."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit

from newscrawl.security.address import AllowedHosts, address_refusal

if TYPE_CHECKING:
    from tldextract import TLDExtract

DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_URL_LENGTH = 2083  # what Scrapy's own URLLENGTH_LIMIT allows
LINE_BREAK = re.compile(r"[ \t]{0,99}[\r\n]\s{0,99}")
CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f]")
USERINFO = re.compile(r"(?<=//)[^\s/?#@]{1,500}@(?:[^\s/?#@]{1,500}@)*")  # of a URL, wherever it is in a text
WORD_ENDS = re.compile(r"([\s'\"(,]+)")
NO_USERINFO = (
    "must not contain a user name or password before its host: newscrawl sends none, and they would end up in logs and "
    "reports; remove them from the URL"
)


def split(url: str) -> SplitResult | None:
    """The parts of an absolute http(s) URL with a host and a valid port; None for anything else."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or port == 0:
        return None
    return parts


def join_url(base: str, href: str | None) -> str | None:
    """An absolute URL without its fragment; None for an invalid link (`http://[::1`)."""
    try:
        return urljoin(base, href.strip()).split("#", 1)[0] if href and href.strip() else None
    except ValueError:
        return None


def has_userinfo(text: str) -> bool:
    """Whether a text contains a URL with a user name or password before its host."""
    return USERINFO.search(text) is not None


def mask_userinfo(text: str) -> str:
    """A text in which `***@` replaces everything before an @ in each word: for messages that quote a wrong value."""
    words = WORD_ENDS.split(text) if "@" in text else [text]
    return "".join("***@" + word.rpartition("@")[2] if "@" in word else word for word in words)


def resolve_link(base: str, href: str | None) -> str | None:
    """The URL that a feed announces: as `join_url`, and `paper.example/news/1` in a feed of that host lacks only its scheme."""
    link = LINE_BREAK.sub("", (href or "").strip()).replace("&amp;", "&").replace(" ", "%20")
    host = (split(base) or urlsplit("")).hostname
    if host and link.lower().removeprefix("www.").startswith(host.removeprefix("www.") + "/"):
        link = f"//{link}"
    return join_url(base, link)


def host_port(url: str) -> tuple[str, int] | None:
    """(host in lower case, port) of an http(s) URL; None for anything else."""
    parts = split(url)
    if parts is None or parts.hostname is None:
        return None
    return parts.hostname.rstrip("."), parts.port or DEFAULT_PORTS[parts.scheme]


def literal_address(host: str) -> str | None:
    """The address a host spells in plain form; the resolver sees the odd forms (0x7f.1, 2130706433)."""
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return None


def url_refusal(url: str, allowed: AllowedHosts) -> str | None:
    """Why this URL must not be requested, in one word; None where it may be.

    Names are judged when they are resolved, not here: a name may point anywhere.
    """
    if len(url) > MAX_URL_LENGTH:
        return "url-too-long"
    if CONTROL.search(url):
        return "control-character"
    pair = host_port(url)
    if pair is None:
        return "not-http"
    parts = urlsplit(url)
    if "@" in parts.netloc or "\\" in parts.netloc:
        return "userinfo"
    if pair in allowed:
        return None
    address = literal_address(pair[0])
    return address_refusal(address) if address else None


def registrable_domain(url: str) -> str:
    """`koreaherald.com` for `https://www.koreaherald.com/x`; the host itself where it has no public suffix."""
    return domain_of_host((urlsplit(url).hostname or "").rstrip("."))


@lru_cache(maxsize=1024)
def domain_of_host(host: str) -> str:
    return suffix_list()(host).top_domain_under_public_suffix or host


@lru_cache(maxsize=1)
def suffix_list() -> TLDExtract:
    """The public suffix list as the package ships it: tldextract would fetch it from the network."""
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None)
