"""From a folder and an address to a running server."""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newscrawl.security.log import escape_controls
from newscrawl.text.command_line import command_line
from newscrawl.tools.web.app import Keeper, application
from newscrawl.tools.web.guard import LOOPBACK_NAMES, App
from newscrawl.tools.web.index import Index, Progress
from newscrawl.tools.web.pages import OutputView

if TYPE_CHECKING:
    from uvicorn import Server

INDEX = "state/browse.sqlite"


class NotServed(Exception):
    """Why nothing can be served; the text names the folder or address and the remedy."""


def serve(output: Path, host: str, port: int, names: frozenset[str], archives: tuple[Path, ...]) -> None:
    """Serve until a signal comes."""
    output = output_folder(output)
    bound = listening(host, port)
    index = Index(output, index_file(output))
    view = OutputView(output, index, archives)
    app = application(view, host, names, Keeper(index, teller()))
    say_where(output, host, bound.getsockname()[1])
    with contextlib.suppress(KeyboardInterrupt):
        server_of(app).run(sockets=[bound])


def server_of(app: App) -> Server:
    """A server for an application; it names no software of ours and keeps no log of who asked."""
    import uvicorn

    options: dict[str, Any] = {
        "log_level": "warning",
        "access_log": False,
        "server_header": False,
        "lifespan": "on",
        "ws": "none",
    }
    return uvicorn.Server(uvicorn.Config(app, timeout_graceful_shutdown=2, **options))


def output_folder(path: Path) -> Path:
    """The output folder: the path itself, or the one above where it is the folder of stories."""
    if path.name == "stories" and path.is_dir():
        return path.parent
    if not path.is_dir():
        raise NotServed(
            f"{path}: no such folder; name the output folder that holds stories/, or run `{command_line('crawl <site>')}` first"
        )
    return path


def index_file(output: Path) -> Path:
    """Where the index lies: with the state; in the user's cache where the output folder may not be written."""
    file = output / INDEX
    if os.access(file.parent if file.parent.is_dir() else output, os.W_OK):
        return file
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "newscrawl" / f"{hashlib.sha256(str(output.resolve()).encode()).hexdigest()[:20]}.sqlite"


def listening(host: str, port: int) -> socket.socket:
    """A socket bound to the address; NotServed where it cannot be."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        bound = socket.socket(family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(128)
    except OSError as error:
        raise NotServed(f"{host}:{port}: {error.strerror or error}; choose another with --port or --host") from None
    return bound


def say_where(output: Path, host: str, port: int) -> None:
    shown = f"[{host}]" if ":" in host else host
    print(f"{escape_controls(str(output))} on http://{shown}:{port}/  (Ctrl+C ends it)", flush=True)
    if host not in LOOPBACK_NAMES:
        print(
            f"warning: {host} is not this machine alone: whoever reaches it can read every story here. There is no password.",
            file=sys.stderr, flush=True,
        )  # fmt: skip


class Teller:
    """Says on a terminal how far the index is, in one line that is written over."""

    def __init__(self) -> None:
        self.is_open = False

    def __call__(self, progress: Progress) -> None:
        share = 100 * progress.done_bytes / max(1, progress.total_bytes)
        if share < 100 or self.is_open:
            print(
                f"\rreading the files for the index: {share:.0f} %, {progress.lines:,} lines ",
                end="",
                file=sys.stderr,
                flush=True,
            )
            self.is_open = True
        if share >= 100 and self.is_open:
            print(file=sys.stderr, flush=True)
            self.is_open = False


def teller() -> Teller:
    """A teller on a terminal; silent elsewhere."""
    return Teller() if sys.stderr.isatty() else Silent()


class Silent(Teller):
    def __call__(self, progress: Progress) -> None:
        pass
