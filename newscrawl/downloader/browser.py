"""Pages that fill themselves by script: Chromium through scrapy-playwright, behind the same address policy as all else.

A browser resolves names and follows redirects by itself, past our resolver and middlewares. So all it connects to goes
through a SOCKS5 proxy (RFC 1928) of ours on loopback, which resolves the name, judges the address and connects to just
that address.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import os
import shutil
import socket
import struct
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from scrapy.settings import BaseSettings

from newscrawl.security.address import AllowedHosts, address_refusal
from newscrawl.sites.loader import SiteError

if TYPE_CHECKING:
    from playwright.async_api import Page
    from scrapy import Request

logger = logging.getLogger(__name__)
SHOWN_KINDS = ("section", "archive")  # of sources whose lists are pages
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MISSING_EXTRA = "the site's pages need a browser (render = true): pip install 'newscrawl[browser]'"
MISSING_BROWSER = (
    "no Chromium was found for pages with render = true: install one (Debian: apt-get install chromium; any system: "
    "playwright install chromium) or name it in NEWSCRAWL_BROWSER"
)
NOT_LOADED = frozenset(("image", "media", "font", "websocket", "eventsource"))  # costs the site, and holds no text
SETTLE_MILLISECONDS = 5_000  # how long a page may go on asking for its parts once it is loaded
PAGES_AT_ONCE = 2
# No name is looked up by the browser itself, and no packet goes around the proxy.
SWITCHES = (
    "--dns-prefetch-disable",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
CONNECT_SECONDS = 15.0
CHUNK_BYTES = 65_536
VERSION, NO_AUTHENTICATION, CONNECT = 5, 0, 1
IPV4, NAME, IPV6 = 1, 3, 4
SUCCEEDED, NOT_ALLOWED, UNREACHABLE, NO_COMMAND = 0, 2, 4, 7


def use_browser(settings: BaseSettings, site: str) -> None:
    """Make a site's pages come through Chromium; SiteError says what to install."""
    if find_spec("scrapy_playwright") is None:
        raise SiteError(f"{site}.toml: render: {MISSING_EXTRA}")
    path = browser_path(settings.get("NEWSCRAWL_BROWSER") or "")
    if path is None:
        raise SiteError(f"{site}.toml: render: {MISSING_BROWSER}")
    handler = "newscrawl.downloader.browser_handler.GuardedBrowserHandler"
    handlers = {**settings.getdict("DOWNLOAD_HANDLERS"), "http": handler, "https": handler}
    middlewares = {
        **settings.getdict("DOWNLOADER_MIDDLEWARES"),
        "newscrawl.middlewares.render.RenderMiddleware": 50,
    }
    for name, value in {
        "DOWNLOAD_HANDLERS": handlers,
        "DOWNLOADER_MIDDLEWARES": middlewares,
        "PLAYWRIGHT_LAUNCH_OPTIONS": {"executable_path": path, "args": switches()},
        "PLAYWRIGHT_CONTEXTS": {
            "default": {"user_agent": settings["USER_AGENT"], "accept_downloads": False, "service_workers": "block"}
        },
        "PLAYWRIGHT_ABORT_REQUEST": is_not_loaded,
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": PAGES_AT_ONCE,
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": 1000 * settings.getfloat("DOWNLOAD_TIMEOUT"),
    }.items():
        settings.set(name, value, priority="spider")


def browser_path(named: str) -> str | None:
    """Where the Chromium is: the one that is named, else the first of the system's, else the one Playwright fetched."""
    if named:
        found = shutil.which(named)
        if found is None:
            raise SiteError(f"NEWSCRAWL_BROWSER: {named!r} is not a program that can be run")
        return found
    return next(filter(None, map(shutil.which, BROWSERS)), None) or playwrights_own()


def playwrights_own() -> str | None:
    """The Chromium that `playwright install` fetched, if it did."""
    from playwright.sync_api import sync_playwright

    with (
        contextlib.suppress(Exception),
        sync_playwright() as playwright,
    ):  # asked of its driver, which may not even start
        path = playwright.chromium.executable_path
        return path if os.access(path, os.X_OK) else None
    return None


def switches() -> list[str]:
    """Chromium's command line; its sandbox does not start for root."""
    if os.geteuid() != 0:
        return list(SWITCHES)
    logger.warning(
        "Chromium runs without its sandbox, because this is root: use another user for pages with render = true"
    )
    return [*SWITCHES, "--no-sandbox"]


