"""Measure how long each host takes to answer, for the run report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

HOSTS = "newscrawl_hosts"  # the statistic that holds the table
MAX_HOSTS = 200  # a crawl of one site meets a few
SHOWN = 20


@dataclass(slots=True)
class Times:
    """The answers of one host, in seconds from the request to the whole response."""

    responses: int = 0
    total_seconds: float = 0.0
    slowest_seconds: float = 0.0


@dataclass(slots=True)
class HostLatency:
    """The answers of a run by host."""

    by_host: dict[str, Times] = field(default_factory=dict)

    def add(self, host: str, seconds: float) -> None:
        """Count an answer; hosts beyond the first MAX_HOSTS are not counted."""
        if host not in self.by_host and len(self.by_host) >= MAX_HOSTS:
            return
        times = self.by_host.setdefault(host, Times())
        times.responses += 1
        times.total_seconds += seconds
        times.slowest_seconds = max(times.slowest_seconds, seconds)

    def table(self) -> list[dict[str, Any]]:
        """The hosts as the run report holds them, the slowest on average first."""
        rows: list[dict[str, Any]] = [
            {
                "host": host,
                "responses": times.responses,
                "mean_seconds": round(times.total_seconds / times.responses, 3),
                "slowest_seconds": round(times.slowest_seconds, 3),
            }
            for host, times in self.by_host.items()
        ]
        return sorted(rows, key=lambda row: (-row["mean_seconds"], row["host"]))[:SHOWN]
