"""Hot queries whose SQL is built once, because building it takes longer than SQLite needs to answer."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, TypeVar

from piccolo.query.base import FrozenQuery, Query

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
