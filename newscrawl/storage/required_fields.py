"""What a story must have before it becomes a line."""

from __future__ import annotations

from newscrawl.items import ALWAYS, Story


def missing_field(story: Story) -> str | None:
    """The reason, in one word, why a story cannot be written; None where it can."""
    warnings = story.extraction.warnings if story.extraction else []
    if not story.text and story.change != "withdrawal":
        return next((word for word in warnings if word != "json-ld-broken"), "no-text")
    for name in ALWAYS:
        if getattr(story, name) is None:
            return f"no-{name.replace('_', '-')}"
    if not story.headline and story.change != "withdrawal":  # a page that is gone: the story's own is taken
        return "no-headline"
    return None
