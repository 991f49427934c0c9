"""Access to a project: the role of a person in it, as the database has it now."""

from collections.abc import Sequence
from dataclasses import dataclass

from incubator.core.languages import _
from incubator.core.refusals import NotAllowed, Refusal
from incubator.core.visible import says_something
from incubator.db import run_sql
from incubator.people.coordinators import schools_coordinated_by, with_former
from incubator.people.grants import held_by, require_staff
from incubator.people.permissions import Scope, StaffAction
from incubator.people.permissions import may as may_with
from incubator.people.tables import Person
from incubator.people.vouching import known_to_programme
from incubator.projects.lifecycle import WRITABLE
from incubator.projects.permissions import (
    ADULT_ROLES,
    Action,
    ProjectRole,
    may,
    may_give_consent,
    may_in_state,
    may_remove_member,
    may_withdraw_consent,
)
from incubator.projects.tables import Member, Project


@dataclass(frozen=True, slots=True)
class Access:
    """One person's access to one project; pages and templates ask it what the person may do."""

    project: Project
    person: Person
    role: str

    def may(self, action: Action | str) -> bool:
        return may_in_state(self.role, action, self.project.state)

    @property
    def is_from_office(self) -> bool:
        """Return whether this is an organiser who is not in the team."""
        return self.role == ProjectRole.ORGANISER

    def name_of(self, member: Person) -> str:
        """Return a team member's name as this person may read it."""
        if member.id == self.person.id or self.may(Action.SEE_NAMES):
            return member.name
        return member.first_name or _("Участник")

    def may_remove(self, member: Person) -> bool:
        return may_remove_member(self.role, is_own=member.id == self.person.id)

    def may_give_consent(self, member: Person) -> bool:
        return may_give_consent(self.role, is_own=member.id == self.person.id, is_adult=member.is_adult)

    def may_withdraw_consent(self, member: Person) -> bool:
        return may_withdraw_consent(self.role, is_own=member.id == self.person.id)


async def role_of(person: Person, project_id: int) -> str:
    """Return the person's current ProjectRole; empty for outsiders."""
    rows = await run_sql(_ROLE, project_id, person.id)
    if not rows:
        return await _role_outside(person, project_id)
    role = str(rows[0]["role"])
    if role not in ADULT_ROLES:
        return role
    member = await Member.objects(Member.person).get(Member.id == rows[0]["id"])
    return ProjectRole.UNVOUCHED if member is None or await unvouched_among([member]) else role


async def _role_outside(person: Person, project_id: int) -> str:
    """Return the role in a team of others: of an organiser, or of the coordinator of the team's school. One query for most people."""
    held = await held_by(person.id)
    if may_with([role for role, scope in held if scope == Scope.EVERYTHING], StaffAction.ORGANISE):
        return ProjectRole.ORGANISER
    if not may_with([role for role, _scope in held], StaffAction.KEEP_CONSENTS):
        return ""
    schools = [school.id for school in await schools_coordinated_by(person)]
    is_of_school = bool(schools) and await Project.exists().where(
        (Project.id == project_id) & Project.organisation.is_in(await with_former(schools))
    )
    return ProjectRole.COORDINATOR if is_of_school else ""


_ROLE = 'SELECT "id", "role" FROM "member" WHERE "project" = {} AND "person" = {}'


async def unvouched_among(members: Sequence[Member]) -> frozenset[int]:
    """Return the ids of those ``members`` (with their persons) who are in a team as adults and whom nobody has vouched for.

    An adult is vouched for whose age somebody responsible knows, and whom somebody confirmed in this team or the
    programme knows anyway. Two queries at most.
    """
    adults = [member for member in members if member.role in ADULT_ROLES]
    asked = [member for member in adults if member.person.is_known_adult and member.vouched_at is None]
    known = await known_to_programme({member.person.id for member in asked})
    claimed = [member for member in adults if not member.person.is_known_adult]
    return frozenset(member.id for member in (*claimed, *asked) if member in claimed or member.person.id not in known)


async def access_to(project_id: int, person: Person) -> Access | None:
    """Return the access of ``person``; None for outsiders and if there is no such project."""
    role = await role_of(person, project_id)
    if not may(role, Action.SEE):
        return None
    project = (
        await Project.objects(Project.season, Project.cluster, Project.municipality, Project.organisation)
        .where(Project.id == project_id)
        .first()
    )
    return Access(project, person, role) if project else None


async def require_may(person: Person, action: Action, project_id: int) -> str:
    """Return the person's role if it allows ``action``; else raise NotAllowed. Call inside the transaction that acts on it."""
    role = await role_of(person, project_id)
    require(may(role, action))
    return role


def require(allowed: bool) -> None:
    """Raise NotAllowed unless ``allowed``."""
    if not allowed:
        raise NotAllowed(_("Это может сделать кто-то другой из команды: капитан, участник или педагог"))


def require_reason(reason: str) -> None:
    """Raise Refusal if an organiser acts on a team's project without saying why."""
    if not says_something(reason):
        raise Refusal(_("Напишите почему: команда это прочтёт"))


async def require_office(person: Person, project_id: int) -> None:
    """Raise NotAllowed unless this is an organiser outside the team: nobody decides about their own team."""
    await require_staff(person, StaffAction.DECIDE)
    await require_outside(person, project_id)


async def require_outside(person: Person, project_id: int) -> None:
    """Raise NotAllowed if the person belongs to the team. For organisers, whose role has been checked."""
    if await Member.exists().where((Member.project == project_id) & (Member.person == person.id)):
        raise NotAllowed(_("Вы в этой команде: о ней решает другой организатор"))


def require_open_document(project: Project) -> None:
    """Raise Refusal if the document is closed."""
    if project.state not in WRITABLE:
        raise Refusal(_("Документ закрыт: команда закончила, остановлена или ушла из программы"))
