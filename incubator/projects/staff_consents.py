"""The document of those who work in the programme: experts, mentors, teachers, organisers. Who needs it, who has it, who took it back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from incubator.core.clock import today
from incubator.core.languages import _
from incubator.db.conditions import Condition
from incubator.people.affiliations import affiliations_by_person
from incubator.people.consents import ConsentState, is_standing, state_of
from incubator.people.own_notices import OwnNotice
from incubator.people.tables import Consent, Grant, Person
from incubator.people.vouching import confirmed_teacher_ids
from incubator.projects.consents import STAFF, latest_consents
from incubator.projects.permissions import ADULT_ROLES
from incubator.projects.tables import Member, Project


def _works() -> Condition:
    """Return the condition that a person works in the programme: by a role, as a confirmed teacher, or with a team that vouched for them."""
    with_teams = Member.select(Member.person).where(
        Member.role.is_in([role.value for role in ADULT_ROLES])
        & Member.vouched_at.is_not_null()
        & Member.project.is_in(Project.select(Project.id).where(Project.own()))
    )
    return (
        Person.id.is_in(Grant.select(Grant.person).where(Grant.holding()))
        | Person.id.is_in(confirmed_teacher_ids())
        | Person.id.is_in(with_teams)
    )


async def works_in_programme(person_id: int) -> bool:
    """Return whether the document is for this person. One query."""
    return await Person.exists().where((Person.id == person_id) & _works())


async def staff_consent_notice(person: Person) -> OwnNotice | None:
    """Return the reminder for somebody who has not given it. Two queries at most."""
    rows = await Consent.objects().where((Consent.person == person.id) & (Consent.purpose == STAFF))
    if any(is_standing(row, today()) for row in rows) or not await works_in_programme(person.id):
        return None
    if any(row.withdrawn_at for row in rows):
        text = _("Вы отозвали согласие на обработку данных: новых рецензий вам не назначат.")
        return OwnNotice(text, "/profile/consents", _("Посмотреть или дать снова"))
    text = _("Вы работаете в программе, а согласия на обработку ваших данных пока нет. Это одна страница.")
    return OwnNotice(text, "/profile/consents", _("Прочитать и дать согласие"))


async def with_staff_consent(people: Collection[int]) -> set[int]:
    """Return those whose document stands. One query."""
    rows = await Consent.select(Consent.person).where(
        Consent.person.is_in(sorted(people) or [0]) & (Consent.purpose == STAFF) & Consent.standing()
    )
    return {row["person"] for row in rows}


async def took_staff_consent_back(people: Collection[int]) -> set[int]:
    """Return those who gave it and withdrew it: nothing new is assigned to them. Two queries."""
    mine = Consent.person.is_in(sorted(people) or [0]) & (Consent.purpose == STAFF)
    gone = mine & Consent.withdrawn_at.is_not_null() & Consent.voided_at.is_null()
    withdrawn = {row["person"] for row in await Consent.select(Consent.person).where(gone)}
    return withdrawn - await with_staff_consent(withdrawn) if withdrawn else set()


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works in the programme, with their document."""

    person: Person
    roles: tuple[str, ...]
    """Keys of ``role_words.py``; without any: a teacher."""
    organisations: tuple[str, ...]
    consent: Consent | None
    state: str
    """A ConsentState; "none" if there never was one."""

    @property
    def is_missing(self) -> bool:
        return self.state != ConsentState.HOLDING


async def colleagues() -> list[Colleague]:
    """Return everybody who works in the programme, those without the document first. Five queries."""
    people: Sequence[Person] = await Person.objects().where(_works())
    ids = [person.id for person in people]
    consents, places, day = await latest_consents(ids), await affiliations_by_person(ids), today()
    roles: dict[int, set[str]] = {}
    for row in await Grant.select(Grant.person, Grant.role).where(Grant.person.is_in(ids or [0]) & Grant.holding()):
        roles.setdefault(row["person"], set()).add(row["role"])
    rows = [
        Colleague(
            person, tuple(sorted(roles.get(person.id, ()))),
            tuple(each.organisation.name for each in places.get(person.id, [])), consent,
            state_of(consent, day).value if consent else "none",
        )
        for person in people
        for consent in [consents.get((person.id, STAFF))]
    ]  # fmt: skip
    return sorted(rows, key=lambda each: (not each.is_missing, each.person.family_name, each.person.id))
