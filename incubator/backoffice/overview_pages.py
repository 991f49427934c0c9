"""The organiser's first page, all projects, and people."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.backoffice.overview import overview
from incubator.core import limits
from incubator.core.email_address import readable
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.requests import page_number
from incubator.http.templating import page, redirect
from incubator.people.affiliations import affiliations_by_person
from incubator.people.grants import people_who_may
from incubator.people.guards import PersonRequest, organiser
from incubator.people.pages import mailbox_hint
from incubator.people.permissions import INVITED_STAFF, StaffAction
from incubator.programme.seasons import current_season
from incubator.programme.stages import Stage
from incubator.projects.lifecycle import State
from incubator.projects.staff_invitations import invite_staff
from incubator.projects.tables import Project
from incubator.reference.organisations import organisation_named
from incubator.reference.tables import Organisation
from incubator.reviews.assignment.mentors import change_capacity
from incubator.reviews.assignment.reviewers import waiting_by_mentor
from incubator.reviews.tables import Mentor

PER_PAGE = 50


class OrganiserPages(Controller):
    path = "/organiser"
    guards = [organiser]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        season = await current_season()
        return page(request, "backoffice/organiser.html", season=season, overview=await overview(season))

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

    @get("/people")
    async def people(self, request: PersonRequest) -> Response[Any]:
        return await self._people_page(request, Form(role="mentor"))

    @post("/people")
    async def invite(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        email = form.email("email")
        role = form.choice("role", INVITED_STAFF)
        name = form.text("organisation", longest=limits.ORGANISATION)
        if role == "mentor" and not name:
            form.refuse("organisation", _("Без места работы не увидеть конфликт интересов: укажите организацию"))
        if form.errors:
            return await self._people_page(request, form, status=422)
        async with writing():
            organisation = await organisation_named(name, kind="enterprise") if name else None
            await invite_staff(role, email=email, by=request.user, organisation=organisation)
        return redirect(
            "/organiser/people", mailbox_hint(_("Приглашение отправлено: %(email)s", email=readable(email)))
        )

    async def _people_page(self, request: PersonRequest, form: Form, *, status: int = 200) -> Response[Any]:
        mentors = await Mentor.objects(Mentor.person)
        organisers = await people_who_may(StaffAction.ORGANISE)
        names = [r["name"] for r in await Organisation.select(Organisation.name).order_by(Organisation.name).limit(500)]
        return page(
            request, "backoffice/people.html", status=status, form=form,
            mentors=sorted(mentors, key=lambda m: m.person.name), organisers=organisers,
            affiliations=await affiliations_by_person(m.person.id for m in mentors), loads=await waiting_by_mentor(), organisations=names,
        )  # fmt: skip

    @post("/people/{person_id:int}/capacity")
    async def capacity(self, request: PersonRequest, person_id: FromPath[int]) -> Response[Any]:
        form = await read_form(request)
        capacity = form.number("capacity", least=0, most=limits.CAPACITY)
        if form.errors:
            raise Refusal(form.error("capacity"))
        get_or_404(await Mentor.exists().where(Mentor.person == person_id) or None)
        await change_capacity(person_id, capacity, by=request.user)
        return redirect("/organiser/people", Flash("success", _("Сохранено")))


PAGES = [OrganiserPages]
