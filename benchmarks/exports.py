"""`scrapy export` into every format: `python -m benchmarks.exports FOLDER [FOLDER ...]`, folders of benchmarks.corpus.

Each format is written by the command as a user types it, from the lines themselves, and looked at: how many records
it holds, and whether headline, text and address of 20 of them, evenly spread, are those of the lines. `--kill` starts
each export a second time, kills it (SIGKILL) after a third of the time the first one took, gives the command again,
and compares: the same bytes, of SQLite the same rows in all tables, of Parquet the same number. Parquet stands beside
DuckDB's own copy of the same files with the same types, in turns, `--rounds` times, medians told.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import orjson

from benchmarks.process import Cost, run, typical

FORMATS = ("parquet", "csv", "sqlite", "ninjs", "schema-org", "elasticsearch", "cc_news", "news-please")
SPOTS = 20
Spot = tuple[str, str, str]  # headline, text, address
BARE_COPY = "COPY (SELECT * FROM read_json('{folder}/stories/**/*.jsonl', format = 'newline_delimited', columns = {columns})) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"  # fmt: skip


def files_of(folder: Path) -> list[Path]:
    return sorted((folder / "stories").rglob("*.jsonl"))


def lines_of(folder: Path) -> Iterator[bytes]:
    for file in files_of(folder):
        with file.open("rb") as lines:
            yield from lines


def spots_of(folder: Path, total: int) -> dict[int, dict[str, Any]]:
    """Number -> record of lines evenly spread."""
    wanted = {total * place // SPOTS for place in range(SPOTS)}
    return {number: orjson.loads(line) for number, line in enumerate(lines_of(folder)) if number in wanted}


def read_json(record: dict[str, Any]) -> Any:
    """Of any of the JSON formats."""
    if "bodies" in record:
        url = next(entry["value"] for entry in record["altIds"] if entry["role"] == "url")
        return record["title"], record["bodies"][0]["value"], url
    if "articleBody" in record:
        return record["headline"], record["articleBody"], record["url"]
    return record.get("title", record.get("headline")), record.get("maintext", record.get("text")), record["url"]


def exported_lines(file: Path, name: str) -> Iterator[Spot | None]:
    """The records of an export of lines in their order."""
    if name == "csv":
        csv.field_size_limit(2**31)
        with file.open(newline="", encoding="utf-8") as rows:
            for row in csv.DictReader(rows):
                yield row["headline"], row["text"], row["url"]
        return
    with file.open("rb") as lines:
        for number, line in enumerate(lines):
            if name != "elasticsearch" or number % 2:
                yield read_json(orjson.loads(line))


def check(folder: Path, file: Path, name: str) -> str:
    """What is wrong with an export; "right" where nothing is."""
    total = sum(1 for _ in lines_of(folder))
    spots = spots_of(folder, total)
    expected = {number: (line["headline"], line["text"], line["url"]) for number, line in spots.items()}
    if name in ("parquet", "sqlite"):
        count, found = rows_found(file, name, spots)
    else:
        count, found = 0, {}
        for count, spot in enumerate(exported_lines(file, name), start=1):
            if count - 1 in expected:
                found[count - 1] = spot
    wrong = [number for number, spot in expected.items() if found.get(number) != spot]
    if count != total or wrong:
        return f"{count} of {total} records, wrong: {wrong}"
    return "right"


def rows_found(file: Path, name: str, spots: dict[int, dict[str, Any]]) -> tuple[int, dict[int, Any]]:
    if name == "parquet":
        import duckdb

        database: Any = duckdb.connect()
        lines = f"read_parquet('{file}')"
    else:
        database, lines = sqlite3.connect(file), "lines"
    found = {
        number: database.execute(f"SELECT headline, text, url FROM {lines} WHERE id = ? AND version = ?", [line["id"], line["version"]]).fetchone()
        for number, line in spots.items()
    }  # fmt: skip
    return database.execute(f"SELECT count(*) FROM {lines}").fetchone()[0], found


def print_of(file: Path, name: str) -> str:
    """What tells two exports apart."""
    if name == "parquet":
        import duckdb

        return str(
            duckdb.execute(f"SELECT count(*), sum(hash(id, version, text)) FROM read_parquet('{file}')").fetchone()
        )
    digest = hashlib.sha256()
    if name == "sqlite":
        for row in sqlite3.connect(file).execute("SELECT * FROM lines ORDER BY id, version"):
            digest.update(repr(row).encode())
    else:
        with file.open("rb") as content:
            while chunk := content.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()


def command(folder: Path, file: Path, name: str) -> list[str]:
    program = Path(sys.executable).with_name("scrapy")
    return [str(program), "export", str(folder), "-o", str(file), "--to", name, "-s", "NEWSCRAWL_COLUMN_COPIES=False"]


def killed_and_resumed(folder: Path, file: Path, name: str, after_seconds: float) -> str:
    """Kill an export midway, give the command again and compare with the first one's print."""
    before = apart(print_of, file, name)
    file.unlink()
    child = subprocess.Popen(command(folder, file, name), stderr=subprocess.DEVNULL)
    time.sleep(after_seconds)
    child.send_signal(signal.SIGKILL)
    child.wait()
    if file.exists():
        return "was done before the kill"
    subprocess.run(command(folder, file, name), check=True, stderr=subprocess.DEVNULL)
    return "the same" if apart(print_of, file, name) == before else "DIFFERS"


