"""`newscrawl capture <url or file...>`: save a page with the story that is expected of it; `--check` reads all of them again."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.http import Response

from newscrawl.commands._base import NewscrawlCommand, confirmed, is_web, print_pairs, print_table, saved_page
from newscrawl.monitoring.exit_codes import ExitCode
from newscrawl.security.log import escape_controls
from newscrawl.security.url import split
from newscrawl.text.command_line import command_line

if TYPE_CHECKING:
    from newscrawl.tools.scaffold.capture import Capture, Checked, PageFetch

CHECK_COLUMNS = ("page", "verdict", "what")


class Command(NewscrawlCommand, ScrapyCommand):
    def syntax(self) -> str:
        return "<url or file...>"

    def short_desc(self) -> str:
        return "Save a page with the story expected of it; --check reads all saved pages again"

    def long_desc(self) -> str:
        return (
            "Fetches pages politely, or takes saved ones, reads each by its site's rules, shows what it would write and writes "
            "on yes: the page and the story expected of it, into saved_pages/ in the folder of site files, and a test there. "
            "--check [site or page...] reads the saved pages again "
            "and says which field differs; --accept expects what is read now."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--url", help="the address of one saved file (default: what it states of itself)")
        parser.add_argument("--site", help="the site whose rules read it (default: the one that has its host)")
        parser.add_argument("--name", help="the name to save one page under (default: its day and the end of its URL)")
        parser.add_argument("--captured", metavar="DAY", help="when a file was captured (default: the file's time)")
        parser.add_argument("--folder", metavar="DIR", help="where saved pages lie (default: saved_pages/ in the folder of site files)")  # fmt: skip
        parser.add_argument("--yes", action="store_true", help="write without asking")
        parser.add_argument("--force", action="store_true", help="write what would be refused: over a page, without a story")  # fmt: skip
        parser.add_argument("--check", action="store_true", help="read the saved pages again, of these sites or all")
        parser.add_argument("--accept", action="store_true", help="expect what is read now of the saved pages that differ")  # fmt: skip
        parser.add_argument("--json", action="store_true", help="one JSON object a line, a page each; nothing is asked")

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.tools.scaffold.saved import DEFAULT_SITES_DIR, pages_folder

        named = self.settings.get("NEWSCRAWL_SITES_DIR") or None
        self.sites_dir: str | None = named or (DEFAULT_SITES_DIR if Path(DEFAULT_SITES_DIR).is_dir() else None)
        self.folder = Path(opts.folder) if opts.folder else pages_folder(self.sites_dir)
        if opts.check or opts.accept:
            return self.check(args, opts)
        refuse_wrong_use(args, opts)
        captures = [self.plan(fetch, opts) for fetch in self.fetches(args, opts)]
        good = [capture for capture in captures if opts.force or not capture.refusals]
        if not opts.json:
            show(captures)
        if not good:
            if captures:
                print("nothing was written; --force writes what was refused", file=sys.stderr)
            print_json(captures, [], opts)
            return ExitCode.ALL_FAILED
        if not self.may_write(len(good), opts):
            print_json(captures, [], opts)
            return ExitCode.GOOD if sys.stdin.isatty() and not opts.json else ExitCode.USAGE
        self.write(good, opts)
        print_json(captures, good, opts)
        return ExitCode.GOOD if len(good) == len(args) else ExitCode.SOME_FAILED

    def fetches(self, args: list[str], opts: argparse.Namespace) -> Iterator[PageFetch]:
        """The pages named, as they came; one line on standard error for each that could not be fetched."""
        from newscrawl.extraction.story import SAVED_URL, page_url
        from newscrawl.spiders.single_page import fetch_pages
        from newscrawl.tools.scaffold.capture import PageFetch, moment_of_day

        urls = [arg for arg in args if is_web(arg)]
        files = {arg: saved_page(Path(arg)) for arg in args if arg not in urls}
        pages = fetch_pages(self.settings, urls) if urls else {}
        for arg in args:
            page = pages.get(arg, "")
            if isinstance(page, Response):
                kind = (page.headers.get("Content-Type") or b"").decode("latin-1") or None
                yield PageFetch(arg, page.url, page.body, datetime.now(UTC).replace(microsecond=0), kind)
            elif arg in files:
                at = moment_of_day(opts.captured) if opts.captured else file_time(Path(arg))
                yield PageFetch(arg, opts.url or page_url(files[arg]) or SAVED_URL, files[arg], at)
            else:
                print(f"error: {arg}: {page}", file=sys.stderr)

    def plan(self, fetch: PageFetch, opts: argparse.Namespace) -> Capture:
        from newscrawl.tools.scaffold.capture import plan

        return plan(fetch, self.folder, site=opts.site, sites_dir=self.sites_dir, name=opts.name)

    def may_write(self, count: int, opts: argparse.Namespace) -> bool:
        """Whether the user says yes: by --yes, or when asked on a terminal."""
        if opts.yes:
            return True
        if sys.stdin.isatty() and not opts.json:
            return confirmed(f"Write {'this page' if count == 1 else f'these {count} pages'}?")
        print("nothing was written; --yes writes what is shown", file=sys.stderr)
        return False

    def write(self, captures: list[Capture], opts: argparse.Namespace) -> None:
        """Write the pages, and the user's test if there are none yet."""
        from newscrawl.tools.scaffold.saved import TEST_NAME, write_test

        paths = [path for capture in captures for path in capture.write()]
        if not opts.folder:
            test = write_test(self.folder.parent, self.settings.get("NEWSCRAWL_AGENCIES_FILE") or None)
            paths += [test] if test else []
        if not opts.json:
            print("\n".join(f"wrote {path}" for path in paths))
            option = f" --folder {shlex.quote(opts.folder)}" if opts.folder else ""
            by_pytest = "" if opts.folder else f"`pytest {shlex.quote(str(self.folder.parent / TEST_NAME))}` or "
            print(f"{by_pytest}`{command_line(f'capture --check{option}')}` reads them again")

    def check(self, args: list[str], opts: argparse.Namespace) -> int:
        """Read saved pages again; with --accept expect what is read now of those that differ."""
        from newscrawl.tools.scaffold.capture import accept, check

        checked = [check(page, self.sites_dir) for page in self.chosen(args)]
        differing = [found for found in checked if found.verdict == "differs"]
        if opts.json:
            print("\n".join(json.dumps(found.as_json(), ensure_ascii=False) for found in checked))
        else:
            print_table(CHECK_COLUMNS, [row for found in checked for row in self.rows(found)])
            good = sum(found.verdict == "ok" for found in checked)
            print(f"{len(checked)} saved pages: {good} ok, {len(differing)} differ, {len(checked) - good - len(differing)} broken", file=sys.stderr)  # fmt: skip
        if opts.accept and differing:
            if not self.may_write(len(differing), opts):
                return ExitCode.GOOD if sys.stdin.isatty() and not opts.json else ExitCode.USAGE
            for found in differing:
                accept(found.page, self.sites_dir)
            checked = [found for found in checked if found.verdict != "differs"]
        bad = [found for found in checked if found.verdict != "ok"]
        return ExitCode.GOOD if not bad else ExitCode.SOME_FAILED if len(bad) < len(checked) else ExitCode.ALL_FAILED

    def chosen(self, args: list[str]) -> list[Path]:
        """The saved pages of the sites or files named, else all; UsageError if there are none."""
        from newscrawl.tools.scaffold.saved import saved_pages

        found = [
            page for arg in args for page in ([Path(arg)] if arg.endswith(".html") else saved_pages(self.folder, arg))
        ]
        found = found if args else saved_pages(self.folder)
        missing = next((arg for arg in args if not arg.endswith(".html") and not saved_pages(self.folder, arg)), None)
        if missing is not None or not found:
            where = self.folder if missing is None else self.folder / missing
            raise UsageError(f"no saved page in {where}; `{command_line('capture <url>')}` adds one, --folder names another folder", print_help=False)  # fmt: skip
        return list(dict.fromkeys(found))

    def rows(self, found: Checked) -> list[list[str]]:
        name = f"{found.page.parent.name}/{found.page.stem}"
        return [[name, found.verdict, what] for what in (found.differences or (found.error or "").splitlines() or [""])]


