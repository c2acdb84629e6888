"""Decide when the next request to a host may be sent."""

from __future__ import annotations

from newscrawl.security.url import DEFAULT_PORTS, host_port
from newscrawl.storage.hosts import HostRequestTimes

SURELY_ARRIVED_SECONDS = 5.0  # a request that has had no answer for so long has at least reached the host


def host_key(url: str) -> str:
    """What counts as one host: its name, with the port where that is neither http's nor https's own."""
    pair = host_port(url)
    if pair is None:
        return ""
    return pair[0] if pair[1] in DEFAULT_PORTS.values() else f"{pair[0]}:{pair[1]}"


def interval_seconds(site_delay: float, robots_delay: float, longest_robots_delay: float) -> float:
    """The time between two requests: the site file's, or what robots.txt asks for up to a bound; the largest wins."""
    return max(site_delay, min(robots_delay, longest_robots_delay), 0.0)


def seconds_to_turn(
    times: HostRequestTimes, now: float, interval: float, not_before: float, unanswered_seconds: float | None
) -> float:
    """How long to wait before the next request; 0 if it may be sent.

    An interval counts from the instant at which the request before had surely arrived: its answer has begun, or
    `unanswered_seconds` have passed since it was sent. Counted from the sending it would come out shorter at the
    host, by the time that a new connection takes.
    """
    if interval > 0 and unanswered_seconds is not None and unanswered_seconds < SURELY_ARRIVED_SECONDS:
        return SURELY_ARRIVED_SECONDS - unanswered_seconds
    return max(min(times.last_at + interval - now, interval), not_before - now, 0.0)
