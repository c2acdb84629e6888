"""XML from outside: no entity is expanded, nothing is loaded, broken markup is read as far as it goes."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

MAX_XML_BYTES = 64 * 1024 * 1024
GZIP_MAGIC = b"\x1f\x8b"


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


def elements(body: bytes, names: frozenset[str]) -> Iterator[etree._Element]:
    """Elements of these local names, each when it is complete; what was read is freed."""
    events = etree.iterparse(
        BytesIO(body),
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
