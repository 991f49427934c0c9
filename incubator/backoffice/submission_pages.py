"""An organiser's page of one submission: assigning, conflicts, deciding, releasing, discussing with reviewers."""

from collections.abc import Sequence
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.backoffice.submission_view import submission_view, with_project
from incubator.core import limits
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.core.text import clean
from incubator.gates.decide import ReviewsMissing, decide, mark_of, undo_decision, words_undone
from incubator.gates.release import release
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect, safe_path
from incubator.people.guards import PersonRequest, organiser
from incubator.people.tables import Person
from incubator.projects.access import require_outside
from incubator.projects.tables import Submission
from incubator.projects.team_mail import told_in_words
from incubator.projects.transition import StageChanged
from incubator.reviews.assignment.assign import assign, cancel_assignment
from incubator.reviews.assignment.declared_conflicts import (
    KINDS,
    declare_conflict,
    lift_conflict,
    reason_in_words,
)
from incubator.reviews.assignment.reassign import reassign
from incubator.reviews.reviewing.discussion import about_unknown_reviewers, post_to_reviewers
from incubator.reviews.tables import Assignment, Conflict, Decision

MOST_REMARKS = 12


class SubmissionPages(Controller):
    path = "/organiser/submissions/{submission_id:int}"
    guards = [organiser]

    @get()
    async def show(self, request: PersonRequest, submission_id: FromPath[int]) -> Response[Any]:
        return await self._page(request, submission_id, _form_of(await words_undone(submission_id)))

    @post("/assignments")
    async def assign(self, request: PersonRequest, submission_id: FromPath[int]) -> Response[Any]:
        submission = await self._submission(request, submission_id)
        mentor_id = (await read_form(request)).id("mentor", required=True)
        mentor = get_or_404(await Person.objects().get(Person.id == (mentor_id or 0)))
        await assign(submission, mentor, by=request.user)
        return redirect(
            f"/organiser/submissions/{submission_id}#assign",
            Flash("success", _("%(name)s получает заявку", name=mentor.name)),
        )

    @post("/assignments/{assignment_id:int}/reassignment")
    async def reassign(
        self, request: PersonRequest, submission_id: FromPath[int], assignment_id: FromPath[int]
    ) -> Response[Any]:
        """Give the submission to another mentor."""
        assignment = await self._assignment(submission_id, assignment_id)
        mentor_id = (await read_form(request)).id("mentor", required=True)
        if not mentor_id:
            raise Refusal(_("Выберите, кому передать заявку"))
        mentor = get_or_404(await Person.objects().get(Person.id == mentor_id))
        await reassign(assignment, mentor, by=request.user)
        return redirect(
            f"/organiser/submissions/{submission_id}#assign",
            Flash("success", _("%(name)s получает заявку вместо прежнего наставника", name=mentor.name)),
        )

    @post("/assignments/{assignment_id:int}/cancellation")
    async def cancel(
        self, request: PersonRequest, submission_id: FromPath[int], assignment_id: FromPath[int]
    ) -> Response[Any]:
        await cancel_assignment(await self._assignment(submission_id, assignment_id), by=request.user)
        return redirect(f"/organiser/submissions/{submission_id}#assign", Flash("success", _("Назначение отменено")))

    @post("/decision")
    async def decide(self, request: PersonRequest, submission_id: FromPath[int]) -> Response[Any]:
        submission = await self._submission(request, submission_id)
        form = await read_form(request)
        outcome = form.choice("outcome", ("advance", "return", "stop"))
        reason = form.text("reason", longest=limits.REASON, required=True, lines=True)
        next_step = form.text("next_step", longest=limits.NEXT_STEP)
        override = form.text("override", longest=limits.OVERRIDE)
        revise_days = (
            form.number("revise_days", least=1, most=limits.REVISE_DAYS) if form.value("revise_days") else None
        )
        remarks = remarks_from(form)
        refuse_unread(form, outcome, remarks)
        if form.errors:
            return await self._page(request, submission_id, form, status=422)
        try:
            await decide(
                submission, outcome, reason=reason, remarks=remarks, next_step=next_step, override=override,
                revise_days=revise_days, by=request.user,
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse("override" if isinstance(refusal, ReviewsMissing) else "outcome", refusal.message)
            return await self._page(request, submission_id, form, status=422)
        back = safe_path(form.value("back"))
        to = back if back.startswith("/organiser/decisions") else f"/organiser/submissions/{submission_id}#decision"
        text = _("Решение записано. Команда узнает о нём, когда вы его объявите.")
        return redirect(to, Flash("success", text))

    @post("/decision/undoing")
    async def undo(self, request: PersonRequest, submission_id: FromPath[int]) -> Response[Any]:
        """Undo the decision; its words stand in the form again, until another one is recorded."""
        await undo_decision(await self._read_decision(request, submission_id), by=request.user)
        text = _("Решение отменено: можно принять другое. Прежние слова остались в форме.")
        return redirect(f"/organiser/submissions/{submission_id}#decision", Flash("info", text))

    @post("/decision/release")
    async def release(self, request: PersonRequest, submission_id: FromPath[int]) -> Response[Any]:
        project = await release(await self._read_decision(request, submission_id), by=request.user)
        text = _("Решение объявлено.") + " " + await told_in_words(project.id)
        return redirect(f"/organiser/submissions/{submission_id}", Flash("success", text))

    @post("/conflicts")
    async def declare(self, request: PersonRequest, submission_id: FromPath[int]) -> Response[Any]:
        """Declare and pin a conflict of interest that facts do not show."""
        submission = await self._submission(request, submission_id)
        form = await read_form(request)
        mentor_id, kind = form.id("conflict_mentor", required=True), form.choice("kind", KINDS)
        reason = form.text("conflict_reason", longest=limits.CONFLICT_REASON, required=True)
        if form.errors:
            return await self._page(request, submission_id, form, status=422)
        mentor = get_or_404(await Person.objects().get(Person.id == (mentor_id or 0)))
        await declare_conflict(
            submission.project, mentor, is_hard=not form.flag("is_soft"), reason=reason, kind=kind, by=request.user
        )
        return redirect(f"/organiser/submissions/{submission_id}#conflicts", Flash("success", _("Конфликт записан")))

    @post("/conflicts/{conflict_id:int}/lifting")
    async def lift(
        self, request: PersonRequest, submission_id: FromPath[int], conflict_id: FromPath[int]
    ) -> Response[Any]:
        submission = await self._submission(request, submission_id)
        conflict = get_or_404(
            await Conflict.objects()
            .where((Conflict.id == conflict_id) & (Conflict.project == submission.project))
            .first()
        )
        await lift_conflict(conflict.id, by=request.user)
        return redirect(f"/organiser/submissions/{submission_id}#conflicts", Flash("success", _("Конфликт снят")))

    @post("/posts")
    async def say(self, request: PersonRequest, submission_id: FromPath[int]) -> Response[Any]:
        submission = await self._submission(request, submission_id)
        form = await read_form(request)
        text = form.text("post", longest=limits.POST, required=True, lines=True)
        if form.errors:
            return await self._page(request, submission_id, form, status=422)
        await post_to_reviewers(submission, text, by=request.user)
        unknown = await about_unknown_reviewers(submission, text, request.user)
        return redirect(f"/organiser/submissions/{submission_id}#posts", *(Flash("warning", each) for each in unknown))

    async def _assignment(self, submission_id: int, assignment_id: int) -> Assignment:
        return get_or_404(
            await Assignment.objects()
            .where((Assignment.id == assignment_id) & (Assignment.submission == submission_id))
            .first()
        )

    async def _submission(self, request: PersonRequest, submission_id: int) -> Submission:
        """Return the submission, for organisers who are not in its team."""
        submission = get_or_404(await Submission.objects().get(Submission.id == submission_id))
        await require_outside(request.user, submission.project)
        return submission

    async def _read_decision(self, request: PersonRequest, submission_id: int) -> Decision:
        """Return the decision that the form was about; StageChanged if it has been replaced since."""
        decision = await Decision.objects().where(Decision.standing_on(submission_id)).first()
        if decision is None or (await read_form(request)).value("read") != mark_of(decision):
            raise StageChanged
        return decision

    async def _page(
        self, request: PersonRequest, submission_id: int, form: Form, *, status: int = 200
    ) -> Response[Any]:
        submission, project = await with_project(submission_id)
        await require_outside(request.user, project.id)
        view = await submission_view(
            submission, project, request.user,
            shows_candidates="candidates" in request.query_params or status != 200,
            who=request.query_params.get("who", "").strip()[: limits.FULL_NAME],
            shows_conflict="conflict" in request.query_params or bool(form.values("conflict_mentor")),
        )  # fmt: skip
        return page(
            request, "backoffice/submission.html", status=status, **vars(view), form=form,
            remark_rows=max(3, len(form.values("remark_text"))), reason_in_words=reason_in_words,
        )  # fmt: skip


def remarks_from(form: Form) -> list[tuple[str, str]]:
    """Return pairs of section key and text; blank rows are skipped."""
    keys, texts = form.values("remark_key"), form.values("remark_text")
    pairs = [(key, clean(text)) for key, text in zip(keys, texts, strict=False)][:MOST_REMARKS]
    if any(len(text) > 1000 for _key, text in pairs):
        form.refuse("outcome", _("Замечание длиннее 1000 знаков: разделите его"))
    return [(key, text) for key, text in pairs if text]


def _form_of(words: dict[str, Any]) -> Form:
    """Return the form for a decision, with what an undone one said."""
    remarks = words.pop("remarks", [])
    return Form(**words, remark_key=[key for key, _text in remarks], remark_text=[text for _key, text in remarks])


def refuse_unread(form: Form, outcome: str, remarks: Sequence[tuple[str, str]]) -> None:
    """Refuse remarks of a decision that is no return: nobody would read what was typed."""
    if remarks and outcome in {"advance", "stop"}:
        form.refuse("outcome", _("Замечания читает только команда, которую возвращают: уберите их или верните заявку"))


PAGES = [SubmissionPages]
