"""The glance at a paragraph misses no word that the pattern for pictures knows."""

from __future__ import annotations

import pytest

from newscrawl.attribution.closing import speaks_of_pictures

WORDS = [
    "photo",
    "photos",
    "photograph",
    "photographed",
    "foto",
    "fotos",
    "bild",
    "bilder",
    "bildrechte",
    "image",
    "images",
    "picture",
    "pictures",
    "pic",
    "pics",
    "getty",
    "gettyimages",
    "pool",
    "handout",
    "file",
    "archiv",
    "archive",
    "illustration",
    "video",
    "videos",
    "footage",
    "shutterstock",
    "istock",
    "scanpix",
    "epa",
    "epa-efe",
    "zuma",
    "imago",
    "caption",
    "graphic",
    "graphics",
    "grafik",
    "infografik",
    "screenshot",
    "via",
    "courtesy",
    "credit",
    "credits",
    "nasa",
    "corbis",
    "eyevine",
    "alamy",
    "rex",
    "isopix",
    "laif",
    "kuva",
    "kuvat",
    "zdj",
    "fot",
    "imagen",
]


@pytest.mark.parametrize("word", [*WORDS, "action images", "usa today sports", "mary evans", "사진", "写真", "Crédit"])
def test_a_word_of_pictures_is_seen(word: str) -> None:
    for written in (word, word.upper()):
        assert speaks_of_pictures(f"The quay at dawn, {written} by Ann Lee.")
        assert speaks_of_pictures("The council met. " * 60 + f"({written})")


@pytest.mark.parametrize(
    "text", ["The council met on Monday.", "Profits rose at the department.", "A topical trivia of Liverpool."]
)
def test_words_that_only_hold_one(text: str) -> None:
    assert not speaks_of_pictures(text)
