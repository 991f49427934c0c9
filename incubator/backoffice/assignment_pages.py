"""The organiser's page for assignments as a table: download, and upload with a preview."""

import asyncio
from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile

from incubator.core.languages import _, ngettext
from incubator.http.flash import Flash
from incubator.http.forms import LARGEST_ID, Form, read_form
from incubator.http.templating import page, redirect
from incubator.interchange.assignments import ASSIGNMENTS, MOST_ROWS, AssignmentCheck, carry_out, check
from incubator.people.guards import PersonRequest, organiser
from incubator.tabular.rows import UnknownFormat
from incubator.tabular.sheets import as_csv, as_xlsx
from incubator.tabular.uploads import ACCEPTED, uploaded_rows

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class AssignmentPages(Controller):
    path = "/organiser/assignments"
    guards = [organiser]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        return self._page(request, Form())

    @get("/table.csv")
    async def csv(self) -> Response[bytes]:
        return _file(as_csv(ASSIGNMENTS.keys, await ASSIGNMENTS.rows()), "text/csv; charset=utf-8", "assignments.csv")

    @get("/table.xlsx")
    async def xlsx(self) -> Response[bytes]:
        return _file(
            as_xlsx(ASSIGNMENTS.keys, await ASSIGNMENTS.rows(), name=ASSIGNMENTS.name), _XLSX, "assignments.xlsx"
        )

    @post("/check")
    async def check(self, request: PersonRequest) -> Response[Any]:
        """Show what the file would do; nothing is changed yet."""
        form = Form()
        upload = (await request.form()).get("file")
        if not isinstance(upload, UploadFile) or not upload.filename:
            form.refuse("file", _("Выберите файл"))
            return self._page(request, form, status=422)
        try:
            content = await upload.read()
            rows = await asyncio.to_thread(uploaded_rows, upload.filename, content, most=MOST_ROWS)
        except UnknownFormat:
            form.refuse("file", _("Нужна таблица CSV, XLSX, XLS или ODS: этот файл прочитать не получилось"))
            return self._page(request, form, status=422)
        if len(rows) > MOST_ROWS:
            form.refuse("file", _("Слишком много строк: разделите файл"))
            return self._page(request, form, status=422)
        return self._page(request, form, checked=await check(rows))

    @post()
    async def carry_out(self, request: PersonRequest) -> Response[Any]:
        pairs = []
        for value in (await read_form(request)).values("pair")[:MOST_ROWS]:
            number, _space, address = value.partition(" ")
            if number.isascii() and number.isdigit() and len(number) < 11 and 0 < int(number) <= LARGEST_ID:
                pairs.append((int(number), address))
        done, refused = await carry_out(pairs, by=request.user)
        text = (
            ngettext(
                "Назначен %(n)s рецензент: он получит письмо",
                "Назначено %(n)s рецензентов: каждый получит письмо",
                done,
            )
            if done
            else _("Никто не назначен")
        )
        flashes = [Flash("success" if done else "info", text), *(Flash("warning", line) for line in refused[:3])]
        return redirect("/organiser/proposal", *flashes)

    def _page(
        self, request: PersonRequest, form: Form, *, checked: AssignmentCheck | None = None, status: int = 200
    ) -> Response[Any]:
        return page(
            request, "backoffice/assignments.html", status=status, form=form, checked=checked, accepted=ACCEPTED
        )


def _file(body: bytes, media_type: str, name: str) -> Response[bytes]:
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(body, media_type=media_type, headers=headers)


PAGES: list[Any] = [AssignmentPages]
