"""The team's own look at its draft, by the rubric of the gate."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core.languages import _, localized
from incubator.gates.self_check import check_own_work, levels_seen, self_score
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.templating import page, redirect
from incubator.people.guards import PersonRequest, signed_in
from incubator.programme.seasons import criteria_at, sections_at
from incubator.projects.access import Access, require
from incubator.projects.enter import enter
from incubator.projects.permissions import Action
from incubator.reviews.rubric import Anchored, anchored


class SelfCheckPages(Controller):
    path = "/projects/{project_id:int}/self-check"
    guards = [signed_in]

    @get()
    async def show(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        require(way.may(Action.WRITE))
        levels = await levels_seen(way.project)
        form = Form((f"level-{key}", str(level)) for key, level in levels.items())
        return await _page(request, way, form, levels)

    @post()
    async def save(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        require(way.may(Action.WRITE))
        form = await read_form(request)
        chosen = {c.key: form.choice(f"level-{c.key}", _values(c), required=False) for c in await _rubric(way)}
        if form.errors:
            return await _page(request, way, form, await levels_seen(way.project), status=422)
        changed = {key: int(level) for key, level in chosen.items() if level and level != form.value(f"was-{key}")}
        await check_own_work(way.project, changed, by=request.user)
        return redirect(f"/projects/{project_id}/self-check#result", Flash("success", _("Сохранено")))


async def _rubric(way: Access) -> list[Anchored]:
    return [anchored(each) for each in await criteria_at(way.project.season.id, way.project.stage)]


def _values(criterion: Anchored) -> list[str]:
    return [value for value, _sentence in criterion.levels]


async def _page(
    request: PersonRequest, way: Access, form: Form, levels: dict[str, int], *, status: int = 200
) -> Response[Any]:
    rubric = await _rubric(way)
    sections = await sections_at(way.project.season.id, way.project.stage)
    asked = [{"key": section.key, "title": localized(section, "title")} for section in sections]
    return page(
        request, "gates/self_check.html", status=status, project=way.project, rubric=rubric, form=form, levels=levels,
        score=self_score(rubric, levels), asked=asked,
    )  # fmt: skip


PAGES = [SelfCheckPages]
