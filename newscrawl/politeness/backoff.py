"""Decide how long to wait after an error, and whether one request or the whole host waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_BACKOFF_SECONDS = 60.0
HOST_STATUSES = frozenset({429, 503})  # those that may say Retry-After (RFC 9110 10.2.3, RFC 6585 4)
MAX_SECONDS_DIGITS = 9  # thirty years: a longer number is not a time
SPREAD = 0.5  # jitter: up to half of the wait on top, never below it


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait in seconds; `is_for_host` where no request at all may go to the host meanwhile."""

    seconds: float
    is_for_host: bool = False


def wait_after(status: int, retry_after: str | None, attempt: int, now: datetime, base: float, chance: float) -> Wait:
    """What to do after an answer that may get better; `attempt` counts from 1, `chance` is a random 0.0-1.0."""
    nominal = backoff_seconds(attempt, base, chance)
    if status not in HOST_STATUSES:
        return Wait(nominal)
    asked = retry_after_seconds(retry_after, now)
    if asked is None:
        return Wait(nominal, is_for_host=status == 429)  # a 503 without a word may be one page's
    return Wait(max(asked, nominal), is_for_host=True)


def backoff_seconds(attempt: int, base: float, chance: float) -> float:
    """base, 2 base, 4 base ... up to a minute, and up to half of it more by chance."""
    nominal = min(base * 2.0 ** min(attempt - 1, 30), LONGEST_BACKOFF_SECONDS)
    return nominal * (1 + SPREAD * chance)


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """The wait that a Retry-After header asks for, in seconds or as an HTTP date; None where it says nothing."""
    said = (value or "").strip()
    if not said:
        return None
    if said.isascii() and said.isdigit():
        return float(said) if len(said) <= MAX_SECONDS_DIGITS else float(10**MAX_SECONDS_DIGITS)
    try:
        at = parsedate_to_datetime(said[:100])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)  # asctime's form has no zone: HTTP dates are GMT
    return max((at - now).total_seconds(), 0.0)


KINDS = (
    ("Timeout", "timeout"), ("Resolve", "dns"), ("Refused", "refused"), ("DataLoss", "cut-short"), ("Tunnel", "proxy"),
    ("SSL", "tls"), ("Connect", "connection"), ("DownloadFailed", "connection"), ("ResponseNeverReceived", "connection"),
)  # fmt: skip


def failure_kind(error: BaseException) -> str:
    """One word for a failed download, by the name of its exception: a reason to count."""
    name = type(error).__name__
    return next((kind for part, kind in KINDS if part in name), "other")
