"""Whose class a pupil is in, and who keeps it: the teacher who enrolled them, and a substitute until a day.

Only a teacher whom the pupil's school still confirms keeps it; the rule is asked anew at each step.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from piccolo.query.methods.select import Select

from incubator.core.clock import day_of
from incubator.db.conditions import Condition
from incubator.people.affiliations import AffiliationCapacity, affiliations_of
from incubator.people.tables import Affiliation, Enrolment, Person, Substitution
from incubator.people.vouching import confirmed_teacher_ids
from incubator.reference.merging import present_ids
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
    return await _classes_of(by) if await may_keep_class(by) else []


async def _classes_of(by: Person) -> list[int]:
    rows = await Substitution.select(Substitution.teacher).where(
        (Substitution.substitute == by.id) & Substitution.holding()
    )
    return sorted({by.id, *(row["teacher"] for row in rows)})


async def kept_by(by: Person) -> Condition | None:
    """Return the condition that an enrolment is of a class that the person keeps today; None: of none. Two queries.

    At each school only its confirmed teachers keep a class: who has gone to another, or stands in for somebody who works
    at two, sees nobody of a school that is not theirs.
    """
    here = await at_school_of(by)
    return None if here is None else here & Enrolment.teacher.is_in(await _classes_of(by))


async def at_school_of(by: Person) -> Condition | None:
    """Return the condition that an enrolment holds at a school that confirms the person; None: there is none. One query."""
    schools = [school.merged_into or school.id for school in await schools_of(by)] if by.is_known_adult else []
    if not schools:
        return None
    here = Organisation.select(Organisation.id).where(
        Organisation.id.is_in(schools) | Organisation.merged_into.is_in(schools)
    )
    return Enrolment.organisation.is_in(here) & Enrolment.holding()


async def pupils_kept_by(by: Person) -> list[Enrolment]:
    """Return the pupils of every class that the person keeps, with their accounts. Three queries."""
    mine = await kept_by(by)
    if mine is None:
        return []
    rows: list[Enrolment] = await Enrolment.objects(Enrolment.person).where(mine).order_by(Enrolment.id)
    return rows


async def keeps_class_with(by: Person, person_id: int) -> bool:
    """Return whether the person is in a class that ``by`` keeps. Three queries."""
    mine = await kept_by(by)
    return mine is not None and await Enrolment.exists().where(mine & (Enrolment.person == person_id))


async def keepers_with(people: Iterable[int]) -> list[Person]:
    """Return everybody who keeps the class of any of ``people`` today. Five queries."""
    ids = sorted({each for found in (await keepers_of(people)).values() for each in found})
    keepers: list[Person] = await Person.objects().where(Person.id.is_in(ids or [0])).order_by(Person.id)
    return keepers


async def stood_in(substitute: Person, pupil_id: int, at: datetime) -> bool:
    """Return whether somebody whom the pupil's school still confirms stood in there at that moment. Two queries."""
    here = await at_school_of(substitute)
    if here is None:
        return False
    classes = Enrolment.select(Enrolment.teacher).where(here & (Enrolment.person == pupil_id))
    begun = (Substitution.made_at <= at) & (Substitution.ended_at.is_null() | (Substitution.ended_at > at))
    return bool(
        await Substitution.exists().where(
            (Substitution.substitute == substitute.id) & Substitution.teacher.is_in(classes)
            & begun & (Substitution.until >= day_of(at))
        )
    )  # fmt: skip


async def keepers_of(people: Iterable[int]) -> dict[int, set[int]]:
    """Return who keeps the class of each person today, by id. Four queries."""
    named = await _named_for(people)
    confirmed = await confirmed_at({keeper for keepers in named.values() for keeper in keepers})
    present = await present_ids(Organisation, [school for _person, school in named])
    found: dict[int, set[int]] = {}
    for (person, school), keepers in named.items():
        found.setdefault(person, set()).update(each for each in keepers if (each, present[school]) in confirmed)
    return found


async def confirmed_at(teachers: Iterable[int]) -> set[tuple[int, int]]:
    """Return each of ``teachers`` with each school that confirms them, by its present id. One query."""
    rows = await Affiliation.objects(Affiliation.person, Affiliation.organisation).where(
        Affiliation.person.is_in(sorted(set(teachers)) or [0])
        & (Affiliation.capacity == AffiliationCapacity.TEACHER.value)
        & Affiliation.confirmed_at.is_not_null()
        & Affiliation.holding()
    )
    return {
        (row.person.id, row.organisation.merged_into or row.organisation.id)
        for row in rows
        if row.person.is_known_adult
    }


def confirmed_for_class_of(people: Sequence[int]) -> Select[Any]:
    """Return a subquery for the teachers whom the schools of these pupils' classes confirm today."""
    schools = Enrolment.select(Enrolment.organisation).where(
        Enrolment.person.is_in(list(people) or [0]) & Enrolment.holding()
    )
    merged = Organisation.select(Organisation.merged_into).where(
        Organisation.id.is_in(schools) & Organisation.merged_into.is_not_null()
    )
    here = Organisation.id.is_in(schools) | Organisation.id.is_in(merged)
    former = Organisation.merged_into.is_in(schools) | Organisation.merged_into.is_in(merged)
    return confirmed_teacher_ids().where(
        Affiliation.organisation.is_in(Organisation.select(Organisation.id).where(here | former))
    )


async def named_for_class_of(person_id: int) -> set[int]:
    """Return who has the class of the person or stands in there, by id, whether or not the school still confirms them. Two queries."""
    return {each for keepers in (await _named_for([person_id])).values() for each in keepers}


async def _named_for(people: Iterable[int]) -> dict[tuple[int, int], set[int]]:
    """Return by person and school who has their class or stands in there. Two queries."""
    rows = await Enrolment.select(Enrolment.person, Enrolment.teacher, Enrolment.organisation).where(
        Enrolment.person.is_in(sorted(set(people)) or [0]) & Enrolment.holding()
    )
    teachers = {row["teacher"] for row in rows}
    standing_in: dict[int, set[int]] = {}
    for row in await Substitution.select(Substitution.teacher, Substitution.substitute).where(
        Substitution.teacher.is_in(sorted(teachers) or [0]) & Substitution.holding()
    ):
        standing_in.setdefault(row["teacher"], set()).add(row["substitute"])
    found: dict[tuple[int, int], set[int]] = {}
    for row in rows:
        keepers = {row["teacher"]} | standing_in.get(row["teacher"], set())
        found.setdefault((row["person"], row["organisation"]), set()).update(keepers)
    return found
