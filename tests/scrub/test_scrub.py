"""Scrubbed pages: invented words of the same shape, the same everywhere, and a page that is read as before."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from newscrawl.extraction.story import read_page
from newscrawl.sites.registry import site_of
from newscrawl.text.encoding import decode
from newscrawl.tools.scaffold.saved import read_expected, saved_pages
from tests.conftest import story_page
from tools.scrub.check import leaked_words, lost_of, scrub_page
from tools.scrub.kept_words import kept_words, literal_words, reader_words
from tools.scrub.scrub import Scrubber, scrub

PAGES = saved_pages(Path(__file__).parents[1] / "saved_pages")
URL = "https://gazette.example/news/2026/11/23/calder-widens-its-quay-1234.html"
TAG = re.compile(r"<(/?[a-z][a-z0-9]*)", re.I)


@pytest.fixture(scope="module")
def scrubber() -> Scrubber:
    markup = "<p>Calder widens quays, harbour boats basin village morning</p><a href='https://www.gazette.example/'>"
    return Scrubber(markup, URL, kept_words(None, ["The Harbour Gazette"]), None, "utf-8")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.parent.name)
def test_a_scrubbed_page_is_read_as_before(path: Path) -> None:
    url, html = read_expected(path)["url"], path.read_bytes()
    result = scrub_page(html, url, site_of(url))
    assert (result.lost, result.leaked) == ([], [])
    assert result.replaced > 10
    before, after = decode(html)[0], decode(result.html)[0]
    assert TAG.findall(re.sub(r"<!--.*?-->", "", before, flags=re.S)) == TAG.findall(after)
    assert result.story.headline != read_page(html, url).headline


def test_words_keep_their_shape_and_are_the_same_everywhere() -> None:
    head = '<meta property="og:title" content="Calder widens its quay">'
    made = scrub_page(story_page("Calder", head).encode(), URL, None)
    text = made.html.decode()
    assert made.is_good and made.story.headline is not None
    title = re.search("<title>(.*?) - ", text)
    og = re.search('og:title" content="(.*?)"', text)
    assert title and og and title[1] == og[1] == made.story.headline
    assert re.fullmatch(r"[A-Z][a-z]{5} [a-z]{6} its [a-z]{4}", made.story.headline)
    slug = made.story.headline.lower().replace(" ", "-")
    assert made.url == f"https://gazette.example/news/2026/11/23/{slug}-1234.html"
    assert "(Yonhap)" in text and "Nov. 23" in text and "MOST POPULAR" in text and "All rights reserved" in text
    assert "Calder" not in text and "SEOUL" not in text


def test_the_same_page_gives_the_same_words_and_no_other_does() -> None:
    html = story_page("Calder").encode()
    first, again, other = (scrub_page(page, URL, None) for page in (html, html, html + b"<p>Linden</p>"))
    assert first.html == again.html
    assert first.story.headline != other.story.headline


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("WIDENS Widens widens WiDens", r"([A-Z]{6}) [A-Z][a-z]{5} [a-z]{6} [A-Z][a-z][A-Z][a-z]{3}"),
        ("Nov. 23, 2026, 9:30 a.m. KST", r"Nov\. 23, 2026, 9:30 a\.m\. KST"),
        ("2026-11-23T09:30:00+0900", r"2026-11-23T09:30:00\+0900"),
        ("2026년 11월 23일 오전 9시 30분", "2026년 11월 23일 오전 9시 30분"),
        ("23日電", "23日電"),
        ("5,417 boats of 300 quays", r"5,(?!417)[1-9]{3} [a-z]{5} of (?!300)[1-9]00 [a-z]{5}"),
        ("The Harbour Gazette", "The Harbour Gazette"),
        ("a harbour", r"a (?!harbour)[a-z]{7}"),
        ("Agence France-Presse", "Agence France-Presse"),
        ("France", "(?!France)[A-Z][a-z]{5}"),
        ("(AP) -- AFP/dpa", r"\(AP\) -- AFP/dpa"),
        ("Read more: With files from Reuters", "Read more: With files from Reuters"),
        ("www.gazette.example", r"www\.gazette\.example"),
        ("calder@gazette.example", r"(?!calder)[a-z]{6}@gazette\.example"),
        ("홍길동 기자", "(?!홍길동)[가-힣]{3} 기자"),
        ("新华社北京", "新华社(?!北京)[\u4e00-\u9fff]{2}"),
        ("Министр сказал", "[\u0400-\u042f][\u0400-\u04ff]{6} [\u0400-\u04ff]{6}"),
        ("هذا الميناء", "هذا [\u0600-\u06ff]{7}"),
        ("ท่าเรือเหนือ", "[\u0e00-\u0e7f]{12}"),
        ("12 3 !?", r"12 3 !\?"),
    ],
)
def test_what_of_a_text_stays(scrubber: Scrubber, text: str, pattern: str) -> None:
    found = scrubber.text(text)
    assert re.fullmatch(pattern, found), found


@pytest.mark.parametrize(
    ("url", "pattern"),
    [
        ("https://www.gazette.example/", r"https://www\.gazette\.example/"),
        ("/2026/11/23/harbour-boats-12345.html", r"/2026/11/23/(?!harbour)[a-z]{7}-[a-z]{5}-12345\.html"),
        ("//cdn.example/img/harbour_640x480.jpg", r"//cdn\.example/img/(?!harbour)[a-z]{7}_640x480\.jpg"),
        ("/view/AEN20261123000100315", r"/[a-z]{4}/AEN20261123000100315"),
        ("/a/92450be0-4465-4422-af88-5853d1ab16cf", "/a/92450be0-4465-4422-af88-5853d1ab16cf"),
        ("/share?u=https%3A%2F%2Fgazette.example%2Fharbour", r"/share\?u=https%3A%2F%2Fgazette\.example%2F(?!harbour)[a-z]{7}"),
        ("/?q=40% of harbour", r"/\?q=40% of (?!harbour)[a-z]{7}"),
        ("/search?q=%B0%A1%C7", r"/[a-z]{6}\?q=%B0%A1%C7"),
        ("javascript:harbour()", "#"),
        ("data:text/plain,harbour", "data:,"),
        ("#harbour", "#harbour"),
    ],
)  # fmt: skip
def test_what_of_a_url_stays(scrubber: Scrubber, url: str, pattern: str) -> None:
    found = scrubber.scrub_url(url)
    assert re.fullmatch(pattern, found), found


@pytest.mark.parametrize(
    ("before", "pattern"),
    [
        ("<p class='harbour boats' id=basin>", "<p class='harbour boats' id=basin>"),
        ("<body class='single tag-harbour-boats'>", "<body class='single tag-(?!harbour)[a-z]{7}-[a-z]{5}'>"),
        ("<img alt='harbour' width=640 src=/basin.jpg>", r"<img alt='[a-z]{7}' width=640 src=/[a-z]{5}\.jpg>"),
        ("<meta name=robots content='noindex, harbour'>", "<meta name=robots content='noindex, harbour'>"),
        ("<meta name=description content='harbour'>", "<meta name=description content='(?!harbour)[a-z]{7}'>"),
        ("<time datetime='2026-11-23T09:30Z'>", "<time datetime='2026-11-23T09:30Z'>"),
        ("<p onclick='harbour()' style='harbour'>", "<p onclick='' style=''>"),
        ("<p title='a 'harbour' boats'>", "<p title='a '[a-z]{7}' [a-z]{5}'>"),
        (
            "<p data-x='%7B%22a%22%3A%22gez%C3%A4hlt%22%7D'>",
            "<p data-x='%7B%22a%22%3A%22(?!gez)[a-z]{3}%C3%[0-9A-F]{2}(?!hlt)[a-z]{3}%22%7D'>",
        ),
        (
            "<script type=text/json>%7B%22a%22%3A%22h%C3%A4tte%22%7D</script>",
            "<script type=text/json>%7B%22a%22%3A%22(?!h%C3%A4)[a-z]%C3%[0-9A-F]{2}[a-z]{3}%22%7D</script>",
        ),
        ("<input checked disabled data-harbour>", "<input checked disabled data-harbour>"),
        ("<!-- harbour -->", ""),
        ("<![if harbour]>", ""),
        ("<!-- harbour", ""),
        ("<script>var harbour = 'boats';</script>", "<script></script>"),
        ("<script>harbour", "<script>"),
        ("<style>.harbour {}</style>", "<style></style>"),
        ("<!DOCTYPE html>", "<!DOCTYPE html>"),
        ("a < harbour", "a &lt; [a-z]{7}|a < [a-z]{7}"),
        ("harbour&nbsp;&amp; boats", "[a-z]{7}\xa0&amp; [a-z]{5}"),
        ("<a title='a > harbour'>boats</a>", "<a title='a &gt; [a-z]{7}'>[a-z]{5}</a>"),
        ('<a data-x=\'{"harbour": "boats"}\'>', "<a data-x='{&quot;harbour&quot;: &quot;(?!boats)[a-z]{5}&quot;}'>"),
    ],
)
def test_what_of_the_markup_stays(scrubber: Scrubber, before: str, pattern: str) -> None:
    found = "".join(scrubber.parts(before))
    assert re.fullmatch(pattern, found), found


def test_json_stays_json(scrubber: Scrubber) -> None:
    said = {"@type": "NewsArticle", "headline": 'The "harbour" boats\n', "n": 12, "datePublished": "2026-11-23T09:30:00Z",
            "author": [{"@type": "Person", "name": "Calder Quays"}], "articleBody": "<p>harbour</p></script>"}  # fmt: skip
    found = json.loads(scrubber.json(json.dumps(said)).replace("<\\/", "</"))
    assert found.keys() == said.keys() and found["@type"] == "NewsArticle" and found["n"] == 12
    assert re.fullmatch(r'The "(?!harbour)[a-z]{7}" [a-z]{5}\n', found["headline"])
    assert found["datePublished"] == said["datePublished"]
    assert re.fullmatch("<p>[a-z]{7}</p></script>", found["articleBody"])
    assert "</" not in scrubber.json(json.dumps(said))
    broken = scrubber.json("""{"a": "harbour\\q boats", 'village': 'quays', "b": "basin""")
    assert re.fullmatch(
        r"""\{"a": "[a-z]{7}\\q [a-z]{5}", '(?!village)[a-z]{7}': '(?!quays)[a-z]{5}', "b": "(?!basin)[a-z]{5}""",
        broken,
    )
    assert re.fullmatch(r'"(?!gez)[a-z]{3}ä(?!hlt)[a-z]{3}\\q"', scrubber.json('"gez\\u00e4hlt\\q"'))
    assert scrubber.json("[1250, true, null]") == "[1250, true, null]"


