"""Lines at the point where a text was cut: `Subscribe to continue reading`. They are not story text.

A line counts only if it speaks of this text (continue, this article, the rest, read on). `Subscribe to our
newsletter`, `Subscribe` and `Already a subscriber? Log in` are on pages that are free to read.
"""

from __future__ import annotations

import re
from typing import Literal

from newscrawl.text.whitespace import fold

MAX_LINE_CHARS = 400
Barrier = Literal["paywalled", "registration"]

# One of these words is in every line that PAYWALL or REGISTRATION knows: most lines have none and cost a glance.
SIGNS = (
    "subscri", "regist", "log in", "login", "logga in", "sign in", "sign up", "member", "premium", "unlock", "start your",
    "weiterlesen", "weiterzulesen", "anmeld", "einlog", "réservé", "inscri", "connectez", "identifiez", "suscr", "regíst", "inicia sesi",
    "abbona", "accedi per", "assin", "cadastr", "prenumer", "ganzen", "vollst", "il vous reste", "limit", "subskr", "lees verder",
    "free article", "articles", "stories", "artikel",
)  # fmt: skip
ABO = re.compile(r"abo(?!ut|ve|r|ard|und|de|li|m|o)")  # an Abo or an abonné, not about, labor, taboo ...
ALL_SIGNS = (
    *SIGNS,
    "유료", "회원", "구독", "로그인", "프리미엄", "有料", "会員", "登録", "残り", "ログイン", "付费", "订阅", "会员", "付費", "訂閱", "會員", "登录",
    "登入", "注册", "註冊", "подпис", "войдите", "зарегистр", "مشترك", "اشترك", "سجل", "المقال", "المحتوى",
)  # fmt: skip
# What else is for subscribers: comments, newsletters, the printed paper.
OTHER_THINGS = re.compile(
    r"comment|contribution|discussion|débat|diskussion|diskutieren|kommentar|comentar|newsletter|e-?paper|podcast|crossword|"
    r"\bepaper|댓글|コメント|评论|評論|коммент|forum",
    re.I,
)
METER = re.compile(
    r"\byou(?: have|['’]ve got) (?:\d{1,2}|one|two|three|four|five|no) (?:more )?(?:free )?(?:articles?|stories|story)(?: \w+)? (?:left|remaining)|"
    r"\b(?:\d{1,2}|one|two|three|four|five) (?:of|/) (?:\d{1,2}|three|five|ten) free (?:articles|stories)|"
    r"(?:articles?|stories) (?:left|remaining) this month|sie haben noch \d{1,2} (?:kostenlose|freie) artikel|il vous reste \d{1,2} articles?",
    re.I,
)
PAYWALL = re.compile(
    r"this (?:article|story|content|post|page) is (?:\w+ )?(?:only |exclusively )?(?:available |accessible )?(?:\w+ )?(?:for|to) "
    r"(?:\w+[ -]){0,3}(?:subscribers|members|subscription)|"
    r"this (?:article|story|content|post) is (?:subscriber|member|premium)[ -](?:only|exclusive|content)|"
    r"(?:subscribe|become a (?:\w+ )?(?:subscriber|member)|start your (?:free )?trial|join|upgrade)\b[^.!?]{0,40}\bto "
    r"(?:continue reading|keep reading|read (?:on|more of|the (?:rest|full|whole|entire)|this)|unlock|access (?:this|the (?:full|rest))|view the full)|"
    r"to (?:continue|keep) reading[^.!?]{0,60}\b(?:subscrib|subscription|member)|"
    r"(?:for|only for|exclusive to|exclusively for|reserved for) (?:our |paying |paid |premium |digital )*(?:subscribers|members)(?: only)?\s*[.!]?$|"
    r"^(?:subscribers?|members?|premium)[ -](?:only|exclusive)(?: (?:content|article|story))?\s*[.!]?$|"
    r"(?:the rest of|the full) (?:this |the )?(?:article|story|text|post) is (?:only )?(?:available )?(?:for|to) (?:\w+ )?(?:subscribers|members)|"
    r"you(?:'|’)?(?: ha)?ve (?:reached|used|read) (?:your|all(?: of)? your|the) [^.!?]{0,40}(?:limit|free (?:articles|stories))|"
    r"(?:jetzt|sofort|hier|mit [^.!?]{1,40}) weiterlesen|weiterlesen mit|"
    r"dieser (?:artikel|beitrag|text|inhalt) ist (?:nur |exklusiv )?(?:für|unseren) [^.!?]{0,30}(?:abonnent|abo\b|mitglieder|leser)|"
    r"(?:nur|exklusiv) für (?:unsere )?(?:abonnent\w+|abo-?\w+|plus-?\w+|mitglieder)\s*[.!]?$|"
    r"(?:um|zum) weiter(?:zu)?lesen[^.!?]{0,60}\b(?:abo|abonn)|den (?:ganzen|vollständigen|kompletten) (?:artikel|text)[^.!?]{0,40}\babo|"
    r"(?:cet article|la suite|ce contenu|le reste)[^.!?]{0,40} (?:est |sont )?réservée?s? (?:à|aux) [^.!?]{0,20}(?:abonné|membre)|"
    r"(?:article |contenu )?réservée? aux abonnés|abonnez-vous pour (?:lire|accéder|continuer)|pour (?:lire|continuer)[^.!?]{0,40}abonnez|"
    r"il vous reste [^.!?]{0,20} de cet article à lire|"
    r"(?:contenido|artículo|noticia|nota) (?:exclusiv[oa]|solo|sólo) para (?:\w+ )?suscriptor|(?:solo|sólo|exclusivo) para suscriptores|"
    r"para (?:continuar|seguir) leyendo[^.!?]{0,60}suscr|^para (?:continuar|seguir) leyendo\s*[.:…]?$|suscr[ií]bete para (?:seguir|continuar|leer)|"
    r"(?:contenuto|articolo) (?:riservato|esclusivo|solo) (?:agli|per gli) abbonati|per continuare a leggere[^.!?]{0,60}abbona|abbonati per (?:continuare|leggere)|"
    r"(?:conteúdo|matéria|artigo|notícia) exclusiv[oa] para (?:\w+ )?assinantes|exclusivo para assinantes|assine para (?:ler|continuar)|para continuar lendo[^.!?]{0,60}assin|"
    r"lees verder (?:met|voor|als)[^.!?]{0,40}(?:abonn|premium)|(?:dit artikel|deze inhoud) is (?:alleen|exclusief) [^.!?]{0,20}abonnees|alleen voor abonnees|"
    r"(?:artikeln|artikkelen|artiklen) är för prenumeranter|(?:kun for|bare for|forbeholdt) (?:våre )?abonnent|logga in för att läsa vidare som prenumerant|"
    r"(?:dalsza część|pełna treść|ten artykuł|artykuł)[^.!?]{0,40}(?:dla prenumerator|dla subskrybent|płatn)|"
    r"유료\s?(?:회원|구독자|독자)\s?(?:전용|에게만|만)|(?:유료|프리미엄)\s?(?:기사|콘텐츠)입니다|구독자\s?(?:전용|만)|계속\s?읽으(?:시)?려면[^.]{0,30}구독|"
    r"有料(?:会員|記事|プラン)[^。]{0,12}(?:限定|のみ|登録|お読み|ご覧|続き)|会員限定(?:記事|です|の)|残り\s?[\d０-９,，]{1,6}\s?(?:文字|字)|続きを読むには[^。]{0,30}(?:有料|会員|購読)|"
    r"(?:付费|付費|会员|會員|订阅|訂閱)(?:内容|內容|文章|用户|用戶|专享|專享|专属|專屬|者)[^。]{0,12}(?:专享|專享|可见|可見|限定|阅读|閱讀|专属|專屬)|(?:订阅|訂閱)[^。]{0,8}(?:继续|繼續|完整)(?:阅读|閱讀)|"
    r"(?:материал|статья|текст)[^.!?]{0,30}(?:только )?(?:для|доступ\w+) (?:\w+ )?подписчик|чтобы (?:читать дальше|дочитать)[^.!?]{0,40}подпи|оформите подписку, чтобы|"
    r"(?:هذا المحتوى|هذا المقال|المقال)[^.]{0,20}للمشتركين(?: فقط)?|اشترك لمتابعة القراءة|"
    r"(?:bu (?:haber|içerik|yazı))[^.!?]{0,30}(?:yalnızca|sadece)[^.!?]{0,20}abone|okumaya devam etmek için abone",
    re.I,
)
REGISTRATION = re.compile(
    r"(?:register|sign up|create (?:a|your) (?:free )?account|log ?in|sign in)\b[^.!?]{0,40}\bto "
    r"(?:continue(?: reading)?|keep reading|read (?:on|more of|the (?:rest|full|whole|entire)|this)|unlock|access (?:this|the (?:full|rest))|view the full)|"
    r"to (?:continue|keep) reading[^.!?]{0,60}\b(?:register|log ?in|sign in|sign up|account)|"
    r"registration is required to (?:read|continue)|(?:this|the full) (?:article|story) is (?:only )?(?:available )?(?:for|to) registered (?:users|readers)|"
    r"(?:bitte )?(?:registrieren|melden|anmelden|einloggen)[^.!?]{0,40}(?:um|zum) (?:weiter(?:zu)?lesen|den (?:ganzen|vollständigen))|(?:kostenlos )?(?:registrieren|anmelden) (?:und|,? um) weiter(?:zu)?lesen|"
    r"(?:inscrivez|connectez|identifiez)-vous (?:gratuitement )?pour (?:lire la suite|continuer|accéder à)|"
    r"(?:regístrate|inicia sesión)[^.!?]{0,30} para (?:seguir|continuar) leyendo|(?:registrati|accedi) per continuare a leggere|(?:cadastre-se|faça login)[^.!?]{0,20} para continuar lendo|"
    r"(?:회원가입|로그인)[^.]{0,20}(?:후|하시면|해야)[^.]{0,20}(?:계속|전문|이용|읽으실|보실)|로그인이 필요한 (?:기사|콘텐츠)|"
    r"(?:無料会員登録|会員登録|ログイン)[^。]{0,20}(?:続き|全文)[^。]{0,12}(?:読|ご覧)|続きを読むには[^。]{0,20}(?:ログイン|登録)|"
    r"(?:登录|登入|注册|註冊)[^。]{0,8}(?:后|後|以)?(?:继续|繼續|查看全文|阅读全文|閱讀全文)|"
    r"(?:войдите|зарегистрируйтесь)[^.!?]{0,30}чтобы (?:читать|продолжить|прочитать)|سجل(?: الدخول)? لمتابعة القراءة",
    re.I,
)


def has_signs(text: str) -> bool:
    """Whether a text holds a word without which no line in it can be a barrier or a meter: a glance."""
    lowered = text.casefold()
    if any(map(lowered.__contains__, SIGNS if text.isascii() else ALL_SIGNS)):
        return True
    return "abo" in lowered and bool(ABO.search(lowered))


def barrier_of(line: str) -> Barrier | None:
    """What is in the reader's way at a line; None for any other line."""
    if len(line) > MAX_LINE_CHARS or not has_signs(line):
        return None
    text = fold(line.casefold())
    if OTHER_THINGS.search(text):
        return None
    if PAYWALL.search(text):
        return "paywalled"
    return "registration" if REGISTRATION.search(text) else None


def is_meter(line: str) -> bool:
    """Whether a line counts the articles that are left to read for free."""
    return (
        len(line) <= MAX_LINE_CHARS
        and ("rticle" in line or "tories" in line or "rtikel" in line)
        and bool(METER.search(line))
    )
