"""Whom the events of a team's life concern: its rows of the table of audiences."""

from collections.abc import Sequence
from typing import Any

from incubator.core.languages import localized
from incubator.db.references import some_id_of
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.notifications.audiences import Audience, NothingLeft, Paragraphs, Reader, data_of, readers
from incubator.people.grants import people_who_may
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.projects.consents import purpose_title
from incubator.projects.document import parts_of
from incubator.projects.permissions import Action, may
from incubator.projects.tables import Comment, Project
from incubator.projects.team import Mate, team_of, unvouched_in


async def project_of(event: Event) -> Project:
    """Return the project of ``event``."""
    return await _project(event.project_id)


async def _project(project_id: int | None) -> Project:
    project = await Project.objects().get(Project.id == project_id)
    if project is None:
        raise NothingLeft
    return project


def is_led_by(mate: Mate) -> bool:
    """Return whether the member answers for the team: the captain and the teacher."""
    return may(mate.role, Action.INVITE)


async def name_of(person_id: int | None) -> str:
    person = await Person.objects().get(Person.id == person_id) if person_id else None
    return person.name if person else ""


async def known_team_of(project_id: int) -> list[Mate]:
    """Return the members who may read the others' full names: without adults for whom nobody has vouched yet."""
    mates = await team_of(project_id)
    unvouched = await unvouched_in(mates)
    return [mate for mate in mates if mate.member.id not in unvouched]


async def office_of(project_id: int) -> list[Person]:
    """Return the organisers of the project: nobody of its own team, who would learn about its mentors."""
    team = {mate.person.id for mate in await team_of(project_id)}
    return [person for person in await people_who_may(StaffAction.ORGANISE) if person.id not in team]


async def team_of_newcomer(event: Event) -> Sequence[Reader]:
    """Those who were in the team before, while the newcomer is still in it."""
    mates = await team_of(event.project_id or 0)
    if not any(mate.person.id == event.actor_id for mate in mates):
        return []
    project = await project_of(event)
    return readers(
        (mate.person for mate in await known_team_of(project.id)), f"/projects/{project.id}/team",
        title=project.title, name=await name_of(event.actor_id),
    )  # fmt: skip


async def who_was_removed(event: Event) -> Sequence[Reader]:
    """The person who was removed by somebody else, unless they have come back."""
    person = await Person.objects().get(Person.id == event.subject_id)
    mates = await team_of(event.project_id or 0)
    if person is None or any(mate.person.id == person.id for mate in mates):
        return []
    return readers([person], "/projects", title=(await project_of(event)).title)


async def leaders_left_behind(event: Event) -> Sequence[Reader]:
    """Captain and teacher, when somebody has left."""
    project = await project_of(event)
    leaders = [mate.person for mate in await known_team_of(project.id) if is_led_by(mate)]
    name = await name_of(event.subject_id or event.actor_id)
    return readers(leaders, f"/projects/{project.id}/team", title=project.title, name=name)


async def team_of_new_captain(event: Event) -> Sequence[Reader]:
    """The team, while that person is its captain."""
    project = await project_of(event)
    mates = await team_of(project.id)
    if not any(mate.person.id == event.subject_id and may(mate.role, Action.SUBMIT) for mate in mates):
        return []
    known = [mate.person for mate in await known_team_of(project.id)]
    return readers(known, f"/projects/{project.id}", title=project.title, name=await name_of(event.subject_id))


async def writers_of_section(event: Event) -> Sequence[Reader]:
    """Those who write the document, while the comment is open."""
    data = data_of(event)
    row = await Comment.objects().where((Comment.id == data.get("comment")) & Comment.open()).first()
    if row is None:
        return []
    project = await _project(some_id_of(row.project))  # the comment's: it moves when projects are merged
    section = next((part.section for part in await parts_of(project) if part.key == row.key), None)
    writers = [mate.person for mate in await team_of(project.id) if may(mate.role, Action.WRITE)]
    return readers(
        writers, f"/projects/{project.id}#s-{row.key}" if row.key else f"/projects/{project.id}",
        title=project.title, name=await name_of(event.actor_id),
        section=lambda: localized(section, "title") if section else project.title,
    )  # fmt: skip


async def leaders_missing_consent(event: Event) -> Sequence[Reader]:
    """Captain and teacher, when a consent in their team is withdrawn."""
    project = await project_of(event)
    leaders = [mate.person for mate in await known_team_of(project.id) if is_led_by(mate)]
    purpose = str(data_of(event).get("purpose", ""))
    return readers(
        leaders, f"/projects/{project.id}/team", title=project.title, name=await name_of(event.subject_id),
        purpose=lambda: purpose_title(purpose),
    )  # fmt: skip


async def team_readers(
    project: Project, link: str = "", paragraphs: Paragraphs = lambda: (), **values: Any
) -> Sequence[Reader]:
    """Return everybody in the team. ``link``: by default, the project's own page."""
    mates = await team_of(project.id)
    return readers(
        [mate.person for mate in mates], link or f"/projects/{project.id}", paragraphs,
        **{"title": project.title, **values},
    )  # fmt: skip


async def whole_team(event: Event) -> Sequence[Reader]:
    return await team_readers(await project_of(event))


AUDIENCES = (
    Audience(Happened.JOINED, team_of_newcomer, "joined", "team"),
    Audience(Happened.LEFT_TEAM, who_was_removed, "removed"),
    Audience(Happened.LEFT_TEAM, leaders_left_behind, "left_team", "team"),
    Audience(Happened.ROLE_CHANGED, team_of_new_captain, "captain_changed", "team"),
    Audience(Happened.COMMENTED, writers_of_section, "commented", "comments"),
    Audience(Happened.CONSENT_WITHDRAWN, leaders_missing_consent, "consent_withdrawn"),
    Audience(Happened.LEFT, whole_team, "left"),
)
