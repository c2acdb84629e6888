"""Pages that fill themselves by script, through a real Chromium."""

from __future__ import annotations

import asyncio
import json
import shutil
import struct
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest

from newscrawl.downloader.browser import BROWSERS, GuardedProxy
from newscrawl.security.address import AllowedHosts
from tests.conftest import PARAGRAPHS, LocalServer, Reply, Site, story_page

needs_chromium = pytest.mark.skipif(
    find_spec("scrapy_playwright") is None or not any(map(shutil.which, BROWSERS)),
    reason="no Chromium, or the extra `browser` is not installed",
)
TOML = 'render = true\n[[source]]\nkind = "section"\nurl = "{base}/news"\nlinks = "h3 > a"\n'


@pytest.fixture
def canary() -> Iterator[LocalServer]:
    """A server on loopback that nobody has allowed."""
    with LocalServer() as running:
        threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield running
        running.shutdown()


def filled_by_script(body: str) -> str:
    return f"<html lang=en><head><title>x - The Gazette</title></head><body><div id=app></div><script>{body}</script></body></html>"


FETCHED = (
    "fetch('/story.json').then(answer => answer.json()).then(story => {"
    "const put = (tag, text) => { const node = document.createElement(tag); node.textContent = text; document.getElementById('app').append(node); };"
    "put('h1', story.headline); story.paragraphs.forEach(text => put('p', text)); });"
)


@needs_chromium
def test_a_page_is_read_as_the_browser_shows_it(site: Site, server: LocalServer, canary: LocalServer) -> None:
    story = {"headline": "Calder widens its quay", "paragraphs": [text.format(name="Calder") for text in PARAGRAPHS]}
    links = (
        "document.getElementById('app').innerHTML = '<h3><a href=/a-1>Calder</a></h3><h3><a href=/b-2>Varn</a></h3>';"
    )
    server.pages = {
        "/robots.txt": Reply("User-agent: *\nDisallow: /b-2\n", kind="text/plain"),
        "/news": filled_by_script(links),
        "/a-1": filled_by_script(f"fetch('{canary.base}/secret').catch(() => 0);" + FETCHED)
        + f"<img src=/q.jpg><img src={canary.base}/pixel>",
        "/story.json": Reply(json.dumps(story), kind="application/json"),
    }
    site.write(TOML)
    done = site.crawl()
    assert done.returncode in (0, 4), done.stderr
    (line,) = site.lines()
    assert line["headline"] == "Calder widens its quay" and len(line["body"]) == len(PARAGRAPHS)
    assert line["agency"] == "yonhap"
    assert "/b-2" not in server.asked and "/q.jpg" not in server.asked  # robots.txt counts, pictures are left out
    assert canary.asked == []
    assert site.report()["counts"]["refused/browser-loopback"] >= 1


@needs_chromium
def test_a_redirect_within_the_browser_reaches_no_private_address(
    site: Site, server: LocalServer, canary: LocalServer
) -> None:
    server.pages = {
        "/news": "<h3><a href=/a-1>One</a></h3><h3><a href=/b-2>Two</a></h3>",
        "/a-1": Reply("", 302, headers={"Location": f"{canary.base}/secret"}),
        "/b-2": filled_by_script(f"location = '{canary.base}/secret';"),
    }
    site.write(TOML)
    site.crawl()
    assert canary.asked == [] and site.lines() == []
    assert site.report()["counts"]["refused/no-page"] == 1


def pages_of_two_sites(site: Site, server: LocalServer) -> None:
    """One site whose list and stories are made by scripts, and a plain one beside it whose page has a script too."""
    dated = '<meta property="article:published_time" content="2026-11-23T09:00:00Z">'
    text = "".join(f"<p>{text.format(name='Calder')}</p>" for text in PARAGRAPHS)
    shown = f"<article><h1>Calder widens its quay</h1>{text}</article>"
    rss = f"<rss version='2.0'><channel><title>x</title><item><link>{server.base}/plain-3</link></item></channel></rss>"
    server.pages = {
        "/news": filled_by_script("document.getElementById('app').innerHTML = '<h3><a href=/a-1>Calder</a></h3>';"),
        "/a-1": filled_by_script(f"document.getElementById('app').innerHTML = `{shown}`;").replace("<title>", f"{dated}<title>"),
        "/feed.xml": Reply(rss, kind="application/rss+xml"),
        "/plain-3": story_page("Linden", dated).replace("</body>", "<script>fetch('/by-script')</script></body>"),
    }  # fmt: skip
    site.write(TOML, "scripted")
    site.write(TOML.replace("render = true\n", ""), "unsaid")
    site.write('[[source]]\nkind = "rss"\nurl = "{base}/feed.xml"\n', "plain")
    site.write('render = true\n[[source]]\nkind = "rss"\nurl = "{base}/feed.xml"\n', "announced")


