"""Who may record consents for somebody: the teacher of one of their teams, who keeps their class, their school's coordinator, and organisers."""

from dataclasses import dataclass
from typing import Any

from incubator.core.languages import _
from incubator.core.refusals import NotAllowed
from incubator.people.coordinators import schools_coordinated_by, with_former
from incubator.people.enrolments import keeps_class_with
from incubator.people.grants import may_in_programme
from incubator.people.locking import lock_person
from incubator.people.permissions import StaffAction
from incubator.people.tables import Enrolment, Person
from incubator.projects.access import role_of
from incubator.projects.consents import PARTICIPATION, STAFF
from incubator.projects.locking import lock_project
from incubator.projects.permissions import STUDENT_ROLES, Action, may
from incubator.projects.tables import Member


@dataclass(frozen=True, slots=True)
class Entitlement:
    """In what somebody may record consents of a person."""

    project: int | None
    """A team of the person's; None: a class, no team yet, or somebody who works in the programme."""
    school: int | None = None
    """The school of the class, if not the class itself but the school makes it."""
    is_for_staff: bool = False

    @property
    def address(self) -> str:
        """Return the path of the table with the person."""
        if self.is_for_staff:
            return STAFF_TABLE
        if self.school:
            return f"/consents?school={self.school}"
        return f"/consents?project={self.project}" if self.project else "/consents"


#: The query and the path of the table of those who work in the programme.
STAFF_QUERY = "?staff=1"
STAFF_TABLE = f"/consents{STAFF_QUERY}"


async def where_may_record(
    by: Person, person_id: int, purpose: str = PARTICIPATION, *, by_link: bool = False
) -> Entitlement | None:
    """Return in what ``by`` may record this consent of the person, a team if possible; None if in nothing.

    ``by_link``: of several teams one whose season takes consents by mailed link. The document of those who work in the programme is the organisers' to record, except their own.
    """
    if by.id == person_id:
        return None
    if purpose == STAFF:
        is_office = await may_in_programme(by, StaffAction.ORGANISE)
        return Entitlement(None, is_for_staff=True) if is_office else None
    project: Any = Member.project
    rows = (
        await Member.select(Member.project, project.season.electronic_consent.as_alias("takes_links"))
        .where((Member.person == person_id) & Member.role.is_in([role.value for role in STUDENT_ROLES]))
        .order_by(Member.project, ascending=False)
    )
    for row in sorted(rows, key=lambda each: by_link and not each["takes_links"]):
        if may(await role_of(by, row["project"]), Action.RECORD_CONSENT):
            return Entitlement(int(row["project"]))
    if await keeps_class_with(by, person_id) or await _is_office_of_class(by, person_id):
        return Entitlement(None)
    return await _as_coordinator(by, person_id)


async def _as_coordinator(by: Person, person_id: int) -> Entitlement | None:
    """Return the class in which ``by`` coordinates the school."""
    for school in await schools_coordinated_by(by):
        here = Enrolment.organisation.is_in(await with_former([school.id])) & Enrolment.holding()
        if await Enrolment.exists().where((Enrolment.person == person_id) & here):
            return Entitlement(None, school.id)
    return None


async def _is_office_of_class(by: Person, person_id: int) -> bool:
    """Return whether ``by`` is an organiser and the person in somebody's class: one without a team is in no table of theirs."""
    if not await may_in_programme(by, StaffAction.ORGANISE):
        return False
    return await Enrolment.exists().where((Enrolment.person == person_id) & Enrolment.holding())


async def require_may_record(
    by: Person, person_id: int, purpose: str = PARTICIPATION, *, by_link: bool = False
) -> Entitlement:
    """Return the same as ``where_may_record``. Raises NotAllowed."""
    entitlement = await where_may_record(by, person_id, purpose, by_link=by_link)
    if entitlement is None and purpose == STAFF:
        raise NotAllowed(_("Этот документ записывает организатор, но не за себя самого"))
    if entitlement is None:
        raise NotAllowed(_("Согласия этого участника отмечает педагог его команды или организатор"))
    return entitlement


async def hold_entitlement(
    by: Person, person_id: int, purpose: str = PARTICIPATION, *, by_link: bool = False
) -> Entitlement:
    """Return the same, and lock what it rests on, so that nobody ends it before this transaction does. Raises NotAllowed.

    Locks the team, then ``by``, then the person: in the order in which an organiser undoes what rests on somebody.
    """
    before = await require_may_record(by, person_id, purpose, by_link=by_link)
    if before.project is not None:
        await lock_project(before.project)
    await lock_person(by.id)
    await lock_person(person_id)
    return await require_may_record(by, person_id, purpose, by_link=by_link)
