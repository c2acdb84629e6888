"""`newscrawl fetch URL`: Scrapy's own command; nothing is written to the output folder."""

from __future__ import annotations

from scrapy.commands import fetch


class Command(fetch.Command):
    default_settings = {**fetch.Command.default_settings, "NEWSCRAWL_WRITE": False}
