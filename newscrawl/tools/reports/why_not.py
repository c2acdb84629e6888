"""Why a URL is not fetched now: every rule, filter, budget and state that a crawl would ask, in its order."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from newscrawl.dedup.canonical_url import url_key
from newscrawl.dedup.keys import REDACTED, key_hash, url_hash
from newscrawl.politeness.budget import growing_path
from newscrawl.politeness.revisit import Visit
from newscrawl.politeness.robots import FRESH_SECONDS, RobotsCopy, Rules, robots_site
from newscrawl.security.address import AllowedHosts
from newscrawl.security.url import url_refusal
from newscrawl.sites.model import Site
from newscrawl.sites.registry import site_of
from newscrawl.storage.host_schedule import host_key, interval_seconds
from newscrawl.storage.hosts import HostLease
from newscrawl.storage.migrations import name_in_site
from newscrawl.storage.quarantine import WAITING, file_name
from newscrawl.storage.reserved import Reserved
from newscrawl.storage.robots_cache import RobotsCache
from newscrawl.storage.state import FILE_NAME, State
from newscrawl.storage.story_index import StoryIndex
from newscrawl.storage.visits import Visits

Verdict = Literal["passes", "stops", "waits", "unknown"]
REFUSALS = {
    "url-too-long": "longer than 2083 characters",
    "control-character": "holds a space or a control character",
    "not-http": "is not an absolute http or https URL",
    "userinfo": "holds a user name or a backslash before its host",
}


@dataclass(frozen=True, slots=True)
class WhyNotFinding:
    """One thing that was asked: what it is called, what it says, in words."""

    check: str
    verdict: Verdict
    detail: str


@dataclass(frozen=True, slots=True)
class Policy:
    """What the settings say, as far as it decides on a URL."""

    output: Path
    sites_dir: str | None
    allowed: AllowedHosts
    obeys_robots: bool
    agent: str
    default_delay: float
    max_crawl_delay: float
    max_retry_after: float


def why_not(url: str, policy: Policy, unreachable: str | None = None) -> list[WhyNotFinding]:
    """The findings on a URL, with no request made, in the order in which a crawl comes to them.

    `unreachable` says why its robots.txt could not be read just now, where that was tried.
    """
    return list(findings(url, policy, unreachable))


def findings(url: str, policy: Policy, unreachable: str | None) -> Iterator[WhyNotFinding]:
    refused = url_refusal(url, policy.allowed)
    if refused is not None:
        yield WhyNotFinding("url", "stops", refusal_text(refused))
        return
    yield WhyNotFinding("url", "passes", "well-formed; where its host's name leads is checked at the connection")
    site = site_of(url, policy.sites_dir)
    yield from site_findings(url, site)
    yield budget_finding(url)
    copy = RobotsCache(policy.output / "state").read(robots_site(url))
    rules = Rules(copy.body, policy.agent) if copy is not None else None
    if unreachable is not None:
        yield WhyNotFinding("robots.txt", "stops", f"cannot be read ({unreachable}): nothing is fetched in such a run")
    else:
        yield robots_finding(url, copy, rules, policy)
    yield host_finding(url, site, rules, policy)
    if site is not None:
        yield from state_findings(url, site, policy)


def refusal_text(reason: str) -> str:
    said = REFUSALS.get(
        reason, "is an address that no crawl connects to; NEWSCRAWL_ALLOWED_PRIVATE_HOSTS names exceptions"
    )
    return f"refused ({reason}): the URL {said}"


def site_findings(url: str, site: Site | None) -> Iterator[WhyNotFinding]:
    if site is None:
        yield WhyNotFinding(
            "site", "stops", "on no site's domains; a site file with it would make it one (docs/add-a-site.md)"
        )
        return
    yield WhyNotFinding("site", "passes", f"{site.id}: {', '.join(site.domains)}")
    if site.blocked:
        yield WhyNotFinding("blocked", "stops", f"the site file says: {site.blocked}")
    source = next((source for source in site.sources if url_key(source.url) == url_key(url)), None)
    if source is not None:
        yield WhyNotFinding("story-url", "passes", f"it is a source of the site ({source.kind})")
    elif site.is_story_url(url):
        yield WhyNotFinding(
            "story-url", "passes", "can be a story's" if site.story_url else "the site file has no story_url"
        )
    else:
        patterns = ", ".join(pattern.pattern for pattern in site.story_url)
        yield WhyNotFinding("story-url", "stops", f"matches no pattern of story_url: {patterns}")


def budget_finding(url: str) -> WhyNotFinding:
    """The budgets that a URL itself can go beyond; those of pages and stories begin anew with each run."""
    if growing_path(url):
        return WhyNotFinding(
            "budget", "stops", "budget/growing-path: its path repeats itself, or is too deep for a story's"
        )
    return WhyNotFinding("budget", "passes", "its path does not grow; the run's own budgets begin anew with each run")


def robots_finding(url: str, copy: RobotsCopy | None, rules: Rules | None, policy: Policy) -> WhyNotFinding:
    """What the cached robots.txt says of a URL, and which of its lines."""
    if not policy.obeys_robots:
        return WhyNotFinding("robots.txt", "passes", "not asked: ROBOTSTXT_OBEY is off")
    if copy is None or rules is None:
        return WhyNotFinding("robots.txt", "unknown", f"none of {robots_site(url)} is cached yet; --fetch asks for it")
    age = time.time() - copy.fetched_at
    seen = f"as of {stamp(copy.fetched_at)}" + (
        "" if age < FRESH_SECONDS else ", older than a day: asked for again first"
    )
    if copy.status >= 300:
        return WhyNotFinding("robots.txt", "passes", f"answered {copy.status}: everything may be fetched ({seen})")
    line = rules.deciding_line(url)
    by = f"line {line[0]} ({line[1]})" if line else "no rule is about it"
    verdict: Verdict = "passes" if rules.allows(url) else "stops"
    return WhyNotFinding("robots.txt", verdict, f"{'allowed' if verdict == 'passes' else 'forbidden'}: {by}; {seen}")


def host_finding(url: str, site: Site | None, rules: Rules | None, policy: Policy) -> WhyNotFinding:
    """Whether the host may be asked now: its not-before time, the delays, whether another process has it."""
    lease = HostLease(policy.output / "state", host_key(url))
    now, not_before = time.time(), lease.not_before()
    if not_before.at > now:
        is_aside = not_before.at - now > policy.max_retry_after
        kept = "put aside" if is_aside else "left alone"
        return WhyNotFinding(
            "host", "stops" if is_aside else "waits", f"{kept} until {stamp(not_before.at)}: {not_before.reason}"
        )
    site_delay = site.delay_seconds if site is not None else policy.default_delay
    robots_delay = rules.delay_seconds if rules is not None and policy.obeys_robots else 0.0
    interval = interval_seconds(site_delay, robots_delay, policy.max_crawl_delay)
    asks = f", robots.txt asks for {robots_delay:g} s" if robots_delay else ""
    said = f"{interval:g} s between two requests (site file {site_delay:g} s{asks})"
    left = min(lease.read_times().corrected(now).last_at + interval - now, interval)
    if left > 0:
        return WhyNotFinding("host", "waits", f"{said}; the next in {left:.1f} s")
    return WhyNotFinding("host", "passes", said)


def state_findings(url: str, site: Site, policy: Policy) -> Iterator[WhyNotFinding]:
    """What is remembered of a URL: the story that was read there."""
    folder = policy.output / "state"
    if not (folder / FILE_NAME).exists():
        yield WhyNotFinding("state", "passes", f"{folder / FILE_NAME} is not there: nothing was crawled yet")
        return
    state = State(folder)
    try:
        yield known_finding(url, site, StoryIndex(state))
        yield visit_finding(Visits(state, site.id).get(url_hash(url)))
        held = held_finding(url, site, policy, state)
        if held is not None:
            yield held
    finally:
        state.close()


def visit_finding(visit: Visit | None) -> WhyNotFinding:
    """When the URL was last looked at, and when it will be again."""
    if visit is None:
        return WhyNotFinding("visit", "passes", "never looked at")
    seen = f"last looked at {stamp(visit.fetched_at)}" + (
        f"; {visit.failures} looks in a row brought no page" if visit.failures else ""
    )
    if visit.next_at is None:
        return WhyNotFinding("visit", "stops", f"{seen}; not again, unless its announcement states a change")
    if visit.is_due(int(time.time())):
        return WhyNotFinding("visit", "passes", f"{seen}; due since {stamp(visit.next_at)}")
    return WhyNotFinding(
        "visit", "waits", f"{seen}; again at {stamp(visit.next_at)}, or when its announcement states a change"
    )


def held_finding(url: str, site: Site, policy: Policy, state: State) -> WhyNotFinding | None:
    """Whether its page lies in quarantine, or was skipped because of what it reserves."""
    folder, name = policy.output / "quarantine" / site.id, file_name(url)
    if (folder / name).exists() or (folder / WAITING / name).exists():
        return WhyNotFinding(
            "quarantine", "waits", f"its page is in quarantine: newscrawl requeue {site.id} reads it again"
        )
    reserved = Reserved(site.id)
    reserved.load(state)
    if reserved.holds(url):
        return WhyNotFinding("reserved", "stops", "its page reserves rights, and NEWSCRAWL_RESERVED is skip")
    return None


def known_finding(url: str, site: Site, index: StoryIndex) -> WhyNotFinding:
    """The story that a URL, or the site's own id in it, means."""
    row = index.db.execute("SELECT n FROM sites WHERE id = ?", (site.id,)).fetchone()
    key = site.story_key(url)
    names = [url_hash(url), *([key_hash(key)] if key else [])]
    for name in names if row is not None else []:
        found = index.db.execute("SELECT story FROM names WHERE name = ?", (name_in_site(row[0], name),)).fetchone()
        if found is not None:
            known = index.story(abs(found[0]))
            if known.words == REDACTED:
                return WhyNotFinding("known", "stops", f"known as {known.id}; its text was taken out for good")
            return WhyNotFinding("known", "passes", f"known as {known.id}, version {known.version}")
    return WhyNotFinding("known", "passes", "not known: it would be new")


def stamp(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
