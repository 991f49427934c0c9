"""Whoever sends a large body that the site does not want gets an answer nevertheless."""

import asyncio
from typing import Any

import pytest

from incubator.http.unread_bodies import UnreadBodies

HERE = [(b"host", b"here"), (b"origin", b"http://here"), (b"content-length", b"30")]


def part(*, more: bool) -> dict[str, Any]:
    return {"type": "http.request", "body": b"ten bytes!", "more_body": more}


class Sender:
    """A browser that sends a body in three parts, and an app that answers after the first."""

    def __init__(self, *, says: list[tuple[bytes, bytes]] | None = None, **limits: Any) -> None:
        self.parts: list[Any] = [part(more=True), part(more=True), part(more=False)]
        self.left_when_answered: int | None = None
        self._says = says or []
        self._app = UnreadBodies(self._refuse, **limits)

    async def send(self, headers: list[tuple[bytes, bytes]] = HERE, **scope: Any) -> int | None:
        """Return how many parts were not taken when the answer came."""
        await self._app({"type": "http", "headers": headers, **scope}, self._next, self._answered)
        return self.left_when_answered

    async def _next(self) -> Any:
        if not self.parts:
            await asyncio.Event().wait()
        if isinstance(self.parts[0], Exception):
            raise self.parts[0]
        return self.parts.pop(0)

    async def _answered(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.left_when_answered = len(self.parts)

    async def _refuse(self, _scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 401, "headers": self._says})
        await send({"type": "http.response.body", "body": b""})


async def test_the_rest_of_a_refused_body_is_taken_before_the_answer() -> None:
    assert await Sender().send() == 0
    assert await Sender().send([(b"transfer-encoding", b"chunked")], user="somebody") == 0


@pytest.mark.parametrize(
    ("sender", "headers", "left"),
    [
        pytest.param(Sender(), HERE[2:], 2, id="from no page of ours"),
        pytest.param(Sender(says=[(b"Connection", b"close")]), HERE, 2, id="the connection ends anyway"),
        pytest.param(Sender(most=20), HERE, 2, id="announced as too much"),
        pytest.param(Sender(most=10), [*HERE[:2], (b"transfer-encoding", b"chunked")], 1, id="too much in the end"),
    ],
)
async def test_not_everything_is_taken(sender: Sender, headers: list[tuple[bytes, bytes]], left: int) -> None:
    assert await sender.send(headers) == left


async def test_whoever_stops_in_the_middle_holds_no_answer_up() -> None:
    sender = Sender(patience=0.01)
    sender.parts.pop()
    assert await sender.send() == 0, "it came after what there was"
    for end, left in ((ConnectionError(), 1), ({"type": "http.disconnect"}, 0)):
        sender = Sender()
        sender.parts[2] = end
        assert await sender.send() == left
