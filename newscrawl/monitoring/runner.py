"""Start crawls as child processes, watch them and stop them. Each takes its site's lock itself."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from newscrawl.monitoring.exit_codes import ExitCode, meaning
from newscrawl.monitoring.runs import last_runs
from newscrawl.monitoring.signals import SIGNALS
from newscrawl.security.log import escape_controls
from newscrawl.storage.runs import AT

TICK_SECONDS = 0.1
AGAIN_SECONDS = 1.0
TAIL_BYTES = 20_000  # of a log, in which the reason of a failure is looked for
KILLED_BY_OUR_STOP = frozenset({-signal.SIGTERM, -signal.SIGINT})  # before the child had handlers of its own


@dataclass(slots=True)
class Child:
    """A crawl under way; `signals` counts those it was sent."""

    site: str
    process: subprocess.Popen[bytes]
    started_at: datetime
    clock: float
    log: Path | None
    signals: int = 0
    signalled: float = 0.0

    def pass_on(self, signals: int) -> None:
        """Send the signals that came, at most two. The second is sent until it is heeded: a process that was busy
        takes two that came meanwhile for one, and would wait for its last pages."""
        now = time.monotonic()
        if self.signals < min(signals, 2) or (signals > 1 and now - self.signalled > AGAIN_SECONDS):
            self.process.send_signal(signal.SIGTERM)
            self.signals, self.signalled = self.signals + 1, now


@dataclass(frozen=True, slots=True)
class Done:
    """A crawl that ended."""

    site: str
    exit_code: int
    ended_at: datetime
    seconds: float
    seen: int | None = None
    lines: int | None = None
    error: str | None = None

    def line(self) -> str:
        """One line for a pipe or a mail of cron; nothing in it can steer a terminal."""
        stories = "" if self.lines is None else f": {self.lines} written, {self.seen} seen"
        error = f" ({self.error})" if self.error else ""
        text = f"{self.ended_at:%Y-%m-%dT%H:%M:%SZ} {self.site} exit {self.exit_code} {meaning(self.exit_code)}"
        return escape_controls(f"{text}{stories}, {self.seconds:.1f} s{error}")


class Runner:
    """At most `workers` crawls at once. Signals are counted and passed on to the children, the second one too."""

    def __init__(self, output: Path, options: Sequence[str], workers: int) -> None:
        self.output, self.options, self.workers = output, list(options), workers
        self.children: dict[str, Child] = {}
        self.signals = 0

    def take_signals(self) -> None:
        """From now on a signal stops the children, and no more are started."""

        def count(*_: object) -> None:
            self.signals += 1

        for number in SIGNALS:
            signal.signal(number, count)

    @property
    def has_room(self) -> bool:
        return len(self.children) < self.workers and not self.signals

    def start(self, site: str) -> None:
        """Start the crawl of a site. In a process group of its own: a Ctrl-C must reach it once, through us."""
        log = self.log_of(site)
        stream = log.open("wb") if log else None
        try:
            process = subprocess.Popen(
                [sys.executable, "-m", "newscrawl", "crawl", site, "--quiet", *self.options],
                stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, process_group=0,
            )  # fmt: skip
        finally:
            if stream:
                stream.close()
        self.children[site] = Child(site, process, datetime.now(UTC), time.monotonic(), log)

    def log_of(self, site: str) -> Path | None:
        """logs/<site>.log of the output folder, of the last run alone; None where it cannot be written."""
        path = self.output / "logs" / f"{site}.log"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.open("wb").close()
        except OSError:
            return None
        return path

    def ended(self) -> list[Done]:
        """The crawls that have ended since the last call; passes on signals that came meanwhile."""
        for child in self.children.values():
            child.pass_on(self.signals)
        done = [child for child in self.children.values() if child.process.poll() is not None]
        for child in done:
            del self.children[child.site]
        return [self.outcome(child) for child in done]

    def outcome(self, child: Child) -> Done:
        """The result of a crawl: its exit code, its report, and the last error of its log if it failed."""
        code = child.process.returncode
        if child.signals and code in KILLED_BY_OUR_STOP:
            code = int(ExitCode.STOPPED)
        runs = last_runs(self.output, child.site, 1).runs
        run = runs[0] if runs and runs[0].started_at >= child.started_at.strftime(AT) else None
        error = last_error(child.log) if code in (ExitCode.START_UP, ExitCode.NOT_WRITTEN) or code < 0 else None
        seconds = time.monotonic() - child.clock
        return Done(
            child.site, code, datetime.now(UTC), seconds,
            run.seen if run else None, run.lines if run else None, error,
        )  # fmt: skip

    def run_all(self, sites: Sequence[str], on_end: Callable[[Done], object]) -> list[int]:
        """Run each site once, call `on_end` for each; their exit codes. Ends early when a signal comes."""
        waiting, codes = list(sites), []
        while self.children or (waiting and not self.signals):
            while waiting and self.has_room:
                self.start(waiting.pop(0))
            for done in self.ended():
                codes.append(done.exit_code)
                on_end(done)
            time.sleep(TICK_SECONDS)
        return codes


def last_error(log: Path | None) -> str | None:
    """The last CRITICAL or ERROR line of a log, without its time."""
    if log is None:
        return None
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - TAIL_BYTES))
            lines = file.read().decode("utf-8", "replace").split("\n")
    except OSError:
        return None
    bad = [line for line in lines if " CRITICAL: " in line or " ERROR: " in line]
    return bad[-1].partition(": ")[2][:300] if bad else None
