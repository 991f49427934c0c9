"""Adults whom the programme knows: appointed by an organiser, or a teacher confirmed at an organisation.

Everybody else who joins a team as teacher or coach waits until somebody vouches for them (projects/vouching.py).
"""

from collections.abc import Collection
from typing import Any

from piccolo.query.methods.select import Select

from incubator.people.affiliations import AffiliationCapacity
from incubator.people.grants import may_over
from incubator.people.permissions import Scope, StaffAction
from incubator.people.tables import Affiliation, Grant, Person
from incubator.reference.merging import present_ids
from incubator.reference.tables import Organisation


def appointed_ids() -> Select[Any]:
    """Return a subquery for the people with any role over the whole programme now."""
    return Grant.select(Grant.person).where((Grant.scope == Scope.EVERYTHING.value) & Grant.holding())


def confirmed_teacher_ids() -> Select[Any]:
    """Return a subquery for the people whom somebody confirmed as teachers of an organisation."""
    return Affiliation.select(Affiliation.person).where(
        (Affiliation.capacity == AffiliationCapacity.TEACHER.value)
        & Affiliation.confirmed_at.is_not_null()
        & Affiliation.holding()
    )


async def known_to_programme(people: Collection[int]) -> frozenset[int]:
    """Return those of ``people`` whom the programme knows. Two queries."""
    if not people:
        return frozenset()
    wanted = sorted(people)
    rows = await appointed_ids().where(Grant.person.is_in(wanted))
    rows += await confirmed_teacher_ids().where(Affiliation.person.is_in(wanted))
    return frozenset(row["person"] for row in rows)


async def confirmed_teachers_at(organisation: int | None) -> list[Person]:
    """Return the confirmed teachers of an organisation, whatever its former names. Two queries."""
    if organisation is None:
        return []
    here = (await present_ids(Organisation, [organisation]))[organisation]
    rows = await Affiliation.objects(Affiliation.person).where(
        Affiliation.person.is_in(confirmed_teacher_ids())
        & ((Affiliation.organisation == here) | (Affiliation.organisation.merged_into == here))
        & (Affiliation.capacity == AffiliationCapacity.TEACHER.value)
        & Affiliation.confirmed_at.is_not_null()
        & Affiliation.holding()
    )
    return list({row.person.id: row.person for row in rows}.values())


async def may_vouch_at(by: Person, *, organisation: int | None, municipality: int | None) -> bool:
    """Return whether ``by`` may vouch for a teacher of the organisation: by a role that covers it, or as its confirmed teacher."""
    if await may_over(by, StaffAction.VOUCH, organisation=organisation, municipality=municipality):
        return True
    return any(teacher.id == by.id for teacher in await confirmed_teachers_at(organisation))
