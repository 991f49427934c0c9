"""A mentor's pages: the desk, and one review with the frozen submission beside it."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.people.guards import PersonRequest, found, mentor
from incubator.programme.seasons import rules_of
from incubator.programme.tables import Criterion
from incubator.projects.diff import diff
from incubator.projects.document import frozen_parts, frozen_texts
from incubator.projects.tables import Project, Submission
from incubator.reviews.assign import decline
from incubator.reviews.desk import desk_of
from incubator.reviews.remarks import confirm_remark, remarks_on
from incubator.reviews.review import (
    NOT_APPLICABLE,
    OUTCOMES,
    Opinion,
    ReviewStale,
    assignment_for,
    levels_of,
    review_of,
    rubric_of,
    save_review,
    send_review,
    sent_reviews,
)  # fmt: skip
from incubator.reviews.rubric import anchored
from incubator.reviews.tables import Assignment, Decision, Review
from incubator.web.dates import clock, now
from incubator.web.flash import Flash
from incubator.web.forms import Form, read_form
from incubator.web.i18n import _
from incubator.web.refusal import Refusal
from incubator.web.templating import page, redirect, wants_json

LONGEST_ADVICE = 4000
LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True)
class Case:
    """What a review page is about."""

    assignment: Assignment
    submission: Submission
    rubric: list[Criterion]
    review: Review | None

    @property
    def is_sent(self) -> bool:
        return self.review is not None and self.review.sent_at is not None


async def case_for(request: PersonRequest, assignment_id: int) -> Case:
    """The mentor's own case, or 404."""
    assignment = found(await assignment_for(request.user, assignment_id))
    submission = assignment.submission
    return Case(assignment, submission, await rubric_of(submission), await review_of(assignment))


def opinion_from(form: Form, rubric: list[Criterion]) -> Opinion:
    """What the form says; levels that no rubric offers are not taken."""
    levels: dict[int, int | None] = {}
    for criterion in rubric:
        value = form.value(f"level-{criterion.key}")
        if value == NOT_APPLICABLE:
            levels[criterion.id] = None
        elif value in {str(v) for v in range(criterion.lowest, criterion.highest + 1)}:
            levels[criterion.id] = int(value)
    return Opinion(
        levels=levels,
        advice=form.text("advice", longest=LONGEST_ADVICE, lines=True),
        note=form.text("note", longest=LONGEST_NOTE, lines=True),
        recommendation=form.choice("recommendation", OUTCOMES, required=False),
    )


async def form_of(case: Case) -> Form:
    review = case.review
    if review is None:
        return Form(version=0)
    levels = await levels_of(review)
    keys = {c.id: c.key for c in case.rubric}
    given: dict[str, Any] = {
        f"level-{keys[i]}": NOT_APPLICABLE if v is None else v for i, v in levels.items() if i in keys
    }
    return Form(
        version=review.version, advice=review.advice, note=review.note, recommendation=review.recommendation, **given
    )


class DeskPages(Controller):
    guards = [mentor]

    @get("/desk")
    async def show(self, request: PersonRequest) -> Response[Any]:
        return page(request, "reviews/desk.html", desk=await desk_of(request.user), now=now())


