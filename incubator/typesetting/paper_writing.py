"""A document as PDF or Word, written in a process of its own.

Typst keeps what it has typeset, and a long document takes a hundred megabytes of that; python-docx takes thirty and holds the
interpreter for a second. Neither stays in a worker: the process ends with its document.
"""

import asyncio
import subprocess
import sys
from typing import Literal

import msgspec
import structlog

from incubator.core.refusals import TooBusy
from incubator.typesetting.blocks import Paper
from incubator.typesetting.typst import fonts_ready

log = structlog.get_logger()

#: Seconds for one document; the longest takes two or three.
PATIENCE = 30.0
#: One at a time, and so many wait.
MOST_WAITING = 10


class DocumentFailed(Exception):
    """The process that writes documents failed or took too long."""


class PaperTask(msgspec.Struct):
    """What the process is asked for."""

    paper: Paper
    format: Literal["pdf", "docx"]
    fonts: str
    """The folder with the fonts, made once for all."""


class _Queue:
    """Those who wait for the one process of this worker."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(1)
        self._waiting = 0

    async def written(self, task: PaperTask) -> bytes:
        if self._waiting >= MOST_WAITING:
            raise TooBusy
        self._waiting += 1
        try:
            async with self._turn:
                return await _written(msgspec.msgpack.encode(task))
        finally:
            self._waiting -= 1


_queue = _Queue()


async def as_pdf(paper: Paper) -> bytes:
    """Return the document as PDF: tagged, with its outline. Raises TooBusy while too many others wait."""
    return await _queue.written(PaperTask(paper, "pdf", await fonts_ready()))


async def as_word(paper: Paper) -> bytes:
    """Return the document as DOCX, which an office can edit. Raises TooBusy while too many others wait."""
    return await _queue.written(PaperTask(paper, "docx", await fonts_ready()))


async def _written(task: bytes) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "incubator.typesetting.paper_process",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        document, errors = await asyncio.wait_for(process.communicate(task), PATIENCE)
    except TimeoutError as late:
        raise DocumentFailed("too slow") from late
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        log.error("no document", said=errors.decode(errors="replace")[-300:])
        raise DocumentFailed(process.returncode)
    return document
