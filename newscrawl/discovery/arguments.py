"""What `-a NAME=VALUE` asks of a crawl: single stories, or the days of a site's archives."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from newscrawl.security.url import MAX_URL_LENGTH, NO_USERINFO, has_userinfo, mask_userinfo, split
from newscrawl.sites.model import Site

NAMES = ("url", "urls", "since", "until")
MAX_LIST_BYTES = 64 * 1024 * 1024  # half a million URLs
MAX_TOLD = 10
FIRST_YEAR = 1900


class ArgumentError(ValueError):
    """An argument that cannot be used; its text names it, what is allowed, and the remedy."""


@dataclass(frozen=True, slots=True)
class CrawlArguments:
    """What a crawl was asked for: `urls` alone, else the days from `since` to `until`, else whatever is new."""

    urls: tuple[str, ...] | None = None
    since: date | None = None
    until: date | None = None


def parse_crawl_args(arguments: Mapping[str, str], site: Site, today: date) -> CrawlArguments:
    """The arguments of a crawl, judged; ArgumentError for the first that cannot be used."""
    secret = next((name for name in arguments if has_userinfo(f"{name} {arguments[name]}")), None)
    if secret is not None:
        raise ArgumentError(f"-a {mask_userinfo(secret)}: {NO_USERINFO}")
    unknown = [name for name in arguments if name not in NAMES]
    if unknown:
        raise ArgumentError(f"-a {unknown[0]}: is not known; allowed are {', '.join(NAMES)}")
    given = [name for name in NAMES if name in arguments]
    if len({"url", "urls"} & set(given)) == 2 or ({"url", "urls"} & set(given) and len(given) > 1):
        raise ArgumentError(f"-a {given[0]} and -a {given[1]}: give one of url, urls, or since with until")
    if "url" in arguments:
        return CrawlArguments(urls=own_urls([("-a url", arguments["url"])], site))
    if "urls" in arguments:
        return CrawlArguments(urls=own_urls(listed(arguments["urls"]), site))
    if "until" in arguments and "since" not in arguments:
        raise ArgumentError("-a until: needs -a since=YYYY-MM-DD, the first day of the archives to be walked")
    if "since" in arguments:
        return days(arguments, site, today)
    return CrawlArguments()


def days(arguments: Mapping[str, str], site: Site, today: date) -> CrawlArguments:
    since = day_of("since", arguments["since"])
    until = day_of("until", arguments["until"]) if "until" in arguments else today
    if since > until:
        raise ArgumentError(f"-a since={since}: lies after until={until}; swap the two")
    if not any(source.kind == "archive" for source in site.sources):
        raise ArgumentError(
            f'-a since: {site.id} has no [[source]] of kind = "archive"; add one to its site file, '
            "or give its stories by -a urls=FILE"
        )
    return CrawlArguments(since=since, until=until)


def day_of(name: str, value: str) -> date:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise ArgumentError(f"-a {name}={value}: must be a day such as 2015-04-01") from None
    if day.year < FIRST_YEAR:
        raise ArgumentError(f"-a {name}={value}: must not lie before {FIRST_YEAR}")
    return day


def listed(name: str) -> list[tuple[str, str]]:
    """(where it is, URL) of each line of a file, or of standard input for `-`; empty lines and `#` are passed over."""
    try:
        if name == "-":
            content = sys.stdin.buffer.read(MAX_LIST_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                content = file.read(MAX_LIST_BYTES + 1)
    except OSError as error:
        raise ArgumentError(f"-a urls={name}: {error.strerror}; name a file with one URL a line, or -") from None
    if len(content) > MAX_LIST_BYTES:
        raise ArgumentError(f"-a urls={name}: is larger than {MAX_LIST_BYTES >> 20} MiB; split it")
    lines = enumerate(content.decode("utf-8-sig", "replace").splitlines(), 1)
    where = "standard input" if name == "-" else name
    return [(f"{where}:{n}", line.strip()) for n, line in lines if line.strip() and not line.lstrip().startswith("#")]


def own_urls(stated: list[tuple[str, str]], site: Site) -> tuple[str, ...]:
    """The URLs in their order, each once; ArgumentError names those that are none of the site's."""
    complaints = [f"{where}: {why}" for where, url in stated if (why := url_error(url, site))]
    if complaints:
        more = [f"and {len(complaints) - MAX_TOLD} more"] if len(complaints) > MAX_TOLD else []
        raise ArgumentError("\n".join(complaints[:MAX_TOLD] + more))
    if not stated:
        raise ArgumentError("-a urls: holds no URL; give one a line")
    return tuple(dict.fromkeys(url for _, url in stated))


def url_error(url: str, site: Site) -> str | None:
    if has_userinfo(url):
        return NO_USERINFO
    if split(url) is None or len(url) > MAX_URL_LENGTH:
        return f"must be an absolute http or https URL of at most {MAX_URL_LENGTH} characters, not {mask_userinfo(url[:200])!r}"
    if not site.holds(url):
        return f"{url} is not on the site {site.id} ({', '.join(site.domains)}); crawl it under its own site file"
    return None
