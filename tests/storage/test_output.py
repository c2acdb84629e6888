from __future__ import annotations

import errno
import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newscrawl.items import Story
from newscrawl.storage.jsonl import WriteFailed, line_of
from newscrawl.storage.lock import LockHeld
from newscrawl.storage.rebuild import keep_missing, rebuild_state
from newscrawl.storage.segments import recover
from newscrawl.storage.state import State, StateError
from newscrawl.storage.writer import SiteOutput
from tests.stories import TEXT, make_story

SITE = "paper.example"


def story(n: int) -> Story:
    return make_story(str(n), paragraphs=[f"Quay number {n} will be widened, the council said.", *TEXT])


def opened(folder: Path, **options: Any) -> SiteOutput:
    output = SiteOutput(folder, SITE, **options)
    output.prepare()
    return output


def written(folder: Path, pattern: str = "*.jsonl") -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for path in sorted((folder / "stories").rglob(pattern))
        for line in path.read_text("utf-8").splitlines()
    ]


def test_stories_are_durable_when_their_future_ends(tmp_path: Path) -> None:
    output = opened(tmp_path)
    futures = [output.write(story(n)) for n in range(20)]
    assert {future.result(timeout=10).verdict for future in futures} == {"new"}
    parts = written(tmp_path, "*.part")
    assert len(parts) == 20 and not written(tmp_path)
    output.close("finished")
    assert [line["id"] for line in written(tmp_path)] == [line["id"] for line in parts]
    path = next((tmp_path / "stories").rglob("*.jsonl"))
    assert path.relative_to(tmp_path / "stories").parts[0] == SITE
    assert path.name == f"{output.run}-0001.jsonl"
    assert path.parent == tmp_path / "stories" / SITE / output.started_at.strftime("%Y/%m/%d")


def test_what_is_known_is_not_written_again_and_no_lines_make_no_file(tmp_path: Path) -> None:
    for expected in (["new"] * 5, ["unchanged"] * 5):
        output = opened(tmp_path)
        assert [output.write(story(n)).result(timeout=10).verdict for n in range(5)] == expected
        output.close("finished")
    assert len(list((tmp_path / "stories").rglob("*.jsonl"))) == 1
    assert not list((tmp_path / "stories").rglob("*.part"))


def test_segments_rotate_by_lines_and_by_age(tmp_path: Path) -> None:
    output = opened(tmp_path / "lines", max_lines=2)
    for n in range(5):
        output.write(story(n)).result(timeout=10)
    output.close("finished")
    assert [len(path.read_text().splitlines()) for path in sorted((tmp_path / "lines").rglob("*.jsonl"))] == [2, 2, 1]
    output = opened(tmp_path / "age", max_age_seconds=0.2)
    output.write(story(1)).result(timeout=10)
    deadline = time.monotonic() + 10
    while not list((tmp_path / "age").rglob("*.jsonl")) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(written(tmp_path / "age")) == 1  # while the run goes on
    output.close("finished")


def test_a_second_output_of_a_site_is_refused_and_other_sites_are_not(tmp_path: Path) -> None:
    output = opened(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(LockHeld):
        SiteOutput(tmp_path, SITE)
    assert sorted(tmp_path.rglob("*")) == before
    with pytest.raises(LockHeld):
        rebuild_state(tmp_path)
    other = SiteOutput(tmp_path, "other.example")
    other.prepare()
    other.close("finished")
    output.close("finished")
    SiteOutput(tmp_path, SITE).release()


class Failing:
    """A system call that fails from its nth call on, once or for good."""

    def __init__(self, real: Callable[..., Any], nth: int, code: int, for_good: bool) -> None:
        self.real, self.nth, self.code, self.for_good, self.calls, self.failed = real, nth, code, for_good, 0, 0

    def __call__(self, *args: Any) -> Any:
        self.calls += 1
        if self.calls == self.nth or (self.for_good and self.calls > self.nth):
            self.failed += 1
            if self.real is os.write:  # a short write, as a full disk gives it
                self.real(args[0], args[1][:7])
            raise OSError(self.code, os.strerror(self.code))
        return self.real(*args)


@pytest.mark.parametrize("for_good", [False, True], ids=["once", "for good"])
@pytest.mark.parametrize("call", ["write", "fdatasync", "rename", "fsync"])
def test_a_write_error_at_any_call_loses_nothing_reported_and_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, for_good: bool
) -> None:
    for nth in range(1, 8):
        folder = tmp_path / str(nth)
        with monkeypatch.context() as patch:
            output = opened(folder, max_lines=2)
            failing = Failing(getattr(os, call), nth, errno.ENOSPC, for_good)
            patch.setattr(os, call, failing)
            reported = []
            for n in range(6):
                future = output.write(story(n))
                if future.exception(timeout=10) is None:
                    reported.append(future.result())
            try:
                output.close("finished")
                failed = False
            except WriteFailed as error:
                failed = True
                assert "could not be" in str(error)
        assert failed == bool(failing.failed)
        output = opened(folder)  # the next run recovers, and brings what was lost
        again = [output.write(story(n)).result(timeout=10).verdict for n in range(6)]
        output.close("finished")
        ids = [line["id"] for line in written(folder)]
        assert len(ids) == len(set(ids)) == 6
        assert again.count("unchanged") >= len(reported)
        if not failing.failed:
            break


