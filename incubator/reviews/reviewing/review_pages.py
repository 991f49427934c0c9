"""A mentor's pages: the desk, and one review with the frozen submission beside it."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core.clock import now
from incubator.core.formatting import clock
from incubator.core.languages import _, localized
from incubator.core.refusals import Refusal
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect, wants_json
from incubator.people.guards import PersonRequest, mentor
from incubator.programme.seasons import rules_of
from incubator.programme.tables import Criterion
from incubator.projects.diff import diff
from incubator.projects.document import frozen_parts, frozen_texts
from incubator.projects.tables import Project, Submission
from incubator.reviews.access.masking import Mask
from incubator.reviews.access.masks import masked, masks_for
from incubator.reviews.access.review_access import review_access_of, seen_reviews
from incubator.reviews.access.visibility import Field
from incubator.reviews.assignment.decline import decline
from incubator.reviews.reviewing.advice_check import Concerns, JudgedCriterion, concerns
from incubator.reviews.reviewing.desk import desk_of, usual_for
from incubator.reviews.reviewing.discussion import LONGEST_POST, post_to_reviewers, posts_of_submission
from incubator.reviews.reviewing.remarks import confirm_remark, doubt_remark, remarks_on
from incubator.reviews.reviewing.review import (
    CONFIDENCES,
    NOT_APPLICABLE,
    OUTCOMES,
    Opinion,
    ReviewStale,
    assignment_for,
    levels_of,
    notes_in,
    review_of,
    save_review,
    send_review,
)
from incubator.reviews.rubric import anchored, rubric_of
from incubator.reviews.tables import Answered, Assignment, Decision, Review

LONGEST_ADVICE = 4000
LONGEST_NOTE = 2000
LONGEST_SECTION_NOTE = 1000


@dataclass(frozen=True, slots=True)
class ReviewCase:
    """What a review page is about."""

    assignment: Assignment
    submission: Submission
    rubric: list[Criterion]
    review: Review | None

    @property
    def is_sent(self) -> bool:
        return self.review is not None and self.review.sent_at is not None


async def case_for(request: PersonRequest, assignment_id: int) -> ReviewCase:
    """The mentor's own case, or 404."""
    assignment = get_or_404(await assignment_for(request.user, assignment_id))
    submission = assignment.submission
    return ReviewCase(assignment, submission, await rubric_of(submission), await review_of(assignment))


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
        confidence=int(form.choice("confidence", CONFIDENCES, required=False) or 2),
        notes={
            name.removeprefix("note-"): form.text(name, longest=LONGEST_SECTION_NOTE, lines=True)
            for name in form.names()
            if name.startswith("note-")
        },
    )


def concerns_about(opinion: Opinion, rubric: list[Criterion]) -> Concerns:
    """Before it is sent: would the team know what to do next?"""
    return concerns(
        opinion.advice,
        opinion.notes.values(),
        [
            JudgedCriterion(
                localized(c, "title"), f"{c.title_ru} {c.title_en} {c.hint_ru} {c.hint_en}", opinion.levels.get(c.id)
            )
            for c in rubric
        ],
    )


