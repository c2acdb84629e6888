"""What is no page is told from what is one; half of the rows are real pages that must pass."""

from __future__ import annotations

import pytest

from newscrawl.extraction.block_page import SamePages, block_reason
from tests.conftest import SHARED, needs_shared, story_page
from tests.cost import at_most


def bare(title: str, body: str = "", head: str = "") -> bytes:
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


CLOUDFLARE = bare(
    "Just a moment...",
    '<div class="main-wrapper"><h1>gazette.example</h1><noscript>Enable JavaScript</noscript></div>'
    "<script>(function(){window._cf_chl_opt = {cvId: '3',cZone: 'gazette.example',cType: 'managed'};}());</script>",
)
DATADOME = (
    b"<html lang=en><head><title>gazette.example</title></head><body><p id=cmsg>Please enable JS and disable any ad blocker</p>"
    b"<script data-cfasync=false>var dd={'rt':'c','cid':'AHr','host':'geo.captcha-delivery.com'}</script>"
    b"<script src=https://ct.captcha-delivery.com/c.js></script></body></html>"
)
AKAMAI = (
    b"<HTML><HEAD>\n<TITLE>Access Denied</TITLE>\n</HEAD><BODY>\n<H1>Access Denied</H1>\nYou don't have permission to access this server.<P>\n"
    b"Reference&#32;&#35;18&#46;2<P>https&#58;&#47;&#47;errors.edgesuite.net&#47;18</P>\n</BODY></HTML>"
)
AKAMAI_WAIT = b'<html><head><title>&nbsp;</title></head><body><div id="sec-if-cpt-container"></div><script src="/_sec/cp_challenge/x.js"></script></body></html>'
IMPERVA = (
    b'<html style="height:100%"><head><META NAME="ROBOTS" CONTENT="NOINDEX, NOFOLLOW"><script src="/_Incapsula_Resource?SWJIYLWA=7"></script></head>'
    b'<body><iframe id="main-iframe" src="/_Incapsula_Resource?CWUDNSAI=27&xinfo=1">Request unsuccessful. Incapsula incident ID: 9-1</iframe></body></html>'
)
PERIMETERX = bare(
    "Access to this page has been denied.", '<div id="px-captcha"></div><script>window._pxAppId = "PXab";</script>'
)
AWS_WAF = b'<!DOCTYPE html><html><head><title></title><script>window.awsWafCookieDomainList = [];window.gokuProps = {"key":"AQ"};</script></head><body><div id="challenge-container"></div></body></html>'

