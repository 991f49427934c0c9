"""The public revision: a number that tells whether public content has changed, checked before serving a cached page.

The answer is never older than the question (docs/adr/0007), on any number of processes
and hosts, so nobody is served a page from before an acknowledged commit.
"""

import asyncio
import contextlib
import sqlite3
from time import monotonic
from typing import Protocol

import asyncpg
import structlog

from incubator.db.engines import AnyEngine
from incubator.db.lease import LEASE, QUESTION
from incubator.db.postgres import Postgres
from incubator.db.raw import run_sql
from incubator.db.sqlite import SQLite

log = structlog.get_logger()

#: Seconds to wait for an answer; after that, pages are rendered without the cache.
_PATIENCE = 2.0
_LEASE_QUESTION = "SELECT number, is_lease FROM public_revision_now()"


async def public_revision() -> int:
    """Return the number as a query sees it: in a transaction with what that has changed. One query."""
    return int((await run_sql(QUESTION))[0]["number"])


class Revision(Protocol):
    leased_until: float
    """Until when the last answer may be relied on (``monotonic``); every lease has another."""

    def known(self) -> int | None:
        """Return the number as of now or later if nobody has to be waited for to know it."""

    async def current(self) -> int | None:
        """Return the number as of now or later; None if the database cannot be asked."""

    async def close(self) -> None: ...


def revision_of(engine: AnyEngine) -> Revision:
    return SQLiteRevision(engine) if isinstance(engine, SQLite) else PostgresRevision(engine)


class SQLiteRevision:
    """Revision of SQLite: an answer holds for 10 ms (docs/adr/0007), so that most pages are served without a question."""

    def __init__(self, engine: SQLite) -> None:
        self._engine = engine
        self._cursor: sqlite3.Cursor | None = None
        self._number = 0
        self.leased_until = 0.0

    def known(self) -> int | None:
        asked = monotonic()
        if asked >= self.leased_until:
            try:
                self._ask()
            except sqlite3.Error as error:
                log.warning("revision unknown", error=type(error).__name__)
                return None
            self.leased_until = asked + LEASE
        return self._number

    async def current(self) -> int | None:
        return self.known()

    def _ask(self) -> None:
        if self._cursor is None:
            self._cursor = self._engine.pool.reader.raw.cursor()
        (self._number,) = self._cursor.execute(QUESTION).fetchone()

    async def close(self) -> None:
        """Do nothing: the connection belongs to the engine."""


class PostgresRevision:
    """Revision of PostgreSQL: an answer with a lease holds for 10 ms (docs/adr/0007); without one, for earlier requests.

    One question at a time, on a separate connection. Everybody who arrives while it is
    under way shares the next one: this one may have been answered before they arrived.
    """

    def __init__(self, engine: Postgres) -> None:
        self._engine = engine
        self._connection: asyncpg.Connection | None = None
        self._waiting: list[asyncio.Future[int | None]] = []
        self._asking: asyncio.Task[None] | None = None
        self._number = 0
        self.leased_until = 0.0

    def known(self) -> int | None:
        return self._number if monotonic() < self.leased_until else None

    async def current(self) -> int | None:
        if (number := self.known()) is not None:
            return number
        # One future each: a shared one would be cancelled with the first visitor who disconnects.
        mine = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        if self._asking is None or self._asking.done():
            self._asking = asyncio.ensure_future(self._ask())
        answer: int | None = await mine
        return answer

    async def _ask(self) -> None:
        while self._waiting:
            waiting, self._waiting = self._waiting, []
            number = None
            try:
                async with asyncio.timeout(_PATIENCE):
                    number = await self._answer()
            except Exception as error:  # noqa: BLE001 - whatever became of the connection, nobody may wait for ever
                log.warning("revision unknown", error=type(error).__name__)
                self._hang_up()
            finally:
                for each in waiting:
                    if not each.done():
                        each.set_result(number)

    async def _answer(self) -> int:
        if self._connection is None:
            self._connection = await self._engine.get_new_connection()
            self._prepared = await self._connection.prepare(_LEASE_QUESTION)
        asked = monotonic()
        number, is_lease = await self._prepared.fetchrow()
        if is_lease:
            self._number, self.leased_until = number, asked + LEASE
        return int(number)

    def _hang_up(self) -> None:
        lost, self._connection = self._connection, None
        if lost is not None:
            lost.terminate()

    async def close(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._asking
        self._hang_up()
