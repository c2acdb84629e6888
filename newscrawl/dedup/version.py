"""When two texts are the same text, and what a change between two is called."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from typing import Literal

# Shorter texts (a caption, a notice of one line) are alike by chance; then the headline must agree too.
MIN_WORDS_OF_A_TEXT = 20
CHURN_LENGTH = 80
# Lines that change by themselves: when it was updated, how often read. Of short lines alone.
CHURN = re.compile(
    r"(?:last )?(?:updated?|modified|published|posted)\b(?: (?:on|at))?\W{0,3}"
    r"(?:\d|today|yesterday|just now|(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d)"
    r"|(?:입력|수정|업데이트|조회|更新|发布|發布|公開|閲覧)[^.。]*\d|"
    r"\d[\d,.]* ?(?:views?|comments?|shares?|min(?:ute)?s? (?:read|ago)|hours? ago)\b",
    re.I,
)
HEAD, TAIL = 300, 400  # characters of a text in which a change is stated
SHORT_NOTICE = 1_000  # characters: a text that says the story is withdrawn holds little else

WITHDRAWN_HEADLINE = re.compile(
    r"^\W{0,3}(?:WITHDRAWN|WITHDRAWAL|(?:MANDATORY )?KILL(?:ED)?|RETRACT(?:ED|ION)|(?:Withdrawn|Retracted|Retraction))\s?[-:\u2013\u2014)\]]"
    r"|기사\s?(?:전문\s?)?(?:삭제|취소)|전문\s?취소|記事(?:の)?(?:削除|取り消し)|撤稿"
)
WITHDRAWN_TEXT = re.compile(
    r"\b(?:story|article|report|item|version) (?:has been|was|is) (?:withdrawn|retracted|killed|deleted|removed)\b"
    r"|\bplease (?:kill|withdraw|disregard) (?:this|the)\b|\bMANDATORY KILL\b"
    r"|기사\s?(?:전문\s?)?(?:가|는|를|이)?\s?(?:삭제|취소)(?:되|됐|합|함)|記事は(?:削除|取り消)|(?:本文|此文|该文)已(?:被)?(?:删除|撤)",
    re.I,
)
CORRECTED_HEADLINE = re.compile(
    r"^\W{0,3}(?:CORRECTED|CORRECTION|CORRECTS?|CORRIG[EÉ]|CORRECCI[OÓ]N|RECTIFICATI(?:F|ON)|BERICHTIG(?:T|UNG)|KORREKTUR)\b\s?[-:\u2013\u2014)\]]"
    r"|[(\[](?:corrected|correction|corrects\b[^)\]]{0,60}|berichtigt|corrig[eé])[)\]]|[(\[<]?(?:정정|고침|바로잡습니다)[)\]>]|^[(\[<]?(?:정정|고침)\b|訂正|更正",
    re.I,
)
CORRECTED_TEXT = re.compile(
    r"^\W{0,3}(?:corrects|corrected|correction)\b|[(\[](?:corrects|corrected|correction)\b|\b(?:this|the) (?:story|article|version|report) (?:corrects|has been corrected|was corrected)\b"
    r"|\bcorrects (?:in |spelling |figure|name|date|headline|paragraph|day|title|to )|(?:^|\n)\W{0,3}correction:|[(\[<](?:정정|고침)|정정합니다|바로잡습니다|訂正|更正",
    re.I,
)
UPDATED = re.compile(
    r"[(\[](?:\d(?:st|nd|rd|th) )?(?:LEAD|LD|ROUNDUP|WRAPUP|UPDATE[D]?)(?: \d)?[)\]]|^\W{0,3}(?:UPDATE ?\d{0,2}|WRAPUP ?\d{0,2}|UPDATED|RECASTS?|REFILE)\s?[-:\u2013\u2014]"
    r"|[(\[](?:종합|속보)?\s?\d{0,2}\s?보[)\]]|[(\[](?:종합|업데이트|수정)[)\]]"
)
UPDATED_TEXT = re.compile(r"[(\[](?:Adds|Updates|Recasts|Releads|Updated|Rewrites)\b")

# What the patterns above cannot match without, in lower case: one look saves four searches in most texts.
STEMS = (
    "correct", "corrig", "correcci", "rectif", "berichtig", "korrektur", "정정", "고침", "바로잡", "訂正", "更正",
    "lead", "ld)", "ld ", "ld]", "roundup", "wrapup", "update", "recast", "refile", "보)", "보]", "종합", "업데이트", "수정", "adds",
    "rewrites",
)  # fmt: skip

Stated = Literal["update", "correction", "withdrawal"]


@lru_cache(maxsize=4)  # a text is folded for two hashes, one right after the other
def folded(text: str) -> bytes:
    """NFC, white space folded, UTF-8."""
    one_line = text.replace("\n\n", " ")
    if not text.isascii():
        one_line = unicodedata.normalize("NFC", one_line)
    # Printable means: no white space but blanks. Most texts are folded but for the paragraphs' ends.
    if "  " in one_line or not one_line.isprintable() or one_line != one_line.strip(" "):
        one_line = " ".join(one_line.split())
    return one_line.encode("utf-8", "surrogatepass")


def content_hash(headline: str | None, text: str | None) -> str:
    """`sha256:<hex>` of headline and text: two versions of a story differ in it."""
    digest = hashlib.sha256(folded(headline or "") + b"\n")
    digest.update(folded(text or ""))
    return "sha256:" + digest.hexdigest()


def text_hash(headline: str | None, text: str | None) -> bytes:
    """8 bytes that the same text has under any URL and headline; of a very short text the headline is a part."""
    body = folded(text or "")
    if len(body) < 24 * MIN_WORDS_OF_A_TEXT and is_short(body.decode("utf-8", "surrogatepass")):
        body = folded(headline or "") + b"\n" + body
    return hashlib.sha256(body).digest()[:8]


def is_short(text: str) -> bool:
    return len(text) < 8 * MIN_WORDS_OF_A_TEXT and len(text.split()) < MIN_WORDS_OF_A_TEXT


def steady(text: str) -> str:
    """The text without lines that change by themselves."""
    lines = text.split("\n\n")
    kept = [line for line in lines if len(line) > CHURN_LENGTH or not CHURN.match(line.strip())]
    return text if len(kept) == len(lines) else "\n\n".join(kept)


def stated_change(headline: str | None, text: str | None) -> Stated | None:
    """What the story says of itself: `(2nd LD)`, `UPDATE 2-`, `Corrects figure ...`, `withdrawn`; None for nothing."""
    headline, text = headline or "", text or ""
    head = text[:HEAD]
    if WITHDRAWN_HEADLINE.search(headline) or (len(text) <= SHORT_NOTICE and WITHDRAWN_TEXT.search(text)):
        return "withdrawal"
    searched = f"{headline}\n{head}\n{text[-TAIL:]}".lower()
    if not any(stem in searched for stem in STEMS):
        return None
    if CORRECTED_HEADLINE.search(headline) or CORRECTED_TEXT.search(head) or CORRECTED_TEXT.search(text[-TAIL:]):
        return "correction"
    return "update" if UPDATED.search(headline) or UPDATED_TEXT.search(head) else None
