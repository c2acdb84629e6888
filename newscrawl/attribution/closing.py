"""Credits at the end of a story: in brackets, behind the last full stop, on lines of their own, in sentences."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from newscrawl.attribution.agencies import agency_named, agency_of_host, fold_name, may_name_agency, names
from newscrawl.attribution.credit_line import (
    COPYRIGHT_MARK,
    EDGES,
    PHOTO,
    POST,
    SAID,
    Credit,
    is_picture_credit,
    read_copyright,
    read_credit,
)
from newscrawl.text.byline import EMAIL
from newscrawl.text.dateline import split_place
from newscrawl.text.whitespace import fold

# One of these is in all of ASCII that PHOTO knows.
ASCII_PICTURE_SIGNS = (
    "photo", "foto", "bild", "image", "picture", "pic", "getty", "pool", "handout", "file", "archiv", "illustration", "video",
    "footage", "shutterstock", "istock", "scanpix", "epa", "zuma", "imago", "caption", "graphic", "grafik", "screenshot", "via",
    "courtesy", "credit", "nasa", "corbis", "eyevine", "alamy", "rex", "usa today sports", "isopix", "laif", "mary evans", "kuva",
    "zdj", "fot", "imagen",
)  # fmt: skip
TAIL_PARAGRAPHS = 6
RUNNING_WORDS = 13  # a shorter paragraph may be behind the one that ends in the credit
TAIL_CHARS = 160
HEAD_CHARS = 80
SIGN_OFF_CHARS = 400
STOPS = ".!?。…؟।"
QUOTES = "\"”’'»)]」』"
BRACKET_AT_END = re.compile(
    r"[(（\[【［/]\s?(?P<credit>[^()（）\[\]【】［］/\n][^()（）\[\]【】［］\n]{0,58}[^()（）\[\]【】［］\n/\s]|[^()\n]{2})\s?[)）\]】］/]\s*[.。]?\s*$"
)
# `... to the US. PTI`, `... deport him. — PTI`, `... of sport in school. – AFP`
BARE_CLOSING = re.compile(
    r"[.!?。][\"”’»]?\s*[—–-]{0,2}\s+(?P<credit>(?:[—–/-]{1,2}|[©ⓒ] ?(?:\d{4})?)?\s?[^\W\d_][\w/&.’' –-]{1,38})$"
)
KOREAN_END = re.compile(r"[(（\[][^()（）=\n]{1,20}=(?P<credit>[^()（）\n]{2,12})[)）\]][^\n]{0,60}$")
CONTRIBUTED = re.compile(
    r"(?P<who>.{2,300}?)\s++(?:also\s++|have\s++|has\s++)?(?:contributed|assisted)\s++(?:reporting\b|to (?:this|the) (?:report|story|article|dispatch|coverage|piece|post|column)\b).{0,80}$",
    re.I,
)
# `Some information for this report came from The Associated Press.`
CAME_FROM = re.compile(
    r"(?:.{0,300}[.!?] )?(?:(?:some|certain|parts? of)\s)?(?:of the\s+)?(?:(?:information|material|content|reporting)\b.{0,50}?\b(?:provided by|supplied by|came from|comes from|"
    r"from)\s+|this (?:report|story|article) .{0,30}\b(?:includes|contains|with|uses)\b.{0,20}\b(?:information|material|reporting) from\s+)"
    r"(?P<who>[^.]{2,120}?)(?:\s+(?:was|were)\s+used\b[^.]{0,40})?\.?$",
    re.I,
)
# `Mit Informationen der Korrespondenten sowie der Nachrichtenagenturen AFP, AP und dpa`, `wurde mit Material der dpa erstellt`
OF_AGENCIES = re.compile(
    r"(?:.{0,60}?\b(?:artikel|text|beitrag|bericht|meldung|hinweis)\b.{0,40}?)?(?:mit (?:material|materialien|informationen|inhalten)|unter verwendung)\b(?:.{0,120}?\b(?:nachrichten|presse)?agentur(?:en)?|\s+(?:der|des|von|vom))\s+"
    r"(?P<who>[^.]{2,100}?)(?:\s+(?:erstellt|verfasst|ergänzt|geschrieben|erarbeitet))?(?:\.|$)",
    re.I,
)
# `This report by The Canadian Press was first published May 2`, `This story was originally published by Example Wire.`
FIRST_PUBLISHED = re.compile(
    r"this (?:report|story|article|dispatch)\s(?:(?:by|from|of)\s(?P<who>[^.,;]{2,60}?)\s(?:was|were)\s(?:first|originally)\spublished\b|"
    r"(?:was|is)\s(?:first |originally )?(?:re)?published\s(?:by|from)\s(?P<own>[^.,;]{2,60}?)(?:\s(?:on|under|with)\b|[.,;]|$))",
    re.I,
)
SYNDICATED = re.compile(
    r"(?:published|auto-?generated) from (?:a|an) (?:syndicated|wire agency|agency|news agency) feed", re.I
)
SIGN_OFF = re.compile(
    r"[(（]\s?(?:additional )?(?:reporting|writing) by [^()]{3,200}\b(?:editing|writing) by [^()]{3,120}[)）]\.?$", re.I
)
COLUMNIST = re.compile(
    r"\bis an? (?:(?P<own>[A-Z][\w ]{1,30}?) |[\w ’'-]{0,40}?)columnist\b"
    r"(?: (?:for|with|at) (?P<who>[^.,;]{2,40}))?"
)
DATED_CHARS = 90
DATED_BEFORE = re.compile(r"\b(?:19|20)\d\d\s*$")
LONE = re.compile(r"^[(（\[—–/•*-]?\s*(?P<credit>.{2,120}?)\s*[)）\]/]?$")
DATED_END = re.compile(r"(?P<place>[A-Z][^()/\n]{2,60}?)\s?[(（/]\s?(?P<credit>[^()（）/\n]{2,38})[)）/]\.?")
WRITERS = re.compile(
    r"(?:[A-Za-z]+\s){0,2}(?:writers?|reporters?|journalists?|correspondents?|editors?|columnists?|researchers?|staff)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class ClosingCredits:
    """A closing credit: the rule that read it, its exact string and where that starts in its paragraph."""

    credit: Credit
    kind: str
    text: str
    start: int = 0


def ends_of(paragraphs: Sequence[str]) -> Iterator[tuple[str, int]]:
    """(paragraph, offset in the text) of those that may hold the credit: back to the last but one of running text."""
    at = sum(map(len, paragraphs)) + 2 * len(paragraphs)
    running = 0
    for paragraph in paragraphs[: -TAIL_PARAGRAPHS - 1 : -1]:
        at -= len(paragraph) + 2
        is_running = paragraph.count(" ") >= RUNNING_WORDS
        if not ((running or not is_running) and speaks_of_pictures(paragraph)):  # the last but one, or a short one
            yield paragraph, at
        running += is_running and "contributed" not in paragraph[-TAIL_CHARS:]
        if running > 1:
            return


def speaks_of_pictures(paragraph: str) -> bool:
    """Whether a paragraph can be a caption: a long one by its head and its tail."""
    if len(paragraph) > HEAD_CHARS + TAIL_CHARS:
        paragraph = f"{paragraph[:HEAD_CHARS]}\n{paragraph[-TAIL_CHARS:]}"
    if paragraph.isascii() and not any(map(paragraph.lower().__contains__, ASCII_PICTURE_SIGNS)):
        return False  # a glance, for the pattern tries each word
    return bool(PHOTO.search(paragraph))


def closing_of_paragraph(paragraph: str, outlets: Collection[str]) -> ClosingCredits | None:
    """The credit that a paragraph of running text ends in."""
    cut = max(0, len(paragraph) - TAIL_CHARS)
    tail = paragraph[cut:]
    found = (
        sign_off(paragraph)
        or bracket_at_end(tail, outlets)
        or korean_end(tail, outlets)
        or bare_name(tail, outlets)
        or reporter_address(tail)
    )
    return None if found is None else replace(found, start=found.start + (0 if found.kind == "sign-off" else cut))


def sign_off(paragraph: str) -> ClosingCredits | None:
    """`(Reporting by ...; Editing by ...)`: Reuters' way to end a story."""
    cut = max(0, len(paragraph) - SIGN_OFF_CHARS)
    found = SIGN_OFF.search(paragraph[cut:]) if "diting by" in paragraph[cut:] else None
    return (
        ClosingCredits(Credit(("reuters",), False), "sign-off", found.group(), cut + found.start()) if found else None
    )


