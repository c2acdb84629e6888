"""Date strings of pages and feeds -> moments.

A clock without an offset is local time: of the site's zone where one is known, else of nowhere, and then only
the day is given. Nothing is made up: no midnight for a bare day, no crawl time for a missing date.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from newscrawl.text.calendars import localised
from newscrawl.text.zones import ABBREVIATIONS, take_zone

Basis = Literal["explicit", "site", "unknown"]

MAX_LENGTH = 200  # longer strings are not dates, and free-text parsing is slow
YEARS = range(1980, 2100)
NUMERIC = re.compile(
    r"(?<!\d)(?P<year>\d{4})\s?[-/.年]\s?(?P<month>\d{1,2})\s?[-/.月]\s?(?P<day>\d{1,2})(?!\d)\.?日?"
    r"(?:(?:[Tt]|\s|,|\([^\s()]{1,9}\)|-){1,4}(?P<before>오전|오후|上午|下午|AM|PM)?\s?(?P<hour>\d{1,2})[:時时](?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:[.,]\d{1,12})?)?分?\s?(?P<after>[AaPp]\.?[Mm]\b\.?)?\s?"
    r"(?P<zone>(?:(?:GMT|UTC)\s?)?[+-]\d{1,2}(?::?\d{2})?(?!\d)|[Zz]\b|UTC\b|GMT\b|[A-Z]{2,5}\b)?)?"
)
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar januari janvier janv enero ene gennaio gen janeiro ocak stycznia styczeń января январь янв "
            "січня ledna leden tammikuuta ianuarie január januára siječnja ιανουαρίου يناير ינואר जनवरी มกราคม ม.ค جانفي ژانویه",
            "feb february februar februari février fevrier févr fevr febrero febbraio fevereiro fev şubat lutego luty февраля "
            "февраль фев лютого února únor helmikuuta februarie február februára veljače φεβρουαρίου فبراير פברואר फरवरी กุมภาพันธ์ ก.พ شباط فيفري فوریه",
            "mar march märz mars marzo maart março mart marca marzec марта март мар березня března březen maaliskuuta martie "
            "március ožujka μαρτίου مارس מרץ मार्च มีนาคม มี.ค maret mac",
            "apr april avril avr abril abr aprile nisan kwietnia kwiecień апреля апрель апр квітня dubna duben huhtikuuta aprilie "
            "április apríla travnja απριλίου أبريل ابريل אפריל अप्रैल เมษายน เม.ย نيسان أفريل آوریل",
            "may mai mayo maggio mei maio mag mayıs maja maj мая май травня května květen toukokuuta május mája svibnja μαΐου مايو "
            "מאי मई พฤษภาคม พ.ค أيار ايار ماي",
            "jun june juni juin junio giugno junho giu haziran czerwca czerwiec июня июнь червня června červen kesäkuuta iunie "
            "június júna lipnja ιουνίου يونيو יוני जून มิถุนายน มิ.ย حزيران جوان ژوئن",
            "jul july juli juillet juil julio luglio julho lug temmuz lipca lipiec июля июль липня července červenec heinäkuuta "
            "iulie július júla srpnja ιουλίου يوليو יולי जुलाई กรกฎาคม ก.ค julai تموز جويلية ژوئیه",
            "aug august augusti augustus août aout agosto ago ağustos sierpnia sierpień августа август авг серпня srpna srpen "
            "elokuuta augusztus augusta kolovoza αυγούστου أغسطس اغسطس אוגוסט अगस्त สิงหาคม ส.ค agustus agu ogos أوت اوت",
            "sep sept september septembre septiembre settembre setembro set eylül września wrzesień сентября сентябрь сен вересня "
            "září syyskuuta septembrie szeptember septembra rujna σεπτεμβρίου سبتمبر ספטמבר सितंबर กันยายน ก.ย أيلول ايلول سپتامبر setiembre",
            "oct october oktober octobre octubre ottobre outubro okt ott out ekim października październik октября октябрь окт "
            "жовтня října říjen lokakuuta octombrie október októbra οκτωβρίου أكتوبر اكتوبر אוקטובר अक्टूबर ตุลาคม ต.ค اکتبر",
            "nov november novembre noviembre novembro kasım listopada listopad ноября ноябрь ноя marraskuuta noiembrie novembra "
            "листопада studenoga νοεμβρίου نوفمبر נובמבר नवंबर พฤศจิกายน พ.ย نوامبر нояб лист",
            "dec december dezember décembre decembre déc diciembre dicembre dezembro dez dic aralık grudnia grudzień декабря "
            "декабрь дек грудня prosince prosinec joulukuuta decembrie decembra prosinca δεκεμβρίου ديسمبر דצמבר दिसंबर ธันวาคม ธ.ค desember des disember dis دسامبر",
        ),
        start=1,
    )
    for name in names.split()
}
# `23 November 2026`, `23. November 2026`, `1er mai 2026`, `November 23rd, 2026`; `23.11.2026` is read day first.


def worded(word: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\d:])(?P<d1>\d{{1,2}})(?:st|nd|rd|th|er|\.|º|ª)?\s(?:de\s|of\s)?(?P<m1>{word})\.?,?\s(?:de\s|del\s)?(?P<y1>\d{{4}})(?!\d)|"
        rf"(?<!\w)(?P<m2>{word})\.?\s(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<y2>\d{{4}})(?!\d)|"
        r"(?<![\d.])(?P<d3>\d{1,2})\.\s?(?P<m3>\d{1,2})\.\s?(?P<y3>\d{4})(?!\d)|"
        rf"(?<!\d)(?P<y4>\d{{4}})\.\s(?P<m4>{word})\s(?P<d4>\d{{1,2}})(?!\d)"
    )


WORDS = worded(r"[^\W\d_]{3,12}")
INDIC = re.compile("[\u0900-\u0e7f]")
# Thai and Devanagari vowels are not letters to a pattern, and Thai short names of months hold full stops.
INDIC_WORDS = worded(
    r"(?:[^\W\d_]|[\u0900-\u0903\u093a-\u094f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]|(?<=[\u0e00-\u0e7f])\.(?=[\u0e00-\u0e7f])){2,14}"
)
BUDDHIST_YEARS, BUDDHIST_ERA = range(2500, 2700), 543  # of Thai dates
SLASHED = re.compile(r"(?<![\d/])(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})(?![\d/])")
CLOCK_NEAR = re.compile(
    r"(?<!\d)(?P<hour>\d{1,2})\s?[:.h]\s?(?P<minute>\d{2})(?!\d)(?::(?P<second>\d{2}))?\s?(?P<after>[AaPp]\.?[Mm]\b\.?)?\s?"
    r"(?P<zone>(?:(?:GMT|UTC)\s?)?[+-]\d{1,2}(?::?\d{2})?(?!\d)|UTC\b|GMT\b|ET\b|PT\b|[A-Z]{3,4}\b)?"
)
CLOCK_DISTANCE = 24  # characters between a date in words and its clock
ZONE_OFFSET = re.compile(r"(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?$")
URL_DAY = re.compile(
    r"/(?P<y1>(?:19|20)\d\d)[/-](?P<m1>[01]?\d)[/-](?P<d1>[0-3]?\d)(?=[/-])|"
    r"(?<!\d)(?P<y2>20[0-3]\d)(?P<m2>[01]\d)(?P<d2>[0-3]\d)(?=(?:[01]\d|2[0-3])[0-5]\d)\d{4,}|"
    r"(?<=[/_-])(?P<y3>20[0-3]\d)(?P<m3>[01]\d)(?P<d3>[0-3]\d)(?=[/_-])"
)
AFTERNOON = frozenset(("오후", "下午", "PM"))
COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{4})?)?$")
EPOCH = re.compile(r"^1\d{9}(\d{3})?$")
LABEL = re.compile(r"^[^\d:]{1,30}:\s*(?=\S)")
# Loading every language that dateparser knows costs a process almost three seconds.
FREE_LANGUAGES = [
    "en",
    "de",
    "fr",
    "es",
    "it",
    "pt",
    "nl",
    "pl",
    "ru",
    "uk",
    "tr",
    "sv",
    "da",
    "cs",
    "hu",
    "ro",
    "el",
    "id",
    "vi",
    "ar",
    "fa",
    "he",
    "hi",
    "th",
    "ko",
    "ja",
    "zh",
]
CLOCK = re.compile(r"\d{1,2}\s?[:.h]\s?\d{2}|\d\s?[ap]\.?m\b", re.I)


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was published, as far as the page says it.

    `at` is aware, or None where only the day or only a clock of an unknown zone is known; `day` is the local
    day; `basis` says what the offset rests on.
    """

    day: date
    at: datetime | None
    basis: Basis
    raw: str

    @property
    def at_utc(self) -> str | None:
        """`2026-11-23T00:30:00Z`, or None."""
        return self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if self.at else None

    @property
    def offset(self) -> str | None:
        """`+09:00`, or None."""
        stated = self.at.strftime("%z") if self.at else ""
        return f"{stated[:3]}:{stated[3:5]}" if stated else None


