"""The organiser's page of one project on its way to the showcase: the text as the public will read it, and the answer."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core import limits
from incubator.core.languages import _
from incubator.gates.showcase_pages import passages_in, sections_in, told_of_hiding, version_asked
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect
from incubator.people.guards import PersonRequest, organiser
from incubator.projects.tables import Project
from incubator.projects.team_mail import told_in_words
from incubator.publication.offer_view import offer_view
from incubator.publication.passages import hide_passages, keep_passages, stop_hiding
from incubator.publication.publish import Flagged, publish, refuse, unpublish

LIST = "/organiser/publications"


class ApprovalPages(Controller):
    path = "/organiser/publications/{project_id:int}"
    guards = [organiser]

    @get()
    async def show(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        return await _page(request, await _project(project_id), Form(), number=version_asked(request))

    @post()
    async def approve(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        """Approve the version that was read, or take one or all off."""
        project = await _project(project_id)
        form = await read_form(request)
        number = form.version("number") or None
        if form.flag("withdraw"):
            reason = form.text("reason", longest=limits.REASON, lines=True)
            if form.errors:
                return await _page(request, project, form, number=number, status=422)
            is_told = await unpublish(project, number=number, reason=reason, by=request.user)
            told = await told_in_words(project_id) if is_told else ""
            return redirect(LIST, Flash("info", f"{_('Снято с витрины.')} {told}".strip()))
        try:
            await publish(project, by=request.user, number=number, mark=form.value("mark"))
        except Flagged as flagged:
            return redirect(_here(project_id, flagged.number), Flash("warning", flagged.message))
        project = await _project(project_id)  # publishing may have changed its slug
        return redirect(LIST, Flash("success", _("Версия на витрине"), f"/showcase/{project.slug}"))

    @post("/refusal")
    async def refuse(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        project = await _project(project_id)
        form = await read_form(request)
        number = form.version("number")
        reason = form.text("reason", longest=limits.REASON, required=True, lines=True)
        if form.errors:
            return await _page(request, project, form, number=number, status=422)
        await refuse(project, number=number, reason=reason, by=request.user)
        text = _("Отказ записан вместе с причиной.") + " " + await told_in_words(project_id)
        return redirect(LIST, Flash("info", text))

    @post("/passages")
    async def hide(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        project, form = await _project(project_id), await read_form(request)
        await hide_passages(project, passages_in(form), sections=sections_in(form), by=request.user)
        return redirect(_back(project_id, form), await told_of_hiding(project, form))

    @post("/passages/kept")
    async def keep(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        form = await read_form(request)
        await keep_passages(await _project(project_id), passages_in(form), by=request.user)
        return redirect(_back(project_id, form))

    @post("/passages/{passage_id:int}/removal")
    async def decide_anew(
        self, request: PersonRequest, project_id: FromPath[int], passage_id: FromPath[int]
    ) -> Response[Any]:
        form = await read_form(request)
        await stop_hiding(await _project(project_id), passage_id, by=request.user)
        return redirect(_back(project_id, form))


def _back(project_id: int, form: Form) -> str:
    news = form.id("news")
    return f"/organiser/news/{news}" if news else _here(project_id, form.version("number"))


def _here(project_id: int, number: int) -> str:
    return f"{LIST}/{project_id}" + (f"?version={number}" if number else "")


async def _project(project_id: int) -> Project:
    return get_or_404(await Project.objects().get(Project.id == project_id))


async def _page(
    request: PersonRequest, project: Project, form: Form, *, number: int | None, status: int = 200
) -> Response[Any]:
    view = get_or_404(await offer_view(project, number or None, is_office=True))
    return page(request, "backoffice/publication.html", status=status, form=form, **vars(view))


PAGES = [ApprovalPages]
