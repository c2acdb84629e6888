"""Answers that are not pages: refusals, challenges, consent walls, error pages that come with status 200.

A real page must pass whatever it is about, so that words alone decide nothing: it is a challenge's own script or
form, or a title that says nothing else, on a page that shows no sign of a story. Linear, and a few looks for
bytes; most pages are too long for the looks at challenges.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlsplit

LONGEST_CHALLENGE = 100_000  # bytes; those of the vendors below have 0.5 to 60 KB
HEAD_BYTES = 65_536  # where a title is, and the headline of an error page
LONGEST_TITLE = 300
FEW_PARAGRAPHS = 6
REFUSALS = frozenset({401, 403, 407, 429, 451})
JUDGED = frozenset({200, 202, 203, 503}) | REFUSALS

# What only the challenge itself holds. Scripts that the same vendors put into ordinary pages are not signs:
# Cloudflare's challenge-platform/scripts/jsd, DataDome's tags.js, Imperva's _Incapsula_Resource, _pxAppId.
SIGNS = (
    (b"_cf_chl_opt", "cloudflare"), (b"cf-error-details", "cloudflare"), (b"cf_captcha_kind", "cloudflare"),
    (b"captcha-delivery.com/", "datadome"), (b"_Incapsula_Resource?CWUDNSAI", "imperva"), (b"Incapsula incident ID", "imperva"),
    (b"errors.edgesuite.net", "akamai"), (b"sec-if-cpt-container", "akamai"), (b"bm-verify", "akamai"), (b"/_sec/cp_challenge/", "akamai"),
    (b"px-captcha", "perimeterx"), (b"captcha.px-cdn.net", "perimeterx"), (b"gokuProps", "aws-waf"), (b"AwsWafIntegration.getToken", "aws-waf"),
    (b"Sucuri WebSite Firewall", "sucuri"), (b"sucuri_cloudproxy_js", "sucuri"), (b"ddos-guard/js-challenge", "ddos-guard"),
    (b"/149e9513-01fa-4fb0-aad4-566afd725d1b/", "kasada"), (b"The requested URL was rejected. Please consult", "f5"),
)  # fmt: skip
STORY_SIGNS = (
    b'NewsArticle"', b'articleBody"', b'"Article"', b"article:published_time", b"ReportageNewsArticle",
    b'content="article"', b"content='article'", b"content=article",
)  # fmt: skip
CHALLENGE_TITLES = {
    "just a moment": "cloudflare", "attention required": "cloudflare", "please wait": "challenge",
    "access denied": "access-denied", "access to this page has been denied": "perimeterx", "403 forbidden": "access-denied",
    "forbidden": "access-denied", "request rejected": "f5", "pardon our interruption": "imperva", "are you a robot": "captcha",
    "robot check": "captcha", "captcha": "captcha", "human verification": "captcha", "security check": "captcha",
    "security verification": "captcha", "verify you are human": "captcha", "vercel security checkpoint": "vercel",
    "ddos-guard": "ddos-guard", "checking your browser": "challenge", "bot verification": "captcha", "429 too many requests": "http-429",
    "too many requests": "http-429", "one moment, please": "challenge",
}  # fmt: skip
CONSENT_TITLES = frozenset({
    "before you continue", "bevor sie fortfahren", "cookie consent", "cookie-einstellungen", "cookie wall", "cookies",
    "consent", "privacy gate", "privacy settings", "privacy-einstellungen", "we value your privacy", "your privacy choices",
    "your privacy", "datenschutz-einstellungen", "datenschutzeinstellungen", "einwilligung", "zustimmung", "consentement",
    "gestion des cookies", "votre vie privée", "cookie-instellingen", "toestemming", "dpg media privacy gate",
})  # fmt: skip
NOT_FOUND_TITLES = frozenset({
    "404", "error 404", "404 error", "http 404", "404 not found", "not found", "page not found", "404 page not found",
    "page not found 404", "page not found (404)", "error 404 (not found)", "file not found", "article not found", "story not found",
    "content not found", "this page could not be found", "404 this page could not be found", "page cannot be found",
    "the page cannot be found", "page can't be found", "oops! page not found", "oops, page not found", "sorry, page not found",
    "sorry, this page isn't available", "page unavailable", "page not available", "page does not exist",
    "this page does not exist", "the page you requested was not found", "we can't find that page", "we couldn't find that page",
    "seite nicht gefunden", "404 seite nicht gefunden", "die seite wurde nicht gefunden", "page introuvable", "page non trouvée",
    "erreur 404", "página no encontrada", "página não encontrada", "pagina no encontrada", "pagina non trovata", "pagina niet gevonden",
    "sidan hittades inte", "siden blev ikke fundet", "siden finnes ikke", "sivua ei löytynyt", "nie znaleziono strony",
    "strona nie znaleziona", "stránka nenalezena", "страница не найдена", "сторінку не знайдено", "sayfa bulunamadı",
    "halaman tidak ditemukan", "không tìm thấy trang", "ページが見つかりません", "お探しのページは見つかりません", "ページが見つかりませんでした",
    "페이지를 찾을 수 없습니다", "요청하신 페이지를 찾을 수 없습니다", "页面不存在", "找不到页面", "頁面不存在", "找不到頁面", "الصفحة غير موجودة",
})  # fmt: skip
# A run of blanks is tried once, at its start: from each place in it the time would be quadratic.
SEPARATORS = re.compile(r"(?:(?<!\s)\s+)?[|:·•»]\s*|(?<!\s)\s+[-–—]\s+")
TAG = re.compile(r"<[^<>]{0,1000}>")
FRONT_PATHS = frozenset({"", "/", "/index.html", "/index.php", "/home"})
ERROR_PATH = re.compile(r"/(?:404|error|not-?found|page-?not-?found)(?:\.\w{1,5})?/?", re.IGNORECASE)
CONSENT_PATH = re.compile(r"/(?:consent|privacygate|privacy-gate|cookie-?wall|zustimmung)(?:[/.]|$)", re.IGNORECASE)
SAME_PAGE = "same-page"  # one page for many URLs


def block_reason(body: bytes, status: int = 200, url: str = "", asked: str = "") -> str | None:
    """Why an answer is not a page, as one word to count, or None for a page. `asked` is the URL before its redirects."""
    if status not in JUDGED:
        return None
    if len(body) <= LONGEST_CHALLENGE and (status in REFUSALS or not shows_story(body, FEW_PARAGRAPHS)):
        reason = next((reason for sign, reason in SIGNS if sign in body), None)
        if reason is not None:
            return reason
    if status in REFUSALS:
        return f"http-{status}"
    if status == 503:
        return None
    return stated_reason(body, status) or led_away(url, asked)


def stated_reason(body: bytes, status: int) -> str | None:
    """What a page with a good status says of itself in its title or headline, if that is not a story's."""
    parts = list(title_parts(body))
    found: str | None = None
    if any(part in NOT_FOUND_TITLES for part in (*parts, headline(body))):
        found = "soft-404"
    elif len(body) <= LONGEST_CHALLENGE:
        found = next((CHALLENGE_TITLES[part] for part in parts if part in CHALLENGE_TITLES), None)
        if found is None and any(part in CONSENT_TITLES for part in parts):
            found = "consent-wall"
    if found is None and status == 202:
        found = "http-202"
    return found if found and not shows_story(body, None if found == "soft-404" else FEW_PARAGRAPHS) else None


