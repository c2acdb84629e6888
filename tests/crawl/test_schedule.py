"""Who is due and why; and many sites crawled by real processes, ended by real signals."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from newscrawl.monitoring.due import decide, wait
from newscrawl.sites.model import Site as SiteFile
from newscrawl.sites.model import Source
from newscrawl.sites.registry import site_files
from newscrawl.storage.runs import AT, RunRow
from tests.conftest import Reply, Site
from tests.crawl.test_exit_codes import SECTION, hang, serve, wait_for

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SOURCE = Source("rss", "https://gazette.example/feed")


def site_file(**values: Any) -> SiteFile:
    return SiteFile(
        "gazette",
        "The Gazette",
        "a test",
        ("gazette.example",),
        "gazette@0",
        sources=values.pop("sources", (SOURCE,)),
        **values,
    )


def rows(*runs: tuple[float, int | str | None]) -> list[RunRow]:
    """Runs, newest first: (minutes ago, exit code, or None for a run that was killed, or a finish reason)."""
    found = []
    for minutes, code in runs:
        at = (NOW - timedelta(minutes=minutes)).strftime(AT)
        ended = None if code is None else at
        reason = code if isinstance(code, str) else None
        found.append(RunRow(f"r{minutes}", "gazette", at, ended, reason, code if isinstance(code, int) else None, 5))
    return found


@pytest.mark.parametrize(
    ("site", "runs", "running", "state", "next_minutes", "why"),
    [
        (site_file(), rows(), False, "due", None, "never run"),
        (site_file(), rows((29, 0)), False, "waiting", 1, "last run: good"),
        (site_file(), rows((30, 0)), False, "due", 0, "last run: good"),
        (site_file(poll_minutes=10), rows((11, 0)), False, "due", -1, "last run: good"),
        (site_file(poll_minutes=600), rows((599, 0)), False, "waiting", 1, "last run: good"),
        (site_file(), rows((1, 11)), False, "due", -1, "stopped by a signal"),
        (site_file(), rows((1, None)), False, "due", -1, "never finished"),
        (site_file(), rows((1, None), (2, None)), False, "waiting", 59, "failed 2 times"),
        (site_file(), rows((1, 4)), False, "waiting", 29, "some sources"),
        (site_file(), rows((1, 6)), False, "waiting", 29, "drift"),
        (site_file(), rows((1, 5)), False, "waiting", 29, "failed"),
        (site_file(), rows((31, 5), (61, 5)), False, "waiting", 29, "failed 2 times"),
        (site_file(), rows((31, 5), (61, 5), (91, 5)), False, "waiting", 89, "failed 3 times"),
        (site_file(), rows((31, 5), (61, 0), (91, 5)), False, "due", -1, "failed: no source"),
        (site_file(), rows((31, 3), (61, 3), (91, 3)), False, "due", -1, "not written"),
        (site_file(), rows((31, 1), (61, 5), (91, 5)), False, "waiting", 29, "failed 2 times"),
        (site_file(), rows((60, 5), *[(90 + n, 5) for n in range(10)]), False, "waiting", 1380, "failed 11 times"),
        (site_file(poll_minutes=2880), rows((2879, 5), (5000, 5)), False, "waiting", 1, "failed 2 times"),
        (site_file(), rows((-600, 0)), False, "due", 0, "last run: good"),
        (site_file(), rows((50, None)), True, "running", None, "since 2026-11-25T11:10:00Z"),
        (site_file(blocked="asks us not to"), rows((500, 0)), False, "blocked", None, "asks us not to"),
        (site_file(blocked=""), rows(), False, "blocked", None, ""),
        (site_file(sources=()), rows(), False, "no-sources", None, "no [[source]]"),
    ],
)
def test_who_is_due(
    site: SiteFile, runs: list[RunRow], running: bool, state: str, next_minutes: int | None, why: str
) -> None:
    due = decide(site, runs, [], running, NOW, None)
    assert due.state == state and why in due.why
    if next_minutes is not None:
        assert due.next_at == (NOW + timedelta(minutes=next_minutes)).strftime(AT)


def test_an_attempt_that_left_no_trace_is_not_repeated_at_once() -> None:
    assert decide(site_file(), [], [], False, NOW, NOW - timedelta(minutes=1)).state == "waiting"
    assert decide(site_file(), [], [], False, NOW, NOW - timedelta(minutes=31)).state == "due"
    assert decide(site_file(), rows((-600, 0)), [], False, NOW, NOW - timedelta(minutes=1)).state == "waiting"


@pytest.mark.parametrize("failures", [0, 1, 2, 7, 12, 1000])
def test_the_back_off_is_bounded(failures: int) -> None:
    assert timedelta(minutes=30) <= wait(timedelta(minutes=30), failures) <= timedelta(days=1)
    assert wait(timedelta(days=3), failures) == timedelta(days=3)


def write_sites(site: Site, *names: str, toml: str = SECTION) -> None:
    """Sites of these names; ours are blocked, so that no test asks anybody else."""
    for name in site_files():
        site.write('blocked = "not in a test"\n' + SECTION, name)
    for name in names:
        site.write(toml, name)


def test_sites_that_are_due_are_crawled_once(site: Site) -> None:
    write_sites(site, "alpha", "beta")
    site.write(SECTION.replace("/list", "/nolist"), "gone")
    site.write('blocked = "said \\u001b[31mno"\n' + SECTION, "shut")
    serve(site.server)
    before = site.run("due", "alpha", "gone", "shut", "--json")
    assert [(entry["site"], entry["state"]) for entry in map(json.loads, before.stdout.splitlines())] == [
        ("alpha", "due"), ("gone", "due"), ("shut", "blocked"),
    ]  # fmt: skip
    assert "\x1b" not in site.run("due", "shut").stdout and not (site.output / "state").exists()
    done = site.run("crawl-due", "--workers", "2")
    assert done.returncode == 4 and not done.stderr
    detail = {line.split()[1]: line for line in done.stdout.splitlines()}
    assert set(detail) == {"alpha", "beta", "gone"}
    assert " exit 0 good: 3 written, 3 seen, " in detail["alpha"] and " exit 5 " in detail["gone"]
    asked = len(site.server.asked)
    again = site.run("crawl-due")
    assert (again.returncode, again.stdout) == (0, "") and len(site.server.asked) == asked, "nobody is due"
    assert {path.name for path in (site.output / "logs").iterdir()} == {"alpha.log", "beta.log", "gone.log"}
    site.write(SECTION.replace('"section"', '"sections"'), "alpha")
    broken = site.run("crawl-due", "--quiet")
    assert broken.returncode == 5 and "alpha.toml: source[1].kind" in broken.stderr
    for wrong in (["due", "nosuch"], ["watch", "--workers", "0"]):
        assert site.run(*wrong).returncode == 2


def test_settings_reach_the_crawls_and_a_failed_start_is_told(site: Site) -> None:
    write_sites(site, "alpha")
    serve(site.server)
    done = site.run("crawl-due", "-s", "CONCURRENT_ITEMS=many")
    assert done.returncode == 5 and " alpha exit 1 could not start" in done.stdout and "many" in done.stdout


def test_a_signal_stops_the_crawls_cleanly(site: Site) -> None:
    write_sites(site, "alpha", "beta", "later")
    serve(site.server, 60)
    process = subprocess.Popen(
        site.command("crawl-due", "--workers", "2", "-s", "DOWNLOAD_DELAY=0.3"),
        stdout=subprocess.PIPE,
        text=True,
        cwd=site.folder,
    )
    wait_for(site.server, 8)
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 11
    assert sorted(line.split()[1:4] for line in out.splitlines()) == [["alpha", "exit", "11"], ["beta", "exit", "11"]]
    states = [json.loads(line) for line in site.run("due", "--json", "alpha", "later").stdout.splitlines()]
    assert [(entry["site"], entry["state"]) for entry in states] == [("later", "due"), ("alpha", "due")]
    reports = [json.loads(path.read_text("utf-8")) for path in (site.output / "runs").glob("*.json")]
    assert [report["exit_code"] for report in reports] == [11, 11]


def test_watch_tells_each_run_and_ends_with_its_crawls(site: Site) -> None:
    write_sites(site, "alpha", "slow")
    site.write(SECTION.replace("/list", "/hangs"), "slow")
    serve(site.server, hangs=Reply(play=hang))
    process = subprocess.Popen(
        site.command("watch", "-s", "DOWNLOAD_TIMEOUT=60"), stdout=subprocess.PIPE, text=True, cwd=site.folder
    )
    assert process.stdout is not None and " alpha exit 0 good: 3 written" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 11 and " slow exit 11 " in out
    assert " alpha " not in out, "once"


def test_watch_shows_a_table_on_a_terminal(site: Site) -> None:
    write_sites(site, "alpha")
    site.write('blocked = "said \\u001b]0;x\\u0007no"\n' + SECTION, "shut")
    serve(site.server)
    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "150", "LINES": "40"}
    process = subprocess.Popen(
        site.command("watch"), stdin=follower, stdout=follower, stderr=follower, cwd=site.folder, env=environment
    )
    os.close(follower)
    shown, deadline = b"", time.monotonic() + 60
    while b"good" not in shown and time.monotonic() < deadline:
        shown += os.read(leader, 65_536)
    process.send_signal(signal.SIGTERM)
    try:
        while chunk := os.read(leader, 65_536):
            shown += chunk
    except OSError:
        pass  # the other end is closed
    assert process.wait(timeout=30) == 11
    os.close(leader)
    assert b"crawls under way" in shown and b"alpha" in shown and b"said \\x1b]0;x" in shown
    assert b"\x1b]0;" not in shown


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("torn.json", b'{"run": "20261', "is not JSON"),
        ("empty.json", b"", "is not JSON"),
        ("list.json", b"[]", "is not a run report"),
        ("wrong.json", b'{"run": 5}', "run is missing or of another type"),
        ("\x1b[31m.json", b"\xff\xfe", "\\x1b[31m.json is not JSON"),
        ("deep.json", b"[" * 100_000, "is not JSON"),
        ("big.json", b" " * 5_000_000, "is larger than"),
    ],
)
def test_reports_that_are_none_are_skipped_with_a_word(
    name: str, content: bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from newscrawl.monitoring.runs import last_runs, rows_of_reports
    from newscrawl.security.log import escape_controls

    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / name).write_bytes(content)
    good = {
        "run": "20261125T000000Z-000000", "site": "g\x1b[2J", "started_at": "yesterday", "finished_at": "", "finish_reason": "x",
        "exit_code": 7, "elapsed_seconds": 1, "requests": 1, "response_bytes": 1, "stories": {"seen": "many"}, "counts": {},
    }  # fmt: skip
    (tmp_path / "runs" / "good.json").write_text(json.dumps(good), "utf-8")
    os.mkfifo(tmp_path / "runs" / "pipe.json")
    found = last_runs(tmp_path)
    assert [(run.site, run.meaning, run.seen) for run in found.runs] == [("g\x1b[2J", "unknown", None)]
    assert (
        any(said in escape_controls(word) for word in found.skipped)
        and "pipe.json is not a regular file" in found.skipped
    )
    assert rows_of_reports(tmp_path) == [], "no time that a state could hold"


def test_runs_lists_and_warns(site: Site) -> None:
    write_sites(site, "alpha", "beta")
    serve(site.server)
    assert site.run("crawl", "alpha").returncode == site.run("crawl", "beta").returncode == 0
    (site.output / "runs" / "20991125T000000Z-torn.json").write_bytes(b"{\x1b")
    listed = site.run("runs", "--site", "alpha", "--json")
    assert listed.returncode == 0 and "warning: skipped 20991125T000000Z-torn.json is not JSON" in listed.stderr
    (run,) = map(json.loads, listed.stdout.splitlines())
    assert (run["site"], run["status"], run["exit_code"], run["lines"]) == ("alpha", "finished", 0, 3)
    table = site.run("runs").stdout.splitlines()
    assert table[0].split("\t")[:2] == ["started", "site"] and [line.split("\t")[1] for line in table[1:]] == [
        "beta",
        "alpha",
    ]
    assert site.run("runs", "--limit", "0").returncode == 2


ENDLESS = "import newscrawl.commands.runs as r\ndef run(self, args, opts):\n while True: print('x' * 70, flush=True)\nr.Command.run_checked = run\n"


@pytest.mark.parametrize(("kind", "code"), [(signal.SIGTERM, 11), (signal.SIGINT, 11), (None, 0)])
def test_any_command_ends_by_a_signal_and_by_a_reader_that_has_enough(
    kind: signal.Signals | None, code: int, site: Site
) -> None:
    command = site.command("runs")
    command[1:3] = ["-c", f"{ENDLESS}from newscrawl.__main__ import main\nmain()"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=site.folder)
    assert process.stdout is not None and process.stdout.readline().startswith("xxx")
    if kind is None:
        process.stdout.close()
        assert process.stderr is not None and process.stderr.read() == ""
    else:
        process.send_signal(kind)
        assert process.communicate(timeout=30)[1] == f"stopped by {kind.name}\n"
    assert process.wait(timeout=30) == code


def test_the_summary_of_a_crawl_on_a_terminal() -> None:
    from newscrawl.commands._base import print_pairs

    leader, follower = pty.openpty()
    with open(follower, "w", encoding="utf-8") as stream:
        print_pairs([("gazette", "good"), ("", "a [bold]name[/bold]")], stream)
        stream.flush()
        shown = os.read(leader, 65_536).decode()
    os.close(leader)
    assert "gazette" in shown and "a [bold]name[/bold]" in shown
