"""Classes, for organisers: who keeps them, a substitute for a teacher who cannot, and pupils without a team."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.classroom.class_list import SchoolClass, classes_in_programme, pupils_without_team
from incubator.classroom.substitutes import appoint_substitute, colleagues_for_class, end_substitution
from incubator.core import limits
from incubator.core.clock import today
from incubator.core.languages import _
from incubator.core.refusals import NotAllowed, Refusal
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.keyset import after_of
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect
from incubator.people.guards import PersonRequest, organiser
from incubator.people.tables import Substitution


class SchoolClassPages(Controller):
    path = "/organiser/classes"
    guards = [organiser]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        words = request.query_params.get("q", "").strip()[: limits.SEARCH_WORDS]
        after = after_of(request)
        return page(
            request, "backoffice/classes.html", classes=[] if after or words else await classes_in_programme(),
            found=await pupils_without_team(words, after), words=words, is_first=after is None,
        )  # fmt: skip

    @get("/{teacher_id:int}")
    async def one(self, request: PersonRequest, teacher_id: FromPath[int]) -> Response[Any]:
        return await self._page(request, await _class(teacher_id), Form())

    @post("/{teacher_id:int}/substitutes")
    async def appoint(self, request: PersonRequest, teacher_id: FromPath[int]) -> Response[Any]:
        its = await _class(teacher_id)
        form = await read_form(request)
        colleague, until = form.id("colleague", required=True), form.date("until", required=True)
        reason = form.text("reason", longest=limits.OFFICE_REASON, required=True)
        if colleague is not None and until is not None and not form.errors:
            try:
                await appoint_substitute(teacher_id, colleague, until, reason=reason, by=request.user)
            except NotAllowed:
                raise
            except Refusal as refusal:
                form.refuse("until", refusal.message)
        if form.errors:
            return await self._page(request, its, form, status=422)
        return redirect(
            f"/organiser/classes/{teacher_id}", Flash("success", _("Записано: оба педагога узнают об этом из письма"))
        )

    @post("/substitutes/{substitution_id:int}/end")
    async def end(self, request: PersonRequest, substitution_id: FromPath[int]) -> Response[Any]:
        row = get_or_404(await Substitution.objects().get(Substitution.id == substitution_id))
        await end_substitution(row.id, by=request.user)
        return redirect(f"/organiser/classes/{row.teacher}", Flash("success", _("Замещение закончилось")))

    async def _page(self, request: PersonRequest, its: SchoolClass, form: Form, *, status: int = 200) -> Response[Any]:
        colleagues = await colleagues_for_class(its.teacher.id)
        return page(
            request, "backoffice/class.html", status=status, its=its, form=form, day=today(),
            colleagues=[(each.id, each.name) for each in colleagues],
        )  # fmt: skip


async def _class(teacher_id: int) -> SchoolClass:
    return get_or_404(next(iter(await classes_in_programme(teacher_id)), None))


PAGES = [SchoolClassPages]
