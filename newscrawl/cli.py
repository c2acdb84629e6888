"""The console script `newscrawl`: Scrapy's command line with our settings, from any directory."""

from __future__ import annotations

import os


def main() -> None:
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "newscrawl.settings")
    from scrapy.cmdline import execute

    execute()


if __name__ == "__main__":
    main()
