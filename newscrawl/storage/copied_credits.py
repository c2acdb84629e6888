"""Carry a credit from the original of a copied story, and record the credits of stories that are written."""

from __future__ import annotations

from dataclasses import asdict
from typing import cast

from newscrawl.attribution.copies import StatedBy, StatedCredit, carry_credit
from newscrawl.items import Role, Story
from newscrawl.storage.story_index import StoryIndex, credits_of, record_credits


def carry_and_record_credit(story: Story, index: StoryIndex) -> None:
    """Give a copy without a credit the one its original states, and record the credit. In the caller's transaction."""
    cluster = story.cluster
    if cluster is not None and cluster.relation == "copy" and cluster.of is not None and not story.attribution:
        carry_credit(story, _credits_stated_by(index, cluster.of), cluster.similarity or 0.0)
    if story.attribution or (story.version or 1) > 1:
        attribution = [asdict(entry) for entry in story.attribution or []]
        record_credits(index, story.id or "", attribution, [asdict(author) for author in story.authors or []])


def _credits_stated_by(index: StoryIndex, story_id: str) -> StatedBy:
    """What the page of a known story said of who wrote it."""
    rows = credits_of(index, story_id)
    found = tuple(
        StatedCredit(agency, cast(Role, role), confidence, text) for agency, role, confidence, text, _ in rows
    )
    return StatedBy(story_id, tuple(rows[0][4]) if rows else (), found)