@pytest.mark.parametrize("encoding", ["euc-kr", "windows-1251", "shift_jis", "gb18030", "windows-1256"])
def test_the_encoding_can_write_it(encoding: str) -> None:
    texts = {"euc-kr": "항구 위원회가 부두를 넓히기로 했다고 밝혔다", "windows-1251": "Совет порта решил расширить северный причал весной",
             "shift_jis": "港湾委員会は北の埠頭を来年の春までに広げると発表した", "gb18030": "港口委员会决定在明年春天之前扩建北码头",
             "windows-1256": "قرر مجلس الميناء توسيع الرصيف الشمالي قبل الربيع"}  # fmt: skip
    body = "".join(f"<p>{texts[encoding]} {n}.</p>" for n in range(6))
    html = f'<html><head><meta charset="{encoding}"></head><article><h1>{texts[encoding]}</h1>{body}</article>'
    result = scrub_page(html.encode(encoding), URL, None)
    assert result.is_good, (result.lost, result.leaked)
    assert texts[encoding].split()[0] not in result.html.decode(encoding)


@pytest.mark.parametrize(
    ("page", "leaks"),
    [
        ("<p>harbour</p>", ["harbour"]),
        ("<p>Harbour</p><a href='/harbour-boats'>", ["harbour"]),
        ("<p>wharf</p><!-- harbour -->", ["wharf"]),
        ("<p class=harbour id=harbour>reporting</p>", []),
        ("<p>boat</p>", []),
        ('<script type="application/ld+json">{"name": "harbour"}</script>', ["harbour"]),
        ("<p>harbour</p><script type='application/json'>{'name': 'harbour'}</script>", ["harbour"]),
        ("<p title='a 'harbour' boats'>harbour</p>", ["boats", "harbour"]),
        ("<p>港湾委員会は</p>", ["港湾委員会", "湾委員会は"]),
    ],
)
def test_what_is_left_over_is_found(page: str, leaks: list[str]) -> None:
    kept = kept_words()
    made = scrub("<p>nothing</p>", URL, kept, None)
    made.markup = page
    assert leaked_words(page, made, kept) == leaks


