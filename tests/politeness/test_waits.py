"""How long to wait: after an error, between two requests, for a host that another process has."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy import exceptions
from twisted.internet import error

from newscrawl.politeness.backoff import Wait, backoff_seconds, failure_kind, retry_after_seconds, wait_after
from newscrawl.storage.host_schedule import host_key, interval_seconds, seconds_to_turn
from newscrawl.storage.hosts import HostLease, HostRequestTimes, NotBefore, file_name
from tests.conftest import needs_real_clock

NOW = datetime(2026, 11, 25, 12, 0, 0, tzinfo=UTC)

RETRY_AFTER = [
    ("5", 5), ("0", 0), (" 120 ", 120), ("999999999999999999999", 1e9),
    ("Wed, 25 Nov 2026 12:00:30 GMT", 30), ("Wednesday, 25-Nov-26 12:00:30 GMT", 30), ("Wed Nov 25 12:00:30 2026", 30),
    ("Wed, 25 Nov 2026 11:00:00 GMT", 0), ("Wed, 25 Nov 2026 14:00:00 +0200", 0),
    (None, None), ("", None), ("soon", None), ("-5", None), ("5.5", None), ("\u0665", None), ("Wed, 99 Nov 2026 12:00:30 GMT", None),
    ("x" * 100_000, None),
]  # fmt: skip


@pytest.mark.parametrize(("value", "seconds"), RETRY_AFTER, ids=range(len(RETRY_AFTER)))
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(value, NOW) == seconds


def test_backoff_doubles_and_never_falls_below_its_nominal_wait() -> None:
    assert [backoff_seconds(n, 1.0, 0.0) for n in (1, 2, 3, 4)] == [1, 2, 4, 8]
    assert backoff_seconds(1, 1.0, 1.0) == 1.5 and backoff_seconds(10_000, 1.0, 0.0) == 60


WAITS = [
    (500, None, Wait(2.0)), (502, "9", Wait(2.0)), (503, None, Wait(2.0)), (408, None, Wait(2.0)),
    (503, "9", Wait(9.0, True)), (503, "1", Wait(2.0, True)), (429, None, Wait(2.0, True)), (429, "nonsense", Wait(2.0, True)),
    (429, "3600", Wait(3600.0, True)),
]  # fmt: skip


@pytest.mark.parametrize(("status", "retry_after", "wait"), WAITS, ids=range(len(WAITS)))
def test_wait_after(status: int, retry_after: str | None, wait: Wait) -> None:
    assert wait_after(status, retry_after, 2, NOW, 1.0, 0.0) == wait


KINDS = [
    (exceptions.DownloadTimeoutError(), "timeout"), (exceptions.CannotResolveHostError(), "dns"),
    (exceptions.DownloadConnectionRefusedError(), "refused"), (exceptions.DownloadFailedError(), "connection"),
    (exceptions.ResponseDataLossError(), "cut-short"), (error.ConnectionLost(), "connection"), (OSError("x"), "other"),
]  # fmt: skip


@pytest.mark.parametrize(("failure", "kind"), KINDS, ids=[kind for _, kind in KINDS])
def test_failure_kinds(failure: Exception, kind: str) -> None:
    assert failure_kind(failure) == kind


def test_hosts() -> None:
    assert host_key("http://A.example/x") == host_key("https://a.example:443/y") == "a.example"
    assert host_key("http://a.example:8080/x") == "a.example:8080"
    assert host_key("file:///x") == ""
    assert len({file_name(host) for host in ("a:1", "a_1", "A:1", "é" * 500, "../x", "")}) == 6
    assert all("/" not in file_name(host) and len(file_name(host)) < 100 for host in ("../x", "é" * 500))


def test_the_largest_interval_wins_and_robots_is_capped() -> None:
    assert interval_seconds(1, 0, 60) == 1
    assert interval_seconds(1, 5, 60) == 5
    assert interval_seconds(7, 5, 60) == 7
    assert interval_seconds(1, 3600, 60) == 60
    assert interval_seconds(90, 3600, 60) == 90


TURNS = [
    # last at, interval, not before, seconds unanswered -> wait at the instant 1000
    (0, 5, 0, None, 0), (998, 5, 0, None, 3), (998, 0, 0, None, 0), (995, 5, 0, None, 0),
    (998, 5, 1010, None, 10), (998, 5, 1001, None, 3), (0, 0, 1002, None, 2),
    (990, 5, 0, 1.0, 4), (990, 0, 0, 1.0, 0), (990, 5, 0, 5.0, 0), (2000, 5, 0, None, 5),
]  # fmt: skip


@pytest.mark.parametrize(("last_at", "interval", "not_before", "unanswered", "wait"), TURNS, ids=range(len(TURNS)))
def test_turns(last_at: float, interval: float, not_before: float, unanswered: float | None, wait: float) -> None:
    assert seconds_to_turn(HostRequestTimes(last_at), 1000.0, interval, not_before, unanswered) == wait


def test_a_clock_that_was_set_back_costs_one_interval() -> None:
    assert HostRequestTimes(2000.0).corrected(1000.0) == HostRequestTimes(1000.0)
    assert HostRequestTimes(900.0).corrected(1000.0) == HostRequestTimes(900.0)


@needs_real_clock
def test_a_lease_is_one_process_s_and_carries_the_time(tmp_path: Path) -> None:
    first, second = HostLease(tmp_path, "a.example"), HostLease(tmp_path, "a.example")
    assert first.take() and not second.take(), "also within one process"
    assert first.is_wanted(5) and HostLease(tmp_path, "b.example").take()
    at = time.time()
    first.keep(HostRequestTimes(at))
    first.release()
    assert second.take() and abs(second.times.last_at - at) < 0.001
    second.release()


def test_a_killed_process_loses_its_lease_and_leaves_the_time(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from newscrawl.storage.hosts import HostLease, HostRequestTimes\n"
        "lease = HostLease(Path(sys.argv[1]), 'a.example'); assert lease.take(); lease.keep(HostRequestTimes(time.time()))\n"
        "print('taken', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
    assert holder.stdout is not None and holder.stdout.readline() == b"taken\n"
    lease = HostLease(tmp_path, "a.example")
    assert not lease.take()
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert lease.take() and time.time() - 60 < lease.times.last_at <= time.time()
    lease.release()


def test_a_not_before_time_is_kept_the_later_wins_and_nonsense_counts_nothing(tmp_path: Path) -> None:
    lease = HostLease(tmp_path, "a.example")
    now = time.time()
    assert lease.not_before() == NotBefore()
    lease.leave_alone(now + 100, "http-429")
    lease.leave_alone(now + 50, "http-503")
    kept = HostLease(tmp_path, "a.example").not_before()
    assert abs(kept.at - now - 100) < 0.01 and kept.reason == "http-429"
    lease.leave_alone(now + 10**12, "http-429")
    assert now + 6 * 86_400 < lease.not_before().at < now + 7 * 86_400, "bounded"
    path = lease.not_before_path
    for nonsense in ("", "x y", "nan x", "inf x", "1e300 x", os.urandom(20).hex()):
        path.write_text(nonsense)
        assert lease.not_before().at <= now
