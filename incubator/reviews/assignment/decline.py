"""Declining an assignment; the next best mentor is proposed at once."""

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.tables import Person
from incubator.projects.access import require
from incubator.projects.locking import lock_project_of
from incubator.reviews.assignment.assign import is_sent, submission_id_of
from incubator.reviews.assignment.declared_conflicts import declare_conflict
from incubator.reviews.assignment.next_best import propose_next
from incubator.reviews.tables import Assignment


async def decline(assignment: Assignment, *, reason: str, is_conflict: bool, by: Person) -> None:
    """Decline with a reason; a conflict of interest excludes the mentor from this project permanently."""
    async with writing():
        require(assignment.mentor == by.id)
        project, submission = await lock_project_of(submission_id_of(assignment))
        declined = (
            await Assignment.update({Assignment.declined_at: now(), Assignment.decline_reason: reason})
            .where((Assignment.id == assignment.id) & Assignment.open())
            .returning(Assignment.id)
        )
        if not declined or await is_sent(assignment):
            raise Refusal(_("Отказаться уже нельзя: рецензия отправлена или отказ принят"))
        await record(Happened.DECLINED, by=by, project=project.id, submission=submission.id, reason=reason)
        if is_conflict:
            await declare_conflict(project.id, by, is_hard=True, reason=reason, by=by)
        if not submission.is_taken_back:
            await propose_next(submission)
