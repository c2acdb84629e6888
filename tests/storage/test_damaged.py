"""A damaged line costs only itself: it is set aside, and neither recovery nor rebuild stops for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newscrawl.items import Attribution, Author, Evidence, Story
from newscrawl.monitoring.drift_baseline import rebuild_past
from newscrawl.storage.damaged import SUFFIX
from newscrawl.storage.jsonl import line_of
from newscrawl.storage.rebuild import rebuild_state
from newscrawl.storage.redact import redact
from newscrawl.storage.site_lock import locked_site
from newscrawl.storage.writer import SiteOutput
from tests.storage.test_output import SITE, opened, story, written

WRONG: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 10**30, "", "x", "0000-13-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "\x00\ufffd", "z" * 70_000,
    [], [1], [None], ["x"], {}, {"id": 5}, {"x": []}, [{"evidence": [3]}], [{"name": 1}],
)  # fmt: skip


def full_story() -> Story:
    made = story(1)
    made.attribution = [
        Attribution(
            id="ap",
            name="AP",
            role="originator",
            confidence=0.9,
            evidence=[Evidence(where="byline", kind="byline", text="AP")],
        )
    ]
    made.authors = [Author(name="Ada Quill", raw="Ada Quill")]
    return made


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every key and index in a record, at every depth."""
    inner = value.items() if isinstance(value, dict) else enumerate(value[:1]) if isinstance(value, list) else ()
    for key, below in inner:
        yield (*path, key)
        yield from places(below, (*path, key))


def mutated() -> Iterator[bytes]:
    """Lines with one value replaced or removed: every field at every depth, by every wrong value."""
    original = line_of(full_story())
    for path in places(json.loads(original)):
        for wrong in (*WRONG, KeyError):
            record = json.loads(original)
            inner = record
            for key in path[:-1]:
                inner = inner[key]
            if wrong is not KeyError:
                inner[path[-1]] = wrong
            elif isinstance(inner, dict):
                del inner[path[-1]]
            yield json.dumps(record).encode() + b"\n"


def left_open(folder: Path, content: bytes) -> Path:
    """A file of a killed run with a good line, some content and another good line."""
    output = opened(folder)
    output.write(story(0)).result(timeout=10)
    part = next((folder / "stories").rglob("*.part"))
    output.writer.abandon()
    output.release()
    with part.open("ab") as file:
        file.write(content + line_of(story(2)))
    return part


def set_aside(folder: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line) for path in (folder / "stories").rglob(f"*{SUFFIX}") for line in path.read_bytes().splitlines()
    ]


def test_no_wrong_value_anywhere_stops_recovery_or_rebuild(tmp_path: Path) -> None:
    lines = list(mutated())
    assert len(lines) > 1_000
    left_open(tmp_path, b"".join(lines))
    output = SiteOutput(tmp_path, SITE)
    recovered, _ = output.prepare()
    verdicts = [output.write(story(n)).result(timeout=10).verdict for n in (0, 2)]
    output.close("finished")
    assert verdicts == ["unchanged"] * 2
    kept = written(tmp_path)
    assert recovered.damaged and sum(recovered.damaged.values()) == len(set_aside(tmp_path))
    assert len(kept) == 2 + len(lines) - count_damaged(lines, tmp_path), "each line is kept or set aside"
    rebuilt = rebuild_state(tmp_path)
    assert rebuilt.lines == len(kept) and rebuilt.damaged == {}
    assert rebuild_past(tmp_path) == 1
    opened(tmp_path).close("finished")


def count_damaged(lines: list[bytes], folder: Path) -> int:
    aside = {entry["line"].encode() + b"\n" for entry in set_aside(folder)}
    return sum(line in aside for line in lines)


def test_a_rebuild_copies_damaged_lines_of_closed_files_and_goes_on(tmp_path: Path) -> None:
    part = left_open(tmp_path, b"")
    opened(tmp_path).close("finished")
    path = part.with_name(part.name.removesuffix(".part"))
    damaged = list(mutated())
    path.write_bytes(path.read_bytes() + b"".join(damaged) + b'{"torn": ')
    rebuilt = rebuild_state(tmp_path)
    aside = set_aside(tmp_path)
    assert rebuilt.damaged and aside[-1]["line"] == '{"torn": '
    assert rebuilt.lines + sum(rebuilt.damaged.values()) == 2 + len(damaged) + 1
    content = path.read_bytes()
    for entry in aside[:50]:
        assert content[entry["offset"] :].startswith(entry["line"].encode())
        assert content[: entry["offset"]].count(b"\n") == entry["line_number"] - 1
        assert entry["file"] == path.name and entry["error"] and "newscrawl rebuild" in entry["remedy"]
    assert rebuild_past(tmp_path) == 1
    opened(tmp_path).close("finished")
    assert rebuild_state(tmp_path).damaged == rebuilt.damaged and len(set_aside(tmp_path)) == len(aside), "not doubled"


@pytest.mark.parametrize("damage", [b"[1]\n", b"\xff\xfe\n", b'{"a": 1}\n', b"\x00" * 50 + b"\n", b"half\r of it\n"])
def test_what_follows_a_damaged_line_is_kept(tmp_path: Path, damage: bytes) -> None:
    left_open(tmp_path, damage)
    opened(tmp_path).close("finished")
    assert len(written(tmp_path)) == 2
    (entry,) = set_aside(tmp_path)
    assert entry["line_number"] == 2


def test_a_recovery_that_is_killed_before_its_commit_loses_and_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_open(tmp_path, b"[1]\n")
    with monkeypatch.context() as patch:
        patch.setattr("newscrawl.storage.segments.record_segment", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            opened(tmp_path)
    output = opened(tmp_path)
    assert [output.write(story(n)).result(timeout=10).verdict for n in (0, 2)] == ["unchanged"] * 2
    output.close("finished")
    assert len(written(tmp_path)) == 2 and len(set_aside(tmp_path)) == 1


def test_an_error_of_the_disk_is_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left_open(tmp_path, b"")
    with monkeypatch.context() as patch:
        patch.setattr("newscrawl.storage.story_index.StoryIndex.record_line", lambda *_: (_ for _ in ()).throw(OSError))
        with pytest.raises(OSError):
            opened(tmp_path)
    assert set_aside(tmp_path) == []


def test_a_redaction_takes_the_story_out_of_damaged_lines_too(tmp_path: Path) -> None:
    broken = line_of(story(0)).replace(b'"version":1', b'"version":"1"')
    left_open(tmp_path, broken + b"[1]\n")
    opened(tmp_path).close("finished")
    assert len(set_aside(tmp_path)) == 2
    story_id = written(tmp_path)[0]["id"]
    with locked_site(tmp_path, SITE, "redact") as state:
        redact(tmp_path, state, story_id, "asked")
    (entry,) = set_aside(tmp_path)
    assert entry["line"] == "[1]"
