"""User names and passwords in URLs are refused at load and appear nowhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from newscrawl.security.url import has_userinfo, mask_userinfo
from newscrawl.settings_schema import SettingError, check_settings
from newscrawl.sites.loader import SiteError, read_site
from tests.conftest import Site

PASSWORD = "Kq7-hunter"
NAMED = f"http://alice:{PASSWORD}@"
HEAD = 'name = "x"\nevidence = "x"\n'
FILES = {
    "source": HEAD + f'[[source]]\nkind = "rss"\nurl = "{NAMED}wire.example/feed"',
    "name-alone": HEAD + f'[[source]]\nkind = "rss"\nurl = "https://{PASSWORD}@wire.example/feed"',
    "wrong-scheme": HEAD + f'[[source]]\nkind = "rss"\nurl = "ftp://alice:{PASSWORD}@wire.example/feed"',
    "no-scheme": HEAD + f'[[source]]\nkind = "rss"\nurl = "alice:{PASSWORD}@wire.example/feed"',
    "slash": HEAD + f'[[source]]\nkind = "rss"\nurl = "http://alice:{PASSWORD}/{PASSWORD}@wire.example/feed"',
    "domains": HEAD + f'domains = ["alice:{PASSWORD}@wire.example"]',
    "terms": HEAD + f'domains = ["wire.example"]\nterms = "see {NAMED}wire.example/terms"',
    "pattern": HEAD + f'domains = ["wire.example"]\nstory_url = ["^{NAMED}wire.example/"]',
    "unknown-key": HEAD + f'domains = ["wire.example"]\nproxy = "{NAMED}proxy.example"',
}


@pytest.mark.parametrize("name", FILES)
def test_a_site_file_with_a_password_is_refused_and_the_message_does_not_repeat_it(tmp_path: Path, name: str) -> None:
    path = tmp_path / "example.toml"
    path.write_text(FILES[name])
    with pytest.raises(SiteError) as error:
        read_site(path, {})
    assert PASSWORD not in str(error.value) and str(path) in str(error.value)
    if name in ("source", "terms", "pattern"):
        assert "remove them from the URL" in str(error.value)


@pytest.mark.parametrize("text", ["https://x.example/@user", "//x.example/a@b", "mail to ada@x.example", "a//b?c@d"])
def test_an_at_sign_elsewhere_is_no_userinfo(text: str) -> None:
    assert not has_userinfo(text)


def test_masking_leaves_other_text_as_it_is() -> None:
    assert mask_userinfo(f"url: {NAMED}x.example/a, not 'y'") == "url: ***@x.example/a, not 'y'"


@pytest.mark.parametrize("name", ["NEWSCRAWL_CONTACT", "NEWSCRAWL_SITES_DIR", "NEWSCRAWL_BROWSER"])
def test_a_setting_with_a_password_is_refused(name: str) -> None:
    with pytest.raises(SettingError, match="remove them from the URL") as error:
        check_settings({name: f"{NAMED}x.example/about"})
    assert PASSWORD not in str(error.value)


def test_a_password_appears_nowhere(site: Site) -> None:
    """Every command that meets the file or the argument: neither its output nor any file it leaves has the password."""
    source = f'[[source]]\nkind = "rss"\nurl = "{NAMED}{site.server.host}/feed"\n'
    site.write(source)
    path = site.folder / "sites" / "gazette.toml"
    commands: list[tuple[str, ...]] = [
        ("crawl", "gazette"),
        ("sites", "--check", "gazette"),
        ("list",),
        ("due",),
        ("crawl-due", "gazette"),
    ]
    ended: list[tuple[tuple[str, ...], Any]] = [(command, site.run(*command)) for command in commands]
    path.write_text(path.read_text("utf-8").replace(f"alice:{PASSWORD}@", ""), "utf-8")
    url = f"{NAMED}{site.server.host}/story"
    commands = [("crawl", "gazette", "-a", f"url={url}"), ("read", url), ("explain", url), ("why-not", url)]
    for command in commands:
        ended.append((command, site.run(*command)))
        assert ended[-1][1].returncode == 2, command
    for command, done in ended:
        assert PASSWORD not in done.stdout + done.stderr, command
    assert ended[0][1].returncode == 1 and "remove them from the URL" in ended[0][1].stderr
    left = [path for path in site.folder.rglob("*") if path.is_file() and PASSWORD.encode() in path.read_bytes()]
    assert left == []
