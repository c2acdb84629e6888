"""The opening formula of a wire story, split into place, date and credit.

`SEOUL, Nov. 23 (Yonhap) --`, `(서울=연합뉴스) 홍길동 기자 =`, `【ソウル聯合ニュース】`, `MOSCOW, June 1. /TASS/.`,
`(ANSA) - ROME, JUL 11 -`, `新华社北京4月24日电`. Who the credit names is for `attribution` to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from newscrawl.text.dates import MONTHS

HEAD_LENGTH = 200
AHEAD = timedelta(days=3)
BYLINE_CHARS = 60
WORD_DATE = (
    r"(?:\d{4}\. [^\W\d_]{3,10} \d{1,2}\.|[^\W\d_]{3,10}\.? ?\d{1,2}|\d{1,2}\.? (?:de )?[^\W\d_]{3,10}\.?)(?:,? \d{4})?"
)
DATE_AT_END = re.compile(rf"[,\s]\s*(?P<date>{WORD_DATE})\.?[,\s]*$")
DATE_ALONE = re.compile(rf"(?P<date>{WORD_DATE})$")
DASH = r"(?:--|[-\u2010-\u2015_=:|]|\.-|\.\u2013)"
BRACKET = re.compile(r"[(（]\s?(?P<credit>[^()（）\n]{2,38}?)\s?[)）]|/\s?(?P<slashed>[^()/\n]{2,38}?)\s?/")
AFTER_BRACKET = re.compile(rf"\s*(?P<mark>\.?\s*{DASH}+|\.(?=\s))\s*")
# A place is capitalised words, with particles, slashes and state abbreviations: `LA CROSSE, Wis.`, `BEIRUT/THE HAGUE`.
PLACE = re.compile(
    r"^(?:[^\W\d_a-z][^\s,/()]*|d[eu]|de|del|la|las|los|der|am|an|im|in|of|and|und|y|sur|el|al|bin|i|upon|[a-z]'\w+)"
    r"(?:[\s,/]+(?:[^\W\d_a-z][^\s,/()]*|d[eu]|de|del|la|las|los|der|am|an|im|in|of|and|und|y|sur|el|al|bin|i|upon|[(\[][^\W\d_]{2,30}[)\]]))*$"
)
AGENCY_FIRST = re.compile(
    rf"^[(（](?P<credit>[^()（）\n]{{2,38}})[)）]\s*(?:\.?\s*{DASH}+|\.(?=\s))?\s*"
    rf"(?:(?P<place>[A-ZÀ-Ý][A-ZÀ-Ý .'/-]{{2,40}})(?:,\s*(?P<date>{WORD_DATE}))?\s*{DASH}+\s*)?"
)
BARE_PLACE = re.compile(
    rf"^(?P<place>[A-Z][A-Z .,'/]{{2,50}}?)(?:,\s*(?P<date>{WORD_DATE}))?\s*(?:--+|\u2013|\u2014)\s+(?=\S)"
)
NO_BRACKET = re.compile(
    rf"^(?P<place>[A-Z][^()\n]{{2,50}}?), (?P<date>{WORD_DATE}) (?P<credit>[A-Z][A-Za-z]{{2,15}}) --?\s"
)
KOREAN = re.compile(
    r"^[(\[（](?P<place>[^=()\[\]\n]{1,30})=(?P<credit>[^()\[\]\n]{2,20})[)\]）]\s*"
    r"(?P<reporter>[^=\n]{2,60}?(?:기자|특파원|통신원|선임기자))?\s*=?\s*"
)
JAPANESE = re.compile(r"^【(?P<inside>[^】\n]{2,40})】")
JAPANESE_DATE = re.compile(r"^(?P<date>\d{1,2}月\d{1,2}日)\s*")
CHINESE = re.compile(
    r"^(?:[（(【](?:[^）)】\n/／╱\d]{2,10}[/／╱])?)?[据據]?(?P<credit>新华社|新華社|新华网|中新社|中新网|中国新闻网|中央社|法新社|路透社|美联社|共同社|韩联社|德新社|塔斯社|埃菲社|安莎社|美聯社|韓聯社)"
    r"(?P<reporter>记者|記者)?(?P<place>[^\d，。\n]{0,20}?)"
    r"(?P<date>(?:\d{1,2}月)?\d{1,2}日)(?:[电電]|專電|专电|消息|综合电|綜合電|综合外电报道|綜合外電報導|讯|訊)"
    r"(?:\s?[（(][^）)\n]{0,40}[）)])?[）)】]?\s*"
)
# `［東京　１日　ロイター］`, `[ワシントン 21日 ロイター]`
JAPANESE_SQUARE = re.compile(r"^[［\[](?P<inside>[^［］\[\]\n=]{2,40})[］\]]\s*(?:[-―ー—–]\s*)?")
# The forms below are one only where they name an agency.
BRACKET_ALONE = re.compile(
    r"^[(（](?P<credit>[^()（）\n]{2,38})[)）]\s+(?:(?P<place>[A-Z][A-Z .,'/-]{2,30}?)\s+(?:--?|\u2013|\u2014)\s+)?(?=[^\W_a-z])"
)
CAPITALS_BRACKET = re.compile(
    r"^(?P<place>[A-ZÀ-Ý]{3}[^()\n]{0,50}?)\s?[(（](?P<credit>[^()（）\n]{2,38})[)）]\s+(?=[^\W_a-z])"
)
LOWER_BRACKET = re.compile(
    r"^(?P<place>[A-ZÀ-Ý][a-zà-ÿ]{2,20}(?: a\.\s?M\.)?) [(](?P<credit>[a-z]{2,5}(?:[ /][a-z]{2,5}){0,2})[)]\.?\s+(?=[^\W_a-z])"
)
DATED_BRACKET = re.compile(
    r"^(?P<place>[^\W\d_a-z][^()\n]{2,50}?\d{1,2}(?:, \d{4})?)\s?[(（](?P<credit>[^()（）\n]{2,38})[)）]\s+(?=[^\W_a-z])"
)
BARS = re.compile(r"^(?P<place>[^\W\d_a-z][^()|\n]{1,40}?) \| (?P<credit>[^()|\n]{2,20}) \| ")
SLASHED_ALONE = re.compile(r"^/(?P<credit>[^/\n]{2,38})/\s*--?\s")
NAMES = r"[^\W\d_a-z][^\s\d,:()]{1,20}(?: [^\W\d_a-z][^\s\d,.:()]{1,20}){0,2}"
DAY = r"(?:[^\W\d_]{3,10}\.? \d{1,2}|\d{1,2}\.? [^\W\d_]{3,10})\.?"
COMMA_CREDIT = re.compile(
    rf"^(?P<place>[^\W\d_a-z][^\d.:()\n]{{1,40}}?)(?:,\s(?P<credit>{NAMES})(?::|\s?[\u2013\u2014-])\s"
    rf"|[,.]\s(?P<date>{DAY})(?:,|\s[\u2013\u2014-]|(?<=\.)|\.)\s(?P<behind>{NAMES}?)(?:\.(?=\s)|:|\s?[\u2013\u2014-])(?:\s|$))"
)
WEAK_FORMS = (
    BRACKET_ALONE,
    CAPITALS_BRACKET,
    DATED_BRACKET,
    LOWER_BRACKET,
    SLASHED_ALONE,
    BARS,
    COMMA_CREDIT,
)
# A pull quote or a caption glued to the dateline: `... of the nation.Jakarta (ANTARA) - President`
PULL_QUOTE = re.compile(
    r"[a-zà-ý][.!?][\"”]?\s?(?=[A-ZÀ-Ý][^\s().]{2,30}(?:,? [A-ZÀ-Ý][^\s().]{1,20}){0,2} \([^()\n]{2,38}\) ?[-\u2013\u2014])"
)


@dataclass(frozen=True, slots=True)
class Opening:
    """What is before the story's first word; `text` is it exactly, starting at offset `start`."""

    text: str
    start: int
    place: str | None
    date: str | None
    credit: str | None
    is_bracketed: bool = False  # the credit is in brackets or between slashes
    is_weak: bool = False  # it is a dateline only if the credit is one: `TORONTO (AP) The`, `Wellington, PTI:`

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def split_dateline(text: str) -> Opening | None:
    """The opening formula at the head of a paragraph, or None. A byline's line may be above it."""
    head = text[:HEAD_LENGTH]
    first, _, rest = head.partition("\n")
    found = read_head(first if rest else head)
    if found is None and rest and len(first) < BYLINE_CHARS:
        below = read_head(rest)
        found = replace(below, start=len(first) + 1) if below else None
    if found is None and (quoted := PULL_QUOTE.search(text[: 2 * HEAD_LENGTH])):
        glued = read_bracketed(text[quoted.end() : quoted.end() + HEAD_LENGTH])
        found = replace(glued, start=quoted.end(), is_weak=True) if glued else None
    return found


