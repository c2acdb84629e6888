"""Read a site file (TOML) into a Site. Every error names the file, the key and the allowed values."""

from __future__ import annotations

import codecs
import hashlib
import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser

from newscrawl.items import SourceKind
from newscrawl.security.url import NO_USERINFO, has_userinfo, mask_userinfo, split
from newscrawl.sites.model import SOURCE_KINDS, Expect, Layout, Site, Source, domain_of

SITE_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
RESERVED = frozenset({"replay"})
KINDS = get_args(SourceKind)


class SiteError(ValueError):
    """A site file that cannot be used; the text has one line per error."""


class InvalidValue(ValueError):
    """What is wrong with one value, and what is allowed there."""


Reader = Callable[[Any], Any]


def text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InvalidValue(f"must be a text that is not empty, not {value!r}")
    return value


def number(low: float, high: float, whole: bool = False) -> Reader:
    def read(value: Any) -> float:
        is_number = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        if not is_number or not low <= value <= high:
            raise InvalidValue(f"must be a {'whole ' if whole else ''}number from {low:g} to {high:g}, not {value!r}")
        return value  # type: ignore[no-any-return]

    return read


def one_of(allowed: tuple[str, ...]) -> Reader:
    def read(value: Any) -> str:
        if value not in allowed:
            raise InvalidValue(f"must be one of {', '.join(allowed)}, not {value!r}")
        return str(value)

    return read


def texts(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(entry, str) and entry.strip() for entry in values):
        raise InvalidValue(f"must be a text or a list of texts, not {value!r}")
    return tuple(values)


def url(value: Any) -> str:
    if not isinstance(value, str) or split(value) is None:
        raise InvalidValue(f"must be an absolute http or https URL, not {value!r}")
    return value


def pattern(value: Any) -> re.Pattern[str]:
    try:
        return re.compile(text(value))
    except re.error as error:
        raise InvalidValue(f"must be a regular expression: {error}") from None


def patterns(value: Any) -> tuple[re.Pattern[str], ...]:
    return tuple(pattern(entry) for entry in texts(value))


def selector(value: Any) -> str:
    try:
        LexborHTMLParser("<p>").css(text(value))
    except Exception as error:  # selectolax raises bare RuntimeError, ValueError and its own
        if isinstance(error, InvalidValue):
            raise
        raise InvalidValue(f"must be a CSS selector, not {value!r}") from None
    return str(value)


def selectors(value: Any) -> tuple[str, ...]:
    return tuple(selector(entry) for entry in texts(value))


def day(value: Any) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise InvalidValue(f"must be a date such as 2026-01-28 (without quotes), not {value!r}")
    return value


def zone(value: Any) -> str:
    try:
        return ZoneInfo(text(value)).key
    except (KeyError, ValueError, OSError):
        raise InvalidValue(f"must be a time zone of the IANA database such as Asia/Seoul, not {value!r}") from None


def encoding(value: Any) -> str:
    try:
        return codecs.lookup(text(value)).name
    except LookupError:
        raise InvalidValue(f"must be an encoding that Python knows such as euc-kr, not {value!r}") from None


def domains(value: Any) -> tuple[str, ...]:
    hosts = texts(value)
    for host in hosts:
        if not re.fullmatch(r"[a-z0-9.-]+(:\d+)?|\[[0-9a-f:]+\](:\d+)?", host):
            shown = "***@" + host.rpartition("@")[2] if "@" in host else host
            raise InvalidValue(f"must be hosts in lower case such as example.com or example.com:8080, not {shown!r}")
    return hosts


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidValue(f"must be true or false (without quotes), not {value!r}")
    return value


def span(value: Any) -> tuple[int, int]:
    if not (
        isinstance(value, list) and len(value) == 2 and all(type(n) is int for n in value) and 0 <= value[0] <= value[1]
    ):
        raise InvalidValue(f"must be two whole numbers, the lower first, such as [120, 900], not {value!r}")
    return value[0], value[1]


def rates(value: Any) -> tuple[tuple[str, float], ...]:
    known = ("headline", "body", "byline", "authors", "dateline", "published", "section", "agency")
    if not isinstance(value, dict) or any(key not in known for key in value):
        raise InvalidValue(f"must be a table with keys of {', '.join(known)}, not {value!r}")
    return tuple((key, number(0, 1)(rate)) for key, rate in value.items())


SITE_KEYS: dict[str, Reader] = {
    "name": text,
    "country": text,
    "language": text,
    "timezone": zone,
    "agency": text,
    "evidence": text,
    "domains": domains,
    "kind": one_of(KINDS),
    "encoding": encoding,
    "story_url": patterns,
    "story_id": pattern,
    "poll_minutes": number(1, 10_080, whole=True),
    "blocked": text,
    "terms": text,
    "delay_seconds": number(0, 3600),
    "render": flag,
}
SOURCE_KEYS: dict[str, Reader] = {
    "kind": one_of(SOURCE_KINDS),
    "url": url,
    "links": selector,
    "next": selector,
    "max_pages": number(1, 100_000, whole=True),
}
LAYOUT_KEYS: dict[str, Reader] = {
    "since": day,
    "until": day,
    "headline": selector,
    "subheadline": selector,
    "byline": selector,
    "published": selector,
    "section": selector,
    "body": selector,
    "drop": selectors,
}
EXPECT_KEYS: dict[str, Reader] = {"silent_hours": number(0, 8760), "stories_per_day": span, "filled": rates}
TABLES = {"source": SOURCE_KEYS, "layout": LAYOUT_KEYS}


