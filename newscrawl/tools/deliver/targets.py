"""Where lines are pushed: a folder, an object store, a webhook."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit, urlunsplit

from newscrawl import __version__
from newscrawl.storage.jsonl import sync_folder
from newscrawl.storage.positions import Unread
from newscrawl.tools.deliver.errors import NotDelivered, TargetError, reason
from newscrawl.tools.deliver.object_store import CREDENTIALS, S3, TIMEOUT_SECONDS, ObjectStore

BATCH_BYTES = 1_000_000  # of lines in one request of a webhook; a longer line goes alone
SIGNATURE, TIMESTAMP, DELIVERY = "X-Newscrawl-Signature", "X-Newscrawl-Timestamp", "X-Newscrawl-Delivery"
ALLOWED = "folders, s3://bucket/prefix and https://host/path"


class Target(Protocol):
    """What takes lines."""

    @property
    def name(self) -> str:
        """Its address without any password."""

    @property
    def identity(self) -> str:
        """What its cursor is known by: all of its address but user name and password, which may change."""

    def push(self, stretch: Unread) -> Iterator[int]:
        """Hand over a stretch; each offset up to which the receiver has it. NotDelivered where it does not take it."""


def target_of(address: str, secret: str = "") -> Target:
    """The target that an address means: `https://...` a webhook, `s3://...` an object store, a path a folder."""
    parts = urlsplit(address)
    if parts.scheme in ("http", "https"):
        if not parts.hostname:
            raise TargetError(f"NEWSCRAWL_DELIVER: {without_password(address)!r} names no host")
        return Webhook(address, secret)
    if parts.scheme in S3 and "@" in parts.netloc:
        raise TargetError(
            f"NEWSCRAWL_DELIVER: {without_password(address)}: credentials do not belong in the address; {CREDENTIALS}"
        )
    if parts.scheme in S3 and not parts.netloc:
        raise TargetError(f"NEWSCRAWL_DELIVER: {address!r} names no bucket; allowed are {ALLOWED}")
    if parts.scheme and "://" in address:
        return ObjectStore(address, without_password(address), without_userinfo(address))
    if not address.strip():
        raise TargetError(f"NEWSCRAWL_DELIVER: an entry is empty; allowed are {ALLOWED}")
    return Folder(Path(address))


def without_password(address: str) -> str:
    """What of an address may be shown: a query may hold a token."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def without_userinfo(address: str) -> str:
    parts = urlsplit(address)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


@dataclass(slots=True)
class Folder:
    """A folder that gets the files under the names they have below stories/; no line is in two of them."""

    path: Path

    @property
    def name(self) -> str:
        return str(self.path)

    @property
    def identity(self) -> str:
        return self.name

    def push(self, stretch: Unread) -> Iterator[int]:
        target = self.path / stretch.site / stretch.delivered_path
        part = target.with_name(target.name + ".part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                for chunk in chunks(stretch.file, stretch.start, stretch.end):
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, target)
            sync_folder(target.parent)
        except OSError as error:
            raise NotDelivered(f"{target}: {error}") from error
        yield stretch.end


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirected POST would become a GET without its lines."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


@dataclass(slots=True)
class Webhook:
    """A URL that is sent the lines, signed: batches of NDJSON, each with a name by which it can be known again."""

    address: str
    secret: str = ""

    @property
    def name(self) -> str:
        return without_password(self.address)

    @property
    def identity(self) -> str:
        return without_userinfo(self.address)

    def push(self, stretch: Unread) -> Iterator[int]:
        no_proxies = urllib.request.ProxyHandler({})  # as a crawl: proxies of the environment are not used
        opener = urllib.request.build_opener(NoRedirects, no_proxies)
        for start, body in batches(stretch):
            self.post(opener, body, f"{stretch.site}/{stretch.path}:{start}")
            yield start + len(body)

    def post(self, opener: urllib.request.OpenerDirector, body: bytes, delivery: str) -> None:
        try:
            url = without_userinfo(self.address)  # which urllib would take for a part of the host
            request = urllib.request.Request(url, body, self.headers(body, delivery), method="POST")  # noqa: S310
            with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                answer.read(1)
        except HTTPError as error:
            raise NotDelivered(f"{self.name}: answered {error.code}") from error
        except (URLError, HTTPException, OSError, ValueError) as error:
            raise NotDelivered(f"{self.name}: {reason(error, self.address)}") from None

    def headers(self, body: bytes, delivery: str) -> dict[str, str]:
        """Signed over time and body (HMAC-SHA-256), so that neither can be changed nor sent again later."""
        at = str(int(time.time()))
        found = {
            "Content-Type": "application/x-ndjson", "User-Agent": f"newscrawl/{__version__}", DELIVERY: delivery, TIMESTAMP: at,
        }  # fmt: skip
        userinfo = urlsplit(self.address).netloc.rpartition("@")[0]
        if userinfo:
            found["Authorization"] = "Basic " + base64.b64encode(unquote(userinfo).encode()).decode()
        if self.secret:
            signed = hmac.new(self.secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
            found[SIGNATURE] = f"sha256={signed}"
        return found


def chunks(file: Path, start: int, end: int) -> Iterator[bytes]:
    """The bytes of a stretch of a file, some at a time."""
    with file.open("rb") as source:
        source.seek(start)
        while start < end and (chunk := source.read(min(BATCH_BYTES, end - start))):
            yield chunk
            start += len(chunk)


def batches(stretch: Unread) -> Iterator[tuple[int, bytes]]:
    """(offset, whole lines) of a stretch."""
    start, gathered = stretch.start, b""
    for chunk in chunks(stretch.file, stretch.start, stretch.end):
        gathered += chunk
        cut = gathered.rfind(b"\n") + 1
        if cut:
            yield start, gathered[:cut]
            start, gathered = start + cut, gathered[cut:]
    if gathered:
        yield start, gathered
