"""Taking a role of the programme away, with what hangs on it: a mentor's open reviews go to somebody else."""

from incubator.core.clock import now
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.grants import lock_organisers, require_staff, take_role
from incubator.people.permissions import StaffAction, StaffRole
from incubator.people.tables import Person
from incubator.projects.locking import lock_project
from incubator.projects.tables import Submission
from incubator.reviews.assignment.endings import Ending
from incubator.reviews.assignment.next_best import propose_next
from incubator.reviews.tables import Assignment, Proposed


async def dismiss(person: Person, role: StaffRole, *, by: Person | None) -> None:
    """End a role of ``person``, their sessions, and the reviews that wait for them; what they sent stays.

    ``by`` is an organiser, or None for the command line. Raises NotAllowed, LastOrganiser.
    """
    async with writing():
        submissions = await _withdraw_reviews(person, by=by) if role == StaffRole.MENTOR else []
        if by is not None:
            await lock_organisers(by, person)  # somebody may be dismissing ``by`` at this moment
            await require_staff(by, StaffAction.TAKE_ROLES)
        await take_role(person, role, by=by)
        for submission in submissions:
            await propose_next(submission)


async def reviews_waiting_for(person: Person) -> int:
    """Return how many reviews are still to be written by ``person``."""
    return int(await Assignment.count().where((Assignment.mentor == person.id) & Assignment.waiting()))


async def _withdraw_reviews(person: Person, *, by: Person | None) -> list[Submission]:
    """Withdraw what waits for the mentor, in locked projects; return the submissions, which lack a reviewer now."""
    own = (Assignment.mentor == person.id) & Assignment.waiting()
    rows = await Assignment.objects(Assignment.submission).where(own)
    for project_id in sorted({row.submission.project for row in rows}):
        await lock_project(project_id)
    for row in await Assignment.objects(Assignment.submission).where(own).order_by(Assignment.id):
        await Assignment.update(
            {Assignment.cancelled_at: now(), Assignment.cancel_code: Ending.ROLE_TAKEN.value}
        ).where(Assignment.id == row.id)
        await record(
            Happened.ASSIGNMENT_WITHDRAWN, by=by, project=row.submission.project, submission=row.submission.id,
            subject=person.id, code=Ending.ROLE_TAKEN.value, ended=row.id,
        )  # fmt: skip
    await Proposed.delete().where(Proposed.mentor == person.id)
    return list({row.submission.id: row.submission for row in rows}.values())
