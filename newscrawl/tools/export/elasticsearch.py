"""The bulk format of Elasticsearch and OpenSearch, and a mapping made from items.py.

A document is a story: `_id` its id, its version an external one. So the newest version wins whatever comes first, and
a replay changes nothing (`external_gte`: the same version once more is not a conflict). `version` and `version_type` are in
the action of a bulk request as they would be in the query of an index request.
"""

from __future__ import annotations

from dataclasses import is_dataclass
from typing import Any, get_args, get_origin

import orjson

from newscrawl.items import DATE, TIMESTAMP, Story
from newscrawl.schema.types import record_fields

PROSE = {"headline", "subheadline", "summary", "text", "byline", "caption", "notice", "reservation", "raw", "name"}
MAX_KEYWORD = 8191  # characters: Lucene refuses a term of more than 32,766 bytes, and with it the document
NUMBERS = {int: "long", float: "double"}


def bulk_lines(record: dict[str, Any]) -> bytes:
    """The action and the document. It names no index: that is in the address it is posted to (/<index>/_bulk)."""
    action = {"index": {"_id": record["id"], "version": record["version"], "version_type": "external_gte"}}
    return orjson.dumps(action) + b"\n" + orjson.dumps(record) + b"\n"


def mapping() -> dict[str, Any]:
    """The body of PUT /<index>."""
    return {"mappings": {"dynamic": "strict", "properties": properties(Story)}}


def properties(record: type) -> dict[str, Any]:
    return {entry.name: property_of(entry.name, kind, entry.metadata.get("pattern")) for entry, kind, _ in record_fields(record)}  # fmt: skip


def property_of(name: str, kind: Any, pattern: str | None) -> dict[str, Any]:
    if name == "body":
        return {"type": "object", "enabled": False}  # the same words as `text`: kept, not indexed twice
    inner = get_args(kind)[0] if get_origin(kind) is list else kind
    if is_dataclass(inner):
        return {"properties": properties(inner)}  # type: ignore[arg-type]
    if pattern in (TIMESTAMP, DATE):
        return {"type": "date", "format": "strict_date_optional_time"}
    if inner in NUMBERS:
        return {"type": NUMBERS[inner]}
    keyword = {"type": "keyword", "ignore_above": MAX_KEYWORD}
    return (
        {"type": "text", "fields": {"keyword": {"type": "keyword", "ignore_above": 256}}} if name in PROSE else keyword
    )
