"""Cancelling jobs; on both engines."""

from typing import Any

from incubator.core.clock import clock_at, now
from incubator.jobs.cancel import cancel
from incubator.jobs.enqueue import enqueue
from incubator.jobs.running import LEASE, Running
from incubator.jobs.states import JobState
from incubator.jobs.worker import run_waiting
from tests.jobs.helpers import SOON, count, fresh, only, taken


async def test_a_waiting_job_is_cancelled_at_once(database: Any) -> None:
    kind, kinds = only(count)
    job = await enqueue(kind, by=None, to=1)
    assert await cancel(job.id)
    assert (await fresh(job)).state == JobState.CANCELLED
    assert (await fresh(job)).finished_at is not None
    assert await run_waiting(kinds) == 0
    assert not await cancel(job.id)
    assert not await cancel(job.id + 1)


async def test_a_running_job_stops_at_its_next_step(database: Any) -> None:
    steps: list[int] = []

    async def cancelled_meanwhile(job: Running) -> None:
        for step in range(1, 10):
            await job.advance(step, 9)
            steps.append(step)
            if step == 4:
                assert await cancel(job.id)

    kind, kinds = only(cancelled_meanwhile)
    job = await enqueue(kind, by=None)
    await run_waiting(kinds)
    row = await fresh(job)
    assert (row.state, row.done, row.error) == (JobState.CANCELLED, 5, "")
    assert steps == [1, 2, 3, 4]


async def test_a_dead_job_that_nobody_wants_is_not_taken_again(database: Any) -> None:
    kind, kinds = only(count)
    job = await enqueue(kind, by=None, to=1)
    await taken(kinds)
    assert await cancel(job.id)
    with clock_at(now() + LEASE + SOON):
        assert await run_waiting(kinds) == 0
    assert (await fresh(job)).state == JobState.CANCELLED
