"""Why a request was not made, or its answer not used. Scrapy hands these to the errback; none is tried again in its run.

`outcome` names what came of a source or a story. `may_heal`: it was asked for, and a later run may have more luck.
`is_final`: no later run may make it either. Neither: it was never made, and the next run makes it.
"""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest


class TruncatedBody(IgnoreRequest):
    """A page that never came whole."""

    may_heal = True


class RequestRefused(IgnoreRequest):
    """A request that must not be made; its text says why."""

    is_final = True


class CrawlStopping(IgnoreRequest):
    """The crawl ends: the request waited for its turn and is not sent any more."""


class RobotsForbidden(IgnoreRequest):
    """robots.txt does not allow it."""

    outcome = "robots-forbidden"
    is_final = True


class RobotsUnreachable(IgnoreRequest):
    """robots.txt could not be read: nothing of the site is fetched in this run."""

    outcome = "robots-unreachable"


class HostSuspended(IgnoreRequest):
    """The host asked for a longer pause than a run waits."""

    outcome = "failed/put-aside"


class Blocked(IgnoreRequest):
    """The answer is a refusal, a challenge or an error page, whatever its status says."""

    outcome = "blocked"
    may_heal = True


class SamePage(Blocked):
    """The site shows one page for this URL and others: it was looked at, and there is no story."""

    is_empty = True
