"""Recording an import: begun, finished, undone as far as nobody has gone on working with what it made."""

import msgspec

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.db.locking import locked_row
from incubator.files.names import clean_name
from incubator.history.record import Happened, record
from incubator.interchange.batch_states import BatchState
from incubator.interchange.import_report import ImportRefused, ImportReport
from incubator.interchange.tables import ImportBatch, ImportedRow
from incubator.jobs.cancel import cancel
from incubator.jobs.enqueue import enqueue
from incubator.jobs.kinds import JobKind
from incubator.people.grants import require_staff
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.projects.tables import Project


async def record_import(kind: str, source: str, file_name: str) -> ImportBatch:
    """Record an import by the command line, which runs already."""
    batch = ImportBatch(
        kind=kind, state=BatchState.RUNNING.value, source=source, file_name=clean_name(file_name), created_at=now()
    )
    async with writing():
        await batch.save()
        await record(Happened.IMPORT_BEGUN, by=None, batch=batch.id)
    return batch


async def start_import(batch_id: int, kind: JobKind, *, by: Person) -> None:
    """Let a job bring in an uploaded file, or go on after one that has failed. Repeating it does nothing."""
    await _start(batch_id, kind, (BatchState.DRAFT, BatchState.RUNNING), BatchState.RUNNING, by)


async def start_undo(batch_id: int, kind: JobKind, *, by: Person) -> None:
    """Let a job undo an import that is done, or that has broken off. Repeating it does nothing."""
    await _start(batch_id, kind, (BatchState.DONE, BatchState.RUNNING, BatchState.UNDOING), BatchState.UNDOING, by)


async def _start(batch_id: int, kind: JobKind, before: tuple[BatchState, ...], after: BatchState, by: Person) -> None:
    async with writing():
        await require_staff(by, StaffAction.IMPORT)
        await locked_row(ImportBatch, batch_id)
        batch = await ImportBatch.objects(ImportBatch.job).where(ImportBatch.id == batch_id).first()
        is_working = batch is not None and batch.job and batch.job.id and batch.job.state in {"waiting", "running"}
        if batch is None or is_working or batch.state not in {each.value for each in before}:
            return
        job = await enqueue(kind, by=by.id, batch=batch_id)
        await ImportBatch.update({ImportBatch.state: after.value, ImportBatch.job: job.id}).where(
            ImportBatch.id == batch_id
        )
        await record(
            Happened.IMPORT_BEGUN if after is BatchState.RUNNING else Happened.IMPORT_UNDONE, by=by, batch=batch_id
        )


async def stop_work(batch: ImportBatch, *, by: Person) -> None:
    """Stop bringing in a file, or undoing that, at the next portion; it can be gone on with. Repeating it does nothing."""
    async with writing():
        await require_staff(by, StaffAction.IMPORT)
        if batch.job and batch.job.id and await cancel(batch.job.id):
            await record(Happened.IMPORT_STOPPED, by=by, batch=batch.id)


async def require_running(batch_id: int) -> None:
    """Lock the import; raise ImportRefused if it is being undone. Call inside a transaction, before other locks."""
    batch = await locked_row(ImportBatch, batch_id)
    if batch is None or batch.state != BatchState.RUNNING:
        raise ImportRefused(_("загрузку отменили"))


async def finish_import(batch_id: int, report: ImportReport) -> ImportReport:
    """Store what came of an import, those of its rows among it that an attempt before this one has written."""
    async with writing():
        made = await ImportedRow.count().where((ImportedRow.batch == batch_id) & ImportedRow.is_new.eq(True))
        changed = await ImportedRow.count().where((ImportedRow.batch == batch_id) & ImportedRow.is_new.eq(False))
        report.known = max(0, report.known - (made + changed - report.created - report.updated))
        report.created, report.updated = made, changed
        await ImportBatch.update(
            {
                ImportBatch.state: BatchState.DONE.value,
                ImportBatch.report: msgspec.json.encode(report).decode(),
                ImportBatch.finished_at: now(),
                ImportBatch.file: None,
            }
        ).where((ImportBatch.id == batch_id) & (ImportBatch.state == BatchState.RUNNING.value))
    return report


async def projects_of(batch_id: int, *, limit: int = 50) -> list[Project]:
    """Return the first projects that the import made or changed, in the order of the file. One query."""
    rows = (
        await ImportedRow.objects(ImportedRow.project)
        .where((ImportedRow.batch == batch_id) & ImportedRow.project.is_not_null())
        .order_by(ImportedRow.number)
        .limit(limit)
    )
    return [row.project for row in rows]


def require_draft(batch: ImportBatch) -> None:
    if batch.state != BatchState.DRAFT:
        raise Refusal(_("Этот файл уже загружается или загружен: столбцы больше не поменять."))
