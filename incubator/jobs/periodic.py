"""Periodic tasks: called at intervals in every process; a task must be safe to run in several processes at once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from incubator.db import StorageFull, Unavailable

log = structlog.get_logger()

Task = Callable[[], Awaitable[int]]


async def run_once(tasks: Sequence[Task]) -> dict[str, int]:
    """Run one round and return what each task has done, by its name; a failing task does not stop the others."""
    done = {}
    for task in tasks:
        try:
            done[task.__name__] = await task()
        except (Unavailable, StorageFull) as error:
            log.warning("a periodic task waits for the database", task=task.__name__, error=type(error).__name__)
        except Exception:
            log.exception("a periodic task stumbled", task=task.__name__)
    return done


async def run_periodically(tasks: Sequence[Task], *, every: float) -> None:
    """Run a round every ``every`` seconds, the first one after that time."""
    while True:
        await asyncio.sleep(every)
        await run_once(tasks)
