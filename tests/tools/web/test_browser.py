"""The pages in a real browser: they open, search and keyboard work, hostile words do nothing, and nobody else is asked."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import pytest

from newscrawl.downloader.browser import BROWSERS
from tests.tools.web.conftest import Served
from tests.tools.web.made import made_line
from tests.tools.web.test_pages import PAGES

CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; on Debian: apt-get install chromium")
SCHEMES = ("light", "dark")
# The contrast that WCAG AA asks for, of every text on what lies behind it.
LOW_CONTRAST = """() => {
  const rgb = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, n) => sum + v * [.2126, .7152, .0722][n], 0);
  const behind = (e) => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length === 3 || c[3] > .99) return c.slice(0, 3); } return rgb(getComputedStyle(document.body).backgroundColor); };
  const found = [];
  for (const e of document.querySelectorAll("body *")) {
    if (!e.checkVisibility() || ![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
    const style = getComputedStyle(e), svg = e instanceof SVGElement;
    const [a, b] = [light(rgb(svg ? style.fill : style.color)), light(behind(e))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) found.push(`${e.tagName} ${e.textContent.trim().slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return found;
}"""


@dataclass
class Tab:
    """A page of the browser, and everything that happened in it."""

    page: Any
    base: str
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Any:
        self.page.goto(self.base + path)
        return self.page


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=[*arguments, "--disable-dev-shm-usage"])
        yield started
        started.close()


@pytest.fixture
def tab(browser: Any, served: Served, request: pytest.FixtureRequest) -> Iterator[Tab]:
    options = getattr(request, "param", {})
    context = browser.new_context(**options)
    found = Tab(context.new_page(), served.base)
    found.page.on("request", lambda asked: found.asked.append(asked.url))
    found.page.on(
        "console", lambda said: found.complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
    yield found
    context.close()


def test_pages_open_ask_nobody_else_and_run_nothing_of_a_story(tab: Tab) -> None:
    for path in PAGES:
        page = tab.open(path)
        assert page.title() != "ran", path
        assert page.locator("main h1").count() == 1, path
    assert [url for url in tab.asked if not url.startswith(f"{tab.base}/")] == []
    assert tab.complaints == []


def test_the_policy_would_stop_what_slipped_through(tab: Tab) -> None:
    """The second wall: even markup that got into a page runs nothing and loads nothing."""
    page = tab.open("/")
    page.evaluate(
        "() => { const s = document.createElement('div'); s.innerHTML = '<img src=x onerror=\"document.title=`ran`\">'; document.body.append(s); }"
    )
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'document.title=`ran`'; document.body.append(s); }"
    )
    page.evaluate(
        "() => { const s = document.createElement('img'); s.src = 'https://elsewhere.example/x.png'; document.body.append(s); }"
    )
    page.wait_for_timeout(200)
    assert page.title() != "ran"
    assert any("Content Security Policy" in said for said in tab.complaints)


def test_search_and_facets(tab: Tab) -> None:
    page = tab.open("/")
    page.fill("#text", "quay")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?text=quay")
    assert page.locator(".snippet mark").first.text_content().lower() == "quay"
    page.locator(".facet a", has_text="other.example").click()
    page.wait_for_url("**site=other.example*")
    headlines = page.locator("ol.stories .headline")
    assert headlines.all_text_contents() == ["Quay will be wider"]
    page.locator(".chips a", has_text="site").click()
    page.wait_for_url(lambda url: "site=" not in url)  # counting does not wait for a page
    assert headlines.count() == 30
    page.locator("a[rel=next]").click()
    page.wait_for_url("**before=*")
    assert headlines.count() > 0


def test_keys(tab: Tab) -> None:
    page = tab.open("/search")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for _ in range(2):
        page.keyboard.press("j")
    second = page.locator(".headline").nth(1).text_content()
    assert page.evaluate("document.activeElement.textContent") == second
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == page.locator(".headline").first.text_content()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "text"
    page.keyboard.type("j/k")
    assert page.input_value("#text") == "j/k"
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/story?id=*")


def test_a_story_is_marked_and_its_copy_stands_beside(tab: Tab) -> None:
    page = tab.open(f"/story?id={quote(made_line('1')['id'])}")
    assert page.locator(".text mark").all_text_contents() == ["(Yonhap)"]
    assert page.locator(".beside > div").count() == 2
    left, right = page.locator(".beside > div").all()
    assert abs(left.bounding_box()["y"] - right.bounding_box()["y"]) < 2
    page.get_by_text("The archived page, as source").click()
    assert "document.title='ran'" in page.locator("pre.source").text_content()
    assert page.title() != "ran"


def test_a_mark_of_a_picture_leads_to_its_stories(tab: Tab) -> None:
    page = tab.open("/")
    assert page.locator(".plot svg").count() == 4
    page.locator(".plot-days a").first.click()
    page.wait_for_url("**/search?*day=2026-*")
    assert page.locator("ol.stories .headline").count() > 0


@pytest.mark.parametrize("tab", [{"viewport": {"width": 360, "height": 740}}], indirect=True)
def test_nothing_is_wider_than_a_phone(tab: Tab) -> None:
    for path in PAGES:
        page = tab.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


@pytest.mark.parametrize("tab", [{"color_scheme": scheme} for scheme in SCHEMES], ids=SCHEMES, indirect=True)
def test_all_text_can_be_read(tab: Tab) -> None:
    papers = []
    for path in PAGES:
        page = tab.open(path)
        assert page.evaluate(LOW_CONTRAST) == [], path
        papers.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(set(papers)) == 1
