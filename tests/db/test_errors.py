"""What the drivers' errors mean: the database is away, or its disk is full."""

import errno
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import asyncpg
import pytest

from incubator.core.disk import is_disk_full
from incubator.db import AlreadyThere, StorageFull, TryAgain, Unavailable, engine_for, writing
from incubator.db.engines import AnyEngine
from incubator.db.errors import meaning_of
from tests.db.tables import Tally, names
from tests.engines import Server, postgres_copy, started


def sqlite_error(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("…")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "meant"),
    [
        (sqlite_error(sqlite3.SQLITE_FULL), StorageFull),
        (sqlite_error(sqlite3.SQLITE_IOERR_WRITE), StorageFull),
        (sqlite_error(sqlite3.SQLITE_IOERR_READ), Unavailable),
        (sqlite_error(sqlite3.SQLITE_CANTOPEN), Unavailable),
        (sqlite_error(sqlite3.SQLITE_READONLY_DBMOVED), Unavailable),
        (sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT), TryAgain),
        (sqlite_error(sqlite3.SQLITE_CONSTRAINT_UNIQUE), AlreadyThere),
        (sqlite_error(sqlite3.SQLITE_CONSTRAINT_NOTNULL), None),
        (sqlite_error(sqlite3.SQLITE_ERROR), None),
        (asyncpg.DiskFullError("…"), StorageFull),
        (asyncpg.AdminShutdownError("…"), Unavailable),
        (asyncpg.CannotConnectNowError("the database system is starting up"), Unavailable),
        (asyncpg.ConnectionDoesNotExistError("…"), Unavailable),
        (asyncpg.TooManyConnectionsError("…"), Unavailable),
        (asyncpg.InternalClientError("cannot switch to state 15"), Unavailable),
        (asyncpg.InterfaceError("connection is closed"), Unavailable),
        (asyncpg.InterfaceError("cannot perform operation: another operation is in progress"), None),
        (asyncpg.exceptions._base.DataError("invalid input for query argument $1"), None),
        (asyncpg.UniqueViolationError("…"), AlreadyThere),
        (asyncpg.UndefinedTableError("…"), None),
        (ConnectionRefusedError("…"), Unavailable),
        (TimeoutError("…"), Unavailable),
        (ValueError("…"), None),
    ],
    ids=lambda each: getattr(each, "sqlite_errorname", None) or getattr(each, "__name__", None) or repr(each),
)
def test_meaning(error: Exception, meant: type[Exception] | None) -> None:
    assert type(meaning_of(error)) is (meant or type(None))


@pytest.mark.parametrize(("number", "expected"), [(errno.ENOSPC, True), (errno.EDQUOT, True), (errno.EACCES, False)])
def test_a_full_disk_is_recognised(number: int, expected: bool) -> None:
    assert is_disk_full(OSError(number, "…")) is expected


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """Let the system refuse to enlarge files, as it does on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_full_disk_changes_nothing_and_is_over_when_there_is_room(sqlite_tallies: AnyEngine) -> None:
    with no_file_longer_than(1_000_000):
        with pytest.raises(StorageFull):
            async with writing():
                for number in range(200):
                    await Tally(name=f"{number}" * 10_000).save()
        assert await names() == []
    async with writing():
        await Tally(name="afterwards").save()
    assert await names() == ["afterwards"]


async def test_a_file_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "folder.sqlite").mkdir()
    with pytest.raises(Unavailable):
        await engine_for(str(tmp_path / "folder.sqlite")).start_connection_pool()


async def test_nobody_at_the_address() -> None:
    async with started(engine_for("postgres://nobody@127.0.0.1:1/nothing")):
        with pytest.raises(Unavailable) as caught:
            await Tally.select()
        assert caught.value.is_certain
        with pytest.raises(Unavailable):
            async with writing():
                pass


async def test_lost_connections_are_replaced(postgres_server: Server, postgres_template: str) -> None:
    async with postgres_copy(postgres_server, postgres_template):
        await Tally.create_table()
        await postgres_server.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        )
        for _connection in range(12):  # more than the pool holds
            with suppress(Unavailable):
                await Tally.select()
        assert await names() == []


async def test_a_connection_lost_while_committing_is_not_called_certain(
    postgres_server: Server, postgres_template: str
) -> None:
    async with postgres_copy(postgres_server, postgres_template):
        await Tally.create_table()
        with pytest.raises(Unavailable) as caught:
            async with writing():
                await Tally(name="a").save()
                await postgres_server.run(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'"
                )
        assert not caught.value.is_certain
