"""In how many real pages scrubbing keeps what is read, and leaves no word: `python -m benchmarks.scrub FOLDER [SET ...]`.

FOLDER holds page sets as `benchmarks.page_sets` lays them out. Nothing of a page is written anywhere.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from benchmarks.page_sets import Page, read_set, sets_in
from newscrawl.sites.registry import site_of
from tools.scrub.check import ScrubResult, scrub_page

NO_URL = "https://unknown.example/news/page"  # of a page whose address the set does not know


def scrubbed(page: Page) -> ScrubResult:
    """A page with invented words, by the rules of its site."""
    url = page.url if page.url.startswith("http") else NO_URL
    return scrub_page(page.html, url, site_of(url))


def measure(pages: list[Page]) -> str:
    """A set's row: pages, how many are read as before, in how many no word is left, words, seconds a page."""
    started = time.process_time()
    found = []
    for page in pages:
        result = scrubbed(page)
        found.append(result)
        for trouble in [*result.lost, *([f"left: {' '.join(result.leaked[:10])}"] if result.leaked else [])]:
            print(f"{page.id}: {trouble[:200]}", file=sys.stderr)
    read = sum(not result.lost for result in found)
    clean = sum(not result.leaked for result in found)
    replaced, kept = (sum(getattr(result, name) for result in found) for name in ("replaced", "kept"))
    seconds = (time.process_time() - started) / len(pages)
    return f"| {len(pages)} | {read} | {clean} | {replaced:,} | {kept:,} | {seconds:.2f} |"


def main(args: list[str]) -> None:
    folder = Path(args[0])
    print(
        "| set | pages | read as before | no word left | words replaced | kept | CPU seconds a page |\n|---|---|---|---|---|---|---|"
    )
    for name in args[1:] or sets_in(folder):
        print(f"| {name} {measure(read_set(folder, name))}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
