"""The organiser's pages of imports: a table is uploaded, its columns are chosen, a check is read; then it is brought in, or undone."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from incubator.core.languages import _, localized
from incubator.core.refusals import Refusal
from incubator.core.text import clean_line, fingerprint
from incubator.http.attachments import XLSX, attachment
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect
from incubator.interchange.batch_states import BatchState
from incubator.interchange.import_batches import projects_of, start_import, start_undo
from incubator.interchange.import_jobs import IMPORT_FILE, UNDO_IMPORT
from incubator.interchange.project_import import LONGEST_SOURCE, ProjectImport
from incubator.interchange.tables import ImportBatch
from incubator.interchange.undo_import import undoing_of
from incubator.interchange.uploaded_imports import (
    MOST_BYTES,
    MOST_ROWS,
    Preview,
    choose_columns,
    discard_import,
    looked_at,
    preview_of,
    report_of,
    source_of,
    upload_import,
    wish_of,
)
from incubator.jobs.view import job_view
from incubator.people.guards import PersonRequest, freshly_proved, organiser
from incubator.programme.seasons import current_season
from incubator.programme.stages import Stage, stage_title
from incubator.programme.tables import Season
from incubator.projects.lifecycle import State, state_title
from incubator.tabular.rows import UnknownFormat
from incubator.tabular.sheets import as_xlsx
from incubator.tabular.uploads import ACCEPTED

#: Imports on the list, problems and changes on the page of one.
_LISTED, _SHOWN = 50, 50
#: States in which a project can arrive.
_STATES = (State.DRAFT, State.IN_REVIEW, State.GRADUATED)


class ImportPages(Controller):
    path = "/organiser/imports"
    guards = [organiser]

    @get()
    async def index(self, request: PersonRequest) -> Response[Any]:
        return await _index(request, Form())

    @post(request_max_body_size=MOST_BYTES + 64 * 1024)
    async def upload(self, request: PersonRequest) -> Response[Any]:
        """Keep the table, and show what it would bring; nothing is written yet."""
        data = await request.form()
        form, upload = Form(), data.get("file")
        if not isinstance(upload, UploadFile) or not upload.filename:
            form.refuse("file", _("Выберите файл"))
            return await _index(request, form, status=422)
        season = await current_season() or await Season.objects().order_by(Season.id, ascending=False).first()
        if season is None:
            form.refuse("file", _("Сначала откройте сезон: проекты записываются в него"))
            return await _index(request, form, status=422)
        source = source_of(upload.filename)
        wish = ProjectImport({}, None, season.slug, Stage.IDEA.value, publish=False, source=source, most=MOST_ROWS)
        try:
            batch = await upload_import(upload.filename, await upload.read(), wish, by=request.user)
        except UnknownFormat as error:
            form.refuse("file", _("Не получилось прочитать: %(cause)s", cause=error))
            return await _index(request, form, status=422)
        return redirect(f"/organiser/imports/{batch.id}")

    @get("/{import_id:int}")
    async def show(self, request: PersonRequest, import_id: FromPath[int]) -> Response[Any]:
        batch = await _batch(import_id)
        if batch.state == BatchState.DRAFT:
            return await _draft(request, batch)
        return await _done(request, batch)

    @post("/{import_id:int}/columns")
    async def choose(self, request: PersonRequest, import_id: FromPath[int]) -> Response[Any]:
        batch = await _batch(import_id)
        form = await read_form(request)
        seasons = [row["slug"] for row in await Season.select(Season.slug)]
        await choose_columns(batch, _wish(form, wish_of(batch), seasons), by=request.user)
        return redirect(f"/organiser/imports/{batch.id}#checked")

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
    return page(
        request, "backoffice/imports.html", status=status, form=form, accepted=ACCEPTED,
        imports=[(row, report_of(row)) for row in rows], megabytes=MOST_BYTES // 2**20,
    )  # fmt: skip


async def _draft(request: PersonRequest, batch: ImportBatch) -> Response[Any]:
    wish, report = wish_of(batch), report_of(batch)
    try:
        preview = await preview_of(batch)
    except UnknownFormat as error:
        preview, report.refusal = Preview((), [], (), "", []), str(error)
    except Refusal as refusal:
        preview, report.refusal = Preview((), [], (), "", []), refusal.message
    chosen = {
        f"column-{field.key}": report.columns.get(field.key, wish.mapping.get(field.key, ""))
        for field in preview.fields
    }
    form = Form().with_values(
        **chosen, season=wish.season, stage=wish.stage, state=wish.state, source=wish.source, sheet=preview.sheet,
        publish="1" if wish.publish else "", updates="1" if wish.updates else "", invites="1" if wish.invites else "",
    )  # fmt: skip
    seasons = await Season.objects().order_by(Season.opens_on, ascending=False)
    return page(
        request, "backoffice/import_draft.html", batch=batch, report=report, preview=preview, form=form, shown=_SHOWN,
        seen=fingerprint(batch.options), seasons=[(season.slug, localized(season, "title")) for season in seasons],
        stage_pairs=[(each, stage_title(each)) for each in Stage], state_pairs=[(each, state_title(each)) for each in _STATES],
        sources=await _sources(wish.source), column_pairs=_pairs(preview.columns), sheet_pairs=_pairs(preview.sheets),
    )  # fmt: skip


def _pairs(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


async def _sources(own: str) -> list[tuple[str, str]]:
    """Return what the file may be a newer version of: itself, and the sources of earlier imports."""
    rows = (
        await ImportBatch.select(ImportBatch.source)
        .where((ImportBatch.kind == "projects") & (ImportBatch.state != BatchState.DRAFT.value))
        .order_by(ImportBatch.id, ascending=False)
        .limit(500)
    )
    names = dict.fromkeys([own, *(row["source"] for row in rows)])
    return _pairs(list(names)[:_LISTED])


async def _done(request: PersonRequest, batch: ImportBatch) -> Response[Any]:
    return page(
        request, "backoffice/import.html", batch=batch, report=report_of(batch), shown=_SHOWN,
        job=job_view(batch.job) if batch.job and batch.job.id else None,
        projects=await projects_of(batch.id, limit=_SHOWN), undoing=await undoing_of(batch.id),
    )  # fmt: skip


def _wish(form: Form, before: ProjectImport, seasons: list[str]) -> ProjectImport:
    """Return how the table is to be read, as the form says. A field that the form did not show is guessed."""
    mapping = {name.removeprefix("column-"): form.value(name) for name in form.names() if name.startswith("column-")}
    stage = form.choice("stage", [each.value for each in Stage]) or before.stage
    state = form.choice("state", [each.value for each in _STATES]) or before.state
    if state == State.GRADUATED and stage != Stage.PLAN:
        state = State.DRAFT.value
    is_same = form.value("sheet") == form.value("read-sheet")  # another sheet has other columns
    return replace(
        before, mapping=mapping if is_same else {}, season=form.choice("season", seasons) or before.season, stage=stage, state=state,
        source=clean_line(form.value("source"))[:LONGEST_SOURCE] or before.source, sheet=form.value("sheet"),
        publish=form.flag("publish"), updates=form.flag("updates"), invites=form.flag("invites"),
    )  # fmt: skip


PAGES: list[Any] = [ImportPages]
