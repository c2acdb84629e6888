"""The console script `newscrawl`: Scrapy's command line with our settings, from any directory."""

from __future__ import annotations

import os
import signal


def main() -> None:
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "newscrawl.settings")
    from newscrawl.stopping import stop_at_once

    stop_at_once([signal.SIGTERM])  # importing takes most of a second; nothing is touched before it is over
    from scrapy.cmdline import execute

    execute()


if __name__ == "__main__":
    main()
