"""The organiser's page for assignments as a table: download, and upload with a preview."""

import asyncio
from collections.abc import Iterator
from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile

from incubator.core.languages import _, ngettext
from incubator.http.attachments import CSV, XLSX, attachment
from incubator.http.flash import Flash
from incubator.http.forms import Form, id_in, read_form
from incubator.http.templating import page, redirect
from incubator.interchange.assignments import (
    ASSIGNMENTS,
    MOST_ROWS,
    AssignmentCheck,
    CarriedOut,
    carry_out,
    check,
    names_submissions,
)
from incubator.people.guards import PersonRequest, freshly_proved, organiser
from incubator.tabular.rows import UnknownFormat
from incubator.tabular.sheets import as_csv, as_xlsx
from incubator.tabular.uploads import ACCEPTED, uploaded_rows


class AssignmentPages(Controller):
    path = "/organiser/assignments"
    guards = [organiser]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        return self._page(request, Form(mode="add"))

    @get("/table.csv", guards=[freshly_proved])
    async def csv(self, request: PersonRequest) -> Response[bytes]:
        return attachment(as_csv(ASSIGNMENTS.keys, await ASSIGNMENTS.rows(request.user)), CSV, "assignments.csv")

    @get("/table.xlsx", guards=[freshly_proved])
    async def xlsx(self, request: PersonRequest) -> Response[bytes]:
        return attachment(
            as_xlsx(ASSIGNMENTS.keys, await ASSIGNMENTS.rows(request.user), name=ASSIGNMENTS.name),
            XLSX,
            "assignments.xlsx",
        )

    @post("/check")
    async def check(self, request: PersonRequest) -> Response[Any]:
        """Show what the file would do; nothing is changed yet."""
        data = await request.form()
        form = Form(mode="replace" if data.get("mode") == "replace" else "add")
        upload = data.get("file")
        if not isinstance(upload, UploadFile) or not upload.filename:
            form.refuse("file", _("Выберите файл"))
            return self._page(request, form, status=422)
        try:
            content = await upload.read()
            rows = await asyncio.to_thread(uploaded_rows, upload.filename, content, most=MOST_ROWS)
        except UnknownFormat as error:
            form.refuse("file", _("Не получилось прочитать: %(cause)s", cause=error))
            return self._page(request, form, status=422)
        if len(rows) > MOST_ROWS:
            form.refuse("file", _("Слишком много строк: разделите файл"))
            return self._page(request, form, status=422)
        if not names_submissions(rows):
            form.refuse("file", _("В таблице нет ни одной заявки: нужны столбцы submission и mentor, как в скачанной"))
            return self._page(request, form, status=422)
        checked = await check(rows, by=request.user, replaces=form.value("mode") == "replace")
        return self._page(request, form, checked=checked)

    @post()
    async def carry_out(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        pairs = []
        for value in form.values("pair")[:MOST_ROWS]:
            submission, _space, address = value.partition(" ")
            if (number := id_in(submission)) is not None:
                pairs.append((number, address))
        removals = [found for value in form.values("removal")[:MOST_ROWS] if (found := id_in(value)) is not None]
        done = await carry_out(pairs, removals, by=request.user)
        flashes = [*_done(done), *(Flash("warning", line) for line in done.refused[:3])]
        return redirect("/organiser/proposal", *flashes)

    def _page(
        self, request: PersonRequest, form: Form, *, checked: AssignmentCheck | None = None, status: int = 200
    ) -> Response[Any]:
        return page(
            request, "backoffice/assignments.html", status=status, form=form, checked=checked, accepted=ACCEPTED
        )


def _done(done: CarriedOut) -> Iterator[Flash]:
    """Return what came of it, sentence by sentence."""
    if done.assigned:
        yield Flash(
            "success",
            ngettext(
                "Назначен %(n)s наставник: он получит письмо",
                "Назначено %(n)s наставников: каждый получит письмо",
                done.assigned,
            ),
        )
    if done.removed:
        yield Flash(
            "success",
            ngettext(
                "Снято %(n)s назначение: наставник получит письмо",
                "Снято %(n)s назначений: каждый наставник получит письмо",
                done.removed,
            ),
        )
    if not done.assigned and not done.removed:
        yield Flash("info", _("Никто не назначен"))


PAGES: list[Any] = [AssignmentPages]
