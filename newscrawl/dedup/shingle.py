"""What a text is compared by: hashes of its word shingles, of its lead, of its numbers and names.

Words are folded (no case, no punctuation, NFKC), so that other quotation marks or dashes change nothing. In
languages written without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese) each character is a word, and a
shingle is longer. All of it is linear in the length of the text.
"""

from __future__ import annotations

import sys
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Hashes: TypeAlias = NDArray[np.uint32]
Values: TypeAlias = NDArray[np.uint64]

SHINGLE_WORDS = 5
SHINGLE_CHARACTERS = 8  # in languages without spaces: about as telling as five words
LEAD_SHINGLES = 64  # the lead: what a newspaper keeps when it cuts the tail
MAX_CHARACTERS = 200_000  # of a text; what is behind them cannot make it another story
MAX_TITLE_CHARACTERS = 1_000
MAX_SAMPLE, MAX_LEAD, MAX_SALIENT, MAX_TITLE = 192, 32, 64, 12  # hashes kept of each kind, the smallest
KEYS_OF_A_PART = 8

NAME, NUMBER = 1, 3  # the low bits of a word's value; 0 is any other word
FLAGS = np.uint64(3)
WITHOUT_FLAGS = ~FLAGS
ALL = 0xFFFFFFFF
EVEN = np.uint32(0xFFFFFFFE)
HIGH_BITS = 32
HIGH_HALF = int(sys.byteorder == "little")  # of the two halves of 64 bits
FACTOR = np.uint64(0x9E3779B97F4A7C15)
BASE = 0xD1342543DE82EF95  # of the rolling hash of a word's characters

# What a character is: bits of a table by code point.
LETTER, DIGIT, UPPER, JOINER, SPACELESS = 1, 2, 4, 8, 16
JOINERS = ".,'"  # part of a word between two letters or digits: 3.5, 1,200, council's
SPACELESS_RANGES = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3040, 0x309F),
                    (0x3400, 0x9FFF), (0xF900, 0xFAFF))  # fmt: skip
KATAKANA_RANGES = ((0x30A0, 0x30FF), (0x31F0, 0x31FF))  # names and loan words: a run of them is one word
LETTERS_ALONE = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3))  # ideographs, Hangul: no need to ask for each
ASTRAL_IDEOGRAPHS = (0x20000, 0x3FFFF)
ASCII_FOLDED = bytes(ord(char.lower()) if (char := chr(code)).isalnum() else 0 for code in range(128)).ljust(256, b"\0")


def class_of(char: str) -> int:
    """The bits of a character by what Unicode says of it."""
    if not char.isalnum() and unicodedata.category(char)[0] != "M":  # vowel signs and accents are part of a word
        return JOINER if char in JOINERS else 0
    return LETTER | (DIGIT if char.isdigit() else 0) | (UPPER if char != char.lower() else 0)


@cache
def character_classes() -> NDArray[np.uint8]:
    """The bits of each character of the first plane."""
    classes = np.zeros(0x10000, np.uint8)
    for first, last in LETTERS_ALONE:
        classes[first : last + 1] = LETTER
    others = np.flatnonzero(classes == 0)
    classes[others] = np.fromiter(map(class_of, map(chr, others.tolist())), np.uint8, len(others))
    for ranges, bit in ((SPACELESS_RANGES, SPACELESS), (KATAKANA_RANGES, UPPER)):
        for first, last in ranges:
            of_range = classes[first : last + 1]
            of_range[(of_range & (LETTER | DIGIT)) == LETTER] |= bit
    return classes


@cache
def ascii_classes() -> bytes:
    return bytes(map(class_of, map(chr, range(128)))).ljust(256, b"\0")


@cache
def flags_of_classes() -> Values:
    """What a word is by the class of its first character: NAME, NUMBER or 0."""
    return np.array([NUMBER if bits & DIGIT else NAME if bits & UPPER else 0 for bits in range(256)], np.uint64)


# What else is not ASCII in most English texts.
TYPOGRAPHY = (("\u2018", "'"), ("\u2019", "'"), ("\u201c", '"'), ("\u201d", '"'), ("\u2013", "-"), ("\u2014", "-"),
              ("\u2026", "."), ("\xa0", " "))  # fmt: skip


@cache
def powers(length: int) -> tuple[Values, Values]:
    """(powers of BASE, their inverses) modulo 2**64."""
    base, inverse = np.full(length, BASE, np.uint64), np.full(length, pow(BASE, -1, 1 << 64), np.uint64)
    base[0] = inverse[0] = 1
    return np.multiply.accumulate(base), np.multiply.accumulate(inverse)


