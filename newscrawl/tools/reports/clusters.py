"""The stories most carried: who carried them, with what delay, who dropped the credit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True)
class Carrier:
    """One story of a cluster, as one site has it; `delay_seconds` from the original, else from the earliest."""

    id: str
    source: str
    relation: str
    url: str
    at: str
    delay_seconds: int | None = None
    similarity: float | None = None
    names_agency: bool | None = None  # null where nobody knows of an agency


@dataclass(slots=True)
class Carried:
    """A story and all that carry it."""

    id: str
    headline: str
    agency: str | None
    original: str | None
    carriers: list[Carrier] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def carried(lines: Iterable[dict[str, Any]], at_least: int = 2) -> list[Carried]:
    """Clusters of at least so many stories, the most carried first; of each story its newest line counts."""
    newest: dict[str, dict[str, Any]] = {}
    originals: dict[str, str] = {}
    for line in lines:
        cluster = line["cluster"]
        if cluster["original"]:
            originals[cluster["id"]] = cluster["original"]
        kept = newest.get(line["id"])
        if kept is None or kept["version"] <= line["version"]:
            newest[line["id"]] = slim(line)
    groups: dict[str, list[dict[str, Any]]] = {}
    for line in newest.values():
        groups.setdefault(line["cluster"]["id"], []).append(line)
    found = [of_group(name, group, originals.get(name)) for name, group in groups.items() if len(group) >= at_least]
    return sorted(found, key=lambda story: (-len(story.carriers), story.id))


def slim(line: dict[str, Any]) -> dict[str, Any]:
    """What is needed of a line: texts of a whole output would not fit in memory."""
    kept = {name: line[name] for name in ("id", "version", "url", "headline", "agency", "cluster", "source")}
    credited = [entry["id"] for entry in line.get("attribution") or []]
    kept["is_redacted"] = "redacted" in ((line.get("extraction") or {}).get("warnings") or ())
    return kept | {"at": line.get("published_at") or line["crawl"]["fetched_at"], "credited": credited}


def of_group(name: str, group: list[dict[str, Any]], original: str | None) -> Carried:
    first = next((line for line in group if line["id"] == name), min(group, key=lambda line: line["at"] or ""))
    own = next((line for line in group if line["id"] == original), None)
    start = (own or min(group, key=lambda line: line["at"] or ""))["at"]
    agency = (own or first)["agency"] or next((line["agency"] for line in group if line["agency"]), None)
    shown = (own or first)["headline"] or next((line["headline"] for line in group if line["headline"]), "")
    story = Carried(name, shown, agency, original)
    story.carriers = [carrier_of(line, start, agency) for line in sorted(group, key=lambda line: line["at"] or "")]
    return story


def carrier_of(line: dict[str, Any], start: str | None, agency: str | None) -> Carrier:
    return Carrier(
        id=line["id"],
        source=line["source"]["id"],
        relation=line["cluster"]["relation"],
        url=line["url"],
        at=line["at"] or "",
        delay_seconds=delay(start, line["at"]),
        similarity=line["cluster"]["similarity"],
        names_agency=agency in line["credited"] if agency and not line["is_redacted"] else None,
    )


def delay(start: str | None, at: str | None) -> int | None:
    """Seconds from one time to another; below zero for a page that came before the agency's own."""
    if not start or not at:
        return None
    return round((datetime.fromisoformat(at) - datetime.fromisoformat(start)).total_seconds())


def in_words(seconds: int | None) -> str:
    """`+2 h 05`, `+12 min`; empty where it is not known."""
    if seconds is None:
        return ""
    sign, minutes = "-" if seconds < 0 else "+", abs(seconds) // 60
    return f"{sign}{minutes} min" if minutes < 120 else f"{sign}{minutes // 60} h {minutes % 60:02d}"
