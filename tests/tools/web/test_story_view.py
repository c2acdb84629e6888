"""Evidence is marked at its exact offsets, in code points, or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from newscrawl.tools.web.story_view import marked_text, origins_of

TEXT = "😀 SEOUL (Yonhap) -- A quay.\n\nIt is wide. (Yonhap)"


def line(*places: tuple[int | None, int | None, str]) -> dict[str, Any]:
    evidence = [
        {"where": "text", "kind": "rule", "text": said, "start": start, "end": end, "of": None}
        for start, end, said in places
    ]
    return {
        "text": TEXT,
        "attribution": [
            {"id": "yonhap", "name": "Yonhap", "role": "originator", "confidence": 0.9, "evidence": evidence}
        ],
    }


def marked(shown: Any) -> list[str]:
    return [piece.text for pieces in shown.paragraphs for piece in pieces if piece.marks]


@pytest.mark.parametrize(
    ("places", "marks"),
    [
        pytest.param([(8, 16, "(Yonhap)")], ["(Yonhap)"], id="behind a letter of two units"),
        pytest.param([(41, 49, "(Yonhap)")], ["(Yonhap)"], id="in the second paragraph"),
        pytest.param(
            [(2, 19, "SEOUL (Yonhap) --"), (8, 16, "(Yonhap)")],
            ["SEOUL ", "(Yonhap)", " --"],
            id="one within the other",
        ),
        pytest.param(
            [(2, 16, "SEOUL (Yonhap)"), (8, 19, "(Yonhap) --")], ["SEOUL ", "(Yonhap)", " --"], id="two that overlap"
        ),
        pytest.param([(20, 33, "A quay.\n\nIt i")], ["A quay.", "It i"], id="over the end of a paragraph"),
        pytest.param([(7, 15, "(Yonhap)")], [], id="one off: not marked"),
        pytest.param([(43, 99, "(Yonhap)")], [], id="beyond the end: not marked"),
        pytest.param([(-8, None, "(Yonhap)")], [], id="no place: not marked"),
        pytest.param([(16, 8, "")], [], id="the wrong way round: not marked"),
    ],
)
def test_marks(places: list[tuple[int | None, int | None, str]], marks: list[str]) -> None:
    shown = marked_text(line(*places))
    assert marked(shown) == marks
    assert "\n\n".join("".join(piece.text for piece in pieces) for pieces in shown.paragraphs) == TEXT


def test_evidence_that_does_not_fit_is_told() -> None:
    assert [
        proof.is_there
        for proof in marked_text(line((7, 15, "(Yonhap)"), (8, 16, "(Yonhap)"), (None, None, "By Yonhap"))).proofs
    ] == [False, True, None]


def test_a_story_without_text_shows_none() -> None:
    assert marked(marked_text({"text": None, "attribution": None})) == []


def test_origins_tell_field_value_and_reading() -> None:
    made = {
        "headline": "A",
        "dateline": {"text": "SEOUL --"},
        "section": ["World", "Asia"],
        "extraction": {"origins": {"headline": "json-ld"}},
    }
    assert origins_of(made)[0] == ("headline", "A", "json-ld")
    assert ("dateline", "SEOUL --", "") in origins_of(made)
    assert ("section", "World › Asia", "") in origins_of(made)