def is_not_loaded(request: Any) -> bool:
    """Whether the browser should leave out a part of a page: pictures, films, fonts."""
    return request.resource_type in NOT_LOADED


def rendered(request: Request) -> bool:
    """Whether a request is for a page: a story's or a list's, no feed's, sitemap's or robots.txt; or as it says itself."""
    stated = request.meta.get("newscrawl_render")
    if stated is not None:
        return bool(stated)
    crawl = request.cb_kwargs.get("crawl")
    return "newscrawl_domains" in request.meta or (crawl is not None and crawl.source.kind in SHOWN_KINDS)


async def settle(page: Page) -> None:
    """Wait until a page asks for nothing more, but not forever."""
    from playwright.async_api import TimeoutError as TimedOut

    with contextlib.suppress(TimedOut):
        await page.wait_for_load_state("networkidle", timeout=SETTLE_MILLISECONDS)


class BrowserRequestRefused(Exception):
    """A connection that must not be made; its text is the reason in one word."""


class GuardedProxy:
    """A SOCKS5 proxy on loopback that connects to no address which `guards.address` refuses."""

    def __init__(self, allowed: AllowedHosts, on_refusal: Callable[[str], object]) -> None:
        self.allowed, self.on_refusal = allowed, on_refusal
        self.server: asyncio.Server | None = None

    async def start(self) -> int:
        """Listen; the port."""
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        port: int = self.server.sockets[0].getsockname()[1]
        return port

    def close(self) -> None:
        if self.server is not None:
            self.server.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the browser, to its end."""
        try:
            await self.connect(reader, writer)
        except (TimeoutError, OSError, EOFError):  # either side hung up, or it took too long
            pass
        finally:
            writer.close()

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            host, port = await asyncio.wait_for(asked_for(reader, writer), CONNECT_SECONDS)
            address = await asyncio.wait_for(self.judged(host, port), CONNECT_SECONDS)
        except BrowserRequestRefused as refusal:
            self.on_refusal(str(refusal))
            writer.write(answer(NOT_ALLOWED))
            await writer.drain()
            return
        try:
            there, out = await asyncio.wait_for(asyncio.open_connection(address, port), CONNECT_SECONDS)
        except (TimeoutError, OSError):
            writer.write(answer(UNREACHABLE))
            await writer.drain()
            return
        try:
            writer.write(answer(SUCCEEDED))
            await asyncio.gather(pass_on(reader, out), pass_on(there, writer))
        finally:
            out.close()

    async def judged(self, host: str, port: int) -> str:
        """The first address of a host that may be connected to; Refused where it has none."""
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if (host, port) in self.allowed:
            return addresses[0]
        reasons = {address: address_refusal(address) for address in addresses}
        good = next((address for address, reason in reasons.items() if reason is None), None)
        if good is None:
            raise BrowserRequestRefused(next(iter(reasons.values())) or "no-address")
        return good


async def asked_for(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int]:
    """The host and port that a SOCKS5 client asks for, its greeting answered."""
    version, methods = await reader.readexactly(2)
    await reader.readexactly(methods)
    writer.write(bytes((VERSION, NO_AUTHENTICATION)))
    _, command, _, kind = await reader.readexactly(4)
    if version != VERSION or command != CONNECT or kind not in (IPV4, NAME, IPV6):
        writer.write(answer(NO_COMMAND))
        raise EOFError("not a connection of SOCKS5")
    length = {IPV4: 4, IPV6: 16}.get(kind) or (await reader.readexactly(1))[0]
    named = await reader.readexactly(length)
    (port,) = struct.unpack("!H", await reader.readexactly(2))
    host = named.decode("ascii", "replace") if kind == NAME else str(ipaddress.ip_address(named))
    return host.rstrip(".").lower(), port


def answer(code: int) -> bytes:
    """A SOCKS5 reply without a bound address."""
    return bytes((VERSION, code, 0, IPV4, 0, 0, 0, 0, 0, 0))


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Everything from one side to the other, until it ends."""
    while chunk := await reader.read(CHUNK_BYTES):
        writer.write(chunk)
        await writer.drain()
    with contextlib.suppress(OSError):
        writer.write_eof()
