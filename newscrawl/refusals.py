"""Why a request was not made, or its answer not used. Scrapy hands these to the errback; none is tried again in its run.

`may_heal` says whether a later run may have more luck; `outcome` names what came of a source or a story.
"""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest


class Truncated(IgnoreRequest):
    """A page that never came whole."""

    may_heal = True


class Refused(IgnoreRequest):
    """A request that must not be made; its text says why."""


class Stopping(IgnoreRequest):
    """The crawl ends: the request waited for its turn and is not sent any more."""

    may_heal = True


class Impolite(IgnoreRequest):
    """A request that would be impolite."""

    outcome = "failed"
    may_heal = True


class RobotsForbidden(Impolite):
    outcome = "robots-forbidden"
    may_heal = False


class RobotsUnreachable(Impolite):
    outcome = "robots-unreachable"


class PutAside(Impolite):
    """The host asked for a longer pause than a run waits."""

    outcome = "failed/put-aside"


class Blocked(Impolite):
    """The answer is a refusal, a challenge or an error page, whatever its status says."""

    outcome = "blocked"
