"""Hot queries whose SQL is built once, because building it takes longer than SQLite needs to answer."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import date
from functools import wraps
from inspect import signature
from typing import Any, TypeVar

from piccolo.query.base import FrozenQuery, Query
from piccolo.querystring import QueryString

from incubator.db.engines import current_engine

Rows = TypeVar("Rows")


def frozen(build: Callable[[], Query[Any, Rows]]) -> Callable[[], Awaitable[Rows]]:
    """Turn a function that builds a query without parameters into one that runs it.

    The SQL differs between the engines, so it is frozen once for each kind of engine, at the first call.
    """
    built: dict[str, FrozenQuery] = {}

    @wraps(build)
    async def run() -> Rows:
        kind = current_engine().engine_type
        if kind not in built:
            built[kind] = build().freeze()
        rows: Rows = await built[kind].run()  # type: ignore[no-untyped-call]
        return rows

    return run


class _Marker(int):
    """Stands for a parameter while the query is built; a number, since the queries ask by ids."""


def frozen_with(build: Callable[..., Query[Any, Rows]]) -> Callable[..., Awaitable[Rows]]:
    """Turn a function that builds a query from ids into one that runs it: the SQL is built at the first call, the ids are bound.

    The query must depend on nothing else that changes: raises ValueError if it holds a moment or a day of its first call.
    """
    names = list(signature(build).parameters)
    built: dict[str, tuple[Query[Any, Rows], str, list[Any]]] = {}

    def once(kind: str) -> tuple[Query[Any, Rows], str, list[Any]]:
        query: Any = build(*(_Marker(number) for number in range(len(names))))
        (querystring,) = query.querystrings
        sql, values = querystring.compile_string(engine_type=kind)
        if any(isinstance(value, date) for value in values):
            raise ValueError(f"{build.__qualname__} would ask about the moment of its first call for ever")
        return query, sql, values

    @wraps(build)
    async def run(*ids: Any) -> Rows:
        engine = current_engine()
        kind = engine.engine_type
        if kind not in built:
            built[kind] = once(kind)
        query, sql, values = built[kind]
        bound = QueryString(sql, table=query.table)
        bound._frozen_compiled_strings = (sql, [ids[v] if type(v) is _Marker else v for v in values])
        rows: Rows = await query._process_results(await engine.run_querystring(bound))
        return rows

    return run


def frozen_for_one(build: Callable[[list[Any]], Query[Any, Rows]]) -> Callable[[Iterable[Any]], Awaitable[Rows]]:
    """Turn a function that builds a query from a list of ids into one that runs it; most pages ask about one id, with ready SQL."""

    @frozen_with
    def one(wanted: int) -> Query[Any, Rows]:
        return build([wanted])

    @wraps(build)
    async def run(ids: Iterable[Any]) -> Rows:
        wanted = list(ids)
        return await (one(wanted[0]) if len(wanted) == 1 else build(wanted or [0]))

    return run
