"""Jobs whose process died or seemed dead: taken over, resumed, given up; on both engines."""

import asyncio
import json
import os
import signal
import sys
from typing import Any

import pytest

from incubator.core.clock import clock_at, now
from incubator.db import TryAgain, writing
from incubator.jobs import worker
from incubator.jobs.enqueue import enqueue
from incubator.jobs.running import LEASE, LeaseLost, Running
from incubator.jobs.states import JobState
from incubator.jobs.worker import run_waiting
from incubator.people.tables import Person
from tests.engines import address_of
from tests.jobs.helpers import SOON, count, fresh, only, taken


async def test_killed_in_the_middle_it_goes_on_from_its_cursor(database: Any) -> None:
    kind, kinds = only(count)
    job = await enqueue(kind, by=None, to=10)
    env = {**os.environ, "DATABASE_URL": address_of(database)}
    command = [sys.executable, "-m", "tests.jobs.doomed"]
    process = await asyncio.create_subprocess_exec(*command, env=env, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    async with asyncio.timeout(60):
        assert await process.stdout.readline() == b"at 3\n"
    running = await fresh(job)
    assert (running.state, running.done, running.total) == (JobState.RUNNING, 3, 10)
    process.send_signal(signal.SIGKILL)
    assert await process.wait() == -signal.SIGKILL

    assert await run_waiting(kinds) == 0  # nobody knows yet that it is dead
    with clock_at(now() + LEASE + SOON):
        assert await run_waiting(kinds) == 1
    row = await fresh(job)
    assert (row.state, row.done, row.attempts) == (JobState.DONE, 10, 2)
    assert json.loads(row.result) == {"from": 3, "to": 10}


async def test_a_worker_that_was_taken_for_dead_changes_nothing(database: Any) -> None:
    """The first process returns after another has taken its job and finished it."""
    kind, kinds = only(count)
    job = await enqueue(kind, by=None, to=2)
    zombie = await taken(kinds)
    with clock_at(now() + LEASE + SOON):
        assert await run_waiting(kinds) == 1
    with pytest.raises(LeaseLost):
        await zombie.advance(1, 2, cursor=1)
    assert not await zombie.renew()
    assert not await zombie.end(JobState.FAILED, error="late")
    assert not await zombie.give_back(counts=False)
    row = await fresh(job)
    assert (row.state, row.done, row.error) == (JobState.DONE, 2, "")


async def test_what_a_step_wrote_is_undone_with_the_lease_that_was_lost(database: Any) -> None:
    """The cursor commits with the work: a step of a job that another process has taken has no effect."""

    async def one_step(job: Running) -> None:
        async with writing():
            await Person(email=f"{await Person.count()}@example.org").save()
            await job.advance(1, 1, cursor=1)

    kind, kinds = only(one_step)
    await enqueue(kind, by=None)
    zombie = await taken(kinds)
    with clock_at(now() + LEASE + SOON):
        await run_waiting(kinds)
    with pytest.raises(LeaseLost):
        await one_step(zombie)
    assert [row["email"] for row in await Person.select(Person.email)] == ["0@example.org"]


async def test_a_sign_of_life_keeps_the_job(database: Any) -> None:
    kind, kinds = only(count)
    await enqueue(kind, by=None, to=1)
    at = now()
    with clock_at(at):
        held = await taken(kinds)
    with clock_at(at + LEASE - SOON):
        assert await held.renew()
    with clock_at(at + LEASE + SOON):
        assert await run_waiting(kinds) == 0
    with clock_at(at + 2 * LEASE):
        assert await run_waiting(kinds) == 1


async def test_the_heart_beats_while_a_step_takes_long(database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "BEAT", 0)
    lives: list[bool] = []
    has_lived = asyncio.Event()
    renew = Running.renew

    async def noted(self: Running) -> bool:
        lives.append(True)
        if len(lives) == 2:
            raise OSError("the database is away for a moment")
        if len(lives) == 4:
            has_lived.set()
        return await renew(self)

    async def long_step(job: Running) -> None:
        async with asyncio.timeout(30):
            await has_lived.wait()

    monkeypatch.setattr(Running, "renew", noted)
    kind, kinds = only(long_step)
    job = await enqueue(kind, by=None)
    await run_waiting(kinds)
    assert (await fresh(job)).state == JobState.DONE
    beats = len(lives)
    for _turn in range(20):
        await asyncio.sleep(0)
    assert len(lives) == beats, "the heart of a job that is over"


async def test_what_kills_its_process_is_given_up(database: Any) -> None:
    kind, kinds = only(count, attempts=3)
    job = await enqueue(kind, by=None, to=1)
    at = now()
    for life in range(3):
        with clock_at(at + life * 2 * LEASE):
            await taken(kinds)
    with clock_at(at + 6 * LEASE):
        assert await run_waiting(kinds) == 0
    row = await fresh(job)
    assert (row.state, row.attempts, row.error) == (JobState.FAILED, 3, "GivenUp: not finished in 3 attempts")
    assert (row.started_at, row.finished_at) == (at, at + 6 * LEASE)


async def test_writers_in_each_others_way_try_again(database: Any) -> None:
    tries: list[Any] = []

    async def in_the_way(job: Running) -> None:
        tries.append(job.cursor)
        await job.advance(1, 2, cursor="half")
        if len(tries) < 3:
            raise TryAgain

    kind, kinds = only(in_the_way)
    job = await enqueue(kind, by=None)
    assert await run_waiting(kinds) == 3
    assert tries == [None, "half", "half"]
    assert (await fresh(job)).state == JobState.DONE
