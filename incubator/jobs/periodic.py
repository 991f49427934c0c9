"""Periodic tasks: called at intervals in every process; a task must be safe to run in several processes at once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

log = structlog.get_logger()

Task = Callable[[], Awaitable[int]]


async def run_once(tasks: Sequence[Task]) -> dict[str, int]:
    """Run one round and return what each task has done, by its name; a failing task does not stop the others."""
    done = {}
    for task in tasks:
        try:
            done[task.__name__] = await task()
        except Exception:
            log.exception("a periodic task stumbled", task=task.__name__)
    return done


async def run_periodically(tasks: Sequence[Task], *, every: float) -> None:
    """Run a round every ``every`` seconds, the first one after that time."""
    while True:
        await asyncio.sleep(every)
        await run_once(tasks)
