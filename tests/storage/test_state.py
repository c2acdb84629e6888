from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from newscrawl.storage.lock import Lock, LockHeld
from newscrawl.storage.migrations import MIGRATIONS
from newscrawl.storage.state import State, StateError

HOLD = "import sys,time; from pathlib import Path; from newscrawl.storage.lock import Lock; l=Lock(Path(sys.argv[1]),'crawl'); print('held',flush=True); {then}time.sleep(60)"


def hold(path: Path, then: str = "") -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD.format(then=then), str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    return process


def test_a_second_holder_is_refused_and_told_who_has_it(tmp_path: Path) -> None:
    process = hold(tmp_path / "a.lock")
    with pytest.raises(LockHeld, match=f"crawl pid {process.pid}"):
        Lock(tmp_path / "a.lock")
    with pytest.raises(LockHeld):
        Lock(tmp_path / "a.lock", shared=True)
    process.kill()
    process.wait()
    Lock(tmp_path / "a.lock").release()


def test_a_lock_dies_with_its_holder_though_a_child_lives_on(tmp_path: Path) -> None:
    process = hold(tmp_path / "a.lock", "import os; os.fork(); ")
    process.kill()
    process.wait()
    Lock(tmp_path / "a.lock").release()


def test_locks_within_one_process(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with Lock(path), pytest.raises(LockHeld, match="this process"):
        Lock(path)
    first, second = Lock(path, shared=True), Lock(path, shared=True)
    first.release()
    with pytest.raises(LockHeld):
        Lock(path)
    second.release()
    second.release()
    Lock(path).release()


def test_a_new_state_has_every_migration(tmp_path: Path) -> None:
    state = State(tmp_path)
    assert state.version() == len(MIGRATIONS)
    assert state.db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert state.db.execute("PRAGMA synchronous").fetchone()[0] == 2
    state.close()


def test_a_newer_state_is_refused_with_a_remedy(tmp_path: Path) -> None:
    state = State(tmp_path)
    state.db.execute("PRAGMA user_version = 999")
    state.close()
    with pytest.raises(StateError, match=r"schema 999.*install the newer newscrawl"):
        State(tmp_path)


def test_a_damaged_state_is_refused_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "newscrawl.sqlite").write_bytes(b"this is no database" * 100)
    with pytest.raises(StateError, match="newscrawl rebuild"):
        State(tmp_path)


def test_many_processes_may_make_the_state_at_once(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from newscrawl.storage.state import State; State(Path(sys.argv[1])).close()"
    started = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(8)]
    assert [process.wait(timeout=60) for process in started] == [0] * 8


def test_a_transaction_is_whole_or_nothing(tmp_path: Path) -> None:
    state = State(tmp_path)
    with pytest.raises(ValueError, match="no"), state.transaction() as db:
        db.execute("INSERT INTO sites (id) VALUES ('a')")
        raise ValueError("no")
    assert state.db.execute("SELECT count(*) FROM sites").fetchone()[0] == 0
    with state.transaction() as db:
        db.execute("INSERT INTO sites (id) VALUES ('a')")
    assert state.db.execute("SELECT count(*) FROM sites").fetchone()[0] == 1
    state.close()