def read_site(path: Path, agencies: Mapping[str, object]) -> Site:
    """The site of one file; SiteError has every error in it. `agencies` are the ids `agency` may take."""
    try:
        content = path.read_bytes()
        table = tomllib.loads(content.decode("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise SiteError(f"{path}: {mask_userinfo(str(error))}") from None
    errors = [*file_name_errors(path.stem), *_userinfo_errors(table)]
    if isinstance(table.get("agency"), str) and table["agency"] not in agencies:
        errors.append(f"agency: must be an id of agencies.toml such as yonhap or ap, not {table['agency']!r}")
    sources = [Source(**values) for values in tables(table, "source", errors) if {"kind", "url"} <= values.keys()]
    layouts = [Layout(**values) for values in tables(table, "layout", errors)]
    expect = Expect(**entries(table.pop("expect", {}), EXPECT_KEYS, "expect.", errors))
    values = entries(table, SITE_KEYS, "", errors)
    errors += _missing_keys(table, sources)
    if errors:
        raise SiteError("\n".join(f"{path}: {mask_userinfo(error)}" for error in errors))
    hosts = dict.fromkeys(filter(None, (domain_of(source.url) for source in sources)))
    values.setdefault("domains", tuple(hosts))
    rules = f"{path.stem}@{hashlib.sha256(content).hexdigest()[:4]}"
    return Site(id=path.stem, rules=rules, sources=tuple(sources), layouts=tuple(layouts), expect=expect, **values)


def _userinfo_errors(value: Any, key: str = "") -> list[str]:
    """Errors for every text of a file that contains a URL with a user name or password."""
    if isinstance(value, str):
        return [f"{key}: {NO_USERINFO}"] if has_userinfo(value) else []
    if isinstance(value, list):
        numbered = [(f"{key}[{n}]", entry) for n, entry in enumerate(value, 1)]
        return [error for name, entry in numbered for error in _userinfo_errors(entry, name)]
    if isinstance(value, dict):
        named = [(f"{key}.{name}" if key else str(name), entry) for name, entry in value.items()]
        return [error for name, entry in named for error in _userinfo_errors(entry, name)]
    return []


def file_name_errors(name: str) -> list[str]:
    if not SITE_NAME.fullmatch(name) or name in RESERVED:
        return [f"file name: must match {SITE_NAME.pattern} and not be {', '.join(sorted(RESERVED))}, not {name!r}"]
    return []


def tables(table: dict[str, Any], key: str, errors: list[str]) -> list[dict[str, Any]]:
    """The values of the [[key]] tables; their errors are appended to `errors`."""
    found = table.pop(key, [])
    if not isinstance(found, list):
        errors.append(f"{key}: must be written [[{key}]], once for each {key}")
        return []
    return [entries(entry, TABLES[key], f"{key}[{n}].", errors) for n, entry in enumerate(found, 1)]


def entries(table: Any, readers: dict[str, Reader], prefix: str, errors: list[str]) -> dict[str, Any]:
    """The values of a table; unknown keys and wrong values are appended to `errors`."""
    if not isinstance(table, dict):
        errors.append(f"{prefix.rstrip('.')}: must be a table, not {table!r}")
        return {}
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in readers:
            errors.append(f"{prefix}{key}: is not known; allowed are {', '.join(readers)}")
            continue
        try:
            values[key] = readers[key](value)
        except InvalidValue as error:
            errors.append(f"{prefix}{key}: {error}")
    return values


def _archive_url_error(template: str) -> str | None:
    """What is wrong with an archive's URL; None where it can be filled in."""
    names = set(re.findall(r"\{([^{}]*)\}", template))
    is_known = names <= {"year", "month", "day"} and "{" not in (domain_of(template) or "")
    if is_known and "year" in names and ("day" not in names or "month" in names):
        return None
    return (
        "must hold {year}, {year} and {month}, or all of {year}, {month} and {day} behind the host, such as "
        f"https://wire.example/archive/{{year}}/{{month}}/{{day}}, not {template!r}"
    )


def _missing_keys(table: dict[str, Any], sources: list[Source]) -> list[str]:
    """Errors for required keys that are missing."""
    found = [f"{key}: is missing; a site must state it" for key in ("name", "evidence") if key not in table]
    if not sources and "domains" not in table:
        found.append("source: is missing; give a [[source]] with kind and url, or else domains")
    found += [
        f"source[{n}].links: is missing; kind {source.kind} needs the CSS selector of the links to its stories"
        for n, source in enumerate(sources, 1)
        if source.kind in ("section", "archive") and source.links is None
    ]
    found += [
        f"source[{n}].url: {error}"
        for n, source in enumerate(sources, 1)
        if source.kind == "archive" and (error := _archive_url_error(source.url))
    ]
    return found
