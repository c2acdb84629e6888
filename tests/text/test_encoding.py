from __future__ import annotations

import pytest

from newscrawl.text.encoding import decode

TEXT = "Café – naïve “quotes” über Zürich — 20 €"
KOREAN = "연합뉴스 서울 "
ODD = ["hex", "rot13", "bz2", "idna", "undefined", "punycode", "unicode_escape", "x-user-defined", "", "\u2603"]


@pytest.mark.parametrize(
    ("body", "header", "text", "warnings"),
    [
        (TEXT.encode(), "text/html; charset=iso-8859-1", TEXT, []),
        (TEXT.encode("cp1252"), "text/html; charset=utf-8", TEXT, ["encoding-guessed"]),
        (TEXT.encode("cp1252"), "text/html; charset=windows-1252", TEXT, []),
        (TEXT.encode("utf-16"), None, TEXT, []),
        (TEXT.encode("utf-8-sig"), None, TEXT, []),
        (TEXT.encode(), "text/html; charset=utf-99", TEXT, []),
        (KOREAN.encode("euc-kr"), "text/html; charset=euc-kr", KOREAN, []),
        (b'<meta charset="euc-kr">' + KOREAN.encode("cp949"), None, '<meta charset="euc-kr">' + KOREAN, []),
        ("日本経済新聞".encode("shift_jis"), "text/html; charset=shift_jis", "日本経済新聞", []),
        ("新华社".encode("gb18030"), "text/html; charset=gb2312", "新华社", []),
        (TEXT.encode() + b"\xff", "text/html; charset=utf-8", TEXT + "\ufffd", ["bad-bytes"]),
        (b"plain", None, "plain", []),
        *((b"caf\xe9 au lait", f"text/html; charset={name}", "café au lait", ["encoding-guessed"]) for name in ODD),
        (b"", None, "", []),
    ],
)
def test_decode(body: bytes, header: str | None, text: str, warnings: list[str]) -> None:
    assert decode(body, header) == (text, warnings)


def test_a_site_file_can_name_the_encoding() -> None:
    assert decode("Кремль".encode("cp1251"), None, "windows-1251") == ("Кремль", [])
    assert decode("Кремль".encode(), None, "utf-8") == ("Кремль", [])


LINES = {
    "ko": "항만 위원회는 월요일 북쪽 부두를 넓히기로 결정했다고 밝혔다. 공사에는 아홉 달이 걸리며 비용은 시가 낸다. 어선들은 남쪽을 써야 한다.",
    "ja": "港湾評議会は月曜日、北の埠頭を広げることを決めたと発表した。工事には九か月かかり、費用は市が負担する。漁船は南の港を使う。",
    "zh": "港口委员会星期一决定扩建北边的码头，他们说这要用九个月的时间，费用是市里出的。渔船在这段时间要到南边去，不会有人受到影响。",
    "tw": "港口委員會星期一決定擴建北邊的碼頭，他們說這要用九個月的時間，費用是市裡出的。漁船在這段時間要到南邊去，不會有人受到影響。",
    "ru": "Совет порта решил в понедельник расширить северный причал, сообщил его председатель после заседания. Работы займут девять месяцев.",
    "el": "Το συμβούλιο του λιμανιού αποφάσισε τη Δευτέρα να διευρύνει τη βόρεια αποβάθρα, είπε ο πρόεδρος μετά τη συνεδρίαση.",
    "ar": "قرر مجلس الميناء يوم الاثنين توسيع الرصيف الشمالي وقال رئيسه بعد الجلسة إن العمل سيستغرق تسعة أشهر وإن المدينة ستدفع.",
    "he": "מועצת הנמל החליטה ביום שני להרחיב את הרציף הצפוני, אמר יושב הראש אחרי הישיבה. העבודות יימשכו תשעה חודשים.",
    "th": "คณะกรรมการท่าเรือตัดสินใจเมื่อวันจันทร์ว่าจะขยายท่าเรือด้านเหนือ ประธานกล่าวหลังการประชุม งานจะใช้เวลาเก้าเดือน",
    "fr": "Le conseil du port a décidé lundi d'élargir le quai du nord, a déclaré son président après la séance, où siègent déjà des pêcheurs.",
    "pl": "Rada portu zdecydowała w poniedziałek o poszerzeniu północnego nabrzeża, powiedział jej przewodniczący po posiedzeniu.",
}  # fmt: skip
UNDECLARED = [
    ("ko", "euc-kr"), ("ko", "cp949"), ("ja", "shift_jis"), ("ja", "euc-jp"), ("zh", "gb2312"), ("zh", "gbk"), ("tw", "big5"),
    ("ru", "cp1251"), ("ru", "koi8-r"), ("ru", "iso8859-5"), ("el", "cp1253"), ("ar", "cp1256"), ("he", "cp1255"), ("th", "cp874"),
]  # fmt: skip


