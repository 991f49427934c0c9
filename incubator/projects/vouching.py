"""Vouching for the adults of a team: until somebody responsible does, they read and comment, and see given names only.

Those who may vouch are organisers, whoever has a role with VOUCH over the school or its municipality, and, for a
teacher, the confirmed teachers of the team's school.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.db.conditions import Condition
from incubator.db.references import id_of
from incubator.history.record import Happened, record
from incubator.people.affiliations import AffiliationCapacity, affiliate, confirm_affiliation
from incubator.people.age_changes import forget_known_age, know_as_adult
from incubator.people.consents import void
from incubator.people.grants import may_over
from incubator.people.locking import lock_person
from incubator.people.permissions import StaffAction
from incubator.people.tables import AccessCard, Affiliation, Consent, Person
from incubator.people.vouching import appointed_ids, confirmed_teacher_ids, may_vouch_at
from incubator.projects.access import require, unvouched_among
from incubator.projects.locking import lock_project
from incubator.projects.permissions import ADULT_ROLES, ProjectRole
from incubator.projects.tables import Member, Project
from incubator.projects.team import end_membership


@dataclass(frozen=True, slots=True)
class Waiting:
    """An adult in a team for whom nobody has vouched yet."""

    member: Member
    project: Project

    @property
    def person(self) -> Person:
        person: Person = self.member.person
        return person


async def waiting_for(by: Person) -> list[Waiting]:
    """Return the adults for whom ``by`` may vouch, the longest waiting first."""
    joined: Any = (Member.person, Member.project, Member.project.organisation)
    rows = (
        await Member.objects(*joined)
        .where(
            Member.role.is_in([role.value for role in ADULT_ROLES])
            & Member.vouched_at.is_null()
            & Member.person.not_in(appointed_ids())
            & Member.person.not_in(confirmed_teacher_ids())
            & (Member.person != by.id)
        )
        .order_by(Member.id)
    )
    unvouched = await unvouched_among(rows)
    return [
        Waiting(row, row.project) for row in rows if row.id in unvouched and await _may_vouch(by, row.project, row.role)
    ]


async def may_vouch_in(project: Project, by: Person) -> bool:
    """Return whether ``by`` may vouch for anybody in the team."""
    return await _may_vouch(by, project, ProjectRole.TEACHER)


async def _may_vouch(by: Person, project: Project, role: str) -> bool:
    organisation, municipality = id_of(project.organisation), id_of(project.municipality)
    if role == ProjectRole.TEACHER:
        return await may_vouch_at(by, organisation=organisation, municipality=municipality)
    return await may_over(by, StaffAction.VOUCH, organisation=organisation, municipality=municipality)


async def vouch(project: Project, person_id: int, *, by: Person) -> None:
    """Confirm that an adult of the team is who they say; a teacher also as a teacher of the team's school.

    Raises NotAllowed, and Refusal for a minor or somebody who has left. Repeating it does nothing.
    """
    async with writing():
        fresh = await lock_project(project.id)
        await lock_person(by.id)
        require(await may_vouch_in(fresh, by))
        person = await lock_person(person_id)
        member = await _adult(fresh, person_id)
        require(person_id != by.id and await _may_vouch(by, fresh, member.role))
        if person.email_confirmed_at is None:  # it may be the address of somebody whom one knows, opened by another
            raise Refusal(_("Этот человек ещё не подтвердил адрес почты: сначала пусть откроет ссылку из письма"))
        await know_as_adult(person, by=by)
        if not await _mark(member, by=by):
            return
        organisation = id_of(fresh.organisation)
        if member.role == ProjectRole.TEACHER and organisation is not None:
            place = await affiliate(person, organisation, AffiliationCapacity.TEACHER, by=by)
            await confirm_affiliation(place.id, by=by)
        await record(Happened.VOUCHED, by=by, project=fresh.id, subject=person_id)


async def admit(project_id: int, person: Person, role: str, *, invited_by: Person | None) -> None:
    """Let an adult who has just joined by an organiser's invitation work at once.

    ``invited_by``: who mailed the invitation to this person's own, confirmed address. Those who may vouch for the others
    are asked by the table of audiences. Call inside the transaction in which ``person`` joined.
    """
    if role not in ADULT_ROLES or invited_by is None or not await may_over(invited_by, StaffAction.VOUCH):
        return
    project = await lock_project(project_id)
    await know_as_adult(await lock_person(person.id), by=invited_by)
    await _mark(await _adult(project, person.id), by=invited_by)
    await record(Happened.VOUCHED, by=invited_by, project=project_id, subject=person.id)


async def refuse_to_vouch(project: Project, person_id: int, *, reason: str, by: Person) -> int:
    """Send an adult who is not known away from the team; return how many consents turned out void.

    An organiser's refusal also ends what the person was confirmed as, and voids every consent that they recorded for
    others, every age and colleague that they confirmed. The team and the organisers are told. Raises NotAllowed.
    """
    async with writing():
        fresh = await lock_project(project.id)
        await lock_person(by.id)
        require(await may_vouch_in(fresh, by))
        person = await lock_person(person_id)
        member = await _adult(fresh, person_id)
        require(person_id != by.id and await _may_vouch(by, fresh, member.role))
        member.person = person
        is_office = await may_over(by, StaffAction.VOUCH)
        require(is_office or bool(await unvouched_among([member])))
        await end_membership(member, person, by=by)
        voided = await undo_reliance(person, reason, by=by) if is_office else 0
        await record(
            Happened.VOUCHING_REFUSED, by=by, project=fresh.id, subject=person_id, reason=reason, voided=voided
        )
        return voided


@dataclass(frozen=True, slots=True)
class Reliance:
    """For what the programme relies on somebody as an adult who works with children."""

    is_confirmed_teacher: bool
    teams: int
    """In which they work as an adult."""
    consents: int
    """Of others, which they recorded and which are not void."""

    def __bool__(self) -> bool:
        return self.is_confirmed_teacher or self.teams > 0 or self.consents > 0


async def reliance_on(person_id: int) -> Reliance:
    """Return for what the programme relies on the person. Three queries."""
    return Reliance(
        await Affiliation.exists().where(
            Affiliation.person.is_in(confirmed_teacher_ids()) & (Affiliation.person == person_id)
        ),
        await Member.count().where(adult_work_of(person_id)),
        await Consent.count().where(_recorded_for_others(person_id)),
    )


async def end_confirmation(person_id: int, *, reason: str, by: Person) -> int:
    """Undo that the programme relies on somebody, in a team or in none any more; return how many consents turned out void.

    They leave every team in which they work as an adult; whom it concerns is told. Raises NotAllowed for whoever is no
    organiser and for oneself, and Refusal where nothing rests on the person.
    """
    async with writing():
        require(person_id != by.id and await may_over(by, StaffAction.VOUCH))
        for row in await Member.select(Member.project).where(adult_work_of(person_id)).order_by(Member.project):
            await lock_project(row["project"])
        person = await lock_person(person_id)
        if not await reliance_on(person_id):
            raise Refusal(_("Этого человека никто не подтверждал: отменять нечего"))
        teams = await Member.objects().where(adult_work_of(person_id)).order_by(Member.project)
        for member in teams:
            await end_membership(member, person, by=by)
        voided = await undo_reliance(person, reason, by=by)
        said: dict[str, Any] = {"subject": person_id, "reason": reason, "voided": voided}
        for member in teams:
            await record(Happened.VOUCHING_REFUSED, by=by, project=member.project, **said)
        await record(Happened.CONFIRMATION_ENDED, by=by, **said)
        return voided


def adult_work_of(person_id: int) -> Condition:
    """Return the condition that it is a membership in which the person accompanies a team as an adult."""
    return (Member.person == person_id) & Member.role.is_in([role.value for role in ADULT_ROLES])


def _recorded_for_others(person_id: int) -> Condition:
    """Return the condition of a yes that counts until somebody finds out otherwise; a no counts whoever asked."""
    for_others = (Consent.recorded_by == person_id) & (Consent.person != person_id)
    return for_others & Consent.voided_at.is_null() & Consent.is_refusal.eq(False)


_followers_of_undoing: list[Callable[[Person, Person], Awaitable[None]]] = []


def when_undone(follow: Callable[[Person, Person], Awaitable[None]]) -> None:
    """Call ``follow`` with somebody who turned out not to be entitled and who found it out, inside that transaction."""
    _followers_of_undoing.append(follow)


async def undo_reliance(person: Person, reason: str, *, by: Person) -> int:
    """Undo everything in which the programme relied on ``person``; return how many consents became void.

    Call inside the transaction that locked ``person`` and records why.
    """
    own = Affiliation.person == person.id
    await Affiliation.update({Affiliation.confirmed_by: None, Affiliation.confirmed_at: None}).where(
        own & (Affiliation.capacity == AffiliationCapacity.TEACHER.value) | (Affiliation.confirmed_by == person.id)
    )
    await Member.update({Member.vouched_by: None, Member.vouched_at: None}).where(
        (Member.person == person.id) | (Member.vouched_by == person.id)
    )
    await forget_known_age(person, by=by)
    await _forget_ages(Person.age_known_by == person.id, by)
    rows = await Consent.objects().where(_recorded_for_others(person.id)).order_by(Consent.id)
    await void_all(rows, reason, by=by)
    await _end_cards(AccessCard.made_by == person.id)
    await end_what_was_known(person, by=by)
    return len(rows)


async def undo_reliance_for(person: Person, people: Sequence[int], *, by: Person) -> None:
    """Undo for some people what the programme relied on ``person`` for beside their consents: ages, cards, what was known.

    Call inside a transaction.
    """
    concerned = [*people] or [0]
    await _forget_ages((Person.age_known_by == person.id) & Person.id.is_in(concerned), by)
    await _end_cards((AccessCard.made_by == person.id) & AccessCard.person.is_in(concerned))
    await end_what_was_known(person, by=by)


async def _forget_ages(which: Condition, by: Person) -> None:
    for row in await Person.select(Person.id).where(which).order_by(Person.id):
        await forget_known_age(await lock_person(row["id"]), by=by)


async def _end_cards(which: Condition) -> None:
    """End cards that still open an account: whoever printed one may have kept its code."""
    await AccessCard.update({AccessCard.ended_at: now()}).where(which & AccessCard.working())


async def end_what_was_known(person: Person, *, by: Person) -> None:
    """End what somebody who was not entitled may know, such as the codes of families. Call inside a transaction."""
    for follow in _followers_of_undoing:
        await follow(person, by)


async def void_all(rows: Sequence[Consent], reason: str, *, by: Person) -> None:
    """Mark consents as void, in the history of each team in which the person is. Call inside a transaction."""
    for row in rows:
        teams = await Member.select(Member.project).where(Member.person == row.person).order_by(Member.id)
        await void(row, reason, by=by, project=teams[0]["project"] if teams else None)


async def _mark(member: Member, *, by: Person) -> bool:
    """Return whether nobody had vouched in this team before."""
    marked = (
        await Member.update({Member.vouched_by: by.id, Member.vouched_at: now()})
        .where((Member.id == member.id) & Member.vouched_at.is_null())
        .returning(Member.id)
    )
    return bool(marked)


async def _adult(project: Project, person_id: int) -> Member:
    member = await Member.objects().where((Member.project == project.id) & (Member.person == person_id)).first()
    if member is None or member.role not in ADULT_ROLES:
        raise Refusal(_("Этого человека уже нет в команде"))
    return member
