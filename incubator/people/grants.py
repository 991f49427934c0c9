"""Roles in the programme: granted, withdrawn, and read from the database."""

from typing import Any

from piccolo.query.methods.select import Select

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import NotAllowed
from incubator.db import writing
from incubator.db.conditions import Condition
from incubator.history.record import Actor, Happened, record
from incubator.people.locking import lock_person
from incubator.people.permissions import ALLOWED, Scope, StaffAction, StaffRole, may
from incubator.people.tables import Grant, Person


async def roles_of(person_id: int) -> frozenset[str]:
    """Return the StaffRoles that the person has now over the whole programme. One query."""
    rows = await Grant.select(Grant.role).where(
        (Grant.person == person_id) & (Grant.scope == Scope.EVERYTHING.value) & Grant.holding()
    )
    return frozenset(row["role"] for row in rows)


async def may_in_programme(person: Person, action: StaffAction) -> bool:
    """Return whether the person's grants allow ``action`` now. One query."""
    return may(await roles_of(person.id), action)


async def require_staff(person: Person, action: StaffAction) -> None:
    """Raise NotAllowed unless the person's grants allow ``action``. Call inside the transaction that acts on it."""
    if not await may_in_programme(person, action):
        raise NotAllowed(_("Это решают организаторы программы"))


def ids_by_grant(action: StaffAction) -> Select[Any]:
    """Return a subquery for the ids of people whose grants allow ``action`` now."""
    roles = [role.value for role in ALLOWED[action]]
    return Grant.select(Grant.person).where(
        Grant.role.is_in(roles) & (Grant.scope == Scope.EVERYTHING.value) & Grant.holding()
    )


async def people_who_may(action: StaffAction) -> list[Person]:
    """Return everybody whose grants allow ``action``, by family name. One query."""
    return await Person.objects().where(Person.id.is_in(ids_by_grant(action))).order_by(Person.family_name, Person.id)


async def grant_role(
    person: Person, role: StaffRole, *, by: Actor | None, scope: Scope = Scope.EVERYTHING, scope_id: int | None = None
) -> None:
    """Grant a role to an adult; somebody who already has it keeps the existing grant."""
    async with writing():
        await lock_person(person.id)
        if not await Grant.exists().where(_same(person.id, role, scope, scope_id) & Grant.holding()):
            await Grant(
                person=person.id, role=role.value, scope=scope.value, scope_id=scope_id,
                granted_by=by.id if by else None, since=now(),
            ).save()  # fmt: skip
            await record(Happened.ROLE_GIVEN, by=by, subject=person.id, role=role.value)
        await Person.update({Person.is_adult: True}).where(Person.id == person.id)


async def take_role(
    person: Person, role: StaffRole, *, by: Actor | None, scope: Scope = Scope.EVERYTHING, scope_id: int | None = None
) -> None:
    """Withdraw a role, keeping a record of it; do nothing if the person does not have it."""
    async with writing():
        await lock_person(person.id)
        ended = (
            await Grant.update({Grant.until: now()})
            .where(_same(person.id, role, scope, scope_id) & Grant.holding())
            .returning(Grant.id)
        )
        if ended:
            await record(Happened.ROLE_TAKEN, by=by, subject=person.id, role=role.value)


def _same(person_id: int, role: StaffRole, scope: Scope, scope_id: int | None) -> Condition:
    own = (Grant.person == person_id) & (Grant.role == role.value) & (Grant.scope == scope.value)
    return own & (Grant.scope_id.is_null() if scope_id is None else Grant.scope_id == scope_id)
