"""One child process as its parent sees it."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process

import msgspec

from incubator.http.markdown.frames import HEAD, framed, length_in, message_in

COMMAND = (sys.executable, "-m", "incubator.http.markdown.child")

#: Seconds until it says that it is ready: a tenth is usual, a busy machine may need longer.
START = 20.0

#: Seconds for one text.
LIMIT = 2.0


class ChildGone(Exception):
    """The process has ended by itself, or says what nobody understands."""


class Child:
    """Raises ChildGone if the process is not there any more, TimeoutError if it is too slow.

    After either, and after a cancellation, it must be ended: what it says next might answer an earlier question.
    """

    def __init__(self, process: Process) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    @classmethod
    async def start(cls) -> "Child":
        """A child that is ready."""
        try:
            # In a session of its own: Ctrl-C in a terminal is for the parent, which then closes the pipe.
            process = await asyncio.create_subprocess_exec(*COMMAND, stdin=PIPE, stdout=PIPE, start_new_session=True)
        except OSError as error:
            raise ChildGone from error
        child = cls(process)
        try:
            async with asyncio.timeout(START):
                await child._listen()
        except BaseException:
            await child.end()
            raise
        return child

    async def ask(self, text: str) -> str:
        """The HTML of a text."""
        assert self._process.stdin
        async with asyncio.timeout(LIMIT):
            try:
                self._process.stdin.write(framed(text))
                await self._process.stdin.drain()
            except OSError as error:
                raise ChildGone from error
            return await self._listen()

    async def _listen(self) -> str:
        assert self._process.stdout
        try:
            head = await self._process.stdout.readexactly(HEAD)
            return message_in(await self._process.stdout.readexactly(length_in(head)))
        except (EOFError, OSError, msgspec.DecodeError) as error:
            raise ChildGone from error

    async def end(self) -> None:
        """Kill it and wait until nothing of it is left, neither a zombie nor an open pipe."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.communicate()
