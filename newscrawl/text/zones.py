"""Take the time zone that a date string states behind its clock: an abbreviation, a name, an IANA zone, or one in brackets."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

# Hours east of UTC. RFC 822 defines those of North America.
ABBREVIATIONS: dict[str, float] = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "EET": 2, "EEST": 3,
    "MSK": 3, "МСК": 3, "TRT": 3, "SAST": 2, "EAT": 3, "PKT": 5, "NPT": 5.75, "MMT": 6.5, "WIB": 7, "WITA": 8, "WIT": 9,
    "HKT": 8, "SGT": 8, "MYT": 8, "PHT": 8, "KST": 9, "JST": 9, "AEST": 10, "AEDT": 11, "ACST": 9.5, "ACDT": 10.5, "AWST": 8,
    "NZST": 12, "NZDT": 13, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "AKST": -9, "AKDT": -8, "HST": -10,
}  # fmt: skip
ANY_CASE = frozenset(("UT", "UTC", "GMT"))  # the others in lower case are words of some language
# Names of a country's own zone that the time zone database does not hold (it has numbers there).
UNLISTED_NAMES = {
    "Asia/Kuala_Lumpur": "MYT", "Asia/Tehran": "IRST", "Asia/Ho_Chi_Minh": "ICT", "Asia/Bangkok": "ICT", "Asia/Phnom_Penh": "ICT",
    "Asia/Vientiane": "ICT", "America/Sao_Paulo": "BRT", "America/Argentina/Buenos_Aires": "ART", "America/Bogota": "COT",
    "America/Lima": "PET", "America/Caracas": "VET", "America/La_Paz": "BOT", "America/Montevideo": "UYT", "Asia/Riyadh": "AST",
    "Asia/Baghdad": "AST", "Asia/Kuwait": "AST", "Asia/Qatar": "AST", "Asia/Bahrain": "AST", "Asia/Aden": "AST", "Asia/Dubai": "GST",
    "Asia/Muscat": "GST", "Asia/Dhaka": "BST BDT", "Asia/Colombo": "IST SLST", "Asia/Manila": "PST PHT PhST", "Asia/Yerevan": "AMT",
    "Asia/Baku": "AZT", "Asia/Tbilisi": "GET", "Asia/Tashkent": "UZT", "Asia/Urumqi": "XJT",
}  # fmt: skip
# Summer and winter under one name.
PLACES = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"}
NAMES = {
    "eastern": "America/New_York", "central": "America/Chicago", "mountain": "America/Denver", "pacific": "America/Los_Angeles",
    "atlantic": "America/Halifax", "alaska": "America/Anchorage", "hawaii": "Pacific/Honolulu", "greenwich mean": "UTC",
    "coordinated universal": "UTC", "universal": "UTC", "western european": "Europe/Lisbon", "british": "Europe/London",
    "central european": "Europe/Berlin", "eastern european": "Europe/Athens", "moscow": "Europe/Moscow", "israel": "Asia/Jerusalem",
    "arabian": "Asia/Riyadh", "arabia": "Asia/Riyadh", "gulf": "Asia/Dubai", "iran": "Asia/Tehran", "pakistan": "Asia/Karachi",
    "india": "Asia/Kolkata", "indian": "Asia/Kolkata", "indochina": "Asia/Bangkok", "western indonesia": "Asia/Jakarta",
    "china": "Asia/Shanghai", "hong kong": "Asia/Hong_Kong", "singapore": "Asia/Singapore", "philippine": "Asia/Manila",
    "korea": "Asia/Seoul", "korean": "Asia/Seoul", "japan": "Asia/Tokyo", "australian eastern": "Australia/Sydney",
    "australian western": "Australia/Perth", "australian central": "Australia/Adelaide", "new zealand": "Pacific/Auckland",
    "east africa": "Africa/Nairobi", "west africa": "Africa/Lagos", "south africa": "Africa/Johannesburg",
}  # fmt: skip
_NAMED = "|".join(sorted(NAMES, key=len, reverse=True))
STATED = re.compile(
    r"(?P<clock>(?<!\d)\d{1,2}[:.h]\d{2}(?::\d{2}(?:[.,]\d{1,12})?)?(?:\s?[AaPp]\.?[Mm]\b\.?|\sUhr)?)"
    r"\s?,?\s?(?P<open>[(\[]?)(?:"
    r"(?P<place>[A-Z][A-Za-z]{1,15}/[A-Z][A-Za-z_-]{1,20}(?:/[A-Z][A-Za-z_-]{1,20})?)|"
    rf"(?P<name>(?i:{_NAMED}))\s(?:(?P<kind>(?i:standard|daylight|summer))\s)?(?i:time)|"
    r"(?P<offset>(?:GMT|UTC)?\s?[+-]\d{1,2}(?::?\d{2})?)(?=[)\]])|"
    r"(?P<short>[^\W\d_]{1,5}(?=[\s)\].,;]|$))"
    r")[)\]]?"
)
JAVA = re.compile(
    r"^[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) (?P<day>\d{1,2}) (?P<clock>[\d:]{5,8}) (?P<zone>[A-Z]{1,5}[+\d:-]{0,6}) (?P<year>\d{4})$"
)
OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})?$")
# A minus sign before an offset. A dash before a clock with a colon is a range of times: `09:30–10:30`.
MINUS = re.compile(r"(?<=\d\d)(\s?)(?:[−‐‑](?=\d{1,2}:?\d{2}(?!\d))|[‒–](?=\d{4}(?!\d)))")

Zone = Callable[[datetime], timezone]


def take_zone(text: str, site_zone: str | None) -> tuple[str, Zone | None]:
    """(the text without its stated zone, the zone's offset at a local time); (text, None) where it states none that is known.

    The names in use in the site's own zone come first: `IST` means one thing on a page from Delhi.
    """
    text = MINUS.sub(r"\1-", JAVA.sub(r"\g<day> \g<month> \g<year> \g<clock> \g<zone>", text))
    found = STATED.search(text)
    zone = found and _zone_of(found, site_zone)
    if found is None or zone is None:
        return text, None
    return f"{text[: found.end('clock')]}{text[found.end() :]}", zone


def _zone_of(found: re.Match[str], site_zone: str | None) -> Zone | None:
    if found["place"]:
        return _of_place(found["place"])
    if found["name"]:
        return _of_place(NAMES[found["name"].lower()], (found["kind"] or "").lower())
    if found["offset"]:
        return _of_offset(found["offset"])
    return _of_abbreviation(found["short"], site_zone, is_attached=found.start("short") == found.end("clock"))


def _of_abbreviation(name: str, site_zone: str | None, *, is_attached: bool) -> Zone | None:
    if name.upper() in ANY_CASE or (name == "z" and is_attached):
        name = name.upper()
    if name in PLACES:
        return _of_place(PLACES[name])
    own = _own_offsets(site_zone) if site_zone else {}
    offset = own.get(name, timedelta(hours=ABBREVIATIONS[name]) if name in ABBREVIATIONS else None)
    return None if offset is None else _fixed(offset)


def _of_offset(text: str) -> Zone | None:
    found = OFFSET.search(text)
    size = timedelta(hours=int(found[2]), minutes=int(found[3] or 0)) if found else timedelta(days=1)
    return _fixed(-size if found and found[1] == "-" else size) if size < timedelta(hours=24) else None


def _of_place(place: str, kind: str = "") -> Zone | None:
    """The zone of a place: by its own calendar, or its standard or summer time all year."""
    try:
        zone: tzinfo = ZoneInfo(place)
    except (OSError, ValueError, KeyError):  # an unknown zone is a KeyError
        return None

    def offset(when: datetime) -> timezone:
        local = when.replace(tzinfo=zone)
        own, summer = local.utcoffset() or timedelta(), local.dst() or timedelta()
        if kind:
            own += -summer if kind == "standard" else timedelta(hours=1) - summer
        return timezone(own)

    return offset


def _fixed(offset: timedelta) -> Zone:
    return lambda _: timezone(offset) if offset else UTC


@lru_cache(maxsize=64)
def _own_offsets(zone: str) -> dict[str, timedelta]:
    """Offsets by the names of a zone, in winter and in summer."""
    known: dict[str, timedelta] = {}
    for month in (7, 1):
        local = datetime(2026, month, 1, tzinfo=ZoneInfo(zone))
        names = [local.tzname() or "", *UNLISTED_NAMES.get(zone, "").split()]
        known |= {name: local.utcoffset() or timedelta() for name in names if name.isalpha()}
    return known
