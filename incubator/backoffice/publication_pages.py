"""The organiser's page of the showcase: publication requests, published projects, awards."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.backoffice.overview import news_asked, publications_asked
from incubator.core import limits
from incubator.core.languages import _, localized
from incubator.db import AlreadyThere
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.keyset import after_of
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect
from incubator.people.guards import PersonRequest, organiser
from incubator.programme.tables import Award, Season
from incubator.projects.tables import Project
from incubator.publication.awards import add_award, awards_of, give_award, take_award
from incubator.publication.tables import Publication

HERE = "/organiser/publications"
PER_PAGE, _MOST_ASKED = 50, 300


class PublicationPages(Controller):
    path = "/organiser"
    guards = [organiser]

    @get("/publications")
    async def publications(self, request: PersonRequest) -> Response[Any]:
        return await _page(request, Form())

    @post("/publications/{project_id:int}/awards")
    async def honour(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        project = await _project(project_id)
        form = await read_form(request)
        award = get_or_404(await Award.objects().get(Award.id == (form.id("award", required=True) or 0)))
        if form.flag("take"):
            await take_award(project, award, by=request.user)
            return redirect(HERE, Flash("info", _("Награда снята")))
        await give_award(project, award, by=request.user)
        return redirect(HERE, Flash("success", _("Проект награждён: %(award)s", award=localized(award, "title"))))

    @post("/awards")
    async def add(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        titles = {name: form.text(name, longest=limits.TITLE, required=True) for name in ("title_ru", "title_en")}
        season = await Season.objects().get(Season.id == (form.id("season", required=True) or 0))
        if season is None:
            form.refuse("season", _("Выберите один из вариантов"))
        if not form.errors and season is not None:
            try:
                await add_award(season, **titles, by=request.user)
            except AlreadyThere:
                form.refuse("title_en", _("Такая награда в этом сезоне уже есть"))
            else:
                return redirect(f"{HERE}#awards", Flash("success", _("Награда добавлена")))
        return await _page(request, form, status=422)


async def _project(project_id: int) -> Project:
    return get_or_404(await Project.objects().get(Project.id == project_id))


async def _page(request: PersonRequest, form: Form, *, status: int = 200) -> Response[Any]:
    asked = await publications_asked().limit(_MOST_ASKED)
    after = after_of(request)
    where = Publication.public()
    if after is not None:
        where &= Publication.place < after.id
    published = (
        await Publication.objects(Publication.project)
        .where(where)
        .order_by(Publication.place, ascending=False)
        .limit(PER_PAGE + 1)
    )
    has_more, published = len(published) > PER_PAGE, published[:PER_PAGE]
    awards: dict[int, list[tuple[int, str]]] = {}
    for award in await Award.objects().order_by(Award.id):
        awards.setdefault(award.season, []).append((award.id, localized(award, "title")))
    return page(
        request, "backoffice/publications.html", status=status, asked=asked, news=await news_asked(), published=published,
        given=await awards_of([r.project.id for r in published]), form=form, awards=awards,
        is_first=after is None, next=published[-1].place if has_more else None,
        seasons=[(s.id, localized(s, "title")) for s in await Season.objects().order_by(Season.id, ascending=False)],
    )  # fmt: skip


PAGES = [PublicationPages]