def page_of(language: str, meta: str = "") -> str:
    return f"<html><head>{meta}<title>x</title></head><body><p class=a>{LINES[language]}</p></body></html>"


@pytest.mark.parametrize(("language", "encoding"), UNDECLARED)
def test_a_page_that_declares_nothing(language: str, encoding: str) -> None:
    page = page_of(language)
    assert decode(page.encode(encoding)) == (page, ["encoding-guessed"])
    # a server's default, and a wrong UTF-8, say as little
    for header in ("text/html; charset=ISO-8859-1", "text/html; charset=utf-8"):
        assert decode(page.encode(encoding), header) == (page, ["encoding-guessed"])


@pytest.mark.parametrize(
    ("language", "encoding"),
    [*UNDECLARED, ("fr", "cp1252"), ("fr", "iso8859-15"), ("pl", "cp1250"), ("pl", "iso8859-2"), ("ja", "iso2022_jp"), ("zh", "gb18030")],
)  # fmt: skip
def test_a_declared_encoding_is_no_guess(language: str, encoding: str) -> None:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}">'
    page = page_of(language, meta)
    assert decode(page.encode(encoding)) == (page, [])
    plain = page_of(language)
    assert decode(plain.encode(encoding), f"text/html; charset={encoding}") == (plain, [])


@pytest.mark.parametrize(
    ("language", "encoding", "header", "meta"),
    [
        ("ko", "euc-kr", "iso-8859-1", "euc-kr"),
        ("ru", "cp1251", "iso-8859-1", "windows-1251"),
        ("pl", "iso8859-2", "iso-8859-1", "iso-8859-2"),
        ("ru", "cp1251", "koi8-r", "windows-1251"),
        ("ru", "koi8-r", "koi8-r", "windows-1251"),
        ("tw", "big5", "gb2312", "big5"),
        ("ja", "shift_jis", "euc-jp", "shift_jis"),
        ("fr", "cp1252", "iso-8859-1", "utf-8"),
        ("fr", "utf-8", "iso-8859-1", "euc-kr"),
        ("ko", "utf-8", "euc-kr", "euc-kr"),
        ("ja", "utf-8", "utf-8", "shift_jis"),
        ("pl", "iso8859-2", "iso-8859-2", "iso-8859-1"),
    ],
)
def test_header_and_page_declare_two(language: str, encoding: str, header: str, meta: str) -> None:
    page = page_of(language, f'<meta charset="{meta}">')
    assert decode(page.encode(encoding), f"text/html; charset={header}") == (page, [])


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("language", ["fr", "ko"])
def test_utf_16_with_and_without_a_mark(language: str, encoding: str) -> None:
    page = page_of(language)
    assert decode(page.encode(encoding)) == (page, [])
    assert (
        decode(b"\r\0\n\0" + page.encode(encoding) if encoding == "utf-16-le" else page.encode(encoding))[0].strip()
        == page
    )
    assert decode(("\ufeff" + page).encode(encoding)) == (page, [])


@pytest.mark.parametrize(
    ("body", "text", "warnings"),
    [
        (TEXT.encode() + b" caf\xe9s", TEXT + " cafés", ["bad-bytes"]),
        (TEXT.encode() + b" Jos\xe9, " + TEXT.encode(), TEXT + " José, " + TEXT, ["bad-bytes"]),
        (TEXT.encode() + b" caf\xc3<", TEXT + " caf\ufffd<", ["bad-bytes"]),
        (LINES["ja"].encode()[:-1], LINES["ja"][:-1] + "\ufffd", ["bad-bytes"]),
        (LINES["ko"].encode("euc-kr")[:20] + b"\xff" + LINES["ko"].encode("euc-kr")[20:], None, ["encoding-guessed"]),
        (b"\0\0\0\0", "\0\0\0\0", []),
        (b"<p>\0\0\0</p>", "<p>\0\0\0</p>", []),
        (b"\x1b$B hello", "\x1b$B hello", []),
        (b"\xe9\xe8\xe0\xf9 \xe7a", "éèàù ça", ["encoding-guessed"]),
    ],
    ids=range(9),
)
def test_damaged_bytes(body: bytes, text: str | None, warnings: list[str]) -> None:
    found = decode(body)
    assert found[1] == warnings
    if text is not None:
        assert found[0] == text
    else:
        assert LINES["ko"][30:60] in found[0]
