"""Whose class a pupil is in, and who keeps it: the teacher who enrolled them, and a substitute until a day.

Only a teacher whose place of work somebody confirmed keeps a class; the rule is asked anew at each step.
"""

from collections.abc import Iterable
from datetime import datetime

from incubator.core.clock import day_of
from incubator.people.affiliations import AffiliationCapacity, affiliations_of
from incubator.people.tables import Affiliation, Enrolment, Person, Substitution
from incubator.people.vouching import confirmed_teacher_ids
from incubator.reference.tables import Organisation


async def may_keep_class(person: Person) -> bool:
    """Return whether the person may have a class: an adult and, as somebody confirmed, a teacher. One query."""
    return person.is_known_adult and bool(await confirmed_teacher_ids().where(Affiliation.person == person.id))


async def schools_of(teacher: Person) -> list[Organisation]:
    """Return the organisations at which somebody confirmed the person as a teacher. One query."""
    rows = [
        row
        for row in await affiliations_of(teacher.id)
        if row.capacity == AffiliationCapacity.TEACHER and row.confirmed_at is not None
    ]
    return list({row.organisation.id: row.organisation for row in rows}.values())


async def classes_of(by: Person) -> list[int]:
    """Return the teachers whose classes the person keeps today: their own, and colleagues' for whom they stand in. Two queries."""
    if not await may_keep_class(by):
        return []
    rows = await Substitution.select(Substitution.teacher).where(
        (Substitution.substitute == by.id) & Substitution.holding()
    )
    return sorted({by.id, *(row["teacher"] for row in rows)})


async def pupils_kept_by(by: Person) -> list[Enrolment]:
    """Return the pupils of every class that the person keeps, with their accounts. Three queries."""
    rows: list[Enrolment] = (
        await Enrolment.objects(Enrolment.person)
        .where(Enrolment.teacher.is_in(await classes_of(by) or [0]) & Enrolment.holding())
        .order_by(Enrolment.id)
    )
    return rows


async def keeps_class_with(by: Person, person_id: int) -> bool:
    """Return whether the person is in a class that ``by`` keeps. Three queries."""
    mine = Enrolment.teacher.is_in(await classes_of(by) or [0])
    return await Enrolment.exists().where(mine & (Enrolment.person == person_id) & Enrolment.holding())


async def keepers_with(people: Iterable[int]) -> list[Person]:
    """Return everybody who keeps the class of any of ``people`` today. Three queries."""
    ids = sorted({each for found in (await keepers_of(people)).values() for each in found})
    keepers: list[Person] = await Person.objects().where(Person.id.is_in(ids or [0])).order_by(Person.id)
    return keepers


async def stood_in(substitute: Person, pupil_id: int, at: datetime) -> bool:
    """Return whether somebody who is still a known teacher stood in at that moment for the teacher of the pupil's class. Two queries."""
    if not await may_keep_class(substitute):
        return False
    classes = Enrolment.select(Enrolment.teacher).where((Enrolment.person == pupil_id) & Enrolment.holding())
    begun = (Substitution.made_at <= at) & (Substitution.ended_at.is_null() | (Substitution.ended_at > at))
    return bool(
        await Substitution.exists().where(
            (Substitution.substitute == substitute.id) & Substitution.teacher.is_in(classes)
            & begun & (Substitution.until >= day_of(at))
        )
    )  # fmt: skip


async def keepers_of(people: Iterable[int]) -> dict[int, set[int]]:
    """Return who keeps the class of each person today, by id. Two queries."""
    rows = await Enrolment.select(Enrolment.person, Enrolment.teacher).where(
        Enrolment.person.is_in(sorted(set(people)) or [0]) & Enrolment.holding()
    )
    teachers = {row["teacher"] for row in rows}
    standing_in: dict[int, set[int]] = {}
    for row in await Substitution.select(Substitution.teacher, Substitution.substitute).where(
        Substitution.teacher.is_in(sorted(teachers) or [0]) & Substitution.holding()
    ):
        standing_in.setdefault(row["teacher"], set()).add(row["substitute"])
    found: dict[int, set[int]] = {}
    for row in rows:
        found.setdefault(row["person"], set()).update({row["teacher"]} | standing_in.get(row["teacher"], set()))
    return found
