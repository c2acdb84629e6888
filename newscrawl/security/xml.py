"""Parse untrusted XML: no entity is expanded, nothing is loaded, broken markup is read as far as possible."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO, cast

from lxml import etree

MAX_XML_BYTES = 64 * 1024 * 1024
GZIP_MAGIC = b"\x1f\x8b"
HEAD_BYTES = 5_000


class TooBig(ValueError):
    """A document beyond its bound."""


def gunzipped(body: bytes, limit: int = MAX_XML_BYTES) -> bytes:
    """The document inside one layer of gzip, or the body itself; TooBig beyond the limit (a bomb)."""
    if not body.startswith(GZIP_MAGIC):
        return body
    try:
        with gzip.GzipFile(fileobj=BytesIO(body)) as file:
            content = file.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"broken gzip: {error}") from None
    if len(content) > limit:
        raise TooBig(f"more than {limit} bytes when unpacked")
    return content


class UnpackedXml:
    """A document, unpacked as it is read (one layer of gzip): a bomb costs no more memory than what is read of it.

    `broken` names what ended it early, if anything did; `head` is its beginning.
    """

    def __init__(self, body: bytes, limit: int = MAX_XML_BYTES) -> None:
        self.file: BinaryIO = BytesIO(body)
        if body.startswith(GZIP_MAGIC):
            self.file = cast(BinaryIO, gzip.GzipFile(fileobj=self.file))
        self.left = limit
        self.head = b""
        self.broken: str | None = None

    @property
    def is_beyond_bound(self) -> bool:
        return self.broken == "too-big"

    def read(self, size: int = 65_536) -> bytes:
        """The next bytes; none at the end, at damage and beyond the limit."""
        if self.broken is not None:
            return b""
        try:
            content = self.file.read(size)
        except (OSError, EOFError, zlib.error):
            self.broken = "broken-gzip"
            return b""
        self.left -= len(content)
        if self.left < 0:
            self.broken = "too-big"
            return b""
        self.head = self.head or content[:HEAD_BYTES]
        return content


def elements(document: UnpackedXml, names: frozenset[str]) -> Iterator[etree._Element]:
    """Elements of these local names, each when it is complete; what was read is freed."""
    events = etree.iterparse(
        document,
        events=("end",),
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    try:
        for _, element in events:
            if isinstance(element.tag, str) and local_name(element) in names:
                yield element
                element.clear()
                while element.getprevious() is not None and (parent := element.getparent()) is not None:
                    del parent[0]
    except etree.XMLSyntaxError:
        return


def local_name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]
