"""`newscrawl add <url or folder>`: find a site's feeds, sitemaps and lists, read a few stories, propose and write its site file."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError

from newscrawl.commands._base import NewscrawlCommand, confirmed, is_web, print_table
from newscrawl.monitoring.exit_codes import ExitCode
from newscrawl.security.log import escape_controls
from newscrawl.security.url import split
from newscrawl.text.command_line import command_line

if TYPE_CHECKING:
    from newscrawl.tools.scaffold.probe_result import ProbeAnswer, ProbeResult
    from newscrawl.tools.scaffold.propose import Proposal
    from newscrawl.tools.scaffold.write import Written

MAX_REQUESTS, MAX_STORIES = 200, 50


class Command(NewscrawlCommand, ScrapyCommand):
    def syntax(self) -> str:
        return "<url or folder>"

    def short_desc(self) -> str:
        return "Propose a site file for a site, and write it with its saved pages and test"

    def long_desc(self) -> str:
        return (
            "Asks politely for a front page, the feeds, sitemaps and lists that it leads to and a few stories (or takes the "
            "pages of a folder), and shows the site file it would write: sources that answered, URL patterns, selectors that "
            "read the stories as the generic reader does. Nothing is written before you say yes."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--id", metavar="NAME", help="the site's id, its file's name (default: of its domain)")
        parser.add_argument("--to", metavar="FOLDER", help="where to write (default: NEWSCRAWL_SITES_DIR, else sites)")
        parser.add_argument("--yes", action="store_true", help="write without asking")
        parser.add_argument(
            "--force", action="store_true", help="also over files that are there, and for a site that is known"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
        parser.add_argument("--stories", type=int, metavar="N", help="read N stories (default: 4; of a folder 10)")
        parser.add_argument(
            "--requests", type=int, metavar="N", help="make at most N requests, robots.txt aside (default: 12)"
        )

    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.tools.scaffold.propose import as_json, propose
        from newscrawl.tools.scaffold.write import free_id, refuse_known

        if len(args) != 1:
            raise UsageError("add takes one URL or folder", print_help=False)
        sites_dir = self.sites_dir(opts)
        looked = self.look(args[0], sites_dir, opts)
        if looked.problem is not None:
            return tell_problem(looked, opts)
        if looked.base != args[0]:
            refuse_known(looked.base, sites_dir, opts.id, force=opts.force)
        proposal = propose(looked, datetime.now(UTC).date(), self.settings.getfloat("DOWNLOAD_DELAY"), opts.id)
        proposal.id = free_id(proposal.id, looked.base, sites_dir, is_given=opts.id is not None, force=opts.force)
        if not opts.json:
            show(proposal, sites_dir)
        if not proposal.has_use:
            if opts.json:
                print_json({**as_json(proposal), "written": [], "read_back": []})
            print("error: neither a source nor a story was found: there is nothing to write", file=sys.stderr)
            return ExitCode.ALL_FAILED
        written = self.write(proposal, sites_dir, opts) if is_wanted(opts) else None
        return tell_written(proposal, written, sites_dir, opts)

    def sites_dir(self, opts: argparse.Namespace) -> Path:
        from newscrawl.tools.scaffold.saved import DEFAULT_SITES_DIR

        return Path(opts.to or self.settings.get("NEWSCRAWL_SITES_DIR") or DEFAULT_SITES_DIR)

    def look(self, target: str, sites_dir: Path, opts: argparse.Namespace) -> ProbeResult:
        """What there is of a site, live or in a folder."""
        from newscrawl.spiders.probe import look_at
        from newscrawl.tools.scaffold import find, folder
        from newscrawl.tools.scaffold.write import free_id, refuse_known

        if not is_web(target):
            path = Path(target)
            if not path.is_dir():
                raise UsageError(f"{target}: no folder; name one, or a URL with its http://", print_help=False)
            return folder.look_in(path, bounded("--stories", opts.stories, folder.STORIES, MAX_STORIES))
        if split(target) is None:
            raise UsageError(f"{target!r} is not an absolute http or https URL", print_help=False)
        refuse_known(target, sites_dir, opts.id, force=opts.force)
        if opts.id:
            free_id(opts.id, target, sites_dir, is_given=True, force=opts.force)
        stories = bounded("--stories", opts.stories, find.STORIES, MAX_STORIES)
        bounds = find.Bounds(bounded("--requests", opts.requests, find.REQUESTS, MAX_REQUESTS), stories)
        return look_at(self.settings, find.Probe(target, bounds), robots_of, progress())

    def write(self, proposal: Proposal, sites_dir: Path, opts: argparse.Namespace) -> Written:
        from newscrawl.tools.scaffold.write import write

        agencies_file = self.settings.get("NEWSCRAWL_AGENCIES_FILE") or None
        return write(proposal, sites_dir, force=opts.force, agencies_file=agencies_file)


def bounded(option: str, given: int | None, default: int, most: int) -> int:
    if given is None:
        return default
    if not 1 <= given <= most:
        raise UsageError(f"{option} must be from 1 to {most}, not {given}", print_help=False)
    return given


def progress() -> Callable[[str], object]:
    """Says on a terminal what is being asked for; nothing elsewhere."""
    if not sys.stderr.isatty():
        return str  # nobody looks
    return lambda url: print(f"asking {escape_controls(url)}", file=sys.stderr, flush=True)


async def robots_of(crawler: Crawler, url: str) -> ProbeAnswer | None:
    """A robots.txt as any crawl has it, from the cache where it is fresh; None where nobody obeys it."""
    from newscrawl.middlewares.robots import RobotsMiddleware
    from newscrawl.tools.scaffold.probe_result import ProbeAnswer

    middleware = crawler.get_downloader_middleware(RobotsMiddleware)
    if middleware is None:
        return None
    settled = (await middleware.robots(url)).settled
    return ProbeAnswer(url, url, settled.copy.body if settled.copy else b"", "text/plain", settled.unreachable)


def is_wanted(opts: argparse.Namespace) -> bool:
    """Whether to write: as said by --yes, else by whoever sits at the terminal."""
    if opts.yes:
        return True
    if opts.json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    return confirmed("\nWrite these files?")


def tell_problem(looked: ProbeResult, opts: argparse.Namespace) -> int:
    from newscrawl.tools.scaffold.propose import tried_json

    if opts.json:
        print_json({"problem": looked.problem, "tried": tried_json(looked)})
    print(f"error: {escape_controls(looked.start)}: {escape_controls(looked.problem or '')}", file=sys.stderr)
    if looked.is_live:
        print(
            f"`{command_line(f'why-not {looked.start} --fetch')}` says which rule or state keeps it from being fetched",
            file=sys.stderr,
        )
    return ExitCode.ALL_FAILED


def show(proposal: Proposal, sites_dir: Path) -> None:
    """What was asked for and found, where the proposed rules differ from the generic reader, and the file."""
    from newscrawl.tools.scaffold.propose import agreement_of

    looked = proposal.looked
    rates = {page.url: agreement_of(proposal, page) for page in looked.pages}
    rows = [[t.what, t.url, t.problem or detail_with(t.detail, rates.get(t.url))] for t in looked.tried]
    print_table(("asked for", "url", "found"), rows)
    for difference in (proposal.selectors.differences or [])[:20]:
        print(f"differs: {escape_controls(difference.url)} {difference.field}: "
              f"generic {escape_controls(difference.generic)[:120]!r}, rules {escape_controls(difference.ruled)[:120]!r}")  # fmt: skip
    for note in proposal.notes:
        print(f"note: {escape_controls(note)}")
    pages = f", with the {len(looked.pages)} stories read as saved pages, and their test" if looked.pages else ""
    print(f"\n--- {sites_dir / (proposal.id + '.toml')}{pages}\n")
    print(escape_controls(proposal.toml, breaks=False), end="")


def detail_with(detail: str, rate: float | None) -> str:
    return detail if rate is None else f"{detail}, agreement {rate:.2f}"


def tell_written(proposal: Proposal, written: Written | None, sites_dir: Path, opts: argparse.Namespace) -> int:
    """Say what was written and what to do next; the exit code."""
    from newscrawl.tools.scaffold.propose import as_json
    from newscrawl.tools.scaffold.write import next_commands

    differences = written.differences if written else []
    if opts.json:
        files = [str(path) for path in written.files] if written else []
        print_json({**as_json(proposal), "written": files, "read_back": differences})
    elif written is None:
        print("\nnothing was written; --yes writes it", file=sys.stderr)
    else:
        print("\nwritten:", *(f"  {path}" for path in written.files), "next:", sep="\n")
        for command in next_commands(proposal.id, sites_dir):
            print(f"  {command}")
    for line in differences:
        print(f"error: {escape_controls(line)}", file=sys.stderr)
    return ExitCode.SOME_FAILED if differences or not proposal.looked.pages else ExitCode.GOOD


def print_json(record: object) -> None:
    """One object on standard output; a file's name that is not UTF-8 gets question marks."""
    text = json.dumps(record, ensure_ascii=False).encode("utf-8", "replace")
    sys.stdout.buffer.write(text + b"\n")
