"""What a site says of itself: its name, language, country, time zone and agency, each only as far as the pages show it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from importlib.resources import files
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from newscrawl.attribution.agencies import agencies, agency_of_host
from newscrawl.extraction.structured_data import listed, name_of, resolved
from newscrawl.security.url import literal_address, registrable_domain, split
from newscrawl.sites.model import domain_of, on_domains
from newscrawl.text.language import story_language
from newscrawl.tools.scaffold.probe_result import PageRead, ProbeResult

# Country codes that mean something else in host names: tv, io, co ... are sold to everybody.
SOLD = frozenset(["ac", "ad", "ag", "ai", "am", "as", "bz", "cc", "cd", "co", "cx", "dj", "fm", "ga", "gd", "gg", "gl", "gs", "io", "je", "la", "li", "lc", "ly", "me", "ml", "ms", "mu", "nu", "pn", "pw", "sc", "sh", "so", "st", "su", "tk", "to", "tv", "vc", "vg", "ws"])  # fmt: skip
MAX_NAME_CHARS = 100
TITLE_SEPARATOR = re.compile(r"\s[|\-–—:·•«»]\s|\s?[|｜ㅣ]\s?")
TROUBLES = {
    "mojibake": "the text is garbled by a wrong encoding",
    "mojibake-repaired": "a wrong encoding was repaired",
    "bad-bytes": "some bytes fit no encoding",
}
SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(slots=True)
class SiteFacts:
    """The head of a site file; None is what nothing shows. `told` says what each rests on."""

    name: str
    domains: tuple[str, ...] = ()
    language: str | None = None
    country: str | None = None
    timezone: str | None = None
    timezone_hint: str | None = None  # likely, by the country alone: proposed as a comment
    agency: str | None = None
    kind: str | None = None
    detail: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def facts_of(looked: ProbeResult) -> SiteFacts:
    """What the pages that were read show of their site."""
    pages = looked.pages
    facts = SiteFacts(name=name_of_site(looked), domains=own_domains(looked))
    facts.language = language_of_site(pages)
    facts.country = country_of(looked.base)
    facts.agency = agency_of_host(urlsplit(looked.base).hostname or "")
    facts.kind = "wire" if facts.agency and agencies()[facts.agency].wire else None
    facts.timezone, facts.timezone_hint, detail = zone_of(pages, facts.country)
    facts.detail.append(detail)
    if facts.agency:
        facts.detail.append(f"agency: its own host, by agencies.toml ({facts.agency})")
    facts.notes += notes_of(pages)
    return facts


def most_common(values: Sequence[str | None]) -> str | None:
    counts = Counter(value for value in values if value)
    return counts.most_common(1)[0][0] if counts else None


def name_of_site(looked: ProbeResult) -> str:
    """The name that the pages give their site, else the host's."""
    data = [page.document.data for page in looked.pages]
    names = [each.first_meta("og:site_name", "application-name") for each in data]
    publishers = [
        name_of(resolved(next(iter(listed(each.article.get("publisher"))), None), each.by_id)) for each in data
    ]
    endings = [
        TITLE_SEPARATOR.split(each.title)[-1].strip()
        for each in data
        if each.title and TITLE_SEPARATOR.search(each.title)
    ]
    endings = endings or [each.title for each in data if each.title]
    shared = most_common(endings) if len(data) == len(endings) > 1 and len(set(endings)) == 1 else None
    host = domain_of(looked.base) or "site"
    name = most_common(names) or most_common(publishers) or shared or host
    return name[:MAX_NAME_CHARS].strip() or host


def own_domains(looked: ProbeResult) -> tuple[str, ...]:
    """The hosts of the stories that those of the sources do not cover, with these; () where a file may leave them out."""
    of_sources = tuple(dict.fromkeys(filter(None, (domain_of(each.source.url) for each in looked.announcing))))
    urls = [*(page.url for page in looked.pages), *looked.announced()]
    if of_sources and all(on_domains(url, of_sources) for url in urls):
        return ()
    own = registrable_domain(looked.base)
    hosts = [domain_of(url) for url in urls if registrable_domain(url) == own]
    counts = Counter(filter(None, hosts))
    known = dict.fromkeys(
        [*(host for host in of_sources if host.endswith(own)), *(host for host, _ in counts.most_common(5))]
    )
    return tuple(
        host for host in known if not any(host != other and host.endswith("." + other) for other in known)
    ) or ((domain_of(looked.base) or own,))


