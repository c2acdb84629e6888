"""What a check of the catalogue found, site by site: what holds, what does not, and what to change in the site file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from newscrawl.items import Story
from newscrawl.sites.model import Layout, Site, Source

DUE_FIELDS = ("headline", "body", "published")  # a story without the others is nothing unusual
FORBIDDEN = "forbidden by robots.txt"
NOT_REACHED = "no time was left for it"
ADVICE = {
    401: "it refuses us: say so in `blocked` and take the sources out",
    403: "it refuses us: say so in `blocked` and take the sources out",
    404: "it is gone: find where the site announces its stories now, or take it out",
    410: "it is gone: find where the site announces its stories now, or take it out",
    429: "it was asked too often: raise `delay_seconds`",
}
BROKEN_ADVICE = "the URL answers with something else: find where the site announces its stories now"


@dataclass(slots=True)
class SiteFinding:
    """One thing that was looked at; `problem` is None where it holds."""

    what: str
    url: str
    detail: str = ""
    problem: str | None = None
    advice: str | None = None
    is_small: bool = False  # the site can be crawled all the same


@dataclass(slots=True)
class SiteCheck:
    """All that was looked at of one site."""

    site: Site
    findings: list[SiteFinding] = field(default_factory=list)
    announced: int = 0
    is_story_chosen: bool = False
    no_browser: str | None = None  # why pages of a site with `render = true` cannot be looked at, and what to install

    @property
    def verdict(self) -> str:
        """good, partly (stories come, but something is to be changed), failed, or blocked (nothing to look at)."""
        if not self.site.sources:
            return "blocked"
        if all(finding.problem is None for finding in self.findings):
            return "good"
        sources = [finding for finding in self.findings if finding.what != "story"]
        stories = [finding for finding in self.findings if finding.what == "story"]
        is_read = any(finding.problem is None or finding.is_small for finding in stories)
        return "partly" if is_read and any(finding.problem is None for finding in sources) else "failed"

    def tell_unanswered(self) -> None:
        """Note the sources that nothing is known of: the check was ended before they answered."""
        known = {(finding.what, finding.url) for finding in self.findings}
        sources = [source for source in self.site.sources if (source.kind, source.url) not in known]
        if len(self.findings) < len(self.site.sources):
            self.findings += [not_reached(source.kind, source.url) for source in sources]

    def as_json(self) -> dict[str, Any]:
        names = ("what", "url", "detail", "problem", "advice")
        return {
            "id": self.site.id,
            "verdict": self.verdict,
            "blocked": self.site.blocked,
            "findings": [{name: getattr(finding, name) for name in names} for finding in self.findings],
        }


def failed_request(what: str, url: str, error: BaseException) -> SiteFinding:
    """What a request that brought nothing says, and what to do about it."""
    status = getattr(getattr(error, "response", None), "status", None)
    text = " ".join((str(error) or type(error).__name__).split())
    if isinstance(status, int):
        return SiteFinding(what, url, problem=f"answered {status}", advice=ADVICE.get(status, "try again later"))
    if FORBIDDEN in text.lower():
        advice = "newscrawl keeps to it: take the source out, or say so in `blocked`"
        if what == "story":
            advice = "newscrawl keeps to it: narrow `story_url`, or say so in `blocked`"
        return SiteFinding(what, url, problem=FORBIDDEN, advice=advice)
    if "(elsewhere)" in text:
        return SiteFinding(what, url, problem="it leads to another site", advice="add that site's host to `domains`")
    return SiteFinding(
        what, url, problem=text[:300], advice="try again later; if it stays, find the site's new address"
    )


def not_shown(what: str, url: str, reason: str) -> SiteFinding:
    """A page that only a browser can show, if there are none."""
    return SiteFinding(what, url, problem="not looked at: render = true, and there is no browser", advice=reason)


def not_reached(what: str, url: str) -> SiteFinding:
    return SiteFinding(what, url, problem=NOT_REACHED, advice="check the site alone, or give --seconds more")


def of_source(source: Source, announced: int, usable: int, example: str | None, broken: str | None) -> SiteFinding:
    """A source that answered: how many stories it announces, and how many of them the site file lets through."""
    detail = f"{usable} stories" if usable == announced else f"{usable} stories of {announced} links"
    finding = SiteFinding(source.kind, source.url, detail)
    if broken and not announced:
        finding.problem, finding.advice = broken, BROKEN_ADVICE
    elif not announced:
        finding.problem = "it announces nothing"
        finding.advice = "an empty feed may fill again; if it stays so, take it out"
        if source.kind == "section":
            finding.advice = "`links` selects nothing: look at the page's markup"
    elif not usable:
        finding.problem = f"none of its {announced} links is a story's, such as {example}"
        finding.advice = "widen `story_url` or `domains`"
    return finding


def of_story(story: Story, layout: Layout | None, missing: Iterable[str]) -> SiteFinding:
    """A story that was read: whether it has what one needs, and which selectors of the layout found nothing."""
    missing = [name for name in missing if name in DUE_FIELDS]
    detail = f"{len(story.text or '')} characters, {story.published_at or story.published_date or 'no date'}"
    finding = SiteFinding("story", story.url or "", detail, is_small=bool(story.text and story.headline))
    if not story.text:
        finding.problem = "no text was found"
        finding.advice = "find a `body` selector" if layout is None or layout.body is None else "correct `body`"
        if story.access in ("paywalled", "registration"):
            finding.advice = f"the page is {story.access}: say so in `terms`; its summary is all there is"
    elif missing:
        selectors = ", ".join(f"{name} = {getattr(layout, name)!r}" for name in missing)
        finding.problem = f"selects nothing: {selectors}"
        finding.advice = "correct it, or take it out: the generic reader is used then, and found the text of this page"
    elif not story.headline:
        finding.problem, finding.advice = "no headline was found", "find a `headline` selector"
    elif not (story.published_at or story.published_date):
        finding.problem, finding.advice = "no date was found", "find a `published` selector"
    return finding


def code_of(checks: Iterable[SiteCheck]) -> int:
    """0 all that could be looked at is good, 4 something is to be changed, 5 nothing works."""
    verdicts = [check.verdict for check in checks if check.verdict != "blocked"]
    if all(verdict == "good" for verdict in verdicts):
        return 0
    return 5 if all(verdict == "failed" for verdict in verdicts) else 4
