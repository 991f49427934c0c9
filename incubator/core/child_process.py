"""Work in a process of its own that ends with it: what it needs of memory goes with it, and if a stranger's file breaks something, only that process ends."""

import asyncio
import signal
import subprocess
import sys
from collections import Counter, deque
from collections.abc import AsyncIterator, Hashable
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
    """So many at once in this process of ours; the others wait for their turn.

    Whoever waits with several things waits longer than somebody with one: each gets one turn after the other.
    ``most_of_one``: how many places somebody may take, so that there are some for others.
    """

    def __init__(self, at_once: int, *, most_waiting: int, most_of_one: int = 0) -> None:
        self._at_once, self._most_waiting, self._most_of_one = at_once, most_waiting, most_of_one or most_waiting
        self._inside: Counter[Hashable] = Counter()
        self._turns: WeakKeyDictionary[asyncio.AbstractEventLoop, _Turns] = WeakKeyDictionary()
        """Futures serve one event loop only."""

    @asynccontextmanager
    async def turn(self, of: Hashable = None) -> AsyncIterator[None]:
        """Wait for the turn of somebody and have it inside the block. Raises QueueFull at once."""
        if self._inside.total() >= self._most_waiting or self._inside[of] >= self._most_of_one:
            raise QueueFull
        self._inside[of] += 1
        try:
            turns = self._turns.setdefault(asyncio.get_running_loop(), _Turns(self._at_once))
            await turns.wait(of)
            try:
                yield
            finally:
                turns.next()
        finally:
            self._inside -= Counter({of: 1})


class _Turns:
    """Who has a turn, and who waits for one: the things of each in a line of their own."""

    def __init__(self, free: int) -> None:
        self._free = free
        self._lines: dict[Hashable, deque[asyncio.Future[None]]] = {}
        """In the order in which they get their next turn."""

    async def wait(self, who: Hashable) -> None:
        if self._free:
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._lines.setdefault(who, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # it had just come
                self.next()
            raise

    def next(self) -> None:
        """Give a turn that is over to the next one who still waits."""
        while self._lines:
            who = next(iter(self._lines))
            line = self._lines.pop(who)
            turn = line.popleft()
            if line:
                self._lines[who] = line
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


class ChildFailed(Exception):
    """The process failed; says what it said of that."""


class ChildTooSlow(ChildFailed):
    """The process took too long, by the clock or of the processor."""


def limit_itself(*, seconds: int, memory: int = MEMORY) -> None:
    """Limit the memory and the processor time of the process that calls it, where the system can. It leaves no core file."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))  # a signal of its own first, see below


async def run_child(
    module: str, *arguments: str, content: bytes | None = None, source: IO[bytes] | None = None, patience: float
) -> bytes:
    """Run a module of ours in a process of its own and return what it writes.

    It reads ``content``, or the open file ``source``, from its standard input. Raises ChildFailed if it fails, ChildTooSlow
    if it takes longer than ``patience`` seconds or than the processor time to which it limits itself.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments,
        stdin=source or subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        written, said = await asyncio.wait_for(process.communicate(content), patience)
    except TimeoutError as late:
        raise ChildTooSlow from late
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == -signal.SIGXCPU:
        raise ChildTooSlow
    if process.returncode:
        raise ChildFailed(f"exit {process.returncode}: {said.decode(errors='replace')[-_SAID:]}")
    return written
