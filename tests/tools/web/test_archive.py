"""One response out of a WARC file, or one sentence that says why not."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from newscrawl.tools.web.archive import NoArchive, archived_page
from tests.tools.web.made import warc_record, write_warc

PAGE = "<html><body><p>Straße am Kai</p></body></html>"


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(warc_record(PAGE.encode()), id="as it is"),
        pytest.param(warc_record(gzip.compress(PAGE.encode()), b"Content-Encoding: gzip\r\n"), id="packed"),
        pytest.param(warc_record(PAGE.encode(), b"Content-Encoding: gzip\r\n"), id="said to be packed, but is not"),
        pytest.param(warc_record(b"10\r\n" + PAGE.encode()[:16] + b"\r\n20;x=y\r\n" + PAGE.encode()[16:] + b"\r\n0\r\n\r\n", b"Transfer-Encoding: chunked\r\n"), id="in chunks"),
        pytest.param(warc_record(PAGE.encode(), b"Transfer-Encoding: chunked\r\n"), id="said to be in chunks, but is not"),
        pytest.param(warc_record(PAGE.encode("cp1252"), b"Content-Type: text/html; charset=windows-1252\r\n"), id="another encoding"),
    ],
)  # fmt: skip
def test_page(tmp_path: Path, record: bytes) -> None:
    places = write_warc(tmp_path, warc_record(b"another"), record, warc_record(b"a third"))
    page = archived_page([tmp_path], places[1])
    assert page.source.strip() == PAGE
    assert page.url == "https://paper.example/story"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param({"file": None}, "no archive was kept", id="none kept"),
        pytest.param({"file": "warc/two.warc.gz"}, "no WARC file", id="no such file"),
        pytest.param({"file": "../outside.warc.gz"}, "no WARC file", id="out of the folder"),
        pytest.param({"file": "/etc/passwd"}, "no WARC file", id="no archive at all"),
        pytest.param({"file": "warc/link.warc.gz"}, "no WARC file", id="a link out of the folder"),
        pytest.param({"file": "secret.txt"}, "no WARC file", id="another file of the folder"),
        pytest.param({"file": 5}, "no place", id="a number for a file"),
        pytest.param({"offset": -1}, "no place", id="before the beginning"),
        pytest.param({"offset": 2**63}, "one.warc.gz: ", id="an offset too large for a file"),
        pytest.param({"offset": 10**9}, "no response record", id="behind the end"),
        pytest.param({"offset": 3}, "no response record", id="between two records"),
    ],
)
def test_no_page(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    output = tmp_path / "output"
    [place] = write_warc(output, warc_record(PAGE.encode()))
    (tmp_path / "outside.warc.gz").write_bytes(gzip.compress(warc_record(b"secret")))
    (output / "secret.txt").write_text("secret")
    (output / "warc/link.warc.gz").symlink_to(tmp_path / "outside.warc.gz")
    with pytest.raises(NoArchive, match=said):
        archived_page([output], place | change)


def test_a_request_is_no_page(tmp_path: Path) -> None:
    [place] = write_warc(tmp_path, warc_record(b"GET", kind=b"request"))
    with pytest.raises(NoArchive, match="no response record"):
        archived_page([tmp_path], place)


def test_a_bomb_is_cut(tmp_path: Path) -> None:
    [place] = write_warc(tmp_path, warc_record(b"a" * 30_000_000))
    page = archived_page([tmp_path], place)
    assert page.is_cut
    assert len(page.source) <= 8 * 1024 * 1024


def test_another_folder_may_be_named(tmp_path: Path) -> None:
    [place] = write_warc(tmp_path / "archive", warc_record(PAGE.encode()))
    with pytest.raises(NoArchive):
        archived_page([tmp_path / "output"], place)
    assert archived_page([tmp_path / "output", tmp_path / "archive"], place).source == PAGE
