"""Helpers for tests of jobs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from incubator.jobs import worker
from incubator.jobs.kinds import JobKind, Kinds, joined
from incubator.jobs.running import Running
from incubator.jobs.states import JobState
from incubator.jobs.tables import Job
from incubator.jobs.worker import run_forever

SOON = timedelta(seconds=1)


def only(run: Callable[..., Awaitable[Any]], attempts: int = 5) -> tuple[JobKind, Kinds]:
    """Return a kind, and the kinds of a process that knows only this one."""
    kind = JobKind("count", run, attempts)
    return kind, joined([kind])


async def count(job: Running, *, to: int) -> dict[str, Any]:
    """A job whose result says where it began."""
    began = job.cursor or 0
    for step in range(began, to):
        await job.advance(step + 1, to, cursor=step + 1)
    return {"from": began, "to": to}


async def fresh(job: Job) -> Job:
    row = await Job.objects().get(Job.id == job.id)
    assert row
    return row


async def taken(kinds: Kinds) -> Running:
    """Take the next job with a worker that does nothing with it."""
    job = await worker._take(kinds)
    assert job
    return Running(job)


@asynccontextmanager
async def serving(kinds: Kinds) -> AsyncIterator[asyncio.Task[None]]:
    """Run a worker as it runs beside a server."""
    server = asyncio.create_task(run_forever(kinds))
    try:
        yield server
    finally:
        server.cancel()
        await asyncio.wait([server])


async def over(job: Job, server: asyncio.Task[None]) -> Job:
    """Wait until the job is over, and return it."""
    while not JobState((row := await fresh(job)).state).is_over:
        assert not server.done()
        await asyncio.wait([server], timeout=0.001)
    return row
