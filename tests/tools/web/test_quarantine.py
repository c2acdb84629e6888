"""What the page of quarantine lists."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from newscrawl.tools.web import quarantine
from newscrawl.tools.web.quarantine import kept_files


def keep(folder: Path, name: str, changed: int) -> Path:
    path = folder / "gazette" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    os.utime(path, (changed, changed))
    return path


@pytest.mark.parametrize(("most", "names"), [(10, ["b", "c", "a"]), (2, ["b", "c"]), (1, ["b"])])
def test_the_newest_are_listed_whatever_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, names: list[str]
) -> None:
    monkeypatch.setattr(quarantine, "MAX_FILES", most)
    for name, changed in (("a", 10), ("b", 30), ("c", 20)):
        keep(tmp_path, f"{name}.json.gz", changed)
    assert [kept.name for kept in kept_files(tmp_path)] == [f"gazette/{name}.json.gz" for name in names]


def test_what_is_no_file_of_quarantine_is_not_listed(tmp_path: Path) -> None:
    kept = keep(tmp_path, "a.json.gz", 10)
    keep(tmp_path, "b.json", 20)
    (tmp_path / "gazette" / "c.json.gz").symlink_to(kept)
    (tmp_path / "gazette" / "d.json.gz").mkdir()
    (tmp_path / "gazette" / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert [found.name for found in kept_files(tmp_path)] == ["gazette/a.json.gz"]
    assert kept_files(tmp_path / "nothing") == []
