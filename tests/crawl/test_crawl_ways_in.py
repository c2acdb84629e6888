"""The ways into a site besides its lists: sitemaps that robots.txt names, archives by date, named stories."""

from __future__ import annotations

import gzip

import pytest

from tests.conftest import Reply, Site, story_page
from tests.crawl.test_crawl import TOWNS

ARCHIVE = '[[source]]\nkind = "archive"\nurl = "{base}/archive/{year}/{month}/{day}"\nlinks = "h3 > a"\nnext = "a[rel=next]"\nmax_pages = 3\n'


def serve_towns(site: Site) -> None:
    for town in TOWNS:
        site.server.pages[f"/news/{town}"] = story_page(town)


def urlset(site: Site, *towns: str) -> str:
    return "<urlset>" + "".join(f"<url><loc>{site.server.base}/news/{town}</loc><lastmod>2026-11-23T05:00:00Z</lastmod></url>" for town in towns) + "</urlset>"  # fmt: skip


def headlines(site: Site) -> list[str]:
    return sorted(line["headline"].split()[0] for line in site.lines())


def test_the_sitemaps_that_robots_txt_names_are_walked(site: Site) -> None:
    base = site.server.base
    site.write('[[source]]\nkind = "sitemap"\nurl = "{base}/robots.txt"\n')
    serve_towns(site)
    site.server.pages["/robots.txt"] = Reply(
        f"User-agent: *\nDisallow: /private/\nSITEMAP: {base}/index.xml # ours\nSitemap: https://elsewhere.example/x.xml\nSitemap: /plain.xml\n",
        kind="text/plain",
    )
    site.server.pages["/index.xml"] = (
        f"<sitemapindex><sitemap><loc>{base}/a.xml.gz</loc></sitemap><sitemap><loc>{base}/index.xml</loc></sitemap></sitemapindex>"
    )
    site.server.pages["/a.xml.gz"] = Reply(
        gzip.compress(urlset(site, "Calder", "Linden").encode()), kind="application/gzip"
    )
    site.server.pages["/plain.xml"] = urlset(site, "Linden", "Varn")
    assert site.crawl().returncode == 0
    assert headlines(site) == ["Calder", "Linden", "Varn"]
    assert {line["crawl"]["discovered"] for line in site.lines()} == {"sitemap"}
    assert {line["updated_at"] for line in site.lines()} == {"2026-11-23T05:00:00Z"}, "what the page does not state"
    counts = site.report()["counts"]
    assert counts["candidate/announced-twice"] == 1
    assert site.server.asked.count("/index.xml") <= 2 and site.server.asked.count("/news/Linden") == 1


def test_an_archive_is_walked_for_the_days_asked_for_and_only_then(site: Site) -> None:
    site.write(ARCHIVE + '[[source]]\nkind = "section"\nurl = "{base}/list"\nlinks = "a"\n')
    serve_towns(site)
    site.server.pages["/list"] = '<a href="/news/Sable">Sable</a>'
    site.server.pages["/archive/2015/04/29"] = '<h3><a href="/news/Calder">x</a></h3>'
    site.server.pages["/archive/2015/04/30"] = (
        '<h3><a href="/news/Linden">x</a></h3><a rel=next href="?page=2">next</a>'
    )
    site.server.pages["/archive/2015/04/30?page=2"] = '<h3><a href="/news/Varn">x</a></h3>'
    site.server.pages["/archive/2015/05/01"] = '<h3><a href="/news/Ostrava">x</a></h3>'
    assert site.crawl().returncode == 0
    assert headlines(site) == ["Sable"]
    assert site.crawl("-a", "since=2015-04-30", "-a", "until=2015-05-01").returncode == 0
    assert headlines(site) == ["Linden", "Ostrava", "Sable", "Varn"]
    found = {line["headline"].split()[0]: line for line in site.lines()}
    assert found["Varn"]["published_date"] == "2015-04-30" and found["Varn"]["published_at"] is None
    assert found["Varn"]["extraction"]["origins"]["published"] == "feed"
    assert found["Varn"]["crawl"]["discovered"] == "archive"
    assert "/archive/2015/04/29" not in site.server.asked


def test_named_stories(site: Site) -> None:
    site.write('[[source]]\nkind = "section"\nurl = "{base}/list"\nlinks = "a"\n')
    serve_towns(site)
    assert site.crawl("-a", f"url={site.server.base}/news/Calder").returncode == 0
    listed = site.folder / "urls.txt"
    base = site.server.base
    listed.write_text(f"# stories\n\n{base}/news/Varn\n{base}/news/Varn#top\n {base}/news/Linden \n", "utf-8")
    assert site.crawl("-a", f"urls={listed}").returncode == 0
    assert site.run("crawl", "gazette", "-a", "urls=-", input=f"{base}/news/Sable\n").returncode == 0
    assert headlines(site) == ["Calder", "Linden", "Sable", "Varn"]
    assert {line["crawl"]["discovered"] for line in site.lines()} == {"url"}
    assert "/list" not in site.server.asked and site.server.asked.count("/news/Varn") == 1


