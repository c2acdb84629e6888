"""Who wrote it: precision, recall and exact set over pages labelled by hand, and every page that is not right.

    python -m benchmarks.attribution --data FOLDER [--confusion]
    python -m benchmarks.attribution --data FOLDER --cost

FOLDER holds truth.jsonl (a line a page: id, file, url, lang, role, attribution = the ids of the agencies that wrote or
contributed) and pages/ (gzipped HTML as served). Figures are of agencies over all pages, `exact` is the share of pages
with exactly the right set; by role of the page, by language, and by the kind of signal that counted most. --cost
compares the CPU time of the attribution with one lxml.html parse of the same bytes; any folder of pages will do.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newscrawl.attribution.attribute import CONFIDENCE
from newscrawl.extraction import document
from newscrawl.extraction import story as reading
from newscrawl.items import Attribution

UNKNOWN_URL = "https://unknown.example/page"
ROLE_OF_PAGE = {"sole": "originator", "contributing": "contributor"}


@dataclass(frozen=True, slots=True)
class Page:
    """A page with what is true and what was said."""

    id: str
    language: str
    role: str
    true: frozenset[str]
    said: tuple[Attribution, ...]

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(entry.id for entry in self.said)

    @property
    def kinds(self) -> dict[str, str]:
        """agency -> the kind of signal that counted most."""
        return {entry.id: entry.evidence[0].kind for entry in self.said}


def labelled(data: Path) -> Iterator[tuple[dict[str, Any], bytes]]:
    for line in (data / "truth.jsonl").read_text("utf-8").split("\n"):
        if line:
            truth = json.loads(line)
            yield truth, gzip.decompress((data / "pages" / truth["file"]).read_bytes())


def read_pages(data: Path) -> Iterator[Page]:
    for truth, html in labelled(data):
        url = truth["url"] if (truth["url"] or "").startswith("http") else UNKNOWN_URL
        story = reading.read_page(html, url, None)
        language = (truth["lang"] or "?").split("-")[0]
        yield Page(
            truth["id"], language, truth["role"], frozenset(truth["attribution"]), tuple(story.attribution or ())
        )


def figures(pages: Sequence[Page]) -> str:
    right = sum(len(page.true & page.ids) for page in pages)
    wrong = sum(len(page.ids - page.true) for page in pages)
    missed = sum(len(page.true - page.ids) for page in pages)
    exact = sum(page.ids == page.true for page in pages)
    precision = f"{right / (right + wrong):.3f}" if right + wrong else "  -  "
    recall = f"{right / (right + missed):.3f}" if right + missed else "  -  "
    return f"{len(pages):5} {right:5} {wrong:5} {missed:6}  {precision:>9}  {recall:>6}  {exact / len(pages):.3f}"


def by(name: str, pages: Sequence[Page], key: Callable[[Page], str]) -> Iterator[str]:
    groups: dict[str, list[Page]] = {}
    for page in pages:
        groups.setdefault(key(page), []).append(page)
    yield f"\n{name:17} pages right wrong missed  precision  recall  exact"
    for group, members in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        yield f"{group:17} {figures(members)}"


def by_kind(pages: Iterable[Page]) -> Iterator[str]:
    """Right and wrong agencies by the rule that won."""
    counts = {kind: [0, 0] for kind in CONFIDENCE}
    for page in pages:
        for agency, kind in page.kinds.items():
            counts[kind][agency not in page.true] += 1
    yield f"\n{'signal':17} right wrong"
    for kind, (right, wrong) in sorted(counts.items(), key=lambda item: -sum(item[1])):
        if right or wrong:
            yield f"{kind:17} {right:5} {wrong:5}"


def roles(pages: Iterable[Page]) -> str:
    """How often the role of an agency is that of its page: a page has one label, so mixed ones cannot all be right."""
    judged = [
        entry.role == ROLE_OF_PAGE[page.role]
        for page in pages
        for entry in page.said
        if page.role in ROLE_OF_PAGE and entry.id in page.true
    ]
    return f"\nrole as labelled: {sum(judged)} of {len(judged)}"


def confusion(pages: Iterable[Page]) -> Iterator[str]:
    """Every page that is not right: what was said, what is true, and the strings that misled."""
    yield "\npages that are not right"
    for page in pages:
        if page.ids != page.true:
            proof = "; ".join(
                f"{entry.id} {evidence.kind}: {evidence.text[:100]!r}"
                for entry in page.said
                for evidence in entry.evidence
            )
            yield f"{page.id} ({page.role}, {page.language}) said {sorted(page.ids)} true {sorted(page.true)} {proof}"


TIMED = (
    (reading, "load_attribution"), (reading, "load_dateline"), (document, "byline_region"), (document, "lone_lines"),
    (document, "tail_region"), (document, "without_glued_captions"),
)  # fmt: skip


def cost(data: Path) -> str:
    """CPU time of everything that only attribution needs, in lxml.html parses of the same pages."""
    import lxml.html

    spent = [0.0]

    def timed(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            started = time.process_time()
            try:
                return function(*args, **named)
            finally:
                spent[0] += time.process_time() - started

        return call

    pages = list(labelled(data))
    for truth, html in pages[:20]:
        reading.read_page(html, truth["url"] or UNKNOWN_URL, None)
    originals = [(module, name, getattr(module, name)) for module, name in TIMED]
    for module, name, function in originals:
        setattr(module, name, timed(function))
    parse = 0.0
    for truth, html in pages:
        started = time.process_time()
        lxml.html.fromstring(html if html.strip() else b"<p>")
        parse += time.process_time() - started
        reading.read_page(html, truth["url"] if (truth["url"] or "").startswith("http") else UNKNOWN_URL, None)
    for module, name, function in originals:
        setattr(module, name, function)
    return f"cost: {spent[0] / parse:.2f} lxml.html parses ({1000 * spent[0] / len(pages):.2f} ms a page)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--confusion", action="store_true", help="only the pages that are not right")
    parser.add_argument("--cost", action="store_true", help="only what it costs")
    args = parser.parse_args()
    if args.cost:
        print(cost(args.data))
        return
    pages = list(read_pages(args.data))
    if not args.confusion:
        print(f"{'':17} pages right wrong missed  precision  recall  exact\n{'all':17} {figures(pages)}")
        for lines in (by("role", pages, lambda page: page.role), by("language", pages, lambda page: page.language)):
            print("\n".join(lines))
        print("\n".join(by_kind(pages)) + "\n" + roles(pages))
    print("\n".join(confusion(pages)))


if __name__ == "__main__":
    main()
