"""A document as PDF or Word, written in a process of its own.

Typst keeps what it has typeset, and a long document takes a hundred megabytes of that; python-docx takes thirty and holds the
interpreter for a second. Neither stays in a worker: the process ends with its document.
"""

from typing import Literal

import msgspec
import structlog

from incubator.core.child_process import ChildFailed, Queue, QueueFull, run_child
from incubator.core.languages import _
from incubator.core.refusals import Refusal, TooBusy
from incubator.typesetting.blocks import Paper
from incubator.typesetting.typst import fonts_ready

log = structlog.get_logger()

#: Seconds for one document; the longest takes two or three.
PATIENCE = 30.0
#: One at a time, and so many wait.
MOST_WAITING = 10


class PaperTask(msgspec.Struct):
    """What the process is asked for."""

    paper: Paper
    format: Literal["pdf", "docx"]
    fonts: str
    """The folder with the fonts, made once for all."""


_writing = Queue(1, most_waiting=MOST_WAITING)


async def as_pdf(paper: Paper) -> bytes:
    """Return the document as PDF: tagged, with its outline. Raises TooBusy while too many others wait."""
    return await _written(PaperTask(paper, "pdf", await fonts_ready()))


async def as_word(paper: Paper) -> bytes:
    """Return the document as DOCX, which an office can edit. Raises TooBusy while too many others wait."""
    return await _written(PaperTask(paper, "docx", await fonts_ready()))


async def _written(task: PaperTask) -> bytes:
    try:
        async with _writing.turn():
            content = msgspec.msgpack.encode(task)
            return await run_child("incubator.typesetting.paper_process", content=content, patience=PATIENCE)
    except QueueFull as full:
        raise TooBusy from full
    except ChildFailed as failed:
        log.error("no document", said=str(failed))
        raise Refusal(_("Файл не получилось собрать. Мы это увидим и разберёмся; попробуйте позже.")) from failed
