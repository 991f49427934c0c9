"""Transactions around verbs: the same guarantees on both engines."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from incubator.db import AlreadyThere, TryAgain, current_engine, on_commit, writing
from incubator.db.engines import AnyEngine
from incubator.db.errors import SpoiltTransaction
from tests.db.tables import Leaf, Tally, names, value

INTEGRITY = (sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError)


class Oops(Exception):
    pass


async def add(name: str) -> None:
    await Tally(name=name).save()


async def test_everything_inside_is_kept(tallies: AnyEngine) -> None:
    async with writing():
        await add("a")
        await add("b")
    assert await names() == ["a", "b"]


async def test_an_error_undoes_everything(tallies: AnyEngine) -> None:
    with pytest.raises(Oops):
        async with writing():
            await add("a")
            raise Oops
    assert await names() == []


async def test_writes_go_on_after_an_error(tallies: AnyEngine) -> None:
    for _ in range(15):  # more than the connections of the pool
        with pytest.raises(Oops):
            async with writing():
                raise Oops
    async with writing():
        await add("a")
    assert await names() == ["a"]


async def test_its_own_rows_are_seen_inside_and_only_inside(tallies: AnyEngine) -> None:
    written, looked = asyncio.Event(), asyncio.Event()

    async def outsider() -> list[str]:
        await written.wait()
        try:
            return await names()
        finally:
            looked.set()

    outside = asyncio.create_task(outsider())
    async with writing():
        await add("a")
        written.set()
        await looked.wait()
        assert await names() == ["a"]
    assert await outside == []
    assert await names() == ["a"]


async def test_a_nested_block_joins_the_outer_one(tallies: AnyEngine) -> None:
    with pytest.raises(Oops):
        async with writing():
            async with writing():
                await add("inner")
            assert await names() == ["inner"]
            raise Oops
    assert await names() == []


async def test_an_error_that_leaves_a_nested_block_undoes_the_outer_one_even_when_caught(tallies: AnyEngine) -> None:
    async def refused() -> None:
        async with writing():
            await add("half")
            raise Oops

    with pytest.raises(SpoiltTransaction):
        async with writing():
            await add("outer")
            with pytest.raises(Oops):
                await refused()
    assert await names() == []


async def test_a_swallowed_error_of_a_query_is_not_committed_silently(tallies: AnyEngine) -> None:
    await add("a")
    with pytest.raises(SpoiltTransaction):
        async with writing():
            await add("b")
            with pytest.raises(AlreadyThere):
                await add("a")
    assert await names() == ["a"]


async def test_a_task_that_outlives_the_transaction_writes_on_its_own(tallies: AnyEngine) -> None:
    over = asyncio.Event()

    async def later() -> None:
        await over.wait()
        assert not current_engine().transaction_exists()
        async with writing():
            await add("later")

    async with writing():
        task = asyncio.create_task(later())
        await add("a")
    over.set()
    await task
    assert await names() == ["a", "later"]


async def test_cancelled_in_the_middle_nothing_is_kept_and_the_next_one_writes(tallies: AnyEngine) -> None:
    written = asyncio.Event()

    async def stuck() -> None:
        async with writing():
            await add("a")
            written.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(stuck())
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await add("b")
    assert await names() == ["b"]


async def test_a_failed_commit_raises_and_leaves_nothing_locked(tallies: AnyEngine) -> None:
    for _ in range(15):  # more than the connections of the pool
        with pytest.raises(INTEGRITY):
            async with writing():
                await add("a")
                await Leaf.raw("INSERT INTO test_leaf VALUES (1, 999)")
    await add("b")
    assert await names() == ["b"]


async def test_a_unique_column_that_is_taken(tallies: AnyEngine) -> None:
    await add("a")
    with pytest.raises(AlreadyThere):
        async with writing():
            await add("a")


async def test_a_primary_key_that_is_taken(tallies: AnyEngine) -> None:
    await Tally.raw("INSERT INTO test_tally (id, name, n) VALUES (7, 'a', 0)")
    with pytest.raises(AlreadyThere):
        async with writing():
            await Tally.raw("INSERT INTO test_tally (id, name, n) VALUES (7, 'b', 0)")


async def test_a_unique_index_on_an_expression(tallies: AnyEngine) -> None:
    await Tally.raw("CREATE UNIQUE INDEX test_tally_lower ON test_tally (lower(name)) WHERE n = 0")
    await add("a")
    with pytest.raises(AlreadyThere):
        async with writing():
            await add("A")


async def test_it_is_translated_once_when_blocks_are_nested(tallies: AnyEngine) -> None:
    await add("a")
    with pytest.raises(AlreadyThere) as caught:
        async with writing(), writing():
            await add("a")
    assert isinstance(caught.value.__cause__, INTEGRITY)


@pytest.mark.parametrize("wrong", ["INSERT INTO test_tally (n) VALUES (NULL)", "UPDATE test_tally SET name = NULL"])
async def test_other_broken_rules_are_mistakes_and_stay_what_they_are(tallies: AnyEngine, wrong: str) -> None:
    await add("a")
    with pytest.raises(INTEGRITY):
        async with writing():
            await Tally.raw(wrong)


async def test_on_commit_waits_for_the_outermost_commit(tallies: AnyEngine) -> None:
    told: list[str] = []
    async with writing():
        async with writing():
            await add("a")
            on_commit(lambda: told.append("inner"))
        on_commit(lambda: told.append("outer"))
        assert told == []
    assert told == ["inner", "outer"]


async def test_on_commit_comes_when_others_can_see_the_rows(tallies: AnyEngine) -> None:
    seen: list[Awaitable[list[str]]] = []
    async with writing():
        await add("a")
        on_commit(lambda: seen.append(asyncio.ensure_future(names())))
    assert await seen[0] == ["a"]


async def test_on_commit_is_dropped_by_a_rollback(tallies: AnyEngine) -> None:
    told: list[str] = []
    with pytest.raises(Oops):
        async with writing():
            on_commit(lambda: told.append("rolled back"))
            raise Oops
    with pytest.raises(INTEGRITY):
        async with writing():
            on_commit(lambda: told.append("commit failed"))
            await Leaf.raw("INSERT INTO test_leaf VALUES (1, 999)")
    async with writing():
        on_commit(lambda: told.append("kept"))
    assert told == ["kept"]


async def test_on_commit_outside_of_a_transaction_happens_at_once(tallies: AnyEngine) -> None:
    told: list[str] = []
    on_commit(lambda: told.append("now"))
    assert told == ["now"]


async def _increment_in_one_statement() -> None:
    async with writing():
        await Tally.update({Tally.n: Tally.n + 1}).where(Tally.name == "a")


async def _compare_and_set() -> None:
    while True:
        async with writing():
            seen = await value("a")
            await asyncio.sleep(0)
            if (
                await Tally.update({Tally.n: seen + 1})
                .where((Tally.name == "a") & (Tally.n == seen))
                .returning(Tally.n)
            ):
                return


@pytest.mark.parametrize("increment", [_increment_in_one_statement, _compare_and_set])
async def test_of_64_concurrent_increments_none_is_lost(
    tallies: AnyEngine, increment: Callable[[], Awaitable[None]]
) -> None:
    await add("a")
    await asyncio.gather(*(increment() for _ in range(64)))
    assert await value("a") == 64


async def test_a_deadlock_asks_to_try_again(postgres_tallies: AnyEngine) -> None:
    await add("a")
    await add("b")
    both = asyncio.Barrier(2)

    async def touch(first: str, second: str) -> None:
        async with writing():
            await Tally.update({Tally.n: 1}).where(Tally.name == first)
            await both.wait()
            await Tally.update({Tally.n: 1}).where(Tally.name == second)

    results = await asyncio.gather(touch("a", "b"), touch("b", "a"), return_exceptions=True)
    assert [type(result) for result in results if result] == [TryAgain]
    assert [await value("a"), await value("b")] == [1, 1]


async def test_no_number_is_given_twice(tallies: AnyEngine) -> None:
    """Whatever names a deleted row by its number, an event, a link, an open page, must not mean the next one."""
    first = Tally(name="a")
    await first.save()
    await Tally.delete().where(Tally.id == first.id)
    second = Tally(name="b")
    await second.save()
    assert second.id > first.id
