"""The pages of the browser view, each a function of the view and of the query: plain HTML out, no framework in."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from threading import Lock as ThreadLock
from typing import Any

import orjson

from newscrawl.monitoring.report_files import RunReport, read_report_file, report_files
from newscrawl.tools.reports import plots
from newscrawl.tools.reports.tally import FIELDS, NOBODY
from newscrawl.tools.reports.versions import Paragraph, compared, paragraphs_of, steps
from newscrawl.tools.web.archive import NoArchive, archived_page
from newscrawl.tools.web.index import Index
from newscrawl.tools.web.quarantine import held, held_pages, kept_files
from newscrawl.tools.web.render import render, when
from newscrawl.tools.web.search import MAX_SECONDS, asked_of, search
from newscrawl.tools.web.story_view import marked_text, origins_of
from newscrawl.tools.web.words import marks_of

SPANS = (7, 30, 90, 365)
DEFAULT_FIELD = "byline"
NEWEST = 8
SNIPPET = 220  # characters of a story's text in a list
MAX_COPIES = 60
MAX_VERSIONS = 12
MAX_COMPARED = 300  # paragraphs
RUNS_A_PAGE = 50
DRIFT_DAYS = 60
LOOKED_AT = 200  # runs that are looked through for drift
QUARANTINE_SHOWN = 200
MAX_SHOWN_BYTES = 512 * 1024
Query = Mapping[str, str]


class NotThere(Exception):
    """Nothing is at this address; the text says what was looked for."""


class OutputView:
    """One output folder as the pages see it: its index, and rendered pages kept until the index changes."""

    def __init__(self, output: Path, index: Index, archives: tuple[Path, ...] = ()) -> None:
        self.output, self.index, self.archives = output, index, (output, *archives)
        self._kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._lock = ThreadLock()

    def common(self, here: str) -> dict[str, Any]:
        """What every page shows around its content."""
        progress = self.index.progress
        share = f"{100 * progress.done_bytes / max(1, progress.total_bytes):.0f} %" if progress.is_running else ""
        return {"here": here, "folder": str(self.output), "reading": share}

    def kept(self, key: tuple[Any, ...], make: Any) -> Any:
        """What was made for this key since the index last changed, else made now."""
        key = (self.index.generation(), *key)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > 32:
                self._kept.popitem(last=False)
        return made

    def forget(self) -> None:
        """Let go of every page that was kept."""
        with self._lock:
            self._kept.clear()


def front(view: OutputView, query: Query) -> str:
    """The overview: figures, pictures of the last days, the newest stories."""
    asked = query.get("days", "")
    days = int(asked) if asked in map(str, SPANS) else 30
    field = query.get("field", "") if query.get("field", "") in FIELDS else DEFAULT_FIELD
    shown = view.kept(("front", days, field), lambda: overview(view, days, field))
    return render("front.html", **view.common("/"), **shown, days=days, field=field, spans=SPANS)


def overview(view: OutputView, days: int, field: str) -> dict[str, Any]:
    db = view.index.reader()
    newest = db.execute("SELECT * FROM stories ORDER BY number DESC LIMIT ?", (NEWEST,)).fetchall()
    if not newest:
        return {"figures": [], "pictures": {}, "newest": []}
    last = db.execute("SELECT max(day) FROM tally").fetchone()[0]
    tally = view.index.tally(since(last, days), last)
    made = [
        plots.stories_by_day(tally, True),
        plots.latency(tally, True),
        plots.carried(tally, True),
        plots.fill_rates(tally, field, True),
    ]
    return {"figures": figures_of(view), "pictures": {picture.name: picture for picture in made}, "newest": newest}


def since(last: str, days: int) -> str:
    return (date.fromisoformat(last) - timedelta(days=days - 1)).isoformat()


def figures_of(view: OutputView) -> list[tuple[str, str]]:
    db = view.index.reader()
    totals = {
        (what, value): n for what, value, n in db.execute("SELECT what, value, stories FROM totals WHERE stories > 0")
    }
    stories = sum(n for (what, _), n in totals.items() if what == "site")
    agencies = [value for what, value in totals if what == "agency" and value != NOBODY]
    files, lines, refused = db.execute("SELECT count(*), sum(lines), sum(refused) FROM segments").fetchone()
    first, last = db.execute("SELECT min(day), max(day) FROM tally").fetchone()
    shown = [
        ("stories", f"{stories:,}"), ("lines", f"{lines or 0:,}"), ("files", f"{files:,}"),
        ("sites", str(sum(what == "site" for what, _ in totals))), ("agencies", str(len(agencies))),
        ("by no agency", f"{100 * totals.get(('agency', NOBODY), 0) / max(1, stories):.0f} %"),
        ("oldest day", first or ""), ("newest day", last or ""),
    ]  # fmt: skip
    return [*shown, ("lines not read", str(refused))] if refused else shown


def stories(view: OutputView, query: Query) -> str:
    """Search: the stories that match, the facets, a piece of each text."""
    asked = asked_of(dict(query))
    results = search(view.index, asked)
    pattern = marks_of(asked.text)
    snippets = {row["id"]: snippet(view.index.line(row["id"], row["version"]), pattern) for row in results.stories}
    return render(
        "search.html",
        **view.common("/search"),
        asked=asked,
        results=results,
        snippets=snippets,
        max_seconds=f"{MAX_SECONDS:.0f}",
    )


def snippet(line: dict[str, Any] | None, pattern: Any) -> list[tuple[str, bool]]:
    """The text around the first word asked for, else its beginning, in pieces (text, whether it was asked for)."""
    text = (
        " ".join(((line or {}).get("text") or "")[:200_000].split())
        if pattern
        else " ".join(((line or {}).get("text") or "")[:1000].split())
    )
    found = pattern.search(text) if pattern else None
    start = max(0, found.start() - 80) if found else 0
    start = text.find(" ", start) + 1 if start else 0
    piece = text[start : start + SNIPPET]
    before, after = "…" if start else "", "…" if start + SNIPPET < len(text) else ""
    marked: list[tuple[str, bool]] = [(before, False)]
    place = 0
    for hit in pattern.finditer(piece) if pattern else ():
        marked += [(piece[place : hit.start()], False), (hit[0], True)]
        place = hit.end()
    return [(text, can_be_missing) for text, can_be_missing in (*marked, (piece[place:] + after, False)) if text]


def story(view: OutputView, query: Query) -> str:
    """One story: its text with the evidence marked, versions, copies, origins."""
    story_id = query.get("id", "")
    versions = view.index.versions(story_id)
    wanted = query.get("version", "")
    version = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else None
    line = view.index.line(story_id, version)
    if line is None:
        raise NotThere(f"No line has the id {story_id[:200]!r}" + (f" and version {version}." if version else "."))
    copies = copies_of(view, line)
    beside = beside_of(view, line, copies, query.get("beside", ""))
    return render(
        "story.html", **view.common(""), line=line, versions=versions, shown=marked_text(line), steps=steps_of(view, story_id, versions),
        copies=copies, beside=beside, side=side_by_side(line, beside) if beside else [], origins=origins_of(line),
        archived=bool(line["crawl"]["warc"]["file"]), raw=pretty(line),
    )  # fmt: skip


def steps_of(view: OutputView, story_id: str, versions: list[int]) -> list[Any]:
    """The newest versions, each against the one before; [] for a story of one version."""
    if len(versions) < 2:
        return []
    lines = [view.index.line(story_id, version) for version in versions[-MAX_VERSIONS:]]
    return steps([cut(line) for line in lines if line is not None])


def cut(line: dict[str, Any]) -> dict[str, Any]:
    """The line with no more paragraphs than are compared while a reader waits."""
    return {**line, "text": "\n\n".join((line["text"] or "").split("\n\n")[:MAX_COMPARED])}


def copies_of(view: OutputView, line: dict[str, Any]) -> list[Any]:
    """The other stories of the cluster, in order of time."""
    rows = view.index.reader().execute(
        "SELECT * FROM stories WHERE cluster = ? AND id <> ? ORDER BY number LIMIT ?",
        (line["cluster"]["id"], line["id"], MAX_COPIES),
    )
    return rows.fetchall()


def beside_of(view: OutputView, line: dict[str, Any], copies: list[Any], asked: str) -> dict[str, Any] | None:
    """The copy shown beside the story: the one asked for, else the one it was matched with, else the first."""
    ids = [copy["id"] for copy in copies]
    wanted = next((i for i in (asked, line["cluster"]["of"], *ids) if i in ids), None)
    return view.index.line(wanted) if wanted else None


def side_by_side(line: dict[str, Any], beside: dict[str, Any]) -> list[Paragraph]:
    return compared(paragraphs_of(cut(line)), paragraphs_of(cut(beside)))


def pretty(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()[:MAX_SHOWN_BYTES]


def page(view: OutputView, query: Query) -> str:
    """The archived page of a story, as source."""
    version = query.get("version", "")
    line = view.index.line(
        query.get("id", ""), int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None
    )
    if line is None:
        raise NotThere("No line has this id and version.")
    try:
        found = archived_page(view.archives, line["crawl"]["warc"])
    except NoArchive as error:
        raise NotThere(f"{str(error)[:1].upper()}{str(error)[1:]}.") from None
    return render("archived.html", **view.common(""), page=found, story_id=line["id"])


def runs(view: OutputView, query: Query) -> str:
    """The reports, the newest run first."""
    before = query.get("before", "")
    files = [path for path in report_files(view.output / "runs") if not before or path.stem < before]
    shown = [read_report_file(path) for path in files[:RUNS_A_PAGE]]
    older = shown[-1].id if len(files) > RUNS_A_PAGE else ""
    return render("runs.html", **view.common("/runs"), runs=shown, older=older)


def run_named(view: OutputView, query: Query) -> RunReport:
    wanted = query.get("id", "")
    path = next((path for path in report_files(view.output / "runs") if path.stem == wanted), None)
    if path is None:
        raise NotThere(f"No run of the id {wanted[:200]!r} has left a report.")
    return read_report_file(path)


def run(view: OutputView, query: Query) -> str:
    """One run: its figures, failures by reason, sources and counts."""
    found = run_named(view, query)
    failures = found.failures()
    figures = [
        ("site", found.site), ("started", when(found.started_at)), ("seconds", f"{found.elapsed_seconds or 0:.1f}"), ("requests", f"{found.requests:,}"),
        ("bytes", f"{found.response_bytes:,}"), ("new", str(found.new)), ("copies", str(found.copies)), ("updates", str(found.updates)),
        ("failures", str(failures.total())), ("end", found.ended),
    ]  # fmt: skip
    return render(
        "run.html", **view.common("/runs"), run=found, figures=figures, drift=found.drift(), sources=found.sources(),
        failures=plots.reasons("Failures by reason", failures), counts=[[n, str(c)] for n, c in sorted(found.counts.items())], raw=pretty(found.report),
    )  # fmt: skip


def drift(view: OutputView, query: Query) -> str:
    """What moved out of its bounds, by run, and how full the fields are by day."""
    field = query.get("field", "") if query.get("field", "") in FIELDS else DEFAULT_FIELD
    read = [read_report_file(path) for path in report_files(view.output / "runs")[:LOOKED_AT]]
    drifting = [(run, said) for run in read if (said := run.drift())]
    last = view.index.reader().execute("SELECT max(day) FROM tally").fetchone()[0]
    picture = (
        view.kept(
            ("drift", field),
            lambda: plots.fill_rates(
                view.index.tally(since(last, DRIFT_DAYS), last, ("stories", "filled")), field, True
            ),
        )
        if last
        else None
    )
    return render(
        "drift.html", **view.common("/drift"), drifting=drifting, looked_at=len(read), picture=picture, field=field
    )


def quarantine(view: OutputView, _: Query) -> str:
    """The stories that were held back, the newest first."""
    folder = view.output / "quarantine"
    files = kept_files(folder)
    shown = [(file, held(folder / file.name)) for file in files[:QUARANTINE_SHOWN]]
    return render("quarantine.html", **view.common("/quarantine"), kept=shown, total=len(files))


def quarantined(view: OutputView, query: Query) -> str:
    """One story that was held back: why, and its pages as source."""
    folder, wanted = view.output / "quarantine", query.get("file", "")
    if wanted not in {kept.name for kept in kept_files(folder)}:
        raise NotThere(f"No file {wanted[:200]!r} is in quarantine.")
    found = held(folder / wanted)
    return render(
        "quarantined.html",
        **view.common("/quarantine"),
        name=wanted,
        held=found,
        pages=list(held_pages(folder / wanted)),
    )


PAGES = {
    "/": front, "/search": stories, "/story": story, "/page": page, "/runs": runs, "/run": run, "/drift": drift,
    "/quarantine": quarantine, "/quarantined": quarantined,
}  # fmt: skip
