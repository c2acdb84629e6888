"""Sets as they lie on disk: a page's language, and what is said of a set that is broken."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from benchmarks.page_sets import BadSet, html_language, read_set
from tests.benchmarks import sets


@pytest.mark.parametrize(
    ("html", "language"),
    [
        pytest.param('<html lang="de">', "de", id="plain"),
        pytest.param("<!DOCTYPE html>\n<HTML class='x' LANG='pt-BR'>", "pt", id="region, case, quotes"),
        pytest.param("<html lang=en dir=ltr>", "en", id="no quotes"),
        pytest.param('<html xml:lang="fr">', "fr", id="xml:lang"),
        pytest.param('<!--[if IE]><html class="ie"><![endif]--><html lang="tr">', "tr", id="the second tag"),
        pytest.param("<html\n\tlang='ast'>", "ast", id="three letters"),
        pytest.param('<html hreflang="de">', None, id="another attribute"),
        pytest.param('<html><body lang="de">', None, id="another element"),
        pytest.param('<html lang="">', None, id="empty"),
        pytest.param('<html lang="english">', None, id="a word"),
        pytest.param("<p>no html tag</p>", None, id="no tag"),
        pytest.param("<html " * 20_000, None, id="a tag that never ends, many times"),
    ],
)
def test_html_language(html: str, language: str | None) -> None:
    assert html_language(html.encode()) == language


def test_the_truths_own_language_goes_first(tmp_path: Path) -> None:
    sets.write_sets(tmp_path)
    assert [page.language for page in read_set(tmp_path, "attribution")] == ["de", "fr"]
    assert [page.language for page in read_set(tmp_path, "aeb")] == ["en", "de", None]


TRUTH = {"id": "a", "file": "1.html.gz", "url": "https://harbour.example/", "body": "text"}


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        pytest.param(json.dumps(TRUTH), None, id="good"),
        pytest.param(
            json.dumps(TRUTH | {"body": "a\u2028b"}, ensure_ascii=False), None, id="a line separator in a text"
        ),
        pytest.param(json.dumps(TRUTH | {"more": 1}), None, id="a key more"),
        pytest.param("{", "line 1: not JSON", id="not JSON"),
        pytest.param("[]", "line 1: not an object", id="not an object"),
        pytest.param(json.dumps(TRUTH | {"body": None}), "line 1: body must be a str, it is NoneType", id="no text"),
        pytest.param(
            json.dumps(TRUTH | {"file": "../1.html.gz"}), "must be the name of a file", id="out of the folder"
        ),
        pytest.param(json.dumps(TRUTH | {"file": "2.html.gz"}), "2.html.gz", id="no such page"),
        pytest.param(json.dumps(TRUTH | {"file": "broken.gz"}), "broken gzip", id="broken page"),
        pytest.param("", "holds no page", id="empty"),
    ],
)
def test_a_broken_set_is_named(tmp_path: Path, line: str, complaint: str | None) -> None:
    pages = tmp_path / "aeb" / "pages"
    pages.mkdir(parents=True)
    (pages / "1.html.gz").write_bytes(gzip.compress(b"<p>text</p>"))
    (pages / "broken.gz").write_bytes(gzip.compress(b"<p>text</p>")[:-9])
    (tmp_path / "aeb" / "truth.jsonl").write_text(line + "\n", "utf-8")
    if complaint is None:
        assert read_set(tmp_path, "aeb")[0].html == b"<p>text</p>"
    else:
        with pytest.raises(BadSet, match=complaint) as said:
            read_set(tmp_path, "aeb")
        assert str(tmp_path / "aeb") in str(said.value)
