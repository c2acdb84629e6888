"""Interpret robots.txt by RFC 9309: status codes, user-agent groups, rules and crawl delay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlsplit

from protego import Protego

from newscrawl.security.url import join_url, split

MAX_BYTES = 500 * 1024  # what must be parsed (RFC 9309 2.5); the rest is ignored
MAX_REDIRECTS = 5  # RFC 9309 2.3.1.2
FRESH_SECONDS = 86_400.0  # RFC 9309 2.4
STALE_SECONDS = 30 * 86_400.0  # how long an old copy replaces a file that cannot be reached
TIMEOUT_SECONDS = 10.0
MAX_SITEMAPS = 1000
TOO_MANY_REQUESTS = 429  # a 4xx, but "not now": taken as unreachable, as Google does

USER_AGENT_LINE = re.compile(r"\s*user[- ]?agent\s*(?::|\s)\s*([^#]*)", re.IGNORECASE)
TOKEN = re.compile(r"[a-z_-]+", re.IGNORECASE)
# With the usual misspellings of Disallow, which Protego reads too.
RULE_LINE = re.compile(r"\s*(allow|di[sa]\w{1,9})\s*:\s*([^#\s][^#]*)?", re.IGNORECASE)
SITE_LINE = re.compile(r"\s*(?:sitemap|site-map|host)\s*:", re.IGNORECASE)
PACE_LINE = re.compile(r"\s*(?:crawl[- ]delay|request[- ]rate|visit[- ]time)\s*:", re.IGNORECASE)
DELAY = re.compile(
    r"\s*crawl[- ]delay\s*:\s*(\d{1,6})(?:[.,](\d{1,6}))?\s?(?:s|secs?|seconds?)?\s*(?:#.*)?$", re.IGNORECASE
)
NOBODY = "!"  # never part of a product token, so that Protego, which matches parts of names, never matches it
BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def robots_site(url: str) -> str:
    """Scheme, host and port: what one robots.txt is for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True)
class RobotsAnswer:
    """What came of asking for robots.txt, after its redirects; `failure` names what kept it from coming."""

    url: str = ""
    status: int = 0
    body: bytes = b""
    etag: str | None = None
    last_modified: str | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class RobotsCopy:
    """A robots.txt as it was answered, to be used for a day: by this process, the next runs and the others."""

    site: str
    url: str
    status: int
    fetched_at: float
    etag: str | None = None
    last_modified: str | None = None
    body: bytes = b""

    def is_fresh(self, now: float) -> bool:
        return 0 <= now - self.fetched_at < FRESH_SECONDS

    def may_stand_in(self, now: float) -> bool:
        """Whether this copy may be used while the file cannot be reached."""
        return self.status < 300 and now - self.fetched_at < STALE_SECONDS


@dataclass(frozen=True, slots=True)
class ResolvedRobots:
    """What holds for a site: its robots.txt (a copy, maybe stale), or why nothing may be fetched."""

    copy: RobotsCopy | None
    unreachable: str | None = None
    is_news: bool = False  # whether the copy is to be kept


def resolve_robots(answer: RobotsAnswer, known: RobotsCopy | None, site: str, now: float) -> ResolvedRobots:
    """What an answer means, by RFC 9309 2.3.1."""
    if answer.failure is None and answer.status == 304 and known is not None:
        return ResolvedRobots(replace(known, fetched_at=now), is_news=True)
    if answer.failure is None and 200 <= answer.status < 500 and answer.status not in (304, TOO_MANY_REQUESTS):
        body = answer.body[:MAX_BYTES] if answer.status < 300 else b""
        copy = RobotsCopy(site, answer.url, answer.status, now, answer.etag, answer.last_modified, body)
        return ResolvedRobots(copy, is_news=True)
    reason = answer.failure or f"http-{answer.status}"
    if known is not None and known.may_stand_in(now):
        return ResolvedRobots(known)
    return ResolvedRobots(None, unreachable=reason)


def redirect_target(status: int, url: str, location: str | None) -> str | None:
    """Where an answer leads; None if it is not a redirect or has no usable target."""
    if status not in (301, 302, 303, 307, 308):
        return None
    target = join_url(url, location)
    return target if target and split(target) else None