@dataclass(slots=True)
class Words:
    """The words of a text in order: `values` are hashes with the low bits NAME, NUMBER or 0."""

    values: Values
    starts: NDArray[np.intp]
    is_spaceless: bool


def words_of(text: str) -> Words:
    """Every run of letters and digits, folded; every character in scripts without spaces."""
    if not text.isascii():
        for printed, plain in TYPOGRAPHY:
            text = text.replace(printed, plain)
    folded, classes = ascii_characters(text) if text.isascii() else characters(text)
    starts, ends, is_spaceless = edges(classes, may_be_spaceless=not text.isascii())
    length = len(folded)
    power, inverse = powers(1 << max(13, length.bit_length()))
    # A rolling hash over the text; between two places, scaled back, it is the word's wherever the word is.
    sums = np.empty(length + 1, np.uint64)
    sums[0] = 0
    np.add.accumulate(folded * power[:length], out=sums[1:])
    values = sums.take(ends)
    values -= sums.take(starts)
    values *= inverse.take(starts)
    values *= FACTOR
    values &= WITHOUT_FLAGS
    values |= flags_of_classes().take(classes.take(starts))
    return Words(values, starts, is_spaceless)


def ascii_characters(text: str) -> tuple[NDArray[np.unsignedinteger[Any]], NDArray[np.uint8]]:
    """(letters and digits in lower case, all else 0; the classes): what `characters` gives, in a tenth of its time."""
    raw = text.encode()
    return np.frombuffer(raw.translate(ASCII_FOLDED), np.uint8), np.frombuffer(raw.translate(ascii_classes()), np.uint8)


def characters(text: str) -> tuple[NDArray[np.unsignedinteger[Any]], NDArray[np.uint8]]:
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    folded = text.lower()
    if len(folded) != len(text):  # a letter that becomes two, such as a dotted capital I
        folded = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    classes = character_classes().take(code_points(text), mode="clip")  # 0xFFFF, the last, is not a character
    codes = code_points(folded)
    if len(codes) and codes.max() > 0xFFFF:
        first, last = ASTRAL_IDEOGRAPHS
        classes[(codes >= first) & (codes <= last)] = LETTER | SPACELESS
    return codes * (classes & LETTER), classes


def code_points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def edges(classes: NDArray[np.uint8], *, may_be_spaceless: bool) -> tuple[NDArray[np.intp], NDArray[np.intp], bool]:
    """(where words start, where they end, whether most of them are characters without spaces between them)."""
    padded = np.zeros(len(classes) + 2, np.uint8)
    np.bitwise_and(classes, LETTER, out=padded[1:-1])
    joiners = (classes == JOINER).nonzero()[0]
    padded[joiners + 1] = padded[joiners] & padded[joiners + 2]
    changes = (padded[1:] != padded[:-1]).nonzero()[0]
    starts, ends = changes[::2], changes[1::2]
    spaceless = (classes >= SPACELESS).nonzero()[0] if may_be_spaceless else ()
    if not len(spaceless):
        return starts, ends, False
    spaceless = np.asarray(spaceless)
    # Each of these characters is a word, and what is beside it begins or ends there.
    cuts = np.concatenate((spaceless, spaceless + 1))
    inside = cuts[(padded[cuts] & padded[cuts + 1]).view(np.bool_)]
    starts, ends = (np.unique(np.concatenate((side, inside))) for side in (starts, ends))
    return starts, ends, 2 * len(spaceless) > len(starts)


@dataclass(slots=True)
class Sketch:
    """What is stored of a text: sorted samples, the smallest hashes of each kind."""

    words: int  # characters count half in languages without spaces
    sample_and_lead: Hashes  # the two side by side, to be looked up in one go
    sample: Hashes  # of all shingles
    lead: Hashes  # of the lead's shingles
    salient: Hashes  # of numbers (odd) and of words that are capitalised and never are in lower case (even)
    title: list[int]  # of the headline's words, likewise

    @classmethod
    def unpacked(cls, packed: bytes) -> Sketch:
        """The sketch that `Shingles.packed` made."""
        numbers = np.frombuffer(packed, np.uint32)
        words, *sizes = numbers[:4].tolist()
        one, two, three = 4 + sizes[0], 4 + sizes[0] + sizes[1], 4 + sum(sizes)
        return cls(
            words, numbers[4:two], numbers[4:one], numbers[one:two], numbers[two:three], numbers[three:].tolist()
        )


