"""The page on which a teacher or an organiser confirms or corrects a student's date of birth."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core import limits
from incubator.core.clock import today
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect
from incubator.people.age_history import age_history
from incubator.people.ages import age_on
from incubator.people.birth_date import birth_date_form, birth_date_from
from incubator.people.guards import PersonRequest, signed_in
from incubator.people.tables import Person
from incubator.projects.access import Access, require
from incubator.projects.ages import confirm_age
from incubator.projects.enter import enter
from incubator.projects.permissions import Action
from incubator.projects.team import team_of


class AgePages(Controller):
    path = "/projects/{project_id:int}/team/members/{person_id:int}/age"
    guards = [signed_in]

    @get()
    async def show(self, request: PersonRequest, project_id: FromPath[int], person_id: FromPath[int]) -> Response[Any]:
        way, student = await self._student(request, project_id, person_id)
        return await self._page(request, way, student, birth_date_form(student.born_on))

    @post()
    async def confirm(
        self, request: PersonRequest, project_id: FromPath[int], person_id: FromPath[int]
    ) -> Response[Any]:
        way, student = await self._student(request, project_id, person_id)
        form = await read_form(request)
        born_on = birth_date_from(form, required=True)
        reason = form.text("reason", longest=limits.AGE_REASON)
        if born_on is not None and not form.errors:
            try:
                await confirm_age(way.project, student.id, born_on, reason=reason, by=request.user)
            except Refusal as refusal:
                if refusal.status != 409:
                    raise
                form.refuse("reason", refusal.message)
        if form.errors:
            return await self._page(request, way, student, form, status=422)
        return redirect(f"/projects/{project_id}/team", Flash("success", _("Возраст подтверждён")))

    async def _student(self, request: PersonRequest, project_id: int, person_id: int) -> tuple[Access, Person]:
        way = await enter(request, project_id)
        require(way.may(Action.CONFIRM_AGE))
        mates = await team_of(project_id)
        return way, get_or_404(next((m.person for m in mates if m.is_student and m.person.id == person_id), None))

    async def _page(
        self, request: PersonRequest, way: Access, student: Person, form: Form, *, status: int = 200
    ) -> Response[Any]:
        return page(
            request, "projects/age.html", status=status, way=way, project=way.project, student=student, form=form,
            years=age_on(student.born_on, today()) if student.born_on else None,
            history=await age_history(student.id),
        )  # fmt: skip


PAGES = [AgePages]
