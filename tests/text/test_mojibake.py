from __future__ import annotations

import pytest

from newscrawl.text.mojibake import look, undo, undo_pieces, unescaped_json, verdict_on
from tests.cost import at_most

SAID = "José déjà reçu à l’hôtel — «très» bien, coûte 20 €."


def garbled(text: str, encoding: str = "cp1252", times: int = 1) -> str:
    """The text as it looks after its UTF-8 was read in another encoding."""
    for _ in range(times):
        text = "".join(
            bytes([byte]).decode(encoding)
            if encoding == "latin-1" or byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D, 0x98)
            else chr(byte)
            for byte in text.encode()
        )
    return text


WHOLE = [
    SAID,
    "Der Außenminister fährt über München",
    "연합뉴스 서울에서 회의를 열었다",
    "日本経済新聞は東京で会議を開いた。",
    "新华社北京电 代表团星期一抵达",
    "Кремль сообщил о встрече в понедельник",
    "قال المتحدث إن الاجتماع سيعقد غدا",
    "การประชุมจัดขึ้นที่กรุงเทพ",
    "Güvenlik güçleri İstanbul'da açıklama yaptı",
    "It’s what he said “on Monday”",
]


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
@pytest.mark.parametrize("text", WHOLE)
def test_text_that_is_garbled_from_end_to_end(text: str, encoding: str, times: int) -> None:
    wrong = garbled(text, encoding, times)
    assert wrong != text and verdict_on(wrong) == "whole"
    assert undo(wrong) == text


def test_cyrillic_read_in_its_own_legacy_encoding() -> None:
    text = "Министр сообщил о встрече в понедельник вечером"
    wrong = garbled(text, "cp1251")
    assert verdict_on(wrong) == "whole" and undo(wrong) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain ASCII",
        *WHOLE,
        "ÂGE ET GRÂCE : Âpre débat à Âmes-la-Vallée",
        "SÃO PAULO, MAÇÃ, «IRMÃ» E ‘IRMÃ’, disse a “IRMÃ”…",
        "Ông Trần Văn Ấn nói: “ÂN HUỆ CHÂN THÀNH”… Ã ã",
        "“Le café”… et «le thé»…, l’été’s",
        "Ðrír menn fóru til Ísafjarðar, sagði Ásdís",
        "Ørsted på Åland: ×2, Ø 5 cm",
        "ã\xa0 e ã – não",
        "5 × 3 = 15 ¼ ° ©",
        "Серёжа и Рёв мотора: Сё, Рё, Сё, Рё",
    ],
    ids=range(21),
)
def test_what_is_no_mojibake(text: str) -> None:
    assert verdict_on(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "When UTF-8 is read as Latin-1, cafÃ© and naÃ¯ve come out, and itâ€™s called mojibake.",
        "The charset was wrong, so the page said FranÃ§ois and RenÃ©.",
        "文字化けとは「cafÃ©」や「naÃ¯ve」のような表示である。",
    ],
)
def test_a_text_about_encodings_is_left(text: str) -> None:
    assert verdict_on(text) == "doubtful"


@pytest.mark.parametrize(
    ("markup", "mended"),
    [
        ('<meta content="PelÃ© est arrivÃ©"><p>Pelé est arrivé à l’été</p>', '<meta content="Pelé est arrivé"><p>Pelé est arrivé à l’été</p>'),
        ("<p>Ministre: l’été</p><p>itâ€™s donâ€™t</p>", "<p>Ministre: l’été</p><p>it’s don’t</p>"),
        ("<p>FranÃ§ois</p><p>José</p>", "<p>François</p><p>José</p>"),
        ('{"headline":"RenÃ© Ã  Paris","name":"José"}', '{"headline":"René à Paris","name":"José"}'.replace("à ", "à")),
        ("<p>José dit cafÃ© deux fois: cafÃ©</p>", "<p>José dit cafÃ© deux fois: cafÃ©</p>"),
        ("<p>«IRMÃ” É</p>", "<p>«IRMÃ” É</p>"),
        ("<p>clean</p>", "<p>clean</p>"),
    ],
    ids=range(7),
)  # fmt: skip
def test_single_fields_of_a_clean_page(markup: str, mended: str) -> None:
    if "Ã  " in markup:  # the second byte of `à` was a no-break space
        markup, mended = markup.replace("Ã  ", "Ã\xa0 "), mended.replace("àParis", "à Paris")
    assert undo_pieces(markup) == mended


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ("profits of Â£59 million", "profits of £59 million"),
        ("It took 1Â½ hours", "It took 1½ hours"),
        ("the same wayâ€¦ the people", "the same way… the people"),
        ("Canadaâ€™s first", "Canada’s first"),
        ("PelÃ© dies", "Pelé dies"),
        ("FranÃ§ois", "François"),
    ],
)
def test_one_sequence_that_is_sure(wrong: str, text: str) -> None:
    assert verdict_on(wrong) == "whole" and undo(wrong) == text


@pytest.mark.parametrize(
    ("script", "text"),
    [
        ('{"a":"Ren\\u00c3\\u00a9"}', '{"a":"RenÃ©"}'),
        ('{"a":"it\\u00e2\\u20ac\\u2122s"}', '{"a":"itâ€™s"}'),
        ('{"a":"\\u0022 \\n \\ud83d\\ude00"}', '{"a":"\\u0022 \\n \\ud83d\\ude00"}'),
        ('{"a":"plain"}', '{"a":"plain"}'),
    ],
    ids=range(4),
)
def test_json_escapes_are_written_out_where_that_is_safe(script: str, text: str) -> None:
    assert unescaped_json(script) == text


@pytest.mark.parametrize(
    "text", ["Ã" * 200_000, "Ã©" * 200_000, "ãâ€" * 100_000, "ì—°" * 100_000, "<p>Ã©" * 60_000, 'é"Ã©' * 60_000]
)
def test_hostile_texts_take_linear_time(text: str) -> None:
    with at_most(800):
        verdict_on(text)
        undo(text)
        undo_pieces(text)


def test_a_clean_text_costs_a_glance() -> None:
    assert look("The council voted on Monday.").sequences == 0
