"""Base classes and helpers that the commands share: option checks, error handling, exit codes, tables.

Scrapy registers every `ScrapyCommand` subclass that it finds in this package as a command, so the bases here are
mixins: a command derives from one of them and from `ScrapyCommand`.
"""

from __future__ import annotations

import argparse
import gzip
import os
import sqlite3
import sys
import zlib
from abc import abstractmethod
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, get_args

from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from newscrawl.attribution.agencies import AgenciesError
from newscrawl.monitoring.exit_codes import ExitCode, of_start
from newscrawl.monitoring.signals import Stopped, stop_by_exception
from newscrawl.security.markup import MAX_PAGE_BYTES
from newscrawl.security.url import NO_USERINFO, has_userinfo
from newscrawl.settings_schema import SettingError, check_settings
from newscrawl.sites.loader import SiteError
from newscrawl.sites.model import Site
from newscrawl.sites.registry import load_sites
from newscrawl.spiders.loader import load_user_agencies
from newscrawl.storage.lock import LockHeld
from newscrawl.storage.state import StateError
from newscrawl.text.command_line import command_line as command_line
from newscrawl.text.command_line import program as program

if TYPE_CHECKING:
    from scrapy.commands import ScrapyCommand as _Command

    from newscrawl.monitoring.runner import Runner
    from newscrawl.tools.query import Corpus
    from newscrawl.tools.query.filters import Filter
else:
    _Command = object

MAX_CELL_CHARS = 300
MAX_VALUES = 30  # shown in an error message
NAMES = frozenset({"site", "id", "source"})  # never wrapped: people copy them from the screen
WRONG_FILES = (SettingError, SiteError, AgenciesError)
EXTRAS = {  # module -> the extra that installs it, as in pyproject.toml
    "duckdb": "query",
    "starlette": "web",
    "uvicorn": "web",
    "jinja2": "reports",
    "pygal": "reports",
    "fsspec": "deliver",
    "s3fs": "deliver",
    "playwright": "browser",
    "scrapy_playwright": "browser",
}
DEFAULT_WORKERS = 4  # crawls mostly wait for the network; each takes about 110 MB
MAX_WORKERS = 64


class NewscrawlCommand(_Command):
    """A command that starts no crawl in its own process."""

    requires_project = True
    requires_crawler_process = False
    extra: str | None = None  # what to install where a module is missing, if more than that module's extra
    settings: Settings

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        name_usage(parser, self)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        refuse_unknown_options(args)
        stop_by_exception()
        try:
            check_settings(self.settings)
            load_user_agencies(self.settings)
            self.exitcode = self.run_checked(args, opts)
            sys.stdout.flush()
        except Stopped as stopped:
            self.exitcode = ExitCode.STOPPED
            print(f"stopped by {stopped}", file=sys.stderr)
        except ModuleNotFoundError as error:
            self.exitcode = ExitCode.START_UP
            print(f"error: {missing_extra(error, self)}", file=sys.stderr)
        except BrokenPipeError:  # the reader has enough, as in `| head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self.exitcode = ExitCode.GOOD
        except (*WRONG_FILES, LockHeld, StateError, OSError, sqlite3.Error) as error:
            self.exitcode = ExitCode.START_UP if isinstance(error, WRONG_FILES) else of_start(error)
            print(f"error: {error}", file=sys.stderr)

    @abstractmethod
    def run_checked(self, args: list[str], opts: argparse.Namespace) -> int:
        """Do the work and return the exit code."""


def command_name(command: object) -> str:
    """The name of a command: that of its file."""
    return type(command).__module__.rpartition(".")[2]


def name_usage(parser: argparse.ArgumentParser, command: _Command) -> None:
    """Let the usage line begin with the program that the user called; Scrapy writes `scrapy`."""
    parser.usage = f"{program()} {command_name(command)} {command.syntax()}".rstrip().replace("%", "%%")


def missing_extra(error: ModuleNotFoundError, command: NewscrawlCommand) -> str:
    """Which extra to install for a missing module. The error is raised again where no extra installs it."""
    module = (error.name or "").partition(".")[0]
    if module not in EXTRAS:
        raise error
    extra = command.extra or EXTRAS[module]
    return f"`{program()} {command_name(command)}` needs {module}: pip install 'newscrawl[{extra}]'"


def output_folder(settings: Settings) -> Path:
    """The output folder of a command that needs one; UsageError if there are none."""
    folder = Path(settings["NEWSCRAWL_OUTPUT_DIR"])
    if not folder.is_dir():
        raise UsageError(
            f"{folder}: there is no such output folder; crawl a site first, or name one with -s NEWSCRAWL_OUTPUT_DIR=FOLDER",
            print_help=False,
        )
    return folder


