"""Releasing a decision: it takes effect, moves the project, and the team is told."""

from incubator.core.clock import now
from incubator.db import writing
from incubator.db.references import some_id_of
from incubator.gates.decide import lock_in_review, require_same
from incubator.gates.decision_mail import letter_of
from incubator.history.record import Happened, record
from incubator.notifications.send import write_to
from incubator.people.grants import require_staff
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.programme.stages import Stage
from incubator.projects.access import require_office
from incubator.projects.lifecycle import Step
from incubator.projects.tables import Project, Submission
from incubator.projects.team import team_of
from incubator.projects.transition import StageChanged, transition
from incubator.publication.publish import show_version
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
        await record(happened, by=by, project=project.id, submission=submission.id, decision=decision.id)
        if decision.outcome == "advance":
            await show_version(moved, submission)
        await _tell_team(moved, submission, decision)
        return moved


async def _carry_out(outcome: str, project: Project) -> tuple[Project, Happened]:
    step, happened = STEPS[outcome]
    if outcome == "return":
        return await transition(project, step, round=project.round + 1), happened
    if outcome == "stop":
        return await transition(project, step), happened
    following = Stage(project.stage).next
    if following is None:
        return await transition(project, Step.GRADUATE), Happened.GRADUATED
    return await transition(project, step, stage=following, round=1), happened


async def _tell_team(project: Project, submission: Submission, decision: Decision) -> None:
    for mate in await team_of(project.id):
        key, paragraphs, values = await letter_of(
            project.state, project.stage, submission, decision, mate.person.locale
        )
        await write_to(
            mate.person, key, *paragraphs, link=f"/projects/{project.id}/submissions/{submission.number}", **values
        )
