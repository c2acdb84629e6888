"""Feeds of every dialect, and what one bad item costs."""

from __future__ import annotations

import gzip
import json
from io import BytesIO
from typing import Any

import pytest

from newscrawl.discovery.feed import read_feed
from tests.cost import at_most

URL = "https://paper.example/feed"
HEAD = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>The Gazette</title>'
TAIL = "</channel></rss>"


def item(n: int, title: str | None = None) -> str:
    title = title or f"<title>Story {n}</title>"
    return f"<item>{title}<link>https://paper.example/story/{n}</link><pubDate>Mon, 23 Nov 2026 08:0{n}:00 GMT</pubDate></item>"


def numbers(body: bytes | str, content_type: str | None = None) -> list[int]:
    found = read_feed(body.encode() if isinstance(body, str) else body, URL, content_type)
    return [int(candidate.url.rpartition("/")[2]) for candidate in found.candidates]


def with_third(markup: str) -> str:
    return HEAD + item(0) + item(1) + markup + item(3) + item(4) + TAIL


LAUGHS = '<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
WHOLE = with_third(item(2))
FAULTS: dict[str, tuple[str | bytes, list[int]]] = {
    "sound": (WHOLE, [0, 1, 2, 3, 4]),
    "title left open": (with_third(item(2, "<title>Story 2")), [0, 1, 2, 3, 4]),
    "link left open": (with_third(item(2).replace("</link>", "")), [0, 1, 2, 3, 4]),
    "item left open": (with_third(item(2).replace("</item>", "")), [0, 1, 2, 3, 4]),
    "item closed twice": (with_third(item(2) + "</item>"), [0, 1, 2, 3, 4]),
    "no link": (with_third("<item><title>Story 2</title></item>"), [0, 1, 3, 4]),
    "an empty item": (with_third("<item/>"), [0, 1, 3, 4]),
    "control characters": (with_third(item(2, "<title>Story\x0b\x08\x00 2</title>")), [0, 1, 2, 3, 4]),
    "HTML entities": (with_third(item(2, "<title>AT&T &nbsp;&eacute; & 2</title>")), [0, 1, 2, 3, 4]),
    "unknown entities": (with_third(item(2, "<title>&what; &#x0; &#99999999; &#xzz;</title>")), [0, 1, 2, 3, 4]),
    "a lone <": (with_third(item(2, "<title>4 < 5 <</title>")), [0, 1, 2, 3, 4]),
    "CDATA left open": (with_third(item(2, "<title><![CDATA[Story 2</title>") + item(2)[:0]).replace("Story 3", "<![CDATA[Story 3]]>"), [0, 1, 3, 4]),
    "CDATA left open, no other": (with_third(item(2, "<title><![CDATA[Story 2</title>")), [0, 1, 3, 4]),
    "a comment left open": (with_third("<!-- " + item(2)), [0, 1, 2, 3, 4]),
    "items in a comment": (with_third("<!-- " + item(2) + " -->"), [0, 1, 3, 4]),
    "items in CDATA": (with_third(item(2, "<title>x</title><description><![CDATA[<item>no</item><item>]]></description>")), [0, 1, 2, 3, 4]),
    "an entity bomb": (with_third(item(2, "<title>&l9;</title>")).replace("<rss", f"<!DOCTYPE rss [{LAUGHS}]><rss"), [0, 1, 2, 3, 4]),
    "an external entity": (with_third(item(2, "<title>&x;</title>")).replace("<rss", '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss'), [0, 1, 2, 3, 4]),
    "a byte of cp1252": (WHOLE.replace("Story 2", "Café").encode("cp1252"), [0, 1, 2, 3, 4]),
    "cut in the fourth": (WHOLE[: len(WHOLE) * 3 // 4], [0, 1, 2]),
    "cut after an item": (HEAD + item(0) + item(1), [0, 1]),
    "a nest of 20,000 tags": (with_third(item(2, "<title>" + "<b>" * 20_000)), [0, 1, 3, 4]),
    "mismatched tags": (with_third(item(2, "<title><b>Story</i> 2</title></title>")), [0, 1, 3, 4]),
    "a link to nothing": (with_third(item(2).replace("https://paper.example/story/2", "http://[::1")), [0, 1, 3, 4]),
    "a link to a file": (with_third(item(2).replace("https://paper.example/story/2", "file:///etc/hostname")), [0, 1, 3, 4]),
    "a title of a million letters": (with_third(item(2, f"<title>{'x' * 1_000_000}</title>")), [0, 1, 3, 4]),
    "no end": (WHOLE.replace(TAIL, ""), [0, 1, 2, 3, 4]),
    "rubbish behind": (WHOLE + "<p>" * 50, [0, 1, 2, 3, 4]),
    "rubbish before": ("\n\n  <!-- made by hand -->" + WHOLE, [0, 1, 2, 3, 4]),
    "UTF-16": (WHOLE.replace("utf-8", "utf-16").encode("utf-16"), [0, 1, 2, 3, 4]),
    "gzipped": (gzip.compress(WHOLE.encode()), [0, 1, 2, 3, 4]),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_broken_item_costs_itself_at_most(name: str) -> None:
    body, expected = FAULTS[name]
    assert numbers(body) == expected


def test_the_title_of_a_broken_item_is_read_as_far_as_it_goes() -> None:
    titles = {
        name: next(c.hints.get("title") for c in read_feed(raw(name), URL).candidates if c.url.endswith("/2"))
        for name in FAULTS
        if 2 in FAULTS[name][1]
    }
    assert titles["title left open"] == titles["control characters"] == titles["sound"] == "Story 2"
    assert titles["HTML entities"] == "AT&T é & 2"
    assert titles["an entity bomb"] == "&l9;" and titles["an external entity"] == "&x;"
    assert titles["a byte of cp1252"] == "Café"


def raw(name: str) -> bytes:
    body = FAULTS[name][0]
    return body if isinstance(body, bytes) else body.encode()


@pytest.mark.parametrize(
    ("body", "broken", "lost"),
    [
        (WHOLE, None, 0),
        (HEAD + TAIL, None, 0),
        (WHOLE[: len(WHOLE) * 3 // 4], None, 1),
        (FAULTS["a link to a file"][0], None, 1),
        (FAULTS["no link"][0], None, 0),
        (HEAD, "broken-feed", 0),
        (HEAD + "<item><title>Sto", "broken-feed", 1),
        ("<html><body>Page not found</body></html>", "not-a-feed", 0),
        ("", "not-a-feed", 0),
        ("{}", "not-a-feed", 0),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": [', "broken-feed", 0),
        (gzip.compress(WHOLE.encode())[:-9], "broken-gzip", 0),
        (gzip.compress(b" " * 70_000_000), "too-big", 0),
    ],
    ids=range(13),
)
def test_what_is_wrong_is_counted(body: str | bytes, broken: str | None, lost: int) -> None:
    found = read_feed(body.encode() if isinstance(body, str) else body, URL)
    assert (found.broken, found.lost) == (broken, lost)


DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
DIALECTS = {
    "RSS 0.91": f'<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel>{item(1)}</channel></rss>',
    "RSS 0.90": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>x</title></channel><item><title>Story 1</title><link>https://paper.example/story/1</link></item></rdf:RDF>',
    "RSS 1.0": f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" {DC}><channel rdf:about="x"><items><rdf:Seq><rdf:li resource="https://paper.example/story/1"/></rdf:Seq></items></channel>'
    '<item rdf:about="https://paper.example/story/1"><title>Story 1</title><link>https://paper.example/story/1</link><dc:date>2026-11-23T08:01:00Z</dc:date><dc:creator>Lee Ji-dong</dc:creator></item></rdf:RDF>',
    "RSS 2.0": f"{HEAD}{item(1)}{TAIL}",
    "RSS 2.0 with extensions": f'<rss version="2.0" {DC} xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"><channel><atom:link rel="self" href="https://paper.example/feed"/>'
    '<item><title>Story 1</title><media:title>A picture</media:title><link>https://paper.example/story/1</link><atom:link rel="related" href="https://paper.example/other"/><dc:creator><![CDATA[Lee Ji-dong]]></dc:creator>'
    '<guid isPermaLink="false">77</guid><pubDate>Mon, 23 Nov 2026 08:01:00 +0900</pubDate><atom:updated>2026-11-23T10:00:00Z</atom:updated><media:credit>AFP</media:credit></item></channel></rss>',
    "a permanent link": f'{HEAD}<item><title>Story 1</title><guid isPermaLink="true">https://paper.example/story/1</guid></item>{TAIL}',
    "Atom 0.3": '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>Story 1</title><link rel="alternate" type="text/html" href="https://paper.example/story/1"/><issued>2026-11-23T08:01:00Z</issued><modified>2026-11-23T09:00:00Z</modified></entry></feed>',
    "Atom 1.0": '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><title type="html">Story &lt;b&gt;1&lt;/b&gt;</title><link rel="self" href="https://paper.example/entry/9"/><link href="https://paper.example/story/1"/>'
    "<id>tag:paper.example,2026:1</id><author><name>Lee Ji-dong</name><email>lee@paper.example</email></author><published>2026-11-23T08:01:00Z</published><updated>2026-11-23T09:00:00Z</updated></entry></feed>",
    "prefixed Atom": '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>Story 1</a:title><a:link href="https://paper.example/story/1"/></a:entry></a:feed>',
    "relative links": '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://paper.example/"><entry><title>Story 1</title><link href="story/1"/></entry></feed>',
}  # fmt: skip


@pytest.mark.parametrize("name", DIALECTS)
def test_a_sound_feed_is_read_as_feedparser_reads_it(name: str) -> None:
    import feedparser

    (candidate,) = read_feed(DIALECTS[name].encode(), URL).candidates
    theirs: Any = feedparser.parse(BytesIO(DIALECTS[name].encode()), sanitize_html=False)
    (entry,) = theirs.entries
    assert candidate.url == entry.link == "https://paper.example/story/1"
    assert candidate.hints.get("title", "").replace("<b>", "").replace("</b>", "") == "Story 1"
    stated = {key: dict.get(entry, key) or None for key in ("author", "published", "updated")}
    author = (stated["author"] or "").removesuffix(" (lee@paper.example)") or None
    assert candidate.hints.get("author") == author
    assert candidate.hints.get("updated") == (stated["updated"] if name != "RSS 1.0" else None)  # dc:date, to them
    assert candidate.hints.get("published") == (stated["published"] or stated["updated"])


RDF_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://purl.org/rss/1.0/">\n'
    '<channel rdf:about="https://paper.example/"><title>The Paper</title><link>https://paper.example/</link>'
    "<description></description><dc:date>2026-11-24T08:00:00+08:00</dc:date></channel>\n"
)
RDF_ITEM = (
    '<item rdf:about="https://paper.example/News/front/archives/2026/11/23/{0}"><title><![CDATA[Quay & harbor {0}]]></title>'
    "<link>https://paper.example/News/front/archives/2026/11/23/{0}</link><description></description>"
    "<dc:subject></dc:subject><dc:creator></dc:creator><dc:date>{1}</dc:date></item>\n"
)
# (what dc:date says, where a clock is stated the instant and the offset, the day in Taipei's zone)
W3C_DATES = [
    ("2026-11-23T08:00:00+08:00", "2026-11-23T00:00:00Z", "+08:00", "2026-11-23"),
    ("2026-11-23T02:30:00+08:00", "2026-11-22T18:30:00Z", "+08:00", "2026-11-23"),
    ("2026-11-23T08:00+08:00", "2026-11-23T00:00:00Z", "+08:00", "2026-11-23"),
    ("2026-11-23T00:00:00Z", "2026-11-23T00:00:00Z", "+00:00", "2026-11-23"),
    ("2026-11-23T08:00:00.000+08:00", "2026-11-23T00:00:00Z", "+08:00", "2026-11-23"),
    ("2026-11-23", None, None, "2026-11-23"),
]


def test_items_beside_the_channel_of_rss_1_are_found_with_their_dates() -> None:
    """The shape of the Taipei Times' feed: no `items` in the channel, empty creators, a date for the channel itself."""
    items = "".join(RDF_ITEM.format(number, stated) for number, (stated, *_) in enumerate(W3C_DATES))
    found = read_feed(f"{RDF_HEAD}{items}</rdf:RDF>".encode(), URL, "application/xml")
    assert (found.broken, found.lost) == (None, 0)
    assert [candidate.url.rpartition("/")[2] for candidate in found.candidates] == [
        str(n) for n in range(len(W3C_DATES))
    ]
    assert [candidate.hints for candidate in found.candidates] == [
        {"title": f"Quay & harbor {number}", "published": stated} for number, (stated, *_) in enumerate(W3C_DATES)
    ]


@pytest.mark.parametrize("prefix", ["rss:", "r:"])
def test_rss_1_with_a_prefix_of_its_own(prefix: str) -> None:
    body = RDF_HEAD.replace("xmlns=", f"xmlns:{prefix[:-1]}=") + RDF_ITEM.format(1, W3C_DATES[0][0]) + "</rdf:RDF>"
    for name in ("channel", "item", "title", "link", "description"):
        body = body.replace(f"<{name}", f"<{prefix}{name}").replace(f"</{name}", f"</{prefix}{name}")
    (candidate,) = read_feed(body.encode(), URL).candidates
    assert candidate.url.endswith("/2026/11/23/1") and candidate.hints["published"] == W3C_DATES[0][0]


HINT_CASES = {
    "source is whom the item names": ('<source url="https://wire.example/rss">Yonhap</source>', "agency", "Yonhap"),
    "an Atom source has a title": ("<source><id>x</id><title>Yonhap</title><link>https://wire.example/1</link></source>", "agency", "Yonhap"),
    "dc:source": ("<dc:source>Yonhap</dc:source>", "agency", "Yonhap"),
    "dc:date": ("<dc:date>2026-11-23</dc:date>", "published", "2026-11-23"),
    "only updated": ("<updated>2026-11-23T01:00:00Z</updated>", "published", "2026-11-23T01:00:00Z"),
    "an author by mail": ("<author>lee@paper.example (Lee Ji-dong)</author>", "author", "Lee Ji-dong"),
    "dc:creator before author": ("<author>x@paper.example</author><dc:creator>Lee Ji-dong</dc:creator>", "author", "Lee Ji-dong"),
    "the credit of a picture": ("<media:content url='/q.jpg'><media:credit>AFP</media:credit></media:content>", "author", None),
    "a title of the media": ("<media:title>A picture</media:title>", "title", None),
    "the description is no title": ("<description>&lt;title&gt;x&lt;/title&gt;</description>", "title", None),
    "an empty title": ("<title/><dc:title>Quay</dc:title>", "title", "Quay"),
    "a title in XHTML": ('<title type="xhtml"><div>The <b>wide</b> quay</div></title>', "title", "The wide quay"),
}  # fmt: skip


@pytest.mark.parametrize("name", HINT_CASES)
def test_what_an_item_states(name: str) -> None:
    markup, hint, value = HINT_CASES[name]
    body = f"{HEAD}<item>{markup}<link>https://paper.example/story/1</link></item>{TAIL}"
    (candidate,) = read_feed(body.encode(), URL).candidates
    assert candidate.hints.get(hint) == value and candidate.url == "https://paper.example/story/1"


LINK_CASES = {
    "ampersands that are none": ("<link>https://paper.example/view?a=1&b=2&copy=3</link>", "https://paper.example/view?a=1&b=2&copy=3"),
    "in CDATA": ("<link><![CDATA[ https://paper.example/view?a=1&b=2 ]]></link>", "https://paper.example/view?a=1&b=2"),
    "the feed service's is not the story's": ("<link>https://feeds.example/~r/1</link><feedburner:origLink>https://paper.example/1</feedburner:origLink>", "https://paper.example/1"),
    "a link in the description is none": ("<description><link>https://x.example/</link></description><guid>https://paper.example/1</guid>", "https://paper.example/1"),
    "a number is no permanent link": ('<guid isPermaLink="false">https://paper.example/1</guid>', None),
    "an enclosure is no page": ('<link rel="enclosure" href="https://paper.example/1.mp3"/>', None),
    "a tag URI is no page": ("<id>tag:paper.example,2026:1</id>", None),
}  # fmt: skip


@pytest.mark.parametrize("name", LINK_CASES)
def test_the_page_of_an_item(name: str) -> None:
    markup, url = LINK_CASES[name]
    found = read_feed(f"{HEAD}<item><title>x</title>{markup}</item>{TAIL}".encode(), URL)
    assert [candidate.url for candidate in found.candidates] == ([url] if url else [])


def test_an_encoding_that_only_the_header_names() -> None:
    body = f'<?xml version="1.0"?><rss><channel>{item(1, "<title>항만 확장</title>")}</channel></rss>'.encode("euc-kr")
    for content_type in ("text/xml; charset=euc-kr", None):
        (candidate,) = read_feed(body, URL, content_type).candidates
        assert candidate.url.endswith("/1")
    (candidate,) = read_feed(body, URL, "text/xml; charset=euc-kr").candidates
    assert candidate.hints["title"] == "항만 확장"


def test_a_json_feed() -> None:
    items = [
        {"id": "1", "url": "/story/1", "title": "Quay", "date_published": "2026-11-23T08:00:00+09:00", "authors": [{"name": "Lee"}, 7]},
        {"id": "https://paper.example/story/2", "title": 7},
        {"id": "3"}, 7, {"url": "javascript:alert(1)"},
    ]  # fmt: skip
    feed = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode()
    found = read_feed(feed, URL)
    assert [c.url for c in found.candidates] == [
        "https://paper.example/story/1",
        "https://paper.example/story/2",
        "https://paper.example/3",
    ]
    first, second, _ = found.candidates
    assert first.hints == {"title": "Quay", "published": "2026-11-23T08:00:00+09:00", "author": "Lee"}
    assert second.hints == {} and found.lost == 2


HOSTILE = {
    "openers": "<item>" * 150_000,
    "CDATA openers": "<item>" + "<![CDATA[" * 100_000,
    "CDATA openers and an end": "<item>" + "<![CDATA[" * 100_000 + "]]>",
    "comments": "<item>" + "<!--" * 200_000,
    "ampersands": "<item><title>" + "&" * 900_000,
    "attributes": "<item " + "a=1 " * 200_000 + ">",
    "siblings": "<item>" + "<title/>" * 100_000 + "</item>",
    "nest": "<item>" + "<link>" * 100_000,
    "brackets": "<item>" + "<" * 900_000,
    "names": "<" * 10 + "a" * 900_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_feed_takes_linear_time(name: str) -> None:
    """A megabyte in well under the seconds that any quadratic step would take."""
    with at_most(1200):
        read_feed((HEAD + HOSTILE[name]).encode(), URL)


@pytest.mark.parametrize("name", ["hex", "punycode", "rot13", "unicode_escape", "idna"])
def test_an_encoding_that_is_no_charset_costs_nothing(name: str) -> None:
    body = f'<?xml version="1.0" encoding="{name}"?><rss><channel><item><link>https://a.example/1</link><title>Quäy</title></item></channel></rss>'
    (candidate,) = read_feed(body.encode(), "https://a.example/feed").candidates
    assert candidate.url == "https://a.example/1" and candidate.hints["title"] == "Quäy"


@pytest.mark.parametrize("prefix", ["p0", "a10", "x"])
def test_a_feed_may_use_any_prefix(prefix: str) -> None:
    p = prefix
    body = (
        f'<{p}:feed xmlns:{p}="http://www.w3.org/2005/Atom"><{p}:entry><{p}:title>Quay</{p}:title>'
        f'<{p}:link href="https://a.example/1"/><{p}:updated>2026-11-20T10:00:00Z</{p}:updated></{p}:entry></{p}:feed>'
    )
    (candidate,) = read_feed(body.encode(), "https://a.example/feed").candidates
    assert candidate.url == "https://a.example/1"
    assert candidate.hints == {"title": "Quay", "published": "2026-11-20T10:00:00Z", "updated": "2026-11-20T10:00:00Z"}


@pytest.mark.parametrize(
    "link",
    [
        "<link>javascript:void(0)</link><guid>https://a.example/q?a=1</guid>",
        "<link>urn:x:1</link><guid>https://a.example/q?a=1</guid>",
        "<link/>https://a.example/q?a=1",
        "<link>a.example/q?a=1</link>",
        "<link>https://a.example/\n  q?a=1</link>",
        '<link rel="alternate" type="application/json" href="/x.json"/><link rel="alternate" type="text/html" href="/q?a=1"/>',
    ],
)
def test_the_first_link_that_names_a_page_counts(link: str) -> None:
    body = f"<rss><channel><item><title>Quay</title>{link}</item></channel></rss>"
    (candidate,) = read_feed(body.encode(), "https://a.example/feed").candidates
    assert candidate.url == "https://a.example/q?a=1"
