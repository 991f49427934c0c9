"""One transaction around everything that a verb changes."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar

from incubator.db.engines import current_engine

#: What a task does first of all in each of its outermost transactions, such as marking a form as answered (http/once.py).
at_first: ContextVar[Callable[[], Awaitable[None]] | None] = ContextVar("at_first", default=None)

#: What a task asks in each of its outermost transactions: whether whoever asks still may (people/still_signed_in.py).
if_still: ContextVar[Callable[[], Awaitable[None]] | None] = ContextVar("if_still", default=None)


@asynccontextmanager
async def writing(*, is_cache: bool = False) -> AsyncIterator[None]:
    """Open a transaction: everything inside happens, or nothing does.

    ``is_cache``: it stores only what can be made again, and so answers no form.

    A nested block joins the outer one. An error that leaves it, even one that the outer
    block catches, undoes both; so ask first instead of catching, or catch outside.

    On SQLite writers take turns; on PostgreSQL they run side by side, so a change that
    depends on what was read must be a compare-and-set.

    Raises AlreadyThere if a unique row exists, TryAgain if others were writing the same rows
    (nothing is retried here: only the caller knows whether a retry makes sense), Unavailable
    and StorageFull.
    """
    engine = current_engine()
    is_outermost = not engine.transaction_exists()
    async with engine.transaction():
        if is_outermost and not is_cache:
            for asked in (if_still.get(), at_first.get()):
                if asked:
                    await asked()
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
