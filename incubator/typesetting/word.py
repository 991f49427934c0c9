"""A document as a Word file (DOCX) that an office can edit, written in a process of its own.

The library takes thirty megabytes and holds the interpreter for a second: neither is a matter of other readers.
"""

import asyncio
import subprocess
import sys

import msgspec
import structlog

from incubator.core.refusals import TooBusy
from incubator.typesetting.blocks import Block, DrawingBlock, Paper, PaperSection, PictureBlock, drawings_in
from incubator.typesetting.typst import typeset_pages

log = structlog.get_logger()

#: Seconds for one document; the longest takes two.
PATIENCE = 30.0
#: One at a time, and so many wait.
_MOST_WAITING = 10
_writing = asyncio.Semaphore(1)
_waiting = 0
#: Enough for a printer.
_PIXELS_PER_INCH = 200.0


class DocumentFailed(Exception):
    """The process that writes documents failed or took too long."""


async def as_word(paper: Paper) -> bytes:
    """Return the document as DOCX. Raises TooBusy while too many others wait."""
    global _waiting
    if _waiting >= _MOST_WAITING:
        raise TooBusy
    _waiting += 1
    try:
        painted = await _with_pictures(paper)
        async with _writing:
            return await _written(msgspec.msgpack.encode(painted))
    finally:
        _waiting -= 1


async def _with_pictures(paper: Paper) -> Paper:
    """Return the document with its drawings as pictures, which every office can show."""
    drawings = list(drawings_in(paper))
    pages = await typeset_pages(
        "typesetting/drawings.typ", {"drawings": [each.svg for each in drawings]}, ppi=_PIXELS_PER_INCH
    )
    painted = iter(pages)

    def picture(block: Block) -> Block:
        return PictureBlock(next(painted), block.alt) if isinstance(block, DrawingBlock) else block

    cover = picture(paper.cover)
    assert isinstance(cover, PictureBlock)
    sections = tuple(
        PaperSection(section.title, tuple(picture(block) for block in section.blocks), section.part)
        for section in paper.sections
    )
    return msgspec.structs.replace(paper, cover=cover, sections=sections)


async def _written(paper: bytes) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "incubator.typesetting.word_process",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        document, errors = await asyncio.wait_for(process.communicate(paper), PATIENCE)
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
