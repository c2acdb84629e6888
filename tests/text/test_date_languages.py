"""Dates in the languages of the sites: names of months, calendars, clocks with signs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from newscrawl.text.calendars import iranian, is_iranian_leap, localised
from newscrawl.text.dates import parse_date
from tests.cost import at_most

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "tr, capitals": "OCAK ŞUBAT MART NİSAN MAYIS HAZİRAN TEMMUZ AĞUSTOS EYLÜL EKİM KASIM ARALIK",
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
    "ms": "Januari Februari Mac April Mei Jun Julai Ogos September Oktober November Disember",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "ar, Levant": "كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول",
    "fa, Gregorian": "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
    "th": "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
    "th, short": "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.",
}  # fmt: skip


@pytest.mark.parametrize("language", MONTHS)
def test_every_month_of_a_language(language: str) -> None:
    year = 2569 if language.startswith("th") else 2026
    for number, name in enumerate(MONTHS[language].split(), 1):
        found = parse_date(f"23 {name.replace('_', ' ')} {year}", free=False)
        assert found is not None and found.day == date(2026, number, 23), name


SEOUL, TAIPEI, TEHRAN = "Asia/Seoul", "Asia/Taipei", "Asia/Tehran"
CLOCKS = [
    ("2026년 11월 23일 오후 3시 5분", SEOUL, "2026-11-23 15:05"),
    ("2026년 11월 23일 오전 12:05", SEOUL, "2026-11-23 00:05"),
    ("입력 2026.11.23 15:05", SEOUL, "2026-11-23 15:05"),
    ("2026年11月23日15時05分", "Asia/Tokyo", "2026-11-23 15:05"),
    ("2026年11月23日午後3時5分", "Asia/Tokyo", "2026-11-23 15:05"),
    ("2026年11月23日（月）15:05", "Asia/Tokyo", "2026-11-23 15:05"),
    ("令和8年11月23日", "Asia/Tokyo", "2026-11-23"),
    ("平成元年1月8日", "Asia/Tokyo", "1989-01-08"),
    ("2026年11月23日15时05分", "Asia/Shanghai", "2026-11-23 15:05"),
    ("2026年11月23日 下午3:05", TAIPEI, "2026-11-23 15:05"),
    ("民國115年11月23日", TAIPEI, "2026-11-23"),
    ("中華民國115年11月23日 15:05", TAIPEI, "2026-11-23 15:05"),
    ("115年11月23日", None, "2026-11-23"),
    ("115/11/23 15:05", TAIPEI, "2026-11-23 15:05"),
    ("1151123", TAIPEI, "2026-11-23"),
    ("٢٣ نوفمبر ٢٠٢٦ ١٥:٠٥", "Asia/Riyadh", "2026-11-23 15:05"),
    ("23 نوفمبر 2026، 15:05", "Asia/Riyadh", "2026-11-23 15:05"),
    ("23 تشرين الثاني/نوفمبر 2026", None, "2026-11-23"),
    ("الاثنين 23 نوفمبر 2026 03:05 مساء", "Africa/Cairo", "2026-11-23 15:05"),
    ("۲ آذر ۱۴۰۵ - ۱۵:۰۵", TEHRAN, "2026-11-23 15:05"),
    ("دوشنبه ۲ آذر ۱۴۰۵ ساعت ۱۵:۰۵", TEHRAN, "2026-11-23 15:05"),
    ("1405/09/02 15:05", TEHRAN, "2026-11-23 15:05"),
    ("۱۴۰۵/۰۹/۰۲", TEHRAN, "2026-11-23"),
    ("۲ آذر ۱۴۰۵", None, "2026-11-23"),
    ("30 اسفند 1403", None, "2025-03-20"),
    ("23 ноября 2026 года в 15:05", "Europe/Moscow", "2026-11-23 15:05"),
    ("23 нояб. 2026 г., 15:05", "Europe/Moscow", "2026-11-23 15:05"),
    ("23 листопада 2026 року, 15:05", "Europe/Kyiv", "2026-11-23 15:05"),
    ("23 Kas 2026 15:05", "Europe/Istanbul", "2026-11-23 15:05"),
    ("Senin, 23 Nov 2026 15:05 WIB", None, "2026-11-23 15:05"),
    ("1 Okt 2026 15:05 WITA", None, "2026-10-01 15:05"),
    ("Thứ Hai, 23/11/2026, 15:05 (GMT+7)", "Asia/Ho_Chi_Minh", "2026-11-23 15:05"),
    ("Ngày 23 tháng 11 năm 2026", None, "2026-11-23"),
    ("23 tháng 11, 2026 15:05", "Asia/Ho_Chi_Minh", "2026-11-23 15:05"),
    ("23 พฤศจิกายน 2569 15:05 น.", "Asia/Bangkok", "2026-11-23 15:05"),
    ("วันจันทร์ที่ 23 พฤศจิกายน พ.ศ. 2569", None, "2026-11-23"),
    ("23 พ.ย. 69 15:05", "Asia/Bangkok", "2026-11-23 15:05"),
    ("lunes, 23 de setiembre de 2026 15:05h", "America/Lima", "2026-09-23 15:05"),
    ("lundi 23 nov. 2026, 15h05", "Europe/Paris", "2026-11-23 15:05"),
    ("23 novembre 2026 ore 15.05", "Europe/Rome", "2026-11-23 15:05"),
    ("Montag, 23. Nov. 2026, 15:05 Uhr", "Europe/Berlin", "2026-11-23 15:05"),
]


@pytest.mark.parametrize(("raw", "zone", "expected"), CLOCKS, ids=[case[0] for case in CLOCKS])
def test_a_date_with_its_clock(raw: str, zone: str | None, expected: str) -> None:
    found = parse_date(raw, zone)
    assert found is not None and found.raw == raw
    assert (f"{found.at:%Y-%m-%d %H:%M}" if found.at else found.day.isoformat()) == expected


UNCHANGED = [
    "2026-11-23T15:05:00+09:00", "Nov. 23, 2026", "23. März 2026", "23 ноября 2026", "1405/09/02", "115/11/23", "1151123",
    "23 พฤศจิกายน 2569", "23 марта 2026, 69", "2026년 11월 23일", "1150년 11월", "Größe 115/11/23", "23 نوفمبر 2026", "в 2026 году",
]  # fmt: skip


@pytest.mark.parametrize("raw", UNCHANGED)
def test_other_dates_stay_as_they_are(raw: str) -> None:
    assert localised(raw, "Europe/London") == raw


@pytest.mark.parametrize(
    "raw",
    ["32 آذر 1405", "30 اسفند 1404", "۱۴۰۵/۱۳/۰۲", "民國115年13月23日", "115/11", "23 พฤศจิกายน", "11月23日", "令和年11月23日", "99 tháng 11 2026"],
)  # fmt: skip
def test_what_is_no_day_is_none(raw: str) -> None:
    for zone in (None, TAIPEI, TEHRAN):
        assert parse_date(raw, zone, free=False) is None


def test_the_iranian_calendar_runs_without_a_gap() -> None:
    """Against jdatetime, all days of 1930-2099 agree; here only that days follow each other."""
    day = date(1930, 3, 21)
    assert iranian(1309, 1, 1) == day.isoformat()
    for year in range(1309, 1478):
        lengths = [31] * 6 + [30] * 5 + [29 + is_iranian_leap(year)]
        for month, length in enumerate(lengths, 1):
            assert iranian(year, month, 1) == day.isoformat()
            day += timedelta(length)


def test_hostile_strings_take_no_time() -> None:
    with at_most(100):
        for piece in ("٢", "年", "1 آ", "元年", "พ.ศ.", "1 tháng ", "1/", "آب "):
            for zone in (None, TAIPEI, TEHRAN):
                localised((piece * 200)[:200], zone)
