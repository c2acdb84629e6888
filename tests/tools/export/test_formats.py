"""Each format: what other tools read of it, and that hostile values stay values."""

from __future__ import annotations

import csv
import gzip
import json
import sqlite3
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from newscrawl.storage.jsonl import line_of
from newscrawl.tools.export import convert
from newscrawl.tools.export.elasticsearch import mapping
from newscrawl.tools.export.formats import FORMATS, Exported, export
from newscrawl.tools.export.parquet import FolderInUse
from newscrawl.tools.export.tables import defused
from newscrawl.tools.query import open_corpus
from newscrawl.tools.query.filters import Filter
from newscrawl.tools.query.packing import pack_all
from tests.conftest import SHARED
from tests.schema.test_schema import empty_story, full_story
from tests.tools.query.made import write_lines

NINJS_SCHEMA = SHARED / "data/schemas/ninjs-schema_3.1.json"
FULL, EMPTY = (json.loads(line_of(story)) for story in (full_story(), empty_story()))
GONE = FULL | {"change": "withdrawal", "version": 2, "text": "", "body": [], "attribution": [], "agency": None}


def exported(output: Path, name: str, target: str = "", **options: Any) -> tuple[Path, Exported]:
    wanted = options.pop("wanted", Filter())
    path = output.parent / (target or f"out.{name}")
    with open_corpus(output) as corpus:
        return path, export(corpus, path, name, wanted, **options)


