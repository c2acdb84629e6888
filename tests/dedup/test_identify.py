from __future__ import annotations

from typing import Any

import pytest

from newscrawl.dedup.canonical_url import is_plausible_canonical, normalise, url_key
from newscrawl.dedup.identify import identify, keys_of
from newscrawl.dedup.version import content_hash
from newscrawl.items import Story
from newscrawl.storage.story_index import StoryIndex
from tests.seen import Seen
from tests.stories import TEXT, make_story

OTHER = ["Nine boats went out.", *TEXT[1:]]
ANOTHER = [
    "A baker of the old town has found a bell under his oven that nobody had seen since the great flood, he told neighbours.",
    "It weighs as much as a calf and bears the year of its casting in letters that a teacher read out to the crowd.",
    "The museum has asked for it, but the baker says it will ring each morning when the first loaves are done.",
]
CASES: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("the same page again", {}, {}, "unchanged"),
    ("white space changed", {}, {"paragraphs": [TEXT[0].replace(" ", "\n ", 3), *TEXT[1:]]}, "unchanged"),
    ("the text changed", {}, {"paragraphs": OTHER}, "update"),
    ("the headline changed", {}, {"headline": "Quay to be wider"}, "update"),
    ("the same text under another URL", {}, {"key": "2"}, "same-text"),
    ("the same text under another URL and headline", {}, {"key": "2", "headline": "Quay news"}, "same-text"),
    ("another text under another URL", {}, {"key": "2", "headline": "Bell found", "paragraphs": ANOTHER}, "new"),
    ("the same headline and most of the text under another URL", {}, {"key": "2", "paragraphs": OTHER}, "update"),
    ("another headline and most of the text under another URL", {}, {"key": "2", "headline": "Boats must move", "paragraphs": OTHER}, "copy"),
    ("a stated lead under another URL", {}, {"key": "2", "headline": "(2nd LD) Boats must move", "paragraphs": OTHER}, "update"),
    ("a stated correction under another URL", {}, {"key": "2", "paragraphs": ["(Corrects figure in second paragraph) " + TEXT[0], "Nine boats went out.", *TEXT[1:]]}, "correction"),
    ("a correction at the same URL", {}, {"paragraphs": ["(Corrects figure in second paragraph) " + TEXT[0], *TEXT[1:]]}, "correction"),
    ("a withdrawal at the same URL", {}, {"headline": "WITHDRAWN: Council widens the quay", "paragraphs": ["This story has been withdrawn."]}, "withdrawal"),
    ("other quotation marks and dashes", {"paragraphs": ['"No," he said - twice.', *TEXT]}, {"paragraphs": ["“No,” he said — twice.", *TEXT]}, "unchanged"),
    ("a counter under the text", {"paragraphs": [*TEXT, "1,204 views"]}, {"paragraphs": [*TEXT, "2,310 views"]}, "unchanged"),
    ("a number in the text", {"paragraphs": [*TEXT, "It is 1,204 yards long."]}, {"paragraphs": [*TEXT, "It is 2,310 yards long."]}, "update"),
    ("two stories of one template on one site", {"headline": "Varn widens its quay", "paragraphs": ["The council of Varn met.", *TEXT]}, {"key": "2", "headline": "Solm widens its quay", "paragraphs": ["The council of Solm met.", *TEXT]}, "new"),
    ("the same text on another site", {}, {"host": "other.example"}, "copy"),
    ("the same text and another headline on another site", {}, {"host": "other.example", "headline": "Quay"}, "copy"),
    ("another text on another site", {}, {"host": "other.example", "headline": "Bell found", "paragraphs": ANOTHER}, "new"),
    ("most of the text on another site", {}, {"host": "other.example", "headline": "Boats must move", "paragraphs": OTHER}, "copy"),
    ("less than half of the text on another site", {"paragraphs": [*TEXT, *ANOTHER]}, {"host": "other.example", "paragraphs": TEXT[:2]}, "excerpt"),
    ("a tracking parameter", {}, {"key": "1?utm_source=x"}, "unchanged"),
    ("https for http is the same key", {}, {"canonical": "https://paper.example/story-1"}, "unchanged"),
    ("a canonical URL on the same site", {}, {"key": "9", "canonical": "http://paper.example/story-1", "paragraphs": OTHER}, "update"),
    ("a canonical URL that claims another site's story", {}, {"host": "evil.example", "canonical": "http://paper.example/story-1", "paragraphs": ANOTHER}, "new"),
    ("a canonical URL that names the front page", {"key": "8", "canonical": "http://paper.example/"}, {"key": "9", "canonical": "http://paper.example/", "paragraphs": ANOTHER}, "new"),
    ("a redirect from a known URL", {}, {"key": "new-slug-1", "requested": "http://paper.example/story-1", "paragraphs": OTHER}, "update"),
    ("a redirect from a page of the latest", {"requested": "http://paper.example/latest"}, {"key": "2", "requested": "http://paper.example/latest", "paragraphs": ANOTHER}, "new"),
    ("a digest that holds a known story", {}, {"host": "other.example", "headline": "Yonhap News Summary", "paragraphs": [*TEXT, *ANOTHER]}, "new"),
    ("a story that a known digest holds", {"headline": "Yonhap News Summary", "paragraphs": [*TEXT, *ANOTHER]}, {"host": "other.example"}, "new"),
    ("another paper's print of a digest", {"headline": "Yonhap News Summary"}, {"host": "other.example", "headline": "Yonhap News Summary"}, "new"),
    ("the digest of the next hour", {"headline": "Yonhap News Summary", "paragraphs": [*TEXT, *ANOTHER]}, {"key": "2", "headline": "Yonhap News Summary", "paragraphs": [*OTHER, *ANOTHER]}, "new"),
    ("a digest at its own page again", {"headline": "Yonhap News Summary"}, {"headline": "Yonhap News Summary"}, "unchanged"),
    ("a digest at its own page that grew", {"headline": "Yonhap News Summary"}, {"headline": "Yonhap News Summary", "paragraphs": [*TEXT, *ANOTHER]}, "update"),
    ("two short texts alike", {"paragraphs": ["Prices rose by two percent on Friday."]}, {"key": "2", "headline": "Oil", "paragraphs": ["Prices rose by two percent on Friday."]}, "new"),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "verdict"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_what_the_second_page_is(seen: Seen, first: dict[str, Any], second: dict[str, Any], verdict: str) -> None:
    assert seen.show(make_story(**first)).verdict == "new"
    assert seen.show(make_story(**second)).verdict == verdict


