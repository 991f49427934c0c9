"""How a section came to what it says: its revisions, two of them compared, and an earlier one put back."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core.formatting import moment
from incubator.core.languages import _
from incubator.gates.restore_revision import restore_revision
from incubator.gates.revision_view import history_of
from incubator.http.flash import Flash
from incubator.http.forms import read_form
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect
from incubator.people.guards import PersonRequest, signed_in
from incubator.programme.seasons import section_at
from incubator.projects.access import require
from incubator.projects.enter import enter
from incubator.projects.permissions import Action


class RevisionPages(Controller):
    path = "/projects/{project_id:int}/answers/{key:str}"
    guards = [signed_in]

    @get("/history")
    async def history(self, request: PersonRequest, project_id: FromPath[int], key: FromPath[str]) -> Response[Any]:
        way = await enter(request, project_id)
        require(way.may(Action.READ_REVISIONS))
        section = get_or_404(await section_at(way.project.season.id, way.project.stage, key))
        asked = request.query_params
        beyond = asked.get("beyond", "")
        view = await history_of(
            way, section, before=asked.get("from", ""), after=asked.get("to", ""),
            beyond=int(beyond) if beyond.isascii() and beyond.isdecimal() and len(beyond) < 10 else None,
        )  # fmt: skip
        return page(request, "gates/revisions.html", way=way, project=way.project, section=section, history=view)

    @post("/restoration")
    async def restore(self, request: PersonRequest, project_id: FromPath[int], key: FromPath[str]) -> Response[Any]:
        """Put an earlier text back; the one that stands there now becomes a revision."""
        way = await enter(request, project_id)
        form = await read_form(request)
        wanted = form.id("revision") or 0
        restored = await restore_revision(way.project, key, wanted, version=form.version(), by=request.user)
        said = _(
            "Вернули как было %(moment)s. То, что стояло здесь до этого, осталось в истории.",
            moment=moment(restored.at),
        )
        return redirect(f"/projects/{project_id}#s-{key}", Flash("success", said))


PAGES = [RevisionPages]
