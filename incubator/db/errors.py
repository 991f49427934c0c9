"""What a write may be refused for, in words of ours instead of each driver's."""

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
    """A unique row of this kind exists: somebody was here before."""


class TryAgain(Exception):
    """Others were writing the same; nothing was changed, the same call may succeed now."""


class SpoiltTransaction(Exception):
    """An error inside the transaction was swallowed; it cannot be committed any more."""


def is_busy(error: sqlite3.Error) -> bool:
    """Another process holds SQLite's write lock; extended codes keep the primary one in the low byte."""
    return (getattr(error, "sqlite_errorcode", 0) & 0xFF) == sqlite3.SQLITE_BUSY


@contextmanager
def translated() -> Iterator[None]:
    """Raise AlreadyThere and TryAgain for what the drivers say; other errors pass as they are."""
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
