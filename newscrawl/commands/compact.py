"""`newscrawl compact`: the files of closed days, one a day."""

from __future__ import annotations

import argparse
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands._base import NewscrawlCommand, output_folder
from newscrawl.monitoring.exit_codes import ExitCode


class Command(NewscrawlCommand, ScrapyCommand):
    def syntax(self) -> str:
        return "[site ...]"

    def short_desc(self) -> str:
        return "Merge the files of each closed day into one; no line changes"

    def long_desc(self) -> str:
        return (
            "For each site (or those that are named) and each UTC day before today, the files of that day become one. "
            "It may be killed at any instant: the next run finishes it. A site that is being crawled is left out (exit code 75)."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object a day")

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.storage.site_lock import sites_of

        folder = output_folder(self.settings)
        there = sites_of(folder)
        unknown = [site for site in args if site not in there]
        if unknown:
            raise UsageError(
                f"{folder / 'stories'}: no stories of {unknown[0]!r}; there are {', '.join(there) or 'none'}",
                print_help=False,
            )
        codes = [compact(folder, site, opts.json) for site in args or there]
        return max(codes, default=ExitCode.GOOD)


def compact(folder: Path, site: str, as_json: bool) -> ExitCode:
    """Merge one site's days and say so; LOCKED where it is being crawled."""
    import sys
    from dataclasses import asdict

    import orjson

    from newscrawl.storage.compact import compact_site
    from newscrawl.storage.lock import LockHeld
    from newscrawl.storage.site_lock import locked_site

    try:
        with locked_site(folder, site, "compact") as state:
            for done in compact_site(folder, state, site):
                if as_json:
                    print(orjson.dumps(asdict(done)).decode())
                else:
                    print(
                        f"{site} {done.day}: {done.files} files -> 1, {done.lines} lines, {done.size_bytes} bytes",
                        flush=True,
                    )
    except LockHeld as error:
        print(f"{site}: left out: {error}", file=sys.stderr)
        return ExitCode.LOCKED
    return ExitCode.GOOD