def parse_date(
    raw: str | None, zone: str | None = None, languages: Sequence[str] = (), *, free: bool = True
) -> Moment | None:
    """The moment a string names; None where it names none. `zone` is an IANA name for clocks without an offset.

    `free` allows the slow reading of any words in any language: for strings that are said to be dates.
    """
    text = (raw or "").strip()
    if not text or len(text) > MAX_LENGTH or not any(char.isdigit() for char in text):
        return None
    text = localised(text, zone, tuple(languages))
    text, stated = take_zone(text, zone)
    found = read_any(text, languages, free)
    if found is None or found[0].year not in YEARS:
        return None
    when, has_clock = found
    if stated is not None and has_clock and when.tzinfo is None:
        when = when.replace(tzinfo=stated(when))
    return moment(when, has_clock, zone=zone, raw=raw or "")


def read_any(text: str, languages: Sequence[str], free: bool) -> tuple[datetime, bool] | None:
    """(when, whether it has a clock) by the first form that fits."""
    if NUMERIC.search(text):  # a wrong one (2026-13-01) is not a date, whatever a free reading would make of it
        return read_numeric(text)
    found = read_compact(text) or read_words(text) or read_mail(text) or read_epoch(text)
    if found is None and free:
        found = read_slashed(text) or read_free(text, languages)
    return found


