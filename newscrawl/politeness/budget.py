"""Limit what one run requests from a site, so that crawler traps end with a counted reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

MAX_SEGMENTS = 20  # of a path; real stories have up to ten
MAX_REPEATS = 3  # of one part of a path in a row, or of a pair of parts
MAX_DEPTH = 3  # indexes within indexes of sitemaps


@dataclass(frozen=True, slots=True)
class BudgetLimits:
    """What a run may ask for; docs/settings.md explains each."""

    stories: int = 100_000  # pages of stories, of a site
    list_pages: int = 1_000  # feeds, sitemaps and list pages, of a source
    without_news: int = 200  # story pages in a row of a source that bring nothing new
    without_links: int = 5  # list pages in a row that show nothing this run has not seen


@dataclass(slots=True)
class SourceBudget:
    """What one source has used up; `spent` names the bound that ended it."""

    limits: BudgetLimits = field(default_factory=BudgetLimits)
    list_pages: int = 0
    without_news: int = 0
    without_links: int = 0
    spent: str | None = None

    def list_page(self, has_unseen: bool) -> None:
        """A list page, feed or sitemap was read; whether it showed any link this run had not seen."""
        self.without_links = 0 if has_unseen else self.without_links + 1
        if self.without_links >= self.limits.without_links:
            self.spent = self.spent or "no-new-links"

    def may_ask_for_list(self) -> bool:
        """Whether one more list page may be asked for; it is counted if so."""
        if self.spent is None and self.list_pages >= self.limits.list_pages:
            self.spent = "list-pages"
        if self.spent is None:
            self.list_pages += 1
        return self.spent is None

    def brought(self, is_new: bool) -> None:
        """A page that was asked for the first time brought a story that is new, or it did not."""
        self.without_news = 0 if is_new else self.without_news + 1
        if self.without_news >= self.limits.without_news:
            self.spent = self.spent or "no-new-story"


def growing_path(url: str) -> bool:
    """Whether a path grows by links that are relative to themselves: `/a/a/a/a`, `/x/y/x/y/x/y/x/y`, or too deep."""
    parts = [part for part in urlsplit(url).path.split("/") if part]
    if len(parts) > MAX_SEGMENTS:
        return True
    return any(
        all(parts[start + n] == parts[start + n % step] for n in range(step * (MAX_REPEATS + 1)))
        for step in (1, 2)
        for start in range(len(parts) - step * (MAX_REPEATS + 1) + 1)
    )
