"""Helpers for event loops: objects that belong to one loop, and work that must survive a cancellation."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class PerLoop(Generic[T]):
    """One object for each running event loop; those of closed loops are discarded.

    The server has one loop for its whole life, but commands, migrations and tests
    call ``asyncio.run`` repeatedly on the same engine.
    """

    def __init__(self, discard: Callable[[T], None]) -> None:
        self._things: dict[asyncio.AbstractEventLoop, T] = {}
        self._discard = discard

    def get(self) -> T | None:
        return self._things.get(asyncio.get_running_loop())

    def put(self, thing: T) -> T:
        for loop in [loop for loop in self._things if loop.is_closed()]:
            self._discard(self._things.pop(loop))
        self._things[asyncio.get_running_loop()] = thing
        return thing

    def pop(self) -> T | None:
        return self._things.pop(asyncio.get_running_loop(), None)


async def finished(work: Awaitable[T], *, hurry: Callable[[], None] | None = None) -> T:
    """Await ``work`` to its end even when cancelled; the cancellation is raised afterwards.

    ``hurry`` is called at the first cancellation, to make the work end sooner.
    """
    future = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not future.done():
        try:
            await asyncio.wait([future])
        except asyncio.CancelledError as error:
            if hurry and cancelled is None:
                hurry()
            cancelled = error
    if cancelled is None:
        return future.result()
    if not future.cancelled():
        future.exception()  # retrieved: asyncio would otherwise report it as never retrieved
    raise cancelled
