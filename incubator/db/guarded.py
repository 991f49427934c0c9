"""Behaviour shared by both engines: transactions that always end, and countable queries."""

from abc import abstractmethod
from collections.abc import Callable
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Literal, Self, cast

from piccolo.engine.base import BaseTransaction, Engine
from piccolo.querystring import QueryString

from incubator.db.counting import note
from incubator.db.errors import SpoiltTransaction, Unavailable, meaning_of, translated


class GuardedTransaction(BaseTransaction):
    """A transaction that always returns its connection, whatever happens in BEGIN, the body or COMMIT.

    Piccolo's transactions keep the connection when COMMIT fails: SQLite's holds the write lock,
    PostgreSQL's drain the pool. A nested transaction joins the outer one. When an error leaves
    the nested one, or a query of the outer one fails, the outer one can only be rolled back:
    PostgreSQL would do so silently, and SQLite would commit one half.
    """

    engine: "GuardedEngine"
    connection: Any
    _parent: Any
    _committed: bool
    _rolled_back: bool

    is_open = False
    is_spoilt = False

    @abstractmethod
    async def take(self) -> None:
        """Get a connection for this transaction alone."""

    @abstractmethod
    async def begin(self) -> None: ...

    @abstractmethod
    async def commit(self) -> None: ...

    @abstractmethod
    async def rollback(self) -> None: ...

    @abstractmethod
    async def give_back(self) -> None:
        """Return the connection for others to use, with no transaction open on it."""

    async def settle(self) -> None:
        """Wait until what was committed survives a power failure, if COMMIT itself does not. Others may write meanwhile."""

    async def __aenter__(self) -> Self:
        if self._parent is not None:
            return cast(Self, self._parent)
        with translated():
            await self.take()
            try:
                await self.begin()
            except BaseException:
                await self.give_back()
                raise
        self.after_commit: list[Callable[[], object]] = []
        self.is_open = True
        self.engine.current_transaction.set(self)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        if self._parent is not None:
            self._parent.is_spoilt |= error is not None
            return False
        try:
            await self._end(well=error is None)
        finally:
            self.is_open = False
            self.engine.current_transaction.set(None)
            await self.give_back()
            if self._committed:
                await self._settled()
        return False

    async def _settled(self) -> None:
        try:
            await self.settle()
        except Unavailable as error:
            error.is_certain = False
            raise
        finally:
            for callback in self.after_commit:
                callback()

    async def _end(self, *, well: bool) -> None:
        if self._committed or self._rolled_back:
            return
        if well and not self.is_spoilt:
            await self._commit_or_tell()
            return
        with translated():
            await self.rollback()
        if well:
            raise SpoiltTransaction("An error inside this transaction was swallowed: all of it is rolled back.")

    async def _commit_or_tell(self) -> None:
        """Commit. If the connection is lost meanwhile, nobody knows whether it took place."""
        try:
            await self.commit()
        except Exception as error:
            meant = meaning_of(error)
            if meant is None:
                raise
            if isinstance(meant, Unavailable):
                meant.is_certain = False
            raise meant from error


class GuardedEngine(Engine[GuardedTransaction]):
    """An engine that sends every query to the open transaction, if any, and records it for ``counting``."""

    current_transaction: "ContextVar[GuardedTransaction | None]"

    @abstractmethod
    async def answer(self, sql: str, args: list[Any]) -> list[Any]:
        """Run one query and return all its rows."""

    @abstractmethod
    async def define(self, ddl: str) -> list[Any]:
        """Run one statement that changes the schema."""

    def open_transaction(self) -> GuardedTransaction | None:
        """Return this task's open transaction.

        A task started inside a transaction inherits it, and may outlive it.
        """
        transaction = self.current_transaction.get()
        return transaction if transaction is not None and transaction.is_open else None

    def transaction_exists(self) -> bool:
        return self.open_transaction() is not None

    def forget_ended_transaction(self) -> None:
        """Forget a transaction that has ended; call this before Piccolo looks for one to join."""
        if not self.transaction_exists():
            self.current_transaction.set(None)

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> list[Any]:
        sql, args = querystring.compile_string(engine_type=self.engine_type)
        return await self._observed(sql, self.answer, sql, args)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> list[Any]:
        return await self._observed(ddl, self.define, ddl)

    async def _observed(self, sql: str, run: Callable[..., Any], *args: Any) -> list[Any]:
        note(sql)
        query_id = self.get_query_id()
        if self.log_queries:
            self.print_query(query_id, sql)
        transaction = self.open_transaction()
        try:
            rows: list[Any] = await run(*args)
        except BaseException as error:
            if transaction is not None:
                transaction.is_spoilt = True
            if (meant := meaning_of(error)) is not None:
                raise meant from error
            raise
        if self.log_responses:
            self.print_response(query_id, rows)
        return rows
