"""Closed files that are changed after all: days that are merged, stories that are taken out. Killed at every step."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from newscrawl.items import Story
from newscrawl.storage.compact import Compacted, compact_site
from newscrawl.storage.intents import record_intent
from newscrawl.storage.lock import LockHeld
from newscrawl.storage.quarantine import file_name
from newscrawl.storage.rebuild import rebuild_state
from newscrawl.storage.redact import logged, redact
from newscrawl.storage.segments import name_run, reconcile, record_segment
from newscrawl.storage.site_lock import locked_site
from newscrawl.storage.state import State
from newscrawl.storage.writer import SiteOutput
from tests.conftest import Site
from tests.stories import TEXT, make_story

SITE = "paper.example"
SECRET = "Ann Halloway of Quay Street"
STEPS = range(1, 16)


class Killed(BaseException):
    """As a kill: nothing of ours may catch it."""


def story(n: int, extra: str = "") -> Story:
    return make_story(str(n), paragraphs=[f"Quay number {n} will be widened, {SECRET} said.{extra}", *TEXT])


def test_runs_sort_in_their_order_whatever_the_clock_says(tmp_path: Path) -> None:
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    state = State(tmp_path)
    names = []
    for minutes in (0, 0, 0, -30, 5, 24 * 60):
        name, at = name_run(state, SITE, noon + timedelta(minutes=minutes))
        with state.transaction():
            record_segment(state, f"{SITE}/{at:%Y/%m/%d}/{name}-0001.jsonl", SITE, 1, 1)
        names.append(name)
    state.close()
    assert (
        names == sorted(names) and names[3].startswith("20261123T120003Z") and names[5].startswith("20261124T120000Z")
    )


def crawl(folder: Path, stories: list[Story]) -> Counter[str]:
    """What a run of the site makes of stories; a file holds two at most."""
    output = SiteOutput(folder, SITE, max_lines=2)
    output.prepare()
    verdicts = Counter(output.write(found).result(timeout=10).verdict for found in stories)
    output.close("finished")
    return Counter(verdicts)


def made(folder: Path) -> Path:
    """An output of seven stories, one of them in two versions."""
    crawl(folder, [story(n) for n in range(7)])
    crawl(folder, [story(3, " It was a long session.")])
    return folder


def lines(folder: Path) -> list[dict[str, Any]]:
    files = sorted((folder / "stories").rglob("*.jsonl"))
    return [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]


@contextmanager
def killed_at(monkeypatch: pytest.MonkeyPatch, step: int) -> Iterator[list[int]]:
    """Every call that changes a file is counted; the one of this number never returns, nor does any behind it."""
    calls = [0]

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            calls[0] += 1
            if calls[0] >= step:
                raise Killed
            return call(*args, **kwargs)

        return wrapped

    with monkeypatch.context() as patch:
        for name in ("replace", "rename", "fsync", "fdatasync", "unlink"):
            patch.setattr(os, name, counted(getattr(os, name)))
        patch.setattr(Path, "unlink", counted(Path.unlink))
        yield calls


def compacted(folder: Path) -> list[Compacted]:
    with locked_site(folder, SITE, "test") as state:
        return list(compact_site(folder, state, SITE, today="9999/01/01"))


def fits(folder: Path) -> bool:
    state = State(folder / "state")
    try:
        found = reconcile(state, folder / "stories", SITE)
        return not found.unknown and not found.missing
    finally:
        state.close()


def test_a_closed_day_becomes_one_file_of_the_same_lines(tmp_path: Path) -> None:
    before = lines(made(tmp_path))
    (done,) = compacted(tmp_path)
    assert (done.files, done.lines) == (5, 8)
    (file,) = (tmp_path / "stories").rglob("*.jsonl")
    assert file.name == done.day.replace("/", "") + "-all.jsonl" and file.stat().st_size == done.size_bytes
    assert lines(tmp_path) == before and fits(tmp_path)
    assert compacted(tmp_path) == []
    assert crawl(tmp_path, [story(n) for n in range(3)]) == {"unchanged": 3}
    crawl(tmp_path, [story(9)])
    assert [done.files for done in compacted(tmp_path)] == [2] and len(lines(tmp_path)) == 9


@pytest.mark.parametrize("step", STEPS)
def test_a_merge_that_is_killed_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    before = lines(made(tmp_path))
    with killed_at(monkeypatch, step) as calls:
        try:
            compacted(tmp_path)
        except Killed:
            assert calls[0] >= step
    between = lines(tmp_path)
    assert {json.dumps(line) for line in between} == {json.dumps(line) for line in before}
    assert crawl(tmp_path, [story(n) for n in range(3)]) == {"unchanged": 3}  # it finishes what was begun, and starts
    assert lines(tmp_path) == before and fits(tmp_path)
    compacted(tmp_path)
    assert lines(tmp_path) == before and len(list((tmp_path / "stories").rglob("*.jsonl*"))) == 1


@pytest.mark.parametrize("step", STEPS)
def test_a_rebuild_finishes_a_merge_that_was_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    before = lines(made(tmp_path))
    with killed_at(monkeypatch, step), suppress(Killed):
        compacted(tmp_path)
    assert rebuild_state(tmp_path).lines == len(before)
    assert lines(tmp_path) == before and crawl(tmp_path, [story(n) for n in range(3)]) == {"unchanged": 3}


def test_what_is_not_merged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    made(tmp_path)
    with locked_site(tmp_path, SITE, "test") as state:
        assert list(compact_site(tmp_path, state, SITE)) == []  # today
    file = sorted((tmp_path / "stories").rglob("*.jsonl"))[0]
    file.write_bytes(file.read_bytes() + b'{"half')
    assert compacted(tmp_path) == [] and "newscrawl rebuild`" in caplog.text
    output = SiteOutput(tmp_path / "other", SITE)
    with pytest.raises(LockHeld), locked_site(tmp_path / "other", SITE, "test"):
        pass
    output.release()


@pytest.mark.parametrize(
    "intent",
    [{}, {"day": "../../../etc", "files": [], "lines": 1, "size_bytes": 1}, {"day": "2026/11/23", "files": ["../../x"], "lines": 0, "size_bytes": 0}],
)  # fmt: skip
def test_an_intent_that_is_none_of_ours_does_nothing(tmp_path: Path, intent: dict[str, Any]) -> None:
    before = lines(made(tmp_path))
    (tmp_path / "x").write_text("kept")
    record_intent(tmp_path, "compact", SITE, intent)
    record_intent(tmp_path, "redact", SITE, intent)
    assert crawl(tmp_path, [story(1)]) == {"unchanged": 1}
    assert lines(tmp_path) == before and (tmp_path / "x").read_text() == "kept"


def redacted(folder: Path, story_id: str) -> int:
    with locked_site(folder, SITE, "test") as state:
        return redact(folder, state, story_id, "a court said so").lines


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def id_of(n: int) -> str:
    return story(n).id or ""


def test_a_redacted_story_leaves_tombstones_of_the_same_length(tmp_path: Path) -> None:
    before = {path: path.stat().st_size for path in (made(tmp_path) / "stories").rglob("*.jsonl")}
    others = [line for line in lines(tmp_path) if line["id"] != id_of(3)]
    cached = tmp_path / "state" / "columns" / "pack.parquet"
    held = tmp_path / "quarantine" / SITE / file_name("http://paper.example/story-3")
    for path in (cached, held):
        path.parent.mkdir(parents=True)
        path.write_text("Quay number 3")
    assert redacted(tmp_path, id_of(3)) == 2
    assert not cached.exists() and not held.exists()
    assert {path: path.stat().st_size for path in before} == before
    found = lines(tmp_path)
    assert [line for line in found if line["id"] != id_of(3)] == others
    tombstones = sorted((line for line in found if line["id"] == id_of(3)), key=lambda line: line["version"])
    assert [line["version"] for line in tombstones] == [1, 2, 3]
    assert [line["change"] for line in tombstones] == ["new", "update", "withdrawal"]
    assert all(line["text"] == line["headline"] == "" and not line["body"] for line in tombstones)
    assert all(line["extraction"]["warnings"] == ["redacted"] for line in tombstones)
    assert all(line.keys() == found[0].keys() for line in tombstones)
    assert b"Quay number 3" not in everything_in(tmp_path) and b"Quay number 4" in everything_in(tmp_path)
    (entry,) = logged(tmp_path)
    assert (entry["id"], entry["reason"], entry["lines"]) == (id_of(3), "a court said so", 2)


def test_no_later_crawl_writes_a_redacted_story_again(tmp_path: Path) -> None:
    made(tmp_path)
    redacted(tmp_path, id_of(3))
    again = [story(3), story(3, " Another sentence was added to it."), story(4)]
    assert crawl(tmp_path, again) == {"redacted": 2, "unchanged": 1}
    rebuild_state(tmp_path)
    assert crawl(tmp_path, again) == {"redacted": 2, "unchanged": 1}
    assert fits(tmp_path) and compacted(tmp_path) and fits(tmp_path)
    assert redacted(tmp_path, id_of(3)) == 0  # twice is once


@pytest.mark.parametrize("step", range(1, 26, 2))
def test_a_redaction_that_is_killed_is_finished_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    made(tmp_path)
    was_declared = False
    with killed_at(monkeypatch, step):
        try:
            redacted(tmp_path, id_of(3))
        except Killed:
            was_declared = any((tmp_path / "state" / "intents").glob("redact-*.json"))
        else:
            was_declared = True
    verdicts = crawl(tmp_path, [*(story(n) for n in range(7) if n != 3), story(3, " It was a long session.")])
    assert verdicts == ({"redacted": 1, "unchanged": 6} if was_declared else {"unchanged": 7})
    assert (b"Quay number 3" in everything_in(tmp_path / "stories")) != was_declared
    assert len({(line["id"], line["version"]) for line in lines(tmp_path)}) == len(lines(tmp_path))
    assert fits(tmp_path)


def test_the_commands(site: Site) -> None:
    site.write('domains = ["paper.example"]\n', SITE.replace(".", "-"))
    made(site.output)
    missing = site.run("redact", id_of(99), "--reason", "x")
    assert missing.returncode == 2 and "no line has the id" in missing.stderr
    assert site.run("redact", id_of(3)).returncode == 2
    done = site.run("redact", id_of(3), "--reason", "a court said so")
    assert done.returncode == 0 and "2 lines in 2 files are tombstones now" in done.stdout
    assert site.run("compact", "nowhere").returncode == 2
    merged = site.run("compact", "--json")
    assert (merged.returncode, merged.stdout) == (0, "")  # nothing but today
    output = SiteOutput(site.output, SITE)
    assert site.run("compact").returncode == 75
    assert site.run("redact", id_of(4), "--reason", "x").returncode == 75
    output.release()