def bracket_at_end(tail: str, outlets: Collection[str]) -> ClosingCredits | None:
    """A credit in brackets behind the last sentence: not the short form of the words before it, nor a picture's."""
    found = BRACKET_AT_END.search(tail)
    if found is None:
        return None
    before = tail[: found.start()].rstrip()
    if not ends_a_sentence(before) or reads_as_gloss(before, found["credit"]) or is_picture_credit(found["credit"]):
        return None
    credit = read_credit(found["credit"], outlets) or read_copyright(found["credit"], outlets)
    return ClosingCredits(credit, "closing-credit", tail[found.start() :].rstrip(), found.start()) if credit else None


def bare_name(tail: str, outlets: Collection[str]) -> ClosingCredits | None:
    """An agency's name alone behind the last full stop: `... to the US. PTI`."""
    found = BARE_CLOSING.search(tail)
    if found is None or is_picture_credit(found["credit"]):
        return None
    credit = read_copyright(found["credit"].lstrip(), outlets)
    if credit is None:
        credit = read_credit(found["credit"].strip(EDGES), outlets)
        if credit is None or credit.has_people or credit.has_post or credit.is_prefixed:
            return None
    text = found["credit"].lstrip()
    return ClosingCredits(credit, "closing-credit", text, len(tail) - len(text))