def read_head(head: str) -> Opening | None:
    for read in (read_asian, read_agency_first, read_bracketed, read_plain, read_weak):
        found = read(head)
        if found is not None:
            return found
    return None


def opening(
    head: str, end: int, place: str | None, day: str | None, credit: str | None, *, is_bracketed: bool = True
) -> Opening:
    text = head[:end].rstrip()
    return Opening(
        text,
        0,
        (place or "").strip(" ,.") or None,
        day,
        credit.strip() if credit else None,
        is_bracketed and bool(credit),
    )


def read_asian(head: str) -> Opening | None:
    """Korean, Japanese and Chinese openings."""
    if found := KOREAN.match(head):
        return opening(head, found.end(), found["place"], None, found["credit"])
    if found := CHINESE.match(head):
        place = found["place"][-2:] if found["reporter"] else found["place"]  # the reporter's name is before it
        return opening(head, found.end(), place, found["date"], found["credit"])
    if found := JAPANESE.match(head):
        inside = found["inside"].strip()
        day = JAPANESE_DATE.match(inside)
        return opening(head, found.end(), None, day["date"] if day else None, inside[day.end() :] if day else inside)
    if found := JAPANESE_SQUARE.match(head):
        words = found["inside"].split()
        place = words[0] if len(words) > 2 else None
        day_word = words[-2] if len(words) > 1 and "日" in words[-2] else None
        return replace(opening(head, found.end(), place, day_word, words[-1]), is_weak=True) if words else None
    return None


