"""newscrawl turns news-wire pages into clean, deduplicated, attributed JSON Lines.

>>> from newscrawl import read_page
>>> story = read_page(html_bytes, "https://www.koreaherald.com/article/10868779")  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.version import __version__

if TYPE_CHECKING:
    from newscrawl.reading import read_page as read_page

__all__ = ["__version__", "read_page"]


def __getattr__(name: str) -> object:
    # Lazy: `import newscrawl` must not pay for the HTML parser in every scrapy command.
    if name == "read_page":
        from newscrawl.reading import read_page

        return read_page
    raise AttributeError(f"module 'newscrawl' has no attribute {name!r}")