def test_versions_count_up_and_name_the_one_before(seen: Seen) -> None:
    first, second, third = (
        make_story(),
        make_story(paragraphs=OTHER),
        make_story(paragraphs=[*OTHER, "It rained all day."]),
    )
    hashes = [story.content_hash for story in (first, second, third)]
    for story in (first, second, third):
        seen.show(story)
    assert [story.version for story in (first, second, third)] == [1, 2, 3]
    assert [story.change for story in (first, second, third)] == ["new", "update", "update"]
    assert [story.previous for story in (first, second, third)] == [None, hashes[0], hashes[1]]
    assert len({story.id for story in (first, second, third)}) == 1


def test_a_change_back_is_a_version_but_an_old_alias_is_none(seen: Seen) -> None:
    seen.show(make_story())
    assert seen.show(make_story("2")).verdict == "same-text"
    assert seen.show(make_story(paragraphs=OTHER)).verdict == "update"
    assert seen.show(make_story("2")).verdict == "unchanged"  # the alias still shows the old text
    back = make_story()
    assert seen.show(back).verdict == "update" and back.version == 3


def test_a_copy_names_the_first_and_keeps_its_relation_over_versions(seen: Seen) -> None:
    first, copy, changed = (
        make_story(),
        make_story(host="other.example"),
        make_story(host="other.example", paragraphs=OTHER),
    )
    for story in (first, copy, changed):
        seen.show(story)
    assert copy.cluster is not None and changed.cluster is not None
    assert (copy.cluster.id, copy.cluster.relation, copy.cluster.of, copy.cluster.similarity) == (
        first.id,
        "copy",
        first.id,
        1.0,
    )
    assert copy.id != first.id and copy.version == 1 and copy.change == "new"
    assert (changed.version, changed.cluster.relation, changed.cluster.id) == (2, "copy", first.id)


