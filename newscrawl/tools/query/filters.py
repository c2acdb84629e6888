"""Which lines are meant: one set of conditions, as SQL over the view `lines` and as a test of a single record."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

NONE = "none"  # as an agency or language: lines that have none
WHEN = "coalesce(published_at, CAST(published_date AS TIMESTAMP), crawl.fetched_at)"
COLUMNS = {"agency": "agency", "site": "source.id", "language": "language", "kind": "kind"}


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions that must all hold; of the values of one of them any. Empty: every line.

    Times are UTC; a line's is that of publication, else its day, else when it was fetched. `until` is exclusive.
    """

    agency: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    text: str | None = None

    def is_empty(self) -> bool:
        return not any(getattr(self, entry.name) for entry in fields(self))

    def sql(self) -> tuple[str, list[Any]]:
        """(condition, its parameters) for a query over `lines`."""
        conditions: list[str] = ["true"]
        parameters: list[Any] = []
        for name, column in COLUMNS.items():
            wanted = getattr(self, name)
            if wanted:
                conditions.append(f"list_contains(?::VARCHAR[], coalesce({column}, '{NONE}'))")
                parameters.append(list(wanted))
        for bound, sign in ((self.since, ">="), (self.until, "<")):
            if bound is not None:
                conditions.append(f"{WHEN} {sign} ?::TIMESTAMP")
                parameters.append(bound.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"))
        if self.text:
            conditions.append("(contains(lower(headline), lower(?)) OR contains(lower(text), lower(?)))")
            parameters += [self.text, self.text]
        return " AND ".join(conditions), parameters

    def accepts(self, record: dict[str, Any]) -> bool:
        """The same for one record as it is in a line."""
        values = {"agency": record["agency"], "site": record["source"]["id"], "language": record["language"], "kind": record["kind"]}  # fmt: skip
        if any(getattr(self, name) and (value or NONE) not in getattr(self, name) for name, value in values.items()):
            return False
        if self.since is not None or self.until is not None:
            at = when(record)
            is_early = self.since is not None and at < stamp(self.since)
            is_late = self.until is not None and at >= stamp(self.until)
            if not at or is_early or is_late:
                return False
        return not self.text or any(self.text.lower() in (record[name] or "").lower() for name in ("headline", "text"))


def when(record: dict[str, Any]) -> str:
    """The time of a record as a line spells it, so that it compares as text; empty if it has none."""
    if record["published_at"]:
        return str(record["published_at"])
    return f"{record['published_date']}T00:00:00Z" if record["published_date"] else record["crawl"]["fetched_at"] or ""


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_of(text: str, *, is_end: bool = False) -> datetime:
    """A day or a time of ISO 8601, UTC where it names no offset; of a day that ends a span the day after it.

    ValueError says what is expected.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a day or time; write 2026-11-23 or 2026-11-23T09:30:00+09:00") from None
    if is_end and len(text) <= len("2026-11-23"):
        found += timedelta(days=1)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
