"""A command run to its end, and what it took: the figures of the corpus benchmarks."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command and the processes it waited for took; `peak_mb` is the largest one's resident memory, 10^6 bytes."""

    seconds: float
    cpu_seconds: float
    peak_mb: float


def run(command: Sequence[str], cwd: Path | None = None) -> Cost:
    """The cost of a command whose output is thrown away; CalledProcessError where it fails."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=cwd)
    _, status, used = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)  # it was waited for here
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e6)


def typical(costs: Sequence[Cost]) -> Cost:
    """The medians of the times, and the highest memory."""
    return Cost(
        median(cost.seconds for cost in costs),
        median(cost.cpu_seconds for cost in costs),
        max(cost.peak_mb for cost in costs),
    )