async def form_of(case: ReviewCase) -> Form:
    review = case.review
    if review is None:
        return Form(version=0)
    levels = await levels_of(review)
    keys = {c.id: c.key for c in case.rubric}
    given: dict[str, Any] = {
        f"level-{keys[i]}": NOT_APPLICABLE if v is None else v for i, v in levels.items() if i in keys
    }
    given |= {f"note-{key}": text for key, text in (await notes_in(review)).items()}
    return Form(
        version=review.version, advice=review.advice, note=review.note, recommendation=review.recommendation,
        confidence=review.confidence, **given,
    )  # fmt: skip


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
        worry = concerns_about(opinion, case.rubric) if form.flag("send") and not form.flag("sure") else None
        act = send_review if form.flag("send") and not worry else save_review
        try:
            review = await act(case.assignment, opinion, version=form.version(), by=request.user)
        except ReviewStale as stale:
            return await self._stale(request, case, form, stale)
        except Refusal as refusal:
            if not form.flag("send") and not case.is_sent:
                raise
            form.refuse("send", refusal.message)
            return await self._invalid(request, case, form)
        if worry:
            return await self._page(request, case, form.with_values(version=review.version), concerns=worry)
        if wants_json(request):
            return Response({"version": review.version, "saved_at": clock(review.changed_at)})
        if form.flag("send"):
            return redirect("/desk", Flash("success", _("Рецензия отправлена. До решения её можно изменить.")))
        return redirect(f"/reviews/{assignment_id}", Flash("success", _("Черновик сохранён")))

    @post("/decline")
    async def decline(self, request: PersonRequest, assignment_id: FromPath[int]) -> Response[Any]:
        case = await case_for(request, assignment_id)
        form = await read_form(request)
        reason = form.text("reason", longest=300, required=True)
        if form.errors:
            return await self._page(request, case, await form_of(case), status=422, decline_form=form)
        await decline(case.assignment, reason=reason, is_conflict=form.flag("is_conflict"), by=request.user)
        return redirect("/desk", Flash("info", _("Отказ принят. Спасибо, что сказали сразу.")))

    @post("/posts")
    async def say(self, request: PersonRequest, assignment_id: FromPath[int]) -> Response[Any]:
        """In the reviewers' room, which opens with one's own review."""
        case = await case_for(request, assignment_id)
        form = await read_form(request)
        text = form.text("post", longest=LONGEST_POST, required=True, lines=True)
        if form.errors:
            return await self._page(request, case, await form_of(case), status=422, post_form=form)
        await post_to_reviewers(case.submission, text, by=request.user)
        return redirect(f"/reviews/{assignment_id}#posts")

    @post("/remarks/{remark_id:int}/confirmation")
    async def confirm(
        self, request: PersonRequest, assignment_id: FromPath[int], remark_id: FromPath[int]
    ) -> Response[Any]:
        case = await case_for(request, assignment_id)
        form = await read_form(request)
        if form.flag("not_yet"):
            doubt = form.text("doubt", longest=500, required=True)
            if form.errors:
                raise Refusal(_("Напишите, чего ещё не хватает"))
            await doubt_remark(case.assignment, remark_id, doubt, by=request.user)
        else:
            await confirm_remark(case.assignment, remark_id, by=request.user)
        return redirect(f"/reviews/{assignment_id}#remarks")

    async def _invalid(self, request: PersonRequest, case: ReviewCase, form: Form) -> Response[Any]:
        if wants_json(request):
            return Response({"error": " ".join(form.errors.values())}, status_code=422)
        return await self._page(request, case, form, status=422)

    async def _stale(self, request: PersonRequest, case: ReviewCase, form: Form, stale: ReviewStale) -> Response[Any]:
        """What was typed comes back on top of the newer version: saving again is then a choice."""
        if wants_json(request):
            return Response({"error": stale.message, "version": stale.version}, status_code=409)
        again = form.with_values(version=stale.version)
        again.refuse("advice", stale.message)
        return await self._page(request, case, again, status=409)

    async def _page(
        self, request: PersonRequest, case: ReviewCase, form: Form, *, status: int = 200, decline_form: Form | None = None,
        concerns: Concerns | None = None, post_form: Form | None = None,
    ) -> Response[Any]:  # fmt: skip
        submission = case.submission
        project = get_or_404(
            await Project.objects(Project.cluster, Project.municipality).get(Project.id == submission.project)
        )
        decision = await Decision.objects().where(Decision.submission == submission.id).first()
        answered = await Answered.objects().where(Answered.submission == submission.id).first()
        # Whoever declined, or whose team took it back, has no more business with the text.
        is_over = case.assignment.declined_at is not None or submission.taken_back_at is not None
        is_closed = is_over or decision is not None
        access = await review_access_of(request.user, submission)
        mask = (await masks_for([project.id])).get(project.id)
        expected = (await rules_of(project.season))[submission.stage].review_minutes
        return page(
            request, "reviews/review.html", status=status, case=case, submission=submission, project=project,
            parts=[] if is_over else masked(frozen_parts(submission), mask),
            changes={} if is_over else await changes_since_seen(case, mask), access=access, hide=mask or str,
            title=mask(submission.title) if mask else submission.title, concerns=concerns,
            remarks=[] if is_over else await remarks_on(submission), form=form, decline_form=decline_form or Form(),
            rubric=[anchored(c) for c in case.rubric], is_closed=is_closed,
            minutes=await usual_for(request.user) or expected,
            others=[s for s in await seen_reviews(submission, access, request.user) if not s.is_own],
            decision=decision if access.sees(Field.DECISION) else None,
            answered=answered if access.sees(Field.ANSWER) else None,
            posts=await posts_of_submission(submission.id) if access.sees(Field.DISCUSSION) else None,
            post_form=post_form or Form(), longest_advice=LONGEST_ADVICE, longest_note=LONGEST_NOTE, longest_section_note=LONGEST_SECTION_NOTE,
        )  # fmt: skip


async def changes_since_seen(case: ReviewCase, mask: Mask | None) -> dict[str, list[tuple[str, str]]]:
    """Word diffs by section against the version this mentor reviewed before (else the previous one)."""
    hide = mask or str
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
        key: diff(hide(before[key]), hide(text))
        for key, text in frozen_texts(submission).items()
        if key in before and before[key] != text
    }


PAGES = [DeskPages, ReviewPages]
