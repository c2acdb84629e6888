"""What the class and id of an element say of the text inside: marks, and words that the block model counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise


class ClassMark:
    """What the elements around a block say about it: bits (an IntFlag costs a page several milliseconds)."""

    CAPTION = 1
    RELATED = 2
    BYLINE = 4
    SOURCE = 8
    FOOTER = 16
    COMMENT = 32
    ASIDE = 64


NO_MARKS = 0
ALL_MARKS = 0xFF
POSITIVE_NAME, NEGATIVE_NAME, PICTURE_NAME, CREDIT_NAME, PAIR_NAME = (0x100 << n for n in range(5))
HAS_NAME = 0x2000  # there is a class or an id at all
NAME_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
WORD_MARKS = re.compile(
    r"(?P<source>^(?:sources?|agency)$)|"
    r"(?P<caption>caption|gallery|slideshow)|"
    r"(?P<comment>^comments?$|commentlist|disqus)|"
    r"(?P<byline>byline|author|^writer|reporter|^autor|redakteur)|"
    r"(?P<related>related|recommend|teaser|promo|^most$|popular|ranking|newsletter|subscri|share|sharing|social|sidebar|"
    r"breadcrumb|^tags?$|taglist|cookie|consent|advert|^ads?$|banner|sponsor|outbrain|taboola|trending|readmore|login|"
    r"pagination|toolbar|skiplink|menu|navbar|topnav)|"
    r"(?P<footer>^footer$|sitefooter|copyright)"
)
GROUP_MARKS = {
    "source": ClassMark.SOURCE,
    "caption": ClassMark.CAPTION,
    "comment": ClassMark.COMMENT,
    "byline": ClassMark.BYLINE,
    "related": ClassMark.RELATED,
    "footer": ClassMark.FOOTER,
}
RELATED_PAIRS = frozenset(("read more", "more news", "more stories", "more on", "also read", "tag list", "skip link"))
PAIRED = frozenset(pair.split()[0] for pair in RELATED_PAIRS)
PICTURES = frozenset(("image", "photo", "foto", "img", "pic", "picture", "media"))
CREDITS = frozenset(("credit", "credits", "author", "source", "copyright", "desc", "description", "info", "legend"))
# What each word and each group of classes says: pages share them. Emptied when they are full.
WORDS: dict[str, int] = {}
NAMES: dict[str, int] = {}
MAX_NAMES = 16_384
MAX_CHARS = 400  # of the names that are looked at
# What the block model counts on the way to the root.
POSITIVE = re.compile(r"article|content|story|^body|entry|^post$|text|detail|^main|newsview|read")
NEGATIVE = re.compile(
    r"^bio|meta|date|time|tool|promo|embed|tweet|instagram|^list|widget|modal|popup|subscribe|signup|caption|credit|info|"
    r"disclaimer|^note|correction|summary|^lead|standfirst|intro|kicker|subtitle|abstract|teaser|quote|^pull|fact|^box|^key|"
    r"highlights|^faq|^toc|video|player|sponsor|^ads?$|button|btn"
)
# A glance at a word, for most say nothing: whatever a part of it can say is in it.
TELLING = re.compile(
    re.sub(
        r"[\^$]", "", "|".join((WORD_MARKS.pattern, POSITIVE.pattern, NEGATIVE.pattern, *PICTURES, *CREDITS, *PAIRED))
    )
)


def names_say(names: str) -> int:
    """What the classes or the id of an element say: its mark (the first word with one decides), and the bits above."""
    said = NAMES.get(names)
    if said is not None:
        return said
    words = names[:MAX_CHARS].replace("-", " ").replace("_", " ").split()
    said = 0
    for word in words:
        says = WORDS.get(word)
        if says is None:
            says = word_says(word)
        if says:
            said = both_say(said, says)
    said = paired(said, words) if said & PAIR_NAME else said
    if len(NAMES) >= MAX_NAMES:
        NAMES.clear()
    if len(names) <= MAX_CHARS:
        NAMES[names] = said
    return said


def both_say(first: int, second: int) -> int:
    """What two names say of one element, the first with a mark deciding."""
    said = first | (second & ~ALL_MARKS if first & ALL_MARKS else second)
    if said & PICTURE_NAME and said & CREDIT_NAME:
        return said & ~ALL_MARKS | ClassMark.CAPTION  # image-source, photo_credit: who made the picture
    return said


def paired(said: int, words: Sequence[str]) -> int:
    """With what two words say together that say nothing alone: `read-more`."""
    if said & ALL_MARKS:
        return said
    pairs = map(" ".join, pairwise(word.lower() for word in words))
    return said if RELATED_PAIRS.isdisjoint(pairs) else said | ClassMark.RELATED


def word_says(word: str) -> int:
    """What one word says, or the words that its capitals distinguish (`relatedArticles`); remembered.

    Each word is judged once: the words of the web's classes are few.
    """
    said = 0
    parts = NAME_WORD.findall(word) if TELLING.search(word.lower()) else ()
    for part in parts:
        said = both_say(said, part_says(part.lower()))
    said = paired(said, parts) if said & PAIR_NAME else said
    if len(WORDS) >= MAX_NAMES:
        WORDS.clear()
    WORDS[word] = said
    return said


def part_says(word: str) -> int:
    found = WORD_MARKS.search(word)
    said = GROUP_MARKS[found.lastgroup] if found and found.lastgroup else NO_MARKS
    for bit, is_said in (
        (POSITIVE_NAME, POSITIVE.search(word)),
        (NEGATIVE_NAME, NEGATIVE.search(word)),
        (PICTURE_NAME, word in PICTURES),
        (CREDIT_NAME, word in CREDITS),
        (PAIR_NAME, word in PAIRED),
    ):
        said |= bit if is_said else 0
    return said
