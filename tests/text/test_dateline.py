from __future__ import annotations

from datetime import date

import pytest

from newscrawl.text.dateline import full_date, split_dateline

OPENINGS = [
    ("SEOUL, Aug. 20 (Yonhap) -- North", "SEOUL, Aug. 20 (Yonhap) --", "SEOUL", "Aug. 20", "Yonhap"),
    ("WASHINGTON (Yonhap) -- The", "WASHINGTON (Yonhap) --", "WASHINGTON", None, "Yonhap"),
    ("SEOUL (Reuters) \u2013 The", "SEOUL (Reuters) \u2013", "SEOUL", None, "Reuters"),
    ("LA CROSSE, Wis. (AP) \u2014 A", "LA CROSSE, Wis. (AP) \u2014", "LA CROSSE, Wis", None, "AP"),
    ("BEIRUT/THE HAGUE, March 7 (Reuters) - A", "BEIRUT/THE HAGUE, March 7 (Reuters) -", "BEIRUT/THE HAGUE", "March 7", "Reuters"),
    ("(AP) NEW YORK - NBC", "(AP) NEW YORK -", "NEW YORK", None, "AP"),
    ("(Reuters) \u2014 The New York", "(Reuters) \u2014", None, None, "Reuters"),
    ("(EFE).- Nicaragua", "(EFE).-", None, None, "EFE"),
    ("(ANSA) - ROME, JUL 11 - The", "(ANSA) - ROME, JUL 11 -", "ROME", "JUL 11", "ANSA"),
    ("Ouagadougou, Dec 20, 2017 (AFP) - The", "Ouagadougou, Dec 20, 2017 (AFP) -", "Ouagadougou", "Dec 20, 2017", "AFP"),
    ("MOSCOW, January 21. /TASS/. The", "MOSCOW, January 21. /TASS/.", "MOSCOW", "January 21", "TASS"),
    ("SAITAMA, Japan, Dec. 9 Kyodo - The", "SAITAMA, Japan, Dec. 9 Kyodo -", "SAITAMA, Japan", "Dec. 9", "Kyodo"),
    ("TOKYO, April 20_(Kyodo) _ The", "TOKYO, April 20_(Kyodo) _", "TOKYO", "April 20", "Kyodo"),
    ("Amritsar (Punjab), Apr 13 (ANI): The", "Amritsar (Punjab), Apr 13 (ANI):", "Amritsar (Punjab)", "Apr 13", "ANI"),
    ("Hamburg (dpa/lno) \u2013 Die", "Hamburg (dpa/lno) \u2013", "Hamburg", None, "dpa/lno"),
    ("Wiesbaden (KNA/iz). Das", "Wiesbaden (KNA/iz).", "Wiesbaden", None, "KNA/iz"),
    ("Nueva Delhi, 21 ene (EFE).- La", "Nueva Delhi, 21 ene (EFE).-", "Nueva Delhi", "21 ene", "EFE"),
    ("(서울=연합뉴스) 홍길동 기자 = 정부는", "(서울=연합뉴스) 홍길동 기자 =", "서울", None, "연합뉴스"),
    ("【ソウル聯合ニュース】韓国", "【ソウル聯合ニュース】", None, None, "ソウル聯合ニュース"),
    ("【6月18日 AFP】中国", "【6月18日 AFP】", None, "6月18日", "AFP"),
    ("新华社北京4月24日电 记者", "新华社北京4月24日电", "北京", "4月24日", "新华社"),
    ("（中央社記者王小明台北21日電）立法院", "（中央社記者王小明台北21日電）", "台北", "21日", "中央社"),
    ("NEW YORK, Feb. 1, 2017 /PRNewswire/ -- A", "NEW YORK, Feb. 1, 2017 /PRNewswire/ --", "NEW YORK", "Feb. 1, 2017", "PRNewswire"),
    ("LONDON \u2014 The prime minister", "LONDON \u2014", "LONDON", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "whole", "place", "day", "credit"), OPENINGS, ids=[o[1] for o in OPENINGS])
def test_an_opening_is_split(text: str, whole: str, place: str | None, day: str | None, credit: str | None) -> None:
    found = split_dateline(text)
    assert found is not None
    assert (found.text, found.place, found.date, found.credit) == (whole, place, day, credit)
    assert text[found.start : found.end] == whole


