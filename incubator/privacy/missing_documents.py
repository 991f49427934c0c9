"""Telling a team's teacher in time that documents are missing without which the gate stays closed."""

from collections.abc import Sequence
from datetime import timedelta

from incubator.core.clock import now
from incubator.core.formatting import deadline as formatted
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.history.tables import Event
from incubator.notifications.audiences import Audience, Reader, data_of, readers
from incubator.people.enrolments import keepers_with
from incubator.privacy.consent_matrix import Pupil, consent_tables
from incubator.projects.audiences import known_team_of, project_of
from incubator.projects.deadline import Deadline
from incubator.projects.deadlines import binding_deadline, binding_deadlines
from incubator.projects.lifecycle import State
from incubator.projects.locking import lock_project
from incubator.projects.permissions import ProjectRole
from incubator.projects.tables import Project

#: How long before the gate's date: families have a weekend.
BEFORE_GATE = timedelta(days=10)


async def remind_of_documents() -> int:
    """Tell the teachers of teams whose gate closes soon; return how many teams. A periodic task: once for each date."""
    rows = await Project.objects().where((Project.state == State.DRAFT.value) & Project.own())
    deadlines = await binding_deadlines(rows)
    near = [row.id for row in rows if _is_near(deadlines[row.id])]
    waiting = [
        table.project.id
        for table in await consent_tables(near)
        if table.project and any(child.is_barred for child in table.children)
    ]
    return sum([await _remind(project_id) for project_id in waiting])


def _is_near(deadline: Deadline | None) -> bool:
    return deadline is not None and now() < deadline.until <= now() + BEFORE_GATE


async def _remind(project_id: int) -> bool:
    async with writing():
        project = await lock_project(project_id)
        deadline = await binding_deadline(project)
        if deadline is None or project.state != State.DRAFT:
            return False
        until = deadline.until.isoformat()
        said = await Event.objects().where(
            (Event.happened == Happened.DOCUMENTS_MISSING.value) & (Event.project_id == project_id)
        )
        if any(data_of(event).get("until") == until for event in said):
            return False
        await record(Happened.DOCUMENTS_MISSING, by=None, project=project_id, until=until)
        return True


async def teachers_of_unsigned(event: Event) -> Sequence[Reader]:
    """The teachers of the team, or who keeps the class of those concerned, while anything is missing and the date is to come."""
    project = await project_of(event)
    deadline = await binding_deadline(project)
    barred = await _barred(project)
    if project.state != State.DRAFT or deadline is None or deadline.until <= now() or not barred:
        return []
    mates = await known_team_of(project.id)
    people = [mate.person for mate in mates if mate.role == ProjectRole.TEACHER] or await keepers_with(
        child.person.id for child in barred
    )
    until = deadline.until
    return readers(
        people, f"/consents?project={project.id}", title=project.title, until=lambda: formatted(until),
        count=len(barred),
    )  # fmt: skip


async def _barred(project: Project) -> list[Pupil]:
    return [child for table in await consent_tables([project.id]) for child in table.children if child.is_barred]


AUDIENCES = (Audience(Happened.DOCUMENTS_MISSING, teachers_of_unsigned, "documents_missing"),)
