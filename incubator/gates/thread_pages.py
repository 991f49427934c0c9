"""Comments on a section, remarks of a return, and the threads below both."""

from typing import Any

from litestar import Controller, Response, post
from litestar.params import FromPath

from incubator.core import limits
from incubator.core.languages import _
from incubator.gates.section_view import place_after
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect
from incubator.people.guards import PersonRequest, signed_in
from incubator.projects.access import Access, require
from incubator.projects.comments import comment, reopen_comment, resolve_comment
from incubator.projects.enter import enter
from incubator.projects.permissions import Action
from incubator.projects.tables import Comment
from incubator.reviews.reviewing.mentions import about_unknown
from incubator.reviews.reviewing.remarks import open_remarks
from incubator.reviews.reviewing.threads import answer_comment, answer_remark, callable_below


class ThreadPages(Controller):
    path = "/projects/{project_id:int}"
    guards = [signed_in]

    @post("/comments")
    async def comment(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        form = await read_form(request)
        text = form.text("text", longest=limits.COMMENT, required=True, lines=True)
        key = form.text("key", longest=limits.KEY)
        if form.errors:
            return page(request, "projects/comment.html", status=422, project=way.project, form=form, key=key)
        await comment(way.project, key, text, by=request.user)
        return redirect(place_after(project_id, key, form))

    @post("/comments/{comment_id:int}/resolution")
    async def resolve(
        self, request: PersonRequest, project_id: FromPath[int], comment_id: FromPath[int]
    ) -> Response[Any]:
        """Close a comment, or open it again."""
        way = await enter(request, project_id)
        form = await read_form(request)
        place = place_after(project_id, form.text("key", longest=limits.KEY), form)
        if form.flag("undo"):
            await reopen_comment(way.project, comment_id, by=request.user)
            return redirect(place)
        await resolve_comment(way.project, comment_id, by=request.user)
        return redirect(place, Flash("success", _("Решено. Открыть снова можно на отдельной странице раздела.")))

    @post("/comments/{comment_id:int}/posts")
    async def answer_comment(
        self, request: PersonRequest, project_id: FromPath[int], comment_id: FromPath[int]
    ) -> Response[Any]:
        way = await enter(request, project_id)
        this = (Comment.id == comment_id) & (Comment.project == project_id)
        root = get_or_404(await Comment.objects().where(this).first())
        form, text, refused = await self._read(request, way, root.text)
        if refused is not None:
            return refused
        said = await answer_comment(way.project, comment_id, text, by=request.user)
        return await self._there(request, project_id, root.key, form, said.id, text)

    @post("/remarks/{remark_id:int}/posts")
    async def answer_remark(
        self, request: PersonRequest, project_id: FromPath[int], remark_id: FromPath[int]
    ) -> Response[Any]:
        way = await enter(request, project_id)
        remark = get_or_404(next((each for each in await open_remarks(project_id) if each.id == remark_id), None))
        form, text, refused = await self._read(request, way, remark.text)
        if refused is not None:
            return refused
        said = await answer_remark(way.project, remark_id, text, by=request.user)
        return await self._there(request, project_id, remark.key, form, said.id, text)

    async def _read(self, request: PersonRequest, way: Access, answered: str) -> tuple[Form, str, Response[Any] | None]:
        """Return what was written; if nothing can be kept of it, also the page that asks again."""
        require(way.may(Action.ANSWER_COMMENT))
        form = await read_form(request)
        text = form.text("post", longest=limits.POST, required=True, lines=True)
        if not form.errors:
            return form, text, None
        people = await callable_below(way.project.id, request.user)
        asked_again = page(
            request, "reviews/answer.html", status=422, form=form, answered=answered, action=request.url.path,
            people=[person.name for person in people], crumbs_to=(f"/projects/{way.project.id}", way.project.title),
        )  # fmt: skip
        return form, text, asked_again

    async def _there(
        self, request: PersonRequest, project_id: int, key: str, form: Form, post_id: int, text: str
    ) -> Response[Any]:
        """Lead to the answer, and say which of those called are not here."""
        unknown = about_unknown(text, await callable_below(project_id, request.user)) if "@" in text else []
        place = place_after(project_id, key, form).partition("#")[0]
        return redirect(f"{place}#post-{post_id}", *(Flash("warning", each) for each in unknown))


PAGES = [ThreadPages]