def moment(when: datetime, has_clock: bool, *, zone: str | None, raw: str) -> Moment:
    """Place a parsed date: its own offset, else the site's zone, else no clock at all."""
    if not has_clock:
        return Moment(when.date(), None, "unknown", raw)
    if when.tzinfo is not None:
        return Moment(when.date(), when.replace(microsecond=0), "explicit", raw)
    if zone is not None:
        local = when.replace(microsecond=0, tzinfo=ZoneInfo(zone))
        # A fixed offset, so that what is shown does not depend on the time zone database read later.
        return Moment(when.date(), local.replace(tzinfo=timezone(local.utcoffset() or timedelta())), "site", raw)
    return Moment(when.date(), None, "unknown", raw)


def read_numeric(text: str) -> tuple[datetime, bool] | None:
    """Year first: ISO 8601, 2026.11.23 09:30, 2026年11月23日."""
    found = NUMERIC.search(text)
    if found is None:
        return None
    part = found.groupdict()
    return clocked(int(part["year"]), int(part["month"]), int(part["day"]), part)


def read_words(text: str) -> tuple[datetime, bool] | None:
    """The month in words or the day first: `April 10, 2017 - 21:02`, `10 avril 2017 à 21h02`, `10.04.2017, 21:02 Uhr`."""
    found = (INDIC_WORDS if not text.isascii() and INDIC.search(text) else WORDS).search(text)
    if found is None:
        return None
    kind = next(n for n in "1234" if found[f"y{n}"])
    month = month_named(found[f"m{kind}"]) if kind != "3" else int(found["m3"])
    year = int(found[f"y{kind}"])
    year -= BUDDHIST_ERA if year in BUDDHIST_YEARS else 0
    return clocked(year, month, int(found[f"d{kind}"]), clock_beside(text, *found.span()))


def month_named(word: str) -> int:
    """The number of a month by its name in any case; 0 for other words."""
    return MONTHS.get(word.lower()) or MONTHS.get(word.replace("I", "ı").replace("İ", "i").lower(), 0)  # Turkish


def clock_beside(text: str, start: int, end: int) -> Mapping[str, str | None]:
    """The groups of the clock behind a date, else of the one before it."""
    behind = CLOCK_NEAR.search(text, end, end + CLOCK_DISTANCE)
    clock = behind or CLOCK_NEAR.search(text, max(0, start - CLOCK_DISTANCE), start)
    return {"before": None, **clock.groupdict()} if clock else {"hour": None}


