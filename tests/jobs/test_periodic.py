"""Periodic tasks run round after round, even if some fail."""

import asyncio

import pytest

from incubator.jobs.periodic import run_once, run_periodically


async def remind() -> int:
    return 3


async def stumble() -> int:
    raise OSError("no way")


async def digest() -> int:
    return 0


async def test_a_task_that_stumbles_does_not_stop_the_others() -> None:
    assert await run_once((remind, stumble, digest)) == {"remind": 3, "digest": 0}
    assert await run_once(()) == {}


async def test_round_after_round() -> None:
    rounds: list[str] = []
    has_been_often = asyncio.Event()

    async def note() -> int:
        rounds.append("note")
        if len(rounds) == 3:
            has_been_often.set()
        return 1

    work = asyncio.create_task(run_periodically((stumble, note), every=0))
    async with asyncio.timeout(10):
        await has_been_often.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work


async def test_the_first_round_is_not_at_the_start() -> None:
    """Processes that start together do not all run the tasks at once."""
    rounds: list[str] = []

    async def note() -> int:
        rounds.append("note")
        return 1

    work = asyncio.create_task(run_periodically((note,), every=3600))
    for _turn in range(20):
        await asyncio.sleep(0)
    work.cancel()
    await asyncio.wait([work])
    assert rounds == []
