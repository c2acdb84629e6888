"""Queries, exports and validation over corpora of our own making, in the record's shape and of any size.

    python -m benchmarks.corpus make FOLDER --stories 1000000 --files 100
    python -m benchmarks.corpus measure FOLDER

`measure` runs each step in a process of its own and prints seconds, CPU seconds and the peak of memory; the bare DuckDB
statements they are compared with run over the same files with the same types.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from newscrawl import __version__
from newscrawl.items import SCHEMA

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
        cluster = f"{list(SITES)[(number - 1) % len(SITES)]}:{number - 1:010d}" if is_copy else story_id
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
                "id": cluster, "relation": "copy" if is_copy else "first", "of": cluster if is_copy else None,
                "similarity": 0.9 if is_copy else None, "original": None,
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


BARE_COUNT = """SELECT source.id, agency, language, published_date, count(*) FROM {lines}
GROUP BY GROUPING SETS ((source.id), (agency), (language), (published_date), ())"""
BARE_COPY = "COPY (SELECT * FROM {lines}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"


def bare(folder: str, statement: str, memory_mb: int) -> None:
    """A statement of DuckDB's own over the files, with the record's types and nothing of ours."""
    import duckdb

    from newscrawl.schema import duckdb_columns_literal

    lines = (
        f"read_json('{folder}/stories/**/*.jsonl', format = 'newline_delimited', columns = {duckdb_columns_literal()})"
    )
    database = duckdb.connect(config={"memory_limit": f"{memory_mb}MB"})
    database.execute(statement.format(lines=lines, target=f"{folder}/bare.parquet")).fetchall()


def inspected(folder: str, **conditions: Any) -> None:
    from newscrawl.tools.query import open_corpus
    from newscrawl.tools.query.filters import Filter
    from newscrawl.tools.reports.overview import overview

    with open_corpus(Path(folder)) as corpus:
        overview(corpus, Filter(**conditions), 20 if conditions else 0)


def exported(folder: str, name: str, **options: Any) -> None:
    from newscrawl.tools.export.formats import export
    from newscrawl.tools.query import open_corpus
    from newscrawl.tools.query.filters import Filter

    with open_corpus(Path(folder), use_columns=False) as corpus:
        export(corpus, Path(folder) / f"exported.{name}", name, Filter(), **options)


def validated(folder: str) -> None:
    from newscrawl.tools.query import segments_of
    from newscrawl.tools.query.validate import ValidationCounts, validate

    assert not list(validate(segments_of(Path(folder)), ValidationCounts()))


def packed(folder: str) -> None:
    from newscrawl.tools.query.database import QueryLimits
    from newscrawl.tools.query.packing import pack_all

    assert pack_all(Path(folder), QueryLimits(threads=1))


STEPS: dict[str, Callable[[str], None]] = {
    "bare DuckDB count": lambda folder: bare(folder, BARE_COUNT, 1024),
    "inspect": inspected,
    "inspect --text": lambda folder: inspected(folder, text="missile"),
    "validate": validated,
    "bare DuckDB copy to Parquet (8 GB allowed)": lambda folder: bare(folder, BARE_COPY, 8192),
    "export parquet": lambda folder: exported(folder, "parquet"),
    "export parquet --unique": lambda folder: exported(folder, "parquet", is_unique=True),
    "export csv": lambda folder: exported(folder, "csv"),
    "export ninjs": lambda folder: exported(folder, "ninjs"),
    "export sqlite": lambda folder: exported(folder, "sqlite"),
    "making the columnar copies": packed,
    "inspect, from columns": inspected,
    "inspect --text, from columns": lambda folder: inspected(folder, text="missile"),
}


def run_step(name: str, folder: str) -> None:
    """Run a step in this process and print one line of JSON about it."""
    start = time.perf_counter()
    STEPS[name](folder)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps([time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))


def measure(folder: Path, chosen: str) -> None:
    """A Markdown table of the steps, each in a process of its own; `chosen` is a part of their names."""
    (folder / "state").mkdir(exist_ok=True)
    print("| step | seconds | CPU seconds | peak MB |\n|---|---|---|---|")
    for name in STEPS:
        if chosen not in name:
            continue
        command = [sys.executable, "-m", "benchmarks.corpus", "step", str(folder), "--name", name]
        out = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
        seconds, cpu, peak = json.loads(out)
        print(f"| {name} | {seconds:.1f} | {cpu:.1f} | {peak:.0f} |", flush=True)
        for left in (*folder.glob("exported.*"), *folder.glob("bare.parquet")):
            left.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("make", "measure", "step"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--stories", type=int, default=1_000_000)
    parser.add_argument("--files", type=int, default=100)
    parser.add_argument("--name", default="", help="part of a step's name")
    options = parser.parse_args()
    if options.what == "make":
        print(f"{make(options.folder, options.stories, options.files) / 1e6:.0f} MB")
    elif options.what == "measure":
        measure(options.folder, options.name)
    else:
        run_step(options.name, str(options.folder))


if __name__ == "__main__":
    main()
