"""Addresses of clients: as proxies write them, and what one client can be told from."""

import ipaddress
import re

_BRACKETED = re.compile(r"\[([^\]]*)\](?::\d{1,5})?")
_V4_WITH_PORT = re.compile(r"([0-9.]+):\d{1,5}")


def plain_address(written: str) -> str:
    """Return the address without port, brackets or quotes, and an IPv4 address that is written as IPv6 as itself.

    «203.0.113.7:5678» and «"[2001:db8::1]:80"» are what some proxies forward. What is no address stays as it is.
    """
    if ":" not in written and '"' not in written:
        return written
    bare = written.strip().strip('"')
    found = _BRACKETED.fullmatch(bare) or _V4_WITH_PORT.fullmatch(bare)
    try:
        ip = ipaddress.ip_address(found[1] if found else bare)
    except ValueError:
        return written
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return str(mapped or ip)


def is_local_host(host: str) -> bool:
    """Return whether only this machine can reach the host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def network_of(address: str) -> str:
    """Return what one client can be told from: an IPv4 address, or the network /64 that one household has of IPv6."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)
