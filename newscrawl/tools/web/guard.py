"""What is before every page: only our own host names are answered, only reading, and every answer says what a
browser may do with it.

A page elsewhere can point a name of its own at 127.0.0.1 and then read what is served there as its own (DNS
rebinding). The browser sends that name as Host, so names that are not ours are refused.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from newscrawl.security.url import literal_address

LOOPBACK_NAMES = frozenset(("localhost", "127.0.0.1", "::1"))
WILDCARDS = frozenset(("0.0.0.0", "::"))  # noqa: S104 (what a user may ask for, never a default)
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-cache, private",
}
REFUSED = b"This host name is not served here. Open the address that `newscrawl serve` printed.\n"
ONLY_READING = b"Only GET and HEAD: nothing can be changed here.\n"

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


class Guard:
    """An ASGI application around ours; `address` is what the server is bound to, `names` what else it is called."""

    def __init__(self, app: App, address: str, names: frozenset[str] = frozenset()) -> None:
        self.app, self.address = app, address
        self.names = LOOPBACK_NAMES | {address.lower()} | {name.lower() for name in names}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif not self.is_ours(scope["headers"]):
            await answer(send, 421, REFUSED)
        elif scope["method"] not in ("GET", "HEAD"):
            await answer(send, 405, ONLY_READING)
        else:
            await self.app(scope, receive, marked(send))

    def is_ours(self, headers: list[tuple[bytes, bytes]]) -> bool:
        """Whether the request names one of our hosts. Where every address is bound, any literal address is ours: an
        attacker's name is not one of them."""
        hosts = [value for name, value in headers if name == b"host"]
        if len(hosts) != 1:
            return False
        host = host_of(hosts[0].decode("latin-1"))
        return host in self.names or (self.address in WILDCARDS and literal_address(host) is not None)


def host_of(header: str) -> str:
    """`[::1]:8000` -> `::1`, `LOCALHOST:80` -> `localhost`; "" for what is not a host and port."""
    host, colon, port = header.strip().lower().rpartition(":")
    if not colon or header.endswith("]"):
        host, port = header.strip().lower(), "0"
    if not (port.isascii() and port.isdigit()):
        return ""
    return host[1:-1] if host.startswith("[") and host.endswith("]") else host.rstrip(".")


def marked(send: Send) -> Send:
    """A `send` that adds our headers to every answer."""

    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            known = {name.lower() for name, _ in message.setdefault("headers", [])}
            ours = [(name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in known]
            message["headers"] = [*message["headers"], *ours]
        await send(message)

    return with_headers


async def answer(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    out = marked(send)
    await out({"type": "http.response.start", "status": status, "headers": headers})
    await out({"type": "http.response.body", "body": body})
