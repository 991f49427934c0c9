"""Releasing a decision: it takes effect, moves the project, and the team is told."""

from incubator.core.clock import now
from incubator.db import writing
from incubator.db.references import some_id_of
from incubator.gates.decide import lock_in_review, require_same
from incubator.history.record import Happened, record
from incubator.people.grants import require_staff
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.projects.access import require_office
from incubator.projects.deadline import Cause
from incubator.projects.deadlines import give_days
from incubator.projects.lifecycle import State, Step, position_after
from incubator.projects.tables import Project
from incubator.projects.transition import StageChanged, transition
from incubator.publication.entry import refresh_facets
from incubator.reviews.tables import Decision
from incubator.search.postings import hold

#: Lifecycle step and journal event of every outcome except the final advance.
STEPS = {
    "advance": (Step.ADVANCE, Happened.ADVANCED),
    "return": (Step.RETURN, Happened.RETURNED),
    "stop": (Step.STOP, Happened.STOPPED),
}


async def release(decision: Decision, *, by: Person) -> Project:
    """Put the decision into effect and tell the team. Raises StageChanged if it was released or undone."""
    await require_staff(by, StaffAction.DECIDE)
    async with writing():
        # Lock the project first, as everywhere: a different order could deadlock.
        project, submission = await lock_in_review(some_id_of(decision.submission))
        await require_office(by, project.id)
        await require_same(decision)
        await hold()
        released = (
            await Decision.update({Decision.released_at: now(), Decision.released_by: by.id})
            .where((Decision.id == decision.id) & Decision.released_at.is_null())
            .returning(Decision.id)
        )
        if not released:
            raise StageChanged
        moved, happened = await _carry_out(decision.outcome, project)
        await give_time_for(moved, decision, by=by)
        await record(happened, by=by, project=project.id, submission=submission.id, decision=decision.id)
        await refresh_facets(moved.id)
        return moved


async def _carry_out(outcome: str, project: Project) -> tuple[Project, Happened]:
    to = position_after(outcome, project.stage, project.round)
    step, happened = (Step.GRADUATE, Happened.GRADUATED) if to.state is State.GRADUATED else STEPS[outcome]
    return await transition(project, step, stage=to.stage, round=to.round), happened


async def give_time_for(project: Project, decision: Decision, *, by: Person) -> None:
    """Give the team time for the round that the decision begins, if it begins one, counted from now."""
    if project.state != State.DRAFT:
        return
    if decision.outcome == "return":
        await give_days(project, Cause.RETURNED, days=decision.revise_days, by=by)
    else:
        await give_days(project, Cause.ADVANCED, by=by)
