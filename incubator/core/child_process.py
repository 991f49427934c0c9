"""Work in a process of its own that ends with it: what it needs of memory goes with it, and if a stranger's file breaks something, only that process ends."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import IO
from weakref import WeakKeyDictionary

#: Bytes of address space of one process: a picture of fifty megapixels in several copies; the libraries map two hundred megabytes.
MEMORY = 1536 * 1024**2
#: How much of what the process says of its failure is kept.
_SAID = 300


class QueueFull(Exception):
    """As many wait as may."""


class Queue:
    """So many at once in this process of ours; the others wait for their turn."""

    def __init__(self, at_once: int, *, most_waiting: int) -> None:
        self._at_once, self._most_waiting = at_once, most_waiting
        self._inside = 0
        self._turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
        """A semaphore serves one event loop only."""

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for one's turn and have it inside the block. Raises QueueFull at once."""
        if self._inside >= self._most_waiting:
            raise QueueFull
        self._inside += 1
        try:
            async with self._turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(self._at_once)):
                yield
        finally:
            self._inside -= 1


class ChildFailed(Exception):
    """The process failed, or took too long; says what it said of that."""


def limit_itself(*, seconds: int, memory: int = MEMORY) -> None:
    """Limit the memory and the processor time of the process that calls it, where the system can. It leaves no core file."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


async def run_child(
    module: str, *arguments: str, content: bytes | None = None, source: IO[bytes] | None = None, patience: float
) -> bytes:
    """Run a module of ours in a process of its own and return what it writes.

    It reads ``content``, or the open file ``source``, from its standard input. Raises ChildFailed if it fails or takes
    longer than ``patience`` seconds.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments,
        stdin=source or subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        written, said = await asyncio.wait_for(process.communicate(content), patience)
    except TimeoutError as late:
        raise ChildFailed("too slow") from late
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise ChildFailed(f"exit {process.returncode}: {said.decode(errors='replace')[-_SAID:]}")
    return written