def lines_path(args: Sequence[str], settings: Settings) -> Path:
    """The folder or file of lines that was named, else the output folder; UsageError where nothing is there."""
    if not args:
        return output_folder(settings)
    path = Path(args[0])
    if not path.exists():
        raise UsageError(
            f"{path}: no such folder or file; give an output folder, a folder below it, or a .jsonl file",
            print_help=False,
        )
    return path


def stories_path(args: Sequence[str], settings: Settings) -> Path:
    """Where the lines are: the `stories` folder of an output folder, or the folder or file that was named."""
    path = lines_path(args, settings)
    return path / "stories" if (path / "stories").is_dir() else path


def run_folder(args: Sequence[str], settings: Settings) -> Path:
    """The output folder that was named, else that of the settings. UsageError where it is not an output folder."""
    if not args:
        return output_folder(settings)
    folder = Path(args[0])
    if not any((folder / part).is_dir() for part in ("runs", "state", "stories")):
        raise UsageError(f"{folder}: not an output folder; one holds runs/, state/ and stories/", print_help=False)
    return folder


def counted(number: int, noun: str) -> str:
    """`1 story`, `2 stories`."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def require_folder_of(option: str, path: str | Path) -> None:
    """UsageError where a file is to be written into a folder that does not exist."""
    folder = Path(path).parent
    if not folder.is_dir():
        raise UsageError(f"{option} {path}: no folder {folder}; create it first or name another file", print_help=False)


def query_options(settings: Settings) -> dict[str, Any]:
    """The options of `open_corpus` that the settings give."""
    from newscrawl.tools.query import QueryLimits

    limits = QueryLimits(settings.getint("NEWSCRAWL_QUERY_MEMORY_MB"), settings.getint("NEWSCRAWL_QUERY_THREADS"))
    return {"limits": limits, "use_columns": settings.getbool("NEWSCRAWL_COLUMN_COPIES")}


def add_filter_options(parser: argparse.ArgumentParser) -> None:
    """The conditions on lines that `inspect` and `export` share."""
    for name, what in (("agency", "of this agency"), ("site", "read at this site"), ("language", "in this language"), ("kind", "of this kind")):  # fmt: skip
        also = "; `none` for those without" if name in ("agency", "language") else ""
        parser.add_argument(f"--{name}", action="append", metavar=name.upper(), help=f"only lines {what} (again for another){also}")  # fmt: skip
    parser.add_argument("--since", metavar="TIME", help="only lines published from this day or time on (UTC unless it names an offset)")  # fmt: skip
    parser.add_argument("--until", metavar="TIME", help="only lines published up to this day, or before this time")
    parser.add_argument("--text", metavar="WORDS", help="only lines with these words in headline or text, in any case")


def filter_of(opts: argparse.Namespace) -> Filter:
    """The conditions given; UsageError names an option that cannot be read."""
    from newscrawl.tools.query.filters import Filter, moment_of

    def time_of(name: str) -> Any:
        given = getattr(opts, name)
        try:
            return moment_of(given, is_end=name == "until") if given else None
        except ValueError as error:
            raise UsageError(f"--{name}: {error}", print_help=False) from None

    lists: dict[str, Any] = {name: tuple(getattr(opts, name) or ()) for name in ("agency", "site", "language", "kind")}
    return Filter(**lists, since=time_of("since"), until=time_of("until"), text=opts.text)


def require_known_values(corpus: Corpus, wanted: Filter, settings: Settings) -> None:
    """UsageError for an agency, site or kind that newscrawl does not know and that no line has."""
    from newscrawl.attribution.agencies import agencies
    from newscrawl.items import StoryKind
    from newscrawl.sites.registry import site_files
    from newscrawl.tools.query.filters import COLUMNS, NONE

    known: dict[str, Callable[[], Collection[str]]] = {
        "agency": lambda: (*agencies(), NONE),
        "site": lambda: site_files(settings.get("NEWSCRAWL_SITES_DIR") or None),
        "kind": lambda: get_args(StoryKind),
    }
    for name, values in known.items():
        given = getattr(wanted, name)
        unknown = set(given).difference(values()) if given else set()
        if unknown:
            present = [
                row[0] for row in corpus.sql(f"SELECT DISTINCT {COLUMNS[name]} v FROM lines ORDER BY v") if row[0]
            ]
            wrong = next((value for value in unknown if value not in present), None)
            if wrong is not None:
                shown = ", ".join(present[:MAX_VALUES]) or "none"
                raise UsageError(f"--{name} {wrong}: unknown. Values in {corpus.path}: {shown}", print_help=False)


def refuse_unknown_options(args: list[str]) -> None:
    """UsageError for options that Scrapy's parser passes on although it does not know them, and for URLs with a password."""
    if any(has_userinfo(arg) for arg in args):
        raise UsageError(f"a URL {NO_USERINFO}", print_help=False)
    unknown = [arg for arg in args if arg.startswith("-")]
    if unknown:
        raise UsageError(f"unknown option {unknown[0]}; -h shows the options", print_help=False)


