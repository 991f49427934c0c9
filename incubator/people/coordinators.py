"""Coordinators of a school: teachers of it whom an organiser made responsible for its pupils' documents.

The grant counts only while the school's confirmation as a teacher holds: who has left it sees nobody.
"""

from collections.abc import Iterable
from typing import Any

from piccolo.query.methods.select import Select

from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.db.conditions import Condition
from incubator.people.enrolments import schools_of
from incubator.people.grants import grant_role, lock_organisers, require_staff, take_role
from incubator.people.permissions import Scope, StaffAction, StaffRole
from incubator.people.tables import Grant, Person
from incubator.people.vouching import confirmed_teachers_at
from incubator.reference.merging import present_ids
from incubator.reference.tables import Organisation


def coordinator_ids() -> Select[Any]:
    """Return a subquery for the people who coordinate any school."""
    return Grant.select(Grant.person).where(_is_of_school() & Grant.holding())


def _is_of_school() -> Condition:
    return (Grant.role == StaffRole.COORDINATOR.value) & (Grant.scope == Scope.ORGANISATION.value)


async def schools_coordinated_by(person: Person) -> list[Organisation]:
    """Return the schools whose coordinator the person is, by name. One query for most people, four for a coordinator."""
    rows = await Grant.select(Grant.scope_id).where(_is_of_school() & (Grant.person == person.id) & Grant.holding())
    granted = [row["scope_id"] for row in rows]
    if not granted or not person.is_known_adult:
        return []
    taught = [school.id for school in await schools_of(person)]
    present = await present_ids(Organisation, [*granted, *taught])
    both = {present.get(each) for each in granted} & {present.get(each) for each in taught}
    schools: list[Organisation] = (
        await Organisation.objects().where(Organisation.id.is_in(sorted(filter(None, both)) or [0])).order_by(Organisation.name)
    )  # fmt: skip
    return schools


async def with_former(schools: Iterable[int]) -> list[int]:
    """Return the ids of schools, and of the entries that were merged into them. One query."""
    wanted = sorted(schools) or [0]
    rows = await Organisation.select(Organisation.id).where(
        Organisation.id.is_in(wanted) | Organisation.merged_into.is_in(wanted)
    )
    return sorted(row["id"] for row in rows)


async def coordinators_of(organisation_id: int) -> list[Grant]:
    """Return the grants over the school, with the people. One query."""
    rows: list[Grant] = (
        await Grant.objects(Grant.person)
        .where(_is_of_school() & (Grant.scope_id == organisation_id) & Grant.holding())
        .order_by(Grant.id)
    )
    return rows


async def name_coordinator(person_id: int, organisation_id: int, *, by: Person) -> None:
    """Make a confirmed teacher of the school responsible for its documents, as an organiser. Raises NotAllowed, Refusal."""
    async with writing():
        await lock_organisers(by)
        await require_staff(by, StaffAction.INVITE_STAFF)
        known = {each.id: each for each in await confirmed_teachers_at(organisation_id)}
        if person_id not in known:
            raise Refusal(_("За документы школы отвечает её педагог, которого подтвердили"))
        await grant_role(
            known[person_id], StaffRole.COORDINATOR, by=by, scope=Scope.ORGANISATION, scope_id=organisation_id
        )


async def dismiss_coordinator(person: Person, organisation_id: int, *, by: Person) -> None:
    """Take the responsibility away, as an organiser; what was recorded stays. Raises NotAllowed."""
    async with writing():
        await lock_organisers(by, person)
        await require_staff(by, StaffAction.TAKE_ROLES)
        await take_role(person, StaffRole.COORDINATOR, by=by, scope=Scope.ORGANISATION, scope_id=organisation_id)
