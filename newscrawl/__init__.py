"""newscrawl turns news-wire pages into clean, deduplicated, attributed JSON Lines.

>>> from newscrawl import read_page
>>> story = read_page(html_bytes, "https://www.koreaherald.com/article/10868779")  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newscrawl.extraction.story import read_page as read_page
    from newscrawl.items import Story as Story
    from newscrawl.spiders.api import CrawlFailed as CrawlFailed
    from newscrawl.spiders.api import crawl as crawl

__version__ = "0.1.0"

__all__ = ["CrawlFailed", "Story", "__version__", "crawl", "read_page"]

_MODULES = {
    "CrawlFailed": "newscrawl.spiders.api",
    "Story": "newscrawl.items",
    "crawl": "newscrawl.spiders.api",
    "read_page": "newscrawl.extraction.story",
}


def __getattr__(name: str) -> object:
    # Imported on first use, so that `import newscrawl` costs nothing in every command.
    if name in _MODULES:
        return getattr(import_module(_MODULES[name]), name)
    raise AttributeError(f"module 'newscrawl' has no attribute {name!r}")