def test_the_id_is_kept_when_the_slug_changes(seen: Seen) -> None:
    first = make_story("1")
    seen.show(first)
    moved = make_story("new-slug-1", requested="http://paper.example/story-1", paragraphs=OTHER)
    seen.show(moved)
    assert moved.id == first.id
    again = make_story("new-slug-1", paragraphs=OTHER)
    assert seen.show(again).verdict == "unchanged"


def test_a_sites_own_id_beats_the_url(seen: Seen) -> None:
    url = "http://www.koreaherald.com/article/10868779"
    first = make_story(site="koreaherald", host="www.koreaherald.com/article/10868779?p=")
    second = make_story(site="koreaherald", host="m.koreaherald.com/article/10868779/other?p=", paragraphs=OTHER)
    assert first.id == second.id == "koreaherald:10868779"
    assert [seen.show(story).verdict for story in (first, second)] == ["new", "update"]
    assert url


STUB = [
    "This story is for subscribers of the paper, who support our work with a few coins a month and may read all of it at any time."
]


@pytest.mark.parametrize("site", [None, "koreaherald"])
def test_two_stories_that_showed_the_same_stub_are_two(seen: Seen, site: str | None) -> None:
    host = "www.koreaherald.com/article" if site else "paper.example"

    def page(n: int, paragraphs: list[str]) -> Story:
        return make_story(
            f"{n}", site=site, host=f"{host}/{n}?p=" if site else host, headline=f"Story {n}", paragraphs=paragraphs
        )

    assert [seen.show(page(n, STUB)).verdict for n in (100001, 100002)] == ["new", "same-text"]
    real = {
        n: [f"Story {n} is about one thing only, and it is not the thing of the other.", *TEXT]
        for n in (100001, 100002)
    }
    shown = {n: page(n, real[n]) for n in real}
    assert [seen.show(shown[n]).verdict for n in real] == ["update", "new"]
    assert len({story.id for story in shown.values()}) == 2
    assert [seen.show(page(n, real[n])).verdict for n in real] == ["unchanged", "unchanged"]


def test_a_site_s_own_id_is_not_overruled_by_a_redirect(seen: Seen) -> None:
    first = make_story(site="koreaherald", host="www.koreaherald.com/article/200001?p=")
    seen.show(first)
    second = make_story(
        site="koreaherald", host="www.koreaherald.com/article/200002?p=", paragraphs=ANOTHER, requested=first.url
    )
    assert seen.show(second).verdict == "new" and second.id == "koreaherald:200002"


def test_escapes_of_other_encodings_stay_apart() -> None:
    assert url_key("http://x.kr/a?t=%B0%A1") != url_key("http://x.kr/a?t=%B0%A2")
    assert normalise("http://x.kr/a?123") == "http://x.kr/a?123"


