from __future__ import annotations

import gzip
import os
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newscrawl.items import Page
from newscrawl.storage.quarantine import FETCHED_AGAIN_SECONDS, WAITING, Quarantine, QuarantinedStory, load, packed
from newscrawl.storage.reserved import REMEMBERED_SECONDS, Reserved
from newscrawl.storage.state import State

PAGE = Page(
    url="https://a.example/news/1", body=b"<html>\xff\x00 one</html>", requested_url="https://a.example/news/1?utm_source=rss",
    fetched_at=datetime(2026, 11, 25, 4, 5, 6, 789, tzinfo=UTC), discovered="rss", status=200,
    headers=(("content-type", "text/html"), ("x-robots-tag", "noai"), ("x-robots-tag", "no\xe9")), hints=(("title", "Été \ud800"),),
)  # fmt: skip
HELD = QuarantinedStory(
    site="a", run="r", held_at="2026-11-25T04:05:07Z", lacks=("body", "byline"), is_whole=False,
    pages=(PAGE, replace(PAGE, url="https://a.example/news/1?page=2", body=b"")),
)  # fmt: skip


def held(n: int, body: bytes = b"x") -> QuarantinedStory:
    return replace(HELD, pages=(replace(PAGE, requested_url=f"https://a.example/{n}", body=body),))


def opened(folder: Path, **bounds: int) -> Quarantine:
    quarantine = Quarantine(folder, **bounds)
    quarantine.open()
    return quarantine


def test_a_file_holds_all_that_a_story_was_read_from(tmp_path: Path) -> None:
    quarantine = opened(tmp_path / "a")
    assert quarantine.hold(HELD)
    (path,) = quarantine.waiting()
    assert path.parent.name == WAITING and load(path) == HELD
    quarantine.keep(path, HELD, ["byline"])
    (path,) = quarantine.kept()
    assert load(path) == replace(HELD, lacks=("byline",)) and not quarantine.waiting()
    assert packed(HELD) == packed(HELD), "the same bytes each time"


@pytest.mark.parametrize("spelling", ["https://a.example/news/1", "http://www.a.example/news/1/?utm_source=x#top"])
def test_a_page_is_known_by_any_spelling_of_its_url(tmp_path: Path, spelling: str) -> None:
    quarantine = opened(tmp_path)
    assert not quarantine.is_held(spelling)
    quarantine.hold(HELD)
    for known in (quarantine, opened(tmp_path)):
        assert known.is_held(spelling) and known.is_known(spelling) and not known.is_held("https://a.example/news/2")


def test_a_kept_page_is_fetched_again_after_some_hours(tmp_path: Path) -> None:
    quarantine = opened(tmp_path)
    quarantine.hold(HELD)
    quarantine.keep(quarantine.waiting()[0], HELD, HELD.lacks)
    past = time.time() - FETCHED_AGAIN_SECONDS - 5
    os.utime(quarantine.kept()[0], (past, past))
    later = opened(tmp_path)
    assert later.is_known(PAGE.requested_url) and not later.is_held(PAGE.requested_url)
    assert later.remove_kept(PAGE.requested_url) and not later.remove_kept(PAGE.requested_url)
    assert not later.files()


def test_the_folder_is_bounded(tmp_path: Path) -> None:
    few = opened(tmp_path / "few", max_stories=3)
    assert [few.hold(held(n)) for n in range(5)] == [True, True, True, False, False]
    assert few.hold(held(2, b"again")), "one that lies there is replaced"
    assert len(opened(tmp_path / "few", max_stories=3).files()) == 3
    small = opened(tmp_path / "small", max_bytes=20_000)
    assert [small.hold(held(n, os.urandom(8_000))) for n in range(4)] == [True, True, False, False]
    assert sum(path.stat().st_size for path in small.files()) <= 20_000
    small.remove(small.files()[0])
    assert small.hold(held(9, os.urandom(8_000)))


def test_what_a_kill_leaves_is_put_right(tmp_path: Path) -> None:
    quarantine = opened(tmp_path)
    quarantine.hold(HELD)
    waiting = quarantine.waiting()[0]
    content = waiting.read_bytes()
    quarantine.keep(waiting, HELD, ["body"])
    waiting.write_bytes(content)  # killed before the file below was removed
    (tmp_path / WAITING / "x.json.gz.part").write_bytes(b"half")
    again = opened(tmp_path)
    assert [path.parent for path in again.files()] == [tmp_path]
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize(
    "content",
    [
        b"", b"no gzip", packed(HELD)[:-20], packed(HELD)[:30], gzip.compress(b"no json\n"), gzip.compress(b"[]\n"),
        gzip.compress(b'{"pages": []}\n'), gzip.compress(b'{"pages": [{"body_bytes": -1}]}\n'),
        gzip.compress(b'{"pages": [{"body_bytes": 1e9}]}\n'), gzip.compress(b"[" * 5000), gzip.compress(b'{"pages": 3}\n'),
        gzip.compress(gzip.decompress(packed(HELD))[:-5]),
    ],
    ids=range(12),
)  # fmt: skip
def test_a_damaged_file_is_told_and_stops_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "0.json.gz"
    path.write_bytes(content)
    assert load(path) is None


def test_skipped_pages_are_remembered_for_a_while(tmp_path: Path) -> None:
    state = State(tmp_path)
    first = Reserved("a")
    first.add("https://a.example/1?utm_source=x")
    with state.transaction():
        first.record(state)
    again, other = Reserved("a"), Reserved("b")
    for known in (again, other):
        known.load(state)
    assert again.holds("http://a.example/1/") and not again.holds("https://a.example/2")
    assert not other.holds("https://a.example/1")
    state.db.execute("UPDATE reserved SET read_at = read_at - ?", (REMEMBERED_SECONDS + 1,))
    again.load(state)
    assert not again.holds("https://a.example/1")
    with state.transaction():
        again.record(state)
    assert state.db.execute("SELECT count(*) FROM reserved").fetchone() == (0,)
    state.close()