def read_agency_first(head: str) -> Opening | None:
    """`(Reuters) - The`, `(EFE).- `, `(AP) NEW YORK -`."""
    found = AGENCY_FIRST.match(head)
    if found is None:
        return None
    has_mark = bool(re.search(rf"{DASH}|\.", head[found.end("credit") + 1 : found.end()]))
    return opening(head, found.end(), found["place"], found["date"], found["credit"]) if has_mark else None


def read_bracketed(head: str) -> Opening | None:
    """`SEOUL, Nov. 23 (Yonhap) --`, `Hamburg (dpa/lno) –`, `MOSCOW, June 1. /TASS/.`, `Amritsar (Punjab), Apr 13 (ANI):`."""
    for bracket in BRACKET.finditer(head):
        mark = AFTER_BRACKET.match(head, bracket.end())
        if mark is None or bracket.start() == 0:
            continue
        credit = bracket["credit"] or bracket["slashed"]
        if mark["mark"] == "." and head[bracket.start()] != "/" and "/" not in credit:
            continue
        place, day = split_place(head[: bracket.start()].rstrip(" _-\u2013\u2014"))
        if place is not None or day is not None:
            return opening(head, mark.end(), place, day, credit)
        return None
    return None


def read_plain(head: str) -> Opening | None:
    """`SAITAMA, Japan, Dec. 9 Kyodo -`, and a paper's own `LONDON —` without any credit."""
    for pattern in (NO_BRACKET, BARE_PLACE):
        found = pattern.match(head)
        if found is not None:
            credit = found.groupdict().get("credit")
            return opening(head, found.end(), found["place"], found["date"], credit, is_bracketed=False)
    return None


def read_weak(head: str) -> Opening | None:
    """`(CBS/AP) WILSON, N.Y. - An`, `TORONTO (AP) The`, `Wellington, PTI:`, `МОСКВА, 21 янв — РИА Новости.`"""
    for pattern in WEAK_FORMS:
        found = pattern.match(head)
        if found is not None:
            place, day = found.groupdict().get("place"), found.groupdict().get("date")
            if pattern in (CAPITALS_BRACKET, DATED_BRACKET):
                place, day = split_place(place or "")
                if place is None:
                    continue
            credit = found["credit"] or found.groupdict().get("behind")
            read = opening(head, found.end(), place, day, credit, is_bracketed=pattern is not COMMA_CREDIT)
            return replace(read, is_weak=True)
    return None


def split_place(head: str) -> tuple[str | None, str | None]:
    """`SEOUL, Nov. 23` -> (SEOUL, Nov. 23); (None, None) where the words are not place."""
    day = None
    found = DATE_AT_END.search(head) or DATE_ALONE.match(head)
    if found is not None:
        head, day = head[: found.start()], found["date"]
    place = head.strip(" ,.")
    if not place:
        return None, day
    if place.startswith("The ") and place != "The Hague":
        return None, None
    return (place, day) if len(place) <= 80 and PLACE.match(place) else (None, None)


def full_date(day: str | None, near: date | None) -> str | None:
    """YYYY-MM-DD for `Nov. 23`, `4月24日` or `24日`: the last such day before the publication, as a zone away may count it."""
    if not day or near is None:
        return None
    numbers = [int(number) for number in re.findall(r"\d+", day)]
    years = [n for n in numbers if n > 1900] or [near.year - 1, near.year, near.year + 1]
    if "日" in day and numbers:
        if len(numbers) == 1:
            last_month = near - timedelta(days=near.day)
            return last_before([(d.year, d.month, numbers[0]) for d in (near, last_month)], near)
        return last_before([(year, numbers[0], numbers[1]) for year in years], near)
    names = [MONTHS[word.lower()] for word in re.findall(r"[^\W\d_]+", day) if word.lower() in MONTHS]
    short = [number for number in numbers if number < 32]
    return last_before([(year, names[0], short[0]) for year in years], near) if len(names) == 1 and short else None


def last_before(parts: list[tuple[int, int, int]], near: date) -> str | None:
    """The latest of these days that is not after another, else the nearest; days that are none are left out."""
    days = []
    for year, month, number in parts:
        try:
            days.append(date(year, month, number))
        except ValueError:
            continue
    before = [d for d in days if d <= near + AHEAD]
    return max(before, default=min(days, key=lambda d: abs(d - near))).isoformat() if days else None
