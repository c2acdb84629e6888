from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from newscrawl.sites.loader import SiteError, read_site
from newscrawl.sites.model import Site, on_domains
from newscrawl.sites.registry import load_site, load_sites, site_files, site_of

GOOD = """
name = "Example Wire"
evidence = "none"
language = "en"
timezone = "Asia/Seoul"
story_id = 'AEN(\\d{5})'
story_url = ['/view/']
terms = "no AI training (terms of 2026-01)"
delay_seconds = 0.5
[[source]]
kind = "section"
url = "https://www.wire.example/national"
links = "h3 > a"
[[source]]
kind = "rss"
url = "https://feeds.wire.example:8080/rss"
[[layout]]
since = 2026-01-28
body = "article p"
[[layout]]
until = 2026-01-27
body = "#old p"
drop = ".share"
[expect]
stories_per_day = [1, 9]
filled = { body = 0.98 }
"""


def read(tmp_path: Path, text: str, name: str = "example") -> Site:
    path = tmp_path / f"{name}.toml"
    path.write_text(text, "utf-8")
    return read_site(path, {"yonhap": 1})


def test_a_site_file_is_read(tmp_path: Path) -> None:
    site = read(tmp_path, GOOD)
    assert (site.id, site.delay_seconds, len(site.sources)) == ("example", 0.5, 2)
    assert site.domains == ("wire.example", "feeds.wire.example:8080")
    assert site.story_key("https://wire.example/view/AEN12345?x") == "12345"
    assert site.story_key("https://wire.example/view/1") is None
    assert site.is_story_url("https://wire.example/view/1") and not site.is_story_url("https://wire.example/list")
    assert site.expect.filled == (("body", 0.98),) and site.terms == "no AI training (terms of 2026-01)"
    assert site.rules.startswith("example@")
    newest, old = site.layout_on(date(2026, 2, 1)), site.layout_on(date(2026, 1, 27))
    assert newest is not None and newest.body == "article p"
    assert old is not None and old.body == "#old p" and old.drop == (".share",)
    assert site.layout_on(None) == newest


COMPLAINTS = [
    ('name = ""', "name: must be a text that is not empty"),
    ('timezone = "Seoul"', "timezone: must be a time zone of the IANA database such as Asia/Seoul, not 'Seoul'"),
    ('agency = "yonap"', "agency: must be an id of agencies.toml such as yonhap or ap, not 'yonap'"),
    ('agency = ["ap"]', "agency: must be a text that is not empty, not ['ap']"),
    ("name = " + "[" * 5000, "example.toml: "),
    ('kind = "blog"', "kind: must be one of wire, newspaper, broadcaster, portal, magazine, press-release, not 'blog'"),
    ("delay_seconds = -1", "delay_seconds: must be a number from 0 to 3600, not -1"),
    ('delay_seconds = "1"', "delay_seconds: must be a number from 0 to 3600, not '1'"),
    ("delay_seconds = true", "delay_seconds: must be a number from 0 to 3600, not True"),
    ('story_id = "("', "story_id: must be a regular expression"),
    ('encoding = "utf-99"', "encoding: must be an encoding that Python knows such as euc-kr, not 'utf-99'"),
    ('domains = ["https://x.example"]', "domains: must be hosts in lower case"),
    ('colour = "red"', "colour: is not known; allowed are name, country"),
    (
        '[[source]]\nkind = "atom"\nurl = "http://a.example/"',
        "source[1].kind: must be one of rss, news-sitemap, sitemap, section, archive, not 'atom'",
    ),
    ('[[source]]\nkind = "rss"\nurl = "/feed"', "source[1].url: must be an absolute http or https URL, not '/feed'"),
    ('[[source]]\nkind = "rss"\nurl = "file:///etc/passwd"', "source[1].url: must be an absolute http or https URL"),
    ('[[source]]\nkind = "section"\nurl = "http://a.example/"', "source[1].links: is missing"),
    (
        '[[source]]\nkind = "archive"\nurl = "http://a.example/{year}/{day}"\nlinks = "a"',
        "source[1].url: must hold {year}",
    ),
    (
        '[[source]]\nkind = "archive"\nurl = "http://a.example/{year}/{week}"\nlinks = "a"',
        "source[1].url: must hold {year}",
    ),
    ('[[source]]\nkind = "archive"\nurl = "http://{year}.a.example/"\nlinks = "a"', "source[1].url: must hold {year}"),
    ('[[source]]\nkind = "archive"\nurl = "http://a.example/{year}"', "source[1].links: is missing; kind archive"),
    ('[source]\nkind = "rss"', "source: must be written [[source]]"),
    ('[[layout]]\nbody = "p["', "layout[1].body: must be a CSS selector, not 'p['"),
    (
        '[[layout]]\nsince = "2026-01-28"',
        "layout[1].since: must be a date such as 2026-01-28 (without quotes), not '2026-01-28'",
    ),
    ("[[layout]]\nlede = 1", "layout[1].lede: is not known; allowed are since, until, headline"),
    ("[expect]\nstories_per_day = [9, 1]", "expect.stories_per_day: must be two whole numbers, the lower first"),
    ('terms = ""', "terms: must be a text that is not empty, not ''"),
    ("terms = ['no']", "terms: must be a text that is not empty, not ['no']"),
    ("[expect]\nfilled = { body = 98 }", "expect.filled: must be a number from 0 to 1, not 98"),
    ("[expect]\nfilled = { lede = 1 }", "expect.filled: must be a table with keys of headline, body"),
    ("name = 1\nname = 2", "Cannot overwrite"),
    ("", "source: is missing"),
]


