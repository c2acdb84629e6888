"""For how many hosts of public page sets `scrapy add` finds selectors that read their pages as the generic reader does.

    python -m benchmarks.selectors --data FOLDER [HOST ...]

The sets hold few pages of one host, often years apart: what is left out here need not be a fault. Prints a line a host.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.page_sets import read_set, sets_in
from newscrawl.sites.model import Site
from newscrawl.tools.scaffold.probe_result import PageRead, ProbeAnswer, page_read
from newscrawl.tools.scaffold.selectors import Selectors, find_selectors

ARCHIVES = frozenset({"web.archive.org"})  # one host with the pages of many
MIN_PAGES = 2


def pages_by_host(folder: Path) -> dict[str, list[PageRead]]:
    """The stories of each host that has two or more, each once."""
    found: dict[str, dict[bytes, PageRead]] = defaultdict(dict)
    now = datetime.now(UTC)
    for name in sets_in(folder):
        for page in read_set(folder, name):
            host = urlsplit(page.url).hostname
            if host and host not in ARCHIVES and page.html not in found[host]:
                read = page_read(ProbeAnswer(page.url, page.url, page.html), now)
                if isinstance(read, PageRead):
                    found[host][page.html] = read
    return {host: list(pages.values()) for host, pages in sorted(found.items()) if len(pages) >= MIN_PAGES}


def verdict(found: Selectors) -> str:
    if found.layout is not None:
        return "agrees"
    return "nearly" if found.best is not None else "none"


def lines(by_host: dict[str, list[PageRead]], counts: Counter[str]) -> Iterator[str]:
    """What came of each host; `counts` gets how many of each verdict."""
    for host, pages in by_host.items():
        found = find_selectors(pages, Site(host, host, "a public set", (host,), "none"))
        counts[verdict(found)] += 1
        detail = found.detail
        if (layout := found.layout) is not None:
            chosen = {name: getattr(layout, name) for name in ("body", "drop", "headline", "byline", "published")}
            detail = " ".join(f"{name}={value!r}" for name, value in chosen.items() if value)
        yield f"{verdict(found)}\t{host}\t{len(pages)}\t{detail}"


def main(args: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with the sets")
    parser.add_argument("hosts", nargs="*", help="only these")
    options = parser.parse_args(args)
    by_host = pages_by_host(options.data)
    wanted = {host: pages for host, pages in by_host.items() if not options.hosts or host in options.hosts}
    counts: Counter[str] = Counter()
    for line in lines(wanted, counts):
        print(line)
    print(f"{len(wanted)} hosts: " + ", ".join(f"{counts[name]} {name}" for name in ("agrees", "nearly", "none")))


if __name__ == "__main__":
    main()
