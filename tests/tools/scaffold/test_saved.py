"""A saved page with its expected story: what is told when they part, and when either cannot be used."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newscrawl.extraction.story import FetchInfo, read_story
from newscrawl.sites.registry import load_site
from newscrawl.tools.scaffold.capture import accept
from newscrawl.tools.scaffold.saved import (
    SavedPageError,
    differences,
    expected_of,
    read_expected,
    saved_pages,
    write_page,
    write_test,
)
from tests.conftest import story_page

URL = "https://gazette.example/news/calder-quay"
SITE = 'name = "The Gazette"\nlanguage = "en"\ntimezone = "Asia/Seoul"\nevidence = "a test"\ndomains = ["gazette.example"]\n[[layout]]\nbody = "article > p"\n'


@pytest.fixture
def sites(tmp_path: Path) -> Path:
    (tmp_path / "gazette.toml").write_text(SITE, "utf-8")
    return tmp_path


@pytest.fixture
def saved(sites: Path) -> Path:
    """A saved page whose expectation holds."""
    html = story_page("Calder").encode()
    at = datetime(2026, 11, 23, tzinfo=UTC)
    story = read_story(html, URL, load_site(sites / "gazette.toml"), FetchInfo(fetched_at=at))
    expected = expected_of(story, captured=at, content_type="text/html; charset=utf-8")
    return write_page(sites / "saved_pages", "gazette", "calder", html, expected)[0]


def change(page: Path, **values: Any) -> None:
    path = page.with_suffix(".json")
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **values}), "utf-8")


def test_what_is_written_holds(saved: Path, sites: Path) -> None:
    assert differences(saved, str(sites)) == []
    assert read_expected(saved)["captured"] == "2026-11-23T00:00:00+00:00"
    assert read_expected(saved)["content_type"] == "text/html; charset=utf-8"
    assert read_expected(saved)["origin"] == "site-rule"
    assert saved_pages(sites / "saved_pages") == saved_pages(sites / "saved_pages", "gazette") == [saved]
    assert saved_pages(sites / "saved_pages", "other") == saved_pages(sites / "nowhere") == []


@pytest.mark.parametrize(
    ("key", "value", "detail"),
    [
        ("headline", "Varn widens its quay", ['headline: expected "Varn widens its quay", got "Calder widens its quay"']),
        ("agency", None, ['agency: expected null, got "yonhap"']),
        ("origin", "generic", ['origin: expected "generic", got "site-rule"']),
        ("text_chars", 9, ["text_chars: expected 9, got 406"]),
        ("authors", ["Lee Ji-dong"], ['authors: expected ["Lee Ji-dong"], got []']),
        ("caption_credits", [], ['caption_credits: expected [], got ["AFP"]']),
        ("id", "gazette:*", []),  # the site's URLs hold no id
        ("id", "other:*", None),
        ("paragraphs", ["SEOUL", "The work", "Fishing", "The"], []),
        ("paragraphs", ["SEOUL", "A work", "Fishing", "The"], ['paragraphs: 2 was expected to begin "A work", got "The work will co"']),
        ("paragraphs", ["SEOUL", "The work", "Fishing"], ["paragraphs: expected 3, got 4", None]),
        ("paragraphs", ["SEOUL", "The work", "Fishing", "The", "Boats"], ["paragraphs: expected 5, got 4", 'paragraphs: expected, not there: "Boats"']),
    ],
)  # fmt: skip
def test_a_field_that_differs_is_told(saved: Path, sites: Path, key: str, value: Any, detail: list[Any] | None) -> None:
    change(saved, **{key: value})
    found = differences(saved, str(sites))
    if detail is None:
        assert len(found) == 1 and found[0].startswith(f"{key}: expected ")
    else:
        assert len(found) == len(detail) and all(
            want in (None, got) for want, got in zip(detail, found, strict=True)
        ), found


def test_the_folder_names_the_rules(saved: Path, sites: Path) -> None:
    (sites / "gazette.toml").write_text(SITE.replace("article > p", "aside > p"), "utf-8")
    assert any(line.startswith("paragraphs: ") for line in differences(saved, str(sites)))
    elsewhere = saved.parent.rename(saved.parent.with_name("gazette.example")) / saved.name
    assert 'origin: expected "site-rule", got "generic"' in differences(elsewhere, str(sites))  # no such site file


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        (b"", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b'{"url": "\xff"}', "no JSON"),
        (b" " * (2 << 20), "more than 1,048,576 bytes"),
        (b"[]", "must be an object with the keys url, id, headline"),
        (b"{}", "url: is missing; an absolute http or https URL"),
        (b'{"url": "file:///etc/passwd"}', "url: must be an absolute http or https URL"),
        (b'{"url": 7}', "url: must be an absolute http or https URL, not 7"),
        (b'{"paragraphs": "SEOUL"}', 'paragraphs: must be a list of texts, not "SEOUL"'),
        (b'{"captured": "yesterday"}', "captured: must be a day or time such as"),
        (b'{"text_chars": true}', "text_chars: must be a number of characters, not true"),
        (b'{"heading": "x"}', '"heading": no such key; allowed are url, captured, content_type, id'),
    ],
)
def test_a_broken_expectation_is_a_clear_error(saved: Path, sites: Path, content: bytes, detail: str) -> None:
    saved.with_suffix(".json").write_bytes(content)
    with pytest.raises(SavedPageError) as raised:
        differences(saved, str(sites))
    assert detail in str(raised.value) and "calder.json: " in str(raised.value)


def test_a_page_alone_says_what_to_do(saved: Path, sites: Path) -> None:
    saved.with_suffix(".json").unlink()
    with pytest.raises(
        SavedPageError, match=r"calder\.json: not there; write it with `.*newscrawl capture .*--site gazette"
    ):
        differences(saved, str(sites))


def test_nothing_is_replaced_unasked(saved: Path, sites: Path) -> None:
    before, expected = saved.read_bytes(), read_expected(saved)
    with pytest.raises(SavedPageError, match="is there already"):
        write_page(sites / "saved_pages", "gazette", "calder", b"other", expected)
    assert saved.read_bytes() == before
    write_page(sites / "saved_pages", "gazette", "calder", b"other", expected, overwrite=True)
    assert saved.read_bytes() == b"other"
    assert {path.name for path in saved.parent.iterdir()} == {"calder.html", "calder.json"}  # no part is left


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", ".x", "A", "x..y", "x" * 101])
def test_no_name_leaves_the_folder(sites: Path, name: str) -> None:
    for site, page in ((name, "page"), ("gazette", name)):
        with pytest.raises(SavedPageError, match="cannot name a file"):
            write_page(sites / "saved_pages", site, page, b"", {})


def test_accepting_keeps_how_the_page_was_captured(saved: Path, sites: Path) -> None:
    change(saved, headline="Varn", id="gazette:*", published_at="2020-01-01T00:00:00Z")
    before = read_expected(saved)
    accept(saved, str(sites))
    after = read_expected(saved)
    assert differences(saved, str(sites)) == [] and after["headline"] == "Calder widens its quay"
    assert {key: after[key] for key in ("url", "captured", "content_type", "id")} == {
        key: before[key] for key in ("url", "captured", "content_type", "id")
    }


def test_the_test_is_written_once(tmp_path: Path) -> None:
    path = write_test(tmp_path / "sites", None)
    assert path is not None and compile(path.read_text("utf-8"), str(path), "exec")
    path.write_text("mine")
    assert write_test(tmp_path / "sites", "agencies.toml") is None and path.read_text() == "mine"
    own = write_test(tmp_path / "others", "agencies.toml")
    assert own is not None and "add_agencies_file(Path('" in own.read_text("utf-8")
