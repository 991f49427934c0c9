"""The organiser's first page, and all projects."""

from typing import Any

from litestar import Controller, Response, get

from incubator.backoffice.overview import overview
from incubator.http.requests import page_number
from incubator.http.templating import page
from incubator.people.guards import PersonRequest, organiser
from incubator.programme.seasons import current_season
from incubator.programme.stages import Stage
from incubator.projects.lifecycle import State
from incubator.projects.tables import Project
from incubator.projects.vouching import waiting_for

PER_PAGE = 50


class OrganiserPages(Controller):
    path = "/organiser"
    guards = [organiser]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        season = await current_season()
        return page(
            request, "backoffice/organiser.html", season=season, overview=await overview(season),
            waiting=await waiting_for(request.user),
        )  # fmt: skip

    @get("/projects")
    async def projects(self, request: PersonRequest) -> Response[Any]:
        query = request.query_params
        where: Any = Project.own()
        stage, state = query.get("stage", ""), query.get("state", "")
        if stage in set(Stage):
            where &= Project.stage == stage
        if state in set(State):
            where &= Project.state == state
        number = page_number(request)
        rows = (
            await Project.objects(Project.season, Project.municipality, Project.organisation)
            .where(where)
            .order_by(Project.changed_at, Project.id, ascending=False)
            .limit(PER_PAGE + 1)
            .offset((number - 1) * PER_PAGE)
        )
        return page(
            request, "backoffice/all_projects.html", projects=rows[:PER_PAGE], has_more=len(rows) > PER_PAGE,
            number=number, stage=stage, state=state, stages=[s.value for s in Stage], states=[s.value for s in State],
        )  # fmt: skip


PAGES = [OrganiserPages]