@pytest.mark.parametrize(("text", "complaint"), COMPLAINTS, ids=range(len(COMPLAINTS)))
def test_a_complaint_names_file_key_and_allowed_values(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(SiteError) as error:
        read(tmp_path, text)
    assert any(
        line.startswith(f"{tmp_path}/example.toml: ") and complaint in line for line in str(error.value).splitlines()
    )


@pytest.mark.parametrize("name", ["replay", "Example", "a_b", "-a"])
def test_a_file_name_must_be_a_site_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(SiteError, match="file name: must match"):
        read(tmp_path, GOOD, name)


@pytest.mark.parametrize(
    ("url", "is_there"),
    [
        ("https://wire.example/x", True),
        ("http://WWW.wire.example/x", True),
        ("https://wire.example:443/x", True),
        ("https://wire.example:8443/x", False),
        ("https://badwire.example/x", False),
        ("https://wire.example.evil.example/x", False),
        ("http://127.0.0.1:80/x", False),
        ("http://127.0.0.1:81/x", True),
        ("ftp://wire.example/x", False),
    ],
)
def test_domains_match_whole_labels_and_ports(url: str, is_there: bool) -> None:
    assert on_domains(url, ("wire.example", "127.0.0.1:81")) is is_there


def test_our_own_site_files_are_right_and_say_what_they_rest_on() -> None:
    sites, errors = load_sites()
    assert not errors
    assert {"yonhap", "yonhap-ko", "koreaherald"} <= {site.id for site in sites}
    assert all(site.evidence for site in sites)


def test_a_users_folder_adds_and_overrides(tmp_path: Path) -> None:
    (tmp_path / "koreaherald.toml").write_text(
        'name = "Mine"\nevidence = "none"\ndomains = ["koreaherald.com"]', "utf-8"
    )
    (tmp_path / "broken.toml").write_text("name = 1", "utf-8")
    assert load_site(site_files(str(tmp_path))["koreaherald"]).name == "Mine"
    sites, errors = load_sites(str(tmp_path))
    assert "yonhap" in {site.id for site in sites} and len(errors) == 1
    with pytest.raises(SiteError, match="is not a folder"):
        site_files(str(tmp_path / "nowhere"))


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://en.yna.co.kr/view/AEN20261123000100315", "yonhap"),
        ("https://www.yna.co.kr/view/AKR20261123000100315", "yonhap-ko"),
        ("http://www.koreaherald.com/view.php?ud=1", "koreaherald"),
        ("https://EN.YNA.CO.KR/view/AEN20261123000100315", "yonhap"),
        ("https://unknown.example/", None),
    ],
)
def test_the_site_of_a_url(url: str, name: str | None) -> None:
    found = site_of(url)
    assert (found.id if found else None) == name
