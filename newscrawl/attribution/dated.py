"""Dates, clocks and ages within a credit line: `Friday January 18, 2008 6:08 PM`, `47 minutes ago`, `Stand: 5.8., 5:30 Uhr`."""

from __future__ import annotations

import re

from newscrawl.text.dates import MONTHS

NUMERIC = re.compile(
    r"\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b|\b\d{1,2}\s?[:.h]\s?\d{2}(?::\d{2})?\b|[0-9]{1,4}\s?[年月日時时分년월일]"
)
OTHER_WORDS = re.findall(
    r"\S+",
    """
    mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday
    mo di mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag sonntag
    lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag mandag tirsdag onsdag torsdag fredag lørdag søndag
    am pm a.m p.m uhr h hrs hr gmt utc cet cest est edt et cst cdt pst pdt pt ct mt ist bst kst jst hkt sgt aest
    published updated posted last modified first created on at stand update aktualisiert veröffentlicht zuerst zuletzt geändert
    publié mis jour modifié le à publicado actualizado el a las del de publicerad uppdaterad publisert oppdatert opdateret julkaistu päivitetty
    pubblicato aggiornato il alle ore gepubliceerd bijgewerkt om opublikowano
    ago hour hours minute minutes min mins day days about vor stunde stunden minuten tag tagen il y heures heure hace horas hora minutos
    st nd rd th janvier février märz okt dez dec déc ene abr
    """,
)
WORDS = frozenset([*MONTHS, *OTHER_WORDS])
WORD = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*")
NUMBER = re.compile(r"[(\[]?\d[\d.:,/-]*(?:st|nd|rd|th|[ap]m|h|hrs|d|m)?[,.;)\]]*", re.I)
TOKEN = re.compile(r"\S+")


def is_dated(line: str) -> bool:
    """Whether a line holds a day or a clock."""
    return any(char.isdigit() for char in line)


def is_date_token(token: str) -> bool:
    """Whether one word between blanks can belong to a date: `18,`, `2008`, `PM`, `Fri`."""
    if NUMBER.fullmatch(token):
        return True
    words = WORD.findall(token.casefold())
    return bool(words) and all(word in WORDS for word in words)


def without_dates(line: str) -> str:
    """A line without its dates, ages and clocks; words that are others too only beside a number."""
    if not is_dated(line):
        return line
    return "\n".join(map(undated, NUMERIC.sub(" 0 ", line).split("\n")))


def undated(line: str) -> str:
    kept: list[str] = []
    run: list[str] = []
    for token in [*TOKEN.findall(line), ""]:
        if token and is_date_token(token):
            run.append(token)
            continue
        if run:
            kept += ends_of_run(run)
            run = []
        kept.append(token)
    return " ".join(filter(None, kept))


def ends_of_run(run: list[str]) -> list[str]:
    """What stays of a run of date words: all of it where it is not a date, as in `AP 12`, else a separator."""
    has_number = any(char.isdigit() for token in run for char in token)
    is_date = len(run) > 1 or any(token.strip("()[],.;") == "0" or len(token.strip("()[],.;")) > 2 for token in run)
    return [","] if has_number and is_date else run
