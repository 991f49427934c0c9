"""The jobs behind imports: bringing in an uploaded file, and undoing an import."""

import msgspec

from incubator.core.languages import override_locale
from incubator.interchange.import_kinds import bring_in, wish_of
from incubator.interchange.import_report import ImportReport
from incubator.interchange.tables import ImportBatch
from incubator.interchange.undo_import import undo_all, undoing_of
from incubator.interchange.uploaded_imports import file_of
from incubator.jobs.kinds import JobKind
from incubator.jobs.running import Running

#: Rows of one transaction.
PORTION = 100


async def import_file(job: Running, *, batch: int) -> None:
    """Bring in the file of an import. Started again, it goes on where it broke off: what is there is recognised."""
    row = await ImportBatch.objects(ImportBatch.file, ImportBatch.created_by).get(ImportBatch.id == batch)
    assert row is not None
    by = row.created_by if row.created_by and row.created_by.id else None
    with override_locale(by.locale if by else "ru"):
        async with file_of(row) as path:
            planned = msgspec.json.decode(row.report, type=ImportReport)
            total = planned.created + planned.updated

            async def step(done: int) -> None:
                await job.advance(min(done, total), total)

            await bring_in(path, wish_of(row), batch=PORTION, into=batch, step=step, by=by)


async def undo_import(job: Running, *, batch: int) -> None:
    """Delete what an import made and nobody has touched since, a portion at a time."""
    total = len((await undoing_of(batch)).deleted)

    async def step(done: int) -> None:
        await job.advance(done, max(done, total))

    await undo_all(batch, step=step)


IMPORT_FILE = JobKind("import_file", import_file)
UNDO_IMPORT = JobKind("undo_import", undo_import)

JOBS = (IMPORT_FILE, UNDO_IMPORT)
