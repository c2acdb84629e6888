"""`newscrawl view URL`: Scrapy's own command; nothing is written to the output folder."""

from __future__ import annotations

from scrapy.commands import view


class Command(view.Command):
    default_settings = {**view.Command.default_settings, "NEWSCRAWL_WRITE": False}
