"""Three small web servers on loopback, one a site of the sample wire."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

from newscrawl.tools.demo import pages

ROBOTS = "User-agent: *\nDisallow: /private/\n"


def answer(site: str, edition: int, target: str, base: str) -> tuple[str, str] | None:
    """(content type, body) for a path of a site; None where there is nothing."""
    parts = urlsplit(target)
    items = pages.pieces(site, edition)
    if parts.path == "/robots.txt":
        return "text/plain; charset=utf-8", ROBOTS
    if site == "sample-wire" and parts.path == "/sitemap-news.xml":
        return "application/xml", pages.news_sitemap(items, base)
    if parts.path in ("/rss/news.xml", "/feed"):
        return "application/rss+xml; charset=utf-8", pages.rss(site, items, base)
    if parts.path == "/news":
        number = parse_qs(parts.query).get("page", ["1"])[0]
        return "text/html; charset=utf-8", pages.section(items, int(number) if number.isdigit() else 1)
    for item in items:
        if target == item.path:
            others = [other for other in items if other is not item]
            return "text/html; charset=utf-8", pages.PAGES[site](item, others)
    return None


class Handler(BaseHTTPRequestHandler):
    """Answers GET for the site of its server."""

    protocol_version = "HTTP/1.1"
    server: SiteServer

    def do_GET(self) -> None:
        found = answer(self.server.site, self.server.edition, self.path, self.server.base)
        kind, text = found or ("text/plain; charset=utf-8", "not found")
        body = text.encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the crawl's own log says what was fetched."""


class SiteServer(ThreadingHTTPServer):
    """One site on a port of its own, chosen by the system."""

    daemon_threads = True

    def __init__(self, site: str, edition: int) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.site, self.edition = site, edition

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class SampleWire:
    """The three sites, served while the context lasts."""

    def __init__(self, edition: int) -> None:
        self.servers = {site: SiteServer(site, edition) for site in pages.NAMES}

    def ports(self) -> dict[str, int]:
        return {site: server.port for site, server in self.servers.items()}

    def __enter__(self) -> SampleWire:
        for server in self.servers.values():
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self.servers.values():
            server.shutdown()
            server.server_close()
