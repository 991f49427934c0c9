"""Foreign keys as Piccolo returns them: a bare id, or the joined row."""

from typing import Any, cast

from piccolo.columns import ForeignKey
from piccolo.conf.apps import Finder
from piccolo.constraints import Unique
from piccolo.table import Table


def id_of(reference: Any) -> int | None:
    """Return the id behind a foreign key, whether or not its row was joined; None for a null reference."""
    value = reference if reference is None or isinstance(reference, int) else reference.id
    return None if value is None else int(value)


def some_id_of(reference: Any) -> int:
    """Return ``id_of`` for a foreign key that is never null."""
    found = id_of(reference)
    assert found is not None
    return found


def columns_referring_to(table: type[Table]) -> list[ForeignKey[Any]]:
    """Return every foreign key that refers to ``table``, in all tables that Piccolo's configuration names.

    Imported tables would not do: the rows of a table that is not imported would be overlooked.
    """
    return [
        column
        for each in Finder().get_table_classes()
        for column in each._meta.foreign_key_columns
        if column._foreign_key_meta.resolved_references is table
    ]


async def repoint(table: type[Table], old: int, new: int) -> dict[str, int]:
    """Make whatever refers to row ``old`` of ``table`` refer to ``new``; return how many rows of each table were changed.

    A row that would then exist twice, by a unique rule of its table, is deleted instead. Call inside a transaction.
    """
    changed: dict[str, int] = {}
    for column in columns_referring_to(table):
        of: Any = column._meta.table
        for names in _unique_rules(of, column):
            await _delete_twins(of, column, names, old, new)
        rows = await of.update({column: new}).where(column == old).returning(of.id)
        if rows:
            changed[of._meta.tablename] = changed.get(of._meta.tablename, 0) + len(rows)
    return changed


def _unique_rules(table: Any, column: ForeignKey[Any]) -> list[list[str]]:
    """Return for each unique rule that includes ``column`` its other columns."""
    name = column._meta.name
    rules: list[list[str]] = [
        cast(Any, constraint).get_column_names()
        for constraint in table._meta.constraints
        if isinstance(constraint, Unique)
    ]
    if column._meta.unique:
        rules.append([name])
    return [[each for each in rule if each != name] for rule in rules if name in rule]


async def _delete_twins(table: Any, column: ForeignKey[Any], others: list[str], old: int, new: int) -> None:
    columns = [table._meta.get_column_by_name(name) for name in others]
    kept = {tuple(row[name] for name in others) for row in await table.select(*columns, table.id).where(column == new)}
    twins = [
        row["id"]
        for row in await table.select(*columns, table.id).where(column == old)
        if tuple(row[name] for name in others) in kept
    ]
    if twins:
        await table.delete().where(table.id.is_in(twins))
