"""Lines that are never a story's, and lines that only look so."""

from __future__ import annotations

import pytest

from newscrawl.text.boilerplate import BOXES, OPENINGS, ends_sentence, is_boilerplate, is_copyright, is_credit_line


@pytest.mark.parametrize(
    "line",
    [
        "Back To Top", "MOST POPULAR", "subscribe", "Read more »", "Lesen Sie auch: Etwas", "(END)", "(끝)", "관련기사", "___",
        "Read more: boats in the harbour", "reporter@paper.example", "Our Standards: The Thomson Reuters Trust Principles.",
        "Anadolu Agency website contains only a portion of the news stories offered to subscribers, and in summarized form.",
    ],
)  # fmt: skip
def test_boilerplate(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "The top of the hill.",
        "He read more than others.",
        "Share prices fell.",
        "(Yonhap)",
        "Top officials met.",
        "The end",
        "Our standards are high, she said.",
        "Read more books.",
        "Related parties met on Monday.",
        "_ and __",
    ],
)
def test_no_boilerplate(line: str) -> None:
    assert not is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "© 2026 The Paper",
        "Copyright 2026 by the Paper",
        "The Paper. All rights reserved.",
        "저작권자 The Paper",
        "Copyright The Paper. All rights reserved.",
        "<저작권자(c) 통신사, 무단 전재-재배포 금지>",
    ],
)
def test_copyright(line: str) -> None:
    assert is_copyright(line)
    assert not is_copyright("The copyright law was changed on Monday by a wide margin.")
    assert not is_copyright("The court ruled on the copyright of the song.")


@pytest.mark.parametrize(
    "line",
    [
        "Read more: boats", "Also read: boats", "See also: boats", "Related: boats", "More on: boats", "Mehr zum Thema: Boote",
        "Lire aussi : bateaux", "Lea también: barcos", "Leggi anche: barche", "Sign up for: news", "Follow us on: X", "Click here: boats",
        "Download the app: boats", "Share this: boats", "Photo gallery: boats", "Watch: boats", "Listen: boats",
        "Subscribe to our daily newsletter", "Get the news in your inbox", "Receive our news in your inbox", "Have the news sent to your email",
        "Log in to comment", "Abonnieren Sie unseren Newsletter", "Jetzt den Newsletter abonnieren", "Melden Sie sich für den Newsletter an",
        "Abonnez-vous à notre newsletter", "Inscrivez-vous à la newsletter", "Suscríbete a nuestra newsletter",
        "Iscriviti alla nostra newsletter", "Assine a newsletter", "Image source, The Paper", "Media caption, boats", "Picture: Ann Lee",
        "Photograph by: Ann Lee", "Foto: Ann Lee", "Bild: Ann Lee", "Credit: Ann Lee", "Follow our reporter at @paper",
    ],
)  # fmt: skip
def test_the_look_up_of_first_letters_misses_no_opening(line: str) -> None:
    assert OPENINGS.match(line) or BOXES.match(line)
    assert is_boilerplate(line) and is_boilerplate(line.upper())


def test_sentence_ends() -> None:
    assert ends_sentence("It rained. (Yonhap)") and ends_sentence("雨が降った。") and ends_sentence("“No.”")
    assert ends_sentence("It rained. PTI") and ends_sentence("It rained.")
    assert not any(map(ends_sentence, ("in the US", "(Yonhap)", "")))
    assert not ends_sentence("LATEST NEWS") and not ends_sentence("By Ada Brandt")


def test_credit_lines() -> None:
    assert is_credit_line("(Yonhap)") and is_credit_line("The Associated Press contributed to this report.")
    assert not is_credit_line("(END)") and not is_credit_line("He contributed to this success.")
