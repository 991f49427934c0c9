"""Periodic tasks: called every so often in every process; each task does each thing once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

log = structlog.get_logger()

Task = Callable[[], Awaitable[int]]


async def run_once(tasks: Sequence[Task]) -> dict[str, int]:
    """One round; a task that stumbles does not stop the others. Returns what each has done, by its name."""
    done = {}
    for task in tasks:
        try:
            done[task.__name__] = await task()
        except Exception:
            log.exception("a periodic task stumbled", task=task.__name__)
    return done


async def run_periodically(tasks: Sequence[Task], *, every: float) -> None:
    """A round ``every`` so many seconds, the first after that time."""
    while True:
        await asyncio.sleep(every)
        await run_once(tasks)
