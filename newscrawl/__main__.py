"""The console script `newscrawl`: Scrapy's command line with our settings, from any directory."""

from __future__ import annotations

import os
import signal
import sys


def main() -> None:
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "newscrawl.settings")
    from newscrawl.monitoring.signals import stop_at_once

    stop_at_once([signal.SIGTERM])  # importing takes most of a second; nothing is touched before it is over
    from scrapy.cmdline import execute

    try:
        try:
            execute()  # it ends by SystemExit
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # whoever read Scrapy's own commands, `list | head` say, has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