def confirmed(question: str) -> bool:
    """Whether the user answers yes; the end of the input counts as no."""
    try:
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        print()
        return False


def print_pairs(pairs: Sequence[tuple[str, str]], stream: IO[str]) -> None:
    """(label, text) pairs as lines: aligned and wrapped on a terminal, one line a pair elsewhere."""
    if not stream.isatty():
        for label, text in pairs:
            print(f"{label:<10} {text}".rstrip(), file=stream)
        return
    from rich.table import Table
    from rich.text import Text

    from newscrawl.tools.reports.console import made_console

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True, min_width=max((len(label) for label, _ in pairs), default=0))
    table.add_column(overflow="ellipsis", no_wrap=True)
    for label, text in pairs:
        table.add_row(Text(label), Text(text))
    made_console(stream).print(table)


def print_table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[str] = (), optional: Sequence[str] = ()
) -> None:
    """Print a table: drawn on a terminal, elsewhere tab-separated with one line per row. Control characters are escaped.

    On a narrow terminal the `optional` columns are left out one by one until the table fits.
    """
    from newscrawl.security.log import escape_controls

    escaped = [[escape_controls(value[:MAX_CELL_CHARS]) for value in row] for row in rows]
    if not sys.stdout.isatty():
        for row in [columns, *escaped]:
            print("\t".join(row))
        return
    from rich.table import Table
    from rich.text import Text

    from newscrawl.tools.reports.console import made_console

    console = made_console()
    columns, rows = fitting(columns, escaped, console.width, optional)
    table = Table(box=None, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(
            column, justify="right" if column in numbers else "left", overflow="fold", no_wrap=column in NAMES
        )
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)


def fitting(
    columns: Sequence[str], rows: Sequence[Sequence[str]], width: int, optional: Sequence[str]
) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    """(columns, rows), without the optional columns that do not fit."""
    widths = [max(map(len, column)) + 2 for column in zip(columns, *rows, strict=True)]
    left_out: set[int] = set()
    for name in optional:
        if sum(width for n, width in enumerate(widths) if n not in left_out) <= width:
            break
        left_out.add(columns.index(name))
    kept = [n for n in range(len(columns)) if n not in left_out]
    return [columns[n] for n in kept], [[row[n] for n in kept] for row in rows]


def readable_sites(settings: Settings, names: Sequence[str] = ()) -> tuple[list[Site], int]:
    """(the sites of these names, or every site; how many files cannot be read). Each such file is one line on
    standard error."""
    sites, errors = load_sites(settings.get("NEWSCRAWL_SITES_DIR") or None)
    broken = [error for error in errors if not names or any(f"/{name}.toml" in str(error) for name in names)]
    for error in broken:
        print(f"error: site file left out: {'; '.join(str(error).splitlines())}", file=sys.stderr)
    known = {site.id for site in sites}
    unknown = [name for name in names if name not in known]
    if len(unknown) > len(broken):
        raise UsageError(f"no site file {unknown[0]}.toml; `{command_line('list')}` shows the sites", print_help=False)
    return [site for site in sites if not names or site.id in names], len(broken)


class ScheduleCommand(NewscrawlCommand):
    """A command that starts crawls in processes of their own."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--workers", type=int, default=DEFAULT_WORKERS, help=f"crawls at once (default: {DEFAULT_WORKERS})"
        )

    def runner(self, opts: argparse.Namespace) -> Runner:
        """A runner whose crawls have the settings that this command was given."""
        from newscrawl.monitoring.runner import Runner

        if not 1 <= opts.workers <= MAX_WORKERS:
            raise UsageError(f"--workers must be from 1 to {MAX_WORKERS}, not {opts.workers}", print_help=False)
        options = [part for setting in opts.set for part in ("-s", setting)]
        options += ["-L", opts.loglevel] if opts.loglevel else []
        return Runner(Path(self.settings["NEWSCRAWL_OUTPUT_DIR"]), options, opts.workers)


def is_web(text: str) -> bool:
    """Whether an argument is a URL and not a file or folder."""
    return text.startswith(("http://", "https://"))


def saved_page(path: Path) -> bytes:
    """The bytes of a saved page, at most one more than a page may have; gzip is unpacked. UsageError where it cannot be read."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as file:
            return file.read(MAX_PAGE_BYTES + 1)
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(f"{path}: {reason}; name a file, or a URL with its http://", print_help=False) from None
    except (EOFError, zlib.error) as error:
        raise UsageError(f"{path}: a damaged gzip file ({error})", print_help=False) from None