@pytest.mark.parametrize(
    ("arguments", "detail"),
    [
        (["url=https://elsewhere.example/story"], "is not on the site gazette"),
        (["url=ftp://elsewhere.example/story"], "must be an absolute http or https URL"),
        (["urls=no-such-file.txt"], "name a file with one URL a line"),
        (["since=2015-04-01"], 'no [[source]] of kind = "archive"'),
        (["sinse=2015-04-01"], "allowed are url, urls, since, until"),
    ],
    ids=range(5),
)
def test_arguments_that_cannot_be_used_are_told_and_nothing_is_requested(
    site: Site, arguments: list[str], detail: str
) -> None:
    site.write('[[source]]\nkind = "section"\nurl = "{base}/list"\nlinks = "a"\n')
    done = site.crawl(*(part for argument in arguments for part in ("-a", argument)))
    assert done.returncode == 2
    assert detail in done.stderr and "Traceback" not in done.stderr
    assert site.server.asked == []


def test_what_a_feed_says_is_kept_with_its_origin_and_never_beats_the_page(site: Site) -> None:
    base = site.server.base
    site.write('[[source]]\nkind = "rss"\nurl = "{base}/feed"\n')
    plain = ["The harbour council of {name} voted on Monday to widen the northern quay by next spring, its chairman said.",
             "The work will cost about nine million won, according to the plan that the council published after its session."]  # fmt: skip
    site.server.pages["/news/Calder"] = story_page("Calder")
    site.server.pages["/news/Linden"] = story_page("Linden", paragraphs=plain)
    item = "<item><title>{0} in the feed</title><link>{1}/news/{0}</link><source>AFP</source><pubDate>Mon, 23 Nov 2026 08:00:00 +0900</pubDate></item>"
    items = "".join(item.format(town, base) for town in ("Calder", "Linden"))
    broken = "<item><title>Varn <link></item>"
    site.server.pages["/feed"] = Reply(f"<rss><channel>{broken}{items}</channel></rss>", kind="application/rss+xml")
    assert site.crawl().returncode == 0
    lines = {line["headline"].split()[0]: line for line in site.lines()}
    assert (lines["Calder"]["agency"], lines["Linden"]["agency"]) == ("yonhap", "afp")
    (evidence,) = lines["Linden"]["attribution"][0]["evidence"]
    assert (evidence["where"], evidence["kind"], evidence["text"]) == ("feed", "feed", "AFP")
    assert lines["Linden"]["headline"] == "Linden widens its quay"
    assert lines["Linden"]["published_at"] == "2026-11-22T23:00:00Z"
    assert lines["Linden"]["extraction"]["origins"]["published"] == "feed"
    assert site.report()["counts"]["source/rss/lost-items"] == 1


def test_a_feed_of_rss_1_dates_its_stories_with_their_offset(site: Site) -> None:
    """Items beside the channel, dated by dc:date alone, and pages that state no date: the Taipei Times' feed."""
    from tests.discovery.test_feeds import RDF_HEAD, RDF_ITEM, W3C_DATES

    site.write('[[source]]\nkind = "rss"\nurl = "{base}/index.rss"\n')
    items = ""
    for number, (stated, *_) in enumerate(W3C_DATES):
        items += RDF_ITEM.format(number, stated).replace("https://paper.example", site.server.base)
        town = TOWNS[number] if number < len(TOWNS) else f"Newtown {number}"
        site.server.pages[f"/News/front/archives/2026/11/23/{number}"] = story_page(town)
    site.server.pages["/index.rss"] = Reply(f"{RDF_HEAD}{items}</rdf:RDF>", kind="application/rdf+xml; charset=utf-8")
    assert site.crawl().returncode == 0
    lines = {int(line["url"].rpartition("/")[2]): line for line in site.lines()}
    assert sorted(lines) == list(range(len(W3C_DATES)))
    for number, (stated, instant, offset, day) in enumerate(W3C_DATES):
        line = lines[number]
        got = (line["published_at"], line["published_offset"], line["published_date"], line["published_raw"])
        assert got == (instant, offset, day, stated)
        assert line["time_zone_basis"] == ("explicit" if instant else "unknown")
        assert line["extraction"]["origins"]["published"] == "feed"
