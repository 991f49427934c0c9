"""SQLite with persistent connections: short reads cost microseconds, writers queue instead of failing."""

import asyncio
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain, repeat
from time import monotonic
from typing import Any

from piccolo.engine.sqlite import SQLiteEngine, SQLiteTransaction, TransactionType
from piccolo.query.base import Query

from incubator.db import sqlite_ddl
from incubator.db.errors import is_busy, translated
from incubator.db.guarded import GuardedEngine, GuardedTransaction
from incubator.db.lease import WAIT
from incubator.db.loops import PerLoop
from incubator.db.sqlite_batch import SQLiteBatch
from incubator.db.sqlite_pool import Connection, Pool, threaded

_READING = re.compile(r"\s*(SELECT|VALUES|EXPLAIN|WITH(?!.*\b(INSERT|UPDATE|DELETE|REPLACE)\b))\b", re.I | re.S)
#: SQLite refuses these inside a transaction.
_ALONE = re.compile(r"\s*(PRAGMA|VACUUM|ATTACH|DETACH)\b", re.I)

is_reading = lru_cache(1024)(_READING.match)
is_alone = _ALONE.match


# Piccolo registers a converter, though SQLite returns integers as they are: a call for each number costs more than the query.
sqlite3.converters.pop("INTEGER", None)


@contextmanager
def in_thread() -> Iterator[None]:
    """Run the queries of this block in threads, because they may take long and would block the event loop.

    No effect on PostgreSQL, where the event loop never waits.
    """
    token = threaded.set(True)
    try:
        yield
    finally:
        threaded.reset(token)


class GuardedSQLiteTransaction(GuardedTransaction, SQLiteTransaction):
    """A transaction that is always ``BEGIN IMMEDIATE``, so that one that reads first cannot fail when it writes."""

    engine: "SQLite"
    connection: Connection
    _relied_on_until = 0.0
    """When the last lease ends that may have been given before the commit (``monotonic``)."""

    async def take(self) -> None:
        self.pool = self.engine.pool
        await self.pool.writing.acquire()
        self.connection = self.pool.writer

    async def begin(self) -> None:
        """Wait for writers of other processes by retrying, as SQLite does, without blocking the event loop."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + self.engine.patience
        for pause in chain((0.001, 0.002, 0.005, 0.01), repeat(0.02)):
            try:
                self.connection.run("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if not is_busy(error) or clock() > deadline:
                    raise
            await asyncio.sleep(pause)

    async def commit(self) -> None:
        """Append to the write-ahead log, which is neither flushed nor copied into the file here (``flushing.py``)."""
        number = self.pool.public_number()
        self.connection.run("COMMIT")
        self._committed = True
        if number != self.pool.number:  # another process may have moved it: then this one waits needlessly
            self.pool.number, self._relied_on_until = number, monotonic() + WAIT

    async def rollback(self) -> None:
        self.connection.raw.rollback()
        self._rolled_back = True

    async def give_back(self) -> None:
        self.connection.raw.rollback()  # a failed COMMIT leaves its transaction open
        self.pool.writing.release()

    async def settle(self) -> None:
        """Wait for the disk and, if it changed what is public, until nobody relies on the previous state any more (``lease.py``)."""
        await self.pool.flushed()
        if (left := self._relied_on_until - monotonic()) > 0:
            await asyncio.sleep(left)


class SQLite(GuardedEngine, SQLiteEngine):
    """Piccolo's engine for one file. ``patience``: seconds to wait for writers of other processes."""

    def __init__(self, path: str, *, patience: float = 15.0, **settings: Any) -> None:
        self.patience = patience
        self._pools: PerLoop[Pool] = PerLoop(discard=Pool.close)
        super().__init__(path, **settings)

    @property
    def pool(self) -> Pool:
        """Return the connections of the running event loop, opened at first use."""
        pool = self._pools.get()
        if pool is None:
            with translated():
                pool = self._pools.put(Pool(self.connection_kwargs, self.patience))
        return pool

    async def start_connection_pool(self) -> None:
        """Open the connections now, so that a file that cannot be opened is reported at startup."""
        _ = self.pool

    async def close_connection_pool(self) -> None:
        if pool := self._pools.pop():
            pool.close()

    def transaction(
        self, transaction_type: TransactionType = TransactionType.immediate, allow_nested: bool = True
    ) -> GuardedSQLiteTransaction:
        """Return an immediate transaction, whatever ``transaction_type`` says."""
        self.forget_ended_transaction()
        return GuardedSQLiteTransaction(self, allow_nested=allow_nested)

    async def batch(self, query: Query[Any, Any], batch_size: int = 100, node: str | None = None) -> SQLiteBatch:
        """Return rows in portions, on a separate connection: uncommitted rows are not among them."""
        with translated():
            reader: Any = self.pool.open_reader()
        return SQLiteBatch(reader, query, batch_size)

    async def answer(self, sql: str, args: list[Any]) -> list[Any]:
        if (transaction := self.open_transaction()) is not None:
            rows: list[Any] = await transaction.connection.fetch(sql, args)
            return rows
        if is_reading(sql):
            return await self.pool.read(sql, args)
        if is_alone(sql):
            async with self.pool.writing:
                return await self.pool.writer.fetch(sql, args)
        async with self.transaction() as alone:
            return await alone.connection.fetch(sql, args)

    async def define(self, ddl: str) -> list[Any]:
        async with self.transaction() as transaction:
            sqlite_ddl.run(transaction.connection.raw, ddl)
        return []
