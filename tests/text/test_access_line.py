from __future__ import annotations

import pytest

from newscrawl.text.access_line import PAYWALL, REGISTRATION, barrier_of, is_meter
from newscrawl.text.clock import is_clock_line
from tests.cost import at_most

PAYWALLED = [
    "This article is for subscribers only.",
    "This story is available exclusively to Harbour Times subscribers.",
    "Subscribe to continue reading",
    "To continue reading this article, please subscribe or log in.",
    "You've reached your limit of free articles.",
    "Become a member to read the full story",
    "SUBSCRIBER ONLY",
    "Jetzt weiterlesen mit Blatt+",
    "Dieser Artikel ist nur für Abonnenten lesbar",
    "Cet article est réservé aux abonnés",
    "Il vous reste 57.09% de cet article à lire. La suite est réservée aux abonnés.",
    "Abonnez-vous pour lire la suite",
    "Contenido exclusivo para suscriptores",
    "Para continuar leyendo, suscríbete",
    "Contenuto riservato agli abbonati",
    "Conteúdo exclusivo para assinantes",
    "Lees verder met een abonnement",
    "이 기사는 유료회원 전용입니다",
    "이 기사는 유료 회원에게만 제공됩니다",
    "この記事は有料会員限定です。残り1234文字",
    "この記事は会員限定です。",
    "本文为付费内容，仅限订阅者阅读",
    "Этот материал доступен только для подписчиков: статья для подписчиков",
    "هذا المحتوى للمشتركين فقط",
]
REGISTERED = [
    "Log in to continue",
    "Register for free to continue reading",
    "Please create an account or login to read this story",
    "Anmelden und weiterlesen",
    "Inscrivez-vous gratuitement pour lire la suite",
    "Regístrate gratis para seguir leyendo",
    "로그인 후 전문을 읽으실 수 있습니다",
    "ログインして続きを読む",
    "登录后查看全文",
]
NEITHER = [
    "",
    "Subscribe",
    "Subscribe to our newsletter",
    "Sign up for our daily newsletter and never miss a story",
    "Log in",
    "Log in to comment",
    "Sign in to join the discussion",
    "Already a subscriber? Log in",
    "Abonnieren Sie unseren Newsletter",
    "L’espace des contributions est réservé aux abonnés.",
    "Comentar las notas es exclusivo para suscriptores.",
    "Abonnez-vous pour accéder à cet espace d’échange et contribuer à la discussion.",
    "구독하기",
    "会員登録",
    "The streaming service lost two million subscribers last quarter, the company said.",
    "Members of the council said the registration of boats would continue.",
    "The paper has 40,000 subscribers and members read it online.",
    "Das Abo für den Hafen kostet neun Euro im Monat.",
    "The club is for members only, its chairman told the court, and the hall is for guests.",
]


@pytest.mark.parametrize("line", PAYWALLED)
def test_a_line_for_subscribers(line: str) -> None:
    assert barrier_of(line) == "paywalled"


@pytest.mark.parametrize("line", REGISTERED)
def test_a_line_that_asks_to_log_in(line: str) -> None:
    assert barrier_of(line) == "registration"


@pytest.mark.parametrize("line", NEITHER)
def test_any_other_line(line: str) -> None:
    assert barrier_of(line) is None


def test_the_glance_misses_nothing_that_the_patterns_know() -> None:
    for line in [*PAYWALLED, *REGISTERED]:
        assert (PAYWALL.search(line.casefold()) or REGISTRATION.search(line.casefold())) and barrier_of(line)


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        ("You have 2 free articles left this month", True),
        ("You’ve got one article remaining", True),
        ("3 of 5 free articles", True),
        ("Sie haben noch 2 kostenlose Artikel", True),
        ("You have 2 minutes left", False),
        ("Free articles for everybody", False),
        ("The two articles left readers angry", False),
    ],
)
def test_a_meter(line: str, counts: bool) -> None:
    assert is_meter(line) == counts


@pytest.mark.parametrize(
    "line",
    ["subscribe " * 39, "to continue reading " * 19, "you have read your " * 20, "会員" * 190, "log in" + " " * 380],
)
def test_no_line_takes_long(line: str) -> None:
    with at_most(20):
        barrier_of(line)


@pytest.mark.parametrize(
    ("line", "is_clock"),
    [
        ("14:35", True), ("9.15am BST", True), ("Updated at 14:35 GMT", True), ("14.35 Uhr", True), ("5 min ago", True), ("vor 5 Minuten", True),
        ("14h35", True), ("Posted at 09:10", True), ("", False), ("14", False), ("14:35 The council votes", False), ("3-2", False),
        ("2026", False), ("12.5", False), ("9.15 million", False), ("an hour ago", False), ("99:99", False),
    ],
)  # fmt: skip
def test_a_line_that_is_only_a_clock(line: str, is_clock: bool) -> None:
    assert is_clock_line(line) == is_clock
