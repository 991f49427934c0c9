"""The team: its members and their roles, joining and leaving."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from incubator.core import limits
from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.db.frozen import frozen_for_one
from incubator.history.record import Happened, record
from incubator.people.tables import Person
from incubator.projects.access import require, require_may, role_of, unvouched_among
from incubator.projects.invitation_links import end_links_after_removal
from incubator.projects.locking import lock_project
from incubator.projects.permissions import (
    ADULT_ROLES,
    MEMBER_ROLES,
    STUDENT_ROLES,
    Action,
    ProjectRole,
    may_remove_member,
)
from incubator.projects.tables import Member, Project


@dataclass(frozen=True, slots=True)
class Mate:
    """A member with the person's data."""

    member: Member
    person: Person

    @property
    def role(self) -> str:
        return self.member.role

    @property
    def is_student(self) -> bool:
        return self.member.role in STUDENT_ROLES


async def team_of(project_id: int) -> list[Mate]:
    """Return all members: captain, students, teacher, coaches. One query."""
    return (await teams_of([project_id]))[project_id]


@frozen_for_one
def _members_of(project_ids: list[int]) -> Any:
    return Member.objects(Member.person).where(Member.project.is_in(project_ids)).order_by(Member.id)


async def teams_of(project_ids: Sequence[int]) -> dict[int, list[Mate]]:
    """Return the team of each project, as ``team_of``. One query."""
    rows = await _members_of(project_ids)
    teams: dict[int, list[Mate]] = {project_id: [] for project_id in project_ids}
    for row in sorted(rows, key=lambda row: MEMBER_ROLES.index(ProjectRole(row.role))):
        teams[row.project].append(Mate(row, row.person))
    return teams


async def unvouched_in(mates: Sequence[Mate]) -> frozenset[int]:
    """Return the member ids of the adults among ``mates`` for whom nobody has vouched yet. Two queries at most."""
    return await unvouched_among([mate.member for mate in mates])


async def join(project_id: int, person: Person, role: str) -> None:
    """Add a member; raise Refusal if the team is full or the role is taken. Call inside a transaction.

    The first student of a team without a captain becomes its captain.
    """
    await lock_project(project_id)
    mates = await team_of(project_id)
    if any(m.person.id == person.id for m in mates):
        raise Refusal(_("Вы уже в этой команде"))
    _require_place(mates, person, role)
    if role == ProjectRole.STUDENT and not any(m.role == ProjectRole.CAPTAIN for m in mates):
        role = ProjectRole.CAPTAIN.value  # a project from a file has nobody yet; the role can be passed on
    await Member(project=project_id, person=person.id, role=role, joined_at=now()).save()
    await record(Happened.JOINED, by=person, project=project_id, role=role)


def _require_place(mates: Sequence[Mate], person: Person, role: str) -> None:
    """Raise Refusal if the team is full, or the role is taken or not for the person."""
    if role == ProjectRole.STUDENT and sum(m.is_student for m in mates) >= limits.STUDENTS:
        raise Refusal(_("В команде уже шесть участников – больше нельзя"))
    if role == ProjectRole.TEACHER and any(m.role == ProjectRole.TEACHER for m in mates):
        raise Refusal(_("У команды уже есть педагог"))
    if role in ADULT_ROLES and not person.is_adult:
        raise Refusal(
            _("Педагогом или консультантом может быть только взрослый. Укажите дату рождения: здесь или в профиле.")
            if person.born_on is None
            else _("Педагогом или консультантом может быть только взрослый")
        )


async def remove_member(project: Project, person_id: int, *, by: Person) -> None:
    """Remove a member: captain, teacher and organiser remove others; everybody may leave, the captain last.

    Somebody who was removed does not come back by a link that they know: the team's open links end.
    """
    async with writing():
        await lock_project(project.id)
        role = await role_of(by, project.id)
        mates = await team_of(project.id)
        leaving = next((m for m in mates if m.person.id == person_id), None)
        require(may_remove_member(role, is_own=person_id == by.id))
        if leaving is None:
            raise Refusal(_("Этого человека уже нет в команде"))
        if leaving.role == ProjectRole.CAPTAIN:
            raise Refusal(_("Сначала передайте роль капитана кому-то из команды"))
        await end_membership(leaving.member, leaving.person, by=by)
        await record(Happened.LEFT_TEAM, by=by, project=project.id, subject=person_id)


async def end_membership(member: Member, person: Person, *, by: Person) -> None:
    """Delete the membership; whoever was removed by another cannot come back by a link. Call inside a transaction."""
    await Member.delete().where(Member.id == member.id)
    if person.id != by.id:
        await end_links_after_removal(member.project, person)


async def make_captain(project: Project, person_id: int, *, by: Person) -> None:
    """Transfer the captain's role to another student; to whoever holds it, nothing happens."""
    async with writing():
        await lock_project(project.id)
        await require_may(by, Action.CHANGE_CAPTAIN, project.id)
        own = Member.project == project.id
        if await Member.exists().where(own & (Member.person == person_id) & (Member.role == ProjectRole.CAPTAIN.value)):
            return
        # Demote first: a constraint allows a team only one captain at any time.
        await Member.update({Member.role: ProjectRole.STUDENT.value}).where(
            own & (Member.role == ProjectRole.CAPTAIN.value)
        )
        heir = (
            await Member.update({Member.role: ProjectRole.CAPTAIN.value})
            .where(own & (Member.person == person_id) & (Member.role == ProjectRole.STUDENT.value))
            .returning(Member.id)
        )
        if not heir:
            raise Refusal(_("Капитаном может стать только участник команды"))
        await record(Happened.ROLE_CHANGED, by=by, project=project.id, subject=person_id, role=ProjectRole.CAPTAIN)
