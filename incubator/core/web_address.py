"""Addresses on the web: one spelling for each host, and what a reader is told of where a link leads. Pure.

What browsers and this program could read differently («https://a.ru\\@b.ru», «https://b.ru%2f.a.ru») is no address here: the host that
a card names is the host that opens.
"""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address

import idna

from incubator.core.text import clean_line

_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[^/?#\\@:%\s\[\]]+)(?P<port>:\d{1,5})?(?P<rest>(?:[/?#][^\s\\]*)?)", re.I
)
#: A host of Latin letters, as names are given out, and with the underscore that some are met with.
_ASCII_HOST = re.compile(r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{1,63}")
_PUNYCODE = "xn--"


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An address on the web."""

    scheme: str
    host: str
    """As people read it: «видео.рф»."""
    ascii_host: str
    """As machines look it up: «xn--b1aek2a5a.xn--p1ai»."""
    rest: str
    """Port, path and what follows."""

    @property
    def is_in_letters_of_its_own(self) -> bool:
        """Return whether the host can look like another one: then both its forms are told."""
        return self.host != self.ascii_host

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}{self.rest}"


def web_address(text: str) -> WebAddress | None:
    """Return the address; None if it is none, or none of which one can be sure where it leads."""
    found = _ADDRESS.fullmatch(clean_line(text))
    if not found:
        return None
    host = _ascii(found["host"])
    if not host or not _is_known(host):
        return None
    return WebAddress(found["scheme"].lower(), _in_letters(host), host, f"{found['port'] or ''}{found['rest']}")


def _ascii(host: str) -> str:
    if host.isascii() and _PUNYCODE not in host.lower():
        return host.lower().removesuffix(".")
    try:
        return idna.encode(host, uts46=True).decode().removesuffix(".")
    except (idna.IDNAError, UnicodeError):
        return ""


def _is_known(host: str) -> bool:
    """Return whether it has the form of a name with a dot, or of an IPv4 address; «0x7f.1» is read as one by browsers alone."""
    if not _ASCII_HOST.fullmatch(host):
        return False
    if not host.rpartition(".")[2][:1].isdigit():
        return True
    try:
        return bool(IPv4Address(host))
    except AddressValueError:
        return False


def _in_letters(host: str) -> str:
    if _PUNYCODE not in host:
        return host
    try:
        return idna.decode(host)
    except (idna.IDNAError, UnicodeError):
        return host
