"""PostgreSQL with one pool for each event loop, and transactions that always return their connection."""

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import asyncpg
from piccolo.engine.postgres import AsyncBatch, PostgresEngine, PostgresTransaction
from piccolo.query.base import Query

from incubator.db.counting import note
from incubator.db.errors import translated
from incubator.db.guarded import GuardedEngine, GuardedTransaction
from incubator.db.loops import PerLoop, finished


class Lent(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
    """A connection of the pool. asyncpg would ask the server to forget cursors, settings and locks of the session each time one comes back.

    No query here leaves any: locks and settings end with their transaction. It would be a second round trip for each query outside of one.
    """

    def get_reset_query(self) -> str:
        return ""


#: Connections of one process; a server allows 100 by default. None is opened before it is needed, so that
#: the site starts while the database is away. Connecting takes at most ``timeout`` seconds.
POOL = {"min_size": 0, "max_size": 10, "timeout": 10, "connection_class": Lent}


class GuardedPostgresTransaction(GuardedTransaction, PostgresTransaction):
    """A transaction at the server's default isolation (read committed)."""

    engine: "Postgres"

    async def take(self) -> None:
        self.pool = self.engine.current_pool
        self.connection = await (self.pool.acquire() if self.pool else self.engine.get_new_connection())

    async def begin(self) -> None:
        self.transaction = self.connection.transaction()
        await self.transaction.start()

    async def commit(self) -> None:
        await finished(self._commit())

    async def _commit(self) -> None:
        await self.transaction.commit()
        self._committed = True

    async def rollback(self) -> None:
        await finished(self.transaction.rollback())
        self._rolled_back = True

    async def give_back(self) -> None:
        await (self.pool.release(self.connection) if self.pool else self.connection.close())


class PostgresBatch(AsyncBatch):
    """Replaces Piccolo's batch, which swallows errors of its body and leaks the connection if the query is wrong."""

    async def __aenter__(self) -> Self:
        sql, args = self.query.querystrings[0].compile_string()
        note(sql)
        try:
            self._transaction = self.connection.transaction(readonly=True)
            await self._transaction.start()
            self._cursor = await self.connection.cursor(sql, *args)
        except BaseException:
            await self.connection.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.connection.close()


class Postgres(GuardedEngine, PostgresEngine):
    """Piccolo's engine on ``url`` (``postgres://user:password@host/database``).

    Between ``start_connection_pool`` and ``close_connection_pool`` queries use a pool;
    outside, each opens a connection and closes it: slow, but nothing is left behind.
    """

    def __init__(self, url: str, **settings: Any) -> None:
        self._pools: PerLoop[asyncpg.Pool] = PerLoop(discard=lambda pool: None)
        super().__init__({"dsn": url}, **settings)

    async def check_version(self) -> None:
        """Do nothing: Piccolo queries the server when the engine is created, but importing a module should not need a server."""

    @property
    def current_pool(self) -> "asyncpg.Pool | None":
        return self._pools.get()

    async def start_connection_pool(self, **settings: Any) -> None:
        if self.current_pool is None:
            self._pools.put(await asyncpg.create_pool(**{**self.config, **POOL, **settings}))

    async def close_connection_pool(self) -> None:
        if pool := self._pools.pop():
            await pool.close()

    def transaction(self, allow_nested: bool = True) -> GuardedPostgresTransaction:
        self.forget_ended_transaction()
        return GuardedPostgresTransaction(self, allow_nested=allow_nested)

    async def batch(self, query: Query[Any, Any], batch_size: int = 100, node: str | None = None) -> PostgresBatch:
        """Return rows in portions, on a separate connection: uncommitted rows are not among them."""
        engine = self.extra_nodes[node] if node else self
        with translated():
            return PostgresBatch(await engine.get_new_connection(), query, batch_size)

    async def answer(self, sql: str, args: Sequence[Any]) -> list[Any]:
        rows: list[Any]
        if (transaction := self.open_transaction()) is not None:
            rows = await transaction.connection.fetch(sql, *args)
        elif (pool := self.current_pool) is not None:
            rows = await pool.fetch(sql, *args)
        else:
            rows = await self._run_in_new_connection(sql, args)
        return rows

    async def define(self, ddl: str) -> list[Any]:
        return await self.answer(ddl, [])
