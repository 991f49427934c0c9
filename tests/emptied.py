"""PostgreSQL databases that tests use one after the other: emptying one takes a tenth of the time that a copy of the template takes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import asyncpg

from incubator.db.engines import AnyEngine, engine_for
from tests.engines import Server, new_name, started

#: After so many tests a database is thrown away: rows that were deleted slow it down.
MOST = 60

#: Everything that a test could have changed besides rows.
_SCHEMA = """SELECT md5(string_agg(fact, ',' ORDER BY fact)) FROM (
SELECT format('%s %s', c.relkind, c.relname) AS fact FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
UNION ALL SELECT format('%s.%s %s %s', a.attrelid::regclass, a.attname, a.atttypid::regtype, a.attnotnull) FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0
UNION ALL SELECT pg_get_triggerdef(t.oid) || t.tgenabled::text FROM pg_trigger t WHERE NOT t.tgisinternal
UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT format('%s.%s %s', d.adrelid::regclass, d.adnum, pg_get_expr(d.adbin, d.adrelid)) FROM pg_attrdef d
UNION ALL SELECT conrelid::regclass::text || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace) facts"""


@dataclass
class _Used:
    name: str
    tests: int = 0


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
            if used.tests < MOST and await self._is_empty_again(used.name):
                self._spare.append(used)
            else:
                await self.server.drop(used.name)

    async def close(self) -> None:
        for used in self._spare:
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

    async def _is_empty_again(self, name: str) -> bool:
        """Bring a database back to what the template is; return whether that was possible."""
        try:
            connection = await asyncpg.connect(self.server.database(name))
        except (OSError, asyncpg.PostgresError):
            return False  # the test has ended it
        try:
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
        except asyncpg.PostgresError:
            return False  # who tests with a server of their own may not be allowed to
        finally:
            await connection.close()
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
