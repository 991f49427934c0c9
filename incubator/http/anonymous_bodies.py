"""What visitors post: small, from a page of ours, and not too much at once.

Somebody who is not signed in fills in a short form. Only who wrote a long one while their session ended brings more, and a
genuine token of the page that they wrote on. Everything else is refused before it has been read to its end.
"""

import re
import time
from typing import Any

from litestar.exceptions import HTTPException

from incubator.core import limits
from incubator.core.networks import network_of
from incubator.http.csrf import Forged, is_from_elsewhere, is_genuine
from incubator.http.form_body import header, secret_of
from incubator.http.rate_limit import Buckets

#: Posts per second from one address, or network of IPv6, in the long run, and in one burst. A whole school may share it.
RATE, BURST = 5.0, 400
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_TOKEN = re.compile(rb"""\bcsrf(?:=|"\r\n\r\n)([0-9a-f]+)""")


class TooLargeForVisitors(HTTPException):
    status_code = 413
    limit = limits.VISITORS_BODY

    def __init__(self) -> None:
        super().__init__(headers={"Connection": "close"})


class TooManyPosts(HTTPException):
    status_code = 429

    def __init__(self, wait: float) -> None:
        super().__init__(headers={"Retry-After": str(int(wait) + 1), "Connection": "close"})


class AnonymousBodies:
    """ASGI middleware inside the one that knows who is signed in."""

    def __init__(self, app: Any, *, rate: float = RATE, burst: int | None = None) -> None:
        self.app = app
        self._buckets = Buckets(rate, burst or BURST)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["method"] in _READING or scope.get("user"):
            await self.app(scope, receive, send)
            return
        wait = self._buckets.wait(network_of((scope.get("client") or ("", 0))[0]), time.monotonic())
        await self.app(scope, _VisitorsBody(scope, receive, wait).receive, send)


class _VisitorsBody:
    """A body on its way, which raises why no more of it is read."""

    def __init__(self, scope: Any, receive: Any, wait: float) -> None:
        self._scope, self._receive = scope, receive
        self._came = b""
        self._is_free = False
        self._failure: HTTPException | None = TooManyPosts(wait) if wait > 0 else None
        if is_from_elsewhere(header(scope, b"sec-fetch-site").decode("latin-1")):
            self._failure = Forged()

    async def receive(self) -> Any:
        """Return the next part; raise TooManyPosts, TooLargeForVisitors, or Forged for another site's form."""
        if self._failure:
            raise self._failure
        message = await self._receive()
        if not self._is_free and message["type"] == "http.request":
            self._came += message.get("body", b"")
            if len(self._came) > limits.VISITORS_BODY:
                self._is_free = self._is_from_a_page_of_ours()
                if not self._is_free:
                    self._failure = TooLargeForVisitors()
                    raise self._failure
                self._came = b""
        return message

    def _is_from_a_page_of_ours(self) -> bool:
        found = _TOKEN.search(self._came)
        return found is not None and is_genuine(found[1].decode(), secret_of(self._scope))
