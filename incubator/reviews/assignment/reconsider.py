"""Taking back one's refusal to review."""

from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.tables import Person
from incubator.projects.access import require
from incubator.reviews.assignment.assign import lock_undecided, place, submission_id_of
from incubator.reviews.assignment.submission_cases import cases_for
from incubator.reviews.tables import SOLVED, Assignment, Proposed


async def reconsider(assignment: Assignment, *, by: Person) -> Assignment:
    """Take on a review after all, as the mentor who declined it, while a place is free; the days are counted anew.

    Raises Refusal if the place is taken, the submission is decided, or a conflict of interest stands.
    """
    async with writing():
        require(assignment.mentor == by.id)
        project, submission = await lock_undecided(submission_id_of(assignment))
        fresh = await Assignment.objects().get(Assignment.id == assignment.id)
        if fresh is None or fresh.declined_at is None:
            raise Refusal(_("От этой заявки вы не отказывались"))
        short = (await cases_for([submission]))[0].short
        if not short and not await _has_it(submission.id, by):
            raise Refusal(_("Вместо вас уже попросили другого наставника. Спасибо, что готовы помочь!"))
        again = await place(project, submission, by, by=by)
        if short == 1:  # nobody else is needed: the solver's substitutes would be one too many
            await Proposed.delete().where((Proposed.submission == submission.id) & (Proposed.state == SOLVED))
        await record(Happened.RECONSIDERED, by=by, project=project.id, submission=submission.id)
        return again


async def _has_it(submission_id: int, mentor: Person) -> bool:
    return await Assignment.exists().where(
        (Assignment.submission == submission_id) & (Assignment.mentor == mentor.id) & Assignment.open()
    )
