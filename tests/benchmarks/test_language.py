"""The benchmark of languages, over invented pages; and a floor where the page sets lie at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import language
from tests.benchmarks.sets import page, write_set
from tests.conftest import SHARED
from tests.text.test_language import TEXTS

NOBODY = {"attribution": [], "role": "none"}


def write(folder: Path) -> None:
    """A page for each language that states none; one that states a wrong one, one without text, one of unknown language."""
    plain = [(NOBODY | {"lang": name}, page(None, paragraphs=(text, text))) for name, text in TEXTS.items()]
    wrong = [(NOBODY | {"lang": "de-AT"}, page("en", paragraphs=(TEXTS["de"],))), (NOBODY | {"lang": "fr"}, page("de"))]
    short = [(NOBODY | {"lang": "en"}, page("en", paragraphs=()).replace(b"Ferry runs aground", b"Ferry"))]
    write_set(folder, "attribution", [*plain, *wrong, *short])
    write_set(folder, "aeb", [({"body": ""}, page(None)), ({"body": ""}, page("nb-NO"))])


def test_each_page_is_judged_by_what_is_known_of_it(tmp_path: Path) -> None:
    write(tmp_path)
    detail = {each.page: each for each in language.measure(tmp_path)}
    count = len(TEXTS)
    plain = [detail[f"attribution-{number}"] for number in range(1, count + 1)]
    assert [each.expected for each in plain] == list(TEXTS)
    assert all(each.is_right("text") for each in plain)
    without_model = [each.is_told_without_model for each in plain]
    assert [each.said["page"] for each in plain] == [
        name if is_told else None for name, is_told in zip(TEXTS, without_model, strict=True)
    ], "a page read alone does not ask the model"
    assert 0 < without_model.count(True) < len(TEXTS)
    contradicted, mistaken = detail[f"attribution-{count + 1}"], detail[f"attribution-{count + 2}"]
    assert contradicted.expected == contradicted.said["page"] == "de"
    assert (mistaken.expected, mistaken.said) == ("fr", {"page": "de", "text": "en", "langid": "en"})
    assert f"attribution-{count + 3}" not in detail and "aeb-1" not in detail, "no text, no known language"
    assert detail["aeb-2"].expected == "no" and not detail["aeb-2"].is_right("langid")


def test_the_tables_and_the_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path)
    assert language.main(["--data", str(tmp_path), "--wrong", "9"]) == 0
    printed = capsys.readouterr().out
    assert f"| attribution | {len(TEXTS) + 2} | " in printed and "| all | " in printed and "CPU a text" in printed
    assert "expected fr\tpage de\ttext en\tlangid en" in printed and "expected ko" not in printed
    assert language.main(["--data", str(tmp_path / "nowhere")]) == 2
    assert "holds no set" in capsys.readouterr().err
    assert language.main(["--data", str(tmp_path), "--limit", "1"]) == 0


@pytest.mark.skipif(not (SHARED / "data/fundus").is_dir(), reason="the page sets are not there: benchmarks.fetch_pages")
def test_the_language_of_real_pages_is_told(tmp_path: Path) -> None:
    detail = language.measure(SHARED / "data", limit=25)
    right = {answer: sum(each.is_right(answer) for each in detail) / len(detail) for answer in language.ANSWERS}
    assert len(detail) > 90 and min(right.values()) >= 0.95, right  # 5 of these 113 pages state a wrong language
    assert right["page"] >= right["text"] >= right["langid"] - 0.01, right