def test_a_rolled_back_decision_leaves_nothing(seen: Seen) -> None:
    with pytest.raises(RuntimeError), seen.state.transaction():
        story = make_story()
        identify(story, keys_of(story), seen.index)
        raise RuntimeError
    seen.index = StoryIndex(seen.state)
    assert seen.show(make_story()).verdict == "new"


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("HTTP://Paper.Example:80/a/../b?b=2&a=1#frag", "http://paper.example/b?a=1&b=2"),
        ("https://paper.example/x?utm_source=a&id=3&fbclid=z", "https://paper.example/x?id=3"),
        ("https://paper.example:8443", "https://paper.example:8443/"),
        ("https://paper.example/a;jsessionid=0A1B2C?id=3&PHPSESSID=1f", "https://paper.example/a?id=3"),
        ("https://paper.example/a?sid=9f8e7d6c5b4a39281706&id=3", "https://paper.example/a?id=3"),
        ("https://paper.example/a?sid=20150405000232123", "https://paper.example/a?sid=20150405000232123"),
        ("https://paper.example/a?sid=politics", "https://paper.example/a?sid=politics"),
        ("https://paper.example/a;b?session=5", "https://paper.example/a;b?session=5"),
        ("https://paper.example/%7Eme/caf%C3%A9", "https://paper.example/~me/caf%C3%A9"),
    ],
)
def test_normalised_urls(url: str, normal: str) -> None:
    assert normalise(url) == normal
    assert normalise(normal) == normal


def test_url_keys_leave_out_what_does_not_choose_a_story() -> None:
    assert (
        len({url_key(url) for url in ("http://www.p.example/a/", "https://p.example/a", "https://p.example/a#x")}) == 1
    )
    assert url_key("https://p.example/a?id=1") != url_key("https://p.example/a?id=2")


def test_content_hash_folds_white_space_and_unicode_forms() -> None:
    assert content_hash("Cafe\u0301", "a  b") == content_hash("Café", "a b")
    assert content_hash("a", "b c") != content_hash("a b", "c")


@pytest.mark.parametrize(
    ("a", "b", "is_same"),
    [
        ("https://paper.example/story.php?ref=101", "https://paper.example/story.php?ref=102", False),
        ("https://paper.example/?campaign=11", "https://paper.example/?campaign=12", False),
        ("https://paper.example/n?rss=4411", "https://paper.example/n", False),
        ("https://paper.example/n?input=rss&ref=newsletter", "https://paper.example/n", True),
        ("https://paper.example/n?from=london", "https://paper.example/n", False),
        ("https://paper.example/n?_gl=1*abc&gbraid=1&CMP=x&srsltid=y&mkt_tok=z", "https://paper.example/n", True),
        ("https://paper.example/#!/story/12", "https://paper.example/#!/story/13", False),
        ("https://paper.example/n#comments", "https://paper.example/n", True),
    ],
)
def test_a_parameter_is_dropped_only_by_name_and_value(a: str, b: str, is_same: bool) -> None:
    assert (url_key(a) == url_key(b)) is is_same


PAGE = "https://paper.example/news/grain-pier-closes-4711"


@pytest.mark.parametrize(
    ("canonical", "url", "is_plausible"),
    [
        ("https://paper.example/", PAGE, False),
        ("https://paper.example/en/", PAGE, False),
        ("https://paper.example/404", PAGE, False),
        ("https://paper.example/index.html", PAGE, False),
        ("https://paper.example/news/{{slug}}-4711", PAGE, False),
        ("https://paper.example/article.php", "https://paper.example/article.php?id=4711", False),
        ("https://paper.example/news/4711", PAGE, True),
        ("https://paper.example/grain-pier-closes-4711", PAGE, True),
        ("https://paper.example/2026/11/grain-pier-shut", PAGE, True),
        ("https://paper.example/grain", "https://paper.example/amp/grain", True),
        ("https://paper.example/markets/opening", "https://paper.example/amp/markets/opening", True),
        ("https://paper.example/en/", "https://paper.example/news/grain", False),
        ("https://paper.example/news/wheat", "https://paper.example/news/grain", True),
    ],
)
def test_a_canonical_url_counts_if_it_can_name_the_story(canonical: str, url: str, is_plausible: bool) -> None:
    assert is_plausible_canonical(canonical, url) is is_plausible