@pytest.mark.parametrize("cut", [1, 50, 400])
def test_recovery_cuts_a_torn_tail_and_takes_whole_lines_as_seen(tmp_path: Path, cut: int) -> None:
    output = opened(tmp_path)
    for n in range(3):
        output.write(story(n)).result(timeout=10)
    output.writer.abandon()  # as kill -9 leaves it
    output.release()
    part = next((tmp_path / "stories").rglob("*.part"))
    with part.open("ab") as file:  # a line that was written but not yet committed, and a torn one
        file.write(line_of(story(3)) + line_of(story(4))[:-cut])
    output = SiteOutput(tmp_path, SITE)
    recovered, found = output.prepare()
    assert (recovered.segments, recovered.lines, found.missing) == (1, 1, [])
    assert recovered.torn_bytes == len(line_of(story(4))) - cut
    assert [output.write(story(n)).result(timeout=10).verdict for n in range(6)] == ["unchanged"] * 4 + ["new"] * 2
    output.close("finished")
    assert len(written(tmp_path)) == 6


def test_recovery_survives_being_killed_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = opened(tmp_path)
    output.write(story(0)).result(timeout=10)
    output.writer.abandon()
    output.release()
    with monkeypatch.context() as patch:
        patch.setattr("newscrawl.storage.segments.close_part", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            opened(tmp_path)
    output = opened(tmp_path)
    assert output.write(story(0)).result(timeout=10).verdict == "unchanged"
    output.close("finished")
    assert len(written(tmp_path)) == 1


def test_lines_that_the_state_does_not_know_stop_the_start(tmp_path: Path) -> None:
    output = opened(tmp_path)
    output.write(story(0)).result(timeout=10)
    output.close("finished")
    shutil.rmtree(tmp_path / "state")
    with pytest.raises(StateError, match="newscrawl rebuild"):
        opened(tmp_path)
    assert rebuild_state(tmp_path).lines == 1
    output = opened(tmp_path)
    assert output.write(story(0)).result(timeout=10).verdict == "unchanged"
    output.close("finished")


def test_files_that_are_gone_are_named_until_the_user_decides(tmp_path: Path) -> None:
    output = opened(tmp_path)
    output.write(story(0)).result(timeout=10)
    output.close("finished")
    next((tmp_path / "stories").rglob("*.jsonl")).unlink()
    output = SiteOutput(tmp_path, SITE)
    _, found = output.prepare()
    assert len(found.missing) == 1
    assert output.write(story(0)).result(timeout=10).verdict == "unchanged"
    output.close("finished")
    shutil.copytree(tmp_path, tmp_path.with_name("kept"))
    kept = tmp_path.with_name("kept")
    assert keep_missing(kept) == 1
    output = SiteOutput(kept, SITE)
    assert output.prepare()[1].missing == []
    assert output.write(story(0)).result(timeout=10).verdict == "unchanged"
    output.close("finished")
    rebuild_state(tmp_path)
    output = opened(tmp_path)
    assert output.write(story(0)).result(timeout=10).verdict == "new"
    output.close("finished")


def tables(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    state = State(folder / "state")
    queries = {
        "stories": "SELECT i.id, s.key, s.version, s.content_hash, c.key, m.key FROM stories s JOIN sites i ON i.n = s.site "
        "JOIN stories c ON c.n = coalesce(s.cluster, s.n) LEFT JOIN stories m ON m.n = s.matched ORDER BY 1, 2",
        "near": "SELECT n.n, s.key, n.published_hour, n.keys, n.sketch FROM near n JOIN stories s ON s.n = n.story "
        "ORDER BY n.n",
        "texts": "SELECT t.text, s.key FROM texts t JOIN stories s ON s.n = t.story ORDER BY 1, 2",
        "segments": "SELECT path, size_bytes, lines FROM segments ORDER BY 1",
    }
    found = {name: state.db.execute(query).fetchall() for name, query in queries.items()}
    state.close()
    return found


def test_a_rebuilt_state_is_the_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, host in enumerate((SITE, "copy.example")):
        # Files are read in the order of their runs; two runs of one second have it from this.
        monkeypatch.setattr("newscrawl.storage.segments.token_hex", lambda _, number=number: f"{number:06x}")
        output = SiteOutput(tmp_path, host)
        output.prepare()
        for n in range(4):
            output.write(make_story(str(n), host=host, paragraphs=[f"Quay {n} is wider now.", *TEXT])).result(
                timeout=10
            )
        output.write(make_story("0", host=host, paragraphs=["Quay 0 is not wider.", *TEXT])).result(timeout=10)
        output.close("finished")
    before = tables(tmp_path)
    done = rebuild_state(tmp_path)
    assert (done.files, done.lines, done.damaged) == (2, 10, {})
    assert tables(tmp_path) == before
    assert sum(row[5] is not None for row in before["stories"]) == 4
    assert len(before["stories"]) == 8 and len(before["near"]) == 10


def test_recovery_knows_a_story_by_the_url_it_was_announced_under(tmp_path: Path) -> None:
    output = opened(tmp_path)
    output.writer.append(
        [line_of(make_story("slug-one-1", requested=f"http://{SITE}/story-77"))]
    )  # killed before the commit
    output.writer.abandon()
    output.release()
    output = opened(tmp_path)
    moved = make_story("slug-two-2", requested=f"http://{SITE}/story-77", paragraphs=["Changed on Monday.", *TEXT[1:]])
    assert output.write(moved).result(timeout=10).verdict == "update"
    output.close("finished")


def test_a_rebuild_cures_a_damaged_file(tmp_path: Path) -> None:
    output = opened(tmp_path)
    for n in range(3):
        output.write(story(n)).result(timeout=10)
    output.close("finished")
    path = next((tmp_path / "stories").rglob("*.jsonl"))
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + b"\n" + b"rubbish\n" + b"".join(lines[1:]) + b"\n")
    with pytest.raises(StateError):
        opened(tmp_path)
    done = rebuild_state(tmp_path)
    assert (done.lines, list(done.damaged.values())) == (3, [1])
    output = opened(tmp_path)
    assert [output.write(story(n)).result(timeout=10).verdict for n in range(3)] == ["unchanged"] * 3
    output.close("finished")


def test_a_rebuild_beside_a_torn_open_file_leaves_nothing_missing(tmp_path: Path) -> None:
    output = opened(tmp_path)
    segment = output.writer.open_segment()
    os.write(segment.descriptor, line_of(story(0))[:100])
    output.writer.abandon()
    output.release()
    rebuild_state(tmp_path)
    output = SiteOutput(tmp_path, SITE)
    assert output.prepare()[1].missing == []
    output.close("finished")


def test_a_line_with_a_lone_surrogate_is_written_all_the_same(tmp_path: Path) -> None:
    output = opened(tmp_path)
    broken = story(0)
    broken.published_raw = "\ud800 2026"
    assert output.write(broken).result(timeout=10).verdict == "new"
    output.close("finished")
    assert written(tmp_path)[0]["published_raw"] == "? 2026"


def test_recover_does_not_touch_other_sites(tmp_path: Path) -> None:
    other = SiteOutput(tmp_path, "other.example")
    other.prepare()
    other.write(make_story(host="other.example")).result(timeout=10)
    output = opened(tmp_path)
    assert recover(output.state, output.stories, SITE).segments == 0
    assert len(list((tmp_path / "stories").rglob("*.part"))) == 1
    output.close("finished")
    other.close("finished")
