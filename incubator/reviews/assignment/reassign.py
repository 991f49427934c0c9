"""Giving a submission from one mentor to another."""

from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.grants import require_staff
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.projects.access import require_office
from incubator.reviews.assignment.assign import (
    end_assignment,
    lock_undecided,
    place,
    submission_id_of,
)
from incubator.reviews.assignment.endings import Ending
from incubator.reviews.tables import Assignment


async def reassign(assignment: Assignment, mentor: Person, *, by: Person) -> Assignment:
    """End an assignment and ask ``mentor`` instead, in one transaction; both are told by mail.

    What the former mentor has written stays theirs: they and the organisers go on reading it, the new mentor
    begins with an empty page and the full time. Raises Refusal if the review was sent, the assignment has ended, or
    ``mentor`` may not review the submission.
    """
    await require_staff(by, StaffAction.ASSIGN)
    async with writing():
        project, submission = await lock_undecided(submission_id_of(assignment))
        await require_office(by, project.id)
        former = await end_assignment(assignment, Ending.HANDED_ON, by=by)
        if former is None:
            raise Refusal(_("Это назначение уже отменено"))
        successor = await place(project, submission, mentor, by=by)
        await record(
            Happened.REASSIGNED, by=by, project=project.id, submission=submission.id, subject=mentor.id,
            former=former.id, ended=assignment.id, assignment=successor.id,
        )  # fmt: skip
        return successor
