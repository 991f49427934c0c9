"""Imports by the command line: what came of one, all of them, undoing."""

from collections.abc import Iterator

import msgspec

from incubator.core.clock import REGION
from incubator.core.languages import _, ngettext
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.interchange.batch_states import BatchState
from incubator.interchange.import_report import ImportReport
from incubator.interchange.tables import ImportBatch
from incubator.interchange.undo_import import undo_all, undoing_of
from incubator.jobs.states import JobState
from incubator.jobs.tables import Job

#: Changes that are shown.
_SHOWN = 50


def report_lines(report: ImportReport, *, dry_run: bool) -> Iterator[str]:
    """Yield what a report says, problems aside, in the reader's language."""
    yield from report.notes
    if report.columns:
        read = ", ".join(f"{field} ← {column}" for field, column in report.columns.items())
        yield _("Столбцы: %(columns)s", columns=read)
    if report.suspicion:
        yield _("Внимание! %(what)s", what=report.suspicion)
    for change in report.changes[:_SHOWN] if dry_run else ():
        yield _("строка %(row)s", row=change.row) + f", {change.column}: {change.before!r} → {change.after!r}"
    made = _("Будет создано: %(n)s.", n=report.created) if dry_run else _("Создано: %(n)s.", n=report.created)
    known, failed = _("Уже есть: %(n)s.", n=report.known), _("Ошибок: %(n)s.", n=report.failed)
    yield " ".join([_("Строк: %(n)s.", n=report.rows), made, known, failed])
    for count, line in _counted(report, dry_run):
        if count:
            yield line
    if report.failed and not dry_run:
        yield _("Строки с ошибками пропущены: из них ничего не записано.")


def _counted(report: ImportReport, dry_run: bool) -> Iterator[tuple[int, str]]:
    """Yield each further count with what it means."""
    changed = _("Будет изменено: %(n)s.", n=report.updated) if dry_run else _("Изменено: %(n)s.", n=report.updated)
    yield report.updated, changed
    yield report.kept, _("Оставлено как есть, там уже работают: %(n)s.", n=report.kept)
    yield report.long, _("Тексты длиннее, чем позволяет раздел, сохранены целиком: %(n)s.", n=report.long)
    found = ngettext("В таблице %(n)s адрес.", "В таблице %(n)s адресов.", report.invited)
    invited = ngettext("Приглашён %(n)s человек.", "Приглашено %(n)s человек.", report.invited)
    yield report.invited, found if dry_run else invited
    yield (
        report.unaddressed,
        ngettext(
            "У %(n)s человека нет адреса: приглашения не будет.",
            "У %(n)s человек нет адреса: приглашений не будет.",
            report.unaddressed,
        ),
    )


async def listed_imports() -> list[str]:
    """Return a line for each import, newest first."""
    rows = await ImportBatch.objects().order_by(ImportBatch.id, ascending=False).limit(200)
    return [_line(row) for row in rows]


def _line(row: ImportBatch) -> str:
    report = msgspec.json.decode(row.report, type=ImportReport)
    at = row.created_at.astimezone(REGION).strftime("%Y-%m-%d %H:%M")
    return "\t".join((str(row.id), at, row.state, row.kind, row.file_name, f"+{report.created}", f"!{report.failed}"))


async def undo(number: int, *, is_meant: bool) -> list[str]:
    """Undo an import, or only say what that would do. Raises Refusal."""
    batch = await ImportBatch.objects().get(ImportBatch.id == number)
    if batch is None or batch.state in {BatchState.DRAFT, BatchState.UNDONE}:
        raise Refusal(_("Такой загрузки нет, или она уже отменена"))
    job = await Job.objects().get(Job.id == batch.job) if batch.job else None
    if job is not None and not JobState(job.state).is_over:
        raise Refusal(_("Эта загрузка ещё идёт"))
    planned = await undoing_of(number)
    kept = _("Останется, там уже работают: %(n)s.", n=len(planned.kept))
    if not is_meant:
        return [_("Будет удалено: %(n)s.", n=len(planned.deleted)), kept]
    async with writing():
        await ImportBatch.update({ImportBatch.state: BatchState.UNDOING.value}).where(ImportBatch.id == number)
    done = await undo_all(number, step=_no_step)
    return [_("Удалено: %(n)s.", n=done), kept]


async def _no_step(_done: int) -> None:
    """There is no job whose progress could be reported."""
