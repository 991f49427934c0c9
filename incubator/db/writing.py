"""One transaction around everything that a verb changes."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from incubator.db.engines import current_engine


@asynccontextmanager
async def writing() -> AsyncIterator[None]:
    """Open a transaction: everything inside happens, or nothing does.

    A nested block joins the outer one. An error that leaves it, even one that the outer
    block catches, undoes both; so ask first instead of catching, or catch outside.

    On SQLite writers take turns; on PostgreSQL they run side by side, so a change that
    depends on what was read must be a compare-and-set.

    Raises AlreadyThere if a unique row exists, TryAgain if others were writing the same rows
    (nothing is retried here: only the caller knows whether a retry makes sense), Unavailable
    and StorageFull.
    """
    async with current_engine().transaction():
        yield


def on_commit(callback: Callable[[], object]) -> None:
    """Call ``callback`` after the outermost ``writing()`` has committed; never, if it is rolled back.

    Outside ``writing()`` it is called at once.
    """
    transaction = current_engine().open_transaction()
    if transaction is None:
        callback()
    else:
        transaction.after_commit.append(callback)
