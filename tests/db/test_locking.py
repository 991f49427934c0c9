"""The lock on one row."""

import asyncio

from incubator.db import counting, run_sql, writing
from incubator.db.engines import AnyEngine
from incubator.db.locking import locked_row
from incubator.projects.tables import Project
from tests.db.tables import Tally, value


async def test_who_locks_second_reads_what_the_first_has_written(tallies: AnyEngine) -> None:
    await Tally(name="a").save()

    async def add_one() -> None:
        async with writing():
            row = await locked_row(Tally, 1)
            assert row
            await Tally.update({Tally.n: row.n + 1}).where(Tally.name == "a")

    await asyncio.gather(*(add_one() for _ in range(8)))
    assert await value("a") == 8


async def test_no_row(tallies: AnyEngine) -> None:
    async with writing():
        assert await locked_row(Tally, 1) is None


async def test_a_lock_looks_at_no_table_that_refers_to_the_row(sqlite: AnyEngine) -> None:
    """Otherwise saving one section takes longer the larger the season is."""
    with counting() as seen:
        async with writing():
            await locked_row(Project, 1)
    (query,) = seen
    plan = await run_sql("EXPLAIN QUERY PLAN " + query.replace("?", "1"))
    assert [row["detail"] for row in plan] == ["SEARCH project USING INTEGER PRIMARY KEY (rowid=?)"]
    assert query.startswith("SELECT")