def refuse_wrong_use(args: list[str], opts: argparse.Namespace) -> None:
    """UsageError for arguments that cannot be used together."""
    if not args:
        raise UsageError("capture takes URLs or files; --check reads saved pages again", print_help=False)
    for option in ("url", "name"):
        if getattr(opts, option) is not None and len(args) > 1:
            raise UsageError(f"--{option} is of one page; {len(args)} are named", print_help=False)
    if opts.url is not None and (is_web(args[0]) or split(opts.url) is None):
        raise UsageError("--url is the absolute http or https URL of one saved file", print_help=False)
    wrong = next((arg for arg in args if is_web(arg) and split(arg) is None), None)
    if wrong is not None:
        raise UsageError(f"{wrong!r} is not an absolute http or https URL", print_help=False)
    if opts.captured is not None and (any(map(is_web, args)) or not is_day(opts.captured)):
        raise UsageError("--captured is the day of a saved file, such as 2026-11-25", print_help=False)


def is_day(text: str) -> bool:
    from newscrawl.tools.scaffold.capture import moment_of_day

    try:
        moment_of_day(text)
    except ValueError:
        return False
    return True


def file_time(path: Path) -> datetime:
    return datetime.fromtimestamp(int(path.stat().st_mtime), UTC)


def show(captures: list[Capture]) -> None:
    """What would be written, a block of lines a page."""
    from newscrawl.tools.scaffold.capture import shown

    for capture in captures:
        print_pairs([(label, escape_controls(text)) for label, text in shown(capture)], sys.stdout)
        print()


def print_json(captures: list[Capture], written: list[Capture], opts: argparse.Namespace) -> None:
    if opts.json:
        for capture in captures:
            print(json.dumps({**capture.as_json(), "written": capture in written}, ensure_ascii=False))
