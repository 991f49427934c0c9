"""A team's actions at its gate: submitting, withdrawing, leaving, publication, addressing remarks."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core import limits
from incubator.core.clock import now
from incubator.core.formatting import deadline as formatted
from incubator.core.languages import _
from incubator.core.refusals import NotAllowed, Refusal
from incubator.gates.begin_again import begin_again
from incubator.gates.extend import extend, mark_of
from incubator.gates.idea_deletion import delete_idea, restore_idea
from incubator.gates.section_view import place_after
from incubator.gates.submit import TooLateToReturn, leave, reopen, submit, take_back
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect, wants_json
from incubator.people.guards import PersonRequest, signed_in
from incubator.projects.access import Access, require
from incubator.projects.deadline import Deadline
from incubator.projects.deadlines import binding_deadline
from incubator.projects.enter import enter
from incubator.projects.permissions import Action
from incubator.projects.tables import Project
from incubator.projects.team_mail import told_in_words
from incubator.reviews.reviewing.remarks import address_remark, is_unchanged, open_remarks, reopen_remark


class GatePages(Controller):
    path = "/projects/{project_id:int}"
    guards = [signed_in]

    @post("/submission")
    async def submit(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        submission = await submit(way.project, by=request.user)
        if wants_json(request):
            return Response({"number": submission.number}, status_code=201)
        text = _(
            "Заявка сдана – версия %(n)s. Наставники прочитают её, а вы можете писать дальше.", n=submission.number
        )
        return redirect(f"/projects/{project_id}", Flash("success", text))

    @post("/submission/withdrawal")
    async def take_back(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        is_sure = (await read_form(request)).flag("is_sure")
        try:
            await take_back(way.project, by=request.user, is_sure=is_sure)
        except TooLateToReturn as late:
            if wants_json(request):
                raise
            return await _take_back_page(request, way, late.deadline, status=409)
        return redirect(f"/projects/{project_id}", Flash("info", await _back_again(way.project)))

    @get("/submission/withdrawal")
    async def before_taking_back(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        """Say what taking the submission back means, before it is done."""
        way = await enter(request, project_id)
        return await _take_back_page(request, way, await binding_deadline(way.project))

    @post("/another-try")
    async def begin_again(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        """Begin the idea again in the season that is open now."""
        way = await enter(request, project_id)
        another = await begin_again(way.project, by=request.user)
        return redirect(
            f"/projects/{another.id}",
            Flash("success", _("Начали заново: тексты на месте. Позовите команду и добавьте картинки.")),
        )

    @post("/departure")
    async def leave(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        await leave(way.project, by=request.user)
        return redirect(
            f"/projects/{project_id}", Flash("info", _("Команда ушла из программы. Вернуть её может организатор."))
        )

    @post("/idea/deletion")
    async def delete_idea(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        at = await delete_idea(way.project, by=request.user)
        if at is None:
            return redirect("/projects", Flash("info", _("Идея удалена.")))
        return redirect(f"/projects/{project_id}")

    @post("/idea/restoration")
    async def restore_idea(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        """Take the deletion of an idea back."""
        way = await enter(request, project_id)
        await restore_idea(way.project, by=request.user)
        return redirect(f"/projects/{project_id}", Flash("success", _("Идея снова с вами. Можно писать дальше.")))

    @post("/reopening")
    async def reopen(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        form = await read_form(request)
        until = form.until("until")
        if form.errors:
            raise Refusal(next(iter(form.errors.values())))
        await reopen(way.project, by=request.user, until=until)
        return redirect(
            f"/projects/{project_id}",
            Flash("success", _("Команда снова в программе.") + " " + await told_in_words(project_id)),
        )

    @get("/extension")
    async def before_extending(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        return await _extension_page(request, way, Form())

    @post("/extension")
    async def extend(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        """Give the team another date, as organiser."""
        way = await enter(request, project_id)
        form = await read_form(request)
        until = form.until("until", required=True)
        reason = form.text("reason", longest=limits.OFFICE_REASON)
        if until and not form.errors:
            try:
                is_new = await extend(way.project, until, reason=reason, read=form.value("read"), by=request.user)
            except NotAllowed:
                raise
            except Refusal as refusal:
                form.refuse("until", refusal.message)
            else:
                if not is_new:
                    text = _("Этот срок у команды уже стоит: до %(until)s.", until=formatted(until))
                    return redirect(f"/projects/{project_id}", Flash("info", text))
                text = _("Новый срок: до %(until)s.", until=formatted(until))
                told = await told_in_words(project_id)
                return redirect(f"/projects/{project_id}", Flash("success", f"{text} {told}"))
        return await _extension_page(request, way, form, status=422)

    @post("/remarks/{remark_id:int}/addressed")
    async def remark(
        self, request: PersonRequest, project_id: FromPath[int], remark_id: FromPath[int]
    ) -> Response[Any]:
        """Mark a remark as addressed, or undo that. Asks once more if nothing was said, or nothing has changed in the section."""
        way = await enter(request, project_id)
        remark = get_or_404(next((r for r in await open_remarks(project_id) if r.id == remark_id), None))
        require(way.may(Action.ADDRESS_REMARK))
        form = await read_form(request)
        if form.flag("undo"):
            await reopen_remark(way.project, remark_id, by=request.user)
            return redirect(place_after(project_id, remark.key, form))
        answer = form.text("answer", longest=limits.REMARK_ANSWER, required=True, lines=True)
        is_same = await is_unchanged(way.project, remark)
        if form.errors or (is_same and not form.flag("sure")):
            return page(
                request, "gates/remark.html", status=422, project=way.project, remark=remark, form=form, is_same=is_same,
                place=place_after(project_id, remark.key, form),
            )  # fmt: skip
        await address_remark(way.project, remark_id, answer, by=request.user)
        return redirect(place_after(project_id, remark.key, form))


async def _back_again(project: Project) -> str:
    """Say that the submission is the team's again, and until when it can be handed in."""
    deadline = await binding_deadline(project)
    if deadline is None:
        return _("Заявка снова у вас. Правьте и сдавайте, когда будете готовы.")
    until = formatted(deadline.until)
    if deadline.is_over(now()):
        return _(
            "Заявка снова у вас. Срок прошёл %(until)s: сдать её снова можно, если организатор его продлит.",
            until=until,
        )
    return _("Заявка снова у вас. Сдать её снова можно до %(until)s.", until=until)


async def _take_back_page(
    request: PersonRequest, way: Access, deadline: Deadline | None, *, status: int = 200
) -> Response[Any]:
    require(way.may(Action.TAKE_BACK))
    return page(
        request, "gates/take_back.html", status=status, way=way, project=way.project, deadline=deadline,
        is_close=deadline is not None and deadline.is_close(now()),
        is_over=deadline is not None and deadline.is_over(now()),
    )  # fmt: skip


async def _extension_page(request: PersonRequest, way: Access, form: Form, *, status: int = 200) -> Response[Any]:
    require(way.may(Action.EXTEND))
    deadline = await binding_deadline(way.project)
    return page(
        request, "gates/extension.html", status=status, way=way, project=way.project, form=form, deadline=deadline,
        read=mark_of(deadline), is_over=deadline is not None and deadline.is_over(now()),
    )  # fmt: skip


PAGES = [GatePages]
