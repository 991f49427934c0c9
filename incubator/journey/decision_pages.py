"""The organiser's pages: the overview, people, submissions, assigning, deciding, releasing."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.db import writing
from incubator.journey.decide import ReviewsMissing, decide, mark_of, missing_reviews, release, undo_decision
from incubator.journey.overview import overview
from incubator.people.guards import PersonRequest, found, organiser
from incubator.people.pages import mailbox_hint
from incubator.people.tables import Person
from incubator.programme.reference import organisation_named
from incubator.programme.seasons import current_season
from incubator.programme.stages import Stage
from incubator.programme.tables import Organisation, Season
from incubator.projects.access import require_office
from incubator.projects.document import frozen_parts, lies_in_review, submissions_of
from incubator.projects.invitations import STAFF_ROLES, invite_staff
from incubator.projects.lifecycle import State
from incubator.projects.move import StageChanged
from incubator.projects.tables import Project, Submission
from incubator.reviews.assign import assign, cancel_assignment
from incubator.reviews.candidates import candidates_for
from incubator.reviews.declared import KINDS, conflicts_on, declare_conflict, lift_conflict, reason_in_words
from incubator.reviews.discussion import LONGEST_POST, post_to_reviewers, posts_of_submission
from incubator.reviews.readers import waiting_by_mentor
from incubator.reviews.review import rubric_of, sent_reviews, summary_of
from incubator.reviews.rubric import anchored
from incubator.reviews.sight import notes_of
from incubator.reviews.tables import Answered, Assignment, Conflict, Decision, Mentor, Remark
from incubator.showcase.publish import publication_of
from incubator.web.flash import Flash
from incubator.web.forms import Form, read_form
from incubator.web.i18n import _
from incubator.web.refusal import Refusal
from incubator.web.templating import page, redirect, safe_path

MOST_REMARKS = 12
PER_PAGE = 50


class OrganiserPages(Controller):
    path = "/organiser"
    guards = [organiser]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        season = await current_season()
        return page(request, "journey/organiser.html", season=season, overview=await overview(season))

    @get("/projects")
    async def projects(self, request: PersonRequest) -> Response[Any]:
        query = request.query_params
        where: Any = Project.id > 0
        stage, state = query.get("stage", ""), query.get("state", "")
        if stage in set(Stage):
            where &= Project.stage == stage
        if state in set(State):
            where &= Project.state == state
        page_number = Form([("page", query.get("page", "1"))]).number("page", least=1, most=100_000, default=1)
        rows = (
            await Project.objects(Project.season, Project.municipality, Project.organisation)
            .where(where)
            .order_by(Project.changed_at, Project.id, ascending=False)
            .limit(PER_PAGE + 1)
            .offset((page_number - 1) * PER_PAGE)
        )
        return page(
            request, "journey/all_projects.html", projects=rows[:PER_PAGE], has_more=len(rows) > PER_PAGE,
            number=page_number, stage=stage, state=state, stages=[s.value for s in Stage], states=[s.value for s in State],
        )  # fmt: skip

    @get("/people")
    async def people(self, request: PersonRequest) -> Response[Any]:
        return await self._people_page(request, Form(role="mentor"))

    @post("/people")
    async def invite(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        email = form.email("email")
        role = form.choice("role", STAFF_ROLES)
        name = form.text("organisation", longest=200)
        if role == "mentor" and not name:
            form.refuse("organisation", _("Без места работы не увидеть конфликт интересов: укажите организацию"))
        if form.errors:
            return await self._people_page(request, form, status=422)
        async with writing():
            organisation = await organisation_named(name, kind="enterprise") if name else None
            await invite_staff(role, email=email, by=request.user, organisation=organisation)
        return redirect("/organiser/people", mailbox_hint(_("Приглашение отправлено: %(email)s", email=email)))

    async def _people_page(self, request: PersonRequest, form: Form, *, status: int = 200) -> Response[Any]:
        mentors = await Mentor.objects(Mentor.person, Mentor.organisation)
        organisers = await Person.objects().where(Person.is_organiser.eq(True)).order_by(Person.family_name)
        names = [r["name"] for r in await Organisation.select(Organisation.name).order_by(Organisation.name).limit(500)]
        return page(
            request, "journey/people.html", status=status, form=form,
            mentors=sorted(mentors, key=lambda m: m.person.name), organisers=organisers,
            loads=await waiting_by_mentor(), organisations=names,
        )  # fmt: skip

    @post("/people/{person_id:int}/capacity")
    async def capacity(self, request: PersonRequest, person_id: FromPath[int]) -> Response[Any]:
        form = await read_form(request)
        capacity = form.number("capacity", least=0, most=50)
        if form.errors:
            raise Refusal(form.error("capacity"))
        changed = (
            await Mentor.update({Mentor.capacity: capacity}).where(Mentor.person == person_id).returning(Mentor.id)
        )
        found(changed or None)
        return redirect("/organiser/people", Flash("success", _("Сохранено")))


class DecisionPages(Controller):
    path = "/organiser/submissions/{submission_id:int}"
    guards = [organiser]

    @get()
    async def show(self, request: PersonRequest, submission_id: FromPath[int]) -> Response[Any]:
        return await self._page(request, await self._submission(request, submission_id), Form())

    @post("/assignments")
    async def assign(self, request: PersonRequest, submission_id: FromPath[int]) -> Response[Any]:
        submission = await self._submission(request, submission_id)
        mentor_id = (await read_form(request)).id("mentor", required=True)
        mentor = found(await Person.objects().get(Person.id == (mentor_id or 0)))
        await assign(submission, mentor, by=request.user)
        return redirect(
            f"/organiser/submissions/{submission_id}#assign",
            Flash("success", _("%(name)s получает заявку", name=mentor.name)),
        )

    @post("/assignments/{assignment_id:int}/cancellation")
    async def cancel(
        self, request: PersonRequest, submission_id: FromPath[int], assignment_id: FromPath[int]
    ) -> Response[Any]:
        assignment = found(
            await Assignment.objects()
            .where((Assignment.id == assignment_id) & (Assignment.submission == submission_id))
            .first()
        )
        await cancel_assignment(assignment, by=request.user)
        return redirect(f"/organiser/submissions/{submission_id}#assign", Flash("success", _("Назначение отменено")))

    @post("/decision")
    async def decide(self, request: PersonRequest, submission_id: FromPath[int]) -> Response[Any]:
        submission = await self._submission(request, submission_id)
        form = await read_form(request)
        outcome = form.choice("outcome", ("advance", "return", "stop"))
        reason = form.text("reason", longest=4000, required=True, lines=True)
        next_step = form.text("next_step", longest=500)
        override = form.text("override", longest=500)
        remarks = remarks_from(form)
        if not form.errors:
            try:
                await decide(
                    submission, outcome, reason=reason, remarks=remarks, next_step=next_step, override=override,
                    by=request.user,
                )  # fmt: skip
            except ReviewsMissing as missing:
                form.refuse("override", missing.message)
            except Refusal as refusal:
                form.refuse("outcome", refusal.message)
            else:
                text = _("Решение записано. Команда узнает о нём, когда вы его объявите.")
                back = safe_path(form.value("back"))
                to = (
                    back
                    if back.startswith("/organiser/decisions")
                    else f"/organiser/submissions/{submission_id}#decision"
                )
                return redirect(to, Flash("success", text))
        return await self._page(request, submission, form, status=422)

    @post("/decision/undoing")
    async def undo(self, request: PersonRequest, submission_id: FromPath[int]) -> Response[Any]:
        await undo_decision(await self._read_decision(request, submission_id), by=request.user)
        return redirect(
            f"/organiser/submissions/{submission_id}#decision",
            Flash("info", _("Решение отменено: можно принять другое")),
        )

    @post("/decision/release")
    async def release(self, request: PersonRequest, submission_id: FromPath[int]) -> Response[Any]:
        await release(await self._read_decision(request, submission_id), by=request.user)
        return redirect(
            f"/organiser/submissions/{submission_id}", Flash("success", _("Решение объявлено, команда получила письмо"))
        )

    @post("/conflicts")
    async def declare(self, request: PersonRequest, submission_id: FromPath[int]) -> Response[Any]:
        """The organiser pins a conflict of interest that facts do not show."""
        submission = await self._submission(request, submission_id)
        form = await read_form(request)
        mentor_id, kind = form.id("conflict_mentor", required=True), form.choice("kind", KINDS)
        reason = form.text("conflict_reason", longest=300, required=True)
        if form.errors:
            return await self._page(request, submission, form, status=422)
        mentor = found(await Person.objects().get(Person.id == (mentor_id or 0)))
        await declare_conflict(
            submission.project, mentor, is_hard=not form.flag("is_soft"), reason=reason, kind=kind, by=request.user
        )
        return redirect(f"/organiser/submissions/{submission_id}#conflicts", Flash("success", _("Конфликт записан")))

    @post("/conflicts/{conflict_id:int}/lifting")
    async def lift(
        self, request: PersonRequest, submission_id: FromPath[int], conflict_id: FromPath[int]
    ) -> Response[Any]:
        submission = await self._submission(request, submission_id)
        conflict = found(
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
        text = form.text("post", longest=LONGEST_POST, required=True, lines=True)
        if form.errors:
            return await self._page(request, submission, form, status=422)
        await post_to_reviewers(submission, text, by=request.user)
        return redirect(f"/organiser/submissions/{submission_id}#posts")

    async def _submission(self, request: PersonRequest, submission_id: int) -> Submission:
        """For organisers who are not in its team."""
        submission = found(await Submission.objects().get(Submission.id == submission_id))
        await require_office(request.user, submission.project)
        return submission

    async def _read_decision(self, request: PersonRequest, submission_id: int) -> Decision:
        """The decision that the form was about; StageChanged when another one stands there by now."""
        decision = await Decision.objects().where(Decision.submission == submission_id).first()
        if decision is None or (await read_form(request)).value("read") != mark_of(decision):
            raise StageChanged
        return decision

    async def _page(
        self, request: PersonRequest, submission: Submission, form: Form, *, status: int = 200
    ) -> Response[Any]:
        project = found(
            await Project.objects(Project.season, Project.organisation, Project.municipality, Project.cluster).get(
                Project.id == submission.project
            )
        )
        bare = found(await Project.objects().get(Project.id == project.id))
        decision = await Decision.objects().where(Decision.submission == submission.id).first()
        reviews = (await sent_reviews([submission.id])).get(submission.id, [])
        assignments = await Assignment.objects(Assignment.mentor).where(Assignment.submission == submission.id)
        parts = frozen_parts(submission)
        is_open = decision is None and lies_in_review(bare, submission)
        return page(
            request, "journey/submission.html", status=status, submission=submission, project=project, parts=parts,
            decision=decision, mark=mark_of(decision) if decision else "", reviews=reviews, sent_by={s.mentor.id for s in reviews}, summary=summary_of(reviews),
            rubric=[anchored(c) for c in await rubric_of(submission)], assignments=assignments,
            candidates=await candidates_for(submission) if is_open else [], is_open=is_open,
            missing=await missing_reviews(submission, bare), form=form, remark_rows=max(3, len(form.values("remark_text"))),
            remarks=await Remark.objects().where(Remark.decision == decision.id) if decision else [],
            publication=await publication_of(project.id), versions=await submissions_of(project.id),
            season=await Season.objects().get(Season.id == bare.season), reason_in_words=reason_in_words,
            notes=await notes_of([s.review.id for s in reviews]), declared=await conflicts_on(project.id),
            answered=await Answered.objects(Answered.author).where(Answered.submission == submission.id).first(),
            mentors=await Person.objects().where(Person.is_mentor.eq(True)).order_by(Person.family_name, Person.id),
            posts=await posts_of_submission(submission.id), room=f"/organiser/submissions/{submission.id}/posts",
        )  # fmt: skip


def remarks_from(form: Form) -> list[tuple[str, str]]:
    """Pairs of section key and text; rows that were left blank are skipped."""
    keys, texts = form.values("remark_key"), form.values("remark_text")
    pairs = [(key, text.strip()) for key, text in zip(keys, texts, strict=False)][:MOST_REMARKS]
    if any(len(text) > 1000 for _key, text in pairs):
        form.refuse("outcome", _("Замечание длиннее 1000 знаков: разделите его"))
    return [(key, text) for key, text in pairs if text]
