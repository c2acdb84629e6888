"""The table of who credits whom, as text and as one HTML file with a plot: sources down, agencies across.

The file asks no other host for anything and runs no script; every text of a page is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from newscrawl.security.log import escape_controls
from newscrawl.tools.reports.credits import NOBODY, Cell, Ledger

MAX_ROWS, MAX_COLUMNS = 40, 24
TEXT_COLUMNS = 8
STEP, LABEL_WIDTH, LABEL_HEIGHT, RADIUS = 40, 190, 100, 17
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Who credits whom</title>
<style>
:root {{ color-scheme: light dark; --ink: light-dark(#1a1a1a, #eee); --quiet: light-dark(#5c5c5c, #a5a5a5);
  --grid: light-dark(#e4e4e4, #3a3a3a); --whole: light-dark(#2166ac, #6baed6); --part: light-dark(#e08214, #fdb863); }}
body {{ font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1rem; max-width: 80rem; color: var(--ink); }}
h1 {{ font-size: 1.25rem; margin: 0; }} h2 {{ font-size: 1rem; margin: 1.2rem 0 .3rem; }}
p.about {{ color: var(--quiet); margin: .2rem 0 1rem; }}
.plot {{ overflow-x: auto; }}
svg text {{ font: 12px system-ui, sans-serif; fill: var(--ink); }} svg .n {{ font-size: 11px; text-anchor: middle; }}
svg .n.in {{ fill: light-dark(#fff, #111); }}
svg .grid {{ stroke: var(--grid); }} svg .whole {{ fill: var(--whole); }} svg .part {{ fill: var(--part); }}
.key {{ display: inline-block; width: .8em; height: .8em; border-radius: 50%; vertical-align: -.05em; }}
details {{ border-top: 1px solid var(--grid); padding: .25rem 0; }} summary {{ cursor: pointer; }}
li {{ overflow-wrap: anywhere; }} q {{ background: light-dark(#fff3c4, #4d3c00); quotes: none; }} small {{ color: var(--quiet); }}
</style></head><body>
<h1>Who credits whom</h1>
<p class="about">{about}</p>
<p><span class="key" style="background:var(--whole)"></span> the agency wrote the story
<span class="key" style="background:var(--part)"></span> it had a part in it. A circle's area is the number of stories.</p>
<div class="plot">
{plot}
</div>
<h2>Examples behind each number</h2>
{examples}
</body></html>
"""


def credits_page(ledger: Ledger) -> str:
    """The HTML of the plot and of the examples behind it."""
    return PAGE.format(about=escape(about(ledger)), plot=plot(ledger), examples="\n".join(example_lists(ledger)))


def about(ledger: Ledger) -> str:
    stories, credited = sum(ledger.stories.values()), sum(ledger.credited.values())
    said = f"{credited} of {stories} stories credit an agency; {ledger.lines} lines in {ledger.files} files"
    if ledger.refused:
        said += "; not read: " + ", ".join(f"{count} {reason}" for reason, count in ledger.refused.most_common())
    return said


