"""The room where a team talks with its adults and the office, and declares which mentors it knows."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core import limits
from incubator.core.languages import _
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.templating import page, redirect
from incubator.people.guards import PersonRequest, signed_in
from incubator.projects.access import Access, require
from incubator.projects.enter import enter
from incubator.projects.permissions import Action
from incubator.reviews.assignment.declared_conflicts import declare_conflict
from incubator.reviews.assignment.mentors import mentors_named
from incubator.reviews.reviewing.discussion import post_to_team, posts_of_team
from incubator.reviews.reviewing.mentions import about_unknown, callable_in_team


class TalkPages(Controller):
    path = "/projects/{project_id:int}"
    guards = [signed_in]

    @get("/talk")
    async def talk(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        """Show the team's own room: students, teacher, coach, organiser."""
        return await self._talk(request, await enter(request, project_id), Form())

    @post("/talk")
    async def say(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        form = await read_form(request)
        text = form.text("post", longest=limits.POST, required=True, lines=True)
        if form.errors:
            return await self._talk(request, way, form, status=422)
        await post_to_team(way.project, text, by=request.user)
        unknown = about_unknown(text, await callable_in_team(project_id, request.user))
        return redirect(f"/projects/{project_id}/talk", *(Flash("warning", each) for each in unknown))

    @post("/conflicts")
    async def declare(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        """Declare that the team knows a mentor; the name may be a guess."""
        way = await enter(request, project_id)
        form = await read_form(request)
        name = form.text("mentor_name", longest=limits.FULL_NAME, required=True)
        reason = form.text("reason", longest=limits.CONFLICT_REASON, required=True)
        if form.errors:
            return await self._talk(request, way, form, status=422)
        mentors = await mentors_named(name)
        if not mentors:
            form.refuse("mentor_name", _("Такого наставника у нас нет. Проверьте имя и фамилию."))
        elif len(mentors) > 1:
            form.refuse(
                "mentor_name", _("Наставников с таким именем несколько. Добавьте отчество или напишите организатору.")
            )
        if form.errors:
            return await self._talk(request, way, form, status=422)
        await declare_conflict(project_id, mentors[0], is_hard=True, reason=reason, kind="other", by=request.user)
        return redirect(
            f"/projects/{project_id}/talk",
            Flash("success", _("Записали: новых заявок вашей команды этот наставник не получит")),
        )

    async def _talk(self, request: PersonRequest, way: Access, form: Form, *, status: int = 200) -> Response[Any]:
        require(way.may(Action.TALK))
        return page(
            request, "gates/talk.html", status=status, way=way, project=way.project, form=form,
            posts=await posts_of_team(way.project.id, request.user),
            people=[person.name for person in await callable_in_team(way.project.id, request.user)],
        )  # fmt: skip


PAGES = [TalkPages]
