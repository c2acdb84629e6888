"""Date archives: a list page for each day (or month, or year), whose URL a template names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

PLACEHOLDER = re.compile(r"\{(year|month|day)\}")


def archive_lists(template: str, since: date, until: date) -> Iterator[tuple[str, date | None]]:
    """(URL, day) of the list of each day from `since` to `until`, both included, the oldest first.

    A month or year whose days share one list has it once, without a day. Months and days have two digits.
    """
    has_day = "{day}" in template
    last = None
    day = since
    while day <= until:
        url = filled(template, day)
        if url != last:
            yield url, day if has_day else None
        last = url
        if day == date.max:
            return
        day += timedelta(days=1)


def filled(template: str, day: date) -> str:
    values = {"year": f"{day.year:04}", "month": f"{day.month:02}", "day": f"{day.day:02}"}
    return PLACEHOLDER.sub(lambda found: values[found[1]], template)