class ReviewPages(Controller):
    path = "/reviews/{assignment_id:int}"
    guards = [mentor]

    @get()
    async def show(self, request: PersonRequest, assignment_id: FromPath[int]) -> Response[Any]:
        case = await case_for(request, assignment_id)
        return await self._page(request, case, await form_of(case))

    @post()
    async def save(self, request: PersonRequest, assignment_id: FromPath[int]) -> Response[Any]:
        case = await case_for(request, assignment_id)
        form = await read_form(request)
        opinion = opinion_from(form, case.rubric)
        if form.errors:
            return await self._invalid(request, case, form)
        act = send_review if form.flag("send") else save_review
        try:
            review = await act(case.assignment, opinion, version=form.version(), by=request.user)
        except ReviewStale as stale:
            return await self._stale(request, case, form, stale)
        except Refusal as refusal:
            if not form.flag("send") and not case.is_sent:
                raise
            form.refuse("send", refusal.message)
            return await self._invalid(request, case, form)
        if wants_json(request):
            return Response({"version": review.version, "saved_at": clock(review.changed_at)})
        if form.flag("send"):
            return redirect("/desk", Flash("success", _("Рецензия отправлена. До решения её можно изменить.")))
        return redirect(f"/reviews/{assignment_id}", Flash("success", _("Черновик сохранён")))

    @post("/decline")
    async def decline(self, request: PersonRequest, assignment_id: FromPath[int]) -> Response[Any]:
        case = await case_for(request, assignment_id)
        form = await read_form(request)
        reason = form.text("reason", longest=500, required=True)
        if form.errors:
            return await self._page(request, case, await form_of(case), status=422, decline_form=form)
        await decline(case.assignment, reason=reason, is_conflict=form.flag("is_conflict"), by=request.user)
        return redirect("/desk", Flash("info", _("Отказ принят. Спасибо, что сказали сразу.")))

    @post("/remarks/{remark_id:int}/confirmation")
    async def confirm(
        self, request: PersonRequest, assignment_id: FromPath[int], remark_id: FromPath[int]
    ) -> Response[Any]:
        case = await case_for(request, assignment_id)
        await confirm_remark(case.assignment, remark_id, by=request.user)
        return redirect(f"/reviews/{assignment_id}#remarks")

    async def _invalid(self, request: PersonRequest, case: Case, form: Form) -> Response[Any]:
        if wants_json(request):
            return Response({"error": " ".join(form.errors.values())}, status_code=422)
        return await self._page(request, case, form, status=422)

    async def _stale(self, request: PersonRequest, case: Case, form: Form, stale: ReviewStale) -> Response[Any]:
        """What was typed comes back on top of the newer version: saving again is then a choice."""
        if wants_json(request):
            return Response({"error": stale.message, "version": stale.version}, status_code=409)
        again = Form([*((n, form.value(n)) for n in form.names() if n != "version"), ("version", str(stale.version))])
        again.refuse("advice", stale.message)
        return await self._page(request, case, again, status=409)

    async def _page(
        self, request: PersonRequest, case: Case, form: Form, *, status: int = 200, decline_form: Form | None = None
    ) -> Response[Any]:
        submission = case.submission
        project = found(
            await Project.objects(Project.cluster, Project.municipality).get(Project.id == submission.project)
        )
        decided = await Decision.exists().where(Decision.submission == submission.id)
        is_closed = decided or case.assignment.declined_at is not None or submission.taken_back_at is not None
        others = (await sent_reviews([submission.id])).get(submission.id, []) if case.is_sent else []
        return page(
            request, "reviews/review.html", status=status, case=case, submission=submission, project=project,
            parts=frozen_parts(submission), changes=await changes_since_seen(case),
            remarks=await remarks_on(submission), form=form, decline_form=decline_form or Form(),
            rubric=[anchored(c) for c in case.rubric], is_closed=is_closed,
            minutes=(await rules_of(project.season))[submission.stage].review_minutes,
            others=[s for s in others if s.mentor.id != request.user.id],
            longest_advice=LONGEST_ADVICE, longest_note=LONGEST_NOTE,
        )  # fmt: skip


async def changes_since_seen(case: Case) -> dict[str, list[tuple[str, str]]]:
    """Word diffs by section against the version this mentor reviewed before (else the previous one)."""
    submission = case.submission
    earlier = (
        await Submission.objects()
        .where(
            (Submission.project == submission.project)
            & (Submission.number < submission.number)
            & Submission.taken_back_at.is_null()
        )
        .order_by(Submission.number, ascending=False)
    )
    if not earlier:
        return {}
    mine = {
        r["submission"]
        for r in await Review.select(Review.submission).where(
            (Review.mentor == case.assignment.mentor) & Review.submission.is_in([s.id for s in earlier])
        )
    }
    seen = next((s for s in earlier if s.id in mine), earlier[0])
    before = frozen_texts(seen)
    return {
        key: diff(before[key], text)
        for key, text in frozen_texts(submission).items()
        if key in before and before[key] != text
    }


PAGES = [DeskPages, ReviewPages]
