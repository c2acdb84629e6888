"""Text and queries as the search index sees them.

SQLite's tokenizer cuts at spaces; Chinese, Japanese and Korean put none where a reader would look for a word. So runs
of these scripts are indexed as overlapping pairs of characters, and a query for such a word is a phrase of pairs: it
finds the word wherever it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\u1100-\u11ff\U00020000-\U0003ffff"
CJK_RUN = re.compile(f"[{CJK}]+")
TERM = re.compile(r'"([^"]*)"|(\S+)')
PIECE = re.compile(f"[{CJK}]+|[^\\W{CJK}]+")
MAX_QUERY = 200  # characters
MAX_TERMS = 12
MIN_OPEN = 3  # letters before a `*`: fewer match so many words that their lists take seconds to join
MIN_LISTED = 5  # letters before a `*` from which on its words are listed; fewer have lists of their own (tables.py)
MAX_INDEXED = 200_000  # characters of one text


def indexed(text: str) -> str:
    """The text with runs of Chinese, Japanese and Korean as pairs: `한국은행` -> ` 한국 국은 은행 `."""
    text = text[:MAX_INDEXED]
    return text if text.isascii() else CJK_RUN.sub(pairs, text)


def pairs(run: re.Match[str]) -> str:
    letters = run[0]
    if len(letters) == 1:
        return f" {letters} "
    return " " + " ".join(letters[place : place + 2] for place in range(len(letters) - 1)) + " "


def full_text_query(asked: str, endings: Callable[[str], list[str]] = lambda _: []) -> str:
    """What a reader typed as a query of the index: all terms must be in the story; "" where there is no word in it.

    Words in double quotes are a phrase, a `*` at a word's end means any ending. Everything else is text: no
    operator of the index can be reached. `endings` gives the words that begin so; none where they are too many to list.
    """
    terms = [term_query(quoted or bare, endings) for quoted, bare in TERM.findall(asked[:MAX_QUERY])]
    return " AND ".join([term for term in terms if term][:MAX_TERMS])


def term_query(term: str, endings: Callable[[str], list[str]]) -> str:
    """One term as a phrase of its pieces: `N.-Korea's` -> `"N Korea s"`."""
    words = " ".join(indexed(piece) for piece in PIECE.findall(term)).split()
    if not words:
        return ""
    is_open = term.endswith("*") and len(words[-1]) >= MIN_OPEN
    if is_open and len(words) == 1 and len(words[0]) >= MIN_LISTED and words[0].isascii():
        listed = endings(words[0].lower())
        if listed:
            return "(" + " OR ".join(f'"{word}"' for word in listed) + ")"
    is_one_letter = len(words[-1]) == 1 and CJK_RUN.fullmatch(words[-1]) is not None  # it begins a pair
    return '"' + " ".join(words) + '"' + ("*" if is_open or is_one_letter else "")


def marks_of(asked: str) -> re.Pattern[str] | None:
    """A pattern of the words asked for, to mark them in what is shown."""
    pieces = sorted(set(PIECE.findall(asked[:MAX_QUERY])), key=len, reverse=True)[:MAX_TERMS]
    if not pieces:
        return None
    return re.compile(
        "|".join(rf"\b{re.escape(piece)}" if not CJK_RUN.match(piece) else re.escape(piece) for piece in pieces), re.I
    )
