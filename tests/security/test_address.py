from __future__ import annotations

import pytest

from newscrawl.security.address import AllowedHosts, address_refusal
from newscrawl.security.url import registrable_domain, split, url_refusal

REFUSED = [
    ("127.0.0.1", "loopback"), ("127.8.9.1", "loopback"), ("::1", "loopback"), ("0.0.0.0", "unspecified"), ("::", "unspecified"),
    ("10.1.2.3", "private"), ("172.16.0.1", "private"), ("192.168.1.1", "private"), ("100.64.0.1", "private"),
    ("169.254.169.254", "link-local"), ("fe80::1", "link-local"), ("fe80::1%eth0", "link-local"), ("fc00::1", "private"),
    ("224.0.0.1", "multicast"), ("ff02::1", "multicast"), ("255.255.255.255", "private"), ("198.18.0.1", "private"),
    ("::ffff:127.0.0.1", "ipv4-mapped"), ("::ffff:8.8.8.8", "ipv4-mapped"), ("2002:7f00:1::", "6to4"), ("64:ff9b::7f00:1", "nat64"),
    ("fec0::1", "private"), ("::7f00:1", "ipv4-mapped"), ("::ffff:0:7f00:1", "ipv4-mapped"), ("192.88.99.1", "private"), ("4000::1", "private"), ("64:ff9b:1::1", "nat64"), ("2001:0:1::1", "teredo"), ("nonsense", "not-an-address"), ("", "not-an-address"),
]  # fmt: skip


@pytest.mark.parametrize(("address", "reason"), REFUSED, ids=[r[0] for r in REFUSED])
def test_refused(address: str, reason: str) -> None:
    assert address_refusal(address) == reason


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "203.0.114.1", "2606:4700::1111", "2a00:1450:4001::"])
def test_public_addresses_pass(address: str) -> None:
    assert address_refusal(address) is None


def test_allowed_hosts_hold_host_and_port() -> None:
    allowed = AllowedHosts.parse(["127.0.0.1:8080", "[::1]:9000", "Intranet.example:80"])
    assert ("127.0.0.1", 8080) in allowed and ("::1", 9000) in allowed and ("intranet.example", 80) in allowed
    assert ("127.0.0.1", 8081) not in allowed and ("localhost", 8080) not in allowed


@pytest.mark.parametrize("entry", ["127.0.0.1", "host:", ":80", "host:0", "host:99999", "host:port", "host:\u0661"])
def test_a_wrong_allowed_host_is_named(entry: str) -> None:
    with pytest.raises(ValueError, match=r"NEWSCRAWL_ALLOWED_PRIVATE_HOSTS.*not host:port"):
        AllowedHosts.parse([entry])


URLS = [
    ("file:///etc/hostname", "not-http"), ("ftp://h/x", "not-http"), ("data:text/html,x", "not-http"), ("javascript:alert(1)", "not-http"),
    ("http://", "not-http"), ("http://[::1", "not-http"), ("http://h:99999/", "not-http"), ("http://h:0/", "not-http"),
    ("http://user@h.example/", "userinfo"), ("http://u:p@h.example/", "userinfo"), ("http://h.example\\@127.0.0.1/", "userinfo"),
    ("http://h.example/a b", "control-character"), ("http://h.example/\x1b", "control-character"),
    ("http://h.example/" + "a" * 3000, "url-too-long"), ("http://127.0.0.1/", "loopback"), ("http://[::1]/", "loopback"),
    ("http://169.254.169.254/latest", "link-local"), ("http://[::ffff:127.0.0.1]/", "ipv4-mapped"),
    ("http://127.0.0.1:8081/", "loopback"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "reason"), URLS, ids=range(len(URLS)))
def test_urls_refused(url: str, reason: str) -> None:
    assert url_refusal(url, AllowedHosts.parse(["127.0.0.1:8080"])) == reason


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080/x", "https://paper.example/a?b=c", "HTTP://PAPER.example:8443/%20"]
)
def test_urls_that_pass(url: str) -> None:
    assert url_refusal(url, AllowedHosts.parse(["127.0.0.1:8080"])) is None


def test_domains() -> None:
    assert registrable_domain("https://www.koreaherald.com/x") == "koreaherald.com"
    assert registrable_domain("https://news.bbc.co.uk/x") == "bbc.co.uk"
    assert registrable_domain("http://127.0.0.1:80/x") == "127.0.0.1"
    assert split("//h/x") is None
