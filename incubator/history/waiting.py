"""Waking whoever waits for new events of the journal."""

import asyncio

_recorded = asyncio.Event()


def wake() -> None:
    """Wake ``wait_for_events`` in this process."""
    _recorded.set()


async def wait_for_events(longest: float) -> None:
    """Return when an event has been committed in this process, or after ``longest`` seconds."""
    try:
        await asyncio.wait_for(_recorded.wait(), longest)
    except TimeoutError:
        return
    finally:
        _recorded.clear()
