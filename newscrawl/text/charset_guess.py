"""The encoding of bytes that declare none, or a wrong one: only where a single encoding makes language of them.

Each candidate must decode the bytes and give the letters that are frequent in its language; a page in another
encoding never does (EUC-KR read as GB18030 is rare Chinese). Where two fit, or none, nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MIN_CHARS = 12  # fewer letters prove nothing
SAMPLE_BYTES = 400_000
BAD_RATE = 0.01  # of the characters may be damaged
LONG_RUN = re.compile(rb"[\x80-\xff]{4,}|(?:[\x81-\xfc][\x40-\xfc]){4,}")
LOOKED_AT_BYTES = 32_768  # from the first byte beyond ASCII on, for a glance
JUDGED_BYTES = 8_192  # from the first byte beyond ASCII on
# Neither `<` nor `>` is the second byte of a letter in any of these encodings.
TAGS = re.compile(rb"<[^<>]{0,4000}>")
FIRST_HIGH = re.compile(rb"[\x80-\xff]")
HIGH_BYTES = bytes(range(0x80))  # to delete


@dataclass(frozen=True, slots=True)
class Language:
    """An encoding with the block of its letters, those that are frequent, and how large a share both must have."""

    encoding: str
    block: str  # a character class
    block_rate: float
    frequent: str
    frequent_rate: float


KANA = "\u3041-\u3096\u30a1-\u30fc"
HAN = "\u4e00-\u9fff"
# Frequencies of running news text are well above these rates, those of misread bytes well below.
LANGUAGES = (
    Language("cp949", "\uac00-\ud7a3", 0.75, "이다의는에을를한가고로사기지도시대서자인은어정", 0.2),
    Language("cp932", KANA + HAN + "\u3000-\u3002\u300c\u300d", 0.8, "のにはをたがでてとしれさるいなすかこ", 0.15),
    Language("euc_jp", KANA + HAN + "\u3000-\u3002\u300c\u300d", 0.8, "のにはをたがでてとしれさるいなすかこ", 0.15),
    Language("gb18030", HAN, 0.65, "的一是不了在人有我他这中大来上国和地到以说时要就出会", 0.1),
    Language("big5hkscs", HAN, 0.65, "的一是不了在人有我他這中大來上國和地到以說時要就出會", 0.1),
    Language("cp1251", "а-яА-ЯёЁіїєґІЇЄҐ", 0.8, "оеаинтсрвлі", 0.5),
    Language("koi8-r", "а-яА-ЯёЁ", 0.8, "оеаинтсрвл", 0.5),
    Language("iso8859-5", "а-яА-ЯёЁ", 0.8, "оеаинтсрвл", 0.5),
    Language("cp1253", "α-ωΑ-Ωά-ώ", 0.8, "αοιετσνηυρ", 0.5),
    Language("cp1256", "\u0621-\u064a\u067e\u0686\u0698\u06af", 0.8, "الينمرتوبةد", 0.5),
    Language("cp1255", "\u05d0-\u05ea", 0.8, "יוהלאתרמבש", 0.5),
    Language("cp874", "\u0e01-\u0e5b", 0.85, "านรกอเงมยลวดทสตปคห่้", 0.6),
)


def looks_foreign(html: bytes) -> bool:
    """Whether bytes beyond ASCII come in long runs, as they hardly do in a Western text."""
    first = FIRST_HIGH.search(html)
    sample = html[first.start() :][:LOOKED_AT_BYTES] if first else b""
    high = len(sample.translate(None, HIGH_BYTES))
    in_runs = sum(len(run.translate(None, HIGH_BYTES)) for run in LONG_RUN.findall(sample))
    return in_runs > 0.5 * high > 0


def guess_encoding(html: bytes) -> str | None:
    """The one encoding that makes language of these bytes; None where it is not certain."""
    sample = TAGS.sub(b" ", html[:SAMPLE_BYTES])
    if not looks_foreign(sample):
        return None
    first = FIRST_HIGH.search(sample)
    sample = sample[first.start() if first else 0 :][:JUDGED_BYTES]
    fitting = [language.encoding for language in LANGUAGES if fits(language, sample)]
    return fitting[0] if len(fitting) == 1 else None


def fits(language: Language, sample: bytes) -> bool:
    """Whether the bytes are text of the language in its encoding."""
    text = sample.decode(language.encoding, "replace")
    foreign = [char for char in text if char > "\x7f"]
    letters = re.findall(f"[{language.block}]", text)
    if len(letters) < MIN_CHARS or foreign.count("\ufffd") > 1 + BAD_RATE * len(foreign):
        return False
    frequent = sum(map(set(language.frequent).__contains__, letters))
    return len(letters) >= language.block_rate * len(foreign) and frequent >= language.frequent_rate * len(letters)
