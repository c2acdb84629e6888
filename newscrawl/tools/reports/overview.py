"""What a corpus holds: by site, agency, day, language and kind, how full the fields are, what is newest and oldest."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from newscrawl.tools.query import Corpus
from newscrawl.tools.query.filters import WHEN, Filter
from newscrawl.tools.query.views import IS_LINE

# What is counted as filled; always-present fields would only ever show 100 %.
FILLED = {
    "agency": "agency IS NOT NULL", "dateline": "dateline IS NOT NULL", "byline": "byline IS NOT NULL",
    "published_at": "published_at IS NOT NULL", "section": "len(section) > 0", "summary": "summary IS NOT NULL",
    "media": "len(media) > 0", "language": "language IS NOT NULL", "text": "text <> ''",
}  # fmt: skip
GROUPS = ("site", "agency", "day", "language", "kind")
COUNTS = """count(*) AS lines, count(*) FILTER (version = 1) AS stories, count(*) FILTER (version > 1) AS versions,
    count(*) FILTER (version = 1 AND relation <> 'first') AS copies, min(moment) AS oldest, max(moment) AS newest"""


@dataclass(slots=True)
class Group:
    """Lines that share a value: how many, of how many stories, and how often each field of FILLED has a value."""

    value: str | None
    lines: int
    stories: int
    versions: int
    copies: int
    oldest: str | None
    newest: str | None
    filled: dict[str, float]


@dataclass(slots=True)
class Overview:
    """`total`, and the groups by each of GROUPS; `broken` counts invalid lines by file."""

    total: Group
    by: dict[str, list[Group]]
    broken: dict[str, int]
    stories: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def overview(corpus: Corpus, wanted: Filter, limit: int = 0) -> Overview:
    """The overview of the lines that a filter lets through, with the newest of them; the files are read once."""
    return corpus.attempted(lambda: overview_by(corpus.new_cursor(), wanted, limit))


def overview_by(cursor: Any, wanted: Filter, limit: int) -> Overview:
    condition, parameters = wanted.sql()
    flags = ", ".join(f"{test} AS has_{name}" for name, test in FILLED.items())
    listed = ", headline, url" if limit else ""
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE matched AS
        SELECT CASE WHEN {IS_LINE} THEN NULL ELSE file END AS broken, id, version, source.id AS site, agency,
            CAST(CAST({WHEN} AS DATE) AS VARCHAR) AS day, language, kind, cluster.relation AS relation, {WHEN} AS moment, {flags}{listed}
        FROM raw WHERE NOT ({IS_LINE}) OR ({condition})""",
        parameters,
    )
    rates = ", ".join(f"avg(CAST(has_{name} AS INTEGER))" for name in FILLED)
    sets = ", ".join(f"({name})" for name in GROUPS)
    levels = ", ".join(f"grouping({name})" for name in GROUPS)
    rows = cursor.execute(
        f"SELECT {levels}, {', '.join(GROUPS)}, {COUNTS}, {rates} FROM matched WHERE broken IS NULL "
        f"GROUP BY GROUPING SETS ((), {sets})"
    ).fetchall()
    found = Overview(group_of(None, (0, 0, 0, 0, None, None, *[None] * len(FILLED))), {name: [] for name in GROUPS}, {})
    for row in rows:
        add(found, row)
    for name, groups in found.by.items():
        groups.sort(key=lambda group: (group.value or "") if name == "day" else (-group.lines, group.value or ""))
    found.broken = dict(
        cursor.execute("SELECT broken, count(*) FROM matched WHERE broken IS NOT NULL GROUP BY 1 ORDER BY 1").fetchall()
    )
    found.stories = newest(cursor, limit) if limit else []
    cursor.execute("DROP TABLE matched")
    return found


def add(found: Overview, row: tuple[Any, ...]) -> None:
    size = len(GROUPS)
    levels, values, rest = row[:size], row[size : 2 * size], row[2 * size :]
    if all(levels):
        found.total = group_of(None, rest)
        return
    place = levels.index(0)  # grouping() is 0 for the column that a row is grouped by
    found.by[GROUPS[place]].append(group_of(values[place], rest))


def group_of(value: str | None, row: tuple[Any, ...]) -> Group:
    lines, stories, versions, copies, oldest, newest_at, *rates = row
    filled = {name: round(rate or 0.0, 4) for name, rate in zip(FILLED, rates, strict=True)}
    return Group(value, lines, stories, versions, copies, iso(oldest), iso(newest_at), filled)


def iso(moment: Any) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def newest(cursor: Any, limit: int) -> list[dict[str, Any]]:
    names = ("id", "version", "site", "agency", "moment", "relation", "headline", "url")
    rows = cursor.execute(
        f"SELECT {', '.join(names)} FROM matched WHERE broken IS NULL ORDER BY moment DESC, id, version DESC LIMIT ?",
        [limit],
    ).fetchall()
    return [dict(zip(names, row, strict=True)) | {"moment": iso(row[4])} for row in rows]
