"""Work in a process of its own: whose turn it is, and what ends it."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from incubator.core.child_process import ChildFailed, ChildTooSlow, Queue, QueueFull, run_child


class Waiting:
    """A queue in which people wait; notes who had a turn."""

    def __init__(self, at_once: int = 1, *, most_waiting: int = 20, most_of_one: int = 0) -> None:
        self.queue = Queue(at_once, most_waiting=most_waiting, most_of_one=most_of_one)
        self.had: list[str] = []

    async def work(self, who: str) -> None:
        async with self.queue.turn(who):
            self.had.append(who)

    async def come(self, people: str) -> list[asyncio.Task[None]]:
        """Let each letter wait, in this order, until all of them do."""
        tasks = [asyncio.create_task(self.work(who)) for who in people]
        await asyncio.sleep(0)
        return tasks


async def test_whoever_brings_many_lets_others_in_between() -> None:
    waiting = Waiting()
    async with waiting.queue.turn("somebody"):
        tasks = await waiting.come("aaaabbc")
    await asyncio.gather(*tasks)
    assert "".join(waiting.had) == "abcabaa"


async def test_who_left_the_line_gets_no_turn_and_takes_none_from_others() -> None:
    waiting = Waiting()
    async with waiting.queue.turn("somebody"):
        tasks = await waiting.come("abc")
        tasks[1].cancel()
        await asyncio.gather(*tasks[1:2], return_exceptions=True)
    tasks[0].cancel()  # it was given the turn, and leaves before it begins
    await asyncio.gather(*tasks, return_exceptions=True)
    assert waiting.had == ["c"]
    await waiting.work("d")
    assert waiting.had == ["c", "d"]


async def test_nobody_takes_all_places() -> None:
    waiting = Waiting(most_waiting=3, most_of_one=2)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(waiting.queue.turn("a"))
        tasks = await waiting.come("a")
        with pytest.raises(QueueFull):
            await waiting.work("a")
        tasks += await waiting.come("b")
        with pytest.raises(QueueFull):
            await waiting.work("c")
    await asyncio.gather(*tasks)
    await waiting.work("a")
    assert waiting.had == ["a", "b", "a"]


async def test_as_many_as_may_have_a_turn_at_once() -> None:
    waiting = Waiting(2)
    async with waiting.queue.turn("a"):
        await waiting.work("b")
    assert waiting.had == ["b"]


async def test_what_takes_too_long_is_told_from_what_fails() -> None:
    with pytest.raises(ChildTooSlow):
        await run_child("tests.core.busy", "1", patience=60)  # a second of the processor
    with pytest.raises(ChildTooSlow):
        await run_child("tests.core.busy", "60", patience=0.1)
    with pytest.raises(ChildFailed, match="ValueError") as failed:
        await run_child("tests.core.busy", "many", patience=60)
    assert not isinstance(failed.value, ChildTooSlow)
