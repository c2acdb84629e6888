from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from newscrawl.dedup.identify import identify, keys_of
from newscrawl.items import Attribution, Evidence, Story
from newscrawl.storage.migrations import MIGRATIONS
from newscrawl.storage.state import FILE_NAME, statements
from newscrawl.storage.story_index import record_credits
from newscrawl.storage.text_window import WINDOWS, Postings, Window, WindowKeys
from tests.dedup.texts import ARTICLES, article
from tests.seen import Seen
from tests.stories import TEXT, make_story

CREDIT = {"id": "yonhap", "role": "originator", "confidence": 0.9, "evidence": [{"where": "text", "text": "(Yonhap)"}]}
DAY = "2026-11-{:02d}T{:02d}:00:00Z"


def story(
    number: int,
    host: str = "wire.example",
    day: int = 1,
    hour: int = 0,
    cut: int = 99,
    site: str | None = None,
    key: str = "1",
) -> Story:
    headline, paragraphs = article(number)
    found = make_story(f"{number}-{key}", host=host, headline=headline, paragraphs=paragraphs[:cut], site=site)
    assert found.crawl is not None
    found.crawl.fetched_at = found.published_at = DAY.format(day, hour)
    return found


AGES = [("an hour later", 1, 1, "copy"), ("two days later", 3, 0, "copy"), ("five days later", 6, 1, "new")]


@pytest.mark.parametrize(("day", "hour", "verdict"), [row[1:] for row in AGES], ids=[row[0] for row in AGES])
def test_near_duplicates_are_looked_for_among_the_last_days(seen: Seen, day: int, hour: int, verdict: str) -> None:
    seen.show(story(0))
    assert seen.show(story(0, "paper.example", day, hour, cut=6)).verdict == verdict


def test_old_windows_are_dropped_whole_and_what_is_kept_for_ever_stays(seen: Seen) -> None:
    for day in range(1, 12):
        for number in range(3):
            shown = story(number, f"day-{day}.example", day)
            seen.show(shown)
            record_credits(seen.index, shown.id or "", [CREDIT], [])
    rows = [row[0] for row in seen.state.db.execute("SELECT DISTINCT n >> 32 FROM near")]
    assert len(rows) <= WINDOWS + 1 and max(rows) - min(rows) <= WINDOWS
    assert seen.state.db.execute("SELECT count(*) FROM stories").fetchone()[0] == 33
    assert set(seen.index.window.postings.windows) == set(rows)
    credited = seen.state.db.execute("SELECT DISTINCT story FROM credits").fetchall()
    assert credited and set(credited) == set(seen.state.db.execute("SELECT DISTINCT story FROM near").fetchall())


def test_the_same_text_again_stores_neither_sketch_nor_keys(seen: Seen) -> None:
    for host in ("wire.example", "a.example", "b.example"):
        seen.show(story(0, host))
    seen.show(story(0, "c.example", cut=6))
    sizes = seen.state.db.execute("SELECT length(keys), length(coalesce(sketch, '')) FROM near ORDER BY n").fetchall()
    assert sizes[0][0] > 0 < sizes[0][1]
    assert sizes[1:3] == [(0, 0), (0, 0)]
    assert sizes[3][1] == 0


def test_processes_see_what_the_others_have_committed(tmp_path: Path) -> None:
    one, other = Seen(tmp_path), Seen(tmp_path)
    assert one.show(story(0)).verdict == "new"
    assert other.show(story(0, "a.example", cut=6)).verdict == "copy"
    assert other.show(story(1)).verdict == "new"
    assert one.show(story(1, "a.example", cut=6)).verdict == "copy"
    one.state.close()
    other.state.close()


def test_what_is_rolled_back_is_not_found(seen: Seen) -> None:
    seen.show(story(1))
    with pytest.raises(RuntimeError), seen.state.transaction():
        first = story(0)
        identify(first, keys_of(first), seen.index)
        raise RuntimeError
    assert seen.show(story(0, "a.example", cut=6)).verdict == "new"
    assert seen.show(story(1, "a.example", cut=6)).verdict == "copy"
    assert seen.state.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_a_replay_of_an_old_archive_and_a_live_crawl_stand_beside_each_other(seen: Seen) -> None:
    seen.show(story(0, day=20))
    seen.show(story(1, day=2))
    assert seen.show(story(0, "a.example", day=20, cut=6)).verdict == "copy"
    assert seen.show(story(1, "a.example", day=2, cut=6)).verdict == "copy"


def test_a_window_that_was_settled_finds_what_it_found(seen: Seen) -> None:
    for number in range(len(ARTICLES)):
        seen.show(story(number))
    postings = seen.index.window.postings
    with seen.state.transaction():
        (window,) = postings.windows
        before = {key: postings.find([key]) for key in list(postings.rows)}
        postings.settle(window)
        assert not postings.rows and {key: postings.find([key]) for key in before} == before
    assert seen.show(story(2, "a.example", cut=6)).verdict == "copy"


