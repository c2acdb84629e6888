"""`scrapy inspect` beside bare DuckDB: `python -m benchmarks.queries FOLDER`, an output folder of benchmarks.corpus.

Each question is put to the command as a user types it, start of Python included, and to a plain `read_json` over the
same files that declares only the columns it needs; in turns, ROUNDS times. First without columnar copies, as on the
first call; then the copies are made once (that step's cost is told too), and the later calls are measured.
Medians of seconds and CPU seconds are printed with their ratios, and the highest memory.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.process import Cost, run, typical

ROUNDS = 3
COLUMNS = """{schema: 'VARCHAR', id: 'VARCHAR', version: 'BIGINT', source: 'STRUCT(id VARCHAR)', agency: 'VARCHAR',
headline: 'VARCHAR', url: 'VARCHAR', text: 'VARCHAR', summary: 'VARCHAR', byline: 'VARCHAR', dateline: 'STRUCT("text" VARCHAR)',
section: 'VARCHAR[]', media: 'STRUCT("type" VARCHAR)[]', language: 'VARCHAR', kind: 'VARCHAR', published_at: 'TIMESTAMP',
cluster: 'STRUCT(relation VARCHAR)'}"""
OVERVIEW = """SELECT source.id, agency, CAST(published_at AS DATE), language, kind, count(*),
    count(*) FILTER (version = 1), count(*) FILTER (version > 1), count(*) FILTER (cluster.relation <> 'first'),
    min(published_at), max(published_at), count(agency), count(dateline), count(byline), count(published_at),
    count(*) FILTER (len(section) > 0), count(summary), count(*) FILTER (len(media) > 0), count(language), count(*) FILTER (text <> '')
FROM {lines} WHERE {condition}
GROUP BY GROUPING SETS ((), (source.id), (agency), (CAST(published_at AS DATE)), (language), (kind))"""
STORY = "SELECT * FROM {lines} WHERE {condition}"
WORD = "northwire"  # stands at the end of a quarter of the stories
STORY_ID = "north-wire:0000123456"


@dataclass(frozen=True, slots=True)
class Question:
    """The arguments of `scrapy inspect`, and the same as a statement of DuckDB's."""

    arguments: tuple[str, ...]
    statement: str
    condition: str


QUESTIONS = {
    "overview": Question((), OVERVIEW, "true"),
    "--agency": Question(("--agency", "southwire"), OVERVIEW, "agency = 'southwire'"),
    "--since": Question(("--since", "2026-11-01"), OVERVIEW, "published_at >= '2026-11-01'"),
    "--text": Question(("--text", WORD), OVERVIEW, f"contains(lower(headline), '{WORD}') OR contains(lower(text), '{WORD}')"),
    "one story": Question((STORY_ID,), STORY, f"id = '{STORY_ID}'"),
}  # fmt: skip


def bare(folder: Path, name: str, memory_mb: int = 1024) -> None:
    """The answer of DuckDB alone."""
    import duckdb

    question = QUESTIONS[name]
    if question.statement == STORY:
        from newscrawl.schema import duckdb_columns_literal

        columns = duckdb_columns_literal()
    else:
        columns = COLUMNS
    lines = f"read_json('{folder}/stories/**/*.jsonl', format = 'newline_delimited', columns = {columns})"
    database = duckdb.connect(config={"memory_limit": f"{memory_mb}MB"})
    assert database.execute(question.statement.format(lines=lines, condition=question.condition)).fetchall()


def inspect(folder: Path, name: str, has_columns: bool) -> list[str]:
    program = Path(sys.executable).with_name("scrapy")
    setting = f"NEWSCRAWL_COLUMN_COPIES={has_columns}"
    return [str(program), "inspect", str(folder), *QUESTIONS[name].arguments, "--json", "-s", setting]


def compare(folder: Path, names: list[str], has_columns: bool, rounds: int) -> None:
    for name in names:
        ours: list[Cost] = []
        theirs: list[Cost] = []
        for _ in range(rounds):
            theirs.append(run([sys.executable, "-m", "benchmarks.queries", str(folder), f"--bare={name}"]))
            ours.append(run(inspect(folder, name, has_columns)))
        a, b = typical(theirs), typical(ours)
        print(
            f"| {name}{', from copies' if has_columns else ''} | {a.seconds:.1f} | {b.seconds:.1f} | {b.seconds / a.seconds:.2f} "
            f"| {a.cpu_seconds:.1f} | {b.cpu_seconds:.1f} | {b.cpu_seconds / a.cpu_seconds:.2f} | {a.peak_mb:.0f} | {b.peak_mb:.0f} |",
            flush=True,
        )


def packed(folder: Path) -> None:
    """Make the copies as a query does behind the user's back, but wait for them."""
    cost = run([sys.executable, "-m", "newscrawl.tools.query", str(folder), "1024"])
    size_bytes = sum(file.stat().st_size for file in (folder / "state/columns").glob("*.parquet"))
    print(f"| making the copies ({size_bytes / 1e6:.0f} MB) | | {cost.seconds:.1f} | | | {cost.cpu_seconds:.1f} | | | {cost.peak_mb:.0f} |", flush=True)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--question", action="append", choices=QUESTIONS, help="again for another; default all")
    parser.add_argument("--bare", choices=QUESTIONS, help="put one question to DuckDB alone")
    options = parser.parse_args()
    if options.bare:
        bare(options.folder, options.bare)
        return
    (options.folder / "state").mkdir(exist_ok=True)
    shutil.rmtree(options.folder / "state/columns", ignore_errors=True)
    print(
        "| question | bare s | inspect s | ratio | bare CPU s | inspect CPU s | ratio | bare peak MB | inspect peak MB |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    names = options.question or list(QUESTIONS)
    compare(options.folder, names, False, options.rounds)
    packed(options.folder)
    compare(options.folder, names, True, options.rounds)


if __name__ == "__main__":
    main()
