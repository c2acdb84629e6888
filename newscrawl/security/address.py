"""Decide which network addresses a crawl may connect to.

`ipaddress.is_global` alone is not enough: it calls 224.0.0.1 (multicast), 2002:7f00:1:: (6to4 for 127.0.0.1) and
64:ff9b::7f00:1 (NAT64 for 127.0.0.1) global.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")  # all that is routed on the public net
IPV4_COMPATIBLE = ipaddress.IPv6Network("::/96")
IPV4_TRANSLATED = ipaddress.IPv6Network("::ffff:0:0:0/96")
RELAYS = ipaddress.IPv4Network("192.88.99.0/24")  # 6to4 relays
TEREDO = ipaddress.IPv6Network("2001::/32")


def address_refusal(address: str) -> str | None:
    """Why this literal IP address must not be connected to, in one word; None where it may be."""
    try:
        ip = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return "not-an-address"
    if isinstance(ip, ipaddress.IPv6Address):
        for is_tunnel, reason in (
            (ip.ipv4_mapped is not None, "ipv4-mapped"),
            (ip.sixtofour is not None, "6to4"),
            (any(ip in network for network in NAT64), "nat64"),
            (ip in TEREDO, "teredo"),
            (
                ip not in GLOBAL_UNICAST and (ip in IPV4_COMPATIBLE or ip in IPV4_TRANSLATED) and int(ip) > 1,
                "ipv4-mapped",
            ),
        ):
            if is_tunnel:
                return reason
    for refused, reason in (
        (ip.is_unspecified, "unspecified"),
        (ip.is_loopback, "loopback"),
        (ip.is_link_local, "link-local"),
        (ip.is_multicast, "multicast"),
        (not ip.is_global or ip in RELAYS or not (ip.version == 4 or ip in GLOBAL_UNICAST), "private"),
    ):
        if refused:
            return reason
    return None


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """The host:port pairs a user has named as allowed although they are private."""

    pairs: frozenset[tuple[str, int]] = frozenset()

    @classmethod
    def parse(cls, entries: list[str]) -> AllowedHosts:
        """Read `host:port` entries (`[::1]:8080` for IPv6); ValueError names the wrong one."""
        pairs = set()
        for entry in entries:
            host, _, port = entry.strip().rpartition(":")
            if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
                raise ValueError(
                    f"NEWSCRAWL_ALLOWED_PRIVATE_HOSTS: {entry!r} is not host:port (such as 127.0.0.1:8080 or [::1]:8080)"
                )
            pairs.add((host.strip("[]").lower(), int(port)))
        return cls(frozenset(pairs))

    def __contains__(self, pair: tuple[str, int]) -> bool:
        host, port = pair
        return (host.strip("[]").lower(), port) in self.pairs
