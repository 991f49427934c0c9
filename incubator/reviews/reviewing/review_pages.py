"""A mentor's pages: the desk, and a review next to the frozen submission."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core import limits
from incubator.core.clock import now
from incubator.core.formatting import clock
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.rebased_form import rebased
from incubator.http.templating import page, redirect, wants_json
from incubator.notifications.bell import unread_since_yesterday
from incubator.people.guards import PersonRequest, mentor, unread_by
from incubator.projects.staff_consents import staff_consent_notice
from incubator.reviews.assignment.decline import decline
from incubator.reviews.assignment.reconsider import reconsider
from incubator.reviews.reviewing.advice_check import Concerns
from incubator.reviews.reviewing.desk import desk_of
from incubator.reviews.reviewing.discussion import about_unknown_reviewers, post_to_reviewers
from incubator.reviews.reviewing.remarks import confirm_remark, doubt_remark
from incubator.reviews.reviewing.review import (
    Opinion,
    ReviewStale,
    assignment_for,
    confidence_asked,
    is_as_stored,
    levels_of,
    missing_words,
    review_of,
    save_review,
    send_review,
    successor_of,
)
from incubator.reviews.reviewing.review_forms import (
    concerns_about,
    form_of,
    gaps_in,
    opinion_from,
)
from incubator.reviews.reviewing.review_view import ReviewCase, review_view
from incubator.reviews.reviewing.threads import answer_remark_as_reviewer
from incubator.reviews.rubric import rubric_of
from incubator.reviews.tables import Review


async def case_for(request: PersonRequest, assignment_id: int) -> ReviewCase:
    """Return the mentor's own case, or raise 404."""
    assignment = get_or_404(await assignment_for(request.user, assignment_id))
    submission = assignment.submission
    review = await review_of(assignment)
    levels = await levels_of(review) if review else {}
    return ReviewCase(assignment, submission, await rubric_of(submission), review, levels)


class DeskPages(Controller):
    guards = [mentor]

    @get("/desk")
    async def show(self, request: PersonRequest) -> Response[Any]:
        return page(
            request, "reviews/desk.html", desk=await desk_of(request.user), now=now(),
            notice=await staff_consent_notice(request.user),
            happened=await unread_since_yesterday(request.user, unread=unread_by(request)),
        )  # fmt: skip


