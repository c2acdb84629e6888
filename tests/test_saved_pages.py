"""Each site's saved pages give what stands beside them: real markup's shape, invented words."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newscrawl import read_page
from newscrawl.sites import load_sites

FOLDER = Path(__file__).with_name("saved_pages")
PAGES = sorted(FOLDER.glob("*/*.html"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_saved_page(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    captured = datetime.fromisoformat(expected["captured"]).replace(tzinfo=UTC) if "captured" in expected else None
    story = read_page(path.read_bytes(), expected["url"], fetched_at=captured)
    key = expected.pop("id")  # `site:*` where the site's URLs hold no id: the rest is made of the canonical URL
    assert story.id == key or (key.endswith(":*") and str(story.id).startswith(key[:-1])), story.id
    for name in ("headline", "agency", "published_at", "published_offset", "updated_at", "language"):
        assert getattr(story, name) == expected[name], name
    blocks = [block.text for block in story.body or []]
    assert len(blocks) == len(expected["paragraphs"]), blocks
    assert all(text.startswith(start) for text, start in zip(blocks, expected["paragraphs"], strict=True))
    assert [media.credit for media in story.media or [] if media.credit] == expected["caption_credits"]
    assert story.extraction is not None and story.extraction.origins.text == expected.get("origin", "site-rule")


def test_every_site_with_rules_has_a_saved_page() -> None:
    with_rules = {site.id for site in load_sites()[0] if any(layout.body for layout in site.layouts)}
    assert with_rules - {path.parent.name for path in PAGES} == set()
