"""Waking whoever waits for new events of the journal."""

import asyncio
from typing import Any
from weakref import WeakKeyDictionary

#: One flag for each task that has waited: what wakes one must not be taken from another that is busy.
_recorded: "WeakKeyDictionary[asyncio.Task[Any], asyncio.Event]" = WeakKeyDictionary()


def wake() -> None:
    """Wake every task in ``wait_for_events`` in this process, and those that are busy as soon as they wait again."""
    for flag in list(_recorded.values()):
        flag.set()


async def wait_for_events(longest: float) -> None:
    """Return when an event has been committed in this process since this task last waited, or after ``longest`` seconds.

    A task that waits for the first time is let go at once: it may have missed one.
    """
    task = asyncio.current_task()
    assert task is not None
    flag = _recorded.get(task)
    if flag is None:
        _recorded[task] = asyncio.Event()
        return
    try:
        await asyncio.wait_for(flag.wait(), longest)
    except TimeoutError:
        return
    finally:
        flag.clear()
