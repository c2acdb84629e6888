"""StoryLoader is a plain item loader: its fields name their processors, a subclass overrides one and only that one."""

from __future__ import annotations

from itemloaders.processors import MapCompose

from newscrawl.items import BodyBlock, Story
from newscrawl.loaders import StoryLoader

HEADLINE, TEXT = "Varn widens its quay", ["The quay of Varn grows.", "Back to top", "It is\tlong."]


class ShoutingLoader(StoryLoader):
    headline_in = MapCompose(StoryLoader.headline_in, str.upper)


def load(loader: type[StoryLoader]) -> Story:
    filled = loader(site_names=frozenset({"the gazette"}))
    filled.add_value("headline", f"{HEADLINE} | The Gazette")
    filled.add_value("subheadline", "A  longer\nline")
    filled.add_value("text", TEXT)
    filled.add_value("body", [BodyBlock(type="paragraph", text=text) for text in TEXT])
    story: Story = filled.load_item()
    return story


def test_each_text_field_is_cleaned() -> None:
    story = load(StoryLoader)
    assert story.headline == HEADLINE and story.subheadline == "A longer line"
    assert story.text == "The quay of Varn grows.\n\nIt is long."
    assert [block.text for block in story.body or []] == ["The quay of Varn grows.", "It is long."]


def test_a_subclass_overrides_one_field_and_only_that_one() -> None:
    load(StoryLoader)
    shouted = load(ShoutingLoader)
    assert shouted.headline == HEADLINE.upper() and shouted.subheadline == "A longer line"
    assert load(StoryLoader).headline == HEADLINE