def led_away(url: str, asked: str) -> str | None:
    """Why the page is not the one that was asked for: a redirect led to the front page, an error page or a wall."""
    if not asked or url == asked:
        return None
    here, there = urlsplit(url), urlsplit(asked)
    if (here.hostname or "").startswith("consent.") or CONSENT_PATH.match(here.path):
        return "consent-wall"
    if ERROR_PATH.fullmatch(here.path) and not ERROR_PATH.fullmatch(there.path):
        return "soft-404"
    to_front = here.path in FRONT_PATHS and not here.query and there.path.rstrip("/").count("/") >= 2
    return "soft-404" if to_front else None


def shows_story(body: bytes, enough_paragraphs: int | None) -> bool:
    """Whether a page says that it is a story, or holds as many paragraphs as only a story has."""
    at = -1
    for _ in range(enough_paragraphs or 0):
        at = body.find(b"<p", at + 1)
        if at < 0:
            break
    if at >= 0:
        return True
    return any(sign in body for sign in STORY_SIGNS)


def title_parts(body: bytes) -> Iterator[str]:
    """The title and its parts (headline, name of the site), folded and without the marks around them."""
    title = element_text(body, b"title")
    if title:
        yield folded(title)
        yield from map(folded, SEPARATORS.split(title))


def headline(body: bytes) -> str:
    return folded(element_text(body, b"h1"))


def element_text(body: bytes, name: bytes) -> str:
    """The text of the first element of a name, as far as it is short."""
    for spelling in (name, name.upper()):
        at = body.find(b"<" + spelling, 0, HEAD_BYTES)
        if at >= 0:
            start = body.find(b">", at, at + 1000) + 1
            end = body.find(b"</" + spelling, start, start + 4 * LONGEST_TITLE)
            return TAG.sub(" ", unescape(body[start:end].decode("utf-8", "replace"))) if 0 < start < end else ""
    return ""


def folded(text: str) -> str:
    return " ".join(text.split()).casefold().replace("’", "'").strip(" .…!?-–—\"'“”#")


class SamePages:
    """Tells a site that answers every URL with the same page, from the third URL on."""

    LIMIT = 3
    MAX_PAGES = 10_000

    def __init__(self) -> None:
        self.urls: dict[int, set[int]] = {}

    def reason(self, url: str, body: bytes) -> str | None:
        """`same-page` for the third and later URL that brought these bytes, unless they say that they are a story."""
        if not body or len(self.urls) > self.MAX_PAGES:
            return None
        urls = self.urls.setdefault(hash(body), set())
        urls.add(hash(url))
        return SAME_PAGE if len(urls) >= self.LIMIT and not shows_story(body, None) else None
