"""The wire agencies of agencies.toml, found by name, code or domain."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from newscrawl.guards.url import split

FILE = Path(__file__).with_name("agencies.toml")
UNSPECIFIED = "unspecified"
MAX_CODE_LENGTH = 3
ARTICLE = re.compile(r"^the ", re.I)


class AgenciesError(ValueError):
    """An agencies file that cannot be used."""


@dataclass(frozen=True, slots=True)
class Agency:
    """One table of agencies.toml; the file says what each key means."""

    id: str
    name: str
    country: str | None = None
    languages: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    wire: bool = True
    distrust: str | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """Agency ids by folded name, by exact code and by domain."""

    by_alias: dict[str, str] = field(default_factory=dict)
    by_code: dict[str, str] = field(default_factory=dict)
    by_domain: dict[str, str] = field(default_factory=dict)


_files: list[Path] = [FILE]


def add_agencies_file(path: Path) -> None:
    """Let a user's file, in the form of agencies.toml, add agencies or replace ours by id; AgenciesError if it is wrong."""
    if path not in _files:
        read_agencies(path)
        _files.append(path)
        agencies.cache_clear()
        names.cache_clear()


def read_agencies(path: Path) -> dict[str, Agency]:
    """The agencies of one file; AgenciesError names file, table and key."""
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AgenciesError(f"{path}: {error}") from None
    allowed = [f.name for f in fields(Agency) if f.name != "id"]
    for key, table in tables.items():
        if not isinstance(table, dict) or "name" not in table or not set(table) <= set(allowed):
            raise AgenciesError(f"{path}: [{key}]: must be a table with a name and keys of {', '.join(allowed)}")
    return {key: agency_of_table(key, table) for key, table in tables.items()}


def agency_of_table(key: str, table: dict[str, Any]) -> Agency:
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in table.items()}
    return Agency(key, **values)


@lru_cache(maxsize=1)
def agencies() -> dict[str, Agency]:
    """Every agency by its id; of the same id the last file's."""
    return {key: agency for path in _files for key, agency in read_agencies(path).items()}


def fold_name(name: str) -> str:
    """A name for comparison: NFKC, lower case, white space and dashes alike, no leading article."""
    folded = " ".join(unicodedata.normalize("NFKC", name).casefold().replace("-", " ").replace("\u2013", " ").split())
    return folded.removeprefix("the ").removesuffix(".")


@lru_cache(maxsize=1)
def names() -> Names:
    found = Names()
    for agency in agencies().values():
        for alias in (agency.name, *agency.aliases):
            folded = fold_name(alias)
            if folded.isascii() and len(folded) <= MAX_CODE_LENGTH:  # "The AP": as short as a code, and as ambiguous
                found.by_code[ARTICLE.sub("", alias)] = agency.id
            else:
                found.by_alias[folded] = agency.id
        for code in agency.codes:
            found.by_code[code] = agency.id
        for domain in agency.domains:
            found.by_domain[domain] = agency.id
    return found


def agency_named(name: str) -> str | None:
    """The id of the agency that a whole string names, by alias in any case or by code in its own case."""
    name = ARTICLE.sub("", name.strip())
    if not 2 <= len(name) <= 60:
        return None
    return names().by_code.get(name) or names().by_alias.get(fold_name(name))


def agency_of_site(url: str) -> str | None:
    """The id of the agency whose own site a URL is on."""
    parts = split(url)
    if parts is None or parts.hostname is None:
        return None
    labels = parts.hostname.rstrip(".").split(".")
    return next(filter(None, (names().by_domain.get(".".join(labels[at:])) for at in range(len(labels)))), None)
