"""Telling a team that has not handed in yet that its date is near: a week before, and on the last day."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from incubator.core.clock import now
from incubator.core.formatting import deadline as formatted
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.history.tables import Event
from incubator.notifications.audiences import Audience, Reader, data_of
from incubator.projects.audiences import project_of, team_readers
from incubator.projects.deadline import Deadline
from incubator.projects.deadlines import binding_deadline, binding_deadlines, deadline_in_words
from incubator.projects.lifecycle import State
from incubator.projects.locking import lock_project
from incubator.projects.tables import Project

#: Days before the date on which a team is told.
DAYS_BEFORE = (7, 1)
#: How long each stays worth telling. Later it would repeat the mail that gave a date so near, or what the site forgot while it was away.
WORTH_TELLING = timedelta(days=1)


def due_reminder(deadline: Deadline | None, at: datetime) -> int | None:
    """Return how many days before the date the team is to be reminded ``at`` this moment: one of DAYS_BEFORE; None at any other. Pure."""
    if deadline is None:
        return None
    begins = {days: deadline.until - timedelta(days=days) for days in DAYS_BEFORE}
    return next((days for days, begin in begins.items() if begin <= at < begin + WORTH_TELLING), None)


async def remind_of_deadlines() -> int:
    """Record for each team whose date is near that it is; return how many. A periodic task: once for each date and number of days."""
    rows = await Project.objects().where((Project.state == State.DRAFT.value) & Project.own())
    deadlines = await binding_deadlines(rows)
    near = [row.id for row in rows if due_reminder(deadlines[row.id], now()) is not None]
    said = await _said(near)
    return sum([await _remind(each) for each in near if _words(deadlines[each]) not in said.get(each, ())])


def _words(deadline: Deadline | None) -> tuple[str, int | None]:
    """Return what the journal says of a reminder: the date, and how many days before it."""
    return (deadline.until.isoformat() if deadline else "", due_reminder(deadline, now()))


async def _said(project_ids: list[int]) -> dict[int, set[tuple[str, int | None]]]:
    """Return what these teams were reminded of. One query."""
    rows = await Event.objects().where(
        (Event.happened == Happened.DEADLINE_NEAR.value) & Event.project_id.is_in(project_ids or [0])
    )
    found: dict[int, set[tuple[str, int | None]]] = {}
    for row in rows:
        data = data_of(row)
        found.setdefault(row.project_id or 0, set()).add((data["until"], data["days"]))
    return found


async def _remind(project_id: int) -> bool:
    async with writing():
        project = await lock_project(project_id)
        deadline = await binding_deadline(project)
        until, days = _words(deadline)
        if (
            project.state != State.DRAFT
            or days is None
            or (until, days) in (await _said([project_id])).get(project_id, ())
        ):
            return False
        await record(Happened.DEADLINE_NEAR, by=None, project=project_id, until=until, days=days)
        return True


async def team_before_deadline(event: Event) -> Sequence[Reader]:
    """The team, as long as it may still hand in by that date and has not."""
    project = await project_of(event)
    deadline = await binding_deadline(project)
    if deadline is None or project.state != State.DRAFT or deadline.is_over(now()):
        return []
    if deadline.until.isoformat() != data_of(event)["until"]:
        return []
    until = deadline.until
    return await team_readers(
        project, f"/projects/{project.id}#gate", lambda: [deadline_in_words(project.stage, deadline)],
        until=lambda: formatted(until),
    )  # fmt: skip


AUDIENCES = (Audience(Happened.DEADLINE_NEAR, team_before_deadline, "deadline_near", "dates", is_urgent=True),)
