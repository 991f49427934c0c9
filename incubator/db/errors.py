"""Errors of writes, the same for both drivers."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

_SQLITE_UNIQUE = {
    sqlite3.SQLITE_CONSTRAINT_UNIQUE,
    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
    sqlite3.SQLITE_CONSTRAINT_ROWID,
}
_POSTGRES_CONFLICTS = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
)


class AlreadyThere(Exception):
    """A row with the same unique values already exists."""


class TryAgain(Exception):
    """Others were writing the same rows; nothing was changed, and the same call may succeed now."""


class SpoiltTransaction(Exception):
    """An error inside the transaction was swallowed; the transaction can no longer be committed."""


def is_busy(error: sqlite3.Error) -> bool:
    """Return whether another process holds SQLite's write lock (the low byte of an extended code is the primary code)."""
    return (getattr(error, "sqlite_errorcode", 0) & 0xFF) == sqlite3.SQLITE_BUSY


@contextmanager
def translated() -> Iterator[None]:
    """Translate the drivers' errors to AlreadyThere and TryAgain; other errors pass unchanged."""
    try:
        yield
    except asyncpg.UniqueViolationError as error:
        raise AlreadyThere(str(error)) from error
    except _POSTGRES_CONFLICTS as error:
        raise TryAgain(str(error)) from error
    except sqlite3.IntegrityError as error:
        if getattr(error, "sqlite_errorcode", 0) not in _SQLITE_UNIQUE:
            raise
        raise AlreadyThere(str(error)) from error
    except sqlite3.OperationalError as error:
        if not is_busy(error):
            raise
        raise TryAgain(str(error)) from error
