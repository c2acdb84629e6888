"""Mojibake: UTF-8 that somebody read as windows-1252, Latin-1 or windows-1251 and wrote out as UTF-8 again.

`CafÃ©` is undone where it can be nothing else, and only then: a Portuguese `IRMÃ”`, a French `café”…` and a page that
talks of encodings look alike. What is doubtful stays as it is and is reported.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

MAX_ROUNDS = 3  # text that was garbled more than twice has not been met
FEW_PROPER = 0.1  # letters that were never garbled, to those that were, on a page that is garbled as a whole
CYRILLIC_SEQUENCES = 6  # fewer `Рё` may be words
MAX_LOOKED_AT = 200_000  # characters of a story; more of it says the same
MAX_REPAIRED = 2_000_000  # characters of markup: half a second at worst
PIECE_CHARS = 20_000  # looked at around a garbled run for what is in the same text or attribute


def read_as(encoding: str) -> dict[int, str]:
    """Characters that `encoding` makes of the bytes 80-FF -> the characters U+0080-U+00FF of the same numbers."""
    found = {code: chr(code) for code in range(0x80, 0xC0)}
    for code in range(0x80, 0x100):
        try:
            found[ord(bytes([code]).decode(encoding))] = chr(code)
        except UnicodeDecodeError:
            continue
    return found


def runs_of(table: dict[int, str]) -> re.Pattern[str]:
    """Whole UTF-8 sequences in the characters of a table."""

    def chars(first: int, last: int) -> str:
        return "".join(re.escape(chr(char)) for char, byte in table.items() if first <= ord(byte) <= last)

    rest = f"[{chars(0x80, 0xBF)}]"
    two, three, four = (f"[{chars(*span)}]" for span in ((0xC2, 0xDF), (0xE0, 0xEF), (0xF0, 0xF4)))
    return re.compile(f"(?:{two}{rest}|{three}{rest}{rest}|{four}{rest}{rest}{rest})++")


WESTERN, CYRILLIC = read_as("cp1252"), read_as("cp1251")
WESTERN_RUNS, CYRILLIC_RUNS = runs_of(WESTERN), runs_of(CYRILLIC)
# One of these is in every page that is garbled; whoever writes Portuguese, Danish or Russian has them too.
WESTERN_LEADS = ("Ã", "Â", "â€", "â\x80", "Ð", "Ñ", "Ø", "Ù", "ì", "ã", "ä¸", "à¸", "à¹", "×")
CYRILLIC_LEADS = ("Рѕ", "СЃ", "Р°", "РІ", "вЂ")
FIRST_OF_LEADS = re.compile("[" + "".join(sorted({lead[0] for lead in (*WESTERN_LEADS, *CYRILLIC_LEADS)})) + "]")
# What may follow a letter in any text: it proves nothing.
PUNCTUATION = frozenset("“”‘’«»–—…‹›\xa0 ")
C1 = re.compile("[\x80-\x9f]")  # half-undone text, if it was garbled twice; otherwise no text at all
PASSING = dict.fromkeys([*range(0x80, 0xA1), 0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF])
# One of these is enough: a capital within a word, an Â that is not a letter of any word, and what quotes turn into.
SURE = re.compile(
    "[a-z][ÃÂ][^\\x00-\\x7f]|Ã[^\\x00-\\x7fA-ZÀ-Þ“”‘’«»–—…\xa0][a-z]|(?<![^\\W\\d_])Â[¡-ª¬-º¼-¿]|â€[“”‘’™œž¦¢š\x9d\x9c¹º°¡]"
)
ABOUT_ENCODINGS = re.compile(
    r"mojibake|\butf-?8|\bunicode\b|\blatin-?1\b|iso-8859|windows-125|cp125|\bencodings?\b|charset|"
    r"character set|zeichenkodierung|zeichensatz|кодировк|文字化け|乱码|인코딩",
    re.I,
)
ENTITY = re.compile(r"&(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|[A-Za-z]{2,8});")
ESCAPED = re.compile(r"\\u(00[89a-fA-F][0-9a-fA-F]|20[0-9a-fA-F]{2}|2122|01[0-9a-fA-F]{2}|02[cdCD][0-9a-fA-F])")


@dataclass(frozen=True, slots=True)
class Garbled:
    """How much of a text is garbled: sequences, those that prove it, and letters that are not part of any."""

    sequences: int = 0
    proofs: int = 0
    proper: int = 0
    is_sure: bool = False
    is_cyrillic: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether the text is garbled from end to end."""
        enough = CYRILLIC_SEQUENCES if self.is_cyrillic else 2
        proofs = self.sequences if self.is_cyrillic else self.proofs
        return (proofs >= enough or self.is_sure) and self.proper <= FEW_PROPER * self.sequences

    @property
    def is_certain(self) -> bool:
        """Whether a text that is alone is garbled and nothing else."""
        return self.proper == 0 and self.is_whole


