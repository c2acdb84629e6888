"""WARC files as they lie around: whole, cut, damaged, packed in every way."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from newscrawl.archive.reader import Archive, files_of
from tests.archive.made_warc import made_warc

PAGES = [(f"https://paper.example/{n}", f"<p>page {n} {'of many words ' * n}</p>".encode()) for n in range(5)]


def written(tmp_path: Path, content: bytes) -> Archive:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(content)
    return Archive(path)


def numbers(archive: Archive) -> list[int]:
    return [int(found.url[-1]) for found in archive.responses()]


Damage = Callable[[bytes, list[int]], bytes]
DAMAGES: dict[str, tuple[Damage, list[int], dict[str, int]]] = {
    "none": (lambda b, at: b, [0, 1, 2, 3, 4], {}),
    "flipped bytes": (lambda b, at: b[: at[2] + 40] + b"\xff" * 20 + b[at[2] + 60 :], [0, 1, 3, 4], {"broken-record": 1}),
    "a record cut short": (lambda b, at: b[: at[2] + 60] + b[at[3] :], [0, 1, 3, 4], {"broken-record": 1}),
    "a record left out": (lambda b, at: b[: at[2]] + b[at[3] :], [0, 1, 3, 4], {}),
    "the end cut": (lambda b, at: b[: at[4] + 100], [0, 1, 2, 3], {"cut-record": 1}),
    "garbage between": (lambda b, at: b[: at[2]] + b"garbage\r\n" * 99 + b[at[2] :], [0, 1, 2, 3, 4], {}),
    "garbage alone": (lambda b, at: b"garbage\r\n" * 99, [], {"no-record": 1}),
    "nothing": (lambda b, at: b"", [], {"no-record": 1}),
    "a megabyte of zeros between": (lambda b, at: b[: at[3]] + bytes(1_100_000) + b[at[3] :], [0, 1, 2, 3, 4], {}),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGES)
def test_a_broken_record_of_a_gzipped_archive_costs_itself(tmp_path: Path, name: str) -> None:
    damage, expected, faults = DAMAGES[name]
    archive = written(tmp_path, damage(*made_warc(PAGES)))
    assert numbers(archive) == expected
    assert dict(archive.faults) == faults


@pytest.mark.parametrize("name", ["none", "a record left out", "garbage between", "garbage alone", "nothing"])
def test_a_plain_archive(tmp_path: Path, name: str) -> None:
    damage, expected, faults = DAMAGES[name]
    archive = written(tmp_path, damage(*made_warc(PAGES, is_gzip=False)))
    assert (numbers(archive), dict(archive.faults)) == (expected, faults)


@pytest.mark.parametrize("kept", [5, 20, 60, 150, 300, 400, 430])
def test_a_record_of_a_plain_archive_cut_short_costs_itself(tmp_path: Path, kept: int) -> None:
    content, offsets = made_warc(PAGES, is_gzip=False)
    assert kept < offsets[3] - offsets[2]
    archive = written(tmp_path, content[: offsets[2] + kept] + content[offsets[3] :])
    assert numbers(archive) == [0, 1, 3, 4] and sum(archive.faults.values()) <= 1


def test_a_file_that_was_packed_as_a_whole_is_told(tmp_path: Path) -> None:
    archive = written(tmp_path, gzip.compress(made_warc(PAGES, is_gzip=False)[0]))
    assert numbers(archive) == [] and archive.faults == {"more-than-one-record": 1}


def test_the_end_of_a_plain_archive_cut(tmp_path: Path) -> None:
    content, offsets = made_warc(PAGES, is_gzip=False)
    for end in (offsets[4] + 40, len(content) - 30):
        archive = written(tmp_path, content[:end])
        assert numbers(archive) == [0, 1, 2, 3] and sum(archive.faults.values()) == 1


def test_what_a_record_holds_and_where_it_lies(tmp_path: Path) -> None:
    for is_gzip in (True, False):
        content, offsets = made_warc(PAGES, is_gzip=is_gzip)
        archive = written(tmp_path, content)
        found = list(archive.responses())
        assert [f.body for f in found] == [body for _, body in PAGES]
        assert [f.offset for f in found] == offsets
        assert found[1].captured_at.isoformat() == "2026-11-01T00:01:00+00:00"
        assert ("ETag", '"1"') in found[1].headers and found[1].status == 200
        for one in found:
            assert one.offset is not None and one.length is not None
            assert archive.response_at(one.offset) == one
            record = content[one.offset : one.offset + one.length]
            assert one.body in (gzip.decompress(record) if is_gzip else record)


CHUNKED = b"5\r\n<p>Qu\r\n7\r\nay</p>\n\r\n0\r\n\r\n"
HTML = b"<p>Quay</p>\n"
BODIES: dict[str, tuple[bytes, list[tuple[str, str]], bytes | None]] = {
    "gzip": (gzip.compress(HTML), [("Content-Encoding", "gzip")], HTML),
    "deflate": (zlib.compress(HTML), [("content-encoding", "deflate")], HTML),
    "chunks": (CHUNKED, [("Transfer-Encoding", "chunked")], HTML),
    "plain under the header of gzip": (HTML, [("Content-Encoding", "gzip")], HTML),
    "plain under the header of chunks": (HTML, [("Transfer-Encoding", "chunked")], HTML),
    "an unknown encoding": (HTML, [("Content-Encoding", "rot13")], HTML),
    "half of a gzipped body": (gzip.compress(HTML * 99)[:-12], [("Content-Encoding", "gzip")], None),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_unpacked(tmp_path: Path, name: str) -> None:
    raw, headers, body = BODIES[name]
    archive = written(tmp_path, made_warc([("https://paper.example/1", raw)], headers=headers)[0])
    assert [found.body for found in archive.responses()] == ([body] if body is not None else [])
    assert archive.faults["cut-body"] == (body is None)


def test_the_files_of_a_folder_in_order(tmp_path: Path) -> None:
    for name in ("b.warc.gz", "a.warc", "c.html", "d.txt", "sub/e.htm.gz"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    found = files_of([tmp_path / "d.txt", tmp_path])
    assert [str(path.relative_to(tmp_path)) for path in found] == ["d.txt", "a.warc", "b.warc.gz", "c.html", "sub/e.htm.gz"]  # fmt: skip
