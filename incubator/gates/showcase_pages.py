"""A team's page of the showcase: what the public would read, what in it is personal, and offering a version."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core import limits
from incubator.core.languages import _
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect
from incubator.people.guards import PersonRequest, signed_in
from incubator.projects.enter import enter
from incubator.projects.tables import Project
from incubator.publication.hiding import canonical
from incubator.publication.offer_view import offer_view
from incubator.publication.passages import absent_passages, hide_passages, stop_hiding
from incubator.publication.publish import Flagged, ask_publication, unpublish


def version_asked(request: PersonRequest) -> int | None:
    """Return the version in the address; None for the one that matters most."""
    value = request.query_params.get("version", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 7 else None


def passages_in(form: Form) -> list[str]:
    """Return the passages that a form names; what is too long to be one is left out."""
    return [text for text in form.values("passage") if len(text) <= limits.PASSAGE]


def sections_in(form: Form) -> list[str]:
    """Return the keys of sections that a form hides as a whole."""
    return [key for key in form.values("section") if 0 < len(key) <= limits.KEY]


async def told_of_hiding(project: Project, form: Form) -> Flash:
    """Return what became of the passages and sections that a form asked to hide."""
    passages = passages_in(form)
    if len(passages) < len(form.values("passage")):
        return Flash("warning", _("Это слишком длинное место, оно не скрыто: скройте весь раздел"))
    if not any(canonical(text) for text in passages) and not sections_in(form):
        return Flash("warning", _("Ничего не скрыто: впишите слово или фразу"))
    if absent := await absent_passages(project, passages):
        text = _(
            "Запомнили, но ни в одной версии этого нет: %(what)s. Проверьте, так ли это написано в тексте.",
            what=absent[0],
        )
        return Flash("warning", text)
    return Flash("success", _("Скрыто от всех, и в следующих версиях тоже"))


class TeamShowcasePages(Controller):
    path = "/projects/{project_id:int}"
    guards = [signed_in]

    @get("/showcase")
    async def show(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        view = get_or_404(await offer_view(way.project, version_asked(request)))
        return page(request, "gates/showcase.html", way=way, **vars(view))

    @post("/publication")
    async def publication(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        """Offer a version, recall the offer, or take a version or all of them off."""
        way = await enter(request, project_id)
        form = await read_form(request)
        number = form.version("number") or None
        if form.flag("withdraw"):
            await unpublish(way.project, number=number, by=request.user)
            return redirect(_here(project_id, number), Flash("info", _("Снято: на витрине этого больше нет")))
        try:
            await ask_publication(way.project, number=number, is_checked=form.flag("checked"), by=request.user)
        except Flagged as flagged:
            return redirect(_here(project_id, flagged.number), Flash("warning", flagged.message))
        return redirect(
            _here(project_id, number),
            Flash("success", _("Вы попросили: организатор прочтёт версию и ответит письмом")),
        )

    @post("/showcase/passages")
    async def hide(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        form = await read_form(request)
        await hide_passages(way.project, passages_in(form), sections=sections_in(form), by=request.user)
        return redirect(_back(project_id, form), await told_of_hiding(way.project, form))

    @post("/showcase/passages/{passage_id:int}/removal")
    async def decide_anew(
        self, request: PersonRequest, project_id: FromPath[int], passage_id: FromPath[int]
    ) -> Response[Any]:
        way = await enter(request, project_id)
        form = await read_form(request)
        await stop_hiding(way.project, passage_id, by=request.user)
        return redirect(_back(project_id, form))


def _back(project_id: int, form: Form) -> str:
    """Return the page on which something was hidden: of a version, or of a piece of news."""
    news = form.id("news")
    return f"/projects/{project_id}/news/{news}" if news else _here(project_id, form.version("number") or None)


def _here(project_id: int, number: int | None) -> str:
    return f"/projects/{project_id}/showcase" + (f"?version={number}" if number else "")


PAGES = [TeamShowcasePages]
