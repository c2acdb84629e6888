"""The console script `newscrawl`: Scrapy's command line with newscrawl's settings, from any folder.

In a folder with a scrapy.cfg, or below it, the settings module that it names is used, as `scrapy` does.
"""

from __future__ import annotations

import os
import signal
import sys

SETTINGS_VARIABLE = "SCRAPY_SETTINGS_MODULE"


def main() -> None:
    from newscrawl.monitoring.signals import stop_at_once

    stop_at_once([signal.SIGTERM])  # importing takes most of a second, and there is nothing to finish before it is over
    _choose_settings()
    try:
        try:
            _execute()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # the reader of Scrapy's own commands has enough, as in `list | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _execute() -> None:
    """Run the command; without one, list the commands. It ends by SystemExit."""
    if all(argument in ("-h", "--help") for argument in sys.argv[1:]):
        from newscrawl.commands._overview import print_overview

        print_overview()
        sys.exit(0)
    from scrapy.cmdline import execute

    execute()


def _choose_settings() -> None:
    """Take the settings module of the project around the current folder, else newscrawl's own."""
    from scrapy.utils.conf import closest_scrapy_cfg, init_env

    if closest_scrapy_cfg():  # also where the variable is set: a crawl that we start must find the project's modules
        init_env(os.environ.get("SCRAPY_PROJECT", "default"))
    module = os.environ.setdefault(SETTINGS_VARIABLE, "newscrawl.settings")
    if module != "newscrawl.settings":
        _require_newscrawl(module)


def _require_newscrawl(module: str) -> None:
    """Stop where a project's settings do not build on newscrawl's: its commands and pipelines would be missing."""
    from scrapy.utils.project import get_project_settings

    try:
        settings = get_project_settings()
    except ImportError as error:
        raise SystemExit(f"error: the settings module {module} cannot be imported: {error}") from None
    if "NEWSCRAWL_OUTPUT_DIR" not in settings:
        raise SystemExit(
            f"error: the settings module {module} does not build on newscrawl's. "
            "Put `from newscrawl.settings import *` at its top, or run newscrawl from another folder"
        )


if __name__ == "__main__":
    main()
