"""Clients that keep a server's connections busy: a bounded load on the machine's own address."""

import selectors
import socket
import ssl
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

FORM = (
    b"POST /sign-in HTTP/1.1\r\nHost: %b\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 5000\r\n\r\na"
)


_ANY_CERTIFICATE = ssl._create_unverified_context()  # a certificate of our own on our own machine


@dataclass
class Crowd:
    """Open connections, and what became of them."""

    sockets: list[socket.socket]
    statuses: list[bytes] = field(default_factory=list)
    """The first line of each answer."""
    closed: int = 0
    slowest: float = 0.0
    """Seconds that the slowest page took for somebody else meanwhile."""

    def watch(self, page: str, *, until_closed: int, seconds: float) -> None:
        """Ask for ``page`` again and again until so many connections are closed; at most ``seconds``."""
        deadline = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            for each in self.sockets:
                selector.register(each, selectors.EVENT_READ)
            while self.closed < until_closed and time.monotonic() < deadline:
                self._read(selector)
                self._ask(page)

    def _read(self, selector: selectors.BaseSelector) -> None:
        for key, _events in selector.select(timeout=0.2):
            try:
                part = key.fileobj.recv(65536)  # type: ignore[union-attr]
            except (ssl.SSLWantReadError, BlockingIOError):
                continue
            except (ConnectionError, ssl.SSLError):
                part = b""
            if part.startswith(b"HTTP/"):
                self.statuses.append(part.split(b"\r\n", 1)[0])
            if not part:
                self.closed += 1
                selector.unregister(key.fileobj)

    def _ask(self, page: str) -> None:
        began = time.monotonic()
        with urllib.request.urlopen(page, timeout=10, context=_ANY_CERTIFICATE) as answer:
            assert answer.status == 200
        self.slowest = max(self.slowest, time.monotonic() - began)


@contextmanager
def crowd(base: str, count: int, request: bytes) -> Iterator[Crowd]:
    """Open ``count`` connections to ``base`` that send ``request`` and then nothing."""
    host, is_tls = urlsplit(base).netloc, base.startswith("https:")
    with closing(_Sockets()) as open_ones:
        for _number in range(count):
            open_ones.connect(host, request.replace(b"%b", host.encode()), is_tls=is_tls)
        yield Crowd(open_ones.all)


class _Sockets:
    def __init__(self) -> None:
        self.all: list[socket.socket] = []

    def connect(self, host: str, request: bytes, *, is_tls: bool) -> None:
        name, _colon, port = host.rpartition(":")
        each = socket.create_connection((name, int(port)), timeout=10)
        if is_tls:
            each = _ANY_CERTIFICATE.wrap_socket(each, server_hostname="localhost")
        self.all.append(each)
        each.sendall(request)
        each.setblocking(False)

    def close(self) -> None:
        for each in self.all:
            each.close()
