"""What a look at a URL brought, once it is decided what the story is."""

from __future__ import annotations

from newscrawl.dedup.identify import Decision
from newscrawl.extraction.paging import PAGES_MISSING
from newscrawl.items import Story
from newscrawl.storage.visits import Fetch, seconds

CHANGED = frozenset({"update", "correction", "withdrawal"})


def record_fetch(look: Fetch, story: Story, decision: Decision) -> None:
    """Say on the look what the decision was: how old the story is, whether it changed, whether all of it was there."""
    look.published_at = seconds(story.published_at or story.published_date)
    look.is_changed = decision.verdict in CHANGED
    if story.change == "withdrawal" or decision.verdict == "gone":
        look.outcome = "gone"
    elif story.extraction is not None and PAGES_MISSING in story.extraction.warnings:
        look.outcome = "partial"
