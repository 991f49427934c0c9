"""Slow senders: bodies that arrive too slowly are ended, and only so many are waited for at once.

Everything that a handler reads passes through here. A body that is there within a second, as
nearly all are, needs no place, so people get through while somebody holds all places.
"""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

from litestar.exceptions import HTTPException

from incubator.core.networks import network_of
from incubator.http.body_places import BodyPlace, Places, Sender
from incubator.http.body_rate import WINDOW, BodyRate

Receive = Callable[[], Awaitable[Any]]

#: Seconds that a body may take without a place.
GRACE = 1.0
_FORM = b"application/x-www-form-urlencoded"


class SlowBody(HTTPException):
    """The body arrived too slowly."""

    status_code = 408

    def __init__(self) -> None:
        super().__init__(headers={"Connection": "close"})


class TooManySlowBodies(HTTPException):
    """Too many other bodies are being waited for."""

    status_code = 503

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "10", "Connection": "close"})


class ClientLeft(Exception):
    """The client closed the connection before its body was complete; nobody is there to get an answer."""


class SlowBodies:
    """ASGI app around the site's app.

    Forms and uploads have places of their own, since an upload takes minutes on a poor connection.
    """

    def __init__(
        self, app: Any, forms: Places | None = None, uploads: Places | None = None, *, window: float = WINDOW,
        grace: float = GRACE,
    ) -> None:  # fmt: skip
        self.app = app
        self._window, self._grace = window, grace
        self.forms = forms or Places(each=60, total=300)
        self.uploads = uploads or Places(each=40, total=240)

    async def __call__(self, scope: Any, receive: Receive, send: Any) -> None:
        names = {name: value for name, value in scope.get("headers", ()) if name in _OF_A_BODY}
        if scope["type"] != "http" or not (names.keys() & {b"content-length", b"transfer-encoding"}):
            await self.app(scope, receive, send)
            return
        is_form = names.get(b"content-type", _FORM).lower().startswith(_FORM)
        places = self.forms if is_form else self.uploads
        body = _Body(receive, places, lambda: sender_of(scope), BodyRate(window=self._window), self._grace)
        try:
            await self.app(scope, body.receive, send)
        finally:
            body.let_go()


def sender_of(scope: Any) -> Sender:
    """Return whose body it is: who is signed in is known as soon as somebody reads it (people/sessions.py)."""
    if person := scope.get("user"):
        return Sender(f"person {person.id}", is_known=True)
    return Sender(network_of((scope.get("client") or ("", 0))[0]))


_OF_A_BODY = frozenset({b"content-length", b"content-type", b"transfer-encoding"})


async def _nothing() -> Any:
    return {"type": "http.disconnect"}


class _Body:
    """One body on its way."""

    def __init__(
        self, receive: Receive, places: Places, sender: Callable[[], Sender], rate: BodyRate, grace: float
    ) -> None:
        self._receive = receive
        self._places, self._sender = places, sender
        self._place: BodyPlace | None = None
        self._is_over = False
        self._taken_away: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._failure: Callable[[], Exception] | None = None
        self._rate, self._grace = rate, grace
        self._waited = 0.0

    async def receive(self) -> Any:
        """Return the next part; raise SlowBody, TooManySlowBodies or ClientLeft."""
        if self._failure:
            raise self._failure()
        if self._is_over:
            return await self._receive()
        message = await self._next_part()
        if message["type"] == "http.disconnect":
            raise self._ended_by(ClientLeft)
        self._rate.arrived(self._waited, len(message.get("body", b"")))
        if not message.get("more_body"):
            self._end()
        return message

    async def _next_part(self) -> Any:
        part = asyncio.ensure_future(self._receive())
        began, before = monotonic(), self._waited
        try:
            while True:
                until = self._rate.deadline() if self._place else self._grace
                left = max(0.0, until - self._waited)
                await asyncio.wait({part, self._taken_away}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
                self._waited = before + monotonic() - began
                if part.done():
                    return part.result()
                if self._taken_away.done():
                    raise self._ended_by(TooManySlowBodies)
                if self._waited >= until:
                    self._go_on_waiting()
        finally:
            part.cancel()

    def _go_on_waiting(self) -> None:
        """Take a place, or raise what ends the body."""
        if self._place:
            raise self._ended_by(SlowBody)
        self._place = self._places.take(self._sender(), self._take_away)
        if not self._place:
            raise self._ended_by(TooManySlowBodies)

    def _take_away(self) -> None:
        self._place = None
        self._failure = TooManySlowBodies
        self._taken_away.set_result(None)

    def _ended_by(self, failure: Callable[[], Exception]) -> Exception:
        """Return a failure to be raised now, and again if somebody asks for more."""
        self._failure = failure
        self.give_place_back()
        return failure()

    def _end(self) -> None:
        self._is_over, self._failure = True, None
        self.give_place_back()

    def let_go(self) -> None:
        """Forget the server's end of the body: it closes the connection only when nobody can read the body any more."""
        self.give_place_back()
        self._failure = self._failure or ClientLeft
        self._receive = _nothing

    def give_place_back(self) -> None:
        if self._place:
            self._places.give_back(self._place)
            self._place = None
