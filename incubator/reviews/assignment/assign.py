"""Assigning a mentor to a submission, and cancelling an assignment."""

from datetime import timedelta

from incubator.core.clock import now, today
from incubator.core.formatting import day
from incubator.core.languages import _, override_locale
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.notifications.send import write_to
from incubator.people.grants import require_staff
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.programme.seasons import rules_of
from incubator.projects.access import require_office
from incubator.projects.locking import lock_project_of
from incubator.projects.tables import Project, Submission
from incubator.reviews.access.masks import title_for_mentors
from incubator.reviews.assignment.candidates import candidate_for
from incubator.reviews.tables import Assignment, Decision, Proposed, Review


async def assign(submission: Submission, mentor: Person, *, by: Person) -> Assignment:
    """Assign ``mentor`` and tell them by mail.

    Raises Refusal for a hard conflict, a decided or withdrawn submission, or a mentor who
    was already asked.
    """
    await require_staff(by, StaffAction.ASSIGN)
    async with writing():
        project, fresh = await _still_open(submission.id)
        await require_office(by, project.id)
        candidate = await candidate_for(fresh, mentor)
        if candidate is None:
            raise Refusal(_("Этот человек — не наставник"))
        if candidate.is_barred:
            raise Refusal(_("%(name)s не может рецензировать эту заявку: конфликт интересов", name=mentor.name))
        if candidate.is_assigned:
            raise Refusal(_("%(name)s уже получает эту заявку", name=mentor.name))
        rule = (await rules_of(project.season))[fresh.stage]
        due = today() + timedelta(days=rule.review_days)
        assignment = Assignment(submission=fresh.id, mentor=mentor.id, assigned_by=by.id, assigned_at=now(), due_on=due)
        await assignment.save()
        await Proposed.delete().where((Proposed.submission == fresh.id) & (Proposed.mentor == mentor.id))
        with override_locale(mentor.locale):
            until = day(due)
        await write_to(
            mentor, "assignment", kind="assignments", link=f"/reviews/{assignment.id}",
            title=await title_for_mentors(fresh), day=until,
        )  # fmt: skip
        await record(Happened.ASSIGNED, by=by, project=project.id, submission=fresh.id, subject=mentor.id)
        return assignment


async def _still_open(submission_id: int) -> tuple[Project, Submission]:
    project, submission = await lock_project_of(submission_id)
    if submission.is_taken_back:
        raise Refusal(_("Команда забрала эту заявку"))
    if await Decision.exists().where(Decision.submission == submission_id):
        raise Refusal(_("По этой заявке решение уже принято"))
    return project, submission


async def cancel_assignment(assignment: Assignment, *, by: Person) -> None:
    """Cancel an assignment, as organiser; a review that was sent remains."""
    await require_staff(by, StaffAction.ASSIGN)
    async with writing():
        project, submission = await lock_project_of(submission_id_of(assignment))
        await require_office(by, project.id)
        if await is_sent(assignment):
            raise Refusal(_("Рецензия уже отправлена — отменить назначение нельзя"))
        fresh = await Assignment.objects(Assignment.mentor).get(Assignment.id == assignment.id)
        if fresh is None:
            return
        if fresh.declined_at is not None:
            raise Refusal(_("Наставник уже отказался сам"))
        await Review.delete().where(Review.assignment == assignment.id)
        gone = await Assignment.delete().where(Assignment.id == assignment.id).returning(Assignment.id)
        if gone:
            await record(
                Happened.ASSIGNMENT_CANCELLED, by=by, project=project.id, submission=submission.id,
                subject=fresh.mentor.id,
            )  # fmt: skip
            if fresh.cancelled_at is None:
                with override_locale(fresh.mentor.locale):
                    reason = _("так решил организатор")
                await tell_withdrawn(fresh.mentor, submission, reason)


async def tell_withdrawn(mentor: Person, submission: Submission, reason: str) -> None:
    """Mail the mentor the reason, in their language. Call inside the transaction that withdraws the assignment."""
    await write_to(mentor, "withdrawn", kind="assignments", title=await title_for_mentors(submission), reason=reason)


def submission_id_of(assignment: Assignment) -> int:
    of = assignment.submission
    return int(of.id) if isinstance(of, Submission) else of


async def is_sent(assignment: Assignment) -> bool:
    return await Review.exists().where((Review.assignment == assignment.id) & Review.sent())
