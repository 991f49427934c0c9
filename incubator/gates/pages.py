"""A team's journey: its list of projects, the document with the gate beside it, what was handed in."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core import limits
from incubator.core.languages import _
from incubator.gates.facts import blockers_of, in_words
from incubator.gates.journal import journal_of
from incubator.gates.reply import answer_decision
from incubator.gates.submit import leave, reopen, submit, take_back
from incubator.gates.workplace import projects_of, workplace
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect, wants_json
from incubator.people.guards import PersonRequest, signed_in
from incubator.programme.seasons import current_season
from incubator.projects.access import Access
from incubator.projects.diff import diff
from incubator.projects.document import frozen_parts, frozen_texts, submissions_of
from incubator.projects.enter import enter
from incubator.projects.permissions import Action
from incubator.projects.tables import Submission
from incubator.publication.publish import ask_publication, unpublish
from incubator.reviews.access.review_access import review_access_of, seen_reviews
from incubator.reviews.assignment.declared_conflicts import declare_conflict
from incubator.reviews.assignment.mentors import mentor_named
from incubator.reviews.reviewing.discussion import post_to_team, posts_of_team
from incubator.reviews.reviewing.remarks import mark_addressed, open_remarks
from incubator.reviews.rubric import anchored, rubric_of
from incubator.reviews.tables import Answered, Decision, Remark


class WorkPages(Controller):
    path = "/projects"
    guards = [signed_in]

    @get()
    async def mine(self, request: PersonRequest) -> Response[Any]:
        return page(
            request, "gates/projects.html", projects=await projects_of(request.user), season=await current_season()
        )

    @get("/{project_id:int}")
    async def document(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        return page(request, "gates/document.html", work=await workplace(way), way=way, project=way.project)

    @get("/{project_id:int}/gate")
    async def gate(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        """The checklist alone: a fragment for the page's script, or JSON."""
        way = await enter(request, project_id)
        if wants_json(request):
            missing = await blockers_of(way.project)
            return Response(
                {
                    "stage": way.project.stage,
                    "state": way.project.state,
                    "round": way.project.round,
                    "blockers": [{"code": b.code, "key": b.key, "text": in_words(b)} for b in missing],
                }
            )
        return page(request, "gates/_gate.html", work=await workplace(way), way=way, project=way.project)

    @post("/{project_id:int}/submission")
    async def submit(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        submission = await submit(way.project, by=request.user)
        if wants_json(request):
            return Response({"number": submission.number}, status_code=201)
        text = _(
            "Заявка сдана — версия %(n)s. Наставники прочитают её, а вы можете писать дальше.", n=submission.number
        )
        return redirect(f"/projects/{project_id}", Flash("success", text))

    @post("/{project_id:int}/submission/withdrawal")
    async def take_back(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        await take_back(way.project, by=request.user)
        return redirect(
            f"/projects/{project_id}", Flash("info", _("Заявка снова у вас. Правьте и сдавайте, когда будете готовы."))
        )

    @post("/{project_id:int}/departure")
    async def leave(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        await leave(way.project, by=request.user)
        return redirect(
            f"/projects/{project_id}", Flash("info", _("Команда ушла из программы. Вернуть её может организатор."))
        )

    @post("/{project_id:int}/reopening")
    async def reopen(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        await reopen(way.project, by=request.user)
        return redirect(f"/projects/{project_id}", Flash("success", _("Команда снова в программе")))

    @post("/{project_id:int}/publication")
    async def publication(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        if (await read_form(request)).flag("withdraw"):
            await unpublish(way.project, by=request.user)
            return redirect(f"/projects/{project_id}", Flash("info", _("Проект снят с витрины")))
        await ask_publication(way.project, by=request.user)
        return redirect(
            f"/projects/{project_id}", Flash("success", _("Просьба у организатора: он посмотрит и откроет страницу"))
        )

    @post("/{project_id:int}/remarks/{remark_id:int}/addressed")
    async def remark(
        self, request: PersonRequest, project_id: FromPath[int], remark_id: FromPath[int]
    ) -> Response[Any]:
        way = await enter(request, project_id)
        remark = get_or_404(next((r for r in await open_remarks(project_id) if r.id == remark_id), None))
        undo = (await read_form(request)).flag("undo")
        await mark_addressed(way.project, remark_id, is_addressed=not undo, by=request.user)
        return redirect(f"/projects/{project_id}#s-{remark.key}")

    @get("/{project_id:int}/submissions/{number:int}")
    async def version(self, request: PersonRequest, project_id: FromPath[int], number: FromPath[int]) -> Response[Any]:
        return await self._version(request, await enter(request, project_id), number)

    @post("/{project_id:int}/submissions/{number:int}/answer")
    async def answer(self, request: PersonRequest, project_id: FromPath[int], number: FromPath[int]) -> Response[Any]:
        """What the team says to the decision: once."""
        way = await enter(request, project_id)
        submission = get_or_404(next((s for s in await submissions_of(project_id) if s.number == number), None))
        form = await read_form(request)
        text = form.text("answer", longest=limits.REPLY, required=True, lines=True)
        if form.errors:
            return await self._version(request, way, number, form=form, status=422)
        await answer_decision(submission, text, by=request.user)
        return redirect(
            f"/projects/{project_id}/submissions/{number}#answer", Flash("success", _("Ответ отправлен организатору"))
        )

    async def _version(
        self, request: PersonRequest, way: Access, number: int, *, form: Form | None = None, status: int = 200
    ) -> Response[Any]:
        project_id = way.project.id
        submissions = await submissions_of(project_id)
        submission = get_or_404(next((s for s in submissions if s.number == number), None))
        before = next((s for s in reversed(submissions) if s.number < number), None)
        texts = frozen_texts(before)
        changes = {
            p.key: diff(texts[p.key], p.text)
            for p in frozen_parts(submission)
            if p.key in texts and texts[p.key] != p.text
        }
        decision = await self._released(submission)
        access = await review_access_of(request.user, submission)
        reviews = await seen_reviews(submission, access, request.user) if decision else []
        return page(
            request, "gates/version.html", status=status, way=way, project=way.project, submission=submission, before=before,
            parts=frozen_parts(submission), changes=changes, decision=decision, reviews=reviews,
            rubric=[anchored(c) for c in await rubric_of(submission)] if decision else [],
            answered=await Answered.objects(Answered.author).where(Answered.submission == submission.id).first(),
            may_answer=bool(decision) and way.project.season.may_answer and way.may(Action.REPLY), form=form or Form(),
            remarks=await Remark.objects().where(Remark.decision == decision.id) if decision else [],
        )  # fmt: skip

    async def _released(self, submission: Submission) -> Decision | None:
        return (
            await Decision.objects()
            .where((Decision.submission == submission.id) & Decision.released_at.is_not_null())
            .first()
        )

    @get("/{project_id:int}/talk")
    async def talk(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        """The team's own room: students, teacher, coach, organiser."""
        return await self._talk(request, await enter(request, project_id), Form())

    @post("/{project_id:int}/talk")
    async def say(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        form = await read_form(request)
        text = form.text("post", longest=limits.POST, required=True, lines=True)
        if form.errors:
            return await self._talk(request, way, form, status=422)
        await post_to_team(way.project, text, by=request.user)
        return redirect(f"/projects/{project_id}/talk")

    async def _talk(self, request: PersonRequest, way: Access, form: Form, *, status: int = 200) -> Response[Any]:
        return page(
            request, "gates/talk.html", status=status, way=way, project=way.project, form=form,
            posts=await posts_of_team(way.project.id),
        )  # fmt: skip

    @post("/{project_id:int}/conflicts")
    async def declare(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        """The team tells that it knows a mentor; the name may be one that it only guesses."""
        way = await enter(request, project_id)
        form = await read_form(request)
        name = form.text("mentor_name", longest=limits.FULL_NAME, required=True)
        reason = form.text("reason", longest=limits.CONFLICT_REASON, required=True)
        if form.errors:
            return await self._talk(request, way, form, status=422)
        mentor = await mentor_named(name)
        if mentor is None:
            form.refuse("mentor_name", _("Такого наставника у нас нет. Проверьте имя и фамилию."))
            return await self._talk(request, way, form, status=422)
        await declare_conflict(project_id, mentor, is_hard=True, reason=reason, kind="other", by=request.user)
        return redirect(
            f"/projects/{project_id}/talk", Flash("success", _("Записали: этот наставник вас не рецензирует"))
        )

    @get("/{project_id:int}/history")
    async def history(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        entries = await journal_of(way.project, request.user)
        return page(request, "gates/history.html", way=way, project=way.project, entries=entries)


PAGES = [WorkPages]