BLOCKED = {
    # body, status, URL, URL before the redirects -> reason
    "403": (bare("No entry"), 403, "", "", "http-403"),
    "401": (b"", 401, "", "", "http-401"),
    "429": (b"slow down", 429, "", "", "http-429"),
    "451": (bare("Not in your country"), 451, "", "", "http-451"),
    "a story's page with 403": (story_page("Varn").encode(), 403, "", "", "http-403"),
    "Cloudflare, 200": (CLOUDFLARE, 200, "", "", "cloudflare"),
    "Cloudflare, 403": (CLOUDFLARE, 403, "", "", "cloudflare"),
    "Cloudflare, 503": (CLOUDFLARE, 503, "", "", "cloudflare"),
    "Cloudflare by its title": (bare("Attention Required! | Cloudflare"), 200, "", "", "cloudflare"),
    "DataDome": (DATADOME, 200, "", "", "datadome"),
    "Akamai": (AKAMAI, 200, "", "", "akamai"),
    "Akamai's waiting room": (AKAMAI_WAIT, 200, "", "", "akamai"),
    "Imperva": (IMPERVA, 200, "", "", "imperva"),
    "Imperva's interruption": (bare("Pardon Our Interruption"), 200, "", "", "imperva"),
    "PerimeterX": (PERIMETERX, 200, "", "", "perimeterx"),
    "AWS WAF": (AWS_WAF, 202, "", "", "aws-waf"),
    "accepted, nothing there": (b"", 202, "", "", "http-202"),
    "captcha": (bare("The Gazette - Are you a robot?"), 200, "", "", "captcha"),
    "refused by a firewall": (
        bare("Request Rejected", "The requested URL was rejected. Please consult with your administrator."),
        200,
        "",
        "",
        "f5",
    ),
    "soft 404": (bare("Page not found | The Gazette", "<h1>Oops!</h1>"), 200, "", "", "soft-404"),
    "soft 404, number first": (bare("404: Page not found"), 200, "", "", "soft-404"),
    "soft 404 in a full page": (
        bare("Page Not Found - The Gazette", "<p>Teaser of a story</p>" * 500 + "x" * 200_000),
        200,
        "",
        "",
        "soft-404",
    ),
    "soft 404 in its headline": (
        bare("The Gazette", "<h1 class=t><b>Page not found</b></h1>"),
        200,
        "",
        "",
        "soft-404",
    ),
    "soft 404 in Korean": (bare("페이지를 찾을 수 없습니다 - 관보"), 200, "", "", "soft-404"),
    "soft 404 in German": (bare("Seite nicht gefunden | Anzeiger"), 200, "", "", "soft-404"),
    "led to the front page": (
        bare("The Gazette"),
        200,
        "https://g.example/",
        "https://g.example/news/quay-1",
        "soft-404",
    ),
    "led to an error page": (
        bare("Hm"),
        200,
        "https://g.example/404.html",
        "https://g.example/news/quay-1",
        "soft-404",
    ),
    "consent wall": (
        bare("Before you continue", "<form action=/save><button>Accept all</button></form>"),
        200,
        "",
        "",
        "consent-wall",
    ),
    "consent wall in German": (bare("Zustimmung | Anzeiger", "<p>Mit Werbung lesen</p>"), 200, "", "", "consent-wall"),
    "led to a consent host": (
        bare("Hi"),
        200,
        "https://consent.g.example/v2?u=1",
        "https://g.example/news/quay-1",
        "consent-wall",
    ),
    "led to a privacy gate": (
        bare("Hi"),
        200,
        "https://g.example/privacygate?u=1",
        "https://g.example/news/quay-1",
        "consent-wall",
    ),
}

STORY = story_page("Varn").replace("</article>", "<p>More of it.</p><p>And more.</p></article>")


def story(headline: str, head: str = "", extra: str = "") -> bytes:
    page = STORY.replace("Varn widens its quay", headline).replace("</head>", head + "</head>")
    return page.replace("</article>", extra + "</article>").encode()


