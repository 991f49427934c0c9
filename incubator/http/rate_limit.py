"""Rate limit of the API: how many uncached answers one address, or network of IPv6, gets.

Counted in each process's memory, because reading must not write; answers from the page cache are not counted.
"""

import time
from collections import OrderedDict
from typing import Any

import msgspec

from incubator.core.networks import network_of

#: Answers per second that one address may request in the long run, and in one burst. A whole school may share an address.
RATE, BURST = 20.0, 400
_MOST_KNOWN = 10_000


class RateLimit:
    """ASGI app around the site's app: a token bucket per address for paths under ``prefix``."""

    def __init__(self, app: Any, prefix: str, *, rate: float = RATE, burst: int = BURST) -> None:
        self.app = app
        self._prefix, self._buckets = prefix, Buckets(rate, burst)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(self._prefix):
            await self.app(scope, receive, send)
            return
        wait = self._buckets.wait(network_of((scope.get("client") or ("", 0))[0]), time.monotonic())
        if wait <= 0:
            await self.app(scope, receive, send)
            return
        title = "Too many requests"
        body = msgspec.json.encode({"type": "about:blank", "title": title, "status": 429, "detail": ""})
        headers = [
            (b"content-type", b"application/problem+json"), (b"retry-after", str(int(wait) + 1).encode()),
            (b"content-length", str(len(body)).encode()), (b"access-control-allow-origin", b"*"),
        ]  # fmt: skip
        await send({"type": "http.response.start", "status": 429, "headers": headers})
        await send({"type": "http.response.body", "body": body})


class Buckets:
    """A token bucket for each address: so many tokens a second in the long run, and so many at once."""

    def __init__(self, rate: float, burst: int) -> None:
        self._rate, self._burst = rate, burst
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, address: str, now: float) -> float:
        """Take a token and return 0, or return the seconds until one is available."""
        tokens, since = self._left.pop(address, (float(self._burst), now))
        tokens = min(self._burst, tokens + (now - since) * self._rate)
        self._left[address] = (tokens - 1 if tokens >= 1 else tokens, now)
        if len(self._left) > _MOST_KNOWN:
            self._left.popitem(last=False)
        return 0.0 if tokens >= 1 else (1 - tokens) / self._rate