# One only where they name an agency, which is for `attribution` to say.
WEAK = [
    ("(CBS/AP) At least four", "(CBS/AP)", None, None, "CBS/AP"),
    ("(CBS/AP) WILSON, N.Y. - An early", "(CBS/AP) WILSON, N.Y. -", "WILSON, N.Y", None, "CBS/AP"),
    ("TORONTO (AP) The quay", "TORONTO (AP)", "TORONTO", None, "AP"),
    ("Kolkata, Jan 2 (PTI) The quay", "Kolkata, Jan 2 (PTI)", "Kolkata", "Jan 2", "PTI"),
    ("Paris (ats afp) Le quai", "Paris (ats afp)", "Paris", None, "ats afp"),
    ("Wellington, PTI: The quay", "Wellington, PTI:", "Wellington", None, "PTI"),
    ("МОСКВА, 21 янв — РИА Новости. Суд", "МОСКВА, 21 янв — РИА Новости.", "МОСКВА", "21 янв", "РИА Новости"),
    ("Москва. 1 июня. INTERFAX.RU - Суд", "Москва. 1 июня. INTERFAX.RU -", "Москва", "1 июня.", "INTERFAX.RU"),
    ("Beirut, Lebanon | AFP | The quay", "Beirut, Lebanon | AFP |", "Beirut, Lebanon", None, "AFP"),
    ("［東京　１日　ロイター］ - 日本", "［東京　１日　ロイター］ -", "東京", "１日", "ロイター"),
    ("so it is said.Jakarta (ANTARA) - The", "Jakarta (ANTARA) -", "Jakarta", None, "ANTARA"),
]


@pytest.mark.parametrize(("text", "whole", "place", "day", "credit"), WEAK, ids=[o[1] for o in WEAK])
def test_a_weak_opening_says_so(text: str, whole: str, place: str | None, day: str | None, credit: str) -> None:
    found = split_dateline(text)
    assert found is not None and found.is_weak
    assert (found.text, found.place, found.date, found.credit) == (whole, place, day, credit)
    assert text[found.start : found.end] == whole


def test_a_byline_above_the_opening_is_no_part_of_it() -> None:
    found = split_dateline("By Ada Muster\nNew Delhi, Jan 13 (IANS): The quay")
    assert found is not None
    assert (found.text, found.start, found.place) == ("New Delhi, Jan 13 (IANS):", 14, "New Delhi")


NONE = [
    "The minister (Labour) - who resigned on Monday - said nothing.",
    "He told AP (the agency) that it was over.",
    "In the north (Reuters) - as elsewhere - it rained.",
    "Mr. Park (45) said: nothing.",
    "It was late. (Yonhap)",
    "They met in Seoul \u2014 and in Busan.",
    "A (very) short one",
    "",
    "Apple (AAPL) shares rose.",
    "(this is only an aside, he said) and went on",
    "The Organisation (OECD): what it is for",
    "He said (again): no",
]


@pytest.mark.parametrize("text", NONE, ids=range(len(NONE)))
def test_other_openings_are_left_alone(text: str) -> None:
    assert split_dateline(text) is None


@pytest.mark.parametrize(
    ("day", "near", "full"),
    [
        ("Nov. 23", date(2026, 11, 23), "2026-11-23"),
        ("Dec. 31", date(2027, 1, 1), "2026-12-31"),
        ("Jan 1", date(2026, 12, 31), "2027-01-01"),
        ("Dec 20, 2017", date(2019, 1, 1), "2017-12-20"),
        ("21 ene", date(2019, 1, 22), "2019-01-21"),
        ("4月24日", date(2020, 4, 25), "2020-04-24"),
        ("21日", date(2020, 4, 25), "2020-04-21"),
        ("30日", date(2020, 5, 1), "2020-04-30"),
        ("31日", date(2020, 1, 1), "2019-12-31"),
        ("2日", date(2020, 4, 30), "2020-04-02"),
        ("4月24日", date(2026, 11, 24), "2026-04-24"),
        ("January 21", date(2026, 11, 24), "2026-01-21"),
        ("45日", date(2020, 4, 30), None),
        ("Nov. 23", None, None),
        ("Feb. 30", date(2026, 2, 1), None),
        ("Smarch 3", date(2026, 2, 1), None),
    ],
)
def test_a_day_gets_the_last_year_before_the_publication(day: str, near: date | None, full: str | None) -> None:
    assert full_date(day, near) == full
