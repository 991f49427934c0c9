"""One submitted version: its text, its outcome, and the team's reply."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core import limits
from incubator.core.languages import _
from incubator.gates.milestone import milestone_picture
from incubator.gates.reply import reply_to_decision
from incubator.gates.version_view import version_of, version_view
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.templating import page, redirect
from incubator.people.guards import PersonRequest, signed_in
from incubator.projects.access import Access
from incubator.projects.enter import enter
from incubator.projects.tables import Submission


class VersionPages(Controller):
    path = "/projects/{project_id:int}/submissions/{number:int}"
    guards = [signed_in]

    @get()
    async def show(self, request: PersonRequest, project_id: FromPath[int], number: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        return await self._page(request, way, await version_of(project_id, number), Form())

    @get("/milestone.png")
    async def milestone(
        self, request: PersonRequest, project_id: FromPath[int], number: FromPath[int]
    ) -> Response[bytes]:
        """Return the picture that the team may share."""
        way = await enter(request, project_id)
        picture = await milestone_picture(way.project, await version_of(project_id, number))
        return Response(picture, media_type="image/png")

    @post("/answer")
    async def reply(self, request: PersonRequest, project_id: FromPath[int], number: FromPath[int]) -> Response[Any]:
        """Store the team's one reply to the decision."""
        way = await enter(request, project_id)
        submission = await version_of(project_id, number)
        form = await read_form(request)
        text = form.text("answer", longest=limits.REPLY, required=True, lines=True)
        if form.errors:
            return await self._page(request, way, submission, form, status=422)
        await reply_to_decision(submission, text, read=form.value("read"), by=request.user)
        return redirect(
            f"/projects/{project_id}/submissions/{number}#answer", Flash("success", _("Ответ отправлен организатору"))
        )

    async def _page(
        self, request: PersonRequest, way: Access, submission: Submission, form: Form, *, status: int = 200
    ) -> Response[Any]:
        view = await version_view(submission, way)
        return page(
            request,
            "gates/version.html",
            status=status,
            way=way,
            project=way.project,
            form=form,
            mark=view.mark,
            **vars(view),
        )


PAGES = [VersionPages]