def plot(ledger: Ledger) -> str:
    """A matrix of circles as SVG; the largest sources and agencies where there are more than fit."""
    rows = [source for source in ledger.sources() if ledger.credited[source]][:MAX_ROWS]
    columns = ledger.agencies()[:MAX_COLUMNS]
    most = max((ledger.cells[key].stories for key in ledger.cells if key[1] != NOBODY), default=1)
    width, height = LABEL_WIDTH + STEP * (len(columns) + 2), LABEL_HEIGHT + STEP * len(rows) + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="Stories by source and agency" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
    ]
    parts += column_heads(columns, height)
    for number, source in enumerate(rows):
        y = LABEL_HEIGHT + STEP * number + STEP // 2
        parts.append(f'<line class="grid" x1="{LABEL_WIDTH}" y1="{y}" x2="{width - STEP}" y2="{y}"/>')
        parts.append(f'<text x="{LABEL_WIDTH - 12}" y="{y + 4}" text-anchor="end">{escape(short(source, 26))}</text>')
        for column, agency in enumerate(columns):
            cell = ledger.cells.get((source, agency))
            if cell is not None and cell.stories:
                parts += circle(cell, LABEL_WIDTH + STEP * column + STEP // 2, y, most, f"{source}, {agency}")
    return "\n".join([*parts, "</svg>"])


def column_heads(columns: list[str], height: int) -> Iterator[str]:
    for number, agency in enumerate(columns):
        x = LABEL_WIDTH + STEP * number + STEP // 2
        yield f'<line class="grid" x1="{x}" y1="{LABEL_HEIGHT}" x2="{x}" y2="{height - 10}"/>'
        yield f'<text transform="translate({x + 4},{LABEL_HEIGHT - 8}) rotate(-45)">{escape(short(agency, 18))}</text>'


def circle(cell: Cell, x: int, y: int, most: int, label: str) -> Iterator[str]:
    """A cell: its area by the number of stories, the share that the agency only had a part in on top."""
    radius = max(3.0, RADIUS * (cell.stories / most) ** 0.5)
    example = cell.examples[0] if cell.examples else None
    proof = f" “{example.text}” ({example.kind})" if example else ""
    title = f"{label}: {cell.stories} stories, {cell.originator} its own, {cell.contributor} in part.{proof}"
    kind = "whole" if cell.originator >= cell.contributor else "part"
    yield f'<g><title>{escape(title)}</title><circle class="{kind}" cx="{x}" cy="{y}" r="{radius:.1f}"/>'
    if cell.originator and cell.contributor:
        inner, smaller = ("part", cell.contributor) if kind == "whole" else ("whole", cell.originator)
        yield f'<circle class="{inner}" cx="{x}" cy="{y}" r="{radius * (smaller / cell.stories) ** 0.5:.1f}"/>'
    inside = radius > 11 and not (cell.originator and cell.contributor)
    place = f'class="n in" x="{x}" y="{y + 4}"' if inside else f'class="n" x="{x + radius + 7:.1f}" y="{y - 5}"'
    yield f"<text {place}>{cell.stories}</text></g>"


def example_lists(ledger: Ledger) -> Iterator[str]:
    """Each cell of the sources that credit anybody, with its examples, the largest first."""
    for (source, agency), cell in sorted(ledger.cells.items(), key=lambda item: (-item[1].stories, item[0])):
        if not cell.stories or not ledger.credited[source]:
            continue
        who = ledger.names.get(agency, "no agency" if agency == NOBODY else agency)
        head = f"{source}: {who}, {cell.stories} stories"
        if cell.from_copies:
            head += f", {cell.from_copies} of them known from a copy"
        items = "\n".join(
            f"<li>{link(example.url, example.headline or example.id)}"
            + (f" <q>{escape(example.text)}</q> <small>{escape(example.kind)}</small>" if example.text else "")
            + "</li>"
            for example in cell.examples
        )
        yield f"<details><summary>{escape(head)}</summary><ul>\n{items}\n</ul></details>"


def link(url: str, text: str) -> str:
    if url.startswith(("http://", "https://")):
        return f'<a rel="noreferrer noopener" href="{escape(url)}">{escape(text)}</a>'
    return escape(text)


def table(ledger: Ledger, examples: int) -> Iterator[str]:
    """The table as lines of text: a row a source, then the examples behind each number."""
    columns = ledger.agencies()[:TEXT_COLUMNS]
    yield about(ledger)
    yield ""
    yield row("source", ["stories", *columns, "others", NOBODY])
    silent = [source for source in ledger.sources() if not ledger.credited[source]]
    for source in ledger.sources():
        if not ledger.credited[source]:
            continue
        counts = [count_of(ledger, source, agency) for agency in columns]
        others = sum(
            cell.stories
            for (s, agency), cell in ledger.cells.items()
            if s == source and agency not in (*columns, NOBODY)
        )
        yield row(source, [ledger.stories[source], *counts, others, count_of(ledger, source, NOBODY)])
    if silent:
        stories = sum(ledger.stories[source] for source in silent)
        yield f"{len(silent)} sources credit nobody ({stories} stories)"
    if examples:
        yield ""
        yield from text_examples(ledger, examples)


def text_examples(ledger: Ledger, examples: int) -> Iterator[str]:
    for (source, agency), cell in sorted(ledger.cells.items(), key=lambda item: (-item[1].stories, item[0])):
        if agency == NOBODY or not cell.stories:
            continue
        yield escape_controls(f"{source} <- {agency} ({cell.stories})")
        for example in cell.examples[:examples]:
            yield escape_controls(f"    {example.kind}: {example.text!r} in {example.url}")


def count_of(ledger: Ledger, source: str, agency: str) -> int:
    cell = ledger.cells.get((source, agency))
    return cell.stories if cell else 0


def row(name: str, values: list[int | str]) -> str:
    cells = "".join(f"{short(str(value or '·'), 10):>11}" for value in values)
    return escape_controls(f"{short(name, 28):28}{cells}")


def short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
