"""The fast check says of every record what the JSON Schema says, and where."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema
import pytest

from benchmarks.corpus import Maker
from newscrawl.schema import json_schema
from newscrawl.schema.check import faults
from newscrawl.storage.jsonl import line_of
from tests.schema.test_schema import empty_story, full_story

GOOD = json.loads(line_of(full_story()))


def with_value(path: str, value: Any) -> dict[str, Any]:
    """A good record with another value at a path; `...` takes the field away."""
    record: dict[str, Any] = copy.deepcopy(GOOD)
    *names, last = [int(name) if name.isdigit() else name for name in path.split(".")]
    place: Any = record
    for name in names:
        place = place[name]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return record


WRONG = [
    ("version", "1", "version"), ("version", True, "version"), ("version", None, "version"), ("agency", 3, "agency"),
    ("agency", ..., "agency"), ("kind", "poem", "kind"), ("kind", None, "kind"), ("kind", ["article"], "kind"),
    ("published_at", "yesterday", "published_at"), ("published_at", "2026-11-23 00:30:00", "published_at"),
    ("published_offset", "9", "published_offset"), ("text", None, "text"), ("tags", "quay", "tags"), ("tags", [1], "tags[0]"),
    ("source", None, "source"), ("source", [], "source"), ("source.kind", "paper", "source.kind"),
    ("attribution.0.confidence", "high", "attribution[0].confidence"), ("attribution.0.confidence", True, "attribution[0].confidence"),
    ("attribution.0.evidence.0.where", "there", "attribution[0].evidence[0].where"),
    ("attribution.0.evidence.0.start", 1.5, "attribution[0].evidence[0].start"),
    ("crawl.warc.file", 1, "crawl.warc.file"), ("crawl.warc.more", 1, "crawl.warc.more"), ("extra", None, "extra"),
    ("content_hash", "sha256:00", "content_hash"), ("dateline.date", "23 Nov", "dateline.date"), ("cluster.similarity", "1", "cluster.similarity"),
]  # fmt: skip
FINE = [
    ("agency", None), ("published_at", None), ("published_date", None), ("dateline", None), ("tags", []), ("source.kind", None),
    ("cluster.similarity", 1), ("attribution.0.confidence", 1), ("text", GOOD["text"] + " more \x00\u2028 \U0001f600"), ("headline", ""),
    ("attribution", []), ("crawl.warc.offset", 2**40),
]  # fmt: skip
BEYOND = [  # a JSON Schema cannot say these
    ("published_at", "2026-02-30T00:00:00Z", "published_at"), ("published_at", "2026-11-23T25:00:00Z", "published_at"),
    ("dateline.date", "2026-13-01", "dateline.date"), ("attribution.0.evidence.0.start", 0, "attribution[0].evidence[0].start"),
    ("attribution.0.evidence.0.start", None, "attribution[0].evidence[0].start"),
    ("attribution.0.evidence.0.start", -8, "attribution[0].evidence[0].start"),
    ("attribution.0.evidence.0.text", "(Reuters)", "attribution[0].evidence[0].start"),
    ("schema", "newscrawl/2", "schema"),
]  # fmt: skip
VALIDATOR = jsonschema.Draft202012Validator(json_schema())


@pytest.mark.parametrize(("path", "value", "field"), WRONG)
def test_what_the_schema_refuses(path: str, value: Any, field: str) -> None:
    record = with_value(path, value)
    assert list(VALIDATOR.iter_errors(record))
    assert [found for found, _ in faults(record)] == [field]


@pytest.mark.parametrize(("path", "value"), FINE)
def test_what_the_schema_lets_through(path: str, value: Any) -> None:
    record = with_value(path, value)
    assert not list(VALIDATOR.iter_errors(record))
    assert faults(record) == []


@pytest.mark.parametrize(("path", "value", "field"), BEYOND)
def test_what_only_the_check_sees(path: str, value: Any, field: str) -> None:
    assert [found for found, _ in faults(with_value(path, value))] == [field]


@pytest.mark.parametrize("value", [None, 3, "x", [], [GOOD], True])
def test_what_is_no_object(value: Any) -> None:
    ((field, reason),) = faults(value)
    assert field == "" and "not an object" in reason


def test_written_lines_fit() -> None:
    maker = Maker()
    for record in [GOOD, json.loads(line_of(empty_story())), *(maker.line() for _ in range(40))]:
        assert faults(record) == [] and not list(VALIDATOR.iter_errors(record))


def test_a_withdrawal_fits() -> None:
    gone = GOOD | {"change": "withdrawal", "text": "", "body": [], "attribution": [], "agency": None}
    assert faults(gone) == []
