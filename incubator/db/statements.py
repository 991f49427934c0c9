"""Parts of SELECT statements, written once: the names of columns, their joins, and the forms of conditions.

Piccolo 1.38 writes each of them anew for every query, and takes the finished text apart again to number its values.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from piccolo.columns import Column
from piccolo.columns.combination import UNDEFINED, And, Or, Where, WhereRaw
from piccolo.query.methods.select import Select
from piccolo.querystring import QueryString
from piccolo.table import Table

from incubator.db.raw import numbered

Text = TypeVar("Text")

#: A text with ``{}`` for each value, and the values.
Part = tuple[str, list[Any]]
#: What tells a column from all others: the way to it and its alias.
Key = tuple[Any, ...]

#: Types of values that are no part of a statement.
_PLAIN = {bool, int, float, str, bytes, datetime, date, type(None)}
#: How many texts are remembered; a program has some hundreds of queries.
_MOST = 4096
_known: dict[tuple[Any, ...], Any] = {}


def key_of(column: Column) -> Key:
    meta = column._meta
    chain = meta.call_chain
    if not chain:
        return meta._table, meta._name, column._alias
    return chain[0]._meta._table, meta._table, meta._name, column._alias, *[each._meta._name for each in chain]


def _remembered(key: tuple[Any, ...], value: Text) -> Text:
    if len(_known) >= _MOST:
        _known.clear()
    _known[key] = value
    return value


def joins_of(column: Any) -> tuple[str, ...]:
    """Return the joins that lead to a column."""
    if not isinstance(column, Column) or not column._meta.call_chain:
        return ()
    key = ("joins", key_of(column))
    joins: tuple[str, ...] | None = _known.get(key)
    if joins is None:
        joins = _remembered(key, tuple(Select(column._meta.table)._get_joins([column])))
    return joins


def columns_of(table: type[Table], columns: Sequence[Column], engine: str) -> tuple[str, tuple[str, ...]]:
    """Return the beginning of a SELECT of these columns, up to the table, and the joins that they need."""
    key = (engine, table, *map(key_of, columns))
    known: tuple[str, tuple[str, ...]] | None = _known.get(key)
    if known is None:
        texts = [column.get_select_string(engine).compile_string(engine)[0] for column in columns]
        start = f"SELECT {', '.join(texts)} FROM {table._meta.get_formatted_tablename()}"  # noqa: S608 - our own columns
        joins = dict.fromkeys(join for column in columns for join in joins_of(column))
        known = _remembered(key, (start, tuple(joins)))
    return known


def condition(where: Any, engine: str) -> Part:
    """Return a condition as Piccolo would write it."""
    kind = type(where)
    if kind is And or kind is Or:
        first, values = condition(where.first, engine)
        second, more = condition(where.second, engine)
        return f"({first} {where.operator} {second})", [*values, *more]
    if kind is WhereRaw:
        return where.querystring.template, list(where.querystring.args)
    if kind is not Where or not isinstance(where.column, Column):
        return "{}", [where.querystring]
    text = _form(where, engine)
    values = [] if where.value is UNDEFINED else [where.value]
    if where.values is UNDEFINED:
        return text, values
    if isinstance(where.values, QueryString):
        return text, [*values, where.values]
    return text.replace("{}", ", ".join(["{}"] * len(where.values))), [*values, *where.values]


def _form(where: Where, engine: str) -> str:
    key = (engine, where.operator, key_of(where.column))
    known: str | None = _known.get(key)
    if known is None:
        name = where.column.get_where_string(engine)
        known = _remembered(key, where.operator.template.format(name=name, value="{}", values="{}"))
    return known


def order(items: Sequence[Any]) -> Part:
    """Return what follows ORDER BY. ``items``: Piccolo's."""
    texts, values = [], []
    for item in items:
        way = "ASC" if item.ascending else "DESC"
        for column in item.columns:
            if isinstance(column, Column):
                texts.append(f"{_name(column)} {way}")
            else:
                texts.append(f"{{}} {way}")
                values.append(column)
    return ", ".join(texts), values


def _name(column: Column) -> str:
    key = ("name", key_of(column))
    known: str | None = _known.get(key)
    return known if known is not None else _remembered(key, column._meta.get_full_name(with_alias=False))


def select(start: str, joins: Sequence[str], query: Any, engine: str) -> QueryString:
    """Return a whole statement. ``query``: Piccolo's, with its condition, its order and its limits."""
    where, items = query.where_delegate._where, query.order_by_delegate._order_by.order_by_items
    parts, values = [start], []
    if where or items:
        asked = [*query.where_delegate.get_where_columns(), *query.order_by_delegate.get_order_by_columns()]
        joins = [*dict.fromkeys([*joins, *(join for column in asked for join in joins_of(column))])]
    parts += joins
    if where:
        text, given = condition(where, engine)
        parts.append(f"WHERE {text}")
        values += given
    if items:
        text, given = order(items)
        parts.append(f"ORDER BY {text}")
        values += given
    if limit := query.limit_delegate._limit:
        parts.append(f"LIMIT {limit.number}")
    if offset := query.offset_delegate._offset:
        parts.append(f"OFFSET {offset.number}")
    return _compiled(" ".join(parts), values, engine)


def _compiled(text: str, values: list[Any], engine: str) -> QueryString:
    """Return the statement with its values numbered already, unless one of them may be a part of a statement itself."""
    if _PLAIN.issuperset(map(type, values)) and "{{" not in text:
        return numbered(text, values, engine)
    return QueryString(text, *values)
