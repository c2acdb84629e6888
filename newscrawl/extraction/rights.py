"""What a page reserves: robots meta and X-Robots-Tag, the TDM reservation, a ban of AI training in its notice.

TDM: the TDM Reservation Protocol of the W3C community group: meta, HTTP header, /.well-known/tdmrep.json. The nearest
to the page decides, so that a page may grant (`0`) what its site reserves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from newscrawl.items import Story

AGENT = "newscrawl"
TDM, POLICY, SITE_FILE, ROBOTS_HEADER = "tdm-reservation", "tdm-policy", "/.well-known/tdmrep.json", "x-robots-tag"
HEADER_NAMES = {ROBOTS_HEADER: "X-Robots-Tag", TDM: "TDM-Reservation", POLICY: "TDM-Policy"}
DIRECTIVES = {
    "noai": "noai", "noimageai": "noai", "noml": "noai", "noindex": "noindex", "none": "noindex",
    "noarchive": "noarchive", "nocache": "noarchive",
}  # fmt: skip
WITH_VALUE = (
    "max-snippet",
    "max-image-preview",
    "max-video-preview",
    "unavailable_after",
)  # their colon names no agent
REASONS = ("tdm", "noai", "noindex", "noarchive", "terms")
POLICIES = ("record", "mark", "skip")
RESERVED = "reserved"  # the warning of a marked line
# How notices forbid it; what else they forbid (to reprint) is every notice's.
BANS = re.compile(
    r"\b(?:AI|artificial intelligence|machine learning) (?:training|purposes|systems?|models?|use)\b|"
    r"\b(?:train|training) (?:of |any |an )*(?:AI|artificial intelligence|machine learning|large language)\b|"
    r"\btext[- ]and[- ]data[- ]mining\b|\btext (?:and|&) data mining\b|\btext[- ]und[- ]data[- ]?mining\b|\bKI-Training\b|"
    r"\bfouille de textes\b|\bminer[ií]a de textos\b|AI ?학습|인공지능 ?학습|AI ?学習|AI ?訓練|AI ?训练|人工智能训练|機械学習",
    re.I,
)
MAX_SITE_RULES, MAX_PATTERN_CHARS, MAX_VALUE_CHARS = 1_000, 2_000, 1_000


def reservations(
    metas: Mapping[str, Sequence[str]], headers: Sequence[tuple[str, str]], notice: str | None
) -> list[str]:
    """What a page reserves, each as `name: value`, verbatim; [] where it reserves nothing."""
    found = [
        f"{name}: {value}" for name in ("robots", AGENT) for value in metas.get(name, ()) if any(directives(value))
    ]
    found += [
        f"{HEADER_NAMES[name]}: {value[:MAX_VALUE_CHARS]}"
        for name, value in headers
        if name == ROBOTS_HEADER and any(directives(value))
    ]
    found += tdm_reservation(metas, headers)
    if notice is not None and BANS.search(notice):
        found.append(notice)
    return found


def tdm_reservation(metas: Mapping[str, Sequence[str]], headers: Sequence[tuple[str, str]]) -> list[str]:
    """The TDM reservation with its policy, of the place nearest to the page that states any; [] where it is 0."""
    sent = {name: value[:MAX_VALUE_CHARS].strip() for name, value in headers if name in (TDM, POLICY, SITE_FILE)}
    if metas.get(TDM):
        stated = {name: metas[name][0] for name in (TDM, POLICY) if metas.get(name)}
    elif TDM in sent:
        stated = {HEADER_NAMES[name]: sent[name] for name in (TDM, POLICY) if name in sent}
    else:
        return [f"{SITE_FILE}: {sent[SITE_FILE]}"] if SITE_FILE in sent else []
    is_reserved = next(iter(stated.values())).strip() == "1"
    return [f"{name}: {value}" for name, value in stated.items()] if is_reserved else []


def directives(value: str) -> Iterator[str]:
    """The reasons that a robots meta or X-Robots-Tag gives us; a rule for another agent is none.

    `noai, otherbot: noindex` names an agent in front of the rules that are for it alone.
    """
    agent = ""
    for piece in value[:MAX_VALUE_CHARS].lower().split(","):
        name, colon, rule = piece.partition(":")
        if colon and name.strip() not in WITH_VALUE:
            agent, piece = name.strip(), rule
        if agent in ("", AGENT):
            yield from (DIRECTIVES[word] for word in piece.replace(";", " ").split() if word in DIRECTIVES)


def reasons_of(reservation: str | None) -> tuple[str, ...]:
    """Why a line's `rights.reservation` may be skipped: of `REASONS`, in their order; () where nothing is reserved."""
    found: set[str] = set()
    for part in (reservation or "").split("; ") if reservation else ():
        name, _, value = part.partition(": ")
        lowered = name.lower()
        if lowered in ("robots", AGENT, ROBOTS_HEADER):
            found.update(directives(value))
        elif lowered in (TDM, POLICY, SITE_FILE):
            found.add("tdm")
        elif BANS.search(part):
            found.add("terms")
    return tuple(reason for reason in REASONS if reason in found)


def reserved_policy(value: Any) -> str:
    """What NEWSCRAWL_RESERVED says; ValueError for what it does not know."""
    if value not in POLICIES:
        raise ValueError(f"NEWSCRAWL_RESERVED: must be one of {', '.join(POLICIES)}, not {value!r}")
    return str(value)


def marked(story: Story) -> Story:
    """The story with the warning that its page reserves rights."""
    if story.extraction is not None:
        story.extraction.warnings = list(dict.fromkeys([*story.extraction.warnings, RESERVED]))
    return story


def site_rules(content: bytes) -> list[dict[str, Any]]:
    """The rules of a tdmrep.json: objects with `location` and `tdm-reservation`; [] for what is none."""
    try:
        entries = json.loads(content)
    except (ValueError, RecursionError):
        return []
    rules = entries[:MAX_SITE_RULES] if isinstance(entries, list) else []
    return [rule for rule in rules if isinstance(rule, dict) and isinstance(rule.get("location"), str) and TDM in rule]


def site_reservation(rules: Sequence[Mapping[str, Any]], url: str) -> str | None:
    """The first rule whose location fits the URL's path, as JSON; None where none fits, or it reserves nothing."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    rule = next((rule for rule in rules if fits(rule["location"], path)), None)
    if rule is None or str(rule[TDM]).strip() != "1":
        return None
    return json.dumps({name: rule[name] for name in ("location", TDM, POLICY) if name in rule}, ensure_ascii=False)


def fits(pattern: str, path: str) -> bool:
    """Whether a path fits a location: `*` means any characters, `$` at the end for the path's end, as in robots.txt."""
    is_anchored = pattern.endswith("$")
    first, *pieces = pattern[:MAX_PATTERN_CHARS].removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for piece in pieces[:-1] if is_anchored else pieces:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    if not is_anchored:
        return True
    return path[at:].endswith(pieces[-1]) if pieces else at == len(path)
