"""Consents on paper: the table of children and documents, printing sheets, and filing signed ones."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from incubator.core.languages import LOCALES, _, current_locale, ngettext
from incubator.core.refusals import NotAllowed, Refusal
from incubator.files.keep import LARGEST
from incubator.files.store import current_store
from incubator.files.tables import StoredFile
from incubator.http.attachments import PDF, attachment
from incubator.http.flash import Flash
from incubator.http.forms import Form, id_in, read_form
from incubator.http.lookup import get_or_404
from incubator.http.templating import redirect
from incubator.people.coordinators import schools_coordinated_by
from incubator.people.enrolments import may_keep_class
from incubator.people.grants import may_in_programme
from incubator.people.guards import PersonRequest, freshly_proved, signed_in
from incubator.people.permissions import StaffAction
from incubator.people.tables import Consent, Person
from incubator.privacy.consent_matrix import teams_taught_by
from incubator.privacy.consent_table import here, table_page, ticked_children
from incubator.privacy.family import renew_code
from incubator.privacy.recorders import where_may_record
from incubator.privacy.scans import (
    Unreadable,
    bring,
    drop_scan,
    file_what_can_be,
    open_scan,
    say_whose,
    scan_of,
)
from incubator.privacy.sheets import WantedSheet, batch_of, drawn_sheets, make_sheets, require_entitled
from incubator.privacy.tables import ConsentSheet
from incubator.projects.consents import DOCUMENTS, STAFF, purpose_title, valid_consents

#: Files of one upload, and bytes of all of them: what they need of memory (deploy/nginx.conf lets as much through).
MOST_FILES, MOST_BYTES = 40, 2 * LARGEST


class ConsentPages(Controller):
    path = "/consents"
    guards = [signed_in]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        return await table_page(request, Form())

    @post("/sheets")
    async def make(self, request: PersonRequest) -> Response[Any]:
        """Make sheets for the chosen children and documents, to be printed as one file."""
        form = await read_form(request)
        try:
            wanted = await _wanted(form, request.user)
            batch = await make_sheets(wanted, locale=form.choice("locale", LOCALES) or "ru", by=request.user)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.refuse("child", refusal.message)
            return await table_page(request, form, status=422)
        return redirect(f"{here(request)}{'&' if '?' in here(request) else '?'}batch={batch.id}")

    @post("/own")
    async def own(self, request: PersonRequest) -> Response[Any]:
        """Make the sheet of somebody who works in the programme and prefers paper; an organiser files it."""
        wanted = [WantedSheet(request.user.id, None, STAFF)]
        batch = await make_sheets(wanted, locale=current_locale(), by=request.user)
        return redirect(f"/consents/sheets/{batch.id}/print")

    @get("/sheets/{batch_id:int}/print")
    async def download(self, request: PersonRequest, batch_id: FromPath[int]) -> Response[bytes]:
        batch = get_or_404(await batch_of(batch_id, request.user))
        return attachment(await drawn_sheets(batch), PDF, f"consents-{batch.id}.pdf", is_shown=True)

    @get("/sheet/{code:str}")
    async def of_sheet(self, request: PersonRequest, code: FromPath[str]) -> Response[Any]:
        """Where a sheet's own QR code leads: to the place where signed sheets are filed."""
        sheet = get_or_404(await ConsentSheet.objects(ConsentSheet.person).get(ConsentSheet.code == code[:16]))
        entitlement = get_or_404(await where_may_record(request.user, sheet.person.id, sheet.purpose))
        text = _("%(name)s: %(document)s. Сфотографируйте подписанный лист и загрузите снимок.",
                 name=sheet.person.name, document=purpose_title(sheet.purpose))  # fmt: skip
        return redirect(f"{entitlement.address}#bring", Flash("info", text))

    @post("/scans", request_max_body_size=MOST_BYTES)
    async def bring(self, request: PersonRequest) -> Response[Any]:
        data = await request.form()
        files = [each for each in data.getall("files", []) if isinstance(each, UploadFile) and each.filename]
        form, pages = Form(), 0
        if not await may_file_anything(request.user):
            raise NotAllowed(_("Согласия отмечает педагог команды или организатор"))
        if not files:
            form.refuse("files", _("Выберите снимки или PDF"))
        for file in files[:MOST_FILES]:
            try:
                pages += await bring(await file.read(), name=file.filename, by=request.user)
            except Unreadable as broken:
                form.refuse("files", broken.message)
        if form.errors:
            return await table_page(request, form, status=422)
        text = ngettext(
            "Прочитан %(n)s лист: посмотрите и запишите", "Прочитано %(n)s листов: посмотрите и запишите", pages
        )
        return redirect(f"{here(request)}#tray", Flash("success", text))

    @get("/scans/{scan_id:int}/picture")
    async def picture(self, request: PersonRequest, scan_id: FromPath[int]) -> Response[bytes]:
        scan = get_or_404(await scan_of(scan_id, request.user))
        return await _picture(get_or_404(await StoredFile.objects().get(StoredFile.id == scan.file)))

    @post("/scans/filing")
    async def file(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        filed = await file_what_can_be([n for n in map(id_in, form.values("scan")) if n], by=request.user)
        said = Flash("success" if filed.count else "info", _("Записано согласий: %(n)s", n=filed.count))
        return redirect(here(request), said, *(Flash("warning", why) for why in filed.refused[:5]))

    @post("/scans/{scan_id:int}/sheet")
    async def whose(self, request: PersonRequest, scan_id: FromPath[int]) -> Response[Any]:
        form = await read_form(request)
        scan = get_or_404(await scan_of(scan_id, request.user))
        person = form.id("person", required=True)
        purpose = form.choice("purpose", DOCUMENTS)
        if form.errors:
            return await table_page(request, form, status=422)
        await say_whose(scan.id, person or 0, purpose, by=request.user)
        return redirect(f"{here(request)}#tray")

    @post("/scans/{scan_id:int}/removal")
    async def drop(self, request: PersonRequest, scan_id: FromPath[int]) -> Response[Any]:
        await drop_scan(get_or_404(await scan_of(scan_id, request.user)).id, by=request.user)
        return redirect(f"{here(request)}#tray", Flash("success", _("Снимок выброшен")))

    @get("/{consent_id:int}/scan", guards=[freshly_proved])
    async def scan(self, request: PersonRequest, consent_id: FromPath[int]) -> Response[bytes]:
        consent = get_or_404(await Consent.objects().get(Consent.id == consent_id))
        get_or_404(await where_may_record(request.user, consent.person, consent.purpose))
        return await _picture(await open_scan(consent_id, by=request.user))

    @post("/families/{person_id:int}/code")
    async def renew(self, request: PersonRequest, person_id: FromPath[int]) -> Response[Any]:
        get_or_404(await where_may_record(request.user, person_id))
        await renew_code(person_id, by=request.user)
        text = _("Прежний код больше не работает. Новый будет на листах, которые вы напечатаете теперь.")
        return redirect(here(request), Flash("success", text))


async def _wanted(form: Form, by: Person) -> list[WantedSheet]:
    """Return the documents of the ticked children, without those that hold already if so asked.

    Raises NotAllowed before it looks at what holds: the answer would tell others who has consented.
    """
    purposes = [purpose for purpose in form.values("purpose") if purpose in DOCUMENTS]
    wanted = [
        WantedSheet(person, project, purpose) for project, person in ticked_children(form) for purpose in purposes
    ]
    if not form.flag("only_missing"):
        return wanted
    await require_entitled(wanted, by)
    have = await valid_consents(sorted({each.person for each in wanted}))
    return [each for each in wanted if (each.person, each.purpose) not in have]


async def may_file_anything(person: Person) -> bool:
    """Return whether the person may record consents of anybody."""
    return await may_in_programme(person, StaffAction.ORGANISE) or bool(
        await teams_taught_by(person) or await may_keep_class(person) or await schools_coordinated_by(person)
    )


async def _picture(file: StoredFile) -> Response[bytes]:
    headers = {"cache-control": "no-store", "x-content-type-options": "nosniff", "content-security-policy": "sandbox"}
    return Response(await current_store().get(file.digest), media_type=file.media_type, headers=headers)


PAGES = [ConsentPages]
