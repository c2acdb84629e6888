"""scrapy-playwright's download handler behind our proxy. A module of its own: scrapy-playwright is an extra."""

from __future__ import annotations

from scrapy.crawler import Crawler
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from newscrawl.downloader.browser import GuardedProxy
from newscrawl.downloader.throttle import ThrottledHandler
from newscrawl.security.address import AllowedHosts


class GuardedBrowserHandler(ThrottledHandler, ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]
    """Waits for the host's turn, starts the proxy before the browser, and stops it last."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        allowed = AllowedHosts.parse(crawler.settings.getlist("NEWSCRAWL_ALLOWED_PRIVATE_HOSTS"))
        self.proxy = GuardedProxy(allowed, lambda reason: self.stats.inc_value(f"newscrawl/refused/browser-{reason}"))

    async def _launch(self) -> None:
        port = await self.proxy.start()
        self.config.launch_options["proxy"] = {"server": f"socks5://127.0.0.1:{port}"}
        await super()._launch()

    async def close(self) -> None:
        try:
            await super().close()
        finally:
            self.proxy.close()