def test_another_reading_is_found() -> None:
    first, second = read_page(story_page("Calder").encode(), URL), read_page(story_page("Varn").encode(), URL)
    assert {line.split(":")[0] for line in lost_of(first, second)} == {"their lengths", "headline"}
    assert list(lost_of(first, first)) == []
    lost = list(lost_of(first, read_page(story_page("Calder").replace("(Yonhap)", "").encode(), URL)))
    assert 'agency: was "yonhap", is null' in lost


@pytest.mark.parametrize(
    "page",
    ["", "<", "<" * 50_000, "<a " * 20_000, '<a b="' * 5_000, "<!--" * 20_000, "<script>" * 20_000, "&#" * 20_000,
     '<script type="application/ld+json">' + "[" * 100_000, "<p>" + "é" * 100_000, "\ud800<p>\x00", "%" * 20_000,
     "<a href='" + "/%25" * 10_000 + "'>", "<a title='" + "{&quot;" * 5_000 + "'>"],
    ids=lambda page: page[:12],
)  # fmt: skip
def test_hostile_pages_end(page: str) -> None:
    made = scrub(page, URL, kept_words(), None)
    assert leaked_words(page, made, kept_words()) == []


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"\b(?:mon|tues)days?\b", {"monday", "mondays", "tuesday", "tuesdays"}),
        (r"article(?:s|n)?", {"article", "articles", "articlen"}),
        (r"suscr[ií]bete", {"suscribete", "suscríbete"}),
        (r"réservée?s?", {"réservé", "réservée", "réservés", "réservées"}),
        (r"(?P<place>[A-Z]{2,3}), \w+", set()),
        (r"사진|写真\s?提供", {"사진", "写真", "提供"}),
        ("plain words", {"plain", "words"}),
    ],
)
def test_the_words_of_a_pattern(pattern: str, words: set[str]) -> None:
    assert literal_words(pattern) == words


def test_the_readers_words_stay() -> None:
    for word in ("monday", "november", "ноября", "기자", "reporting", "contributed", "reserved", "the", "und", "der", "التي", "advertisement"):  # fmt: skip
        assert word in reader_words(), word
    for word in ("harbour", "minister", "government", "korea", "france", "president"):
        assert word not in reader_words(), word
