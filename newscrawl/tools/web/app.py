"""The web application: a route a page, errors as pages, and the thread that keeps the index up to date."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newscrawl.text.command_line import command_line
from newscrawl.tools.web.guard import App, Guard
from newscrawl.tools.web.index import Index, Progress
from newscrawl.tools.web.pages import PAGES, NotThere, OutputView, Query
from newscrawl.tools.web.render import environment, render

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

logger = logging.getLogger(__name__)
HERE = Path(__file__).parent
STATIC = {
    "style.css": (HERE / "static/style.css", "text/css"),
    "keys.js": (HERE / "static/keys.js", "text/javascript"),
    "icon.svg": (HERE / "static/icon.svg", "image/svg+xml"),
    "pictures.css": (HERE.parent / "reports/pictures.css", "text/css"),
}
LOOK_SECONDS = 1.0  # between two looks at the folder;
LOOK_SHARE = 10  # and not more than a tenth of the time, where the folder is large
THREADS = 8


class Keeper(threading.Thread):
    """Looks at the folder again and again and reads what is new."""

    def __init__(self, index: Index, report: Callable[[Progress], None] = lambda _: None) -> None:
        super().__init__(name="newscrawl-index", daemon=True)
        self.index, self.report = index, report
        self.stopping = threading.Event()

    def run(self) -> None:
        while not self.stopping.is_set():
            started = time.monotonic()
            try:
                self.index.update(self.report)
            except (OSError, sqlite3.Error) as error:
                logger.warning("the index could not be brought up to date, it is tried again: %s", error)
            self.stopping.wait(max(LOOK_SECONDS, LOOK_SHARE * (time.monotonic() - started)))


def application(
    view: OutputView, address: str, names: frozenset[str] = frozenset(), keeper: Keeper | None = None
) -> App:
    """The whole application behind its guard."""
    from starlette.applications import Starlette
    from starlette.routing import Route

    @asynccontextmanager
    async def life(_: Any) -> AsyncIterator[None]:
        from anyio.to_thread import current_default_thread_limiter

        current_default_thread_limiter().total_tokens = THREADS
        environment()
        if keeper is not None:
            keeper.start()
        yield
        if keeper is not None:
            keeper.stopping.set()

    routes = [Route(path, shown(view, page)) for path, page in PAGES.items()]
    routes.append(Route("/static/{name}", static))
    starlette = Starlette(routes=routes, lifespan=life, exception_handlers={404: missing(view), 500: broken(view)})
    return Guard(starlette, address, names)


def shown(view: OutputView, page: Callable[[OutputView, Query], str]) -> Callable[[Request], Response]:
    """The handler of a page; it runs in a thread."""
    from starlette.responses import HTMLResponse

    def handler(request: Request) -> Response:
        try:
            return HTMLResponse(page(view, request.query_params))
        except NotThere as error:
            return HTMLResponse(message(view, "Not there", str(error)), 404)

    return handler


def message(view: OutputView, heading: str, said: str) -> str:
    return render("message.html", **view.common(""), heading=heading, said=said)


def missing(view: OutputView) -> Any:
    from starlette.responses import HTMLResponse

    async def handler(_request: Request, _error: Exception) -> Response:
        return HTMLResponse(message(view, "Not there", "There is no such page."), 404)

    return handler


def broken(view: OutputView) -> Any:
    from starlette.responses import HTMLResponse

    async def handler(request: Request, error: Exception) -> Response:
        logger.error("%s failed", request.url.path, exc_info=error)
        said = f"This page could not be made; the terminal that runs `{command_line('serve')}` says why."
        return HTMLResponse(message(view, "Something is wrong", said), 500)

    return handler


def static(request: Request) -> Response:
    """One of our own files; no path is ever joined."""
    from starlette.responses import FileResponse, PlainTextResponse

    found = STATIC.get(request.path_params["name"])
    if found is None:
        return PlainTextResponse("not there\n", 404)
    return FileResponse(found[0], media_type=found[1])
