"""A counter with a unique name, and a table whose foreign key is checked at COMMIT only."""

from piccolo.columns import Integer, Serial, Varchar
from piccolo.table import Table


class Tally(Table, tablename="test_tally"):
    id: Serial
    name = Varchar(unique=True)
    n = Integer(default=0)


class Leaf(Table, tablename="test_leaf"):
    tally = Integer()


async def create_leaf() -> None:
    await Tally.raw(
        "CREATE TABLE test_leaf (id integer PRIMARY KEY, tally integer NOT NULL"
        " REFERENCES test_tally (id) DEFERRABLE INITIALLY DEFERRED)"
    )


async def names() -> list[str]:
    return sorted(row["name"] for row in await Tally.select(Tally.name))


async def value(name: str) -> int:
    row = await Tally.select(Tally.n).where(Tally.name == name).first()
    assert row is not None
    return int(row["n"])
