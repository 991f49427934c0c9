"""The form of a project's details."""

from dataclasses import replace
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core import limits
from incubator.core.languages import _, localized
from incubator.core.refusals import Stale
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.rebased_form import rebased
from incubator.http.templating import page, redirect
from incubator.people.guards import PersonRequest, signed_in
from incubator.projects.access import Access
from incubator.projects.details import Details, change_details, competency_ids
from incubator.projects.enter import enter
from incubator.projects.lifecycle import WRITABLE
from incubator.projects.tables import Project
from incubator.reference.organisation_field import kind_options, read_organisation
from incubator.reference.tables import Cluster, Competency, Municipality, Organisation


async def detail_options() -> dict[str, Any]:
    """Return the lists of options that the details form offers."""
    organisations = (
        await Organisation.select(Organisation.name)
        .where(Organisation.merged_into.is_null())
        .order_by(Organisation.name)
        .limit(500)
    )

    async def titles(table: Any) -> list[tuple[str, str]]:
        rows = await table.select(table.id, table.title_ru, table.title_en)
        return sorted(((str(r["id"]), localized(r, "title")) for r in rows), key=lambda o: o[1])

    return {
        "clusters": await titles(Cluster),
        "municipalities": await titles(Municipality),
        "competencies": await titles(Competency),
        "organisations": [r["name"] for r in organisations],
    }


class DetailPages(Controller):
    path = "/projects/{project_id:int}/details"
    guards = [signed_in]

    @get()
    async def show(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        return await self._page(request, way, await _stored(way.project))

    @post()
    async def save(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        form = await read_form(request)
        options = await detail_options()
        known = {
            name: {value for value, _title in options[name]} for name in ("clusters", "municipalities", "competencies")
        }
        municipality = int(form.choice("municipality", known["municipalities"], required=False) or 0) or None
        details = Details(
            title=form.text("title", longest=limits.TITLE, required=True),
            team_name=form.text("team_name", longest=limits.TEAM_NAME),
            help_wanted=form.text("help_wanted", longest=limits.HELP_WANTED),
            cluster=int(form.choice("cluster", known["clusters"], required=False) or 0) or None,
            municipality=municipality,
            organisation="",
            competencies=tuple(
                int(v) for v in form.values("competencies")[: limits.COMPETENCIES] if v in known["competencies"]
            ),
        )
        organisation = await read_organisation(form, municipality=municipality)
        details = replace(details, organisation=organisation.name, organisation_kind=organisation.kind)
        if not form.errors:
            try:
                await change_details(way.project, details, version=form.version(), by=request.user)
            except Stale as changed:
                form = rebased(form, await _stored((await enter(request, project_id)).project), texts=_TEXTS)
                form.refuse("version", changed.message)
            else:
                return redirect(f"/projects/{project_id}", Flash("success", _("Сохранено")))
        return await self._page(request, way, form, status=422)

    async def _page(self, request: PersonRequest, way: Access, form: Form, *, status: int = 200) -> Response[Any]:
        options = await detail_options()
        return page(
            request, "projects/details.html", status=status, way=way, project=way.project, form=form,
            is_closed=way.project.state not in WRITABLE, details=_in_words(form, options), kinds=await kind_options(form), **options,
        )  # fmt: skip


_TEXTS = ("title", "team_name", "help_wanted", "organisation")


async def _stored(project: Project) -> Form:
    return Form(
        title=project.title, team_name=project.team_name, help_wanted=project.help_wanted, version=project.details_version,
        cluster=project.cluster.id if project.cluster else "", municipality=project.municipality.id if project.municipality else "",
        organisation=project.organisation.name if project.organisation and project.organisation.id else "",
        competencies=list(await competency_ids(project.id)),
    )  # fmt: skip


def _in_words(form: Form, options: dict[str, Any]) -> list[tuple[str, str]]:
    """Return each detail's label and value, as whoever may not write reads them."""
    titles = {name: dict(options[name]) for name in ("clusters", "municipalities", "competencies")}
    return [
        (_("Название"), form.value("title")),
        (_("Как зовётся команда"), form.value("team_name")),
        (_("Кластер"), titles["clusters"].get(form.value("cluster"), "")),
        (_("Район"), titles["municipalities"].get(form.value("municipality"), "")),
        (_("Школа, колледж или вуз"), form.value("organisation")),
        (_("Компетенции"), ", ".join(titles["competencies"].get(key, "") for key in form.values("competencies"))),
        (_("Какая помощь нужна"), form.value("help_wanted")),
    ]


PAGES = [DetailPages]