def korean_end(tail: str, outlets: Collection[str]) -> ClosingCredits | None:
    """`(서울=연합뉴스) 홍길동 기자 hong@yna.co.kr` at the end."""
    found = KOREAN_END.search(tail)
    credit = read_credit(found["credit"], outlets) if found else None
    return ClosingCredits(credit, "closing-credit", found.group(), found.start()) if found and credit else None


def ends_a_sentence(before: str) -> bool:
    return before.rstrip(QUOTES)[-1:] in STOPS or before[-1:] in QUOTES if before else False


def reporter_address(tail: str) -> ClosingCredits | None:
    """`kyunghee@yna.co.kr` as the last word: the address of an agency's reporter."""
    for found in EMAIL.finditer(tail):
        address = found.group().strip("()<>")
        agency = agency_of_host(address.partition("@")[2]) if "@" in address else None
        if agency and len(tail) - found.end() <= 10:
            return ClosingCredits(Credit((agency,), False), "reporter-address", address, tail.index(address))
    return None


def reads_as_gloss(before: str, credit: str) -> bool:
    """Whether a bracket only spells out the words before it: `Agence France-Presse (AFP)`."""
    agency = agency_named(credit)
    if agency is None or before.rstrip()[-1:] in STOPS:
        return False
    return any(agency_named(" ".join(before.split()[-count:])) == agency for count in (1, 2, 3, 4))


def closing_of_line(line: str, outlets: Collection[str]) -> ClosingCredits | None:
    """The credit of a whole line at the end: `(Yonhap)`, `Source: Xinhua`, `The Associated Press contributed to this report.`"""
    if not may_name_agency(line):
        if SYNDICATED.search(line[:400]):
            return ClosingCredits(Credit(("unspecified",), True), "contribution", line)
        return notice(line, outlets) or reporter_address(line)
    for read in (notice, contribution, dated_line, copyright_line, lone_credit, dated_bracket):
        if found := read(line, outlets):
            return found
    cut = max(0, len(line) - TAIL_CHARS)
    address = reporter_address(line[cut:])
    return replace(address, start=cut + address.start) if address else None


def notice(line: str, _: Collection[str]) -> ClosingCredits | None:
    """A sentence that an agency puts under its stories."""
    folded = fold_name(line[:200])
    agency = next((agency for start, agency in names().by_notice.items() if folded.startswith(start)), None)
    return ClosingCredits(Credit((agency,), False), "notice", line) if agency else None