def text_of(body: bytes) -> str:
    """The text of a robots.txt: at most 500 KiB, no line cut in two, any encoding.

    Bytes that are not UTF-8 become %XX, as in a URL with such bytes.
    """
    if len(body) >= MAX_BYTES:
        body = body[:MAX_BYTES]
        body = body[: max(body.rfind(b"\n"), body.rfind(b"\r")) + 1]
    for bom, encoding in BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(encoding, "replace")
    body = body.replace(b"\0", b"")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return re.sub(r"[\x80-\xff]", lambda m: f"%{ord(m[0]):02X}", body.decode("latin-1"))


def looks_like_html(body: bytes) -> bool:
    return body[:500].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


class Rules:
    """The rules of one robots.txt for one product token; matching is Protego's."""

    def __init__(self, body: bytes, agent: str) -> None:
        self.agent = agent.lower()
        self.lines = text_of(body).splitlines()

    @cached_property
    def protego(self) -> Protego:
        return Protego.parse("\n".join(self.grouped()))

    def grouped(self) -> Iterator[str]:
        """The lines as Protego needs them: only a rule ends a list of user agents (RFC 9309 2.2), and unknown lines are left out.

        A crawl delay between two user agents is moved behind the first rule, so that it counts for both.
        """
        held: list[str] = []
        is_open = False  # whether another User-agent line would join the group
        for line in self.addressed():
            if USER_AGENT_LINE.match(line):
                if not is_open:
                    yield from held
                    held = []
                is_open = True
                yield line
            elif PACE_LINE.match(line):
                delay = DELAY.match(line)
                held.append(f"Crawl-delay: {delay[1]}.{delay[2] or 0}" if delay else line)
            elif RULE_LINE.match(line):
                is_open = False
                yield line
            elif SITE_LINE.match(line):
                yield line
        yield from held

    def addressed(self) -> Iterator[str]:
        """The lines, with user agents other than ours replaced: the whole token must match, ignoring case."""
        for line in self.lines:
            found = USER_AGENT_LINE.match(line)
            yield f"User-agent: {self.addressee(found[1])}" if found else line

    def addressee(self, value: str) -> str:
        """Our token, `*`, or NOBODY for any other user agent; empty as in the file."""
        value = value.strip()
        if not value or value == "*" or value.startswith("* "):
            return value[:1]
        token = TOKEN.match(value)
        return self.agent if token and token[0].lower() == self.agent else NOBODY

    def allows(self, url: str) -> bool:
        return self.protego.can_fetch(url, self.agent)

    @property
    def delay_seconds(self) -> float:
        """The seconds between two requests: of Crawl-delay and Request-rate, the larger; 0 without either."""
        rate = self.protego.request_rate(self.agent)
        return max(self.protego.crawl_delay(self.agent) or 0.0, rate.seconds / rate.requests if rate else 0.0)

    @property
    def sitemaps(self) -> list[str]:
        """The sitemaps that the file names: absolute URLs, each once."""
        found = dict.fromkeys(url for url in self.protego.sitemaps if split(url) is not None)
        return list(found)[:MAX_SITEMAPS]

    def deciding_line(self, url: str) -> tuple[int, str] | None:
        """(number, text) of the line that decides on a URL: the longest that matches and says what `allows` says."""
        decided = "allow" if self.allows(url) else "disallow"
        matching = [
            (len(value), number)
            for number, field, value in self.own_rules()
            if field == decided and not Protego.parse(f"User-agent: *\nDisallow: {value}").can_fetch(url, "*")
        ]
        if not matching:
            return None
        number = max(matching)[1]
        return number, self.lines[number - 1].strip()

    def own_rules(self) -> list[tuple[int, str, str]]:
        """(line number, field, value) of the rules that are meant for us, else of those for everybody."""
        by_addressee: dict[str, list[tuple[int, str, str]]] = {}
        group: list[str] = []
        is_open = False  # whether another User-agent line would join the group
        for number, line in enumerate(self.addressed(), 1):
            named = USER_AGENT_LINE.match(line)
            rule = RULE_LINE.match(line)
            if named:
                group = [*group, named[1].strip()] if is_open else [named[1].strip()]
                by_addressee.setdefault(group[-1], [])
                is_open = True
            elif rule:
                is_open = False
                field = "allow" if rule[1].lower() == "allow" else "disallow"
                if rule[2]:
                    for name in group:
                        by_addressee[name].append((number, field, rule[2].strip()))
        return by_addressee.get(self.agent, by_addressee.get("*", []))
