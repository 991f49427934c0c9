"""The files that a version can be taken as."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from enum import StrEnum

from litestar import Response
from litestar.exceptions import NotFoundException

from incubator.core.languages import _
from incubator.http.attachments import DOCX, PDF, XLSX, attachment
from incubator.http.templating import add_words
from incubator.projects.document import Frozen, Part
from incubator.projects.kinds.live import LIVE
from incubator.projects.kinds.registry import sheet_kind_of
from incubator.projects.paper import PrintedVersion, paper_of
from incubator.tabular.live_sheets import LiveSheet
from incubator.tabular.live_workbook import as_workbook
from incubator.typesetting.paper_writing import as_pdf, as_word


class PaperFile(StrEnum):
    """A file by its name in the address."""

    PDF = "document.pdf"
    WORD = "document.docx"
    FINANCE = "finance.xlsx"


def paper_files(parts: Iterable[Part | Frozen]) -> list[tuple[PaperFile, str]]:
    """Return the files that these sections can be taken as, with the words of their links."""
    counts = any(part.value and _kind_key(part) in LIVE for part in parts)
    return [
        (PaperFile.PDF, "PDF"),
        (PaperFile.WORD, "Word"),
        *([(PaperFile.FINANCE, _("таблица финансов"))] if counts else []),
    ]


def _kind_key(part: Part | Frozen) -> str:
    return part.kind if isinstance(part.kind, str) else part.kind.key


def paper_file(name: str) -> PaperFile:
    """Return the file that an address names, or raise 404."""
    try:
        return PaperFile(name)
    except ValueError as unknown:
        raise NotFoundException from unknown


async def _pdf(version: PrintedVersion) -> bytes:
    return await as_pdf(paper_of(version))


async def _word(version: PrintedVersion) -> bytes:
    return await as_word(paper_of(version))


async def _finance(version: PrintedVersion) -> bytes:
    """Return the sections that count money as one workbook. Raises 404 if there is none."""
    sheets = list(_live_sheets(version.parts))
    if not sheets:
        raise NotFoundException
    return await asyncio.to_thread(as_workbook, sheets, title=version.title, author=version.team_name)


def _live_sheets(parts: Iterable[Frozen]) -> Iterable[LiveSheet]:
    for part in parts:
        kind, live = sheet_kind_of(part.kind), LIVE.get(part.kind)
        if kind and live and part.value:
            yield live(kind.sheet(part.value), part.title)


_WRITERS: dict[PaperFile, tuple[Callable[[PrintedVersion], Awaitable[bytes]], str]] = {
    PaperFile.PDF: (_pdf, PDF),
    PaperFile.WORD: (_word, DOCX),
    PaperFile.FINANCE: (_finance, XLSX),
}


async def as_file(version: PrintedVersion, file: PaperFile, *, name: str, is_public: bool = False) -> Response[bytes]:
    """Return the version as a file to save; ``name``: of the file, without what follows the dot.

    Nobody on the way stores it, unless ``is_public``.
    """
    write, media_type = _WRITERS[file]
    answer = attachment(await write(version), media_type, f"{name}.{file.rpartition('.')[2]}")
    if is_public:
        del answer.headers["cache-control"]
    return answer


add_words(paper_files)
