"""The address policy at the place where it cannot be passed by: every connection resolves its host here.

Twisted asks the resolver for literal addresses too, in every spelling (127.1, 0x7f.1, 2130706433).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scrapy.crawler import Crawler
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.interfaces import IAddress, IHostnameResolver, IResolutionReceiver
from zope.interface import implementer, provider

from newscrawl.security.address import AllowedHosts, address_refusal

# (host, port) -> reason: what was refused, for the middleware that turns the failure into a counted reason.
refused: dict[tuple[str, int], str] = {}


@provider(IResolutionReceiver)
class FilteringReceiver:
    """Passes on the addresses that may be connected to."""

    def __init__(self, receiver: Any, host: str, port: int) -> None:
        self.receiver, self.host, self.port = receiver, host, port

    def resolutionBegan(self, resolution: Any) -> None:
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:
        reason = address_refusal(getattr(address, "host", ""))
        if reason is None:
            self.receiver.addressResolved(address)
        else:
            refused[self.host, self.port] = reason

    def resolutionComplete(self) -> None:
        self.receiver.resolutionComplete()


@implementer(IHostnameResolver)
class GuardedResolver(CachingHostnameResolver):
    """Scrapy's caching resolver, less the addresses that `guards.address` refuses."""

    allowed: AllowedHosts

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> GuardedResolver:
        resolver = super().from_crawler(crawler, reactor)
        resolver.allowed = AllowedHosts.parse(crawler.settings.getlist("NEWSCRAWL_ALLOWED_PRIVATE_HOSTS"))
        return resolver

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> Any:
        refused.pop((hostName, portNumber), None)
        if (hostName, portNumber) not in self.allowed:
            resolutionReceiver = FilteringReceiver(resolutionReceiver, hostName, portNumber)
        return super().resolveHostName(resolutionReceiver, hostName, portNumber, addressTypes, transportSemantics)
