"""The pictures of the browser view and of the report, as SVG by pygal: drawn here once, shown by both.

pygal's own style sheet, script and tooltips are left out: what remains is plain marks with classes, so that one style
sheet of ours colours them in light and dark, a strict Content-Security-Policy shows them, and a mail program too.
Each mark says what it means in a <title>; beside each picture is its table.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from newscrawl.tools.reports.tally import FIELDS, LATENCIES, NOBODY, DailyCounts, ranked

MAX_SERIES = 7  # colours that can be distinguished; the others are one
MAX_SITES = 14
MAX_COLUMNS = 14
MAX_LABEL = 18  # characters
WIDTH = 560  # of every picture: one size that a phone and half of a desktop can show
LABEL_ROOM = 16  # size of the letters that room is left for; the style sheet sets them smaller, on a phone as large
OTHERS = "others"
NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
HREF = "{http://www.w3.org/1999/xlink}href"


@dataclass(slots=True)
class Picture:
    """One picture: its SVG and the same numbers as a table."""

    name: str
    title: str
    svg: str
    head: list[str]
    rows: list[list[str]] = field(default_factory=list)
    about: str = ""
    legend: list[str] = field(default_factory=list)  # of the series, in the order of their colours


def stories_by_day(tally: DailyCounts, links: bool) -> Picture:
    """Bars: a day each, stacked by agency."""
    days = tally.days()
    named = [NOBODY, *tally.agencies()[: MAX_SERIES - 1]]
    counts = tally.by("agency", 0, 3)
    series = {agency: [counts[day, agency] for day in days] for agency in named}
    rest = [sum(n for (d, a), n in counts.items() if d == day and a not in series) for day in days]
    if any(rest):
        series[OTHERS] = rest
    import pygal

    chart = pygal.StackedBar(**look(width=WIDTH, height=300))
    label_days(chart, days)
    chart.y_labels = whole_ticks(max((sum(column) for column in zip(*series.values(), strict=True)), default=1))
    for agency, values in series.items():
        asked = {"agency": agency} if agency != OTHERS else {}
        chart.add(
            short(words_for(agency)),
            [
                mark(n, f"{day}, {words_for(agency)}: {n}", links and {**asked, "day": day})
                for day, n in zip(days, values, strict=True)
            ],
        )
    rows = [[day, *(str(values[n]) for values in series.values())] for n, day in enumerate(days)]
    return Picture(
        "days",
        "Stories by day and agency",
        svg(chart),
        ["day", *map(words_for, series)],
        rows[::-1],
        legend=[*map(words_for, series)],
    )


def latency(tally: DailyCounts, links: bool) -> Picture:
    """Bars: a site each, its stories by how long after publication they were seen, in per cent."""
    import pygal

    sites = tally.sites()[:MAX_SITES]
    counts = tally.by("latency", 1, 3)
    dated = {site: sum(counts[site, name] for name in LATENCIES[:-1]) for site in sites}
    sites = [site for site in sites if dated[site]]
    chart = pygal.HorizontalStackedBar(**look(width=WIDTH, height=90 + 26 * len(sites)), range=(0, 100))
    chart.x_labels = [short(site) for site in reversed(sites)]
    for name in LATENCIES[:-1]:
        said = f"under {name}" if name != LATENCIES[-2] else "later"
        chart.add(
            said,
            [
                mark(
                    100 * counts[site, name] / dated[site],
                    f"{site}, {said}: {counts[site, name]} of {dated[site]}",
                    links and {"site": site},
                )
                for site in reversed(sites)
            ],
        )
    head = ["site", *(f"under {name}" for name in LATENCIES[:-2]), "later", "no time stated"]
    rows = [[site, *(str(counts[site, name]) for name in LATENCIES)] for site in sites]
    about = "Share of each site's stories by the time from published to seen."
    return Picture("latency", "From published to seen", svg(chart), head, rows, about, head[1:-1])


def carried(tally: DailyCounts, links: bool) -> Picture:
    """Dots: sites down, agencies across, their area the number of stories."""
    import pygal

    counts = tally.by("agency", 1, 3)
    agencies = tally.agencies()[:MAX_COLUMNS]
    sites = [s for s in tally.sites() if any(counts[s, agency] for agency in agencies)][:MAX_SITES]
    chart = pygal.Dot(**look(width=WIDTH, height=90 + 34 * len(sites), x_label_rotation=-30))
    chart.x_labels = [short(agency) for agency in agencies]
    for site in sites:
        values = [counts[site, agency] for agency in agencies]
        chart.add(
            short(site),
            [
                mark(n**0.5 or None, f"{site}, {a}: {n}", links and {"site": site, "agency": a})
                for a, n in zip(agencies, values, strict=True)
            ],
        )
    rows = [[site, *(str(counts[site, agency]) for agency in (*agencies, NOBODY))] for site in sites]
    about = "Stories of each site by the agency that wrote them; a dot's area is their number."
    return Picture(
        "carried", "Who carries whom", svg(chart, numbers=True), ["site", *agencies, words_for(NOBODY)], rows, about
    )


def fill_rates(tally: DailyCounts, name: str, links: bool) -> Picture:
    """Lines: a site each, the share of its stories that have the field, by day."""
    import pygal

    days, sites = tally.days(), tally.sites()[: MAX_SERIES + 1]
    filled: Counter[tuple[str, ...]] = Counter()
    for (day, site, what, value), count in tally.counts.items():
        if what == "filled" and value == name:
            filled[day, site] += count
    stories = tally.by("stories", 0, 1)
    chart = pygal.Line(**look(width=WIDTH, height=300), range=(0, 100), dots_size=2.5)
    label_days(chart, days)
    for site in sites:
        chart.add(
            short(site),
            [
                mark(
                    100 * filled[day, site] / stories[day, site] if stories[day, site] else None,
                    f"{site}, {day}: {filled[day, site]} of {stories[day, site]}",
                    links and {"site": site, "day": day},
                )
                for day in days
            ],
        )
    return Picture(
        "filled", f"Filled by site: {name}", svg(chart), *fill_table(tally), "Per cent of a day's stories.", sites
    )


def fill_table(tally: DailyCounts) -> tuple[list[str], list[list[str]]]:
    """Head and rows: a site each, the share of its stories that have each field."""
    filled, stories = tally.by("filled", 1, 3), tally.by("stories", 1)
    rows = [
        [site, *(f"{100 * filled[site, name] / stories[site,]:.0f} %" for name in FIELDS)] for site in tally.sites()
    ]
    return ["site", *FIELDS], rows


def reasons(title: str, counts: Counter[str]) -> Picture:
    """Bars: a reason each, the most frequent first."""
    import pygal

    largest = ranked(((name,), count) for name, count in counts.items())[:MAX_SITES]
    chart = pygal.HorizontalBar(**look(width=WIDTH, height=60 + 24 * len(largest)))
    chart.x_labels = [short(name, 40) for (name,), _ in reversed(largest)]
    chart.y_labels = whole_ticks(max(counts.values(), default=1))
    chart.add(title, [mark(count, f"{name}: {count}", None) for (name,), count in reversed(largest)])
    return Picture("reasons", title, svg(chart), ["reason", "count"], [[name, str(n)] for (name,), n in largest])


# --- drawing


def look(**options: Any) -> dict[str, Any]:
    """How all pictures look to pygal; colours come from the style sheet."""
    from pygal.style import Style

    common = {
        "js": [], "disable_xml_declaration": True, "no_prefix": True, "show_legend": False, "min_scale": 2, "max_scale": 6, "show_y_guides": True, "show_x_guides": False, "print_values": False, "margin": 6, "margin_right": 24,
        "truncate_label": 40, "no_data_text": "nothing to show yet", "spacing": 8,
        "value_formatter": lambda value: f"{value:,.0f}", "style": Style(label_font_size=LABEL_ROOM, major_label_font_size=LABEL_ROOM),
    }  # fmt: skip
    return common | options


def whole_ticks(most: int) -> list[int]:
    """Up to seven round numbers from 0 on that go beyond `most`: a count has no halves."""
    step = 1
    while most / step > 6:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return [step * number for number in range(-(-most // step) + 1)]


def label_days(chart: Any, days: Sequence[str]) -> None:
    """Month and day below some of the days: as many as fit."""
    chart.x_labels = [day[5:] for day in days]
    step = max(1, -(-len(days) // 8))
    chart.x_labels_major = [day[5:] for day in days[::step]]
    chart.show_minor_x_labels = False


def mark(value: float | None, label: str, asked: Any) -> dict[str, Any] | None:
    """A value with what is said of it, and the search it leads to where there is one."""
    if not value:
        return None if value is None else {"value": value}
    found: dict[str, Any] = {"value": value, "label": plain(label)}
    if asked:
        found["xlink"] = {"href": "/search?" + urlencode(asked)}
    return found


def words_for(agency: str) -> str:
    return "no agency" if agency == NOBODY else agency


def short(text: str, most: int = MAX_LABEL) -> str:
    return plain(text if len(text) <= most else text[: most - 1] + "…")


def plain(text: str) -> str:
    """The text without what XML cannot hold: names come from files that anybody may have written."""
    return NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def svg(chart: Any, numbers: bool = False) -> str:
    """The picture as SVG for the inside of a page: marks, their titles and the labels only."""
    from lxml import etree

    root = chart.render_tree()
    for element in list(root.iter()):
        clean(element)
    for dot in list(root.iter("circle")) if numbers else ():
        put_number_beside(dot)
    root.attrib.pop("id", None)
    root.set("aria-hidden", "true")  # the table beside it is what a screen reader reads
    etree.cleanup_namespaces(root, keep_ns_prefixes=[])
    return str(etree.tostring(root, encoding="unicode", with_tail=False))


def clean(element: Any) -> None:
    """Take out what is pygal's own, and make of a mark's description its title."""
    parent = element.getparent()
    name = element.tag if isinstance(element.tag, str) else ""
    classes = (element.get("class") or "").split()
    element.attrib.pop("id", None)
    if not name or name in ("defs", "title", "script", "style") or {"text-overlay", "tooltip-overlay"} & set(classes):
        if parent is not None:
            parent.remove(element)
    elif name == "desc":
        if "label" in classes:
            title = parent.makeelement("title")
            title.text = element.text
            parent.insert(0, title)
        parent.remove(element)
    elif name == "a":
        element.set("href", element.attrib.pop(HREF, ""))
        element.attrib.pop("target", None)
        element.set("tabindex", "-1")  # the search page leads to the same


def put_number_beside(dot: Any) -> None:
    """Beside a dot the number that its title ends with: areas are hard to compare."""
    title = dot.getparent().find("title")
    if title is not None:
        number = dot.makeelement(
            "text", x=f"{float(dot.get('cx')) + float(dot.get('r')) + 4:.1f}", y=f"{float(dot.get('cy')) + 4:.1f}"
        )
        number.text = f"{int(title.text.rpartition(' ')[2]):,}"
        dot.addnext(number)
