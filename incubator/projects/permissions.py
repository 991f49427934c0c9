"""Who sees a project's workplace, and in which role. What one may not see is not found."""

from dataclasses import dataclass

from incubator.core.languages import _
from incubator.core.refusals import NotAllowed, Refusal
from incubator.people.organisers import require_organiser
from incubator.people.tables import Person
from incubator.projects.lifecycle import WRITABLE
from incubator.projects.tables import Member, Project

WRITERS = frozenset({"captain", "student"})
ADULTS = frozenset({"teacher", "coach"})
ROLES = ("captain", "student", "teacher", "coach")


@dataclass(frozen=True, slots=True)
class Access:
    """A person's way into a project: ``role`` of a member, or ``organiser``."""

    project: Project
    person: Person
    role: str

    @property
    def is_writer(self) -> bool:
        return self.role in WRITERS

    @property
    def may_write(self) -> bool:
        return self.is_writer and self.project.state in WRITABLE

    @property
    def may_comment(self) -> bool:
        return self.role in ADULTS or self.role == "organiser"

    @property
    def may_lead(self) -> bool:
        """Hand in, take back, invite, ask for publication: the captain's part."""
        return self.role == "captain"

    @property
    def may_invite(self) -> bool:
        return self.role in {"captain", "teacher", "organiser"}

    @property
    def may_record_consents(self) -> bool:
        """For a minor: that the guardian's form was received."""
        return self.role in {"teacher", "organiser"}


async def role_of(person: Person, project_id: int) -> str:
    """The person's role in a project as the database has it now; ``organiser``; or empty for outsiders."""
    member = (
        await Member.select(Member.role).where((Member.project == project_id) & (Member.person == person.id)).first()
    )
    if member:
        return str(member["role"])
    return "organiser" if person.is_organiser else ""


async def access(person: Person, project_id: int) -> Access | None:
    """How ``person`` may enter; None for outsiders and where there is no such project."""
    role = await role_of(person, project_id)
    if not role:
        return None
    project = (
        await Project.objects(Project.season, Project.cluster, Project.municipality, Project.organisation)
        .where(Project.id == project_id)
        .first()
    )
    return Access(project, person, role) if project else None


async def require_office(person: Person, project_id: int) -> None:
    """An organiser who is not in the team: nobody decides about their own. Raises NotAllowed."""
    require_organiser(person)
    if await role_of(person, project_id) != "organiser":
        raise NotAllowed(_("Вы в этой команде: о ней решает другой организатор"))


def require(allowed: bool) -> None:
    """Raise NotAllowed unless ``allowed``."""
    if not allowed:
        raise NotAllowed(_("Это может сделать кто-то другой из команды: капитан, участник или педагог"))


def require_writable(project: Project) -> None:
    """Raise Refusal where the document is closed."""
    if project.state not in WRITABLE:
        raise Refusal(_("Документ закрыт: команда закончила, остановлена или ушла из программы"))
