"""Reverse proxies: what they forward as others write it, and a warning about one whose word is not trusted.

All visitors share the address of a proxy that is not trusted.
"""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

import structlog

from incubator.core.networks import plain_address

log = structlog.get_logger()


def is_forwarded(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Return whether a proxy passed the request on."""
    return any(name in {b"x-forwarded-for", b"forwarded"} for name, _value in headers)


def _networks(trusted: Iterable[str]) -> Iterable[IPv4Network | IPv6Network]:
    for each in trusted:
        try:
            yield ip_network(each)
        except ValueError:  # a name, which is compared as it is
            continue


class UntrustedProxy:
    """ASGI app around the site, outside whatever believes the trusted proxies: warns once in each process."""

    def __init__(self, app: Any, trusted: Iterable[str]) -> None:
        self.app = app
        self._trusted = frozenset(trusted)
        self._networks = tuple(_networks(self._trusted))
        self._is_warned = "*" in self._trusted

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if not self._is_warned and scope["type"] == "http" and is_forwarded(scope["headers"]):
            peer = (scope.get("client") or ("", 0))[0]
            if not self._is_trusted(peer):
                self._is_warned = True
                log.warning(
                    "proxy not trusted", peer=peer, hint="add it to INCUBATOR_TRUSTED_PROXIES: limits count per address"
                )
        await self.app(scope, receive, send)

    def _is_trusted(self, peer: str) -> bool:
        try:
            address = ip_address(peer)
        except ValueError:
            return peer in self._trusted
        return any(address in network for network in self._networks)


class PlainAddresses:
    """ASGI app around whatever believes the proxies: their addresses, and those that they forward, without ports and brackets."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            if client := scope.get("client"):
                scope["client"] = (plain_address(client[0]), client[1])
            if is_forwarded(scope["headers"]):
                headers = [(n, _plain_hops(v) if n == b"x-forwarded-for" else v) for n, v in scope["headers"]]
                scope["headers"] = headers
        await self.app(scope, receive, send)


def _plain_hops(forwarded: bytes) -> bytes:
    return ", ".join(plain_address(hop.strip()) for hop in forwarded.decode("latin-1").split(",")).encode("latin-1")
