"""Corpora of our own making in the record's shape, of any size: `python -m benchmarks.corpus make FOLDER --stories N`."""

from __future__ import annotations

import argparse
import hashlib
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from newscrawl.items import SCHEMA
from newscrawl.version import __version__

SITES = {
    "north-wire": ("northwire", "wire", "en"),
    "harbour-times": (None, "newspaper", "en"),
    "valley-post": (None, "newspaper", "en"),
    "stadt-anzeiger": (None, "newspaper", "de"),
    "journal-du-port": (None, "newspaper", "fr"),
    "east-portal": (None, "portal", "ko"),
}
AGENCIES = ("northwire", "southwire", "capitalwire", None, None)
CREDITS = {"northwire": "(Northwire)", "southwire": "(Southwire)", "capitalwire": "(Capitalwire)"}
START = datetime(2026, 9, 1, tzinfo=UTC)
SYLLABLES = [
    "ba",
    "re",
    "mi",
    "to",
    "lu",
    "san",
    "ker",
    "vin",
    "dol",
    "pra",
    "sta",
    "mor",
    "ne",
    "ti",
    "gal",
    "hun",
    "so",
    "fe",
    "ra",
    "jo",
]


def sentences(chance: random.Random, count: int = 4_000) -> list[str]:
    """Made-up sentences of made-up words."""
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(12_000)]
    return [" ".join(chance.choices(words, k=chance.randint(9, 26))).capitalize() + "." for _ in range(count)]


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Maker:
    """Makes lines one after another; the same seed makes the same lines."""

    def __init__(self, seed: int = 1) -> None:
        self.chance = random.Random(seed)
        self.sentences = sentences(self.chance)
        self.number = 0

    def line(self) -> dict[str, Any]:
        """A story of 1 to 3 KB, every tenth a copy, every twentieth the second version of the one before."""
        self.number += 1
        version = 2 if self.number % 20 == 0 else 1
        number = self.number - 1 if version == 2 else self.number
        chance, site = self.chance, list(SITES)[number % len(SITES)]
        paragraphs = [" ".join(chance.sample(self.sentences, 3)) for _ in range(chance.randint(1, 4))]
        return self.story(number, version, site, paragraphs)

    def story(self, number: int, version: int, site: str, paragraphs: list[str]) -> dict[str, Any]:
        own, kind, language = SITES[site]
        agency = own or AGENCIES[number * 7 % len(AGENCIES)]
        if agency:
            paragraphs[-1] += f" {CREDITS[agency]}"
        text, headline = "\n\n".join(paragraphs), f"{self.sentences[number % 4_000][:70]} {number}"
        digest = hashlib.sha256(text.encode()).hexdigest()
        published = START + timedelta(seconds=number * 7 % (86 * 86_400))
        story_id, url = f"{site}:{number:010d}", f"https://{site}.example/story-{number}"
        is_copy = number % 10 == 3
        return {
            "schema": SCHEMA, "id": story_id, "version": version, "change": "new" if version == 1 else "update",
            "previous": None if version == 1 else f"sha256:{digest[::-1]}", "content_hash": f"sha256:{digest}",
            "url": url, "canonical_url": url, "alternates": [],
            "source": {"id": site, "name": site.title(), "domain": f"{site}.example", "kind": kind},
            "agency": agency, "attribution": attribution(agency, text),
            "headline": headline, "subheadline": None, "summary": paragraphs[0][:120] if number % 3 else None,
            "byline": None, "authors": [], "dateline": None,
            "text": text, "body": [{"type": "paragraph", "text": text} for text in paragraphs],
            "section": ["National"], "tags": [], "language": language, "kind": "article", "access": "free",
            "published_at": stamp(published), "published_offset": "+00:00", "published_date": f"{published:%Y-%m-%d}",
            "published_raw": stamp(published), "updated_at": None, "time_zone_basis": "explicit",
            "media": [], "rights": {"notice": None, "holder": None, "license": None, "reservation": None},
            "cluster": {
                "id": f"{site}:{number - 1:010d}" if is_copy else story_id, "relation": "copy" if is_copy else "first",
                "of": f"{site}:{number - 1:010d}" if is_copy else None, "similarity": 0.9 if is_copy else None, "original": None,
            },
            "crawl": {
                "run": "20261123T000000Z-000000", "requested_url": url, "fetched_at": stamp(published + timedelta(seconds=number % 5_000)),
                "discovered": "rss", "status": 200, "etag": None, "html_sha256": digest,
                "warc": {"file": None, "offset": None, "length": None},
            },
            "extraction": {
                "newscrawl": __version__, "site_rules": f"{site}@0000", "warnings": [],
                "origins": {"headline": "json-ld", "text": "site-rule", "byline": None, "dateline": None, "published": "meta", "section": None},
            },
        }  # fmt: skip


def attribution(agency: str | None, text: str) -> list[dict[str, Any]]:
    if agency is None:
        return []
    credit = CREDITS[agency]
    evidence = {
        "where": "text", "kind": "closing-credit", "text": credit, "start": len(text) - len(credit), "end": len(text), "of": None,
    }  # fmt: skip
    return [{"id": agency, "name": agency.title(), "role": "originator", "confidence": 0.99, "evidence": [evidence]}]


def make(folder: Path, stories: int, files: int) -> int:
    """Write a corpus under `folder`/stories, spread over so many files; the bytes written."""
    maker, size_bytes = Maker(), 0
    for number, count in enumerate(shares(stories, files)):
        site = list(SITES)[number % len(SITES)]
        day = START + timedelta(days=number // len(SITES) % 86)
        path = folder / "stories" / site / f"{day:%Y/%m/%d}" / f"{day:%Y%m%d}T000000Z-{number:06x}-0001.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            for _ in range(count):
                size_bytes += file.write(orjson.dumps(maker.line()) + b"\n")
    return size_bytes


def shares(total: int, parts: int) -> Iterator[int]:
    for number in range(parts):
        yield total * (number + 1) // parts - total * number // parts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--stories", type=int, default=1_000_000)
    parser.add_argument("--files", type=int, default=100)
    options = parser.parse_args()
    print(f"{make(options.folder, options.stories, options.files) / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