def language_of_site(pages: Sequence[PageRead]) -> str | None:
    """The language of all stories; None where they differ or nothing tells."""
    found = {page.story.language or story_language(None, None, page.story.text or "") for page in pages}
    return found.pop() if len(found) == 1 else None


def country_of(url: str) -> str | None:
    """The country whose code the host ends in; None for codes that are sold to everybody, and for addresses."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    code = host.rpartition(".")[2]
    if literal_address(host) or code in SOLD or code not in {*countries(), "uk"}:
        return None
    return "gb" if code == "uk" else code


@lru_cache(maxsize=1)
def countries() -> dict[str, tuple[str, ...]]:
    """Country code -> its time zones, by the zone.tab of the IANA database as the tzdata package ships it."""
    found: dict[str, list[str]] = {}
    for line in files("tzdata").joinpath("zoneinfo/zone.tab").read_text("utf-8").splitlines():
        columns = line.split("\t")
        if len(columns) >= 3 and not line.startswith("#"):
            found.setdefault(columns[0].lower(), []).append(columns[2])
    return {code: tuple(zones) for code, zones in found.items()}


def zone_of(pages: Sequence[PageRead], country: str | None) -> tuple[str | None, str | None, str]:
    """(time zone, a likely one, what that rests on): the country's, where the offsets that its dates state are that zone's.

    Offsets alone name no zone, and a date in UTC says nothing of the clock on the wall.
    """
    stated = [moment for page in pages if (moment := stated_moment(page)) is not None]
    zones = zones_of(country) if country else []
    hint = zones[0] if len(zones) == 1 else None
    if not stated:
        return None, hint, "dates: none read states an offset"
    detail = f"dates: {len(stated)} of {len(pages)} state {', '.join(sorted({offset_of(moment) for moment in stated}))}"
    local = [moment for moment in stated if moment.utcoffset() != timedelta(0)]
    fitting = [zone for zone in zones if all(fits(zone, moment) for moment in local)]
    if not local:
        return None, hint, detail
    return (fitting[0] if len(fitting) == 1 else None), None, detail


def offset_of(moment: datetime) -> str:
    return f"{moment:%z}"[:3] + ":" + f"{moment:%z}"[3:5]


def zones_of(country: str) -> list[str]:
    """The zones of a country that differ in what their clocks show, in January or July."""
    found: dict[tuple[object, ...], str] = {}
    for zone in countries().get(country, ()):
        clock = ZoneInfo(zone)
        found.setdefault(tuple(clock.utcoffset(datetime(2026, month, 1)) for month in (1, 7)), zone)
    return list(found.values())


def fits(zone: str, moment: datetime) -> bool:
    return moment.astimezone(ZoneInfo(zone)).utcoffset() == moment.utcoffset()


def stated_moment(page: PageRead) -> datetime | None:
    """When a story was published, with the offset that the page states."""
    story = page.story
    if story.time_zone_basis != "explicit" or not story.published_at or not story.published_offset:
        return None
    at = datetime.fromisoformat(story.published_at)
    sign = -1 if story.published_offset[0] == "-" else 1
    hours, minutes = story.published_offset[1:].split(":")
    return at.astimezone(timezone(sign * timedelta(hours=int(hours), minutes=int(minutes))))


def notes_of(pages: Sequence[PageRead]) -> list[str]:
    """What whoever adds the site should know: troubles with the encoding, walls, what the pages reserve."""
    found = []
    warnings = Counter(w for page in pages if page.story.extraction for w in page.story.extraction.warnings)
    for warning, detail in TROUBLES.items():
        if warnings[warning]:
            found.append(f"{detail} on {warnings[warning]} of {len(pages)} pages ({warning}): see `encoding`")
    walls = Counter(
        page.story.access for page in pages if page.story.access in ("paywalled", "registration", "metered")
    )
    for access, count in walls.items():
        found.append(f"{count} of {len(pages)} stories are {access}: their text may be cut")
    reserved = most_common([page.story.rights.reservation if page.story.rights else None for page in pages])
    if reserved:
        found.append(f"the pages reserve: {reserved}; see NEWSCRAWL_RESERVED, and `terms`")
    return found


def proposed_id(looked: ProbeResult, name: str) -> str:
    """A site's id: its domain without the public suffix, of an address its name."""
    host = urlsplit(looked.base).hostname if split(looked.base) else None
    if host and not literal_address(host) and "." in host:
        label = registrable_domain(looked.base).partition(".")[0]
    else:
        label = name
    return SLUG.sub("-", label.lower()).strip("-")[:40].strip("-") or "site"
