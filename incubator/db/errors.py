"""Errors of the database, the same for both drivers."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

_SQLITE_UNIQUE = {
    sqlite3.SQLITE_CONSTRAINT_UNIQUE,
    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
    sqlite3.SQLITE_CONSTRAINT_ROWID,
}
#: Primary codes of an SQLite whose file or disk cannot be used.
_SQLITE_AWAY = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_NOTADB}
#: The system refused to enlarge a file: on a full disk the index of the write-ahead log cannot grow, either.
_SQLITE_CANNOT_GROW = {sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}
_POSTGRES_CONFLICTS = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
)
_POSTGRES_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.InternalClientError,  # what asyncpg says if the server goes while a query is being sent
    OSError,
    TimeoutError,
)


class AlreadyThere(Exception):
    """A row with the same unique values already exists."""


class TryAgain(Exception):
    """Others were writing the same rows; nothing was changed, and the same call may succeed now."""


class Unavailable(Exception):
    """The database cannot be reached or read."""

    is_certain = True
    """Nothing was changed. False: the connection was lost during a commit, which may have succeeded."""


class StorageFull(Exception):
    """There is no room left on the disk; nothing was changed."""


class SpoiltTransaction(Exception):
    """An error inside the transaction was swallowed; the transaction can no longer be committed."""


def is_busy(error: sqlite3.Error) -> bool:
    """Return whether another process holds SQLite's write lock."""
    return _primary(error) == sqlite3.SQLITE_BUSY


def _primary(error: sqlite3.Error) -> int:
    """Return the low byte of an extended code, which is the primary code."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def meaning_of(error: BaseException) -> Exception | None:
    """Return the error of this module that a driver's error means; None for all others."""
    if isinstance(error, sqlite3.Error):
        return _meaning_on_sqlite(error)
    if isinstance(error, asyncpg.UniqueViolationError):
        return AlreadyThere(str(error))
    if isinstance(error, _POSTGRES_CONFLICTS):
        return TryAgain(str(error))
    if isinstance(error, asyncpg.DiskFullError):
        return StorageFull(str(error))
    if isinstance(error, _POSTGRES_AWAY) or _is_closed(error):
        return Unavailable(f"{type(error).__name__}: {error}")
    return None


def _is_closed(error: BaseException) -> bool:
    """Return whether asyncpg found the connection closed; its other InterfaceErrors are mistakes of ours."""
    return isinstance(error, asyncpg.InterfaceError) and "clos" in str(error)


def _meaning_on_sqlite(error: sqlite3.Error) -> Exception | None:
    code = getattr(error, "sqlite_errorcode", 0)
    if code in _SQLITE_UNIQUE:
        return AlreadyThere(str(error))
    if is_busy(error):
        return TryAgain(str(error))
    if _primary(error) == sqlite3.SQLITE_FULL or code in _SQLITE_CANNOT_GROW:
        return StorageFull(str(error))
    if _primary(error) in _SQLITE_AWAY:
        return Unavailable(str(error))
    return None


@contextmanager
def translated() -> Iterator[None]:
    """Raise what the drivers' errors mean; other errors pass unchanged. Encloses only calls of a driver."""
    try:
        yield
    except Exception as error:
        if (meant := meaning_of(error)) is not None:
            raise meant from error
        raise
