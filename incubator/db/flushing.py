"""Group commit: whatever was written before somebody asks is on the disk when they get their answer.

A flush takes a virtual disk 5–10 ms, during which SQLite's own (``synchronous=FULL``) lets nobody else write. Here it begins after
the transaction has made room for the next one, and those that end while it runs share the next flush.
"""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

#: Also what is needed to find the bytes again, such as the file's new length.
_flush = getattr(os, "fdatasync", os.fsync)


class Flusher:
    """Flushes one file. For one event loop."""

    def __init__(self, path: Path, threads: ThreadPoolExecutor) -> None:
        self._path, self._threads = path, threads
        self._file: int | None = None
        self._asked = self._done = 0
        self._running: asyncio.Future[None] | None = None

    async def flushed(self) -> None:
        """Return when everything written so far is on the disk. Raises OSError if that cannot be said."""
        self._asked += 1
        mine = self._asked
        while self._done < mine:
            if self._running is None or self._running.done():
                self._running = asyncio.ensure_future(self._run())
            await asyncio.shield(self._running)

    async def _run(self) -> None:
        asked = self._asked
        await asyncio.get_running_loop().run_in_executor(self._threads, self._flush_file)
        self._done = asked

    def _flush_file(self) -> None:
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR)
        _flush(self._file)

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
