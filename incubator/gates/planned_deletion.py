"""A deletion that can be stopped: the project leaves the programme at once, and is deleted some days later."""

from datetime import datetime, timedelta

from incubator.core.clock import day_of, end_of_day, now
from incubator.db import writing
from incubator.gates.delete_project import erase, erase_rows, hanging_on, require_deletable
from incubator.gates.submit import close_submission
from incubator.history.record import Happened, record
from incubator.history.tables import Event
from incubator.notifications.tell import tell_rest_of
from incubator.people.tables import Person
from incubator.projects.access import require_may
from incubator.projects.lifecycle import WRITABLE, State, Step
from incubator.projects.locking import lock_project
from incubator.projects.permissions import Action
from incubator.projects.tables import Project
from incubator.projects.transition import transition
from incubator.publication.publish import end_all
from incubator.reviews.assignment.endings import Ending
from incubator.search.postings import hold

#: How long an organiser may think better of it.
REVOCABLE = timedelta(days=7)


async def plan_deletion(
    project: Project, *, typed: str, reason: str, with_reviews: bool = False, by: Person
) -> datetime | None:
    """Delete a project, at once if there is next to nothing in it, else in some days; return when, None if it is gone.

    Until then it is out of the programme and off the showcase, and can be kept. The team gets everything that it has written by
    mail. Raises what ``delete_project`` raises. Repeating it changes nothing.
    """
    async with writing():
        project = await lock_project(project.id)
        await require_may(by, Action.MANAGE, project.id)
        if project.deletes_at is not None and not await was_deleted_by_team(project.id):
            return project.deletes_at
        await require_deletable(project, typed=typed, reason=reason, with_reviews=with_reviews)
        if project.deletes_at is not None:
            return await _decide_as_well(project, project.deletes_at, reason, by)
        if (await hanging_on(project.id)).is_next_to_nothing:
            await erase(project, reason=reason, by=by)
            return None
        await hold()
        closed = await close_submission(project, Ending.WITHDRAWN, by=by) if project.state == State.IN_REVIEW else None
        if project.state in WRITABLE:
            await transition(project, Step.LEAVE)
        await end_all(project, by=by)
        at = end_of_day(day_of(now()) + REVOCABLE)
        await Project.update({Project.deletes_at: at}).where(Project.id == project.id)
        await record(
            Happened.DELETION_PLANNED, by=by, project=project.id, submission=closed.id if closed else None,
            reason=reason, at=at.isoformat(),
        )  # fmt: skip
        return at


async def _decide_as_well(project: Project, at: datetime, reason: str, by: Person) -> datetime:
    """Let a deletion for which the captain was faster be the office's, with its reason; return when it takes effect."""
    await record(Happened.DELETION_PLANNED, by=by, project=project.id, reason=reason, at=at.isoformat())
    return at


async def keep_project(project: Project, *, by: Person) -> None:
    """Stop the deletion; the project stays out of the programme until it is reopened. Repeating it does nothing.

    The team is told by mail. Raises NotAllowed, and ProjectGone if it is too late.
    """
    async with writing():
        project = await lock_project(project.id)
        await require_may(by, Action.MANAGE, project.id)
        if project.deletes_at is None:
            return
        await Project.update({Project.deletes_at: None}).where(Project.id == project.id)
        await record(Happened.DELETION_STOPPED, by=by, project=project.id)


async def delete_what_is_due() -> int:
    """Delete the projects whose days are over; return how many. A periodic task."""
    due = await Project.select(Project.id).where(Project.deletes_at < now()).order_by(Project.id)
    return sum([await _delete_if_due(row["id"]) for row in due])


async def _delete_if_due(project_id: int) -> int:
    async with writing():
        if not await Project.exists().where(Project.id == project_id):
            return 0
        project = await lock_project(project_id)
        if project.deletes_at is None or project.deletes_at >= now():
            return 0
        await hold()
        await tell_rest_of(project.id)
        await record(Happened.PROJECT_DELETED, by=None, project=project.id, title=project.title)
        await erase_rows(project.id)
        return 1


async def was_deleted_by_team(project_id: int) -> bool:
    """Return whether the captain decided last that the project goes, and no organiser. One query."""
    planned = [Happened.IDEA_DELETED.value, Happened.DELETION_PLANNED.value]
    last = (
        await Event.select(Event.happened)
        .where((Event.project_id == project_id) & Event.happened.is_in(planned))
        .order_by(Event.id, ascending=False)
        .first()
    )
    return last is not None and last["happened"] == Happened.IDEA_DELETED
