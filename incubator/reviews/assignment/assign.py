"""Assigning a mentor to a submission, and cancelling an assignment."""

from datetime import timedelta

from incubator.core.clock import now, today
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.grants import require_staff
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.programme.seasons import rules_of
from incubator.projects.access import require_office
from incubator.projects.locking import lock_project_of
from incubator.projects.tables import Project, Submission
from incubator.reviews.assignment.candidates import candidate_for, require_assignable
from incubator.reviews.assignment.endings import Ending
from incubator.reviews.tables import Assignment, Decision, Proposed, Review


async def assign(submission: Submission, mentor: Person, *, by: Person) -> Assignment:
    """Assign ``mentor``, who is told by mail (``audiences.py``); who declined or was taken off may be asked again.

    Raises Refusal for a hard conflict, a decided or withdrawn submission, or a mentor who
    has it already.
    """
    await require_staff(by, StaffAction.ASSIGN)
    async with writing():
        project, fresh = await lock_undecided(submission.id)
        await require_office(by, project.id)
        assignment = await place(project, fresh, mentor, by=by)
        await record(
            Happened.ASSIGNED,
            by=by,
            project=project.id,
            submission=fresh.id,
            subject=mentor.id,
            assignment=assignment.id,
        )
        return assignment


async def lock_undecided(submission_id: int) -> tuple[Project, Submission]:
    """Lock and return the project with its submission. Raises Refusal if it was decided or taken back."""
    project, submission = await lock_project_of(submission_id)
    if submission.is_taken_back:
        raise Refusal(_("Эту заявку сняли с рецензии"))
    if await Decision.exists().where(Decision.submission == submission_id):
        raise Refusal(_("По этой заявке решение уже принято"))
    return project, submission


async def place(project: Project, submission: Submission, mentor: Person, *, by: Person) -> Assignment:
    """Save a new assignment, with the mentor's own draft if they had begun one. Call inside a transaction.

    Raises Refusal if they may not review it, or have it already.
    """
    candidate = await candidate_for(submission, mentor)
    if candidate is None:
        raise Refusal(_("Этот человек – не наставник"))
    require_assignable(candidate)
    if candidate.is_assigned:
        raise Refusal(_("%(name)s уже получает эту заявку", name=mentor.name))
    rule = (await rules_of(project.season))[submission.stage]
    assignment = Assignment(
        submission=submission.id, mentor=mentor.id, assigned_by=by.id, assigned_at=now(),
        due_on=today() + timedelta(days=rule.review_days),
    )  # fmt: skip
    await assignment.save()
    drafts = (Review.submission == submission.id) & (Review.mentor == mentor.id) & Review.sent_at.is_null()
    # Somebody who had two accounts may have two.
    draft = await Review.select(Review.id).where(drafts).order_by(Review.changed_at, Review.id, ascending=False).first()
    if draft:
        await Review.update({Review.assignment: assignment.id}).where(Review.id == draft["id"])
    await Proposed.delete().where((Proposed.submission == submission.id) & (Proposed.mentor == mentor.id))
    return assignment


async def cancel_assignment(assignment: Assignment, *, by: Person) -> None:
    """Cancel an assignment, as organiser, and tell the mentor; their draft remains. Repeating it does nothing.

    Raises Refusal if the review was sent, or the mentor declined.
    """
    await require_staff(by, StaffAction.ASSIGN)
    async with writing():
        project, submission = await lock_project_of(submission_id_of(assignment))
        await require_office(by, project.id)
        mentor = await end_assignment(assignment, Ending.CANCELLED, by=by)
        if mentor is None:
            return
        await record(
            Happened.ASSIGNMENT_CANCELLED, by=by, project=project.id, submission=submission.id, subject=mentor.id,
            ended=assignment.id,
        )  # fmt: skip


async def end_assignment(assignment: Assignment, ending: Ending, *, by: Person) -> Person | None:
    """End an open assignment in an organiser's name; return its mentor, or None if it had ended. In a transaction.

    Raises Refusal if the review was sent, or the mentor declined.
    """
    if await is_sent(assignment):
        raise Refusal(_("Рецензия уже отправлена – отменить назначение нельзя"))
    fresh = await Assignment.objects(Assignment.mentor).get(Assignment.id == assignment.id)
    if fresh is None or fresh.cancelled_at is not None:
        return None
    if fresh.declined_at is not None:
        raise Refusal(_("Наставник уже отказался сам"))
    await Assignment.update(
        {Assignment.cancelled_at: now(), Assignment.cancelled_by: by.id, Assignment.cancel_code: ending.value}
    ).where(Assignment.id == fresh.id)
    mentor: Person = fresh.mentor
    return mentor


def submission_id_of(assignment: Assignment) -> int:
    of = assignment.submission
    return int(of.id) if isinstance(of, Submission) else of


async def is_sent(assignment: Assignment) -> bool:
    return await Review.exists().where((Review.assignment == assignment.id) & Review.sent())
