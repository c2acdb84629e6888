"""DuckDB over the lines: one connection, the views `lines` and `stories`, memory and threads bounded."""

from __future__ import annotations

import glob
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from newscrawl.tools.query import columns
from newscrawl.tools.query.files import CorpusError, CorpusFile, ends_whole, segments_of
from newscrawl.tools.query.repaired_copies import without_broken_lines
from newscrawl.tools.query.views import IS_LINE, views

T = TypeVar("T")
MAX_RETRIES = 4  # of a query whose files went away
MAX_LOOKS = 20  # at a folder that changes while its files are linked


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """What a query may use; `threads` 0 means all cores."""

    memory_mb: int = 1024
    threads: int = 0


def open_corpus(path: Path, *, limits: QueryLimits | None = None, use_columns: bool = True) -> Corpus:
    """A corpus over an output folder, a folder below it or one file; CorpusError where nothing is there.

    `use_columns`: read the columnar copies under state/columns/ where there are any (columns.py).
    """
    path = Path(os.path.abspath(path)) if ".." in Path(path).parts else Path(path)  # copies lie below its name
    return Corpus(path, limits or QueryLimits(), use_columns=use_columns)


class Corpus:
    """The files of a path as they were at the last `refresh`, as DuckDB views. Close it, or use it in a `with`.

    `sql` may be called from several threads at once; each call has a connection of its own to the same views.
    """

    def __init__(self, path: Path, limits: QueryLimits, *, use_columns: bool = True) -> None:
        self.path, self.limits, self.use_columns = path, limits, use_columns
        self.local = threading.local()
        self.own_packs: list[columns.Pack] = []  # of small files, gone with this (packing.py)
        self.without_broken_lines: dict[str, str] = {}  # path -> copy without the lines that are too long
        self.held: dict[CorpusFile, str] = {}  # links to files that a crawl or `compact` may take away any moment
        self.misses = 0  # queries that failed at files which had changed
        self.spill = tempfile.TemporaryDirectory(prefix="newscrawl-")
        try:
            self.plan = self.planned()
            self.database = self.connected()
        except BaseException:
            self.spill.cleanup()
            raise

    @property
    def segments(self) -> list[CorpusFile]:
        """The files, in order of path."""
        return self.plan.segments

    def sql(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query; values of users come in as `?` and `parameters`, never into the text.

        A file that went away meanwhile (a crawl has closed it, a pack was made anew) is looked for once again; a pack
        that cannot be read is thrown away, and the lines themselves are read.
        """

        def rows() -> list[tuple[Any, ...]]:
            found: list[tuple[Any, ...]] = self.own_cursor().execute(query, list(parameters)).fetchall()
            return found

        return self.attempted(rows)

    def attempted(self, work: Callable[[], T]) -> T:
        """What `work` returns; where it fails at the files, they are looked at again and it has another chance."""
        import duckdb

        the_query = (
            duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException, duckdb.ConversionException,
            duckdb.OutOfMemoryException, duckdb.InterruptException,
        )  # fmt: skip
        for is_last in (*[False] * MAX_RETRIES, True):
            try:
                return work()
            except the_query:
                raise
            except duckdb.Error as error:  # damaged Parquet comes as almost any of its other classes
                if is_last or not self.recover():
                    if isinstance(error, duckdb.IOException):  # a file that may not be read, a full disk
                        raise CorpusError(first_line(error)) from error
                    raise
        raise AssertionError("the last attempt returns or raises")

    def broken(self) -> dict[str, int]:
        """path -> how many lines no view shows, of files that have any; `broken_lines` names them. Reads every line.

        The torn end of an open file is none: a crawl is writing it.
        """
        rows = self.sql(f"SELECT file, count(*) FROM raw WHERE NOT ({IS_LINE}) GROUP BY file ORDER BY file")
        torn = {segment.path for segment in self.segments if segment.is_open and not ends_whole(segment)}
        return {file: count - (file in torn) for file, count in rows if count > (file in torn)}

    def own_cursor(self) -> Any:
        """The calling thread's connection, made anew when the files have changed."""
        if getattr(self.local, "plan", None) is not self.plan:
            self.local.plan, self.local.cursor = self.plan, self.new_cursor()
        return self.local.cursor

    def cursor(self) -> Any:
        """A new duckdb.DuckDBPyConnection with the views, for one thread: for rows that do not fit in memory."""
        return self.attempted(self.new_cursor)

    def new_cursor(self) -> Any:
        plan, cursor = self.plan, self.database.cursor()
        held = {segment.path: link for segment, link in self.held.items()}
        for name, value in plan.variables.items():
            if isinstance(value, list):  # DuckDB takes a name for a pattern
                value = [glob.escape(self.without_broken_lines.get(path) or held.get(path) or path) for path in value]
            cursor.execute(f"SET VARIABLE {name} = ?", [value])
        cursor.execute("SET VARIABLE repaired = ?", [f"{self.spill.name}{os.sep}"])
        cursor.execute(views(plan.parts))
        return cursor

    def refresh(self) -> bool:
        """Look at the folder again; whether anything is new, gone or changed."""
        plan = self.planned()
        if plan == self.plan:
            return False
        self.plan = plan
        return True

    def recover(self) -> bool:
        """After a query that could not read its files: look again, repair, do without packs; whether it may help."""
        if self.refresh():
            self.misses += 1
            if self.misses > 1:  # whoever is at it is faster than a query
                self.hold()
            return True
        if self.repair():
            return True
        packs = self.plan.packs
        if not packs:
            return False
        columns.throw_away(packs)
        self.use_columns, self.own_packs = False, []
        self.refresh()
        self.database = self.connected()  # an internal error of DuckDB's leaves a database that answers nothing
        return True

    def hold(self) -> None:
        """Link the files that lie in no pack, so that a query has time: a link outlives the name it was made of."""
        for _ in range(MAX_LOOKS):
            found = {segment: self.held.get(segment) or linked(segment, self.spill.name) for segment in self.plan.rest}
            self.held = {segment: link for segment, link in found.items() if link is not None}
            if len(self.held) == len(found):
                break
            self.refresh()
        self.local = threading.local()  # the cursors know the old paths

    def repair(self) -> bool:
        """Make copies of the files with a line that is too long; whether there are new ones."""
        found = {s.path: copy for s in self.plan.rest if (copy := without_broken_lines(s, self.spill.name)) is not None}
        if found == self.without_broken_lines:
            return False
        self.without_broken_lines = found
        self.local = threading.local()  # the cursors know the old paths
        return True

    def planned(self) -> columns.Plan:
        beside = columns.packs_of(self.path) if self.use_columns else ()
        return columns.planned(self.path, segments_of(self.path), (*beside, *self.own_packs))

    def connected(self) -> Any:
        """A database in memory that loads no extension and hence reaches no network."""
        import duckdb

        settings: dict[str, Any] = {
            "memory_limit": f"{self.limits.memory_mb}MB",
            "temp_directory": self.spill.name,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": False,  # else a wide copy holds whole row groups of every thread in memory
        }
        if self.limits.threads:
            settings["threads"] = self.limits.threads
        database = duckdb.connect(config=settings)
        database.execute("SET enable_progress_bar = false")
        return database

    def close(self) -> None:
        self.database.close()
        self.spill.cleanup()

    def __enter__(self) -> Corpus:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def linked(segment: CorpusFile, folder: str) -> str | None:
    """A hard link to a file below `folder`, under the file's own path; of a small file on another disk a copy. None where
    it is gone, or can neither be linked nor copied."""
    name = f"{folder}{os.sep}{segment.path}"  # as the views take it off again
    link = Path(name)
    try:
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        try:
            os.link(segment.path, link)
        except FileNotFoundError:
            return None
        except OSError:  # another disk, or one without links
            if segment.size_bytes > columns.SMALL_BYTES:
                return segment.path
            shutil.copyfile(segment.path, link)
    except OSError:
        return None
    return name


def first_line(error: Exception) -> str:
    """What DuckDB says, without its advice."""
    return str(error).partition("\n")[0]
