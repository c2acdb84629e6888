"""Dates as other scripts and calendars write them -> the same date in the form that `dates` reads.

Digits of other scripts, hours and minutes with their signs, the eras of Japan and Taiwan, the Iranian calendar,
Buddhist years of two digits, names of months in two words.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

DIGITS = {chr(ord(zero) + n): str(n) for zero in "٠۰०০๐" for n in range(10)}
PLAIN = str.maketrans({**DIGITS, "（": "(", "）": ")", "：": ":", "／": "/", "．": ".", "，": ",", "،": ",", "　": " ", "‌": " ", "\u200f": "", "\u200e": ""})  # fmt: skip
CLOCK_SIGNS = re.compile(r"(\d{1,2})\s?[時时点點시]\s?(\d{1,2})\s?[分분]")
DAY_SIGN = re.compile(r"(\d\s?[日일])(?=[\d오上下午])")
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "中華民國": 1911, "中华民国": 1911, "民國": 1911, "民国": 1911}
ERA = re.compile(r"(令和|平成|昭和|中華民國|中华民国|民國|民国)\s?(\d{1,3}|元)\s?年")
ROC_YEAR = re.compile(r"(?<!\d)(1[0-4]\d)\s?年(?=\s?\d{1,2}\s?月)")  # Taiwan's years, without the era's name
TAIPEI = "Asia/Taipei"
ROC_NUMBERS = re.compile(r"(?<![\d/.-])(1[0-4]\d)([/.-]\d{1,2}[/.-]\d{1,2})(?!\d)")
ROC_COMPACT = re.compile(r"^\(?(1[0-4]\d)(0[1-9]|1[0-2])([0-3]\d)\)?$")  # 1120221, as CNA signs its stories
IRAN = ("Asia/Tehran", "Asia/Kabul")
IRANIAN_MONTHS = {
    name: number
    for number, names in enumerate(
        ("فروردین حمل", "اردیبهشت ثور", "خرداد جوزا", "تیر سرطان", "مرداد امرداد اسد", "شهریور سنبله", "مهر میزان", "آبان عقرب", "آذر قوس", "دی جدی", "بهمن دلو", "اسفند حوت"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
IRANIAN_WORDS = re.compile(rf"(?<!\d)(\d{{1,2}})\s({'|'.join(IRANIAN_MONTHS)})(?:\sماه)?,?\s(1[34]\d\d)(?!\d)")
IRANIAN_NUMBERS = re.compile(r"(?<!\d)(1[34]\d\d)[/.-](\d{1,2})[/.-](\d{1,2})(?!\d)")
NEW_YEAR_1400 = date(2021, 3, 21)  # 1 Farvardin 1400
VIETNAMESE = re.compile(r"(?<!\d)(\d{1,2})\s(?:tháng|thg)\s(\d{1,2})(?:,|\snăm|,\snăm)?\s(\d{4})(?!\d)", re.I)
THAI_ERA = re.compile(r"(?:พ\.ศ\.|ค\.ศ\.)\s?")
THAI_SHORT_YEAR = re.compile(r"(?<!\d)(\d{1,2}\s[\u0e00-\u0e7f.]{3,14})\s(\d{2})(?![\d:.])")
LEVANTINE = (("كانون الثاني", "يناير"), ("تشرين الأول", "أكتوبر"), ("تشرين الاول", "أكتوبر"), ("تشرين الثاني", "نوفمبر"), ("كانون الأول", "ديسمبر"), ("كانون الاول", "ديسمبر"))  # fmt: skip
ARABIC_WORDS = re.compile(r"(?<!\w)(ساعت|آب|آذار|مه|می|مساءً|مساء|صباحاً|صباحا|بعد از ظهر|بعدازظهر)(?!\w)")
ARABIC = {"ساعت": "", "آب": "أغسطس", "آذار": "مارس", "مه": "مايو", "می": "مايو", "مساء": "PM", "مساءً": "PM", "بعد از ظهر": "PM", "بعدازظهر": "PM", "صباحاً": "AM", "صباحا": "AM"}  # fmt: skip
SAME_MONTH_TWICE = re.compile(r"(?<!\w)(\w{3,8})\s?[/|(]\s?(\w{3,8})\)?(?=\s\d{4})")


def localised(text: str, zone: str | None, languages: tuple[str, ...] = ()) -> str:
    """The same string with its date in a form that is read everywhere; unchanged where it holds none of these."""
    is_taiwan, is_iran = zone == TAIPEI, zone in IRAN or "fa" in languages
    if text.isascii() and not is_taiwan and not is_iran:
        return text
    text = text.translate(PLAIN)
    if is_iran:
        text = IRANIAN_NUMBERS.sub(lambda found: iranian(int(found[1]), int(found[2]), int(found[3])), text)
    if is_taiwan:
        text = ROC_COMPACT.sub(lambda found: f"{int(found[1]) + 1911}-{found[2]}-{found[3]}", text.strip())
        text = ROC_NUMBERS.sub(lambda found: f"{int(found[1]) + 1911}{found[2]}", text)
    if text.isascii():
        return text
    return south_asian(near_eastern(far_eastern(text)))


def far_eastern(text: str) -> str:
    """`2026年11月23日午後3時5分`, `民國115年11月23日`."""
    text = ERA.sub(lambda found: f"{ERAS[found[1]] + (1 if found[2] == '元' else int(found[2]))}年", text)
    text = ROC_YEAR.sub(lambda found: f"{int(found[1]) + 1911}年", text)
    text = text.replace("午前", "上午").replace("午後", "下午")
    text = CLOCK_SIGNS.sub(lambda found: f"{found[1]}:{int(found[2]):02}", text)
    return DAY_SIGN.sub(r"\1 ", text)


def near_eastern(text: str) -> str:
    """`2 آذر 1405`, `23 تشرين الثاني/نوفمبر 2026`."""
    text = IRANIAN_WORDS.sub(lambda found: iranian(int(found[3]), IRANIAN_MONTHS[found[2]], int(found[1])), text)
    for words, word in LEVANTINE:
        text = text.replace(words, word)
    text = ARABIC_WORDS.sub(lambda found: ARABIC[found[1]], text)
    return SAME_MONTH_TWICE.sub(r"\2", text) if "/" in text or "(" in text else text


def south_asian(text: str) -> str:
    """`23 tháng 11 năm 2026`, `23 พ.ย. 69`."""
    text = VIETNAMESE.sub(lambda found: f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}", text)
    return THAI_SHORT_YEAR.sub(r"\1 25\2", THAI_ERA.sub("", text))


def iranian(year: int, month: int, day: int) -> str:
    """The Gregorian day of a day of the Iranian calendar, as ISO writes it; the day itself if there are none."""
    lengths = [31] * 6 + [30] * 5 + [29 + is_iranian_leap(year)]
    if not (1 <= month <= 12 and 1 <= day <= lengths[month - 1]):
        return f"{year}-{month:02}-{day:02}"
    first, last = sorted((year, 1400))
    leaps = sum(map(is_iranian_leap, range(first, last)))
    days = 365 * (year - 1400) + (leaps if year >= 1400 else -leaps)
    return (NEW_YEAR_1400 + timedelta(days + sum(lengths[: month - 1]) + day - 1)).isoformat()


def is_iranian_leap(year: int) -> bool:
    """By the cycle of 33 years, which is the calendar's own from 1244 to 1500."""
    return (25 * year + 11) % 33 < 8
