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
