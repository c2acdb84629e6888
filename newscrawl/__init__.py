"""newscrawl turns news-wire pages into clean, deduplicated, attributed JSON Lines.

>>> from newscrawl import read_page
>>> story = read_page(html_bytes, "https://www.koreaherald.com/article/10868779")  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newscrawl.extraction.story import read_page as read_page

__version__ = "0.1.0"

__all__ = ["__version__", "read_page"]


def __getattr__(name: str) -> object:
    # Lazy: `import newscrawl` must not pay for the HTML parser in every scrapy command.
    if name == "read_page":
        from newscrawl.extraction.story import read_page

        return read_page
    raise AttributeError(f"module 'newscrawl' has no attribute {name!r}")
