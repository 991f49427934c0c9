"""Piccolo's tables, quicker to read: a table's SELECT is built once, and rows become objects without a detour.

Piccolo 1.38 builds the list of columns and the joins of ``objects()`` again for each query, copies every column of a
prefetched table, and sorts and nests each row before it calls the constructor. That takes many times longer than
SQLite needs to answer. ``tests/db/test_table.py`` holds that the answers are the same, and says when it is no longer needed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from piccolo.columns import Column
from piccolo.columns import ForeignKey as SlowForeignKey
from piccolo.query.methods.objects import Objects
from piccolo.query.methods.select import Select
from piccolo.querystring import QueryString
from piccolo.table import Table as SlowTable

from incubator.db import statements

Row = TypeVar("Row", bound=SlowTable)
Referenced = TypeVar("Referenced", bound=SlowTable)

_attribute = object.__getattribute__


class ForeignKey(SlowForeignKey[Referenced]):
    """A foreign key that asks whether it has an attribute by looking it up, not by listing all of them (``dir``)."""

    def __getattribute__(self, name: str) -> Column | Any:
        if name.startswith("_"):
            return _attribute(self, name)
        try:
            value = _attribute(self, name)
        except AttributeError:
            return super().__getattribute__(name)  # the table that it refers to may not have been seen yet
        return super().__getattribute__(name) if isinstance(value, Column) else value

    if not TYPE_CHECKING:  # the types are Piccolo's

        def __get__(self, obj: Any, objtype: Any = None) -> Any:
            return self if obj is None else obj.__dict__[_attribute(self, "_meta")._name]


@dataclass(frozen=True, slots=True)
class _Plan:
    """How to read a table with the tables that it is read with."""

    start: str
    """Of the statement, with its columns."""
    joins: tuple[str, ...]
    make: Callable[[dict[str, Any]], Any]


@lru_cache(512)
def _plan(table: type[SlowTable], path: tuple[tuple[str, ...], ...], engine: str) -> _Plan:
    """``path``: for each table read along, the names of the foreign keys that lead to it."""
    columns: list[Column] = [*table._meta.columns]
    for keys in path:
        key: Any = table
        for name in keys:
            key = getattr(key, name)
        columns += key.all_columns()
    return _Plan(*statements.columns_of(table, columns, engine), _maker(table, path))


def _maker(
    table: type[SlowTable], path: Sequence[tuple[str, ...]], prefix: str = ""
) -> Callable[[dict[str, Any]], Any]:
    """Return a function that makes an object, with those nested in it, from a row of the database."""
    own = [(column._meta.name, f"{prefix}{column._meta.db_column_name}") for column in table._meta.columns]
    nested: dict[str, list[tuple[str, ...]]] = {}
    for keys in path:
        nested.setdefault(keys[0], []).extend([keys[1:]] if keys[1:] else [])
    inner = [(name, _maker(_table_of(table, name), deeper, f"{prefix}{name}.")) for name, deeper in nested.items()]
    own = [pair for pair in own if pair[0] not in nested]

    def make(row: dict[str, Any]) -> Any:
        instance = table.__new__(table)
        values = instance.__dict__
        values["_exists_in_db"], values["_was_created"] = True, None
        for name, key in own:
            values[name] = row[key]
        for name, made in inner:
            values[name] = made(row)
        return instance

    return make


def row_of(table: type[Row], row: dict[str, Any]) -> Row:
    """Return an object of what ``SELECT *`` or ``RETURNING *`` says of a row."""
    return cast(Row, _bare(table)(row))


@lru_cache(256)
def _bare(table: type[SlowTable]) -> Callable[[dict[str, Any]], Any]:
    return _maker(table, ())


def _table_of(table: type[SlowTable], name: str) -> type[SlowTable]:
    key: Any = getattr(table, name)
    return cast(type[SlowTable], key._foreign_key_meta.resolved_references)


class QuickObjects(Objects[Row]):
    """``objects()`` of a table whose SELECT was built before."""

    def _is_plain(self) -> bool:
        return not (
            self.lock_rows_delegate._lock_rows or self.as_of_delegate._as_of or self.output_delegate._output.load_json
        )

    def _known(self) -> _Plan:
        return _plan(self.table, _path_of(self.prefetch_delegate.fk_columns), self.engine_type)

    @property
    def default_querystrings(self) -> Sequence[QueryString]:
        if not self._is_plain():
            return super().default_querystrings
        plan = self._known()
        return [statements.select(plan.start, plan.joins, self, self.engine_type)]

    async def _process_results(self, results: Any) -> Any:
        if not self._is_plain():
            return await super()._process_results(results)
        if not results:
            return []
        make = self._known().make
        return [make(row) for row in results]


class QuickSelect(Select[Row]):
    """``select()`` of a table, written from parts that are known."""

    def _is_plain(self) -> bool:
        return not (
            self.exclude_secrets or self.lock_rows_delegate._lock_rows or self.as_of_delegate._as_of
            or self.distinct_delegate._distinct.enabled or self.group_by_delegate._group_by or self.having_delegate._where
            or (self.offset_delegate._offset and not self.limit_delegate._limit)
        )  # fmt: skip

    @property
    def default_querystrings(self) -> Sequence[QueryString]:
        columns: Any = self.columns_delegate.selected_columns or self.table._meta.columns
        if not self._is_plain() or not all(isinstance(each, Column) for each in columns):
            return super().default_querystrings
        self.columns_delegate.selected_columns = columns
        start, joins = statements.columns_of(self.table, columns, self.engine_type)
        return [statements.select(start, joins, self, self.engine_type)]


def _path_of(keys: Sequence[Any]) -> tuple[tuple[str, ...], ...]:
    """Return the names that lead to each table read along, those in between included."""
    found: dict[tuple[str, ...], None] = {}
    for key in keys:
        names = (*(each._meta.name for each in key._meta.call_chain), key._meta.name)
        for length in range(1, len(names) + 1):
            found[names[:length]] = None
    return tuple(found)


#: Without their type in brackets, which costs as much as all the rest of making them.
_objects: Any = QuickObjects
_select: Any = QuickSelect


class Table(SlowTable):
    """Every table of this project."""

    @classmethod
    def objects(cls, *prefetch: Any) -> QuickObjects[Self]:
        return cast("QuickObjects[Self]", _objects(table=cls, prefetch=prefetch))

    @classmethod
    def select(cls, *columns: Any, exclude_secrets: bool = False) -> QuickSelect[Self]:
        return cast("QuickSelect[Self]", _select(table=cls, columns_list=columns, exclude_secrets=exclude_secrets))


# Piccolo gives every table an id, but would have the tables below inherit this one.
del Table.id  # type: ignore[attr-defined]
