"""Counting of queries, and queries that are built once."""

from typing import Any

from piccolo.query.methods import Select

from incubator.db import counting, frozen, writing
from incubator.db.engines import AnyEngine, engine_for
from tests.db.tables import Tally
from tests.engines import started


async def test_every_query_is_counted_and_transactions_are_not(tallies: AnyEngine) -> None:
    with counting() as queries:
        async with writing():
            await Tally(name="a").save()
            await Tally.select()
        await Tally.count()
    assert [sql.split()[0] for sql in queries] == ["INSERT", "SELECT", "SELECT"]


async def test_batches_are_counted(tallies: AnyEngine) -> None:
    with counting() as queries:
        async with await Tally.select().batch() as batch:
            assert [rows async for rows in batch] == []
    assert len(queries) == 1


async def test_counting_ends_with_its_block_and_may_be_nested(tallies: AnyEngine) -> None:
    with counting() as outer:
        with counting() as inner:
            await Tally.count()
        await Tally.count()
    await Tally.count()
    assert (len(inner), len(outer)) == (1, 2)


async def test_a_frozen_query_is_built_once_for_each_kind_of_engine(tallies: AnyEngine, tmp_path: Any) -> None:
    built = []

    @frozen
    def ripe() -> Select[Any]:
        built.append(1)
        return Tally.select(Tally.name).where(Tally.n > 1, Tally.name != "b").order_by(Tally.name)

    await Tally.insert(*(Tally(name=name, n=2) for name in "cab"))
    assert [await ripe(), await ripe()] == [[{"name": "a"}, {"name": "c"}]] * 2
    assert len(built) == 1

    async with started(engine_for(str(tmp_path / "other.sqlite"))):
        await Tally.create_table()
        assert await ripe() == []
