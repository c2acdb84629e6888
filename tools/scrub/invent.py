"""Invented words of the same shape: as many letters, of the same script, capitals and vowels where they were.

Letters are drawn as often as the page has them, so that the page's encoding can write them and a look at its letters
still tells its language. A word becomes the same invented one wherever it is. What it becomes depends on a key made
of the whole page: without the page nobody can look it up in a dictionary.
"""

from __future__ import annotations

import random
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from hashlib import blake2b
from itertools import accumulate

TRIES, OWN_LETTERS_TRIES = 40, 12
NEIGHBOURS = 40  # code points to each side, among which a letter is looked for where the page has too few
VOWELS = frozenset("aeiouyæøœıаеёиоуыэюяіїєўαεηιουω")

Kind = tuple[str, str, bool, bool]


@lru_cache(maxsize=8192)
def kind_of(letter: str) -> Kind:
    """What a letter may be exchanged for: script, category, whether it is ASCII, whether a vowel."""
    script = unicodedata.name(letter, "unknown").split(" ", 1)[0]
    base = unicodedata.normalize("NFD", letter)[0]
    return script, unicodedata.category(letter), letter.isascii(), base in VOWELS


def lowered(word: str) -> str:
    """A word in lower case with as many letters as it has."""
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in word)


def cased(word: str, like: str) -> str:
    """A word with its capitals where the other one has them."""
    return "".join(
        up if old.isupper() and len(up := new.upper()) == 1 else new for new, old in zip(word, like, strict=True)
    )


class Inventor:
    """Words for words. `never` says what must not come out: a word that means something to the reader."""

    def __init__(self, key: bytes, words: Iterable[str], never: Callable[[str], bool], encoding: str) -> None:
        counts = Counter(map(lowered, words))
        self.key, self.never, self.encoding = key, never, encoding
        self.taken = set(counts)  # nothing becomes another word of the page
        self.known: dict[str, str] = {}
        self.pools: dict[Kind, Counter[str]] = {}
        self.drawn_from: dict[tuple[str, bool], tuple[list[str], list[int]]] = {}
        for word, count in counts.items():
            for letter in word:
                self.pools.setdefault(kind_of(letter), Counter())[letter] += count

    def word(self, word: str) -> str:
        """The invented word that means a word."""
        low = lowered(word)
        if low not in self.known:
            self.known[low] = self.invented(low)
        return cased(self.known[low], word)

    def invented(self, word: str) -> str:
        made = word
        for attempt in range(TRIES):
            seed = blake2b(f"{attempt} {word}".encode("utf-8", "replace"), key=self.key, digest_size=16).digest()
            dice = random.Random(seed)
            made = "".join(self.letter(letter, dice, attempt >= OWN_LETTERS_TRIES) for letter in word)
            if made != word and made not in self.taken and not self.never(made):
                break
        self.taken.add(made)
        return made

    def letter(self, letter: str, dice: random.Random, is_short: bool) -> str:
        """Another letter of its kind; `is_short`: the page's own letters did not do."""
        if (letter, is_short) not in self.drawn_from:
            pool = self.pools.get(kind_of(letter)) or Counter(letter)
            if is_short:
                pool = pool + Counter(self.neighbours(letter))
            self.drawn_from[letter, is_short] = (list(pool), list(accumulate(pool.values())))
        letters, weights = self.drawn_from[letter, is_short]
        return dice.choices(letters, cum_weights=weights)[0]

    def neighbours(self, letter: str) -> list[str]:
        """Letters of its kind that are near it in Unicode and that the page's encoding can write."""
        code = ord(letter)
        near = map(chr, range(max(32, code - NEIGHBOURS), min(0xFFFF, code + NEIGHBOURS)))
        return [other for other in near if kind_of(other) == kind_of(letter) and self.is_writable(other)]

    def is_writable(self, letter: str) -> bool:
        try:
            letter.encode(self.encoding)
        except UnicodeError:
            return False
        return True

    def number(self, digits: str) -> str:
        """Other digits for digits; a zero stays, so that round numbers do."""
        dice = random.Random(blake2b(f"# {digits}".encode(), key=self.key, digest_size=16).digest())
        return "".join(chr(ord(digit) - value + dice.randrange(1, 10)) if (value := unicodedata.decimal(digit)) else digit for digit in digits)  # fmt: skip