def test_postings_of_a_dropped_window_are_gone() -> None:
    postings = Postings()
    state_window = 5
    postings.windows = {n: WindowKeys() for n in (state_window, state_window + 1)}
    postings.add([1, 2], state_window << 32 | 1, state_window)
    postings.add([2, 3], (state_window + 1) << 32 | 1, state_window + 1)
    postings.drop(state_window)
    assert postings.find([1, 2, 3]) == {2: [(6 << 32) | 1], 3: [(6 << 32) | 1]}


def own_of_the_agency(found: Story, agency: str = "meridian") -> Story:
    assert found.source is not None
    found.source.kind, found.agency = "wire", agency
    proof = Evidence(where="site", kind="site", text=found.url or "")
    found.attribution = [Attribution(id=agency, name=agency, role="originator", confidence=0.97, evidence=[proof])]
    return found


def test_the_original_is_named_once_it_is_known_and_lines_before_stay(seen: Seen) -> None:
    paper, wire, later = story(0, "paper.example", cut=6), own_of_the_agency(story(0)), story(0, "late.example", cut=7)
    for shown in (paper, wire, later):
        seen.show(shown)
    clusters = [shown.cluster for shown in (paper, wire, later)]
    assert [cluster.original for cluster in clusters if cluster] == [None, wire.id, wire.id]
    assert [cluster.relation for cluster in clusters if cluster] == ["first", "copy", "copy"]
    assert {cluster.id for cluster in clusters if cluster} == {paper.id}
    first = own_of_the_agency(story(1))
    seen.show(first)
    assert first.cluster is not None and first.cluster.original == first.id


def lead(number: int, key: str, headline: str) -> Story:
    _, paragraphs = article(number)
    if headline.startswith("("):
        paragraphs = [*paragraphs, "The board said late on Monday that it would stand by its vote."]
    return make_story(
        site="koreaherald", host=f"www.koreaherald.com/article/{key}?p=", headline=headline, paragraphs=paragraphs
    )


def test_a_stated_lead_with_an_id_of_its_own_is_a_version_and_neither_page_makes_another(seen: Seen) -> None:
    first, second = lead(0, "300001", "Calder gets quay"), lead(0, "300002", "(LEAD) Calder gets quay")
    assert seen.show(first).verdict == "new" and seen.show(second).verdict == "update"
    assert (second.id, second.version) == ("koreaherald:300001", 2)
    for _ in range(2):
        assert seen.show(lead(0, "300001", "Calder gets quay")).verdict == "unchanged"
        assert seen.show(lead(0, "300002", "(LEAD) Calder gets quay")).verdict == "unchanged"
    unstated = lead(1, "300003", "Ostrava Bay gets harvest")
    assert seen.show(unstated).verdict == "new"


def test_an_old_text_under_another_spelling_of_the_url_makes_no_version(seen: Seen) -> None:
    seen.show(make_story())
    assert seen.show(make_story(paragraphs=["Nine boats went out.", *TEXT[1:]])).verdict == "update"
    old = make_story("1?utm_source=x")
    assert seen.show(old).verdict == "unchanged"


def test_a_withdrawn_story_is_withdrawn_once_and_may_come_back(seen: Seen) -> None:
    gone = {"headline": "WITHDRAWN: Council widens the quay", "paragraphs": ["This story has been withdrawn."]}
    seen.show(make_story())
    withdrawal = make_story(**gone)  # type: ignore[arg-type]
    assert seen.show(withdrawal).verdict == "withdrawal"
    assert (withdrawal.version, withdrawal.change, withdrawal.text, withdrawal.body) == (2, "withdrawal", "", [])
    assert seen.show(make_story(**gone)).verdict == "unchanged"  # type: ignore[arg-type]
    back = make_story()
    assert seen.show(back).verdict == "update" and back.previous == withdrawal.content_hash


def test_a_state_of_the_first_schema_keeps_its_stories(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
    for statement in statements(MIGRATIONS[0]):
        db.execute(statement)
    db.execute("PRAGMA user_version = 1")
    first, second = make_story(), make_story(host="other.example")
    for n, known in enumerate((first, second), 1):
        keys = keys_of(known)
        site, _, key = (known.id or "").partition(":")
        db.execute("INSERT INTO sites VALUES (?, ?)", (n, site))
        db.execute(
            "INSERT INTO stories VALUES (?, ?, ?, 1, ?, 1, ?)", (n, n, key, keys.content_hash, 1 if n == 2 else None)
        )
        db.execute("INSERT INTO urls VALUES (?, ?, ?, 0)", (n, keys.urls[0], n))
        db.execute("INSERT INTO texts VALUES (?, ?, ?)", (keys.text, n, n))
    db.close()
    seen = Seen(tmp_path)
    assert [seen.show(make_story(host=host)).verdict for host in ("paper.example", "other.example")] == [
        "unchanged"
    ] * 2
    changed = make_story(host="other.example", paragraphs=["Nine boats went out.", *TEXT[1:]])
    assert seen.show(changed).verdict == "update"
    assert changed.cluster is not None and (changed.cluster.relation, changed.cluster.id) == ("copy", first.id)
    assert seen.state.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    seen.state.close()


def test_a_second_window_object_reads_what_the_first_wrote(seen: Seen) -> None:
    seen.show(story(3))
    with seen.state.transaction():
        fresh = Window(seen.state)
        fresh.refresh()
        assert fresh.postings.rows == seen.index.window.postings.rows
