"""Overviews and stories as tables on a terminal; text of pages cannot steer it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from newscrawl.security.log import escape_controls
from newscrawl.text.command_line import command_line
from newscrawl.tools.query import Corpus, broken_lines
from newscrawl.tools.query.find import FoundStory
from newscrawl.tools.reports.console import made_console
from newscrawl.tools.reports.overview import FILLED, Group, Overview
from newscrawl.tools.reports.story_view import MARKS, attributions, copy_rows, facts, media_rows, parts, version_rows

MAX_GROUPS, MAX_DAYS, MAX_NAMED = 25, 14, 10  # rows of a table, days of the calendar, broken lines named
SHORT = {"published_at": "dated", "language": "lang"}
TITLES = {"site": "By site", "agency": "By agency", "language": "By language", "kind": "By kind", "day": "By day"}


def print_overview(corpus: Corpus, found: Overview) -> None:
    console = made_console()
    total = found.total
    console.print(Text(
        f"{corpus.path}: {total.lines} lines in {len(corpus.segments)} files; {total.stories} stories, "
        f"{total.copies} of them copies, {total.versions} later versions"
    ))  # fmt: skip
    if total.lines:
        console.print(f"oldest {total.oldest}, newest {total.newest}")
    for name in TITLES:
        groups = found.by[name]
        if total.lines:
            console.print()
            console.print(group_table(TITLES[name], groups[-MAX_DAYS:] if name == "day" else groups[:MAX_GROUPS]))
            left = len(groups) - (MAX_DAYS if name == "day" else MAX_GROUPS)
            if left > 0:
                console.print(f"  and {left} {'earlier days' if name == 'day' else 'more'}; --json shows all")
    if total.lines:
        console.print()
        console.print(fill_table(found))
    print_stories(console, found)
    print_broken(console, corpus, found)


def table(title: str, columns: Sequence[str], left: int = 1) -> Table:
    made = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 2, 0, 0))
    for place, column in enumerate(columns):
        # An id is there to be copied: it is never broken.
        made.add_column(column, justify="left" if place < left else "right", overflow="fold", no_wrap=column == "id")
    return made


def group_table(title: str, groups: Iterable[Group]) -> Table:
    made = table(title, ("", "stories", "copies", "versions", "newest"))
    for group in groups:
        counts = map(str, (group.stories, group.copies, group.versions))
        made.add_row(Text(escape_controls(group.value or "none")), *counts, group.newest or "")
    return made


def fill_table(found: Overview) -> Table:
    made = table("How full the fields are, by site, in per cent", ("", *(SHORT.get(name, name) for name in FILLED)))
    made.padding = (0, 1, 0, 0)
    for group in found.by["site"][:MAX_GROUPS]:
        rates = (f"{100 * rate:.0f}" for rate in group.filled.values())
        made.add_row(Text(escape_controls(group.value or "none")), *rates)
    return made


def print_stories(console: Console, found: Overview) -> None:
    if not found.stories:
        return
    made = table("The newest", ("time", "agency", "headline", "id"), left=4)
    for story in found.stories:
        mark = "" if story["version"] == 1 else f" v{story['version']}"
        headline = f"{story['headline'] or ''}{mark}" + (
            "" if story["relation"] == "first" else f" ({story['relation']})"
        )
        made.add_row(
            *(Text(escape_controls(cell or "")) for cell in (story["moment"], story["agency"], headline, story["id"]))
        )
    console.print()
    console.print(made)


def print_broken(console: Console, corpus: Corpus, found: Overview) -> None:
    """Name invalid lines; an open file's torn end is being written and is not named."""
    named = 0
    for segment in corpus.segments:
        if segment.path not in found.broken:
            continue
        for broken in broken_lines(segment):
            if named == MAX_NAMED:
                console.print(f"  and more; `{command_line(f'validate {corpus.path}')}` names all", markup=False)
                return
            if named == 0:
                console.print("\nInvalid lines:", style="bold")
            console.print(Text(escape_controls(f"  {broken.file}:{broken.line}: {broken.reason}")))
            named += 1


def print_story(found: FoundStory) -> None:
    console = made_console()
    line = found.versions[-1]
    console.print(Text(escape_controls(line["headline"] or "(no headline)"), style="bold"))
    if line["subheadline"]:
        console.print(Text(escape_controls(line["subheadline"])))
    console.print()
    console.print(marked_text(console, parts(line)))
    for title, rows in (
        ("Who wrote it", attributions(line)), ("What is known", facts(line)), ("Media", media_rows(line)),
        ("Versions", version_rows(found.versions) if len(found.versions) > 1 else ()),
    ):  # fmt: skip
        print_rows(console, title, [row for row in rows if row[1]])
    copies = table("Carried by", ("source", "relation", "delay", "alike", "id", "headline"), left=6)
    for row in copy_rows(line, found.others):
        copies.add_row(*(Text(escape_controls(cell)) for cell in row))
    if found.others:
        console.print()
        console.print(copies)


def marked_text(console: Console, pieces: Iterable[tuple[str, bool]]) -> Text:
    """The text with its evidence underlined, or between marks where nothing can be underlined."""
    text = Text()
    for piece, is_evidence in pieces:
        shown = "\n".join(map(escape_controls, piece.split("\n")))
        if is_evidence and not console.is_terminal:
            shown = shown.join(MARKS)
        text.append(shown, "bold underline" if is_evidence else "")
    return text


def print_rows(console: Console, title: str, rows: Sequence[tuple[str, str]]) -> None:
    if not rows:
        return
    made = table(title, ("", ""), left=2)
    made.show_header = False
    for name, value in rows:
        made.add_row(Text(escape_controls(name), style="dim"), Text(escape_controls(value)))
    console.print()
    console.print(made)
