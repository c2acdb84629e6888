"""The wire agencies of agencies.toml, found by name, code or domain."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from newscrawl.security.url import split

FILE = Path(__file__).with_name("agencies.toml")
UNSPECIFIED = "unspecified"
KINDS = ("agency", "syndicator", "press-release", "publisher")
MAX_CODE_LENGTH = 3
ARTICLE = re.compile(r"^the ", re.I)
WORD = re.compile(r"\w+")
UNSPACED = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
NEVER = re.compile(r"(?!)")
GLUED_NAMES = ("associated press", "reuters", "nachrichtenagentur")  # a name may be before these without a blank
AGENCY_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG = re.compile(r"[a-z]+")
# Names of one word that are nobody else's in a URL; others, such as `sid`, `ani` or `petra`, are people's.
SLUGS = frozenset(
    """ap afp dpa efe epd apa pti ats sda ntb upi aap pap ctk reuters xinhua yonhap europapress bloomberg ritzau belga
    adnkronos ansa kyodo interfax agencies agencias agenturen agences""".replace("\n", " ").split(" ")
)


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
    notices: tuple[str, ...] = ()
    kind: str = "agency"
    wire: bool = True
    distrust: str | None = None


@dataclass(slots=True)
class Names:
    """Agency ids by folded name, by exact code and by domain."""

    by_alias: dict[str, str] = field(default_factory=dict)
    by_code: dict[str, str] = field(default_factory=dict)
    by_domain: dict[str, str] = field(default_factory=dict)
    by_slug: dict[str, str] = field(default_factory=dict)  # as the name is in a URL
    by_notice: dict[str, str] = field(default_factory=dict)
    second_words: dict[str, set[str]] = field(default_factory=dict)  # by the first word of a name; "" where it is all
    unspaced: re.Pattern[str] = NEVER  # the names in scripts without blanks


_files: list[Path] = [FILE]


def add_agencies_file(path: Path) -> None:
    """Let a user's file, in the form of agencies.toml, add agencies or replace ours by id; AgenciesError if it is wrong."""
    if path not in _files:
        read_agencies(path)
        _files.append(path)
        agencies.cache_clear()
        names.cache_clear()


def read_agencies(path: Path) -> dict[str, Agency]:
    """The agencies of one file; AgenciesError names file, table and key, and what is allowed."""
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AgenciesError(f"{path}: {error}") from None
    for key, table in tables.items():
        if complaint := complaint_of(key, table):
            raise AgenciesError(f"{path}: [{key}]: {complaint}")
    return {key: agency_of_table(key, table) for key, table in tables.items()}


def complaint_of(key: str, table: Any) -> str | None:
    """What is wrong with a table of an agencies file."""
    kinds = {f.name: f.type for f in fields(Agency) if f.name != "id"}
    if not AGENCY_ID.fullmatch(key):
        return "the id must be lower case letters and digits, words joined by -"
    if not isinstance(table, dict) or "name" not in table:
        return "must be a table with a name"
    for name, value in table.items():
        if name not in kinds:
            return f"{name}: no such key; allowed are {', '.join(kinds)}"
        if kinds[name] == "tuple[str, ...]":
            if not isinstance(value, list) or not all(isinstance(entry, str) and entry for entry in value):
                return f"{name}: must be a list of texts"
        elif not isinstance(value, bool if name == "wire" else str):
            return f"{name}: must be {'true or false' if name == 'wire' else 'a text'}"
        elif name == "kind" and value not in KINDS:
            return f"kind: must be one of {', '.join(KINDS)}"
    return None


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
        found.by_code.update(dict.fromkeys(agency.codes, agency.id))
        found.by_domain.update(dict.fromkeys(agency.domains, agency.id))
        found.by_notice.update((fold_name(notice), agency.id) for notice in agency.notices)
        slugs = {agency.id, *map(fold_name, (agency.name, *agency.aliases, *agency.codes))}
        found.by_slug.update((slug, agency.id) for slug in slugs if " " in slug or slug in SLUGS)
    index_words(found)
    return found


def index_words(found: Names) -> None:
    """Fill what tells a line without any name apart by its words."""
    for alias in found.by_alias:
        words = WORD.findall(alias)
        found.second_words.setdefault(words[0], set()).add(words[1] if len(words) > 1 else "")
    for code in found.by_code:
        words = WORD.findall(code.casefold())
        found.second_words.setdefault(words[0], set()).add(words[1] if len(words) > 1 else "")
    unspaced = [alias for alias in found.by_alias if UNSPACED.search(alias)]
    found.unspaced = re.compile("|".join(map(re.escape, unspaced)) or r"(?!)", re.I)


def may_name_agency(line: str) -> bool:
    """Whether any agency's name may be in a line: by a look-up of its words, without trying the names."""
    found = names()
    if not line.isascii():
        line = unicodedata.normalize("NFKC", line)
    folded = line.casefold()
    words = WORD.findall(folded)
    second_words = found.second_words
    if not second_words.keys().isdisjoint(words):
        for word, following in zip(words, [*words[1:], ""], strict=True):
            seconds = second_words.get(word)
            if seconds is not None and ("" in seconds or following in seconds):
                return True
    if not line.isascii() and UNSPACED.search(line) and found.unspaced.search(line):
        return True
    return any(name in folded for name in GLUED_NAMES)


def agency_named(name: str) -> str | None:
    """The id of the agency that a whole string names, by alias in any case or by code in its own case."""
    name = ARTICLE.sub("", name.strip())
    if not 2 <= len(name) <= 60:
        return None
    return names().by_code.get(name) or names().by_alias.get(fold_name(name))


def agency_of_slug(slug: str) -> str | None:
    """The id of the agency that a word of a URL names: `2005-afp`, `the-associated-press`."""
    words = " ".join(SLUG.findall(slug.casefold())).removeprefix("the ")
    return names().by_slug.get(words)


def agency_of_site(url: str) -> str | None:
    """The id of the agency whose own site a URL is on."""
    parts = split(url)
    return agency_of_host(parts.hostname) if parts is not None and parts.hostname else None


def agency_of_host(host: str) -> str | None:
    """The id of the agency whose domain a host, or that of an e-mail address, belongs to."""
    labels = host.lower().rstrip(".").split(".")
    return next(filter(None, (names().by_domain.get(".".join(labels[at:])) for at in range(len(labels)))), None)
