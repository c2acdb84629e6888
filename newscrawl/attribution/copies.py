"""The credit that a copy lost, taken from the copy that states it.

Papers cut bylines away; a near-identical text elsewhere may still have them. What is taken over says so: less
confidence, evidence with `where` copy and `of` the story that states the credit. A story that names anybody else
keeps what it says.
"""

from __future__ import annotations

from dataclasses import dataclass

from newscrawl.attribution.agencies import agencies
from newscrawl.attribution.agencies import fold_name as fold
from newscrawl.items import Attribution, Evidence, Role, Story

OF_A_COPY = 0.85  # how much of its confidence a credit keeps on another page of the same text
LEAST_SIMILAR = 0.8  # texts that differ more may be two stories on one event


@dataclass(frozen=True, slots=True)
class StatedCredit:
    """One agency that a story's own page credits, with the strongest string that says so."""

    agency: str
    role: Role
    confidence: float
    text: str


@dataclass(frozen=True, slots=True)
class StatedBy:
    """What one story says of who wrote it."""

    story_id: str
    authors: tuple[str, ...]
    credits: tuple[StatedCredit, ...]


def credit_of_copy(story: Story, stated: StatedBy, similarity: float) -> list[Attribution]:
    """The attribution that a story without any may carry from the story it is a copy of; [] where it must not.

    It must not where its own page names an agency or an author that the other does not name, where the texts differ
    too much, and where the other is itself. An agency that is no longer in the files is left out.
    """
    if story.attribution or similarity < LEAST_SIMILAR or stated.story_id == story.id:
        return []
    named = {fold(name) for name in stated.authors}
    if any(fold(author.name) not in named for author in story.authors or []):
        return []
    found = agencies()
    return [
        Attribution(
            id=credit.agency,
            name=found[credit.agency].name,
            role=credit.role,
            confidence=round(credit.confidence * OF_A_COPY * similarity, 2),
            evidence=[Evidence(where="copy", kind="copy", text=credit.text, of=stated.story_id)],
        )
        for credit in stated.credits
        if credit.agency in found
    ]


def carry_credit(story: Story, stated: StatedBy, similarity: float) -> bool:
    """Give a story the credit of the one it is a copy of, if it may carry it; whether it does."""
    carried = credit_of_copy(story, stated, similarity)
    if carried:
        story.attribution = carried
        story.agency = next((entry.id for entry in carried if entry.role == "originator"), None)
    return bool(carried)
