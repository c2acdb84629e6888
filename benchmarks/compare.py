"""Compare readers of pages on page sets: quality, speed and failures, all readers in the same run.

    python -m benchmarks.compare --data FOLDER [--set aeb ...] [--reader newscrawl ...] [--json FILE]
                                 [--by-language] [--worst N] [--limit N]

FOLDER holds the sets as folders with truth.jsonl and pages/ (`python -m benchmarks.fetch_pages` lays them out so).
Without --set it is every set that is there, without --reader every reader whose package is installed (`make peers`
installs them all). docs/benchmarks.md says what each figure means.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import platform
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from itertools import product
from pathlib import Path
from typing import Any

from benchmarks.measure import Outcome, by_language, f1_deviation, figures, main_field, measure, worst
from benchmarks.page_sets import SETS, BadSet, read_set, sets_in
from benchmarks.readers import READERS, NoReader, Reader, reader_named
from newscrawl.security.log import escape_controls

# (heading, figure, format); a column without a figure in the table is left out, and each table fits 80 columns.
NAMES = (("reader", "reader", "{}"), ("language", "language", "{}"))
QUALITY = (
    *NAMES,
    ("pages", "pages", "{}"),
    ("F1", "f1", "{:.4f}"),
    ("+-", "f1_deviation", "{:.4f}"),
    ("precision", "precision", "{:.4f}"),
    ("recall", "recall", "{:.4f}"),
    ("exact", "exact_rate", "{:.3f}"),
)
FIELDS = (
    *NAMES,
    ("lenient F1", "lenient_f1", "{:.4f}"),
    ("headline", "headline_rate", "{:.3f}"),
    ("day", "day_rate", "{:.3f}"),
    ("minute", "minute_rate", "{:.3f}"),
    ("authors", "authors_rate", "{:.3f}"),
)
COST = (
    *NAMES,
    ("x parse", "times_lxml_parse", "{:.2f}"),
    ("ms", "cpu_ms_mean", "{:.1f}"),
    ("crashes", "crashes", "{}"),
    ("empty", "empty", "{}"),
)
WORST_PAGE = (
    ("at worst", "worst_times_lxml_parse", "{:.1f}"),
    ("of CPU", "worst_cpu_rate", "{:.1%}"),
    ("worst page", "worst_page", "{:.32}"),
)
WORST = (
    ("reader", "reader", "{}"),
    ("score", "score", "{:.4f}"),
    ("missed", "missed", "{}"),
    ("too much", "extra", "{}"),
    ("language", "language", "{}"),
    ("page", "page", "{}"),
)
PARTS = ("figures", "by_language", "worst")
Columns = Sequence[tuple[str, str, str]]
Row = dict[str, Any]


@dataclass(slots=True)
class Run:
    """One reader on one set."""

    reader: Reader
    set: str
    outcomes: list[Outcome]
    peak_mib: float

    def row(self) -> Row:
        deviation = f1_deviation(self.set, self.outcomes)
        return figures(self.reader, self.set, self.outcomes) | {"f1_deviation": deviation, "peak_mib": self.peak_mib}

    def language_rows(self) -> list[Row]:
        groups = by_language(self.outcomes).items()
        return [{"language": name, **figures(self.reader, self.set, group)} for name, group in groups]

    def worst_rows(self, count: int) -> list[Row]:
        if main_field(self.set) not in self.reader.gives:
            return []
        return [
            {
                "reader": self.reader.name,
                "set": self.set,
                "page": each.page,
                "language": each.language,
                "score": each.score.overlap.f1,
                "missed": each.score.missed,
                "extra": each.score.extra,
            }
            for each in worst(self.outcomes, count)
        ]


class Progress:
    """A line that counts on a terminal's standard error; nothing elsewhere. It goes to another process as it is."""

    def __init__(self, label: str) -> None:
        self.label = label

    def __call__(self, done: int, of: int) -> None:
        if sys.stderr.isatty():
            end = "\r\033[K" if done == of else ""
            print(f"\r{self.label}: {done}/{of}{end}", end="", file=sys.stderr, flush=True)


def runs(readers: list[Reader], folder: Path, sets: list[str], limit: int | None) -> Iterator[Run]:
    """Each reader and set in a process of its own: what one holds in memory or remembers is not another's matter, and
    one that dies takes nobody with it."""
    for name, reader in product(sets, readers):
        progress = Progress(f"{reader.name} on {name}")
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
            try:
                outcomes, peak = process.submit(measure, reader.name, folder, name, limit, progress).result()
            except BrokenProcessPool:
                complain(f"{reader.name}: its process died on the set {name}")
                continue
        yield Run(reader, name, outcomes, peak)


def wanted_readers(names: list[str] | None) -> list[Reader]:
    """Those asked for, else all that are installed; NoReader if one asked for is not."""
    if names:
        return [reader_named(name) for name in dict.fromkeys(names)]
    found = []
    for name in READERS:
        try:
            found.append(reader_named(name))
        except NoReader as error:
            complain(f"left out: {error}")
    return found


