"""Lines that are never part of a story, whatever element holds them."""

from __future__ import annotations

import re

from newscrawl.text.whitespace import fold

PHRASES = frozenset(
    """
    advertisement|advertisement - scroll to continue|ad|anzeige|publicité|publicidad|pubblicità|광고|広告|广告
    back to top|top|go to top|nach oben|haut de page|volver arriba
    most popular|most read|most viewed|latest news|latest|trending|trending now|top stories|more news|popular
    more stories|more from this section|more on this story|more on this topic|related|related articles|related news
    related stories|related content|related topics|you may also like|recommended|recommended for you|editor's picks
    read more|read also|see also|also read|read next|continue reading|continue reading the main story|read full story
    mehr zum thema|lesen sie auch|auch interessant|das könnte sie auch interessieren|weitere artikel|meistgelesen
    lire aussi|à lire aussi|sur le même sujet|les plus lus|lea también|lee también|te puede interesar|leggi anche
    subscribe|subscribe now|sign up|sign in|log in|login|register|newsletter|sign up for our newsletter|jetzt abonnieren
    share|share this|share this article|share on facebook|share on twitter|tweet|email|e-mail|print|save|copy link
    link copied|facebook|twitter|whatsapp|linkedin|telegram|kakaotalk|line|pinterest|teilen|drucken|merken|partager
    compartir|imprimer|imprimir|condividi|listen|listen to this article|font size|comments|comment|leave a comment|kommentare
    view comments|no comments|follow us|follow us on|menu|home|search|skip to main content|skip to content|close
    terms of use|privacy policy|contact us|about us|all rights reserved|tags|topics|our standards
    관련기사|많이 본 뉴스|인기기사|최신뉴스|구독|공유|댓글|기사 공유하기|関連記事|おすすめ|シェア|相关阅读|相关新闻|分享
    """.replace("\n", "|").split("|")
)
PHRASES = frozenset(phrase.strip() for phrase in PHRASES if phrase.strip())
MAX_PHRASE_CHARS = max(map(len, PHRASES)) + 8  # with what may be behind one
OPENINGS = re.compile(
    r"^(?:read more|read also|also read|see also|related|more on|mehr zum thema|lesen sie auch|lire aussi|lea también|"
    r"leggi anche|sign up for|subscribe to|follow us on|click here|download (?:the|our) app|share this|photo gallery|"
    r"watch|listen)\s*[:>»\-–|]",
    re.I,
)
# Boxes within a story: they ask for an address or a log-in, and promise nothing of this text. Captions without an element.
BOXES = re.compile(
    r"^(?:subscribe|sign up) (?:to|for) (?:our|the|my) [^.!?]{0,60}\b(?:newsletters?|briefing|emails?|alerts?)\b|"
    r"^(?:get|receive|have) (?:the|our|your|all) [^.!?]{0,90}\b(?:in|to|into) your (?:inbox|e-?mail)|"
    r"^(?:log|sign) ?in to (?:save|follow|comment|bookmark|leave|join|vote)|"
    r"^(?:abonnieren sie|jetzt|melden sie sich)[^.!?]{0,40}\bnewsletter[^.!?]{0,20}(?:an|abonnieren)?[.!]?$|"
    r"^(?:abonnez-vous|inscrivez-vous) à (?:notre|la|nos) (?:newsletter|lettre)|^suscr[ií]bete a (?:nuestr|l)\w+ (?:newsletter|bolet)|"
    r"^iscriviti alla (?:nostra )?newsletter|^(?:assine|inscreva-se) [^.!?]{0,15}newsletter|"
    r"^(?:image|media) (?:source|caption),|^(?:photo(?:graph)?s?|image|picture|foto|bild|credit)(?: credit| by| courtesy)?\s?:\s?[^.!?:]{2,60}$|"
    r"^follow (?:ap|us|our|him|her|them)\b[^.!?]{0,60}(?:\bat |\bon )(?:https?://|@|x\b|twitter|facebook|instagram|threads|bluesky|linkedin)",
    re.I,
)
# What agencies put under their stories for their own sake.
PROMOS = re.compile(
    r"^(?:_{3,}$|our standards\s?:\s?the thomson reuters trust principles|"
    r"anadolu agency website contains only a portion of the news stories)",
    re.I,
)
# A caption without an element of its own: it ends in a credit that only pictures have.
PICTURE_CREDIT = re.compile(
    r"\((?:image|photo|foto|bild|picture|pic)s?\s?[:/][^()]{2,60}\)\.?$|\bfile photo\b|\(AP Photo/[^()]*+\)$|\bgetty images\)?$",
    re.I,
)
PICTURE_WORDS = ("photo", "foto", "image", "bild", "pic")  # one of which such a credit holds
MAX_MARK_CHARS = 170  # of an address or an end mark
COPYRIGHT_OPENINGS = ("©", "(c)", "ⓒ", "copyright", "저작권자", "alle rechte", "tous droits")
COPYRIGHT_SIGNS = frozenset("<" + "".join(opening[0] + opening[0].upper() for opening in COPYRIGHT_OPENINGS))
COPYRIGHT = re.compile(
    r"^(?:©|\(c\)|ⓒ|copyright\b|<?\s*저작권자|all rights reserved|alle rechte vorbehalten|tous droits réservés)|"
    r"(?:all rights reserved|무단\s?전재)[^.]{0,40}\.?>?$",
    re.I,
)
# Lines behind the last sentence that belong to the story: its credit, as published.
CREDIT = re.compile(
    r"^[(（\[—–-]\s?[^()\n]{2,60}[)）\]]?$|contributed to this (?:report|story|article)\.?$|^(?:additional |with )?(?:reporting|files) (?:by|from)\b|"
    r"^\((?:reporting|writing|editing) by\b",
    re.I,
)
EMAIL = re.compile(r"^[\w.+-]{1,64}@[\w.-]{3,100}$")
END_MARK = re.compile(r"^[(（\[]?\s*(?:end|ends|끝|完|了|###|-30-|==\s?\w+)\s*[)）\]]?$", re.I)
# The first letters of all that OPENINGS, PROMOS and BOXES match: a look-up saves three searches in most lines.
FIRST_LETTERS = 3
FIRST_OF_BOILERPLATE = frozenset((
    "rea", "als", "see", "rel", "mor", "meh", "les", "lir", "lea", "leg", "sig", "sub", "fol", "cli", "dow", "sha", "pho", "wat",
    "lis", "get", "rec", "hav", "log", "abo", "jet", "mel", "ins", "sus", "isc", "ass", "ima", "med", "pic", "fot", "bil", "cre",
    "our", "ana", "___",
))  # fmt: skip
FULL_STOPS = ".!?…。！？؟।"
TAIL_CHARS = 80
CLOSING_NAME = re.compile(
    r"[.!?][\"”’]?\s(?:[A-Z]{2,8}|[—–-]{1,2}\s?[A-Z][A-Za-z]{1,9}|/[^\W\d_]{2,8}|[©ⓒ] ?(?:\d{4} )?[^.\n]{2,30})$"
)
SENTENCE_END = re.compile(r"[.!?…。！？؟।။]['\"”’»)\]）」』]*\s*(?:[(（\[/【][^()（）\n]{1,40}[)）\]/】]\.?)?$")


