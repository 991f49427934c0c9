"""PostgreSQL databases that tests use one after the other: emptying one takes a tenth of the time that a copy of the template takes."""

import asyncio
import threading
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

import asyncpg

from incubator.db.engines import AnyEngine, engine_for
from tests.engines import Server, new_name, started

T = TypeVar("T")

#: After so many tests a database is thrown away: rows that were deleted slow it down.
MOST = 60

#: What says whether a test changed anything besides rows: how many facts each catalogue holds, and in which transaction
#: the newest was written. Copies have the numbers of their template.
_SCHEMA = """SELECT json_build_array({})::text""".format(
    ", ".join(
        f"(SELECT json_build_array(count(*), max(xmin::text::bigint)) FROM {catalogue} WHERE {ours})"
        for catalogue, ours in (
            ("pg_class", "relnamespace = 'public'::regnamespace"),
            ("pg_attribute", "attrelid >= 16384"),
            ("pg_attrdef", "true"),
            ("pg_constraint", "connamespace = 'public'::regnamespace"),
            ("pg_proc", "pronamespace = 'public'::regnamespace"),
            ("pg_trigger", "true"),
        )
    )
)


@cache
def _lasting_loop() -> asyncio.AbstractEventLoop:
    """Return an event loop in a thread of its own, for connections that outlive the loop of each test."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="databases of tests", daemon=True).start()
    return loop


async def _lasting(work: Coroutine[Any, Any, T]) -> T:
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, _lasting_loop()))


@dataclass
class _Used:
    name: str
    tests: int = 0
    connection: "asyncpg.Connection[asyncpg.Record] | None" = None
    """Kept from test to test: a new one takes ten times as long to compare anything."""


@dataclass
class Databases:
    """Databases like the template, each for one test at a time."""

    server: Server
    template: str
    _spare: list[_Used] = field(default_factory=list)
    _schema: str = ""
    _rows: dict[str, str] = field(default_factory=dict)
    """The rows of the template by table, as JSON."""
    _digests: dict[str, str] = field(default_factory=dict)
    """A digest of them, by table."""
    _numbers: dict[str, int] = field(default_factory=dict)
    """The last value of each of its sequences that has one."""

    @asynccontextmanager
    async def one(self) -> AsyncIterator[AnyEngine]:
        """Provide one as the current database."""
        if not self._schema:
            await self._learn()
        used = self._spare.pop() if self._spare else await self._new()
        try:
            async with started(engine_for(self.server.database(used.name))) as engine:
                yield engine
        finally:
            used.tests += 1
            if used.tests < MOST and await _lasting(self._is_empty_again(used)):
                self._spare.append(used)
            else:
                await _lasting(self._throw_away(used))

    async def close(self) -> None:
        for used in self._spare:
            await _lasting(self._throw_away(used))

    async def _throw_away(self, used: _Used) -> None:
        if used.connection:
            used.connection.terminate()
        await self.server.drop(used.name)

    async def _new(self) -> _Used:
        name = new_name()
        await self.server.run(f'CREATE DATABASE "{name}" TEMPLATE "{self.template}" STRATEGY FILE_COPY')
        return _Used(name)

    async def _learn(self) -> None:
        connection = await asyncpg.connect(self.server.database(self.template))
        try:
            self._schema = await connection.fetchval(_SCHEMA)
            self._digests = await _digests(connection)
            for table in self._digests:
                self._rows[table] = await connection.fetchval(f'SELECT json_agg(t) FROM "{table}" t')
            self._numbers = await _numbers(connection)
        finally:
            await connection.close()

    async def _is_empty_again(self, used: _Used) -> bool:
        """Bring a database back to what the template is; return whether that was possible."""
        try:
            connection = used.connection or await asyncpg.connect(self.server.database(used.name))
            used.connection = connection
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if await connection.fetchval(_SCHEMA) != self._schema:
                return False
            async with connection.transaction():
                await connection.execute("SET LOCAL session_replication_role = replica")  # no triggers, no foreign keys
                found = await _digests(connection)
                changed = {table for table, _digest in found.items() ^ self._digests.items()}
                for table in changed & found.keys():
                    await connection.execute(f'DELETE FROM "{table}"')
                for table in changed & self._rows.keys():
                    await connection.execute(
                        f'INSERT INTO "{table}" SELECT * FROM json_populate_recordset(NULL::"{table}", $1)',
                        self._rows[table],
                    )
                await self._put_back_numbers(connection)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False  # the test has ended it, or who tests with a server of their own may not do that
        return True

    async def _put_back_numbers(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        found = await _numbers(connection)
        for sequence in {name for name, _last in found.items() ^ self._numbers.items()}:
            last = self._numbers.get(sequence)
            await connection.execute("SELECT setval($1::text::regclass, $2, $3)", sequence, last or 1, last is not None)


async def _digests(connection: "asyncpg.Connection[asyncpg.Record]") -> dict[str, str]:
    """Return a digest of the rows of each table that has any."""
    names = [row[0] for row in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    asked = " UNION ALL ".join(
        f"SELECT '{name}', md5(string_agg(t::text, '\n')) FROM \"{name}\" t HAVING count(*) > 0" for name in names
    )
    return {row[0]: row[1] for row in await connection.fetch(asked)}


async def _numbers(connection: "asyncpg.Connection[asyncpg.Record]") -> dict[str, int]:
    rows = await connection.fetch(
        "SELECT quote_ident(sequencename), last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
    )
    return {row[0]: row[1] for row in rows}