class ReviewPages(Controller):
    path = "/reviews/{assignment_id:int}"
    guards = [mentor]

    @get()
    async def show(self, request: PersonRequest, assignment_id: FromPath[int]) -> Response[Any]:
        case = await case_for(request, assignment_id)
        successor = await successor_of(case.assignment)
        if successor:
            return redirect(f"/reviews/{successor}")
        return await self._page(request, case, await form_of(case))

    @post()
    async def save(self, request: PersonRequest, assignment_id: FromPath[int]) -> Response[Any]:
        case = await case_for(request, assignment_id)
        form = await read_form(request)
        opinion = opinion_from(form, case.rubric)
        if form.errors:
            return await self._invalid(request, case, form)
        if case.review and not form.flag("send") and await is_as_stored(case.review, opinion):
            return self._saved(request, case.review, is_sending=False)
        is_final = form.flag("send") or case.is_sent
        try:
            if is_final:
                return await self._send(request, case, form, opinion)
            review = await save_review(case.assignment, opinion, version=form.version(), by=request.user)
        except ReviewStale as stale:
            return await self._stale(request, case, form, stale)
        except Refusal as refusal:
            if not is_final:
                raise
            form.refuse("send", refusal.message)
            return await self._invalid(request, case, form)
        return self._saved(request, review, is_sending=False)

    async def _send(self, request: PersonRequest, case: ReviewCase, form: Form, opinion: Opinion) -> Response[Any]:
        """Send the review, or change a sent one. One that is unfinished or worrying says so; a draft of it is kept."""
        is_sending = form.flag("send")
        missing = missing_words(opinion, case.rubric, await confidence_asked(case.submission))
        worry = None if missing or form.flag("sure") else self._worry(case, opinion, is_sending=is_sending)
        if (missing or worry) and not case.is_sent:
            review = await save_review(case.assignment, opinion, version=form.version(), by=request.user)
            form = form.with_values(version=review.version)
        if missing:
            return await self._unfinished(request, case, form, missing)
        if worry:
            return await self._page(request, case, form, concerns=worry)
        act = send_review if is_sending else save_review
        review = await act(case.assignment, opinion, version=form.version(), by=request.user)
        return self._saved(request, review, is_sending=is_sending)

    async def _unfinished(
        self, request: PersonRequest, case: ReviewCase, form: Form, missing: dict[str, str]
    ) -> Response[Any]:
        for name, sentence in missing.items():
            form.refuse(name, sentence)
        return await self._invalid(request, case, form)

    @post("/decline")
    async def decline(self, request: PersonRequest, assignment_id: FromPath[int]) -> Response[Any]:
        case = await case_for(request, assignment_id)
        form = await read_form(request)
        reason = form.text("reason", longest=limits.DECLINE_REASON, required=True)
        if form.errors:
            return await self._page(request, case, await form_of(case), status=422, decline_form=form)
        await decline(case.assignment, reason=reason, is_conflict=form.flag("is_conflict"), by=request.user)
        return redirect("/desk", Flash("info", _("Отказ принят. Спасибо, что сказали сразу.")))

    @post("/return")
    async def reconsider(self, request: PersonRequest, assignment_id: FromPath[int]) -> Response[Any]:
        """Take on the review after all."""
        case = await case_for(request, assignment_id)
        again = await reconsider(case.assignment, by=request.user)
        return redirect(f"/reviews/{again.id}", Flash("success", _("Спасибо! Заявка снова у вас.")))

    @post("/posts")
    async def say(self, request: PersonRequest, assignment_id: FromPath[int]) -> Response[Any]:
        """Post to the reviewers' room, which opens after sending one's own review."""
        case = await case_for(request, assignment_id)
        form = await read_form(request)
        text = form.text("post", longest=limits.POST, required=True, lines=True)
        if form.errors:
            return await self._page(request, case, await form_of(case), status=422, post_form=form)
        await post_to_reviewers(case.submission, text, by=request.user)
        unknown = await about_unknown_reviewers(case.submission, text, request.user)
        return redirect(f"/reviews/{assignment_id}#posts", *(Flash("warning", each) for each in unknown))

    @post("/remarks/{remark_id:int}/confirmation")
    async def confirm(
        self, request: PersonRequest, assignment_id: FromPath[int], remark_id: FromPath[int]
    ) -> Response[Any]:
        case = await case_for(request, assignment_id)
        form = await read_form(request)
        if form.flag("not_yet"):
            doubt = form.text("doubt", longest=limits.DOUBT, required=True)
            if form.errors:
                raise Refusal(form.error("doubt") if form.value("doubt") else _("Напишите, чего ещё не хватает"))
            await doubt_remark(case.assignment, remark_id, doubt, by=request.user)
        else:
            await confirm_remark(case.assignment, remark_id, by=request.user)
        return redirect(f"/reviews/{assignment_id}#remarks")

    @post("/remarks/{remark_id:int}/posts")
    async def answer_remark(
        self, request: PersonRequest, assignment_id: FromPath[int], remark_id: FromPath[int]
    ) -> Response[Any]:
        """Write below a remark, for the team that has to address it."""
        case = await case_for(request, assignment_id)
        form = await read_form(request)
        text = form.text("post", longest=limits.POST, required=True, lines=True)
        if form.errors:
            view = await review_view(case, request.user)
            remark = get_or_404(next((each for each in view.remarks if each.id == remark_id), None))
            return page(
                request, "reviews/answer.html", status=422, form=form, answered=view.hide(remark.text),
                action=request.url.path, people=view.threads.people, crumbs_to=(f"/reviews/{assignment_id}", view.title),
            )  # fmt: skip
        said = await answer_remark_as_reviewer(case.assignment, remark_id, text, by=request.user)
        return redirect(f"/reviews/{assignment_id}#post-{said.id}")

    def _worry(self, case: ReviewCase, opinion: Opinion, *, is_sending: bool) -> Concerns | None:
        """Return what to ask before the review is sent; of a sent one, what it left out that it does not leave out yet."""
        if is_sending and not case.is_sent:
            return concerns_about(opinion, case.rubric) or None
        gaps = gaps_in(opinion, case.rubric)
        return gaps if case.is_sent and gaps.coverage < case.coverage else None

    def _saved(self, request: PersonRequest, review: Review, *, is_sending: bool) -> Response[Any]:
        if wants_json(request):
            return Response({"version": review.version, "saved_at": clock(review.changed_at)})
        if is_sending:
            return redirect("/desk", Flash("success", _("Рецензия отправлена. До решения её можно изменить.")))
        text = _("Изменения сохранены: организатор видит их сразу") if review.is_sent else _("Черновик сохранён")
        return redirect(f"/reviews/{review.assignment}", Flash("success", text))

    async def _invalid(self, request: PersonRequest, case: ReviewCase, form: Form) -> Response[Any]:
        if wants_json(request):
            return Response({"error": " ".join(form.errors.values())}, status_code=422)
        return await self._page(request, case, form, status=422)

    async def _stale(self, request: PersonRequest, case: ReviewCase, form: Form, stale: ReviewStale) -> Response[Any]:
        """Show what was typed over what another device has saved meanwhile."""
        if wants_json(request):
            return Response({"error": stale.message, "version": stale.version}, status_code=409)
        case = await case_for(request, case.assignment.id)
        stored = await form_of(case)
        again = rebased(form, stored, texts=[name for name in form.names() if not name.startswith("level-")])
        again.refuse("version", stale.message)
        return await self._page(request, case, again, status=409)

    async def _page(
        self, request: PersonRequest, case: ReviewCase, form: Form, *, status: int = 200,
        decline_form: Form | None = None, concerns: Concerns | None = None, post_form: Form | None = None,
    ) -> Response[Any]:  # fmt: skip
        return page(
            request, "reviews/review.html", status=status, **vars(await review_view(case, request.user)), form=form,
            concerns=concerns, decline_form=decline_form or Form(), post_form=post_form or Form(),
        )  # fmt: skip


PAGES = [DeskPages, ReviewPages]
