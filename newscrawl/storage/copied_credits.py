"""The credit of a story that is about to be written: carried from the copy that states it, remembered for copies to come."""

from __future__ import annotations

from dataclasses import asdict
from typing import cast

from newscrawl.attribution.copies import StatedBy, StatedCredit, carry_credit
from newscrawl.items import Role, Story
from newscrawl.storage.story_index import StoryIndex, credits_of, record_credits


def settle_credit(story: Story, index: StoryIndex) -> None:
    """Within the caller's transaction, after the story was identified: whatever matched it, exact or near, counts alike."""
    cluster = story.cluster
    if cluster is not None and cluster.relation == "copy" and cluster.of is not None and not story.attribution:
        carry_credit(story, stated_by(index, cluster.of), cluster.similarity or 0.0)
    if story.attribution or (story.version or 1) > 1:
        attribution = [asdict(entry) for entry in story.attribution or []]
        record_credits(index, story.id or "", attribution, [asdict(author) for author in story.authors or []])


def stated_by(index: StoryIndex, story_id: str) -> StatedBy:
    """What the page of a known story said of who wrote it."""
    rows = credits_of(index, story_id)
    found = tuple(
        StatedCredit(agency, cast(Role, role), confidence, text) for agency, role, confidence, text, _ in rows
    )
    return StatedBy(story_id, tuple(rows[0][4]) if rows else (), found)