def read_slashed(text: str) -> tuple[datetime, bool] | None:
    """`11/01/2023 12:43`, the day first unless only the month can be: for strings that are said to be dates."""
    found = SLASHED.search(text)
    if found is None:
        return None
    day, month = int(found["day"]), int(found["month"])
    if month > 12:
        day, month = month, day
    return clocked(int(found["year"]), month, day, clock_beside(text, *found.span()))


def clocked(year: int, month: int, day: int, part: Mapping[str, str | None]) -> tuple[datetime, bool] | None:
    """A date with the clock of a match's groups; (date, False) if there are none or its zone means nothing to us."""
    try:
        when = datetime(year, month, day)
    except ValueError:
        return None
    if part["hour"] is None:
        return when, False
    hour, minute, second = (int(part.get(name) or 0) for name in ("hour", "minute", "second"))
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        return None
    zone = (part["zone"] or "").upper().replace(" ", "")
    if zone and zone not in ABBREVIATIONS and not ZONE_OFFSET.search(zone):
        return when, False  # a zone of unknown meaning: its clock says nothing
    when += timedelta(hours=hour_of_day(hour, part), minutes=minute, seconds=min(second, 59))
    return when.replace(tzinfo=offset_of(zone)), True


def hour_of_day(hour: int, part: Mapping[str, str | None]) -> int:
    """The hour of 24, given what is before or after the clock."""
    half = (part["before"] or (part["after"] or "").replace(".", "")).upper()
    return hour % 12 + (12 if half in AFTERNOON else 0) if half and hour <= 12 else hour


def read_compact(text: str) -> tuple[datetime, bool] | None:
    """20261123, 20261123T093000+0900."""
    found = COMPACT.match(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    try:
        when = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
    except ValueError:
        return None
    return when.replace(tzinfo=offset_of(zone)), hour is not None


def offset_of(zone: str | None) -> timezone | None:
    """The offset that `+09:00`, `GMT+9`, `Z` or a zone's name states."""
    if not zone:
        return None
    stated = ZONE_OFFSET.search(zone)
    if stated is None:
        return timezone(timedelta(hours=ABBREVIATIONS[zone]))
    size = timedelta(hours=int(stated["hours"]), minutes=int(stated["minutes"] or 0))
    return timezone(-size if stated["sign"] == "-" else size) if size < timedelta(hours=24) else None


def read_mail(text: str) -> tuple[datetime, bool] | None:
    """RFC 2822, the dates of RSS: Mon, 23 Nov 2026 09:30:00 +0900."""
    try:
        return parsedate_to_datetime(text), bool(CLOCK.search(text))
    except (ValueError, IndexError, OverflowError, TypeError):
        return None


def day_in_url(path: str) -> date | None:
    """The day that a URL's path states: `/2026/11/23/`, `/2026-11-23/`, or a number that begins with it and a clock."""
    found = URL_DAY.search(path.rpartition("http")[2])  # an archive's own path holds the day of capture
    if found is None:
        return None
    try:
        day = date(*(int(found[f"{part}1"] or found[f"{part}2"] or found[f"{part}3"]) for part in "ymd"))
    except ValueError:
        return None
    return day if day.year in YEARS else None


def read_epoch(text: str) -> tuple[datetime, bool] | None:
    """Seconds or milliseconds since 1970."""
    return (datetime.fromtimestamp(int(text[:10]), UTC), True) if EPOCH.match(text) else None


def read_free(text: str, languages: Sequence[str]) -> tuple[datetime, bool] | None:
    """Anything else, in words: `Published : April 10, 2017 - 21:02`, `10 avril 2017 à 21h02`."""
    import dateparser  # 0.2 s: only for pages that state their date in words alone

    options: dict[str, Any] = {
        "REQUIRE_PARTS": ["day", "month", "year"],
        "RETURN_TIME_AS_PERIOD": True,
        "DATE_ORDER": "DMY",
    }
    options["PARSERS"] = ["absolute-time"]  # "2 hours ago" would be the time of the crawl
    tags = [tag.split("-")[0].lower() for tag in languages]
    tags = [tag for tag in tags if tag in FREE_LANGUAGES]
    for candidate in dict.fromkeys((LABEL.sub("", text), text)):
        for known in ([tags] if tags else []) + [FREE_LANGUAGES]:
            try:
                when = dateparser.parse(candidate.replace(" - ", " "), languages=known, settings=options)
            except (ValueError, OverflowError, TypeError, RecursionError):
                continue
            if when is not None:
                return when, bool(CLOCK.search(candidate))
    return None
