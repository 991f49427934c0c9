"""«Кого подтвердить»: the adults who wait for somebody responsible, and consents for an organiser to look at."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core import limits
from incubator.core.languages import _, ngettext
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect
from incubator.people.grants import may_in_programme, require_staff
from incubator.people.guards import PersonRequest, signed_in
from incubator.people.permissions import StaffAction
from incubator.projects.orphaned_consents import accept_recorded_by, orphaned_consents
from incubator.projects.tables import Project
from incubator.projects.vouching import may_vouch_in, vouch, waiting_for
from incubator.publication.withdrawals import refuse_to_vouch, void_recorded_by


class VouchingPages(Controller):
    path = "/vouching"
    guards = [signed_in]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        return await self._page(request, Form())

    @post("/{project_id:int}/{person_id:int}")
    async def vouch(self, request: PersonRequest, project_id: FromPath[int], person_id: FromPath[int]) -> Response[Any]:
        await vouch(await _project(request, project_id), person_id, by=request.user)
        return redirect("/vouching", Flash("success", _("Подтверждено: теперь этот взрослый работает с командой")))

    @post("/{project_id:int}/{person_id:int}/refusal")
    async def refuse(
        self, request: PersonRequest, project_id: FromPath[int], person_id: FromPath[int]
    ) -> Response[Any]:
        project = await _project(request, project_id)
        field = f"reason-{project_id}-{person_id}"
        form = await read_form(request)
        reason = form.text(field, longest=limits.VOID_REASON, required=True)
        if form.errors:
            return await self._page(request, form, status=422)
        voided = await refuse_to_vouch(project, person_id, reason=reason, by=request.user)
        return redirect("/vouching", Flash("success", _removed(voided)))

    @post("/consents/{person_id:int}")
    async def check(self, request: PersonRequest, person_id: FromPath[int]) -> Response[Any]:
        await require_staff(request.user, StaffAction.VOUCH)
        form = await read_form(request)
        if form.flag("is_right"):
            await accept_recorded_by(person_id, by=request.user)
            return redirect("/vouching", Flash("success", _("Отмечено: эти согласия верны")))
        reason = form.text(f"reason-{person_id}", longest=limits.VOID_REASON, required=True)
        if form.errors:
            return await self._page(request, form, status=422)
        await void_recorded_by(person_id, reason=reason, by=request.user)
        return redirect("/vouching", Flash("success", _("Согласия признаны недействительными")))

    async def _page(self, request: PersonRequest, form: Form, *, status: int = 200) -> Response[Any]:
        is_office = await may_in_programme(request.user, StaffAction.VOUCH)
        return page(
            request, "projects/vouching.html", status=status, form=form, waiting=await waiting_for(request.user),
            recorders=await orphaned_consents() if is_office else [], is_office=is_office,
        )  # fmt: skip


def _removed(voided: int) -> str:
    if not voided:
        return _("Этого человека в команде больше нет. Команда и организаторы получили письма.")
    return ngettext(
        "Этого человека в команде больше нет, %(n)s его запись о согласии недействительна. Письма отправлены.",
        "Этого человека в команде больше нет, %(n)s его записи о согласиях недействительны. Письма отправлены.",
        voided,
    )


async def _project(request: PersonRequest, project_id: int) -> Project:
    project = get_or_404(await Project.objects().get(Project.id == project_id))
    return get_or_404(project if await may_vouch_in(project, request.user) else None)


PAGES = [VouchingPages]