def wanted_sets(names: list[str] | None, folder: Path) -> list[str]:
    """Those asked for, else all that are there; BadSet if there is none or one cannot be read."""
    wanted = list(dict.fromkeys(names or sets_in(folder)))
    if not wanted:
        raise BadSet(
            f"{folder} holds none of the sets {', '.join(SETS)}; "
            "`python -m benchmarks.fetch_pages --into FOLDER` fetches the public ones"
        )
    for name in wanted:
        read_set(folder, name, limit=1)
    return wanted


def show(title: str, columns: Columns, rows: list[Row]) -> None:
    """A table: ruled on a terminal, else aligned columns of plain text; '-' where a figure does not apply. Without a
    figure nothing is shown."""
    shown = [column for column in columns if any(row.get(column[1]) is not None for row in rows)]
    if all(key in ("reader", "language") for _, key, _ in shown):
        return
    cells = [[cell(row.get(key), form) for _, key, form in shown] for row in rows]
    headings = [heading for heading, _, _ in shown]
    if sys.stdout.isatty():
        show_ruled(title, headings, cells)
    else:
        show_plain(title, headings, cells)


def cell(value: object, form: str) -> str:
    return "-" if value is None else form.format(value)


def show_ruled(title: str, headings: list[str], cells: list[list[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=escape(title), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for number, heading in enumerate(headings):
        long = heading.endswith("page")
        table.add_column(heading, justify="left" if number == 0 else "right", overflow="fold", no_wrap=not long)
    for row in cells:
        table.add_row(*map(escape, row))
    Console().print(table)


def show_plain(title: str, headings: list[str], cells: list[list[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(headings, *cells, strict=True)]
    print(title)
    for row in (headings, *cells):
        first, *others = (
            text.ljust(width) if number == 0 else text.rjust(width)
            for number, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join((first, *others)).rstrip())
    print()


def report(results: list[Run], languages: bool, worst_count: int) -> dict[str, Any]:
    """Print the tables, set by set; the same as plain values."""
    detail: dict[str, Any] = {**circumstances(results), "figures": [run.row() for run in results]}
    if languages:
        detail["by_language"] = [row for run in results for row in run.language_rows()]
    if worst_count:
        detail["worst"] = [row for run in results for row in run.worst_rows(worst_count)]
    for row in detail["figures"]:
        for reason, times in row["crash_reasons"].items():
            complain(f"{row['reader']} on {row['set']}: {times} x {escape_controls(reason)}")
    for name in dict.fromkeys(run.set for run in results):
        show_set(name, {part: [row for row in detail.get(part, []) if row["set"] == name] for part in PARTS})
    return detail


def show_set(name: str, parts: dict[str, list[Row]]) -> None:
    language = f"{name} by language (the truth's, else <html lang>)"
    for part, title, columns in (
        ("figures", f"{name}: {SETS[name].about}", QUALITY),
        ("figures", f"{name}: other fields", FIELDS),
        ("figures", f"{name}: CPU and failures", (*COST, *WORST_PAGE)),
        ("by_language", language, QUALITY),
        ("by_language", f"{language}: other fields", FIELDS),
        ("by_language", f"{language}: CPU and failures", COST),
        ("worst", f"{name}, the lowest scores; {unit(name)} missed and too much", WORST),
    ):
        show(title, columns, parts[part])


def unit(set_name: str) -> str:
    return "agencies" if set_name == "attribution" else "words"


def circumstances(results: list[Run]) -> dict[str, Any]:
    """When, on what and with which versions."""
    readers = {run.reader.name: run.reader.version() for run in results}
    return {
        "measured_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "lxml": metadata.version("lxml"),
        "versions": readers,
    }


def complain(line: str) -> None:
    print(line, file=sys.stderr)


def arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.compare", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--set", action="append", choices=SETS, help="repeat for several; default: all in FOLDER")
    parser.add_argument(
        "--reader",
        action="append",
        metavar="NAME",
        help=f"{', '.join(READERS)}, or module:function; repeat for several; default: all that are installed",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here, too")
    parser.add_argument("--by-language", action="store_true")
    parser.add_argument("--worst", type=count, default=0, metavar="N", help="the N pages with the lowest score")
    parser.add_argument("--limit", type=count, metavar="N", help="the first N pages of each set only")
    return parser.parse_args(argv)


def count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def main(argv: list[str] | None = None) -> int:
    """0 when every reader was measured, 1 when one died, 2 when what was asked for cannot be done."""
    args = arguments(argv)
    try:
        readers, sets = wanted_readers(args.reader), wanted_sets(args.set, args.data)
        if args.json and not args.json.parent.is_dir():
            raise BadSet(f"--json {args.json}: the folder {args.json.parent} is not there")
        results = list(runs(readers, args.data, sets, args.limit))
    except (NoReader, BadSet) as error:
        complain(str(error))
        return 2
    detail = report(results, args.by_language, args.worst)
    if args.json:
        args.json.write_text(json.dumps(detail, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return 0 if len(results) == len(readers) * len(sets) else 1


if __name__ == "__main__":
    sys.exit(main())
