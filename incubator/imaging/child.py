"""Processes that open strangers' files: they have limits, and if a file breaks one, only that process ends."""

import asyncio
import subprocess
import sys
from contextlib import suppress
from typing import IO
from weakref import WeakKeyDictionary

#: Bytes of address space of one process: a picture of fifty megapixels in several copies; the libraries map two hundred megabytes.
MEMORY = 1536 * 1024**2


class Queue:
    """So many at once in this process; the others wait for their turn."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._of_loops: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()

    def __call__(self) -> asyncio.Semaphore:
        """Return what to enter with ``async with``; a semaphore serves one event loop only."""
        loop = asyncio.get_running_loop()
        if loop not in self._of_loops:
            self._of_loops[loop] = asyncio.Semaphore(self._at_once)
        return self._of_loops[loop]


class Broken(Exception):
    """The process could not read the file, or took too long."""


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

    It reads ``content``, or the open file ``source``, from its standard input. Raises Broken if it fails or takes longer
    than ``patience`` seconds.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments,
        stdin=source or subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        said, _errors = await asyncio.wait_for(process.communicate(content), patience)
    except TimeoutError as late:
        raise Broken("timeout") from late
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise Broken(f"exit {process.returncode}")
    return said
