"""The organiser's pages of imports: a table is uploaded, its columns are chosen, a check is read; then it is brought in, or undone."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from incubator.backoffice.import_drafts import draft_page, first_wish, wish_from
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.core.text import fingerprint
from incubator.http.attachments import XLSX, attachment
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect
from incubator.interchange.batch_states import BatchState
from incubator.interchange.import_batches import projects_of, start_import, start_undo, stop_work
from incubator.interchange.import_jobs import IMPORT_FILE, UNDO_IMPORT
from incubator.interchange.import_kinds import PROJECTS, REVIEWS, wish_of
from incubator.interchange.tables import ImportBatch
from incubator.interchange.undo_import import undoing_of
from incubator.interchange.uploaded_imports import (
    MOST_BYTES,
    choose_columns,
    discard_import,
    looked_at,
    report_of,
    source_of,
    upload_import,
)
from incubator.jobs.view import job_view
from incubator.people.guards import PersonRequest, freshly_proved, organiser
from incubator.tabular.rows import UnknownFormat
from incubator.tabular.sheets import as_xlsx
from incubator.tabular.uploads import ACCEPTED

#: Imports on the list, problems and changes on the page of one.
_LISTED, _SHOWN = 50, 50


class ImportPages(Controller):
    path = "/organiser/imports"
    guards = [organiser]

    @get()
    async def index(self, request: PersonRequest) -> Response[Any]:
        return await _index(request, Form().with_values(kind=PROJECTS))

    @post(request_max_body_size=MOST_BYTES + 64 * 1024)
    async def upload(self, request: PersonRequest) -> Response[Any]:
        """Keep the table, and show what it would bring; nothing is written yet."""
        data = await request.form()
        form, upload = Form().with_values(kind=str(data.get("kind", "")) or PROJECTS), data.get("file")
        if not isinstance(upload, UploadFile) or not upload.filename:
            form.refuse("file", _("Выберите файл"))
            return await _index(request, form, status=422)
        try:
            wish = await first_wish(form.value("kind"), source_of(upload.filename))
            batch = await upload_import(upload.filename, await upload.read(), wish, by=request.user)
        except UnknownFormat as error:
            form.refuse("file", _("Не получилось прочитать: %(cause)s", cause=error))
            return await _index(request, form, status=422)
        except Refusal as refusal:
            form.refuse("file", refusal.message)
            return await _index(request, form, status=422)
        return redirect(f"/organiser/imports/{batch.id}")

    @get("/{import_id:int}")
    async def show(self, request: PersonRequest, import_id: FromPath[int]) -> Response[Any]:
        batch = await _batch(import_id)
        if batch.state == BatchState.DRAFT:
            return await draft_page(request, batch, shown=_SHOWN)
        return await _done(request, batch)

    @post("/{import_id:int}/columns")
    async def choose(self, request: PersonRequest, import_id: FromPath[int]) -> Response[Any]:
        batch = await _batch(import_id)
        form = await read_form(request)
        await choose_columns(batch, await wish_from(form, wish_of(batch)), by=request.user)
        said = [Flash("warning", text) for text in dict.fromkeys(form.errors.values())]
        return redirect(f"/organiser/imports/{batch.id}#checked", *said)

    @post("/{import_id:int}/start")
    async def start(self, request: PersonRequest, import_id: FromPath[int]) -> Response[Any]:
        batch = await _batch(import_id)
        form = await read_form(request)
        report = report_of(batch)
        if batch.state == BatchState.DRAFT and (refused := _refused(batch, form)):
            return redirect(f"/organiser/imports/{batch.id}#checked", Flash("warning", refused))
        if batch.state == BatchState.DRAFT and report.suspicion:
            if not form.flag("looked"):
                return redirect(
                    f"/organiser/imports/{batch.id}#checked",
                    Flash("warning", _("Посмотрите на строки, которые кажутся сдвинутыми, и отметьте, что всё верно")),
                )
            await choose_columns(batch, looked_at(wish_of(batch)), by=request.user)
        await start_import(batch.id, IMPORT_FILE, by=request.user)
        return redirect(f"/organiser/imports/{batch.id}")

    @post("/{import_id:int}/removal")
    async def remove(self, request: PersonRequest, import_id: FromPath[int]) -> Response[Any]:
        await discard_import(await _batch(import_id), by=request.user)
        return redirect("/organiser/imports", Flash("success", _("Файл убран, из него ничего не записано")))

    @post("/{import_id:int}/stop")
    async def stop(self, request: PersonRequest, import_id: FromPath[int]) -> Response[Any]:
        await stop_work(await _batch(import_id), by=request.user)
        return redirect(f"/organiser/imports/{import_id}")

    @post("/{import_id:int}/undoing")
    async def undo(self, request: PersonRequest, import_id: FromPath[int]) -> Response[Any]:
        await start_undo((await _batch(import_id)).id, UNDO_IMPORT, by=request.user)
        return redirect(f"/organiser/imports/{import_id}")

    @get("/{import_id:int}/report.xlsx", guards=[freshly_proved])
    async def report(self, request: PersonRequest, import_id: FromPath[int]) -> Response[bytes]:
        """Return everything that is wrong with the table, row by row, as a table."""
        report = report_of(await _batch(import_id))
        rows = [(each.row or None, each.column, each.text) for each in report.problems]
        columns = (_("Строка"), _("Столбец"), _("Что не так"))
        return attachment(as_xlsx(columns, rows, name="problems"), XLSX, f"import-{import_id}.xlsx")


def _refused(batch: ImportBatch, form: Form) -> str:
    """Return why a draft does not start: it has nothing to bring, or is not what the person has looked at; else empty."""
    report = report_of(batch)
    if report.refusal or not (report.created or report.updated):
        return _("Загружать нечего: новых строк нет.")
    if form.value("seen") != fingerprint(batch.options):
        return _("Пока вы смотрели, настройки загрузки поменялись. Посмотрите ещё раз, что получится.")
    return ""


async def _batch(import_id: int) -> ImportBatch:
    every = ImportBatch.objects(ImportBatch.file, ImportBatch.created_by, ImportBatch.job)
    return get_or_404(await every.where(ImportBatch.id == import_id).first())


async def _index(request: PersonRequest, form: Form, *, status: int = 200) -> Response[Any]:
    rows = await ImportBatch.objects(ImportBatch.created_by).order_by(ImportBatch.id, ascending=False).limit(_LISTED)
    kinds = [(PROJECTS, _("проекты")), (REVIEWS, _("рецензии на загруженные проекты"))]
    return page(
        request, "backoffice/imports.html", status=status, form=form, accepted=ACCEPTED, kinds=kinds,
        imports=[(row, report_of(row)) for row in rows], megabytes=MOST_BYTES // 2**20,
    )  # fmt: skip


async def _done(request: PersonRequest, batch: ImportBatch) -> Response[Any]:
    return page(
        request, "backoffice/import.html", batch=batch, report=report_of(batch), shown=_SHOWN,
        job=job_view(batch.job) if batch.job and batch.job.id else None,
        projects=await projects_of(batch.id, limit=_SHOWN), undoing=await undoing_of(batch.id),
    )  # fmt: skip


PAGES: list[Any] = [ImportPages]