ARTICLE = '<meta property="og:type" content="article">'
PAGES = {
    "a story": (STORY.encode(), 200, "", ""),
    "about Cloudflare": (story("Cloudflare is down: visitors saw 'Just a moment...' for hours"), 200, "", ""),
    "about a captcha": (story("Are you a robot? Why captchas get harder", ARTICLE), 200, "", ""),
    "headline is the challenge's title": (story("Just a moment...", ARTICLE), 200, "", ""),
    "that quotes the challenge's script": (
        story("How challenges work", "", "<pre>window._cf_chl_opt = {}</pre><p>gokuProps</p>"),
        200,
        "",
        "",
    ),
    "about 404 Media": (story("404 Media raises money"), 200, "", ""),
    "something not found": (story("Airliner not found after ten days"), 200, "", ""),
    "page not found in a headline": (story("Page not found: the library that lost its books", ARTICLE), 200, "", ""),
    "access denied in a headline": (story("Access denied to reporters at the quay"), 200, "", ""),
    "headline is exactly an error's": (story("Access denied", ARTICLE), 200, "", ""),
    "consent banner": (
        story(
            "Quay",
            "<script src=//cmp.example/consent.js></script>",
            "<div id=cookie-consent>We value your privacy</div>",
        ),
        200,
        "",
        "",
    ),
    "captcha for comments": (
        story("Quay", "<script src=https://www.google.com/recaptcha/api.js></script>", "<div class=g-recaptcha></div>"),
        200,
        "",
        "",
    ),
    "Cloudflare's script in an ordinary page": (
        bare("Quay | The Gazette", "<p>One.</p><script src=/cdn-cgi/challenge-platform/scripts/jsd/main.js></script>"),
        200,
        "",
        "",
    ),
    "DataDome's tag in an ordinary page": (
        bare("Quay | The Gazette", "<p>One.</p><script src=https://js.datadome.co/tags.js></script>"),
        200,
        "",
        "",
    ),
    "Imperva's script in an ordinary page": (
        bare("Quay | The Gazette", "<p>One.</p><script src='/_Incapsula_Resource?SWJIYLWA=7'></script>"),
        200,
        "",
        "",
    ),
    "PerimeterX's sensor in an ordinary page": (
        bare("Quay | The Gazette", "<p>One.</p><script>window._pxAppId='PXab'</script>"),
        200,
        "",
        "",
    ),
    "one sentence": (bare("Quay closed | The Gazette", "<p>The quay is closed.</p>"), 200, "", ""),
    "empty": (b"", 200, "", ""),
    "not HTML": (b"\x89PNG\r\n" * 100, 200, "", ""),
    "feed": (b"<rss><channel><title>News</title><item><title>404</title></item></channel></rss>", 200, "", ""),
    "not there, and says so": (bare("Page not found"), 404, "", ""),
    "gone": (bare("404"), 410, "", ""),
    "not modified": (b"", 304, "", ""),
    "server error": (bare("Oops"), 500, "", ""),
    "unavailable": (bare("Back soon"), 503, "", ""),
    "story with 202": (STORY.encode(), 202, "", ""),
    "led to its new address": (
        STORY.encode(),
        200,
        "https://g.example/news/quay-1-final",
        "https://g.example/news/quay-1",
    ),
    "the front page was asked for": (bare("The Gazette"), 200, "https://www.g.example/", "http://g.example/"),
    "a list led to the front page": (bare("The Gazette"), 200, "https://g.example/", "https://g.example/latest"),
    "a section about consent": (bare("Quay"), 200, "https://g.example/consent-law/1", "https://g.example/c/1"),
    "a headline that names a list of cookies": (story("Cookies for the holidays"), 200, "", ""),
    "a title with the word robot": (story("Robot checks the quay"), 200, "", ""),
}


@pytest.mark.parametrize("name", BLOCKED)
def test_blocked(name: str) -> None:
    *answer, reason = BLOCKED[name]
    assert block_reason(*answer) == reason  # type: ignore[arg-type]


@pytest.mark.parametrize("name", PAGES)
def test_pages_pass(name: str) -> None:
    assert block_reason(*PAGES[name]) is None


def test_the_same_page_for_every_url() -> None:
    same = SamePages()
    shell = bare("The Gazette", "<div id=app></div>")
    assert [same.reason(f"https://g.example/{n}", shell) for n in range(4)] == [None, None, "same-page", "same-page"]
    assert [same.reason("https://g.example/x", bare("x")) for _ in range(5)] == [None] * 5, "one URL asked again"
    assert [same.reason(f"https://g.example/s{n}", story("Quay", ARTICLE)) for n in range(4)] == [None] * 4
    assert [same.reason(f"https://g.example/e{n}", b"") for n in range(4)] == [None] * 4
    assert [same.reason(f"https://g.example/d{n}", bare(f"Quay {n}")) for n in range(4)] == [None] * 4


HOSTILE = [b"<title" * 200_000, b"<h1>" * 300_000, b"<title>" + b"<" * 1_000_000, b"<p" * 500_000, b" - " * 400_000]


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_pages_cost_nothing(body: bytes) -> None:
    with at_most(100):
        block_reason(body)


@needs_shared
def test_no_real_page_is_taken_for_a_block() -> None:
    import gzip

    flagged = []
    for path in sorted((SHARED / "data").glob("*/pages/*")):
        body = path.read_bytes()
        reason = block_reason(gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body)
        if reason is not None:
            flagged.append((path.name, reason))
    assert flagged == []
