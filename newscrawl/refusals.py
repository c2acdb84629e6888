"""Why a request was not made, or its answer not used. Scrapy hands these to the errback; none is tried again."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest


class Truncated(IgnoreRequest):
    """A page that never came whole."""


class Refused(IgnoreRequest):
    """A request that must not be made; its text says why."""


class Stopping(IgnoreRequest):
    """The crawl ends: the request waited for its turn and is not sent any more."""


class Impolite(IgnoreRequest):
    """A request that would be impolite; `outcome` names what came of it, for a source or a story."""

    outcome = "failed"


class RobotsForbidden(Impolite):
    outcome = "robots-forbidden"


class RobotsUnreachable(Impolite):
    outcome = "robots-unreachable"


class PutAside(Impolite):
    """The host asked for a longer pause than a run waits."""

    outcome = "failed/put-aside"


class Blocked(Impolite):
    """The answer is a refusal, a challenge or an error page, whatever its status says."""

    outcome = "blocked"
