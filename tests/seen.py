"""A state that stories are shown to, for the tests of identity."""

from __future__ import annotations

from pathlib import Path

from newscrawl.dedup.identify import Decision, identify, keys_of
from newscrawl.items import Story
from newscrawl.storage.state import State
from newscrawl.storage.story_index import StoryIndex


class Seen:
    """A state that stories are shown to one after the other."""

    def __init__(self, folder: Path) -> None:
        self.state = State(folder)
        self.index = StoryIndex(self.state)

    def show(self, story: Story) -> Decision:
        with self.state.transaction():
            return identify(story, keys_of(story), self.index)
