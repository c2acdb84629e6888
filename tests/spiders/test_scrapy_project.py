"""newscrawl in Scrapy's own ways: shell, parse, genspider, runspider, a user's project with spiders of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Site, story_page

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = """
from newscrawl.settings import *

SPIDER_MODULES = ["desk.spiders"]
NEWSPIDER_MODULE = "desk.spiders"
NEWSCRAWL_SITES_DIR = {sites!r}
NEWSCRAWL_OUTPUT_DIR = "output"
NEWSCRAWL_ALLOWED_PRIVATE_HOSTS = [{host!r}]
DOWNLOAD_DELAY = 0
"""
SPIDER = """
import scrapy
from newscrawl import Story, read_page


class DeskSpider(scrapy.Spider):
    name = "desk"
    start_urls = ["{base}/Varn", "{base}/Varn?utm_source=x", "{base}/Linden"]

    def parse(self, response):
        {body}
"""
READ = "yield read_page(response.body, response.url)"
DICT = 'yield {"url": response.url}'
BY_HAND = "yield Story(url=response.url, headline='A hand-made story', text='Its first paragraph.\\n\\nIts second.')"
INCOMPLETE = "yield Story(url=response.url, headline='No text')"


@pytest.fixture
def desk(site: Site) -> Path:
    """A Scrapy project with a spider, whose settings import newscrawl's; one site file beside it."""
    site.write('[[source]]\nkind = "section"\nurl = "{base}/list"\nlinks = "h3 > a"\n')
    site.server.pages |= {f"/{town}": story_page(town) for town in ("Varn", "Linden")}
    site.server.pages["/Varn?utm_source=x"] = story_page("Varn")
    site.server.pages["/list"] = '<h3><a href="/Varn">Varn</a></h3>'
    folder = site.folder / "project"
    (folder / "desk" / "spiders").mkdir(parents=True)
    (folder / "scrapy.cfg").write_text("[settings]\ndefault = desk.settings\n")
    (folder / "desk" / "__init__.py").write_text("")
    (folder / "desk" / "spiders" / "__init__.py").write_text("")
    made = SETTINGS.format(sites=str(site.folder / "sites"), host=site.server.host)
    (folder / "desk" / "settings.py").write_text(made)
    return folder


def spider(desk: Path, site: Site, body: str) -> Path:
    path = desk / "desk" / "spiders" / "desk.py"
    path.write_text(SPIDER.replace("{base}", site.server.base).replace("{body}", body))
    return path


def scrapy(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    environment = {name: value for name, value in os.environ.items() if name != "SCRAPY_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "scrapy", *args]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=folder, check=False, env={**environment, "PYTHONPATH": path}
    )


def lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for file in (folder / "output").rglob("*.jsonl") for line in file.read_text().splitlines()]


def test_own_spiders_are_listed_beside_the_sites(desk: Path, site: Site) -> None:
    spider(desk, site, READ)
    assert {"desk", "gazette", "yonhap"} <= set(scrapy(desk, "list").stdout.split())


def test_a_site_is_crawled_in_a_project_of_ones_own(desk: Path, site: Site) -> None:
    done = scrapy(desk, "crawl", "gazette")
    assert done.returncode == 0, done.stderr[-2000:]
    assert [line["headline"] for line in lines(desk)] == ["Varn widens its quay"]


def test_a_story_of_an_own_spider_is_deduplicated_and_written(desk: Path, site: Site) -> None:
    spider(desk, site, READ)
    done = scrapy(desk, "crawl", "desk")
    assert done.returncode == 0, done.stderr[-2000:]
    written = lines(desk)
    assert sorted(str(line["headline"]) for line in written) == ["Linden widens its quay", "Varn widens its quay"]
    assert all(line["crawl"]["run"] and line["crawl"]["fetched_at"] for line in written)  # type: ignore[index]
    assert "identify/unchanged" in done.stderr or "identify/same-text" in done.stderr
    again = scrapy(desk, "crawl", "desk")
    assert again.returncode == 0 and len(lines(desk)) == 2, "a second run writes nothing twice"
    assert len(list((desk / "output" / "runs").glob("*.json"))) == 2


def test_a_site_then_knows_what_an_own_spider_wrote(desk: Path, site: Site) -> None:
    spider(desk, site, READ)
    scrapy(desk, "crawl", "desk")
    assert scrapy(desk, "crawl", "gazette").returncode == 0
    assert len(lines(desk)) == 2 or sum(line["cluster"]["relation"] == "copy" for line in lines(desk)) == 1  # type: ignore[index]


def test_other_items_go_to_feed_exports(desk: Path, site: Site) -> None:
    spider(desk, site, DICT)
    done = scrapy(desk, "crawl", "desk", "-O", "urls.json")
    assert done.returncode == 0 and len(json.loads((desk / "urls.json").read_text())) == 3
    assert lines(desk) == []


def test_a_story_made_by_hand_gets_what_follows_from_its_fields(desk: Path, site: Site) -> None:
    spider(desk, site, BY_HAND)
    done = scrapy(desk, "crawl", "desk")
    assert done.returncode == 0, done.stderr[-2000:]
    line = lines(desk)[0]
    assert line["source"]["id"] == "127.0.0.1" and str(line["id"]).startswith("127.0.0.1:")  # type: ignore[index]
    assert [block["text"] for block in line["body"]] == ["Its first paragraph.", "Its second."]  # type: ignore[attr-defined]


def test_a_story_that_cannot_be_written_is_an_error(desk: Path, site: Site) -> None:
    spider(desk, site, INCOMPLETE)
    done = scrapy(desk, "crawl", "desk")
    assert done.returncode == 5
    assert "This Story cannot be written: text of" in done.stderr


def test_runspider_writes_stories_too(desk: Path, site: Site) -> None:
    path = spider(desk, site, READ)
    alone = shutil.move(path, desk / "alone.py")
    done = scrapy(desk, "runspider", str(alone))
    assert done.returncode == 0, done.stderr[-2000:]
    assert len(lines(desk)) == 2
    assert scrapy(desk, "runspider", "nosuch.py").returncode == 2


def test_shell_fetch_and_parse_write_nothing(desk: Path, site: Site) -> None:
    url = f"{site.server.base}/Varn"
    shell = scrapy(desk, "shell", url, "-c", "print(spider.name, response.css('h1::text').get())")
    assert "gazette Varn widens its quay" in shell.stdout, shell.stderr[-2000:]
    assert "None" in scrapy(desk, "shell", "-c", "print(response)").stdout
    assert "<h1>Varn widens its quay" in scrapy(desk, "fetch", url).stdout
    parsed = scrapy(desk, "parse", url, "--nocolour", "--spider", "gazette")
    assert "'headline': 'Varn widens its quay'" in parsed.stdout, parsed.stderr[-2000:]
    assert lines(desk) == [] and not (desk / "output" / "runs").exists()


def test_genspider_writes_a_spider_that_is_listed(desk: Path, site: Site) -> None:
    done = scrapy(desk, "genspider", "courier", "courier.example")
    assert done.returncode == 0 and (desk / "desk" / "spiders" / "courier.py").exists()
    assert "courier" in scrapy(desk, "list").stdout.split()


def test_genspider_in_the_checkout_writes_where_list_looks() -> None:
    from newscrawl import settings

    assert settings.NEWSPIDER_MODULE in settings.SPIDER_MODULES
    folder = ROOT / settings.NEWSPIDER_MODULE.replace(".", "/")
    assert (folder / "__init__.py").exists()