def json_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def newest(records: list[dict[str, Any]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for record in records:
        if record["cluster"]["relation"] == "first":
            found[record["id"]] = max(record["version"], found.get(record["id"], 0))
    return found


@pytest.mark.parametrize("name", FORMATS)
def test_lines_counted_and_nothing_left_behind(output: Path, records: list[dict[str, Any]], name: str) -> None:
    assert exported(output, name)[1].written == 60
    path, done = exported(output, name, is_unique=True)
    assert done.written == len(newest(records))
    assert exported(output, name, wanted=Filter(agency=("northwire",)))[1].written == sum(r["agency"] == "northwire" for r in records)  # fmt: skip
    beside = {f"{path.name}.mapping.json"} if name == "elasticsearch" else set()
    assert {file.name for file in output.parent.iterdir()} == {"output", path.name, *beside}


@pytest.mark.parametrize("is_packed", [False, True])
def test_parquet_opens_everywhere(output: Path, records: list[dict[str, Any]], is_packed: bool) -> None:
    import duckdb
    import pandas
    import pyarrow.parquet

    if is_packed:
        pack_all(output)
    path, _ = exported(output, "parquet", is_unique=True)
    expected = newest(records)
    assert dict(duckdb.execute("SELECT id, version FROM read_parquet(?)", [str(path)]).fetchall()) == expected
    frame = pandas.read_parquet(path)
    assert dict(zip(frame["id"], frame["version"], strict=True)) == expected
    assert list(frame.columns) == list(records[0]) and str(frame["published_at"].dtype).startswith("datetime64")
    by_key = {(record["id"], record["version"]): record for record in records}
    for row in pyarrow.parquet.read_table(path).to_pylist():
        record = by_key[row["id"], row["version"]]
        for name in ("text", "headline", "attribution", "cluster", "tags", "body", "agency"):
            assert row[name] == record[name]
        assert f"{row['published_at']:%Y-%m-%dT%H:%M:%SZ}" == record["published_at"]


def test_parquet_opens_in_datasets(output: Path, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    datasets.disable_progress_bars()
    path, _ = exported(output, "parquet")
    loaded = datasets.load_dataset("parquet", data_files=str(path), cache_dir=str(tmp_path / "cache"), split="train")
    assert loaded.num_rows == 60


def test_parquet_by_site_and_day(output: Path, records: list[dict[str, Any]]) -> None:
    import duckdb

    path, done = exported(output, "parquet", "folder", is_partitioned=True)
    assert done.written == 60
    assert {folder.name for folder in path.iterdir()} == {f"site={r['source']['id']}" for r in records}
    rows = duckdb.execute("SELECT site, day, count(*) FROM read_parquet(?) GROUP BY ALL", [f"{path}/**/*.parquet"]).fetchall()  # fmt: skip
    assert sum(row[2] for row in rows) == 60 and {str(row[1]) for row in rows} == {"2026-09-01"}
    with pytest.raises(FolderInUse, match="remove it, or name another"):
        exported(output, "parquet", "folder", is_partitioned=True)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\tx", "'\tx"), ("\rx", "'\rx"), ("\n=x", "'\n=x"),
        ("＝1", "'＝1"), ("a\x00b", "a\ufffdb"),
        ("plain", "plain"), ("a=b", "a=b"), (" -", " -"), ("'=x", "'=x"), ("", ""), (None, None), (-3, -3), (0.5, 0.5), ("— dash", "— dash"),
    ],
)  # fmt: skip
def test_formulas_are_defused(value: Any, expected: Any) -> None:
    assert defused(value) == expected


def test_csv_reads_back(output: Path, records: list[dict[str, Any]]) -> None:
    hostile = dict(
        records[0], id="x:1", headline='=HYPERLINK("http://x")', summary='a "b", c\r\nd\n\u2028', byline="-x"
    )
    write_lines(output / "stories/z.jsonl", [hostile])
    path, _ = exported(output, "csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 61 and not [
        cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    ]
    row = next(row for row in rows if row["id"] == "x:1")
    assert (row["headline"], row["summary"], row["byline"]) == ("'" + hostile["headline"], hostile["summary"], "'-x")
    assert row["text"] == hostile["text"] and row["subheadline"] == "" and "attribution" not in row


def test_sqlite(output: Path, records: list[dict[str, Any]]) -> None:
    path, _ = exported(output, "sqlite")
    database = sqlite3.connect(path)
    assert dict(database.execute("SELECT id, version FROM stories")) == newest(records)
    assert [json.loads(row[0]) for row in database.execute("SELECT record FROM lines ORDER BY id, version")] == sorted(records, key=lambda r: (r["id"], r["version"]))  # fmt: skip
    word = records[0]["text"].split()[0]
    query = "SELECT count(*) FROM search JOIN lines ON lines.rowid = search.rowid WHERE search MATCH ?"
    expected = sum(
        any(w.strip(".,").lower() == word.lower() for w in f"{r['headline']} {r['text']}".split()) for r in records
    )
    assert database.execute(query, (f'"{word}"',)).fetchone() == (expected,)
    plan = str(database.execute("EXPLAIN QUERY PLAN SELECT * FROM lines WHERE agency = 'x'").fetchall())
    assert "lines_by_agency" in plan and database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.skipif(not NINJS_SCHEMA.exists(), reason="IPTC's schema is not there")
@pytest.mark.parametrize("record", [FULL, EMPTY, GONE], ids=["full", "empty", "withdrawn"])
def test_ninjs_fits_the_schema_of_iptc(record: dict[str, Any]) -> None:
    schema = json.loads(NINJS_SCHEMA.read_text("utf-8"))
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    assert [error.message for error in validator.iter_errors(convert.ninjs(record))] == []
    assert list(validator.iter_errors(convert.ninjs(record) | {"colour": "red"}))


def test_ninjs() -> None:
    item = convert.ninjs(FULL | {"id": "a b:ü#1"})
    assert item["uri"] == "urn:newscrawl:a%20b:%C3%BC%231" and item["standard"]["version"] == "3.1"
    assert item["infoSources"][0] == {"name": FULL["attribution"][0]["name"], "role": "originator", "literal": "yonhap"}
    assert item["infoSources"][-1]["role"] == "publisher" and item["located"] == "SEOUL"
    assert [body["contentType"] for body in item["bodies"]] == ["text/plain", "text/html"]
    assert item["associations"][0]["by"] == "Yonhap" and item["pubStatus"] == "usable"
    gone = convert.ninjs(GONE)
    assert (gone["pubStatus"], gone["uri"]) == ("canceled", convert.ninjs(FULL)["uri"]) and "bodies" not in gone


def test_html_is_escaped() -> None:
    record = FULL | {"body": [{"type": "paragraph", "text": "<script>&"}, {"type": "list-item", "text": "a"}]}
    assert convert.html_of(record) == "<p>&lt;script&gt;&amp;</p>\n<li>a</li>"


def test_schema_org() -> None:
    item = convert.schema_org(FULL)
    assert (item["@context"], item["@type"], item["headline"]) == (
        "https://schema.org",
        "NewsArticle",
        FULL["headline"],
    )
    assert item["articleBody"] == FULL["text"] and item["datePublished"] == "2026-11-23T00:30:00Z"
    assert item["author"] == [{"@type": "Person", "name": "Ada Brandt"}]
    assert (
        item["sourceOrganization"][0]["identifier"] == "yonhap" and item["associatedMedia"][0]["@type"] == "ImageObject"
    )
    assert (
        convert.schema_org(EMPTY | {"published_at": None, "published_date": "2026-11-23"})["datePublished"]
        == "2026-11-23"
    )
    assert None not in convert.schema_org(EMPTY).values()


RIGHTS = {
    "https://creativecommons.org/licenses/by/4.0/": "https://creativecommons.org/licenses/by/4.0/",
    "CC BY 4.0": {"@type": "CreativeWork", "text": "CC BY 4.0"},
    "httpx is no scheme": {"@type": "CreativeWork", "text": "httpx is no scheme"},
}


@pytest.mark.parametrize(("stated", "expected"), RIGHTS.items())
@pytest.mark.parametrize(("field", "name"), [("license", "license"), ("reservation", "usageInfo")])
def test_a_licence_is_a_url_or_a_work(field: str, name: str, stated: str, expected: Any) -> None:
    assert convert.schema_org(FULL | {"rights": FULL["rights"] | {field: stated}})[name] == expected
    assert name not in convert.schema_org(EMPTY)


def test_a_live_blog_has_no_dateline_in_schema_org() -> None:
    assert convert.schema_org(FULL)["dateline"] == FULL["dateline"]["text"]
    blog = convert.schema_org(FULL | {"kind": "live-blog"})
    assert blog["@type"] == "LiveBlogPosting" and "dateline" not in blog


def test_the_names_of_other_corpora() -> None:
    assert list(convert.cc_news(EMPTY)) == ["title", "text", "domain", "date", "description", "url", "image_url"]
    assert all(isinstance(value, str) for record in (FULL, EMPTY, GONE) for value in convert.cc_news(record).values())
    item = convert.news_please(FULL)
    assert set(item) == {
        "authors", "date_download", "date_modify", "date_publish", "description", "filename", "image_url", "language",
        "localpath", "maintext", "source_domain", "title", "title_page", "title_rss", "url",
    }  # fmt: skip
    assert (item["date_publish"], item["authors"]) == ("2026-11-23 00:30:00", ["Ada Brandt"])
    assert item["filename"] == "http%3A%2F%2Fpaper.example%2Fstory-2.json"
    empty = convert.news_please(EMPTY)
    assert (empty["date_publish"], empty["authors"], empty["date_download"]) == (None, [], "2026-11-23 00:00:00")
    dated = EMPTY | {"published_date": "2026-11-23"}
    assert convert.news_please(dated)["date_publish"] == convert.cc_news(dated)["date"] == "2026-11-23 00:00:00"


def test_bulk_lines_and_their_mapping(output: Path, records: list[dict[str, Any]]) -> None:
    path, _ = exported(output, "elasticsearch", "bulk.ndjson")
    lines = json_lines(path)
    actions, documents = lines[::2], lines[1::2]
    assert [a["index"]["_id"] for a in actions] == [d["id"] for d in documents] and len(documents) == 60
    assert {a["index"]["version_type"] for a in actions} == {"external_gte"}
    assert [a["index"]["version"] for a in actions] == [d["version"] for d in documents]
    assert json.loads((output.parent / "bulk.ndjson.mapping.json").read_bytes()) == mapping()
    for document in [*documents, FULL, EMPTY]:
        assert unmapped(document, mapping()["mappings"]["properties"]) == []


def unmapped(value: dict[str, Any], properties: dict[str, Any], path: str = "") -> list[str]:
    """Fields that a strict mapping would refuse, and objects where it wants plain values."""
    found = []
    for name, inner in value.items():
        known = properties.get(name)
        for entry in inner if isinstance(inner, list) else [inner]:
            if known is None or isinstance(entry, dict) != ("properties" in known or known.get("type") == "object"):
                found += [f"{path}{name}"] if entry is not None else []
            elif isinstance(entry, dict) and "properties" in known:
                found += unmapped(entry, known["properties"], f"{path}{name}.")
    return found


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_compressed(output: Path, ending: str) -> None:
    plain, _ = exported(output, "cc_news")
    path, _ = exported(output, "cc_news", f"out.jsonl{ending}")
    if ending == ".gz":
        content = gzip.decompress(path.read_bytes())
    else:
        zstd = pytest.importorskip("backports.zstd")
        content = zstd.decompress(path.read_bytes())
    assert content == plain.read_bytes() and path.stat().st_size < plain.stat().st_size / 2


def test_lines_that_are_none_are_left_out_and_counted(output: Path, records: list[dict[str, Any]]) -> None:
    path = write_lines(output / "stories/z.jsonl", [dict(records[0], body=None), records[1] | {"id": "x:1"}])
    path.write_bytes(path.read_bytes() + b'{"torn')
    assert exported(output, "ninjs")[1] == Exported(61, 2)
