"""Persistent SQLite connections of one event loop: one writer, the others read-only."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

from incubator.core.disk import is_disk_full
from incubator.db.errors import StorageFull, Unavailable
from incubator.db.flushing import Flusher
from incubator.db.lease import QUESTION
from incubator.db.loops import finished

T = TypeVar("T")
Row = dict[str, Any]

#: Set by ``in_thread()``: a query may take long and must not block the event loop.
threaded: ContextVar[bool] = ContextVar("threaded", default=False)

#: Page cache of each connection in kilobytes (hence negative); the system caches the whole file if it fits.
_CACHE = "cache_size=-1024"

#: A commit that was acknowledged survives a power failure. Tests and the telling of the demo need not.
IS_DURABLE = True

#: Reading threads, besides the one that commits and the one that flushes.
READERS = 3


class Connection:
    """One sqlite3 connection. Its owner ensures that nobody else uses it at the same time."""

    def __init__(self, settings: dict[str, Any], threads: ThreadPoolExecutor, *pragmas: str) -> None:
        self.raw = sqlite3.connect(**settings, check_same_thread=False, cached_statements=512)
        self._threads = threads
        for pragma in pragmas:
            self.raw.execute(f"PRAGMA {pragma}")

    def run(self, sql: str, args: Iterable[Any] = ()) -> list[Row]:
        """Run ``sql`` on the event loop: right for short queries, as a thread costs as much as they do."""
        cursor = self.raw.execute(sql, tuple(args))
        if cursor.description is None:
            return []
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    async def in_thread(self, work: Callable[..., T], *args: Any, interruptible: bool = True) -> T:
        """Run ``work`` in a thread; a cancelled caller still waits until the connection is idle."""
        future = asyncio.get_running_loop().run_in_executor(self._threads, work, *args)
        return await finished(future, hurry=self.raw.interrupt if interruptible else None)

    async def fetch(self, sql: str, args: Iterable[Any] = ()) -> list[Row]:
        """Run ``sql`` directly, or in a thread inside ``in_thread()``."""
        return await self.in_thread(self.run, sql, args) if threaded.get() else self.run(sql, args)

    #: Piccolo's savepoints expect this name.
    execute = fetch


def _keep_private(database: Path) -> None:
    """Create the file so that only its owner may read it; SQLite gives its companions (-wal, -shm) the same rights."""
    with told():
        database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not database.exists():
            database.touch(mode=0o600)


@contextmanager
def told() -> Iterator[None]:
    """Raise what the system says of the disk as an error of the database."""
    try:
        yield
    except OSError as error:
        raise (StorageFull if is_disk_full(error) else Unavailable)(str(error)) from error


class Pool:
    """The connections of one event loop; ``writing`` lets in one transaction at a time."""

    def __init__(self, settings: dict[str, Any], patience: float) -> None:
        _keep_private(Path(settings["database"]))
        self._threads = ThreadPoolExecutor(READERS + 2, thread_name_prefix="sqlite")
        self._settings = settings
        # First of all: another process may be switching to WAL right now.
        self._wait = f"busy_timeout={int(patience * 1000)}"
        self.writer = self._open_writer()
        self.writing = asyncio.Lock()
        self.reader = self.open_reader()
        self._copier = self.open_reader() if IS_DURABLE else None
        log = Path(f"{settings['database']}-wal")
        self._flusher = Flusher(log, self._threads, self._copy_log) if IS_DURABLE else None
        self._spare: list[Connection] = []
        self._places = asyncio.Semaphore(READERS)
        self.number: int | None = None
        """The public revision as of the last commit here."""

    def _open_writer(self) -> Connection:
        # NORMAL flushes the log before it is copied into the file. ``Flusher`` flushes commits, and says when to copy.
        log = ("synchronous=NORMAL", "wal_autocheckpoint=0") if IS_DURABLE else ("synchronous=OFF",)
        pragmas = ("journal_mode=WAL", *log, "foreign_keys=ON", _CACHE)
        writer = Connection(self._settings, self._threads, self._wait, *pragmas)
        if writer.run("PRAGMA journal_mode") != [{"journal_mode": "wal"}]:
            raise OSError(f"{self._settings['database']}: this file system cannot hold SQLite's write-ahead log")
        # From now on only BEGIN can find the database busy, and it waits without blocking the event loop.
        writer.run("PRAGMA busy_timeout=0")
        return writer

    def _copy_log(self) -> None:
        """Copy the log into the database's file; what cannot be copied now, as somebody reads it or the disk is full, stays there."""
        assert self._copier
        with suppress(sqlite3.Error):
            self._copier.run("PRAGMA wal_checkpoint(PASSIVE)")

    def open_reader(self) -> Connection:
        """Return a connection that sees only committed rows and cannot change any."""
        return Connection(self._settings, self._threads, self._wait, "query_only=ON", _CACHE)

    async def read(self, sql: str, args: Iterable[Any]) -> list[Row]:
        """Run a query outside any transaction."""
        if not threaded.get():
            return self.reader.run(sql, args)
        async with self._spare_reader() as reader:
            return await reader.fetch(sql, args)

    @asynccontextmanager
    async def _spare_reader(self) -> AsyncIterator[Connection]:
        async with self._places:
            reader = self._spare.pop() if self._spare else self.open_reader()
            try:
                yield reader
            finally:
                self._spare.append(reader)

    def public_number(self) -> int | None:
        """Return the public revision as the open transaction sees it; None before the first migration."""
        try:
            row = self.writer.raw.execute(QUESTION).fetchone()
        except sqlite3.OperationalError:
            return None
        return int(row[0]) if row else None

    async def flushed(self) -> None:
        """Return when every commit so far is on the disk. Raises StorageFull or Unavailable if that cannot be said."""
        if self._flusher is None:
            return
        with told():
            await self._flusher.flushed()

    def close(self) -> None:
        self._threads.shutdown()
        if self._flusher:
            self._flusher.close()
        for connection in (*self._spare, self._copier, self.reader, self.writer):
            if connection:
                connection.raw.close()
