"""Roles in the programme: granted, withdrawn, and read from the database."""

from typing import Any

from piccolo.query.methods.select import Select

from incubator import config
from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import NotAllowed, Refusal
from incubator.db import run_sql, writing
from incubator.db.conditions import Condition
from incubator.history.record import Actor, Happened, record
from incubator.people.age_changes import know_as_adult
from incubator.people.locking import lock_people, lock_person
from incubator.people.permissions import ALLOWED, Scope, StaffAction, StaffRole, may, needs_second_factor
from incubator.people.proof import GRACE
from incubator.people.role_mails import tell_given, tell_taken
from incubator.people.sessions import end_sessions_of
from incubator.people.tables import HOLDING_GRANT, Grant, Person, full_name


class LastOrganiser(Refusal):
    """Without an organiser nobody could give the role again."""

    def __init__(self) -> None:
        super().__init__(
            _("Это последний организатор: сначала пригласите ещё одного и дождитесь, пока он примет роль.")
        )


async def roles_of(person_id: int) -> frozenset[str]:
    """Return the StaffRoles that the person has now over the whole programme. One query."""
    return frozenset(role for role, scope in await held_by(person_id) if scope == Scope.EVERYTHING)


async def roles_anywhere_of(person_id: int) -> frozenset[str]:
    """Return the StaffRoles that the person has now, over whatever. One query."""
    return frozenset(role for role, _scope in await held_by(person_id))


async def held_by(person_id: int) -> list[tuple[str, str]]:
    """Return each StaffRole that the person has now, with the kind of thing that it covers. One query."""
    moment = now()
    return [(row["role"], row["scope"]) for row in await run_sql(_HELD, person_id, moment, moment)]


_HELD = f'SELECT g."role", g."scope" FROM "grant" g WHERE g."person" = {{}} AND {HOLDING_GRANT}'  # noqa: S608 - our own words


async def may_in_programme(person: Person, action: StaffAction) -> bool:
    """Return whether the person's grants allow ``action`` now. One query."""
    return may(await roles_of(person.id), action)


async def may_over(
    person: Person, action: StaffAction, *, organisation: int | None = None, municipality: int | None = None
) -> bool:
    """Return whether a grant over everything, the organisation or the municipality allows ``action`` now. One query."""
    over: Condition = Grant.scope == Scope.EVERYTHING.value
    for scope, scope_id in ((Scope.ORGANISATION, organisation), (Scope.MUNICIPALITY, municipality)):
        if scope_id is not None:
            over |= (Grant.scope == scope.value) & (Grant.scope_id == scope_id)
    rows = await Grant.select(Grant.role).where((Grant.person == person.id) & over & Grant.holding())
    return may([row["role"] for row in rows], action)


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


async def names_of_those_who_may(action: StaffAction) -> list[tuple[int, str]]:
    """Return id and name of the same people, in the same order. One query."""
    rows = (
        await Person.select(Person.id, Person.given_name, Person.family_name, Person.email)
        .where(Person.id.is_in(ids_by_grant(action)))
        .order_by(Person.family_name, Person.id)
    )
    return [(row["id"], full_name(row["given_name"], row["family_name"], row["email"])) for row in rows]


async def people_to_write_to(action: StaffAction) -> list[Person]:
    """Return those of ``people_who_may`` whose address is confirmed: another one may be mistyped, and a stranger's. One query."""
    return [person for person in await people_who_may(action) if person.email_confirmed_at is not None]


async def role_holders(role: StaffRole) -> list[Grant]:
    """Return the grants of a role over the whole programme that are in force, with person and giver, by name. One query."""
    rows = await Grant.objects(Grant.person, Grant.granted_by).where(
        (Grant.role == role.value) & (Grant.scope == Scope.EVERYTHING.value) & Grant.holding()
    )
    return sorted(rows, key=lambda grant: (grant.person.name, grant.id))


async def grant_role(
    person: Person, role: StaffRole, *, by: Actor | None, scope: Scope = Scope.EVERYTHING, scope_id: int | None = None,
    is_told: bool = True,
) -> None:  # fmt: skip
    """Grant a role to an adult; somebody who already has it keeps the existing grant. Raises Refusal for a minor.

    The organisers are told by mail, unless not ``is_told``.
    """
    async with writing():
        await know_as_adult(await lock_person(person.id), by=by)
        if not await Grant.exists().where(_same(person.id, role, scope, scope_id) & Grant.holding()):
            await Grant(
                person=person.id, role=role.value, scope=scope.value, scope_id=scope_id,
                granted_by=by.id if by else None, since=now(),
            ).save()  # fmt: skip
            await _begin_grace(person.id, role)
            await record(Happened.ROLE_GIVEN, by=by, subject=person.id, role=role.value)
            if is_told:
                await tell_given(person, role, by=by, organisers=await people_who_may(StaffAction.ORGANISE))


async def _begin_grace(person_id: int, role: StaffRole) -> None:
    """Count the days in which the person may go on without a second factor from now on, if the role needs one."""
    if config.settings.is_second_factor_required and needs_second_factor([role]):
        await Person.update({Person.factor_due_at: now() + GRACE}).where(Person.id == person_id)


async def take_role(
    person: Person, role: StaffRole, *, by: Actor | None, scope: Scope = Scope.EVERYTHING, scope_id: int | None = None
) -> None:
    """Withdraw a role, keeping a record of it, and end the person's sessions; do nothing if they do not have it.

    Raises LastOrganiser for the last one.
    """
    async with writing():
        organisers = await lock_organisers(person)
        if role == StaffRole.ORGANISER and scope == Scope.EVERYTHING and await is_last_organiser(person.id):
            raise LastOrganiser
        ended = (
            await Grant.update({Grant.until: now()})
            .where(_same(person.id, role, scope, scope_id) & Grant.holding())
            .returning(Grant.id)
        )
        if ended:
            await record(Happened.ROLE_TAKEN, by=by, subject=person.id, role=role.value)
            await end_sessions_of(person)
            await tell_taken(person, role, by=by, organisers=organisers)


async def lock_organisers(*others: Person) -> list[Person]:
    """Lock every organiser and ``others``, so that no two organisers take the role from each other at the same moment.

    Call inside a transaction. Return the organisers.
    """
    organisers = await people_who_may(StaffAction.ORGANISE)
    await lock_people([person.id for person in (*organisers, *others)])
    return organisers


async def is_last_organiser(person_id: int) -> bool:
    """Return whether the person is an organiser and nobody else is one for good, with a confirmed address."""
    every = (Grant.role == StaffRole.ORGANISER.value) & (Grant.scope == Scope.EVERYTHING.value) & Grant.holding()
    if not await Grant.exists().where(every & (Grant.person == person_id)):
        return False
    lasting = every & Grant.until.is_null() & (Grant.person != person_id)
    return not await Grant.exists().where(lasting & Grant.person.email_confirmed_at.is_not_null())


async def follow_organisation(ended: int, into: int) -> None:
    """Let grants over one organisation be over another, of which it was a second entry. Call inside a transaction that records why."""
    over = (Grant.scope == Scope.ORGANISATION.value) & (Grant.scope_id == ended)
    await Grant.update({Grant.scope_id: into}).where(over)


def _same(person_id: int, role: StaffRole, scope: Scope, scope_id: int | None) -> Condition:
    own = (Grant.person == person_id) & (Grant.role == role.value) & (Grant.scope == scope.value)
    return own & (Grant.scope_id.is_null() if scope_id is None else Grant.scope_id == scope_id)