def contribution(line: str, _: Collection[str] = ()) -> ClosingCredits | None:
    """A sentence that says who had a part in the story; the names of an outlet's own people may be beside the agency's."""
    sentence = fold(line)[:400]
    if SYNDICATED.search(sentence):
        return ClosingCredits(Credit(("unspecified",), True), "contribution", line)
    for pattern in (FIRST_PUBLISHED, CONTRIBUTED, CAME_FROM, OF_AGENCIES, COLUMNIST):
        found = pattern.search(sentence) if pattern is COLUMNIST else pattern.match(sentence)
        if found and (credit := contributors(who_of(found), pattern is CONTRIBUTED)):
            if pattern in (COLUMNIST, FIRST_PUBLISHED):
                credit = Credit(credit.agencies, False)
            return ClosingCredits(credit, "contribution", line)
    return None


def who_of(found: re.Match[str]) -> str:
    return found["who"] or found.groupdict().get("own") or ""


def contributors(who: str, may_be_own: bool) -> Credit | None:
    """The agencies among the contributors; shared, unless only an agency's own writers are named."""
    who = who.rsplit(". ", 1)[-1]
    if SAID.search(who):
        return None
    agencies, is_own = [], may_be_own
    for piece in re.split(r"(?:(?<!\s)\s+)?(?:[,;]|\s(?:and|und|sowie|as well as)\s)\s*", who):
        piece = piece.removeprefix("and ").rpartition(" of ")[2].strip(EDGES)
        agency = agency_named(piece) or agency_named(
            re.sub(r"^(?:the|news agenc(?:y|ies)|agentur(?:en)?)\s+", "", piece, flags=re.I)
        )
        if agency:
            is_own = False
        else:
            agency = agency_before_post(piece)
        if agency:
            agencies.append(agency)
        elif not agencies:
            is_own = False
    return Credit(tuple(dict.fromkeys(agencies)), not is_own) if agencies else None


def agency_before_post(piece: str) -> str | None:
    """`Associated Press writers Alan Fram`, `AP Sports Writer Howard Fendrich`."""
    words = piece.split()
    for cut in range(min(4, len(words) - 1), 0, -1):
        agency = agency_named(" ".join(words[:cut]))
        if agency and (WRITERS.match(" ".join(words[cut:])) or POST.fullmatch(" ".join(words[cut:]))):
            return agency
    return None


def dated_line(line: str, outlets: Collection[str]) -> ClosingCredits | None:
    """`MOSCOW, April 10 (RIA Novosti)` and `WASHINGTON (AFP)` as a line of their own: not `Marcos Baghdatis (AAP)`."""
    found = DATED_END.fullmatch(line)
    if found is None:
        return None
    place, day = split_place(found["place"])
    first = found["place"].split()[0].strip(",.")
    if place is None or not (day or (first.isupper() and len(first) > 2)):
        return None
    credit = read_credit(found["credit"], outlets)
    return ClosingCredits(credit, "dateline", line) if credit else None


def dated_bracket(line: str, _: Collection[str]) -> ClosingCredits | None:
    """`Redaktion Quay aktuell, 2. Januar 2020 (dpa).`: a short line that ends in a date and an agency alone."""
    found = BRACKET_AT_END.search(line) if len(line) <= DATED_CHARS else None
    if found is None or not DATED_BEFORE.search(line[: found.start()]):
        return None
    agency = agency_named(found["credit"])
    return ClosingCredits(Credit((agency,), True), "closing-credit", line) if agency else None


def copyright_line(line: str, outlets: Collection[str]) -> ClosingCredits | None:
    """A notice: it names whose text it is, or ends in who contributed to it."""
    if not COPYRIGHT_MARK.match(line):
        return None
    credit = read_copyright(line, outlets)
    return ClosingCredits(credit, "copyright", line) if credit else None


def lone_credit(line: str, outlets: Collection[str]) -> ClosingCredits | None:
    """A line that is a credit and nothing else."""
    found = LONE.match(fold(line))
    if found is None or is_picture_credit(line):
        return None
    credit = read_credit(found["credit"], outlets)
    if credit is None or (credit.has_unknown and not credit.shared):  # `Amapá, AP`
        return None
    if line.rstrip().endswith((".", "!", "?")) and not credit.is_prefixed and not credit.is_bare:
        return None
    return ClosingCredits(credit, "closing-credit", line)
