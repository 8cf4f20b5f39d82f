"""How does a page of the portal get here to be checked? Only from hosts that are in the store, none of them private."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Timer
from urllib.parse import urljoin, urlsplit

from webapp.staff.errors import PageRefusedError

# No page that people read is larger; a crawl's own limit is the same (`crawl.site`).
_MAX_BYTES = 50 * 10**6
# A person waits for it.
_TIMEOUT_S = 10.0
_WHOLE_S = 30.0
_MAX_REDIRECTS = 5
_CHUNK = 64 * 1024
# IPv4 inside of IPv6: NAT64 (RFC 6052), and the compatible addresses of old (RFC 4291, 2.5.5.1).
_TRANSITION = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """What came: bytes, the header ``Content-Type``, and the address that answered."""

    url: str
    data: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class PortalPages:
    """Fetches pages. ``is_known`` says whether the store has documents of a host (``host`` or ``host:port``);
    ``private_hosts`` may be asked although they are at private addresses."""

    is_known: Callable[[str], bool]
    private_hosts: tuple[str, ...] = ()

    def fetch(self, url: str) -> FetchedPage:
        """The page at this address; every redirect is checked as the address itself. Raises PageRefusedError."""
        deadline = time.monotonic() + _WHOLE_S
        for _ in range(_MAX_REDIRECTS):
            url = self.allowed(url)
            try:
                answer = self._ask(url, deadline)
            except (OSError, http.client.HTTPException) as error:
                raise PageRefusedError(f"没有从 {urlsplit(url).netloc} 取到页面（{type(error).__name__}）。") from None
            if isinstance(answer, FetchedPage):
                return answer
            url = answer
        raise PageRefusedError("这个网址反复跳转，没有取到页面。")

    def allowed(self, url: str) -> str:
        """The canonical address, if its host may be asked. Raises PageRefusedError."""
        from corpus.crawl.urls import canonical_url, host_of  # the crawler's room takes a second to load

        canonical = canonical_url(url)
        if canonical is None:
            raise PageRefusedError("这不是网址：应以 http:// 或 https:// 开头。")
        host = host_of(canonical)
        if not self.is_known(host):
            raise PageRefusedError(f"{host} 不是已收录的网站，只能核对本门户的网址。")
        return canonical

    def _ask(self, url: str, deadline: float) -> FetchedPage | str:
        """The page, or the address that it leads to."""
        parts = urlsplit(url)
        connection = self._connect(parts.scheme, parts.hostname or "", parts.port, parts.netloc in self.private_hosts)
        # Whoever sends a byte now and then would never time out.
        ending = Timer(max(0.0, deadline - time.monotonic()), _cut, (connection.sock,))
        ending.start()
        try:
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.request("GET", target or "/", headers={"User-Agent": "gongkai", "Accept-Encoding": "identity"})
            response = connection.getresponse()
            if response.status in _REDIRECTS:
                return urljoin(url, response.headers.get("Location", ""))
            if response.status != 200:
                raise PageRefusedError(f"网站回答 {response.status}，没有取到页面。")
            data = _read(response)
            if time.monotonic() > deadline:
                raise PageRefusedError(f"页面在 {_WHOLE_S:.0f} 秒内没有传完。")
            return FetchedPage(url, data, response.headers.get("Content-Type", ""))
        finally:
            ending.cancel()
            connection.close()

    def _connect(self, scheme: str, host: str, port: int | None, private: bool) -> http.client.HTTPConnection:
        """A connection to the address that was checked: the name is not looked up a second time."""
        port = port or (443 if scheme == "https" else 80)
        found = [str(item[4][0]) for item in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        for address in found:
            if not private and not _is_public(ipaddress.ip_address(address)):
                raise PageRefusedError(f"{host} 指向内部地址，不能访问。")
        opened = socket.create_connection((found[0], port), timeout=_TIMEOUT_S)
        connection = http.client.HTTPConnection(host, port, timeout=_TIMEOUT_S)
        connection.sock = (
            ssl.create_default_context().wrap_socket(opened, server_hostname=host) if (scheme == "https") else opened
        )
        return connection


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Is it one host on the internet? Not a group, nor an IPv6 address that leads to an IPv4 one (maybe inside)."""
    if address.is_multicast or not address.is_global:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        embeds = address.sixtofour or address.teredo or any(address in network for network in _TRANSITION)
        return not embeds and not address.is_site_local
    return True


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):  # it ended by itself
        connection.shutdown(socket.SHUT_RDWR)


def _read(response: http.client.HTTPResponse) -> bytes:
    data = bytearray()
    while chunk := response.read1(_CHUNK):
        data += chunk
        if len(data) > _MAX_BYTES:
            raise PageRefusedError(f"页面超过 {_MAX_BYTES // 10**6} MB，没有读完。")
    return bytes(data)
