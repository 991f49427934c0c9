"""The parent's side of one child process."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process

import msgspec

from incubator.http.markdown.frames import HEAD, framed, length_in, message_in

COMMAND = (sys.executable, "-m", "incubator.http.markdown.child")

#: Seconds allowed for starting: a tenth is usual, a busy machine may need longer.
START = 20.0

#: Seconds allowed for one text.
LIMIT = 2.0


class ChildGone(Exception):
    """The process has exited, or sent an invalid message."""


class Child:
    """A child process. Raises ChildGone if it has exited, TimeoutError if it is too slow.

    After either error, or a cancellation, end it: its next message might answer an earlier question.
    """

    def __init__(self, process: Process) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    @classmethod
    async def start(cls) -> "Child":
        """Return a child that is ready."""
        try:
            # In its own session: Ctrl-C in a terminal is for the parent, which then closes the pipe.
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
        """Return the HTML of a text."""
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
        """Kill the process and wait until neither a zombie nor an open pipe is left."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.communicate()
