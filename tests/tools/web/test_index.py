"""The index keeps up with the folder, whatever happens to the files, and finds what is in them."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

import orjson
import pytest

from newscrawl.storage.lock import Lock
from newscrawl.tools.web import search
from newscrawl.tools.web.index import Index
from tests.tools.web.made import found, found_ids, made_line, write_lines

SEGMENT = "paper.example/2026/11/23/20261123T000000Z-000000-0001.jsonl"
NEXT = SEGMENT.replace("0001.jsonl", "0002.jsonl")


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(tmp_path, tmp_path / "state/browse.sqlite")


def counted(index: Index) -> dict[tuple[str, str], int]:
    """The counts that no story may be missing from or twice in."""
    tally = index.tally()
    return {(what, value): n for what in ("stories", "agency") for (value,), n in tally.by(what, 3).items() if n}


def add(index: Index, name: str, *lines: dict[str, Any], tail: bytes = b"") -> Path:
    path = write_lines(index.output, name, *lines, tail=tail)
    index.update()
    return path


def test_a_line_is_found_with_its_place(index: Index) -> None:
    line = made_line("1", headline="Ümlaut im Kopf")
    add(index, SEGMENT, made_line("0"), line)
    assert index.line(line["id"]) == line
    assert index.versions(line["id"]) == [1]
    assert index.line("paper.example:none") is None


def test_the_newest_version_counts_once(index: Index) -> None:
    old = made_line("1", agency="yonhap")
    new = made_line("1", version=2, change="update", agency=None, text="Quite other words about a lighthouse.")
    add(index, SEGMENT, old)
    add(index, NEXT, new)
    assert counted(index) == {("stories", ""): 1, ("agency", "none"): 1}
    assert found_ids(index, text="lighthouse") == [old["id"]]
    assert found_ids(index, text="chairman") == []
    assert index.versions(old["id"]) == [1, 2]
    assert index.line(old["id"], 1) == old


def test_an_older_version_that_comes_later_changes_nothing(index: Index) -> None:
    new = made_line("1", version=2, change="update", headline="The second")
    add(index, SEGMENT, new)
    add(index, NEXT, made_line("1", headline="The first"))
    assert [row["headline"] for row in found(index).stories] == ["The second"]
    assert counted(index)["stories", ""] == 1


@pytest.mark.parametrize(
    ("tail", "refused"),
    [
        pytest.param(b"", 0, id="a clean end"),
        pytest.param(b"\n\n", 0, id="empty lines"),
        pytest.param(b'{"id": "torn', 0, id="a torn end is not read yet"),
        pytest.param(b"no json\n", 1, id="no json"),
        pytest.param(b"[1, 2]\n", 1, id="no object"),
        pytest.param(b'{"id": "x"}\n', 1, id="no story"),
        pytest.param(orjson.dumps(made_line("9", headline=5)) + b"\n", 1, id="a number for a headline"),
        pytest.param(orjson.dumps(made_line("9", fetched="yesterday")) + b"\n", 1, id="a time that is none"),
        pytest.param(orjson.dumps(made_line("9", fetched="9999-99-99T00:00:00Z")) + b"\n", 1, id="a day that is none"),
        pytest.param(b"\xff\xfe{}\n", 1, id="no utf-8"),
    ],
)
def test_what_is_no_line_is_counted(index: Index, tail: bytes, refused: int) -> None:
    add(index, SEGMENT, made_line("1"), tail=tail)
    add(index, NEXT, made_line("2"))
    assert len(found_ids(index)) == 2
    assert index.reader().execute("SELECT sum(refused) FROM segments").fetchone()[0] == refused


def test_an_open_file_is_read_as_it_grows_and_is_closed(index: Index) -> None:
    part = write_lines(index.output, SEGMENT + ".part", made_line("1"), tail=orjson.dumps(made_line("2"))[:40])
    index.update()
    assert len(found_ids(index)) == 1
    with part.open("r+b") as file:  # a killed run: the torn tail is cut, the next line takes its place
        file.truncate(part.read_bytes().rfind(b"\n") + 1)
    write_lines(index.output, SEGMENT + ".part", made_line("3"))
    index.update()
    part.rename(part.with_name(part.name.removesuffix(".part")))
    index.update()
    ids = found_ids(index)
    assert sorted(ids) == sorted([made_line("1")["id"], made_line("3")["id"]])
    assert all(index.line(story_id) for story_id in ids)


def test_nothing_new_is_nothing_to_do(index: Index) -> None:
    add(index, SEGMENT, made_line("1"))
    assert index.update() is False
    generation = index.generation()
    assert index.update() is False
    assert index.generation() == generation


def test_a_file_that_was_only_touched_is_looked_at_once(index: Index) -> None:
    path = add(index, SEGMENT, made_line("1"))
    path.chmod(0o600)
    assert index.update() is False
    known = index.reader().execute("SELECT changed_ns FROM segments").fetchone()[0]
    assert known == path.stat().st_ctime_ns


def test_files_that_are_gone_are_forgotten(index: Index) -> None:
    first, second = made_line("1"), made_line("1", version=2, change="update", headline="The second")
    add(index, SEGMENT, first, made_line("2"))
    later = add(index, NEXT, second)
    later.unlink()
    index.update()
    assert sorted(row["headline"] for row in found(index).stories) == ["Council widens the quay"] * 2
    assert counted(index)["stories", ""] == 2
    (index.stories / SEGMENT).unlink()
    index.update()
    assert found_ids(index) == []
    assert counted(index) == {}


def test_merged_files_change_nothing(index: Index) -> None:
    lines = [made_line(str(n)) for n in range(5)]
    for n, line in enumerate(lines):
        write_lines(index.output, SEGMENT.replace("0001", f"000{n}"), line)
    index.update()
    before = found_ids(index), counted(index)
    for path in (index.stories / SEGMENT).parent.glob("*.jsonl"):
        path.unlink()
    write_lines(index.output, SEGMENT.replace("0001", "day"), *lines)
    index.update()
    assert (found_ids(index), counted(index)) == before
    assert all(index.line(line["id"]) == line for line in lines)


def test_what_was_taken_out_of_a_file_is_found_no_more(index: Index) -> None:
    """A redaction: the same story, its text gone. Its words must leave the index too."""
    path = add(index, SEGMENT, made_line("1", text="A secret lighthouse."), made_line("2"))
    gone = made_line("1", text="", headline="Withdrawn")
    part = path.with_name("new")
    part.write_bytes(orjson.dumps(gone) + b"\n" + orjson.dumps(made_line("2", summary="x" * 200)) + b"\n")
    os.replace(part, path)
    index.update()
    assert found_ids(index, text="lighthouse") == []
    assert len(found_ids(index)) == 2
    words = index.reader().execute("SELECT count(*) FROM words WHERE words MATCH 'lighthouse'").fetchone()[0]
    assert words == 0


@pytest.mark.parametrize("content", [b"", b"no database at all, but long enough to be looked at" * 50])
def test_a_broken_index_is_made_again(index: Index, content: bytes) -> None:
    index.file.parent.mkdir(parents=True)
    index.file.write_bytes(content)
    add(index, SEGMENT, made_line("1"))
    assert len(found_ids(index)) == 1


def test_a_damaged_index_is_thrown_away_and_made_again(index: Index) -> None:
    add(index, SEGMENT, *(made_line(str(n)) for n in range(200)))
    with sqlite3.connect(index.file) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(index.file.read_bytes())
    content[4096:] = b"\x55" * (len(content) - 4096)
    index.file.write_bytes(content)
    write_lines(index.output, NEXT, made_line("new"))
    with pytest.raises(sqlite3.DatabaseError):
        index.update()
    assert index.update() is True
    assert index.tally().stories() == 201


def test_there_is_an_empty_index_before_there_is_one(index: Index) -> None:
    assert found_ids(index) == []
    assert index.tally().stories() == 0
    assert not index.file.exists()


def test_an_index_of_another_format_is_made_again(index: Index) -> None:
    add(index, SEGMENT, made_line("1"))
    with sqlite3.connect(index.file) as db:
        db.execute("PRAGMA user_version = 99")
    index.update()
    assert len(found_ids(index)) == 1


def test_another_process_that_keeps_the_index_is_seen(index: Index) -> None:
    """Pages are kept by the generation, which must therefore move also where this process changes nothing."""
    add(index, SEGMENT, made_line("1"))
    before = index.generation()
    another = Index(index.output, index.file)
    add(another, NEXT, made_line("2"))
    assert index.generation() > before
    assert len(found_ids(index)) == 2


def test_of_two_processes_one_keeps_the_index(index: Index) -> None:
    write_lines(index.output, SEGMENT, made_line("1"))
    with Lock(index.file.with_suffix(".lock"), "another"):
        assert index.update() is False
    assert index.update() is True


CORPUS = [
    made_line("1", headline="Quay widened", published_at="2026-11-20T10:00:00Z"),
    made_line("2", site="other.example", headline="Kein Kai", language="de", agency=None, published_at="2026-11-21T10:00:00Z"),
    made_line("3", headline="미사일을 쏘았다", text="북한이 미사일을 쏘았다.", language="ko", kind="brief", published_at="2026-11-22T10:00:00Z"),
    made_line("4", headline="Über Nacht", text="Ein Café brannte.", language="de", published_at=None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        pytest.param({}, "4321", id="everything, the newest first"),
        pytest.param({"text": "quay"}, "1 2", id="a word of headline or text"),
        pytest.param({"text": "QUAY widened"}, "1", id="two words"),
        pytest.param({"text": '"widened quay"'}, "", id="a phrase in the wrong order"),
        pytest.param({"text": "uber cafe"}, "4", id="without accents"),
        pytest.param({"text": "미사일"}, "3", id="a korean word without its particle"),
        pytest.param({"text": "사일을"}, "3", id="a piece of a korean word"),
        pytest.param({"text": "일미"}, "", id="no piece of it"),
        pytest.param({"site": "other.example"}, "2", id="a site"),
        pytest.param({"agency": "none"}, "2", id="no agency"),
        pytest.param({"language": "de", "text": "kai"}, "2", id="a word and a language"),
        pytest.param({"kind": "brief"}, "3", id="a kind"),
        pytest.param({"site": "nobody.example"}, "", id="a site that is not there"),
        pytest.param({"since": "2026-11-21", "until": "2026-11-22"}, "32", id="days"),
        pytest.param({"day": "2026-11-20"}, "1", id="a day"),
        pytest.param({"day": "2026-02-31"}, "4321", id="no day is not asked for"),
        pytest.param({"until": "9999-12-31"}, "4321", id="the last day there can be"),
        pytest.param({"before": "x1"}, "4321", id="no number is not asked for"),
        pytest.param({"text": 'site:x OR "'}, "", id="operators are words"),
        pytest.param({"text": "zz0"}, "", id="the word of a facet is no text"),
    ],
)
def test_search(index: Index, asked: dict[str, str], keys: str) -> None:
    add(index, SEGMENT, *CORPUS)
    ids = {line["id"]: key for key, line in zip("1234", CORPUS, strict=True)}
    expected = keys.replace(" ", "")
    if " " in keys:  # in any order
        assert sorted(ids[i] for i in found_ids(index, **asked)) == sorted(expected)
    else:
        assert "".join(ids[i] for i in found_ids(index, **asked)) == expected


@pytest.mark.parametrize("most", [200, 2, 1], ids=["listed", "as many as are listed", "too many to list"])
@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("gov*", "012"), ("gove*", "012"), ("gover*", "012"), ("govern*", "012"), ("governo*", "2"), ("governm*", "01"),
        ("GOVERNM*", "01"), ("governments", ""), ("government*", "01"), ("governs*", ""), ("govern* spring", "1"),
    ],
)  # fmt: skip
def test_beginnings_of_words(index: Index, monkeypatch: pytest.MonkeyPatch, most: int, text: str, keys: str) -> None:
    monkeypatch.setattr(search, "MAX_ENDINGS", most)
    heads = ("Government falls", "Government rises in spring", "Governor visits", "Goes on")
    add(index, SEGMENT, *(made_line(str(key), headline=head, text=head) for key, head in enumerate(heads)))
    assert set(found_ids(index, text=text)) == {made_line(key)["id"] for key in keys}


def test_words_are_listed_up_to_a_number(index: Index) -> None:
    add(index, SEGMENT, made_line("1", headline="Gate gateway gather", text="gates"), made_line("2", headline="gate"))
    assert search.words_from(index.reader(), "gate") == ["gate", "gates", "gateway"]
    assert search.words_from(index.reader(), "gatex") == []
    add(index, NEXT, made_line("3", headline=" ".join(f"gate{number}" for number in range(search.MAX_ENDINGS))))
    assert search.words_from(index.reader(), "gate") == []


def test_facets_count_what_was_found(index: Index) -> None:
    add(index, SEGMENT, *CORPUS)
    results = found(index, language="de")
    assert results.facets["site"] == [("paper.example", 1), ("other.example", 1)] or results.facets["site"] == [
        ("other.example", 1),
        ("paper.example", 1),
    ]
    assert results.facets["language"] == [("de", 2)]
    assert (results.counted, results.is_counted_all) == (2, True)


def test_pages_of_results_meet_every_story_once(index: Index) -> None:
    add(index, SEGMENT, *(made_line(str(n), published_at="2026-11-20T10:00:00Z") for n in range(70)))
    seen, before = [], ""
    while True:
        page = found(index, text="quay", before=before)
        seen += [row["id"] for row in page.stories]
        if not page.next_before:
            break
        before = str(page.next_before)
    assert len(seen) == len(set(seen)) == 70


def test_a_story_is_never_newer_than_when_it_was_seen(index: Index) -> None:
    add(
        index,
        SEGMENT,
        made_line("1", published_at="9998-01-01T00:00:00Z"),
        made_line("2", fetched="2026-11-24T00:00:00Z", published_at=None),
    )
    assert found_ids(index)[0] == made_line("2")["id"]
