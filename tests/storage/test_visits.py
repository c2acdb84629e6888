from __future__ import annotations

from pathlib import Path

import pytest

from newscrawl.sites.model import Site, Source
from newscrawl.storage.state import State
from newscrawl.storage.visits import (
    Fetch,
    FetchOutcome,
    SourceSnapshot,
    Visits,
    carry_over,
    document_name,
    last_polls,
    source_name,
)

NOW = 1_800_000_000
HOUR = 3600


@pytest.fixture
def visits(tmp_path: Path) -> Visits:
    return Visits(State(tmp_path), "gazette")


def look(at: int = NOW, outcome: FetchOutcome = "story", **more: object) -> Fetch:
    made = Fetch(7, {"url": "https://p.example/7", "hints": {}, "discovered": "rss"}, at, outcome=outcome)
    for name, value in more.items():
        setattr(made, name, value)
    return made


def test_a_story_ages_from_its_publication_and_again_from_its_change(visits: Visits) -> None:
    visits.record(look(published_at=NOW - 2 * HOUR, etag='"1"', last_modified="then"))
    visit = visits.get(7)
    assert visit and (visit.next_at, visit.changed_at, visit.etag) == (NOW + 2 * HOUR, NOW - 2 * HOUR, '"1"')
    visits.record(look(NOW + 2 * HOUR, "same"))
    visit = visits.get(7)
    assert visit and (visit.next_at, visit.etag, visit.last_modified) == (NOW + 6 * HOUR, '"1"', "then")
    visits.record(look(NOW + 6 * HOUR, is_changed=True))
    visit = visits.get(7)
    assert visit and (visit.next_at, visit.changed_at, visit.etag) == (NOW + 6 * HOUR + 600, NOW + 6 * HOUR, None)


def test_what_is_never_looked_at_again_keeps_few_bytes(visits: Visits) -> None:
    for outcome, published_at in (("story", NOW - 400 * 86_400), ("gone", NOW)):
        visits.record(look(outcome=outcome, published_at=published_at, etag='"1"'))  # type: ignore[arg-type]
        row = visits.db.execute("SELECT next_at, etag, last_modified, candidate FROM visits").fetchone()
        assert row == (None, None, None, None)
    assert not list(visits.due(NOW + 10**9))


def test_failures_count_until_a_page_comes_and_never_forget_a_story(visits: Visits) -> None:
    visits.record(look(published_at=NOW - HOUR, etag='"1"'))
    for n in (1, 2, 3):
        visits.record(look(NOW + n, "failed"))
        visit = visits.get(7)
        assert visit and (visit.failures, visit.changed_at, visit.etag) == (n, NOW - HOUR, '"1"')
    visits.record(look(NOW + HOUR, "same"))
    visit = visits.get(7)
    assert visit and visit.failures == 0 and visit.next_at == NOW + 3 * HOUR
    visits.record(look(NOW + HOUR, "partial", etag='"2"'))
    visit = visits.get(7)
    assert visit and visit.next_at == NOW + HOUR and visit.etag is None, "half a story is no page to compare with"


@pytest.mark.parametrize(
    ("validator", "is_kept"), [('"a"', True), ("x" * 301, False), ('"a\nb"', False), ('"\x00"', False)]
)
def test_validators_are_bounded(visits: Visits, validator: str, is_kept: bool) -> None:
    visits.record(look(etag=validator))
    visit = visits.get(7)
    assert visit and visit.etag == (validator if is_kept else None)


def test_due_reads_on_in_order_while_rows_change(visits: Visits) -> None:
    visits.db.execute("BEGIN")
    for n in range(450):
        made = look(NOW + n % 7)
        made.url, made.candidate = n, {"url": str(n), "hints": {}, "discovered": "rss"}
        visits.record(made)
    seen = []
    for candidate in visits.due(NOW + 10_000):
        seen.append(candidate["url"])
        again = look(NOW + 20_000, "failed")
        again.url = int(candidate["url"])
        visits.record(again)
    visits.db.execute("COMMIT")
    assert sorted(map(int, seen)) == list(range(450))
    assert not list(visits.due(NOW + 100))


def test_a_walk_is_complete_once_all_it_announced_was_looked_at(visits: Visits) -> None:
    source = Source("rss", "https://p.example/feed")
    document = document_name(source.url)
    walked = SourceSnapshot(source_name(source), source.url, NOW, is_whole=True, newest=NOW - 5, urls={7})
    walked.documents[source.url] = (document, '"1"', None)
    visits.record_snapshot(walked)
    assert [known.is_complete for known in visits.begin_snapshots().values()] == [False]
    visits.record(look(outcome="failed"))
    visits.record_snapshot(walked)
    assert [known.etag for known in visits.begin_snapshots().values()] == [None], (
        "no story: it is asked for whole again"
    )
    visits.record(look())
    visits.record_snapshot(walked)
    before = visits.begin_snapshots()
    assert sorted((known.is_complete, known.etag or "") for known in before.values()) == [(True, ""), (True, '"1"')]
    assert not any(known.is_complete for known in visits.begin_snapshots().values()), "until its end, no walk is"
    walked.is_whole, walked.newest = False, NOW - 50
    visits.record_snapshot(walked)
    assert {known.newest for known in visits.begin_snapshots().values()} == {NOW - 5, None}
    assert source_name(source) != source_name(Source("rss", source.url, max_pages=2)) != document


def test_a_rebuilt_state_takes_validators_and_failing_pages_but_no_story_without_a_line(tmp_path: Path) -> None:
    old, new = State(tmp_path / "old"), State(tmp_path / "new")
    Visits(new, "other")  # sites may be numbered otherwise
    before, after = Visits(old, "gazette"), Visits(new, "gazette")
    for n, outcome in ((1, "story"), (2, "story"), (3, "failed")):
        made = look(outcome=outcome, etag=f'"{n}"')  # type: ignore[arg-type]
        made.url = n
        before.record(made)
    line = {
        "version": 1, "change": "new", "published_at": None,
        "crawl": {"requested_url": "https://p.example/1", "fetched_at": "2026-11-23T00:00:00Z", "discovered": "rss"},
    }  # fmt: skip
    after.record_line(line, 1)
    assert carry_over(old, new) == 2
    first, second, third = (after.get(n) for n in (1, 2, 3))
    assert first and first.etag == '"1"' and second is None and third and third.failures == 1


def test_the_last_polls_are_runs_that_ended(tmp_path: Path) -> None:
    state = State(tmp_path)
    rows = [
        ("a", "gazette", "2026-11-23T00:00:00Z", 9),
        ("b", "gazette", "2026-11-23T01:00:00Z", None),
        ("c", "other", "2026-11-23T02:00:00Z", 1),
    ]
    state.db.executemany("INSERT INTO runs (run, site, started_at, new_stories) VALUES (?, ?, ?, ?)", rows)
    site = Site(id="gazette", name="G", evidence="x", domains=(), rules="x")
    assert [poll.new_stories for poll in last_polls(state, site)] == [9]
