"""Whoever waits for events misses none, whatever else waits beside."""

import asyncio

from incubator.history.waiting import wait_for_events, wake


async def rounds(done: asyncio.Queue[None], turns: asyncio.Semaphore) -> None:
    """Work as long as there are turns, and report each round."""
    while True:
        await turns.acquire()
        done.put_nowait(None)
        await wait_for_events(60)


async def test_an_event_wakes_everybody_and_whoever_is_busy_later() -> None:
    quick: asyncio.Queue[None] = asyncio.Queue()
    busy: asyncio.Queue[None] = asyncio.Queue()
    turns = asyncio.Semaphore(2)
    tasks = [asyncio.create_task(rounds(quick, asyncio.Semaphore(99))), asyncio.create_task(rounds(busy, turns))]
    for _round in range(2):  # the first wait lets go at once
        await quick.get()
        await busy.get()
    wake()
    await quick.get()
    # The other has been woken, too, and is at work while more happens.
    wake()
    await quick.get()
    turns.release()
    await busy.get()
    turns.release()
    await asyncio.wait_for(busy.get(), 5)
    for task in tasks:
        task.cancel()
