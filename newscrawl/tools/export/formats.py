"""The formats by name, and the one function that writes any of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from newscrawl.tools.export import convert, elasticsearch, tables
from newscrawl.tools.export.selection import Selection
from newscrawl.tools.query import Corpus
from newscrawl.tools.query.filters import Filter

Record = dict[str, Any]
ENDINGS = (".gz", ".zst")


@dataclass(frozen=True, slots=True)
class TextFormat:
    """A format of lines: what is before them, and a line of a record."""

    line_of: Callable[[Record], bytes]
    header: Callable[[], bytes] = bytes
    mapping: Callable[[], Record] | None = None  # a JSON file that goes beside it


def json_lines(converter: Callable[[Record], Record]) -> TextFormat:
    return TextFormat(lambda record: orjson.dumps(converter(record)) + b"\n")


TEXT_FORMATS = {
    "csv": TextFormat(tables.csv_row, tables.csv_header),
    "ninjs": json_lines(convert.ninjs),
    "schema-org": json_lines(convert.schema_org),
    "elasticsearch": TextFormat(elasticsearch.bulk_lines, mapping=elasticsearch.mapping),
    "cc_news": json_lines(convert.cc_news),
    "news-please": json_lines(convert.news_please),
}
FORMATS = ("parquet", "csv", "sqlite", *sorted(name for name in TEXT_FORMATS if name != "csv"))


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export did: lines written by this call, and invalid lines that were skipped."""

    written: int
    skipped: int = 0


def export(corpus: Corpus, target: Path, name: str, wanted: Filter, *, is_unique: bool = False, is_partitioned: bool = False) -> Exported:  # fmt: skip
    """Write the lines that fit `wanted` as `target`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if name == "parquet":
        from newscrawl.tools.export.parquet import export_parquet

        return Exported(export_parquet(target, corpus, wanted, is_unique=is_unique, is_partitioned=is_partitioned))
    selection = Selection(wanted, is_unique)
    options = [name, is_unique, asdict(wanted)]
    if name == "sqlite":
        from newscrawl.tools.export.sqlite import export_sqlite

        return Exported(export_sqlite(target, corpus, selection, options), selection.skipped)
    from newscrawl.tools.export.stream import export_text

    form = TEXT_FORMATS[name]
    if form.mapping is not None:
        beside = target.with_name(f"{target.name}.mapping.json")
        beside.write_bytes(orjson.dumps(form.mapping(), option=orjson.OPT_INDENT_2))
    written = export_text(target, corpus, selection, form.header(), form.line_of, options)
    return Exported(written, selection.skipped)