def is_boilerplate(line: str) -> bool:
    """Whether a whole line is navigation, a call to subscribe or share, or the head of a teaser list."""
    text = fold(line) if "\n" in line else line
    if len(text) <= MAX_PHRASE_CHARS and text.casefold().rstrip(" :.!>»›") in PHRASES:
        return True
    if len(text) <= MAX_MARK_CHARS and (END_MARK.match(text) or ("@" in text and EMAIL.match(text))):
        return True
    if text[:FIRST_LETTERS].casefold() not in FIRST_OF_BOILERPLATE:
        return False
    return bool(OPENINGS.match(text) or PROMOS.match(text) or BOXES.match(text))


def is_caption(line: str) -> bool:
    """Whether a line is the caption of a picture by the credit it ends in: `Boats at dawn (Image: GETTY)`."""
    return any(map(line.lower().__contains__, PICTURE_WORDS)) and bool(PICTURE_CREDIT.search(line))


def is_credit_line(line: str) -> bool:
    """Whether a short line behind the text can be the story's credit: `(Yonhap)`, `The AP contributed to this report.`"""
    return len(line) <= 160 and bool(CREDIT.search(line)) and not END_MARK.match(line)


def may_be_copyright(line: str) -> bool:
    """A glance at whether a line can be a copyright notice: most have none of its signs."""
    return line[:1] in COPYRIGHT_SIGNS or "eserved" in line or "ESERVED" in line or "전재" in line


def is_copyright(line: str) -> bool:
    """Whether a whole line is a copyright notice."""
    if len(line) >= 400 or not may_be_copyright(line):
        return False
    lowered = line.lower()
    if "rights reserved" in lowered or "전재" in lowered or lowered.lstrip("< ").startswith(COPYRIGHT_OPENINGS):
        return bool(COPYRIGHT.search(fold(line)))
    return False


def ends_sentence(line: str) -> bool:
    """Whether a line ends as a sentence does; a closing credit in brackets may follow the full stop."""
    last = line[-1:]
    if last in FULL_STOPS:
        return bool(last)
    if last.isalnum():  # `... to the US. PTI`
        return bool(CLOSING_NAME.search(line[-40:]))
    return bool(SENTENCE_END.search(line[-TAIL_CHARS:].rstrip()))
