from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from newscrawl.attribution.copies import StatedBy, StatedCredit, carry_credit, credit_of_copy
from newscrawl.items import Story
from newscrawl.storage.rebuild import rebuild_state
from newscrawl.storage.writer import SiteOutput
from tests.attribution.made_pages import made_story, roles
from tests.stories import TEXT, make_story

PLAIN = [*TEXT[:2], TEXT[2].removesuffix(" (Yonhap)")]
YONHAP = StatedCredit("yonhap", "originator", 0.95, "By Yonhap")
STATED = StatedBy("first.example:1", ("Lee Ji-dong",), (YONHAP,))

CASES: list[tuple[str, dict[str, str], StatedBy, float, dict[str, str]]] = [
    ("a copy without any credit", {}, STATED, 1.0, {"yonhap": "originator"}),
    ("a near copy", {}, STATED, 0.9, {"yonhap": "originator"}),
    ("the same author", {"byline": "By Lee Ji-dong"}, STATED, 1.0, {"yonhap": "originator"}),
    ("a shared credit", {}, StatedBy("a:1", (), (StatedCredit("dpa", "contributor", 0.9, "mit dpa"),)), 1.0, {"dpa": "contributor"}),
    ("another author", {"byline": "By Ada Brandt"}, STATED, 1.0, {}),
    ("another agency", {"last": " (AFP)"}, STATED, 1.0, {"afp": "originator"}),
    ("a text that differs too much", {}, STATED, 0.7, {}),
    ("a story that states nothing", {}, StatedBy("a:1", (), ()), 1.0, {}),
    ("an agency nobody knows any more", {}, StatedBy("a:1", (), (StatedCredit("gone", "originator", 0.9, "Gone"),)), 1.0, {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "stated", "similarity", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_what_a_copy_carries(
    parts: dict[str, str], stated: StatedBy, similarity: float, expected: dict[str, str]
) -> None:
    story = made_story(**parts)
    own = roles(story)
    assert carry_credit(story, stated, similarity) == (expected != own)
    assert roles(story) == expected


def test_what_is_carried_says_so() -> None:
    story = made_story()
    (carried,) = credit_of_copy(story, STATED, 0.9)
    (evidence,) = carried.evidence
    assert (evidence.where, evidence.kind, evidence.text, evidence.of) == (
        "copy",
        "copy",
        "By Yonhap",
        "first.example:1",
    )
    assert (evidence.start, evidence.end) == (None, None)
    assert carried.confidence < YONHAP.confidence * 0.9
    assert credit_of_copy(story, StatedBy(story.id or "", (), (YONHAP,)), 1.0) == [], "a story is no copy of itself"


def with_byline(byline: str, host: str) -> Story:
    """A story of the plain text with a byline outside of it, as `make_story` makes it otherwise."""
    story = make_story(host=host, paragraphs=PLAIN)
    if byline:
        from newscrawl.items import Attribution, Evidence

        evidence = Evidence(where="byline", kind="byline", text=byline)
        story.attribution = [
            Attribution(id="yonhap", name="Yonhap News Agency", role="originator", confidence=0.95, evidence=[evidence])
        ]
        story.agency = "yonhap"
    return story


def crawl(folder: Path, site: str, *stories: Story) -> None:
    output = SiteOutput(folder, site)
    output.prepare()
    for story in stories:
        output.write(story).result(timeout=10)
    output.close("finished")


def lines(folder: Path) -> dict[str, dict[str, Any]]:
    found = [
        json.loads(line)
        for path in (folder / "stories").rglob("*.jsonl")
        for line in path.read_text("utf-8").splitlines()
    ]
    return {line["source"]["id"]: line for line in found}


@pytest.mark.parametrize("rebuilt", [False, True])
def test_a_crawl_carries_the_credit_of_an_exact_copy(tmp_path: Path, rebuilt: bool) -> None:
    crawl(tmp_path, "first.example", with_byline("By Yonhap", "first.example"))
    if rebuilt:
        rebuild_state(tmp_path)
    crawl(tmp_path, "copy.example", with_byline("", "copy.example"))
    crawl(tmp_path, "third.example", with_byline("", "third.example"))
    found = lines(tmp_path)
    copy = found["copy.example"]
    assert copy["cluster"]["relation"] == "copy" and copy["agency"] == "yonhap"
    assert copy["attribution"][0]["confidence"] == round(0.95 * 0.85, 2)
    assert copy["attribution"][0]["evidence"] == [
        {
            "where": "copy",
            "kind": "copy",
            "text": "By Yonhap",
            "start": None,
            "end": None,
            "of": found["first.example"]["id"],
        }
    ]
    assert found["third.example"]["attribution"][0]["evidence"][0]["of"] == found["first.example"]["id"]


def test_a_first_without_a_credit_gives_none(tmp_path: Path) -> None:
    crawl(tmp_path, "first.example", with_byline("", "first.example"))
    crawl(tmp_path, "copy.example", with_byline("", "copy.example"))
    assert lines(tmp_path)["copy.example"]["attribution"] == []
