"""Deleting an idea that was never handed in, as its captain: it can be taken back for some days."""

from datetime import datetime

from incubator.core.clock import day_of, end_of_day, now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.gates.delete_project import erase_rows, hanging_on
from incubator.gates.planned_deletion import REVOCABLE, was_deleted_by_team
from incubator.history.record import Happened, record
from incubator.people.tables import Person
from incubator.programme.stages import Stage
from incubator.projects.access import Access, require_may
from incubator.projects.lifecycle import State, Step
from incubator.projects.locking import lock_project
from incubator.projects.permissions import Action
from incubator.projects.tables import Project, Submission
from incubator.projects.transition import transition
from incubator.search.postings import hold


async def may_delete_idea(way: Access) -> bool:
    """Return whether the person may delete the idea: as its captain, before anything was handed in. One query at most."""
    return way.may(Action.DELETE_IDEA) and await _was_never_handed_in(way.project)


async def may_restore_idea(way: Access) -> bool:
    """Return whether the person may take the deletion back: not that of an organiser. One query at most."""
    return (
        way.may(Action.DELETE_IDEA) and way.project.deletes_at is not None and await was_deleted_by_team(way.project.id)
    )


async def delete_idea(project: Project, *, by: Person) -> datetime | None:
    """Delete an idea in some days, or at once if nobody else is in it and nothing was written; return when, None if it is gone.

    The rest of the team is told. Raises NotAllowed, and Refusal for what was handed in once. Repeating it changes nothing.
    """
    async with writing():
        project = await lock_project(project.id)
        await require_may(by, Action.DELETE_IDEA, project.id)
        if project.deletes_at is not None:
            return project.deletes_at
        if not await _was_never_handed_in(project):
            raise Refusal(_("Удалить можно идею, которую ещё не сдавали. Уйти из программы можно всегда."))
        hanging = await hanging_on(project.id)
        await hold()
        if hanging.is_next_to_nothing and hanging.people == 1:
            await record(Happened.PROJECT_DELETED, by=by, project=project.id, title=project.title)
            await erase_rows(project.id)
            return None
        await transition(project, Step.LEAVE)
        at = end_of_day(day_of(now()) + REVOCABLE)
        await Project.update({Project.deletes_at: at}).where(Project.id == project.id)
        await record(Happened.IDEA_DELETED, by=by, project=project.id, at=at.isoformat())
        return at


async def restore_idea(project: Project, *, by: Person) -> None:
    """Take the captain's deletion back: the idea is a draft again, as it was. The team is told. Repeating it does nothing.

    Raises NotAllowed, Refusal if an organiser wanted it deleted, and ProjectGone if it is too late.
    """
    async with writing():
        project = await lock_project(project.id)
        await require_may(by, Action.DELETE_IDEA, project.id)
        if project.deletes_at is None:
            return
        if not await was_deleted_by_team(project.id):
            raise Refusal(_("Удалить проект решил организатор: вернуть его может только он."))
        await transition(project, Step.REOPEN)
        await record(Happened.IDEA_RESTORED, by=by, project=project.id)


async def _was_never_handed_in(project: Project) -> bool:
    is_idea = project.state == State.DRAFT and project.stage == Stage.IDEA and project.round == 1
    return is_idea and not await Submission.exists().where(Submission.project == project.id)