def look(text: str) -> Garbled:
    """What of a text is garbled; a glance where nothing is."""
    if text.isascii() or not FIRST_OF_LEADS.search(text):
        return Garbled()
    if any(lead in text for lead in WESTERN_LEADS):
        found = measured(text, WESTERN_RUNS, WESTERN)
        if found.sequences:
            return found
    if any(lead in text for lead in CYRILLIC_LEADS):
        return measured(text, CYRILLIC_RUNS, CYRILLIC, is_cyrillic=True)
    return Garbled()


def measured(text: str, runs: re.Pattern[str], table: dict[int, str], *, is_cyrillic: bool = False) -> Garbled:
    sequences = proofs = 0

    def undone(run: re.Match[str]) -> str:
        nonlocal sequences, proofs
        found = decoded(run[0], table)
        if found is None:
            return run[0]
        sequences += len(found)
        proofs += sum(not PUNCTUATION.issuperset(part[1:]) or part[:2] == "â€" for part in parts_of(run[0], found))
        return ""

    rest = runs.sub(undone, text)
    if not sequences:
        return Garbled()
    proper = sum(not char.isascii() and char.isalpha() for char in rest)
    return Garbled(sequences, proofs, proper, bool(SURE.search(text)), is_cyrillic)


def parts_of(run: str, found: str) -> list[str]:
    """The pieces of a run, one for each original character."""
    parts, at = [], 0
    for char in found:
        length = len(char.encode())
        parts.append(run[at : at + length])
        at += length
    return parts


def decoded(run: str, table: dict[int, str]) -> str | None:
    """What a run was, or None where it is nothing that people print."""
    try:
        found = run.translate(table).encode("latin-1").decode("utf-8")
    except ValueError:
        return None
    return found if found.translate(PASSING).isprintable() else None


def undo(text: str) -> str:
    """The text with every garbled run undone, again and again."""
    for _ in range(MAX_ROUNDS):
        western = any(lead in text for lead in WESTERN_LEADS)
        runs, table = (WESTERN_RUNS, WESTERN) if western else (CYRILLIC_RUNS, CYRILLIC)
        repaired = runs.sub(lambda run, table=table: decoded(run[0], table) or run[0], text)  # type: ignore[misc]
        if western:  # the byte 9D has no character in windows-1252, and got lost
            repaired = repaired.replace("â€\ufffd", "”").replace('â€"', "”").replace("â€ ", "” ")
        if repaired == text:
            break
        text = repaired
    return text


def verdict_on(text: str) -> str | None:
    """None for clean text; else `whole` (all of it is garbled), `parts` (perhaps some) or `doubtful` (leave it)."""
    text = text[:MAX_LOOKED_AT]
    found = look(text)
    if not found.proofs and not found.is_whole:
        return None
    if ABOUT_ENCODINGS.search(text) or (found.is_whole and C1.search(undo(text))):
        return "doubtful"
    return "whole" if found.is_whole else "parts"


def repairer(verdict: str) -> Callable[[str], str]:
    """What to do to the markup of a page after a verdict on its text."""
    return undo if verdict == "whole" else undo_pieces


def undo_pieces(markup: str) -> str:
    """Markup with those texts and attributes repaired that are certainly garbled."""
    kept: list[str] = []
    at = looked_to = 0
    for run in WESTERN_RUNS.finditer(markup):
        if run.start() < looked_to:
            continue
        start, looked_to = piece_around(markup, run.start(), run.end(), looked_to)
        piece = markup[start:looked_to]
        if look(piece).is_certain and not C1.search(repaired := undo(piece)):
            kept += [markup[at:start], repaired]
            at = looked_to
    return "".join([*kept, markup[at:]])


def piece_around(markup: str, start: int, end: int, least: int) -> tuple[int, int]:
    """(start, end) of the text or the quoted value around a run; not before `least`."""
    before = markup[max(least, start - PIECE_CHARS) : start]
    behind = markup[end : end + PIECE_CHARS]
    first = max(before.rfind(sign) for sign in '<>"') + 1
    lasts = [found for sign in '<>"' if (found := behind.find(sign)) >= 0]
    return start - len(before) + first, end + min(lasts, default=len(behind))


def unescaped_html(markup: str) -> str:
    """Markup with the entities beyond ASCII written out (`&Atilde;&copy;`), so that it can be repaired as text is."""
    return ENTITY.sub(written_out, markup) if "&" in markup else markup


def written_out(entity: re.Match[str]) -> str:
    found = html.unescape(entity[0])
    return found if len(found) == 1 and found > "\x7f" else entity[0]


def unescaped_json(script: str) -> str:
    r"""JSON with `\u00c3` and the like written out, so that it can be repaired as text is."""
    return ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), script) if "\\u00" in script else script
