"""Bodies that the site refuses before it has read them: the rest is taken and thrown away, so that the answer arrives.

A browser reads no answer before it has sent everything. Where the server closes the connection earlier, it shows an error of
its own: whoever sends a presentation after their session has ended would never learn why it was not taken.
"""

import asyncio
from contextlib import suppress
from typing import Any

from incubator.http.form_body import header, is_from_here

#: Bytes and seconds that are spent on one body: more than any form of ours takes, over a line as poor as a telephone's.
MOST, PATIENCE = 512 * 1024 * 1024, 300.0


class UnreadBodies:
    """ASGI middleware inside the one that knows who is signed in, around whatever refuses bodies."""

    def __init__(self, app: Any, *, most: int = MOST, patience: float = PATIENCE) -> None:
        self.app = app
        self._most, self._patience = most, patience

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or not _brings_a_body(scope):
            await self.app(scope, receive, send)
            return
        body = _RestOfBody(receive)

        async def answer(message: Any) -> None:
            if message["type"] == "http.response.start" and self._is_worth_it(scope, message):
                with suppress(
                    Exception
                ):  # it came too slowly, or nobody is there any more: what there is to say is said
                    await asyncio.wait_for(body.rest(self._most), self._patience)
            await send(message)

        await self.app(scope, body.receive, answer)

    def _is_worth_it(self, scope: Any, start: Any) -> bool:
        """Return whether somebody with a browser waits for the answer, and the connection is to go on."""
        closes = any(name.lower() == b"connection" and value.lower() == b"close" for name, value in start["headers"])
        announced = header(scope, b"content-length")
        is_endless = announced.isdigit() and int(announced) > self._most
        return not (closes or is_endless) and bool(scope.get("user") or is_from_here(scope))


def _brings_a_body(scope: Any) -> bool:
    return header(scope, b"content-length") not in {b"", b"0"} or bool(header(scope, b"transfer-encoding"))


class _RestOfBody:
    """A body on its way, that knows whether it is over."""

    def __init__(self, receive: Any) -> None:
        self._receive = receive
        self._is_over = False

    async def receive(self) -> Any:
        message = await self._receive()
        self._is_over = not message.get("more_body", False)
        return message

    async def rest(self, most: int) -> None:
        """Read up to ``most`` bytes of what nobody has read, and forget them."""
        while not self._is_over and most > 0:
            most -= len((await self.receive()).get("body", b""))