@dataclass(slots=True)
class Shingles:
    """A text in hand: all its shingles, sorted, with the position of its first occurrence."""

    words: int
    all: Hashes
    places: NDArray[np.intp]
    lead: Hashes
    salient: Hashes
    title: set[int]
    keys: list[int]  # what other texts are found by: the smallest shingles of the lead and of the whole
    fingerprint: int  # of headline and text: 64 bits, never 0; the same whatever the punctuation and case

    def packed(self) -> bytes:
        """What is stored of the text, as bytes: `Sketch.unpacked` reads them."""
        parts = (
            self.all[:MAX_SAMPLE], self.lead[:MAX_LEAD], self.salient[:MAX_SALIENT],
            np.array(sorted(self.title)[:MAX_TITLE], np.uint32),
        )  # fmt: skip
        sizes = np.array([self.words, *map(len, parts[:3])], np.uint32)
        return np.concatenate((sizes, *parts)).tobytes()


def shingles_of(headline: str | None, text: str | None) -> Shingles:
    """The shingles of a story. Linear in its length; a text without words has none."""
    title = (headline or "")[:MAX_TITLE_CHARACTERS]
    words = words_of(f"{title}\n{(text or '')[:MAX_CHARACTERS]}")
    of_title = int(words.starts.searchsorted(len(title)))
    values = words.values[of_title:]
    title_values = words.values[:of_title].tolist()
    hashes, of_text = hashes_of(values, SHINGLE_CHARACTERS if words.is_spaceless else SHINGLE_WORDS)
    places = hashes.argsort()
    ordered = hashes[places]
    is_first = ordered[1:] != ordered[:-1]
    if not is_first.all():
        is_first = np.concatenate(([True], is_first))
        ordered, places = ordered[is_first], places[is_first]
    lead = np.sort(hashes[:LEAD_SHINGLES])
    return Shingles(
        words=len(values) // 2 if words.is_spaceless else len(values),
        all=ordered,
        places=places,
        lead=lead,
        salient=salient_of(values),
        title={value >> HIGH_BITS & ~1 | (value & 3 == NUMBER) for value in title_values},
        keys=list({*lead[:KEYS_OF_A_PART].tolist(), *ordered[:KEYS_OF_A_PART].tolist()}),
        fingerprint=fingerprint_of(title_values, of_text),
    )


def hashes_of(values: Values, size: int) -> tuple[Hashes, int]:
    """(32 bits for each run of `size` words, in order, one for a text that is shorter; 64 bits of all words)."""
    length = len(values)
    size = min(size, length)
    if not size:
        return np.zeros(0, np.uint32), 0
    power, inverse = powers(1 << max(13, length.bit_length()))
    sums = np.empty(length + 1, np.uint64)
    sums[0] = 0
    words = values & WITHOUT_FLAGS
    words *= power[:length]
    np.add.accumulate(words, out=sums[1:])
    mixed = sums[size:] - sums[:-size]
    mixed *= inverse[: length + 1 - size]
    return mixed.view(np.uint32)[HIGH_HALF::2].copy(), int(sums[-1])


def fingerprint_of(title: list[int], of_text: int) -> int:
    """64 bits, signed, of the words of headline and text in their order; never 0."""
    folded = of_text
    for value in title:
        folded = (folded * BASE + (value & ~3) + 1) & 0xFFFFFFFFFFFFFFFF
    return (folded - (folded >> 63 << 64)) or 1


def salient_of(values: Values) -> Hashes:
    """Numbers, odd, and words that are capitalised and never are in lower case, even; sorted, each once."""
    ordered = np.sort(values)
    is_salient = (ordered & FLAGS) != 0
    # The same word is right before it, and the same in lower case too: they differ by NAME.
    is_salient[1:] &= ordered[1:] - ordered[:-1] > NAME
    return marked(ordered[is_salient])


def marked(values: Values) -> Hashes:
    """32 bits of each word's value: odd for a number, even for any other."""
    high = values.view(np.uint32)[HIGH_HALF::2] & EVEN
    high |= (values & FLAGS) == NUMBER
    return high


def salient_words(text: str) -> dict[int, str]:
    """Hash, as in `Shingles.salient`, -> the word as printed: for explanations."""
    text = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS])  # so that places in the words' arrays are the text's
    words = words_of(text)
    salient = set(salient_of(words.values).tolist())
    found: dict[int, str] = {}
    for mark, start in zip(marked(words.values).tolist(), words.starts.tolist(), strict=True):
        if mark in salient and mark not in found:
            found[mark] = text[start : start + 40].split(maxsplit=1)[0].strip(".,;:!?\"'()“”‘’")
    return found