def bare_copy(folder: Path, target: Path) -> None:
    """DuckDB's own copy, with the memory it takes by itself."""
    import duckdb

    from newscrawl.schema import duckdb_columns_literal

    duckdb.connect(config={"memory_limit": "8GB"}).execute(
        BARE_COPY.format(folder=folder, columns=duckdb_columns_literal(), target=target)
    )


def apart(work: Callable[..., str], *arguments: Any) -> str:
    """What `work` returns, run in a process of its own: what a parent holds counts as the memory of its children."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def measure(folder: Path, name: str, into: Path, rounds: int, is_killed: bool) -> None:
    file = into / f"exported.{name}"
    ours: list[Cost] = []
    theirs: list[Cost] = []
    for _ in range(rounds if name == "parquet" else 1):
        if name == "parquet":
            theirs.append(run([sys.executable, "-m", "benchmarks.exports", str(folder), "--bare", str(into / "bare")]))
            (into / "bare").unlink()
        ours.append(run(command(folder, file, name)))
    cost, lines = typical(ours), sum(1 for _ in lines_of(folder))
    size_mb = file.stat().st_size / 1e6
    verdict = apart(check, folder, file, name)
    if is_killed:
        verdict += "; after a kill: " + killed_and_resumed(folder, file, name, cost.seconds / 3)
    print(f"| {name} | {lines:,} | {cost.seconds:.1f} | {cost.cpu_seconds:.1f} | {cost.cpu_seconds / lines * 1e6:.0f} | {cost.peak_mb:.0f} | {size_mb:.0f} | {verdict} |", flush=True)  # fmt: skip
    if theirs:
        bare = typical(theirs)
        print(f"| DuckDB's own copy | {lines:,} | {bare.seconds:.1f} | {bare.cpu_seconds:.1f} | {bare.cpu_seconds / lines * 1e6:.0f} | {bare.peak_mb:.0f} | | export takes {cost.seconds / bare.seconds:.2f} of its time, {cost.cpu_seconds / bare.cpu_seconds:.2f} of its CPU |", flush=True)  # fmt: skip
    for left in into.glob("exported.*"):
        left.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--to", action="append", choices=FORMATS, help="again for another; default all")
    parser.add_argument("--rounds", type=int, default=3, help="of Parquet beside DuckDB")
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--bare", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.bare:
        bare_copy(options.folders[0], options.bare)
        return
    print("| format | lines | seconds | CPU s | CPU us a line | peak MB | file MB | result |")
    print("|---|---|---|---|---|---|---|---|")
    for folder in options.folders:
        for name in options.to or FORMATS:
            measure(folder, name, folder, options.rounds, options.kill)


if __name__ == "__main__":
    main()
