"""Command line of the scrubber: `python -m tools.scrub page.html --url URL -o scrubbed.html`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from newscrawl.sites.registry import site_of
from tools.scrub.check import ScrubResult, scrub_page


def main(args: list[str] | None = None) -> int:
    """Write the scrubbed page. The exit status is 1, and nothing is written, where the check fails."""
    parser = argparse.ArgumentParser(prog="python -m tools.scrub", description="Replace the words of a saved page.")
    parser.add_argument("page", type=Path, help="the page as it was served")
    parser.add_argument("--url", required=True, help="the address of the page")
    parser.add_argument("-o", "--output", type=Path, required=True, help="where to write the scrubbed page")
    parser.add_argument("--force", action="store_true", help="write the page even if the check fails")
    opts = parser.parse_args(args)
    result = scrub_page(opts.page.read_bytes(), opts.url, site_of(opts.url))
    for problem in _problems(result):
        print(f"error: {problem}", file=sys.stderr)
    if not result.is_good and not opts.force:
        return 1
    opts.output.write_bytes(result.html)
    print(f"{result.replaced:,} words replaced, {result.kept:,} kept\nurl: {result.url}")
    return 0


def _problems(result: ScrubResult) -> list[str]:
    problems = [f"the scrubbed page is read differently: {lost}" for lost in result.lost]
    if result.leaked:
        problems.append(f"words of the page remain: {' '.join(result.leaked)}")
    return problems


if __name__ == "__main__":
    sys.exit(main())