def checked(site: Site, *options: str) -> dict[str, dict[str, Any]]:
    done = site.run("sites", "--check", "--json", *options, timeout=90)
    assert "Traceback" not in done.stderr, done.stderr
    return {record["id"]: record for record in map(json.loads, done.stdout.splitlines())}


@needs_chromium
def test_a_check_looks_at_rendered_sites_through_the_browser_and_at_no_others(site: Site, server: LocalServer) -> None:
    pages_of_two_sites(site, server)
    found = checked(site, "scripted", "unsaid", "plain")
    assert {name: record["verdict"] for name, record in found.items()} == {
        "scripted": "good", "unsaid": "failed", "plain": "good",
    }, found  # fmt: skip
    assert [finding["what"] for finding in found["scripted"]["findings"]] == ["section", "story"]
    assert "/by-script" not in server.asked


def test_a_check_without_a_browser_says_what_it_did_not_look_at(site: Site, server: LocalServer) -> None:
    pages_of_two_sites(site, server)
    found = checked(site, "-s", "NEWSCRAWL_BROWSER=no-such-browser", "scripted", "announced", "plain")
    assert {name: record["verdict"] for name, record in found.items()} == {
        "scripted": "failed", "announced": "failed", "plain": "good",
    }, found  # fmt: skip
    (section,) = found["scripted"]["findings"]
    source, story = found["announced"]["findings"]
    assert (source["problem"], story["what"]) == (None, "story")
    for finding in (section, story):
        assert finding["problem"] == "not looked at: render = true, and there is no browser"
        assert "'no-such-browser' is not a program that can be run" in finding["advice"]
    assert "/news" not in server.asked


def test_without_a_browser_the_error_says_what_to_install(site: Site) -> None:
    site.write(TOML)
    done = site.crawl("-s", "NEWSCRAWL_BROWSER=no-such-browser")
    assert done.returncode == 1
    assert "NEWSCRAWL_BROWSER: 'no-such-browser' is not a program that can be run" in done.stderr


@pytest.mark.parametrize("value", ['"yes"', "1", '"true"'])
def test_render_is_true_or_false(site: Site, value: str) -> None:
    site.write(TOML.replace("true", value, 1))
    done = site.crawl()
    assert done.returncode == 1 and "render: must be true or false" in done.stderr


# (host, port or None for the server's, whether it is allowed, what the proxy answers)
ASKED = {
    "a private address": ("127.0.0.1", None, False, 2),
    "a name of it": ("localhost", None, False, 2),
    "an odd spelling of it": ("127.1", None, False, 2),
    "one that the user allows": ("127.0.0.1", None, True, 0),
    "nobody listens": ("127.0.0.1", 1, True, 4),
}


@pytest.mark.parametrize(("host", "port", "is_allowed", "expected"), ASKED.values(), ids=ASKED)
def test_the_proxy_connects_to_what_may_be(
    server: LocalServer, host: str, port: int | None, is_allowed: bool, expected: int
) -> None:
    port = port or server.server_address[1]
    pairs = AllowedHosts(frozenset({(host, port)} if is_allowed else set()))
    assert asyncio.run(socks_reply(GuardedProxy(pairs, lambda reason: None), host, port)) == expected


async def socks_reply(proxy: GuardedProxy, host: str, port: int) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", await proxy.start())
    name = host.encode()
    writer.write(b"\x05\x01\x00" + b"\x05\x01\x00\x03" + bytes((len(name),)) + name + struct.pack("!H", port))
    greeting, reply = await reader.readexactly(2), await reader.readexactly(10)
    writer.close()
    proxy.close()
    assert greeting == b"\x05\x00"
    return reply[1]


@pytest.mark.parametrize("sent", [b"GET / HTTP/1.1\r\n\r\n", b"\x04\x01\x00\x50\x7f\x00\x00\x01\x00", b"\x05", b""])
def test_whatever_else_is_hung_up_on(sent: bytes) -> None:
    async def rest() -> bytes:
        proxy = GuardedProxy(AllowedHosts(), lambda reason: None)
        reader, writer = await asyncio.open_connection("127.0.0.1", await proxy.start())
        writer.write(sent)
        writer.write_eof()
        got = await asyncio.wait_for(reader.read(100), 5)
        proxy.close()
        return got

    assert not asyncio.run(rest())[2:].startswith(b"\x05\x00")
