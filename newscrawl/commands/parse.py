"""`newscrawl parse URL`: Scrapy's own command; nothing is written to the output folder."""

from __future__ import annotations

from scrapy.commands import parse


class Command(parse.Command):
    default_settings = {**parse.Command.default_settings, "NEWSCRAWL_WRITE": False}
