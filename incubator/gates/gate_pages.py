"""A team's actions at its gate: submitting, withdrawing, leaving, publication, addressing remarks."""

from typing import Any

from litestar import Controller, Response, post
from litestar.params import FromPath

from incubator.core.languages import _
from incubator.gates.submit import leave, reopen, submit, take_back
from incubator.http.flash import Flash
from incubator.http.forms import read_form
from incubator.http.lookup import get_or_404
from incubator.http.templating import redirect, wants_json
from incubator.people.guards import PersonRequest, signed_in
from incubator.projects.enter import enter
from incubator.publication.publish import ask_publication, unpublish
from incubator.reviews.reviewing.remarks import mark_addressed, open_remarks


class GatePages(Controller):
    path = "/projects/{project_id:int}"
    guards = [signed_in]

    @post("/submission")
    async def submit(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        submission = await submit(way.project, by=request.user)
        if wants_json(request):
            return Response({"number": submission.number}, status_code=201)
        text = _(
            "Заявка сдана — версия %(n)s. Наставники прочитают её, а вы можете писать дальше.", n=submission.number
        )
        return redirect(f"/projects/{project_id}", Flash("success", text))

    @post("/submission/withdrawal")
    async def take_back(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        await take_back(way.project, by=request.user)
        return redirect(
            f"/projects/{project_id}", Flash("info", _("Заявка снова у вас. Правьте и сдавайте, когда будете готовы."))
        )

    @post("/departure")
    async def leave(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        await leave(way.project, by=request.user)
        return redirect(
            f"/projects/{project_id}", Flash("info", _("Команда ушла из программы. Вернуть её может организатор."))
        )

    @post("/reopening")
    async def reopen(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        await reopen(way.project, by=request.user)
        return redirect(f"/projects/{project_id}", Flash("success", _("Команда снова в программе")))

    @post("/publication")
    async def publication(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        if (await read_form(request)).flag("withdraw"):
            await unpublish(way.project, by=request.user)
            return redirect(f"/projects/{project_id}", Flash("info", _("Проект снят с витрины")))
        await ask_publication(way.project, by=request.user)
        return redirect(
            f"/projects/{project_id}", Flash("success", _("Просьба у организатора: он посмотрит и откроет страницу"))
        )

    @post("/remarks/{remark_id:int}/addressed")
    async def remark(
        self, request: PersonRequest, project_id: FromPath[int], remark_id: FromPath[int]
    ) -> Response[Any]:
        way = await enter(request, project_id)
        remark = get_or_404(next((r for r in await open_remarks(project_id) if r.id == remark_id), None))
        undo = (await read_form(request)).flag("undo")
        await mark_addressed(way.project, remark_id, is_addressed=not undo, by=request.user)
        return redirect(f"/projects/{project_id}#s-{remark.key}")


PAGES = [GatePages]
