"""Group commit: whatever was written before somebody asks is on the disk when they get their answer.

A flush takes a virtual disk 5–10 ms, during which SQLite's own (``synchronous=FULL``) lets nobody else write. Here it begins after
the transaction has made room for the next one, and those that end while it runs share the next flush. Copying the log into the
database's file (a checkpoint) is left to the same thread, where SQLite would have the transaction do it that made the log too long.
"""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

#: Also what is needed to find the bytes again, such as the file's new length.
_flush = getattr(os, "fdatasync", os.fsync)


#: Transactions after which the log is copied, or bytes by which its file has grown: about as often as SQLite would do it.
TRANSACTIONS, GROWTH = 100, 4 * 1024 * 1024


class Flusher:
    """Flushes one file. For one event loop. ``copy`` is called in a thread now and then, to copy the log into the database's file."""

    def __init__(self, path: Path, threads: ThreadPoolExecutor, copy: Callable[[], object]) -> None:
        self._path, self._threads, self._copy = path, threads, copy
        self._file: int | None = None
        self._asked = self._done = self._copied = 0
        self._size = self._size_copied = 0
        self._running: asyncio.Future[None] | None = None
        self._copying: asyncio.Future[object] | None = None

    async def flushed(self) -> None:
        """Return when everything written so far is on the disk. Raises OSError if that cannot be said."""
        self._asked += 1
        mine = self._asked
        while self._done < mine:
            if self._running is None or self._running.done():
                self._running = asyncio.ensure_future(self._run())
            await asyncio.shield(self._running)

    async def _run(self) -> None:
        asked, loop = self._asked, asyncio.get_running_loop()
        await loop.run_in_executor(self._threads, self._flush_file)
        self._done = asked
        if self._is_long() and (self._copying is None or self._copying.done()):
            self._copied, self._size_copied = self._done, self._size
            self._copying = loop.run_in_executor(self._threads, self._copy)

    def _is_long(self) -> bool:
        return self._done - self._copied >= TRANSACTIONS or self._size - self._size_copied >= GROWTH

    def _flush_file(self) -> None:
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR)
        _flush(self._file)
        self._size = os.fstat(self._file).st_size

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
