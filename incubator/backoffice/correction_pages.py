"""Correcting a decision that the team already knows."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.backoffice.submission_pages import refuse_unread, remarks_from
from incubator.core import limits
from incubator.core.languages import _
from incubator.core.refusals import NotAllowed, Refusal
from incubator.gates.correct_decision import Correction, correct_decision, later_versions
from incubator.gates.decide import mark_of
from incubator.gates.version_view import superseded_on
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.prose import prose_of
from incubator.http.rebased_form import rebased
from incubator.http.templating import page, redirect
from incubator.people.guards import PersonRequest, organiser
from incubator.projects.access import require_office
from incubator.projects.document import frozen_parts
from incubator.projects.tables import Project, Submission
from incubator.projects.team_mail import told_in_words
from incubator.projects.transition import StageChanged
from incubator.reviews.tables import Decision, Remark


class CorrectionPages(Controller):
    path = "/organiser/submissions/{submission_id:int}/correction"
    guards = [organiser]

    @get()
    async def show(self, request: PersonRequest, submission_id: FromPath[int]) -> Response[Any]:
        submission, decision = await _released(request, submission_id)
        return await _page(request, submission, decision, await _stored(decision))

    @post()
    async def correct(self, request: PersonRequest, submission_id: FromPath[int]) -> Response[Any]:
        submission, decision = await _released(request, submission_id)
        form = await read_form(request)
        to = Correction(
            outcome=form.choice("outcome", ("advance", "return", "stop")),
            reason=form.text("reason", longest=limits.REASON, required=True, lines=True),
            why=form.text("why", longest=limits.OFFICE_REASON, required=True),
            remarks=remarks_from(form),
            next_step=form.text("next_step", longest=limits.NEXT_STEP),
            revise_days=form.number("revise_days", least=1, most=limits.REVISE_DAYS)
            if form.value("revise_days")
            else None,
        )
        stood = await _stored(decision)
        known = {*zip(stood.values("remark_key"), stood.values("remark_text"), strict=True)}
        refuse_unread(form, to.outcome, [each for each in to.remarks if each not in known])
        if not form.errors:
            try:
                if form.value("read") != mark_of(decision):
                    raise StageChanged
                await correct_decision(decision, to, by=request.user)
            except NotAllowed:
                raise
            except StageChanged as changed:
                submission, decision = await _released(request, submission_id)
                form = rebased(form, await _stored(decision), texts=("reason", "next_step"))
                form.refuse("read", changed.message)
            except Refusal as refusal:
                form.refuse("outcome", refusal.message)
            else:
                text = _("Решение исправлено.") + " " + await told_in_words(submission.project)
                return redirect(f"/organiser/submissions/{submission_id}#decision", Flash("success", text))
        return await _page(request, submission, decision, form, status=422)


async def _stored(decision: Decision) -> Form:
    """Return the decision that stands, as the form shows it."""
    remarks = await Remark.objects().where(Remark.decision == decision.id).order_by(Remark.id)
    return Form(
        outcome=decision.outcome, reason=decision.reason, next_step=decision.next_step, read=mark_of(decision),
        remark_key=[row.key for row in remarks], remark_text=[row.text for row in remarks],
    )  # fmt: skip


async def _released(request: PersonRequest, submission_id: int) -> tuple[Submission, Decision]:
    """Return the submission and its released decision, for organisers who are not in its team; else 404."""
    submission = get_or_404(await Submission.objects().get(Submission.id == submission_id))
    await require_office(request.user, submission.project)
    decision = await Decision.objects().where(Decision.standing_on(submission_id) & Decision.released()).first()
    return submission, get_or_404(decision)


async def _page(
    request: PersonRequest, submission: Submission, decision: Decision, form: Form, *, status: int = 200
) -> Response[Any]:
    superseded = await superseded_on(submission)
    later, decided = await later_versions(submission)
    return page(
        request, "backoffice/correction.html", status=status, form=form, submission=submission, decision=decision,
        project=get_or_404(await Project.objects().get(Project.id == submission.project)),
        parts=frozen_parts(submission), remark_rows=max(2, len(form.values("remark_text"))), later=later,
        decided=decided, superseded=superseded,
        prose=await prose_of([decision.reason, *(each.reason for each in superseded)]),
    )  # fmt: skip


PAGES = [CorrectionPages]
